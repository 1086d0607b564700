"""Why an API request was refused: the same answers as the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from . import _why401
from ._types import Needs, Report
from ._why401 import Batches, Scrubbed, Scrubber, __version__, explain_batches

__all__ = [
    "Batches",
    "Needs",
    "Report",
    "Scrubbed",
    "Scrubber",
    "__version__",
    "explain",
    "explain_batches",
    "needs",
]


def explain(
    evidence: str | bytes | os.PathLike[str] | Mapping[str, Any],
    *,
    form: str | None = None,
    provider: str | None = None,
    status: int | None = None,
    at: str | None = None,
) -> Report:
    """Says why recorded requests were refused.

    ``evidence`` is a text as it is, a path to a file, or an exchange record as a mapping. ``form`` names what the text
    is (har, curl, http, command, records, log, body) where sniffing errs, ``provider`` whose table judges, ``status``
    the status of an answer that does not show it, and ``at`` the moment of judging (RFC 3339).

    Raises ``ValueError`` where an argument is not one that it takes, ``OSError`` where a file cannot be read. What
    cannot be read of the evidence is in ``skipped`` and ``error`` of the report.
    """
    if isinstance(evidence, Mapping):
        data, form = json.dumps(evidence).encode(), form or "records"
    elif isinstance(evidence, str):
        data = evidence.encode("utf-8", "replace")
    elif isinstance(evidence, (bytes, bytearray, memoryview)):
        data = bytes(evidence)
    else:
        with open(evidence, "rb") as file:
            data = file.read()
    report: Report = json.loads(_why401.explain(data, form, provider, status, at))
    return report


def needs(
    endpoints: Iterable[str | tuple[str, str]],
    *,
    provider: str | None = None,
    kind: str | None = None,
    scope: str | None = None,
) -> Needs:
    """Finds the smallest set of scopes and permissions that opens the endpoints, for each kind of token.

    An endpoint is ``"METHOD URL"`` or a pair of both. With ``scope`` (names separated by spaces) the answer says what is
    lacking and what is not used.

    Raises ``ValueError`` where no table names any of the hosts, and where an endpoint is not one.
    """
    pairs = []
    for endpoint in endpoints:
        method, _, url = endpoint.strip().partition(" ") if isinstance(endpoint, str) else (endpoint[0], "", endpoint[1])
        pairs.append((method, url.strip()))
    answer: Needs = json.loads(_why401.needs(pairs, provider, kind, scope))
    return answer
