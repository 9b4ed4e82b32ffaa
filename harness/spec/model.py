"""What a spec says, as frozen values.

Every value that stands for a part of the file has `at`: the JSON Pointer of that part in the merged spec
document. `Spec.root` turns it into a file, line and column, and `Spec.sources_at` into the documents that
the statement rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.finding import Location
from harness.spec.node import Mark, Node
from harness.spec.terms import (
    Auth,
    Concurrency,
    JobState,
    Latency,
    Limits,
    Model,
    Output,
    PollInterval,
    Price,
    Provider,
    Rate,
    Retries,
    Source,
    SourceRef,
    State,
    Stated,
)

__all__ = [
    "Auth",
    "Concurrency",
    "Contradiction",
    "EventStream",
    "Example",
    "Job",
    "JobState",
    "Latency",
    "Limits",
    "Model",
    "Operation",
    "Output",
    "Parameter",
    "Payload",
    "PollInterval",
    "Price",
    "Provider",
    "Rate",
    "Request",
    "Response",
    "Retries",
    "Source",
    "SourceRef",
    "Spec",
    "State",
    "Stated",
    "Statement",
    "Validation",
    "Webhook",
]

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message that a document shows. Exactly one of `value` (has_value) and `text` is given."""

    name: str
    role: str
    has_value: bool
    value: Any
    text: str | None
    substituted: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Where the job stands in one body (JSON Pointers), and what its status words mean there."""

    at: str
    id: str | None = None
    status: str | None = None
    states: Mapping[str, JobState]
    state: JobState | None = None
    output: str | None = None
    error: tuple[str, ...] = ()
    progress_percent: str | None = None
    eta_s: str | None = None
    output_ttl_s: str | None = None
    output_inline: str | None = None
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A body that the provider sends: of a webhook, or of one type of event."""

    schema: Schema | None
    job: Job | None
    examples: tuple[Example, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStream:
    """The terms of a stream of server-sent events; None where undocumented."""

    keep_alive_s: float | None
    buffered: bool | None
    subscribe: str | None
    other_events: bool | None
    states_without_event: tuple[JobState, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One documented answer. `schema` is None where its body is undocumented.

    `billed` says whether a request that is answered so is paid for, None where undocumented.
    """

    status: str
    meaning: str | None
    content_type: str | None
    schema: Schema | None
    job: Job | None
    error_message: str | None
    examples: tuple[Example, ...]
    stream: EventStream | None
    events: Mapping[str, Payload]
    billed: bool | None = None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The documented request body."""

    content_type: str
    schema: Schema
    examples: tuple[Example, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A path, query or header parameter; `role` is `job_id` for the one that carries the job's id."""

    name: str
    location: str
    required: bool
    schema: Schema
    role: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Which body parameters are judged at submit and which when the job runs; `*` is every other one."""

    at_submit: tuple[str, ...]
    at_run: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. `auth` is None where the endpoint's own holds."""

    name: str
    method: str
    path: str
    auth: Stated[Auth] | None
    validation: Stated[Validation] | None
    parameters: tuple[Parameter, ...]
    request: Request | None
    responses: Mapping[str, Response]
    at: str

    @property
    def job_id_parameter(self) -> Parameter | None:
        """The parameter that carries the job's id, if there is one."""
        return next((p for p in self.parameters if p.role == "job_id"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """The terms on which the provider calls back."""

    request_field: str
    secret_field: Stated[str]
    secret_header: Stated[str]
    answer_within_s: Stated[float]
    retries: Stated[Retries]
    states_without_delivery: Stated[tuple[JobState, ...]]
    payload: Payload
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One of the statements that cannot both hold."""

    says: str
    sources: tuple[SourceRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One provider against itself. `violates` are the (pointer, facet) pairs that its example breaks."""

    id: str
    found_by: str
    meaning: str
    statements: tuple[Statement, ...]
    about: str | None
    example: str | None
    violates: tuple[tuple[str, str], ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spec:
    """One endpoint that a provider sells, at one revision (None: the baseline)."""

    id: str
    revision: str | None
    title: str
    provider: Provider
    model: Model
    sources: Mapping[str, Source]
    server: str
    auth: Stated[Auth]
    operations: Mapping[str, Operation]
    webhook: Stated[Webhook]
    errors: Stated[Mapping[str, Response]]
    limits: Limits
    latency: Stated[tuple[Latency, ...]]
    poll_interval: Stated[tuple[PollInterval, ...]]
    output: Output
    price: Stated[Price]
    mapping: Mapping[str, str]
    contradictions: tuple[Contradiction, ...]
    root: Node

    @property
    def ref(self) -> str:
        """`ID`, or `ID@DATE` for a revision."""
        return self.id if self.revision is None else f"{self.id}@{self.revision}"

    @property
    def provider_id(self) -> str:
        """The part of the id before the slash."""
        return self.id.split("/", 1)[0]

    def mark_at(self, at: str) -> Mark:
        """The place of a part of the spec, or of the nearest part around it."""
        return self.root.nearest(at).name_mark

    def sources_at(self, at: str) -> tuple[SourceRef, ...]:
        """The sources that the statement at a pointer rests on: the nearest on the way up.

        For a keyword of a schema, its own `x-sources` entry goes before the schema's `x-source`.
        """
        parent, _, keyword = at.rpartition("/")
        above = self.root.at(parent)
        if above is not None and (own := _keyword_sources(above, keyword)):
            return own
        found: tuple[SourceRef, ...] = ()
        for _, node in self.root.path(at):
            found = _own_sources(node) or found
        return found

    def location_at(self, at: str) -> Location:
        """Where an expectation stands, as a finding carries it: file, line, column, document."""
        refs = self.sources_at(at)
        return self.mark_at(at).location("; ".join(str(ref) for ref in refs) or None)

    def responses_for(self, operation: str, status: int) -> Response | None:
        """The documented answer of an operation at a status: its own, else the provider's common one."""
        return next(self._candidates(operation, status), None)

    def _candidates(self, operation: str, status: int) -> Iterator[Response]:
        wanted = (str(status), f"{status // 100}XX")
        own = self.operations[operation].responses if operation in self.operations else {}
        common = self.errors.value or {}
        for table in (own, common):
            yield from (table[key] for key in wanted if key in table)


def _own_sources(node: Node) -> tuple[SourceRef, ...]:
    return _refs(node.mapping.get("source") or node.mapping.get("x-source"))


def _keyword_sources(node: Node, keyword: str) -> tuple[SourceRef, ...]:
    table = node.mapping.get("x-sources")
    return _refs(table.mapping.get(keyword)) if table is not None else ()


def _refs(node: Node | None) -> tuple[SourceRef, ...]:
    if node is None:
        return ()
    texts = [child.value for child in node.sequence] or [node.value]
    return tuple(
        SourceRef(document=document, place=place)
        for text in texts
        if isinstance(text, str)
        for document, _, place in [text.partition("#")]
    )
