#!/usr/bin/env bash
# One run of the gate for a CI, by variables: MANIFEST, APPS, ENVIRONMENT, ONLINE, CANNOT_TELL, SARIF. Annotations go to standard output.
set -uo pipefail
arguments=("--cannot-tell=${CANNOT_TELL:-fail}")
# Names are separated by blanks or line ends, and never looked up as file patterns.
read -r -d '' -a apps <<<"${APPS:-}" || true
for app in ${apps[@]+"${apps[@]}"}; do arguments+=("--app=$app"); done
if [ -n "${ENVIRONMENT:-}" ]; then arguments+=("--env=$ENVIRONMENT"); fi
if [ "${ONLINE:-false}" = true ]; then arguments+=(--online); fi
manifest=("--" "${MANIFEST:-why401.toml}")

why401 gate "${arguments[@]}" --format github "${manifest[@]}"
code=$?
# A second run, so that the SARIF is whole: the first one's format holds no rules.
if [ -n "${SARIF:-}" ]; then why401 gate "${arguments[@]}" --format sarif "${manifest[@]}" >"$SARIF"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "exit-code=$code" >>"$GITHUB_OUTPUT"; fi
exit "$code"
