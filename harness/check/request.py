"""One request body against what its provider documents."""

from __future__ import annotations

from collections.abc import Iterator

from harness.check.body import Body, Judges, judge_body
from harness.errors import OperatorError, SourceError
from harness.finding import Direction, Finding, Judgement, Location, Observed
from harness.spec.json_text import JsonDocument, parse_json
from harness.spec.model import Request, Spec

__all__ = ["check_request", "read_body", "request_findings", "request_of"]


def request_of(spec: Spec, operation: str) -> Request:
    """The documented request body of an operation. Raises OperatorError where there is none."""
    found = spec.operations.get(operation)
    if found is None:
        known = ", ".join(spec.operations)
        raise OperatorError(f"{spec.ref} documents no operation {operation!r}; it documents: {known}")
    if found.request is None:
        raise OperatorError(f"{spec.ref}: operation {operation!r} has no request body")
    return found.request


def check_request(spec: Spec, content: bytes, *, file: str, operation: str, judges: Judges) -> Judgement:
    """The judgement on one request body.

    `content` is the file's bytes and `file` its name for people. Raises OperatorError when it is not UTF-8
    or not JSON: that is a fault of the file, not of the request in it.
    """
    request = request_of(spec, operation)
    document = read_body(content, file)
    findings = tuple(
        request_findings(
            spec, operation, request, document, subject=Location(file=file), judges=judges, located=True
        )
    )
    facts = len(request.schema.get("properties", {}))
    return Judgement(findings=findings, observed=Observed(operations=1, facts=facts), models=(spec.ref,))


def read_body(content: bytes, file: str) -> JsonDocument:
    """The JSON in a file. Raises OperatorError when it is not UTF-8 or not JSON."""
    return parse_json(_decode(content, file), file)


def request_findings(
    spec: Spec,
    operation: str,
    request: Request,
    document: JsonDocument,
    *,
    subject: Location,
    judges: Judges,
    located: bool = False,
) -> Iterator[Finding]:
    """Every fault of one request body."""
    body = Body(
        spec=spec,
        operation=operation,
        direction=Direction.REQUEST,
        schema=request.schema,
        at=f"{request.at}/schema",
        document=document,
        subject=subject,
        located=located,
    )
    yield from judge_body(body, judges)


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")  # without the byte order mark
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SourceError("expected UTF-8", file=file, line=line, column=column) from None
