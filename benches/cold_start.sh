#!/usr/bin/env bash
# Whole-process wall time of `why401 check` against `jwt decode` (crate jwt-cli), alternating in one run.
# usage: benches/cold_start.sh [RUNS]   (JWT_CLI=/path/to/jwt to use one that is there)
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-300}
cargo build --release --quiet
if [ -z "${JWT_CLI:-}" ]; then
    JWT_CLI=$(command -v jwt || true)
fi
if [ -z "$JWT_CLI" ]; then
    cargo install jwt-cli --quiet --root target/jwt-cli
    JWT_CLI=target/jwt-cli/bin/jwt
fi
JWT_CLI="$JWT_CLI" RUNS="$runs" python3 - <<'PY'
import os, statistics, subprocess, time

token = open("fixtures/tokens/thread.jwt").read().strip()
jwt, runs = os.environ["JWT_CLI"], int(os.environ["RUNS"])
known = "https://api.mypurecloud.com/api/v2/users/me"
invented = "https://api.mypurecloud.com/api/v2/conversations/messaging"
commands = {
    "jwt decode": [jwt, "decode", "--ignore-exp", token],
    "why401 check, known operation": ["target/release/why401", "check", "GET", known, "--token-env", "T"],
    "why401 check, Graph's 11,145 rows": ["target/release/why401", "check", "GET", "https://graph.microsoft.com/v1.0/me/messages", "--token-env", "T"],
    "why401 check, unknown operation": ["target/release/why401", "check", "POST", invented, "--token-env", "T"],
}
env = dict(os.environ, T=token)
times = {name: [] for name in commands}
for turn in range(runs + 20):
    for name, command in commands.items():
        start = time.perf_counter()
        subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if turn >= 20:
            times[name].append(time.perf_counter() - start)
base = statistics.median(times["jwt decode"])
for name, list_ in times.items():
    median = statistics.median(list_)
    print(f"{name:34} median {median * 1000:6.2f} ms  ratio {median / base:4.2f}  ({len(list_)} runs)")
PY
