"""What one spec says in each row of the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.finding import Direction
from harness.spec.facts import FACETS, Fact, facts, plain
from harness.spec.model import (
    Auth,
    Job,
    JobState,
    Latency,
    Operation,
    Response,
    SourceRef,
    Spec,
    State,
    Stated,
)
from harness.spec.pointer import last, split
from harness.spec.vocabulary import CANONICAL

__all__ = ["FACET_ORDER", "PARAMETERS", "Cell", "CellKey", "cells", "holder", "is_presence"]

CellKey = tuple[str, str]

_OF_WEBHOOK = ("webhook_url", "webhook_secret")  # the row completion.webhook stands for both
PARAMETERS: tuple[str, ...] = (
    *(word for word in CANONICAL if word not in _OF_WEBHOOK),
    *("request", "auth", "validation", "job", "status", "completion", "webhook", "errors"),
    *("limits", "latency", "poll_interval", "price", "output"),
)
"""The parameters of the matrix: the canonical vocabulary, then what is no request parameter."""

FACET_ORDER: tuple[str, ...] = (
    *("presence", "name", *FACETS),
    *("nesting", "scheme", "header", "time"),
    *("id", "poll_id", "status", "output", "error", "progress_percent", "eta_s", "cancel"),
    *(state.value for state in JobState),
    *("poll", "webhook", "events", "blocking", "any"),
    *("answer_within_s", "retries", "secret_header", "states_without_delivery", "states"),
    *("statuses", "message", "rate", "concurrency", "interval", "price"),
    *("container", "resolution", "url_lifetime_s"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One fact of one seller. `at` leads to it in the spec document, or to where it would stand."""

    state: State
    value: Any
    at: str
    sources: tuple[SourceRef, ...]


def holder(key: CellKey) -> CellKey | None:
    """The row that says whether a seller has the thing at all that this row describes."""
    parameter, facet = key
    if parameter == "webhook":
        return "completion", "webhook"
    if parameter in CANONICAL and facet != "presence":
        return parameter, "presence"
    return None


def is_presence(parameter: str, facet: str) -> bool:
    """Whether a row says only that there is such a thing."""
    return facet == "presence" or parameter == "completion" or (parameter, facet) == ("job", "cancel")


def cells(spec: Spec) -> dict[CellKey, Cell]:
    """The cells that a spec fills; a row that is not in it is undocumented."""
    return {key: cell for key, cell in _all(spec) if key[0] not in _OF_WEBHOOK}


def _all(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    yield from _request_parameters(spec)
    for part in (_auth, _validation, _job, _status, _completion, _webhook, _errors, _terms):
        yield from part(spec)


def _cell(spec: Spec, at: str, value: Any, state: State = State.DOCUMENTED) -> Cell:
    sources = spec.sources_at(at) if state is not State.UNDOCUMENTED else ()
    return Cell(state=state, value=plain(value), at=at, sources=sources)


def _stated(spec: Spec, stated: Stated[Any]) -> Cell:
    return _cell(spec, stated.at, stated.value, stated.state)


def _gathered(spec: Spec, places: list[str], value: Any) -> Cell:
    """A cell that several statements make: it stands at the first and rests on the sources of all."""
    sources = tuple(dict.fromkeys(source for at in places for source in spec.sources_at(at)))
    return Cell(state=State.DOCUMENTED, value=plain(value), at=places[0], sources=sources)


def _request_parameters(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    by_field: dict[tuple[str | None, str], list[Fact]] = {}
    for fact in facts(spec):
        if fact.address.direction is Direction.REQUEST:
            by_field.setdefault((fact.address.operation, fact.address.field), []).append(fact)
    for word, pointer in spec.mapping.items():
        found = by_field.get(("submit", pointer)) or by_field.get(("generate", pointer)) or []
        for fact in found:
            cell = Cell(state=fact.state, value=fact.value, at=fact.at, sources=fact.sources)
            yield (word, fact.address.facet), cell
        if found:
            yield (word, "name"), _cell(spec, found[0].at, last(pointer))
        if found and word == "prompt":
            yield ("request", "nesting"), _cell(spec, found[0].at, list(split(pointer)[:-1]))


def _auth(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    stated: Stated[Auth] = spec.operations["submit"].auth or spec.auth
    for member in ("scheme", "header"):
        value = getattr(stated.value, member, None)
        at = f"{stated.at}/{member}" if stated.value is not None else stated.at
        yield ("auth", member), _cell(spec, at, value, stated.state)


def _validation(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    submit = spec.operations["submit"]
    if submit.validation is not None:
        yield ("validation", "time"), _stated(spec, submit.validation)


def _successes(operation: Operation) -> Iterator[tuple[Response, Job]]:
    for response in operation.responses.values():
        if response.job is not None and response.status.startswith("2"):
            yield response, response.job


def _job(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    submit, poll = spec.operations["submit"], spec.operations["poll"]
    created = next((job for _, job in _successes(submit) if job.id is not None), None)
    if created is not None:
        yield ("job", "id"), _cell(spec, f"{created.at}/id", created.id)
    parameter = poll.job_id_parameter
    if parameter is not None:
        yield ("job", "poll_id"), _cell(spec, parameter.at, f"{parameter.location} {parameter.name}")
    polled = next((job for _, job in _successes(poll)), None)
    for member in ("status", "output", "error", "progress_percent", "eta_s"):
        value = getattr(polled, member, None)
        if polled is not None and value:
            yield ("job", member), _cell(spec, f"{polled.at}/{member}", value)
    if "cancel" in spec.operations:
        yield ("job", "cancel"), _cell(spec, spec.operations["cancel"].at, True)


def _words(job: Job, state: JobState) -> list[str]:
    return [word for word, meaning in job.states.items() if meaning is state]


def _status(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    polled = next((job for _, job in _successes(spec.operations["poll"])), None)
    for state in JobState:
        words = _words(polled, state) if polled is not None else []
        if polled is not None and words:
            yield ("status", state.value), _cell(spec, f"{polled.at}/states", words)


def _completion(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    for mode, name in (("poll", "poll"), ("events", "events"), ("blocking", "generate")):
        if name in spec.operations:
            yield ("completion", mode), _cell(spec, spec.operations[name].at, True)
    state = spec.webhook.state
    value = True if state is State.DOCUMENTED else None
    yield ("completion", "webhook"), _cell(spec, spec.webhook.at, value, state)


def _webhook(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    webhook = spec.webhook.value
    if webhook is None:
        return
    for name in ("answer_within_s", "retries", "secret_header", "states_without_delivery"):
        yield ("webhook", name), _stated(spec, getattr(webhook, name))
    job = webhook.payload.job
    if job is not None and job.states:
        yield ("webhook", "states"), _cell(spec, f"{job.at}/states", job.states)


def _errors(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    operations = (spec.operations["submit"], spec.operations["poll"])
    own = [response for operation in operations for response in operation.responses.values()]
    common = list((spec.errors.value or {}).values())
    documented = [response for response in (*common, *own) if response.status[0] not in "123"]
    if not documented:
        yield ("errors", "statuses"), _stated(spec, spec.errors)
        return
    statuses = sorted({response.status for response in documented})
    yield ("errors", "statuses"), _gathered(spec, [response.at for response in documented], statuses)
    told = [response for response in documented if response.error_message is not None]
    if told:
        pointers = list(dict.fromkeys(response.error_message for response in told))
        places = [f"{response.at}/error_message" for response in told]
        yield ("errors", "message"), _gathered(spec, places, pointers)


def _terms(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    yield ("limits", "rate"), _stated(spec, spec.limits.rate)
    yield ("limits", "concurrency"), _stated(spec, spec.limits.concurrency)
    yield from _latency(spec)
    yield from _poll_interval(spec)
    yield ("price", "price"), _stated(spec, spec.price)
    for member in ("container", "resolution", "url_lifetime_s"):
        yield ("output", member), _stated(spec, getattr(spec.output, member))


def _poll_interval(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    entries = spec.poll_interval.value
    if entries is None:
        yield ("poll_interval", "interval"), _stated(spec, spec.poll_interval)
    elif entries:
        told = [_span(entry.min_s, entry.max_s) for entry in entries]
        yield ("poll_interval", "interval"), _gathered(spec, [entry.at for entry in entries], told)


def _latency(spec: Spec) -> Iterator[tuple[CellKey, Cell]]:
    """The estimates by mode; one that is said of any mode stands in the row of each mode there is."""
    modes = {"poll": "poll", "blocking": "generate", "events": "events"}
    for mode, operation in modes.items():
        entries = [
            entry
            for entry in spec.latency.value or ()
            if entry.mode == mode or (entry.mode == "any" and operation in spec.operations)
        ]
        if entries:
            told = [_estimate(entry) for entry in entries]
            yield ("latency", mode), _gathered(spec, [entry.at for entry in entries], told)
    if spec.latency.value is None:
        yield ("latency", "poll"), _stated(spec, spec.latency)


def _estimate(entry: Latency) -> Mapping[str, Any]:
    told: dict[str, Any] = {"kind": entry.kind, **_span(entry.min_s, entry.max_s)}
    if entry.open_ended:
        told["open_ended"] = True
    if entry.scope != "model":
        told["scope"] = entry.scope
    return told


def _span(min_s: float, max_s: float) -> Mapping[str, float]:
    return {"value_s": min_s} if min_s == max_s else {"min_s": min_s, "max_s": max_s}
