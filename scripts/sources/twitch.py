#!/usr/bin/env python3
"""Rows from the community's OpenAPI document of Twitch: which token a call takes stands in its description alone."""
import json
import re
import sys

NAME = re.compile(r"(?:\*\*|`)([a-z]+(?::[a-z_]+)+)(?:\*\*|`)")


def need(operation):
    text = operation.get("description") or ""
    start = text.find("Authorization:")
    told = text[start : start + 700].replace("\\_", "_") if start >= 0 else ""
    told = told.split("__Request")[0]
    if "headers are not required" in told:
        return {"anonymous": {}}
    if "JSON Web Token" in told or "JWT" in told:
        return {"extension": {}}
    # What a call asks of an app's token beside it is granted elsewhere and stands in no token.
    own = re.split(r"[Ii]f (?:an )?app access token", told)[0]
    declared = [name for entry in operation.get("security") or [] for name in entry.get("twitch_auth", [])]
    names = [name for name in dict.fromkeys(NAME.findall(own) or declared)]
    user = {"scope": [[name] for name in names]} if names else {}
    lower = own.lower().replace("-", " ")
    out = {}
    if "app access token" in lower:
        out["app"] = {}
    if "user access token" in lower or "oauth scope" in lower:
        out["user"] = user
    return out


def rows(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            row = {"method": method.upper(), "path": "/helix" + path, "need": need(operation)}
            if not row["need"] or "webhooks to receive events" in (operation.get("description") or ""):
                row["need"] = {"app": {}, "user": {}}
                row["unknown"] = True
            row["op"] = operation.get("operationId")
            row["src"] = ["spec"]
            yield row


for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        for row in rows(json.load(file)):
            print(json.dumps({key: value for key, value in row.items() if value is not None}))
