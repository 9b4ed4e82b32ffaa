"""A spec as a flat list of facts: the one form in which specs are shown, compared and held to documents.

A fact is addressed by (operation, direction, status, field, facet). Two facts with one address, of two
specs or of a spec and a document, speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from enum import Enum
from typing import Any

from harness.finding import Direction
from harness.spec.model import (
    Job,
    Operation,
    Parameter,
    Payload,
    Response,
    SourceRef,
    Spec,
    State,
    Stated,
    Webhook,
)
from harness.spec.pointer import join

__all__ = ["CONSTRAINTS", "FACETS", "Address", "Fact", "facts", "plain"]

CONSTRAINTS: tuple[str, ...] = ("enum", "minimum", "maximum", "minLength", "maxLength", "pattern")
"""What `x-absent: [constraints]` stands for."""

FACETS: tuple[str, ...] = (
    "type",
    "required",
    "default",
    "const",
    *CONSTRAINTS,
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "additionalProperties",
    "x-billing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a fact is about. `field` is a JSON Pointer with `*` for array elements."""

    operation: str | None
    direction: Direction
    status: str | None
    field: str
    facet: str

    @property
    def subject(self) -> str:
        """What it is about, in words: `submit request /duration`, `poll response 200 /status`."""
        if self.direction is Direction.SPEC:
            return self.field.removeprefix("/")
        parts = (self.operation or "", self.direction.value, self.status or "", self.field)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement, or the lack of one. `at` leads to it in the spec document."""

    address: Address
    state: State
    value: Any
    at: str
    sources: tuple[SourceRef, ...]

    @property
    def is_stated(self) -> bool:
        """Whether some document speaks of it."""
        return self.state is not State.UNDOCUMENTED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Whose facts are being listed."""

    spec: Spec
    operation: str | None
    direction: Direction
    status: str | None = None

    def fact(self, field: str, facet: str, at: str, value: Any, state: State = State.DOCUMENTED) -> Fact:
        address = Address(
            operation=self.operation, direction=self.direction, status=self.status, field=field, facet=facet
        )
        sources = self.spec.sources_at(at) if state is not State.UNDOCUMENTED else ()
        return Fact(address=address, state=state, value=plain(value), at=at, sources=sources)

    def stated(self, field: str, facet: str, stated: Stated[Any]) -> Fact:
        return self.fact(field, facet, stated.at, stated.value, stated.state)


def plain(value: Any) -> Any:
    """A value of the model as JSON: no dataclasses, enums or tuples, no members that are None."""
    if is_dataclass(value) and not isinstance(value, type):
        members = asdict(value).items()
        return {
            name: plain(member)
            for name, member in members
            if member is not None and name not in ("at", "name")
        }
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value.value if isinstance(value, Enum) else value


def facts(spec: Spec) -> Iterator[Fact]:
    """Every fact of a spec, in the order of the file."""
    yield from _endpoint_facts(spec)
    for operation in spec.operations.values():
        yield from _operation_facts(spec, operation)
    if spec.webhook.value is not None:
        yield from _webhook_facts(spec, spec.webhook.value)
    for response in (spec.errors.value or {}).values():
        yield from _response_facts(_Scope(spec=spec, operation=None, direction=Direction.RESPONSE), response)


def _endpoint_facts(spec: Spec) -> Iterator[Fact]:
    scope = _Scope(spec=spec, operation=None, direction=Direction.SPEC)
    for member in ("family", "version", "tier", "name"):
        value = getattr(spec.model, member)
        state = State.UNDOCUMENTED if value is None else State.DOCUMENTED
        yield scope.fact(f"/model/{member}", "name", f"/model/{member}", value, state)
    yield scope.fact("/server", "server", "/server/url", spec.server)
    yield scope.stated("/auth", "auth", spec.auth)
    yield scope.stated("/limits/rate", "rate", spec.limits.rate)
    yield scope.stated("/limits/concurrency", "concurrency", spec.limits.concurrency)
    yield from _named(scope, "/latency", "estimate", spec.latency)
    yield from _named(scope, "/poll_interval", "interval", spec.poll_interval)
    yield scope.stated("/output/container", "container", spec.output.container)
    yield scope.stated("/output/resolution", "resolution", spec.output.resolution)
    yield scope.stated("/output/url_lifetime_s", "lifetime", spec.output.url_lifetime_s)
    yield scope.stated("/price", "price", spec.price)
    if spec.errors.value is None:
        yield scope.stated("/errors", "presence", spec.errors)
    if spec.webhook.value is None:
        calls = _Scope(spec=spec, operation=None, direction=Direction.WEBHOOK)
        yield calls.stated("", "presence", spec.webhook)


def _named(scope: _Scope, field: str, facet: str, stated: Stated[tuple[Any, ...]]) -> Iterator[Fact]:
    if stated.value is None:
        yield scope.stated(field, facet, stated)
    for entry in stated.value or ():
        yield scope.fact(join([entry.name], field), facet, entry.at, entry)


def _operation_facts(spec: Spec, operation: Operation) -> Iterator[Fact]:
    scope = _Scope(spec=spec, operation=operation.name, direction=Direction.REQUEST)
    yield scope.fact("", "presence", operation.at, True)
    yield scope.fact("", "method", f"{operation.at}/method", operation.method)
    yield scope.fact("", "path", f"{operation.at}/path", operation.path)
    if operation.auth is not None:
        yield scope.stated("", "auth", operation.auth)
    if operation.validation is not None:
        yield scope.stated("", "validation", operation.validation)
    for parameter in operation.parameters:
        yield from _parameter_facts(scope, parameter)
    if operation.request is not None:
        at = operation.request.at
        yield scope.fact("", "content_type", f"{at}/content_type", operation.request.content_type)
        yield from _schema_facts(scope, operation.request.schema, "", f"{at}/schema", required=None)
    for response in operation.responses.values():
        response_scope = _Scope(spec=spec, operation=operation.name, direction=Direction.RESPONSE)
        yield from _response_facts(response_scope, response)


def _parameter_facts(scope: _Scope, parameter: Parameter) -> Iterator[Fact]:
    field = f"{{{parameter.location}}}/{parameter.name}"
    yield scope.fact(field, "presence", parameter.at, True)
    yield scope.fact(field, "required", f"{parameter.at}/required", parameter.required)
    for facet in FACETS:
        if facet in parameter.schema:
            yield scope.fact(field, facet, f"{parameter.at}/schema/{facet}", parameter.schema[facet])


def _response_facts(scope: _Scope, response: Response) -> Iterator[Fact]:
    scope = _Scope(
        spec=scope.spec, operation=scope.operation, direction=scope.direction, status=response.status
    )
    yield scope.fact("", "presence", response.at, True)
    if response.content_type is not None:
        yield scope.fact("", "content_type", f"{response.at}/content_type", response.content_type)
    if response.error_message is not None:
        yield scope.fact("", "error_message", f"{response.at}/error_message", response.error_message)
    if response.billed is not None:
        yield scope.fact("", "billed", f"{response.at}/billed", response.billed)
    if response.schema is not None:
        yield from _schema_facts(scope, response.schema, "", f"{response.at}/schema", required=None)
    if response.job is not None:
        yield from _job_facts(scope, response.job)
    if response.stream is not None:
        yield scope.fact("", "stream", response.stream.at, response.stream)
    for name, payload in response.events.items():
        event = _Scope(spec=scope.spec, operation=scope.operation, direction=Direction.EVENT, status=name)
        yield event.fact("", "presence", payload.at, True)
        yield from _payload_facts(event, payload)


def _payload_facts(scope: _Scope, payload: Payload) -> Iterator[Fact]:
    if payload.schema is not None:
        yield from _schema_facts(scope, payload.schema, "", f"{payload.at}/schema", required=None)
    if payload.job is not None:
        yield from _job_facts(scope, payload.job)


def _job_facts(scope: _Scope, job: Job) -> Iterator[Fact]:
    for member in ("id", "status", "output", "progress_percent", "eta_s", "output_ttl_s", "output_inline"):
        pointer = getattr(job, member)
        if pointer is not None:
            yield scope.fact("", f"job.{member}", f"{job.at}/{member}", pointer)
    if job.error:
        yield scope.fact("", "job.error", f"{job.at}/error", job.error)
    if job.state is not None:
        yield scope.fact("", "job.state", f"{job.at}/state", job.state)
    for word, state in job.states.items():
        yield scope.fact(join([word]), "job.states", join(["states", word], job.at), state)
    for name, pointer in job.evidence.items():
        yield scope.fact("", f"job.{name}", f"{job.at}/evidence/{name}", pointer)


def _webhook_facts(spec: Spec, webhook: Webhook) -> Iterator[Fact]:
    scope = _Scope(spec=spec, operation=None, direction=Direction.WEBHOOK)
    yield scope.fact("", "presence", webhook.at, True)
    yield scope.fact("", "request_field", f"{webhook.at}/request_field", webhook.request_field)
    for name in ("secret_field", "secret_header", "answer_within_s", "retries", "states_without_delivery"):
        yield scope.stated("", name, getattr(webhook, name))
    yield from _payload_facts(scope, webhook.payload)


def _schema_facts(
    scope: _Scope, schema: Mapping[str, Any], field: str, at: str, *, required: bool | None
) -> Iterator[Fact]:
    """The facts of a schema and of all below it. `required` is None where the question does not arise."""
    if field:
        yield scope.fact(field, "presence", at, True)
    if required is not None:
        yield scope.fact(field, "required", f"{at}/required", required)
    yield from _keyword_facts(scope, schema, field, at)
    names = schema.get("required", ())
    for name, below in schema.get("properties", {}).items():
        place = join(["properties", name], at)
        yield from _schema_facts(scope, below, join([name], field), place, required=name in names)
    if isinstance(schema.get("items"), Mapping):
        yield from _schema_facts(scope, schema["items"], f"{field}/*", f"{at}/items", required=None)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for index, branch in enumerate(schema.get(keyword, ())):
            yield from _branch_facts(scope, branch, field, join([keyword, index], at))


def _branch_facts(scope: _Scope, branch: Mapping[str, Any], field: str, at: str) -> Iterator[Fact]:
    for fact in _schema_facts(scope, branch, field, at, required=None):
        if fact.is_stated and fact.address.facet != "presence":
            yield fact


def _keyword_facts(scope: _Scope, schema: Mapping[str, Any], field: str, at: str) -> Iterator[Fact]:
    absent = set(schema.get("x-absent", ()))
    if "constraints" in absent:
        absent.update(CONSTRAINTS)
    for facet in FACETS:
        place = f"{at}/{facet}"
        if facet == "required":
            continue
        if facet in schema:
            yield scope.fact(field, facet, place, schema[facet])
        elif facet in absent:
            yield scope.fact(field, facet, place, None, State.ABSENT)
        elif field and facet in _expected_facets(schema, scope.direction):
            yield scope.fact(field, facet, place, None, State.UNDOCUMENTED)


def _expected_facets(schema: Mapping[str, Any], direction: Direction) -> tuple[str, ...]:
    """The facets whose silence a reader of the spec should see, by what the property is."""
    kind = schema.get("type")
    if direction is not Direction.REQUEST or kind == "object":
        return ()
    if "enum" in schema or kind == "boolean":
        return ("default",)
    if kind == "string":
        return ("default", "maxLength")
    if kind in ("number", "integer"):
        return ("default", "minimum", "maximum")
    return ("type", "default")
