"""Judging a body in one line, and saying in few words what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from harness.check.body import Judges
from harness.check.request import check_request
from harness.check.response import check_response
from harness.finding import Finding, Judgement
from harness.spec.model import Spec

__all__ = ["as_bytes", "brief", "request", "response"]


def as_bytes(body: Any) -> bytes:
    """Bytes and texts as they are, anything else as JSON (NaN as Python writes it)."""
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()


def request(spec: Spec, body: Any, *, operation: str = "submit", judges: Judges | None = None) -> Judgement:
    """What comes of a request body in the file `r.json`."""
    return check_request(spec, as_bytes(body), file="r.json", operation=operation, judges=judges or Judges())


def response(spec: Spec, operation: str, body: Any, *, status: int = 200) -> Judgement:
    """What comes of a response body in the file `r.json`."""
    return check_response(spec, operation, as_bytes(body), status=status, file="r.json", judges=Judges())


def brief(findings: Iterable[Finding] | Judgement) -> list[tuple[str, str | None]]:
    """`(rule, pointer)` of each finding."""
    found = findings.findings if isinstance(findings, Judgement) else findings
    return [(finding.rule.id, finding.pointer) for finding in found]
