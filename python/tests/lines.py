"""Writes log lines as gateways do: some refused in ways that have names, most served."""

import json
import sys
from pathlib import Path

HOST = "api.mypurecloud.com"

KINDS = [
    {"status": 200, "path": "/api/v2/users/me"},
    {"status": 401, "path": "/api/v2/users/me", "body": {"code": "authentication.required", "status": 401}},
    {"status": 200, "path": "/api/v2/routing/queues"},
    {"status": 403, "path": "/api/v2/routing/queues", "body": {"code": "missing.any.permissions", "message": "You are missing the following permission(s): routing:queue:view", "status": 403}},
    {"status": 200, "path": "/api/v2/conversations"},
    {"status": 429, "path": "/api/v2/conversations", "body": {"code": "too.many.requests", "status": 429}},
    {"status": 200, "path": "/api/v2/users"},
    {"status": 503, "path": "/api/v2/users"},
]


def line(number: int) -> str:
    kind = KINDS[number % len(KINDS)]
    record = {
        "id": str(number),
        "request": {"method": "GET", "url": f"https://{HOST}{kind['path']}?page={number % 1000}"},
        "response": {"status": kind["status"], "headers": {}, "body": json.dumps(kind.get("body", {}))},
    }
    return json.dumps(record)


def write(path: Path, count: int) -> None:
    with path.open("w") as file:
        for number in range(count):
            file.write(line(number) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
