"""One response body against what its provider documents for that operation and status."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from harness.check.body import Body, Judges, judge_body, shorten
from harness.check.rules import rule
from harness.errors import OperatorError, SourceError
from harness.finding import Direction, Finding, Judgement, Location, Observed, Skipped
from harness.spec.json_text import JsonDocument, parse_json
from harness.spec.model import Response, Spec

__all__ = [
    "Content",
    "Unreadable",
    "check_response",
    "decode",
    "payload_findings",
    "response_findings",
    "unreadable_request",
]


def check_response(
    spec: Spec, operation: str, content: bytes, *, status: int, file: str, judges: Judges
) -> Judgement:
    """The judgement on one response body. A body that is no JSON is a finding, not a fault of the file.

    Raises OperatorError when the spec has no such operation, or the answer is a stream of events.
    """
    if operation not in spec.operations:
        known = ", ".join(spec.operations)
        raise OperatorError(f"{spec.ref} documents no operation {operation!r}; it documents: {known}")
    documented = spec.responses_for(operation, status)
    if documented is not None and documented.events:
        raise OperatorError(f"{spec.ref}: {operation} answers with a stream of events; use check traffic")
    subject = Location(file=file)
    findings = tuple(
        response_findings(spec, operation, status, content, subject=subject, judges=judges, located=True)
    )
    skipped: tuple[Skipped, ...] = ()
    if documented is None or documented.schema is None:
        skipped = (Skipped(what=f"the body of {operation} {status}", why="the documents do not describe it"),)
    judged = int(documented is not None)  # of an undocumented answer nothing is judged, and that is no pass
    observed = Observed(operations=judged, facts=judged, skipped=skipped)
    return Judgement(findings=findings, observed=observed, models=(spec.ref,))


def response_findings(
    spec: Spec,
    operation: str,
    status: int,
    content: Content,
    *,
    subject: Location,
    judges: Judges,
    located: bool = False,
    content_type: str | None = None,
) -> Iterator[Finding]:
    """Every fault of one answer: its status, its content type, its body."""
    documented = spec.responses_for(operation, status)
    if documented is None:
        yield _status_finding(spec, operation, status, subject)
        return
    content = decode(content, subject.file or "the body")
    if status >= 500 and documented.schema is not None and isinstance(content, Unreadable):
        yield _gateway_finding(spec, operation, status, subject)
        return
    if content_type is not None and documented.content_type is not None:
        yield from _content_type(spec, operation, documented, content_type, subject)
    if documented.schema is not None:
        yield from payload_findings(
            spec,
            Direction.RESPONSE,
            documented.schema,
            f"{documented.at}/schema",
            content,
            operation=operation,
            subject=subject,
            judges=judges,
            located=located,
        )


def _gateway_finding(spec: Spec, operation: str, status: int, subject: Location) -> Finding:
    """A server error whose body is no JSON: what answered stands before the provider."""
    return Finding(
        rule=rule("traffic.unavailable"),
        message=f"{operation}: status {status}, the body no JSON; nothing can be said of the contract",
        field="",
        model=spec.ref,
        operation=operation,
        direction=Direction.RESPONSE,
        facet="status",
        observed=status,
        subject=subject,
    )


def payload_findings(  # noqa: PLR0913 - one message has many sides
    spec: Spec,
    direction: Direction,
    schema: Mapping[str, Any],
    at: str,
    content: Content,
    *,
    operation: str | None,
    subject: Location,
    judges: Judges,
    located: bool = False,
) -> Iterator[Finding]:
    """Every fault of a body that the provider sent: an answer, a webhook or an event."""
    read = decode(content, subject.file or "the body")
    if isinstance(read, Unreadable):
        place = read.location if located else subject
        yield _unreadable_finding(spec, direction, at, read, operation=operation, subject=place)
        return
    yield from judge_body(
        Body(
            spec=spec,
            operation=operation,
            direction=direction,
            schema=schema,
            at=at,
            document=read,
            subject=subject,
            located=located,
        ),
        judges,
    )


Content: TypeAlias = "bytes | JsonDocument | Unreadable"
"""A body as it came, or as it was decoded: who needs it more than once decodes it once."""


class Unreadable:
    """A body that is no JSON text: which rule, why, where, and how it begins."""

    def __init__(self, rule_id: str, why: str, location: Location, start: str) -> None:
        self.rule_id = rule_id
        self.why = why
        self.location = location
        self.start = start


def decode(content: Content, file: str) -> JsonDocument | Unreadable:
    """The JSON document in a body, or why there is none. What was decoded already stays as it is."""
    if not isinstance(content, bytes):
        return content
    start = content[:200].decode("utf-8", "replace")
    try:
        return parse_json(content.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        return Unreadable("response.not-utf8", f"byte {error.start} is not UTF-8", Location(file=file), start)
    except SourceError as error:
        place = Location(file=error.file, line=error.line, column=error.column)
        return Unreadable("response.not-json", error.message, place, start)


def _unreadable_finding(
    spec: Spec, direction: Direction, at: str, read: Unreadable, *, operation: str | None, subject: Location
) -> Finding:
    return Finding(
        rule=rule(read.rule_id),
        message=f"the body: {read.why}; it begins {json.dumps(read.start[:60], ensure_ascii=False)}",
        field="",
        pointer="",
        model=spec.ref,
        operation=operation,
        direction=direction,
        facet="json",
        expected="JSON",
        observed=shorten(read.start),
        source=spec.location_at(at),
        subject=subject,
    )


def unreadable_request(spec: Spec, at: str, read: Unreadable, operation: str, subject: Location) -> Finding:
    """The finding on a recorded request body that is no JSON."""
    finding = _unreadable_finding(spec, Direction.REQUEST, at, read, operation=operation, subject=subject)
    return finding.but(rule=rule("request.not-json"))


def _status_finding(spec: Spec, operation: str, status: int, subject: Location) -> Finding:
    known = sorted({*spec.operations[operation].responses, *(spec.errors.value or {})})
    return Finding(
        rule=rule("response.status-undocumented"),
        message=f"{operation}: status {status} is not documented; documented: {', '.join(known)}",
        field="",
        model=spec.ref,
        operation=operation,
        direction=Direction.RESPONSE,
        facet="status",
        expected=known,
        observed=status,
        source=spec.location_at(f"{spec.operations[operation].at}/responses"),
        subject=subject,
    )


def _content_type(
    spec: Spec, operation: str, documented: Response, content_type: str, subject: Location
) -> Iterator[Finding]:
    essence = content_type.split(";", 1)[0].strip().lower()
    if essence != documented.content_type:
        yield Finding(
            rule=rule("response.content-type"),
            message=f"{operation}: expected content type {documented.content_type}, got {essence}",
            field="",
            model=spec.ref,
            operation=operation,
            direction=Direction.RESPONSE,
            facet="content_type",
            expected=documented.content_type,
            observed=essence,
            source=spec.location_at(f"{documented.at}/content_type"),
            subject=subject,
        )
