"""The life of a job as its messages tell it, line by line: for a person who watches a replay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.check.response import Unreadable, decode
from harness.spec.model import Job, Spec
from harness.wire.events import in_time, read_events
from harness.wire.job import job_views
from harness.wire.match import Match, match
from harness.wire.message import Delivery, Event, Exchange

__all__ = ["Step", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message: when it came, of which operation, and what it said.

    `moment_s` are seconds since the first request was sent, None where that is not known.
    """

    moment_s: float | None
    operation: str
    what: str


def steps(messages: Sequence[Exchange | Event | Delivery], spec: Spec) -> tuple[Step, ...]:
    """Every message as one step, by time. A stream's events are told by the stream."""
    found: list[Step] = []
    for message in messages:
        match message:
            case Exchange():
                found += _exchange_steps(message, spec)
            case Delivery():
                webhook = spec.webhook.value
                job = webhook.payload.job if webhook is not None else None
                found.append(
                    Step(moment_s=message.received_s, operation="webhook", what=_states(job, message.body))
                )
            case Event():
                pass
    sent = [m.sent_s for m in messages if isinstance(m, Exchange) and m.sent_s is not None]
    start_s = min(sent, default=0.0)
    ordered = sorted(found, key=lambda step: step.moment_s or 0.0)
    return tuple(
        replace(step, moment_s=None if step.moment_s is None else step.moment_s - start_s) for step in ordered
    )


def _exchange_steps(exchange: Exchange, spec: Spec) -> Iterator[Step]:
    hit = match([spec], exchange.request)
    operation = hit.operation if isinstance(hit, Match) else "output"
    response = exchange.response
    if response is None:
        yield Step(moment_s=exchange.received_s, operation=operation, what=exchange.error or "no answer")
        return
    documented = spec.responses_for(operation, response.status) if operation in spec.operations else None
    if documented is not None and documented.events:
        yield Step(moment_s=exchange.sent_s, operation=operation, what=f"{response.status}, listening")
        timed = [message for message in in_time(exchange) if isinstance(message, Event)]
        for event in timed or read_events(response.body, exchange.subject, exchange.received_s):
            payload = documented.events.get(event.name)
            said = _states(payload.job, event.data.encode()) if payload is not None else "not of this model"
            yield Step(moment_s=event.received_s, operation="event", what=f"{event.name}: {said}")
        return
    said = _states(documented.job, response.body) if documented is not None and documented.job else ""
    if operation == "output":
        said = response.header("content-type") or ""
    what = f"{response.status} {said}".rstrip()
    yield Step(moment_s=exchange.received_s, operation=operation, what=what)


def _states(job: Job | None, body: bytes) -> str:
    """What a body says of its jobs: `queued`, `running 35 %`, `succeeded`."""
    document = decode(body, "")
    if job is None or isinstance(document, Unreadable):
        return "not readable" if job is not None else ""
    said = []
    for view in job_views(job, document.root.plain()):
        word = view.state.value if view.state is not None else view.word or ""
        percent = f" {view.progress_percent:g} %" if view.progress_percent is not None else ""
        said.append(f"{word}{percent}{f': {view.error}' if view.error else ''}")
    return ", ".join(text for text in said if text)
