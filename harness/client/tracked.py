"""One job while the client knows of it: what was seen, and what has been pushed about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from harness.client.checking import Checker, Findings, Reading
from harness.client.entry import Entry
from harness.client.redaction import Redactor
from harness.client.results import JobHandle, JobResult, Mode, Outcome
from harness.client.rules import rule
from harness.client.sighting import Sighting
from harness.finding import Direction, Finding
from harness.spec.model import JobState, Spec
from harness.spec.pointer import MISSING, resolve
from harness.wire.job import JobView

__all__ = ["Push", "TrackedJob", "unanswered"]

_OUTCOMES = {
    JobState.SUCCEEDED: Outcome.SUCCEEDED,
    JobState.FAILED: Outcome.FAILED,
    JobState.CANCELLED: Outcome.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What an event or a webhook call said of a job. One that is not `trusted` is confirmed by a poll."""

    view: JobView
    reading: Reading
    via: Mode
    trusted: bool


@dataclass(slots=True, eq=False, kw_only=True)
class TrackedJob:
    """One job. `wake` is there in the modes in which something is pushed, and set when something was.

    `sent_s` is when its request was sent, on the client's clock. `sightings` is None where none are kept.
    """

    entry: Entry
    handle: JobHandle
    findings: Findings = field(default_factory=Findings)
    outcome: Outcome | None = None
    polls: int = 0
    empty_polls: int = 0
    unconfirmed: tuple[JobView, Reading] | None = None  # an end without a video, seen once
    seen_by: str | None = None
    view: JobView | None = None
    value: Any = None
    has_inline: bool = False
    note: str | None = None
    status: int | None = None
    retry_after_s: float | None = None
    times_s: tuple[float | None, float | None] = (None, None)
    wake: asyncio.Event | None = None
    push: Push | None = None
    was_pushed: bool = False
    is_left: bool = False  # nobody waits for it any more, nor for what may still be pushed of its end
    needs_polls: bool = False  # for now, nothing is pushed that could be relied on
    stream_gap: bool = False  # at some time nothing was, so something may have been lost
    calls: int = 0  # webhook calls that named it
    sent_s: float | None = None
    sightings: list[Sighting] | None = None
    place_taken: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def spec(self) -> Spec:
        """What it is a job of."""
        return self.handle.spec

    @property
    def job_id(self) -> str | None:
        """What the provider calls it."""
        return self.handle.job_id

    def saw(self, sighting: Sighting) -> None:
        """Remembers a message about the job, where that is asked for."""
        if self.sightings is not None:
            self.sightings.append(sighting)

    def nudge(self) -> None:
        """Has the wait look at the job at once."""
        if self.wake is not None:
            self.wake.set()

    def pushed(self, push: Push) -> None:
        """Something was said of the job unasked. The first word of its end counts."""
        self.was_pushed = True
        if self.push is None:
            self.push = push
        self.nudge()

    def see_end(self, view: JobView, reading: Reading, via: str) -> JobState:
        """Remembers the message that shows the end, and gives the state that it shows."""
        if view.state is None:
            raise AssertionError("an end has a state")
        self.outcome, self.view, self.value, self.seen_by = _OUTCOMES[view.state], view, reading.value, via
        inline = reading.job.output_inline if reading.job is not None else None
        address = resolve(reading.value, view.output_pointer) if view.output_pointer is not None else MISSING
        self.has_inline = inline is not None and not address and bool(view.output)
        return view.state

    def find(self, rule_id: str, message: str, direction: Direction, *, observed: object = None) -> None:
        """Adds a finding about the job as a whole."""
        self.findings.add((_finding(rule_id, message, direction, self.spec, self.entry.operation, observed),))

    def result(self, checker: Checker, redactor: Redactor) -> JobResult:
        """What became of it, without secrets. The address of the output stays as it is, to be fetched."""
        trace = checker.trace(self.spec, self.job_id) if self.job_id is not None else None
        low_s, high_s = self.times_s if trace is None else (trace.low_s, trace.high_s)
        output = self.view.output if self.view is not None else None
        text = output if isinstance(output, str) and output else None
        return JobResult(
            handle=self.handle,
            outcome=self.outcome or Outcome.UNFINISHED,
            output=None if self.has_inline else text,
            inline=text if self.has_inline else None,
            value=redactor.value(self.value),
            error=redactor.value(self.view.error) if self.view is not None else None,
            seen_by=self.seen_by,
            polls=self.polls,
            low_s=low_s,
            high_s=high_s,
            note=redactor.value(self.note),
            status=self.status,
            retry_after_s=self.retry_after_s,
            findings=tuple(redactor.finding(finding) for finding in self.findings.all),
            sightings=tuple(self.sightings or ()),
        )


def unanswered(handle: JobHandle, timeout_s: float) -> JobResult:
    """What is known of a blocking call that has not been answered yet."""
    message = f"the call has not been answered within {timeout_s:g} s; it is still held"
    finding = _finding("job.unfinished", message, Direction.RESPONSE, handle.spec, "generate", None)
    return JobResult(handle=handle, outcome=Outcome.UNFINISHED, note=message, findings=(finding,))


def _finding(
    rule_id: str, message: str, direction: Direction, spec: Spec, operation: str, observed: object
) -> Finding:
    return Finding(
        rule=rule(rule_id),
        message=message,
        field="",
        model=spec.ref,
        operation=operation,
        direction=direction,
        observed=observed,
    )
