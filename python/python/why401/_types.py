"""The documents that the functions give; ``why401 schema`` prints their schemas."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class Tool(TypedDict):
    name: str
    version: str


class Cause(TypedDict):
    code: str
    certainty: Literal["stated", "derived", "possible"]


class Subject(TypedDict):
    method: str | None
    url: str | None
    status: int | None
    provider: str | None
    operation: str | None
    place: str | None


class Gate(TypedDict):
    gate: str
    answer: Literal["pass", "fail", "depends", "cannot-see"]
    have: list[str]
    need: list[list[str]]
    missing: list[str]
    holder: str


class Step(TypedDict):
    text: str
    command: str | None


class Diagnosis(TypedDict):
    id: str | None
    subject: Subject
    read_as: dict[str, Any] | None
    token: dict[str, Any]
    verdict: Literal["denied", "clear", "unknown"]
    cause: Cause | None
    findings: list[dict[str, Any]]
    gates: list[Gate]
    exchanges: list[dict[str, Any]]
    next: list[Step]
    ruled_out: list[str]


class Skipped(TypedDict):
    place: str
    why: str


class Report(TypedDict):
    """``why401.report/1``."""

    schema: str
    tool: Tool
    verdict: Literal["denied", "clear", "unknown"] | None
    diagnoses: list[Diagnosis]
    skipped: list[Skipped]


class Needs(TypedDict):
    """``why401.needs/1``."""

    schema: str
    tool: Tool
    provider: str
    table_date: str | None
    operations: list[dict[str, Any]]
    unknown: list[str]
    elsewhere: int
    kinds: list[dict[str, Any]]
    lacking: list[str] | None
    unused: list[str] | None
