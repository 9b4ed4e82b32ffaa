"""Reading operations: parameters, bodies, answers, examples, and where the job stands in each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from harness.spec.fields import (
    Fields,
    boolean,
    fault,
    kind_of,
    number,
    one_of,
    pointer,
    read_refs,
    strings,
    table,
    text,
)
from harness.spec.load_schema import read_schema
from harness.spec.model import (
    Auth,
    EventStream,
    Example,
    Job,
    JobState,
    Operation,
    Parameter,
    Payload,
    Request,
    Response,
    Stated,
    Validation,
)
from harness.spec.node import Node
from harness.spec.pointer import last

__all__ = ["OPERATIONS", "read_errors", "read_operations", "read_payload", "read_states"]

OPERATIONS: tuple[str, ...] = ("submit", "generate", "poll", "events", "cancel", "model")
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)\Z")
EVIDENCE = ("queued_at", "started_at", "completed_at", "predict_time_s")

ReadAuth = Callable[[Node, str], Auth]


def read_operations(node: Node, at: str, read_auth: ReadAuth) -> dict[str, Operation]:
    """The operations by name; submit and poll must be there."""
    fields = Fields(node, at)

    def read(child: Node, path: str) -> Operation:
        return _operation(child, path, read_auth)

    found: dict[str, Operation] = {}
    for name in OPERATIONS:
        needed = name in ("submit", "poll")
        operation = fields.required(name, read) if needed else fields.maybe(name, read)
        if operation is not None:
            found[name] = operation
    fields.finish("source")
    return found


def _operation(node: Node, at: str, read_auth: ReadAuth) -> Operation:
    fields = Fields(node, at)
    operation = Operation(
        name=last(at),
        method=fields.required("method", one_of(("GET", "POST", "PUT", "PATCH", "DELETE"))),
        path=fields.required("path", _path),
        auth=_optionally_stated(fields, "auth", read_auth),
        validation=_optionally_stated(fields, "validation", _validation),
        parameters=tuple(fields.table("parameters", _parameter).values()),
        request=fields.maybe("request", _request),
        responses=fields.table("responses", _response, required=True),
        at=at,
    )
    fields.finish("source")
    return operation


def _optionally_stated(fields: Fields, name: str, read: Callable[[Node, str], Any]) -> Stated[Any] | None:
    if name not in fields.node.mapping:
        fields.maybe(name, read)
        return None
    return fields.stated(name, read)


def _path(node: Node, at: str) -> str:
    found = text(node, at)
    if not found.startswith("/") or "?" in found or "#" in found:
        raise fault(f"{at}: expected a path such as /v1/jobs/{{id}}, got {found!r}", node.mark)
    return found


def _validation(node: Node, at: str) -> Validation:
    fields = Fields(node, at)
    validation = Validation(
        at_submit=fields.optional("at_submit", _pointers, ()), at_run=fields.optional("at_run", _pointers, ())
    )
    fields.finish("source")
    return validation


def _pointers(node: Node, at: str) -> tuple[str, ...]:
    return tuple(
        word if word == "*" else pointer(node.sequence[index], f"{at}/{index}")
        for index, word in enumerate(strings(node, at))
    )


def _parameter(node: Node, at: str) -> Parameter:
    fields = Fields(node, at)
    parameter = Parameter(
        name=last(at),
        location=fields.required("in", one_of(("path", "query", "header"))),
        required=fields.required("required", boolean),
        schema=fields.required("schema", read_schema),
        role=fields.maybe("role", one_of(("job_id",))),
        at=at,
    )
    fields.finish("source")
    return parameter


def _request(node: Node, at: str) -> Request:
    fields = Fields(node, at)
    request = Request(
        content_type=fields.required("content_type", text),
        schema=fields.required("schema", read_schema),
        examples=_examples(fields),
        at=at,
    )
    fields.finish("source")
    return request


def read_errors(node: Node, at: str) -> dict[str, Response]:
    """Responses by status that hold for every operation."""
    return table(node, at, _response)


def _response(node: Node, at: str) -> Response:
    status = last(at)
    if not _STATUS.match(status):
        raise fault(f'{at}: expected a status such as "200" or "5XX", got {status!r}', node.name_mark)
    fields = Fields(node, at)
    streams = "stream" in node.mapping or "events" in node.mapping
    response = Response(
        status=status,
        meaning=fields.maybe("meaning", text),
        content_type=fields.maybe("content_type", text),
        schema=None if streams else fields.required("schema", _schema_or_undocumented),
        job=fields.maybe("job", read_job),
        error_message=fields.maybe("error_message", pointer),
        examples=_examples(fields),
        stream=fields.maybe("stream", _stream),
        events=fields.table("events", read_payload),
        billed=fields.maybe("billed", boolean),
        at=at,
    )
    fields.finish("source")
    return response


def read_payload(node: Node, at: str) -> Payload:
    """A body that the provider sends by itself."""
    fields = Fields(node, at)
    payload = Payload(
        schema=fields.required("schema", _schema_or_undocumented),
        job=fields.maybe("job", read_job),
        examples=_examples(fields),
        at=at,
    )
    fields.finish("source")
    return payload


def _stream(node: Node, at: str) -> EventStream:
    fields = Fields(node, at)
    stream = EventStream(
        keep_alive_s=fields.maybe("keep_alive_s", number),
        buffered=fields.maybe("buffered", boolean),
        subscribe=fields.maybe("subscribe", one_of(("before_submit", "any_time"))),
        other_events=fields.maybe("other_events", boolean),
        states_without_event=fields.optional("states_without_event", read_states, ()),
        at=at,
    )
    fields.finish("source")
    return stream


def read_states(node: Node, at: str) -> tuple[JobState, ...]:
    """A list of canonical job states."""
    if not isinstance(node.value, tuple):
        raise fault(f"{at}: expected a list, got {kind_of(node)}", node.mark)
    return tuple(_state(child, f"{at}/{index}") for index, child in enumerate(node.value))


def _state(node: Node, at: str) -> JobState:
    return JobState(one_of([state.value for state in JobState])(node, at))


def read_job(node: Node, at: str) -> Job:
    """Where the job stands in a body."""
    fields = Fields(node, at)
    states = fields.table("states", _state)
    job = Job(
        at=at,
        id=fields.maybe("id", pointer),
        status=fields.maybe("status", pointer),
        states=states,
        state=fields.maybe("state", _state),
        output=fields.maybe("output", pointer),
        error=fields.optional("error", _error_pointers, ()),
        progress_percent=fields.maybe("progress_percent", pointer),
        eta_s=fields.maybe("eta_s", pointer),
        output_ttl_s=fields.maybe("output_ttl_s", pointer),
        output_inline=fields.maybe("output_inline", pointer),
        evidence=fields.optional("evidence", _evidence, {}),
    )
    fields.finish("source")
    if (job.status is None) != (not states):
        raise fault(f"{at}: status and states belong together", node.name_mark)
    return job


def _error_pointers(node: Node, at: str) -> tuple[str, ...]:
    return _pointers(node, at) if node.sequence else (pointer(node, at),)


def _evidence(node: Node, at: str) -> dict[str, str]:
    fields = Fields(node, at)
    found = {name: fields.maybe(name, pointer) for name in EVIDENCE}
    fields.finish("source")
    return {name: where for name, where in found.items() if where is not None}


def _examples(fields: Fields) -> tuple[Example, ...]:
    return tuple(fields.table("examples", _example).values())


def _example(node: Node, at: str) -> Example:
    fields = Fields(node, at)
    has_value = "value" in node.mapping
    if has_value == ("text" in node.mapping):
        raise fault(f"{at}: expected either value or text", node.name_mark)
    example = Example(
        name=last(at),
        role=fields.optional("role", one_of(("minimal", "full", "sample")), "sample"),
        has_value=has_value,
        value=fields.maybe("value", lambda child, _: child.plain()),
        text=fields.maybe("text", text),
        substituted=fields.optional("substituted", strings, ()),
        at=at,
    )
    fields.required("source", read_refs)
    fields.finish()
    return example


def _schema_or_undocumented(node: Node, at: str) -> dict[str, Any] | None:
    return None if node.value == "undocumented" else read_schema(node, at)
