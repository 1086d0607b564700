#!/usr/bin/env python3
"""Rows from the comments of RingCentral's own client package: method, path, permission of app and user."""
import json
import re
import sys

COMMENT = re.compile(r"/\*\*(.*?)\*/", re.S)


def field(comment, name):
    found = re.search(r"^[ \t*]*" + name + r":[ \t]*(.+)$", comment, re.M)
    return found.group(1).strip() if found else None


def gates(comment):
    app, user = field(comment, "App Permission"), field(comment, "User Permission")
    out = {}
    if app:
        out["scope"] = [[name.strip()] for name in re.split(r"\bOR\b", app)]
    if user:
        out["permission"] = [[name.strip()] for name in re.split(r"\bOR\b", user)]
    return out


def rows(names):
    found = {}
    for name in sorted(names):
        with open(name, encoding="utf-8") as file:
            for comment in COMMENT.findall(file.read()):
                method, path = field(comment, "HTTP Method"), field(comment, "Endpoint")
                if not method or not path:
                    continue
                need = {"token": gates(comment)}
                row = {"method": method.upper(), "path": path, "need": need, "src": ["spec"]}
                if not need["token"]:
                    # A comment without a permission is silent; it does not say that none is needed.
                    row["unknown"] = True
                found[(path, row["method"])] = row
    return [found[key] for key in sorted(found)]


for row in rows(sys.argv[1:]):
    print(json.dumps(row))
