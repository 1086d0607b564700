#!/usr/bin/env bash
# One run of the gate for a CI, by variables: MANIFEST, APPS, ONLINE, CANNOT_TELL, SARIF. Annotations go to standard output.
set -uo pipefail
arguments=(gate "${MANIFEST:-why401.toml}" "--cannot-tell=${CANNOT_TELL:-fail}")
for app in ${APPS:-}; do arguments+=(--app "$app"); done
if [ "${ONLINE:-false}" = true ]; then arguments+=(--online); fi

why401 "${arguments[@]}" --format github
code=$?
# A second run, so that the SARIF is whole: the first one's format holds no rules.
if [ -n "${SARIF:-}" ]; then why401 "${arguments[@]}" --format sarif >"$SARIF"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "exit-code=$code" >>"$GITHUB_OUTPUT"; fi
exit "$code"
