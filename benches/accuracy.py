#!/usr/bin/env python3
"""The tables of docs/accuracy.md: how often the first cause is right, and what each certainty is worth.

usage: benches/accuracy.py BINARY --messages FILE.ndjson --cases FOLDER ...

Messages are lines with `body`, `status`, `headers`, `cause` (null: no refusal) and `also`; cases are JSON files with
`request`, `response`, `token` and `cause`. The product of a message is never told. Each set is run twice: with the products'
own wordings, and with the general ones alone (`--wordings general`).
"""
import argparse, collections, glob, json, os, subprocess, tempfile

SURE = ("stated", "derived", "possible")


def explain(binary, records, wordings):
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", delete=False, encoding="utf-8") as out:
        out.writelines(json.dumps(record) + "\n" for record in records)
    command = [binary, "explain", out.name, "--format", "jsonl", "--offline", "--no-config", "--wordings", wordings]
    run = subprocess.run(command, capture_output=True, text=True, timeout=900)
    os.unlink(out.name)
    return {d["id"]: d for d in map(json.loads, filter(None, run.stdout.splitlines()))}


def messages(path, bare):
    for line in map(json.loads, open(path, encoding="utf-8")):
        if bare and not line["body"]:
            continue
        status, headers = (None, None) if bare else (line["status"], line["headers"])
        response = {"status": status, "headers": headers, "body": line["body"]}
        yield {"id": line["id"], "response": response}, line["cause"], {line["cause"], *line["also"]}


def cases(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        case = json.load(open(path, encoding="utf-8"))
        context = case.get("context") or {}
        names = ("provider", "request", "response", "token")
        record = {"id": case["id"], **{name: case.get(name) for name in names}}
        record |= {"grant": context.get("grant"), "granted_scopes": context.get("granted_scopes")}
        yield record, case["cause"], {case["cause"]}


def measure(binary, items, wordings):
    answers = explain(binary, [record for record, _, _ in items], wordings)
    total = collections.Counter()
    for record, cause, wanted in items:
        answer = answers.get(record["id"]) or {}
        named = answer.get("cause") or {}
        if cause is None:
            total["quiet"] += 1
            total["alarms"] += bool(named)
            continue
        codes = [f["code"] for f in answer.get("findings") or [] if f["severity"] == "error"]
        first = list(dict.fromkeys(codes))[:3]
        right = named.get("code") in wanted
        total["n"] += 1
        total["right"] += right
        total["found"] += bool(wanted & set(first))
        for certainty in SURE:
            if named.get("certainty") == certainty:
                total[certainty] += 1
                total[f"{certainty} right"] += right
    return total


def row(name, total):
    n = total["n"] or 1
    share = lambda count: f"{100 * count / n:.1f} %"
    sure = " | ".join(f"{total[c + ' right']} of {total[c]}" for c in SURE)
    alarms = f"{total['alarms']} of {total['quiet']}" if total["quiet"] else "-"
    return f"| {name} | {total['n']} | {share(total['right'])} | {share(total['found'])} | {sure} | {alarms} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--messages", action="append", default=[])
    parser.add_argument("--cases", action="append", default=[])
    args = parser.parse_args()
    sets = []
    for path in args.messages:
        name = os.path.basename(path).split(".")[0]
        sets.append((f"messages ({name}), as records", list(messages(path, False))))
        sets.append((f"messages ({name}), text alone", list(messages(path, True))))
    sets += [(f"cases ({os.path.basename(folder.rstrip('/'))})", list(cases(folder))) for folder in args.cases]
    for wordings, title in (("all", "With the products' own wordings"), ("general", "With the general wordings alone")):
        print(f"\n{title}:\n")
        print("| set | refusals | right | found | stated right | derived right | possible right | causes for what is no refusal |")
        print("|---|---|---|---|---|---|---|---|")
        for name, items in sets:
            print(row(name, measure(args.binary, items, wordings)))


if __name__ == "__main__":
    main()
