#!/usr/bin/env python3
"""Writes evidence for the benchmarks, the same bytes at every run: inputs.py FORM COUNT > FILE

records   refused exchanges of several products, ~730 bytes a line, ids and times new in each
distinct  the same, each body with words of its own, so that no two are alike
pages     refused exchanges whose body is a page of 16 kB
stock     the same, one page for all that names the request
page      one refused exchange whose body is a page of 64 kB (COUNT is ignored)
nginx     access lines in the combined form, none refused
nginx401  the same, every line refused
json      access lines as JSON, none refused
json401   the same, every line refused and with what the API said
har       an API's recording; COUNT is its size in MB, some 6 entries per MB are refused
"""
import json
import random
import sys

PRODUCTS = [
    ("https://api.mypurecloud.com/api/v2/routing/queues/{id}", 403,
     {"message": "You must have at least one of the following permissions assigned: [routing:queue:view]", "code": "missing.any.permissions", "status": 403, "contextId": "{id}", "details": [], "errors": []},
     ["users", "routing:readonly"], {"content-type": "application/json", "inin-correlation-id": "{id}"}),
    ("https://api.mypurecloud.com/api/v2/users/me", 401,
     {"message": "The access token is expired", "code": "bad.credentials", "status": 401, "contextId": "{id}", "details": [], "errors": []},
     ["users"], {"content-type": "application/json"}),
    ("https://api.github.com/repos/acme/{n}/issues", 403,
     {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com/rest/issues/issues#create-an-issue", "status": "403"},
     ["repo"], {"content-type": "application/json; charset=utf-8", "x-github-request-id": "{id}"}),
    ("https://graph.microsoft.com/v1.0/users/{id}/messages", 403,
     {"error": {"code": "ErrorAccessDenied", "message": "Access is denied. Check credentials and try again.", "innerError": {"date": "{at}", "request-id": "{id}"}}},
     ["User.Read", "offline_access"], {"content-type": "application/json", "request-id": "{id}"}),
    ("https://www.googleapis.com/drive/v3/files/{id}", 403,
     {"error": {"code": 403, "message": "Request had insufficient authentication scopes.", "errors": [{"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"}], "status": "PERMISSION_DENIED"}},
     ["https://www.googleapis.com/auth/drive.metadata.readonly"], {"www-authenticate": "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", scope=\"https://www.googleapis.com/auth/drive\""}),
    ("https://shop.example/api/orders/{n}", 401,
     {"timestamp": "{at}", "status": 401, "error": "invalid_token", "error_description": "Token signature verification failed", "path": "/api/orders/{n}", "traceId": "{id}"},
     ["orders:read"], {"www-authenticate": "Bearer error=\"invalid_token\""}),
    ("https://internal.example/v1/ledger/{n}", 403,
     {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": "The caller does not hold the role ledger-reader in tenant {n}", "instance": "urn:uuid:{id}"},
     ["ledger"], {"content-type": "application/problem+json"}),
]
WORDS = "the of request user client key account service region policy group quota role tenant project sandbox billing owner device session".split()


def uuid(rnd):
    text = f"{rnd.getrandbits(128):032x}"
    return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


def at(number):
    seconds = number // 20
    return f"2026-01-{1 + seconds // 86400 % 28:02}T{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


def record(rnd, number, body=None, distinct=False):
    url, status, own, scopes, headers = PRODUCTS[number % len(PRODUCTS)]
    ident = uuid(rnd)
    fill = lambda text: text.replace("{id}", ident).replace("{n}", str(number)).replace("{at}", at(number))
    said = body if body is not None else fill(json.dumps(own))
    if distinct:
        said = said[:-1] + ', "note": "' + " ".join(rnd.choices(WORDS, k=9)) + '"}'
    claims = {"iss": "https://login.example", "sub": ident, "aud": "api", "iat": 1767220000 + number, "exp": 1767223600 + number, "scope": " ".join(scopes)}
    return json.dumps({
        "id": f"case-{number}",
        "request": {"method": "GET", "url": fill(url), "headers": {"Accept": "application/json", "Authorization": "Bearer <redacted>"}},
        "response": {"status": status, "headers": {k: fill(v) for k, v in headers.items()}, "body": said},
        "token": {"kind": "jwt", "claims": claims},
        "at": at(number),
    })


def page(rnd, size):
    parts = ["<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1>"]
    length = len(parts[0])
    while length < size:
        part = f"<p class=\"c{rnd.randrange(99)}\">{' '.join(rnd.choices(WORDS, k=12))}</p>\n"
        parts.append(part)
        length += len(part)
    return "".join(parts) + "</body></html>"


def stock(rnd, number, common):
    return record(rnd, number, common.replace("</body>", f"<p>Request {uuid(rnd)}</p></body>"))


def access(number, rnd, status=None):
    status = status or rnd.choice([200, 200, 200, 201, 204, 304])
    return f'203.0.113.{number % 250} - - [{1 + number // 900000 % 28:02}/Jan/2026:{number // 36000 % 24:02}:{number // 600 % 60:02}:{number // 10 % 60:02} +0000] "GET /api/v2/users/{rnd.randrange(10**6)} HTTP/1.1" {status} {rnd.randrange(9000)} "-" "client/1.0"'


def json_access(number, rnd, refused=False):
    line = {
        "start_time": at(number), "method": "GET", "path": f"/api/v2/users/{rnd.randrange(10**6)}?expand=presence", "protocol": "HTTP/2",
        "response_code": rnd.choice([200, 200, 201, 204, 304]), "response_flags": "-", "bytes_received": 0, "bytes_sent": rnd.randrange(9000), "duration": rnd.randrange(300),
        "upstream_service_time": "12", "x_forwarded_for": "203.0.113.9", "user_agent": "client/1.0", "request_id": uuid(rnd), "authority": "api.mypurecloud.com", "upstream_host": "10.0.0.7:8443",
    }
    if refused:
        _, status, said, _, _ = PRODUCTS[number % 2]
        line |= {"response_code": status, "response_body": json.dumps(said).replace("{id}", uuid(rnd))}
    return json.dumps(line)


def har(rnd, megabytes, out):
    entity = {"id": "", "name": "queue", "division": {"id": "home", "name": "Home"}, "memberCount": 12, "mediaSettings": {"call": {"alertingTimeoutSeconds": 8}}}
    out.write('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"pages":[],"entries":[')
    written, number = 0, 0
    while written < megabytes * 1_000_000:
        refused = number % 33 == 0
        if refused:
            url, status, own, _, _ = PRODUCTS[number // 33 % len(PRODUCTS)]
            body = json.dumps(own).replace("{id}", uuid(rnd))
        else:
            url, status = PRODUCTS[0][0], 200
            body = json.dumps({"entities": [dict(entity, id=uuid(rnd)) for _ in range(27)], "pageSize": 25})
        url = url.replace("{id}", uuid(rnd)).replace("{n}", str(number))
        entry = json.dumps({
            "startedDateTime": at(number), "time": 12,
            "request": {"method": "GET", "url": url, "httpVersion": "h2", "headers": [{"name": "accept", "value": "application/json"}, {"name": "authorization", "value": "Bearer 0123456789abcdefABCDEF"}], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
            "response": {"status": status, "statusText": "", "httpVersion": "h2", "headers": [{"name": "content-type", "value": "application/json"}, {"name": "date", "value": "Thu, 01 Jan 2026 00:00:00 GMT"}], "cookies": [], "content": {"size": len(body), "mimeType": "application/json", "text": body}, "redirectURL": "", "headersSize": -1, "bodySize": len(body)},
            "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 1},
        })
        out.write(("," if number else "") + entry)
        written += len(entry)
        number += 1
    out.write("]}}\n")


def main():
    form, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rnd, out = random.Random(401), sys.stdout
    common = page(random.Random(402), 16_000)
    line = {
        "records": lambda n: record(rnd, n),
        "distinct": lambda n: record(rnd, n, distinct=True),
        "pages": lambda n: record(rnd, n, page(rnd, 16_000)),
        "stock": lambda n: stock(rnd, n, common),
        "page": lambda n: record(rnd, n, page(rnd, 64_000)),
        "nginx": lambda n: access(n, rnd),
        "nginx401": lambda n: access(n, rnd, 401),
        "json": lambda n: json_access(n, rnd),
        "json401": lambda n: json_access(n, rnd, refused=True),
    }.get(form)
    if form == "har":
        har(rnd, count, out)
    elif line:
        for number in range(1 if form == "page" else count):
            out.write(line(number) + "\n")
    else:
        sys.exit(__doc__)


main()
