#!/usr/bin/env bash
# What the program costs beside tools that do less: whole processes, processor time and wall time, medians of RUNS runs.
# usage: benches/compare.sh [RUNS]   WHY401=path/to/why401 for a build that is there; peers that are missing are named.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
if [ -z "${WHY401:-}" ]; then
    cargo build --release --quiet
    WHY401=target/release/why401
fi
inputs=$(mktemp -d)
trap 'rm -rf "$inputs"' EXIT
for form in "records 20000" "distinct 5000" "pages 500" "stock 5000" "page 1" "nginx 200000" "nginx401 20000" "json 150000" "json401 20000" "har 50"; do
    # shellcheck disable=SC2086
    python3 benches/inputs.py $form >"$inputs/${form% *}"
done
WHY401="$WHY401" RUNS="$runs" INPUTS="$inputs" python3 - <<'PY'
import os, shutil, statistics, subprocess, time

own, runs, inputs = os.environ["WHY401"], int(os.environ["RUNS"]), os.environ["INPUTS"]
token = open("fixtures/tokens/thread.jwt").read().strip()
env = dict(os.environ, T=token)
explain = [own, "explain", "--no-config", "--offline"]
check = [own, "check", "--no-config", "--token-env", "T", "GET"]
jwt = os.environ.get("JWT_CLI") or shutil.which("jwt") or "target/jwt-cli/bin/jwt"


def run(command):
    start = time.perf_counter()
    child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    wall = time.perf_counter() - start
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss


def medians(commands, times):
    seen = {name: [] for name in commands}
    for turn in range(times + 1):
        for name, command in commands.items():
            measured = run(command)
            if turn:
                seen[name].append(measured)
    return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seen.items()}


def table(title, commands, of=None, times=None):
    print(f"\n{title}")
    there = {}
    for name, command in commands.items():
        if shutil.which(command[0]) or os.path.exists(command[0]):
            there[name] = command
        else:
            print(f"  {name:40} skipped: {command[0]} is not installed")
    found = medians(there, times or runs)
    first = next(iter(found.values()))
    for name, (cpu, wall, memory) in found.items():
        rate = f"{os.path.getsize(of) / 1e6 / cpu:8.1f} MB/s of CPU" if of else ""
        print(f"  {name:40} cpu {cpu * 1000:9.2f} ms  wall {wall * 1000:9.2f} ms  {memory / 1000:6.1f} MB  cpu {cpu / first[0]:6.2f}x  wall {wall / first[1]:6.2f}x {rate}")


table("cold start, a known operation", {
    "jwt decode": [jwt, "decode", "--ignore-exp", token],
    "check": check + ["https://api.mypurecloud.com/api/v2/users/me"],
    "check, the largest table": check + ["https://graph.microsoft.com/v1.0/me/messages"],
    "true": ["true"],
}, times=runs * 20)
path = f"{inputs}/records"
table("20,000 records, all refused", {
    "jq id, status, scopes": ["jq", "-c", "[.id,.response.status,.token.claims.scope]", path],
    "explain jsonl": explain + ["--format", "jsonl", path],
    "explain jsonl, one job": explain + ["--jobs", "1", "--format", "jsonl", path],
    "explain summary": explain + ["--summary", path],
    "explain json": explain + ["--format", "json", path],
}, path)
for form, text in [("distinct", "5,000 records, no two alike"), ("pages", "500 records with a page of 16 kB, no two alike"), ("stock", "5,000 records with one page of 16 kB, ids new in each"), ("page", "one answer with a page of 64 kB")]:
    table(text, {"explain jsonl": explain + ["--format", "jsonl", f"{inputs}/{form}"]}, f"{inputs}/{form}")
path = f"{inputs}/nginx"
table("200,000 access lines, none refused", {
    "rg -c": ["rg", "-c", "\" (401|403) ", path],
    "explain": explain + [path],
    "explain summary": explain + ["--summary", path],
}, path)
table("20,000 access lines, all refused", {"explain summary": explain + ["--summary", f"{inputs}/nginx401"]}, f"{inputs}/nginx401")
path = f"{inputs}/json"
table("150,000 JSON access lines, none refused", {
    "jq, refused lines": ["jq", "-c", "select(.response_code == 401 or .response_code == 403)", path],
    "explain": explain + [path],
}, path)
path = f"{inputs}/json401"
table("20,000 JSON access lines, all refused", {
    "jq request id, status, body": ["jq", "-c", "[.request_id,.response_code,.response_body]", path],
    "explain jsonl": explain + ["--format", "jsonl", path],
    "explain summary": explain + ["--summary", path],
}, path)
path = f"{inputs}/har"
table("a recording of an API, 50 MB", {
    "jq, refused entries": ["jq", "-c", "[.log.entries[] | select(.response.status == 403)] | length", path],
    "explain": explain + [path],
    "explain summary": explain + ["--summary", path],
}, path)
print("\ngrowth, summary, processor time by size (1x, 2x, 4x, 8x)")
for form, step in [("records", 1000), ("distinct", 1000), ("nginx", 20000), ("nginx401", 2000), ("json", 10000), ("json401", 1000), ("har", 4)]:
    costs = []
    for factor in (1, 2, 4, 8):
        grown = f"{inputs}/grown"
        with open(grown, "wb") as out:
            subprocess.run(["python3", "benches/inputs.py", form, str(step * factor)], stdout=out, check=True)
        costs.append(medians({"own": explain + ["--summary", grown]}, runs)["own"][0] * 1000)
    print(f"  {form:10} " + "  ".join(f"{cost:8.1f} ms" for cost in costs))
PY
