"""Names the cause of a refusal as it passes: mitmdump -s why401_addon.py (with `pip install why401` beside mitmproxy)."""

import logging

import why401


def response(flow) -> None:
    if flow.response.status_code not in (400, 401, 403, 407, 429):
        return
    sides = ({"method": flow.request.method, "url": flow.request.url, "headers": dict(flow.request.headers)},
             {"status": flow.response.status_code, "headers": dict(flow.response.headers), "body": flow.response.get_text(strict=False)})
    diagnosis = why401.explain({"request": sides[0], "response": sides[1]})["diagnoses"][0]
    cause = diagnosis["cause"] or {"code": "no cause found", "certainty": "unknown"}
    flow.comment = f"why401: {cause['code']} ({cause['certainty']})"
    logging.warning("%s %s: %s", flow.response.status_code, flow.request.pretty_host, flow.comment)
