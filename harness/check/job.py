"""The life cycle of one job as a series of looks at it, from whatever message each came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.check.rules import rule
from harness.finding import Direction, Finding, Location, wildcard
from harness.spec.model import Job, JobState, Spec
from harness.spec.pointer import join, split
from harness.wire.job import JobView
from harness.wire.lifecycle import TERMINAL, may_follow

__all__ = ["JobTrace", "Look", "look_findings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one job: what a message said of it, when, and where that stands.

    `job` is the block of the spec it was read through. `asked_for` is the id in the request, None where the
    provider spoke unasked. `covered` are pointers that the message's own judgement found fault with.
    """

    view: JobView
    job: Job
    direction: Direction
    operation: str | None
    subject: Location
    asked_for: str | None = None
    sent_s: float | None = None
    received_s: float | None = None
    covered: frozenset[str] = frozenset()

    @property
    def is_astray(self) -> bool:
        """Whether it speaks of another job than the one asked for, and so says nothing of that one."""
        return self.asked_for is not None and self.view.id not in (None, self.asked_for)

    def is_covered(self, pointer: str) -> bool:
        """Whether the message's own judgement found fault with what stands at a pointer, or around it."""
        tokens = split(pointer)
        return any(join(tokens[:depth]) in self.covered for depth in range(len(tokens) + 1))


@dataclass(slots=True)
class JobTrace:
    """What has been seen of one job so far.

    Times are seconds on the recording's clock. `low_s` and `high_s` bound the job's latency: it ended after
    `low_s` and not later than `high_s` (None: its end was not seen) from when it was submitted; both None
    without a timeline.
    """

    id: str
    state: JobState | None = None
    state_subject: Location | None = None
    progress_percent: float | None = None
    polls: int = 0
    submit_sent_s: float | None = None
    submit_received_s: float | None = None
    last_pending_sent_s: float | None = None
    ended_s: float | None = None
    looks: list[Look] = field(default_factory=list)

    @property
    def mode(self) -> str:
        """How its end was waited for: `blocking`, `events`, `webhook` or `poll`."""
        operations = {look.operation for look in self.looks}
        if "generate" in operations:
            return "blocking"
        if "poll" in operations:
            return "poll"
        directions = {look.direction for look in self.looks}
        return "events" if Direction.EVENT in directions else "webhook"

    @property
    def low_s(self) -> float | None:
        """The job certainly took longer than this."""
        if self.submit_received_s is None:
            return None
        pending = self.last_pending_sent_s
        low_s = max(0.0, pending - self.submit_received_s) if pending is not None else 0.0
        return low_s if self.high_s is None else min(low_s, self.high_s)  # where the clocks disagree

    @property
    def high_s(self) -> float | None:
        """The job certainly took no longer than this; None while its end is not seen."""
        if self.submit_sent_s is None or self.ended_s is None:
            return None
        return max(0.0, self.ended_s - self.submit_sent_s)

    def take(self, look: Look) -> None:
        """Remembers a look; its findings are asked for before."""
        self.looks.append(look)
        view = look.view
        if look.operation == "poll":
            self.polls += 1
        if look.is_astray:
            return
        if look.operation in ("submit", "generate") and self.submit_sent_s is None:
            self.submit_sent_s, self.submit_received_s = look.sent_s, look.received_s
        if view.state is not None:
            self._take_state(view.state, look)
        if view.progress_percent is not None:
            self.progress_percent = view.progress_percent

    def _take_state(self, state: JobState, look: Look) -> None:
        if state in TERMINAL and look.received_s is not None:
            seen = (self.ended_s, look.received_s)
            self.ended_s = min(time_s for time_s in seen if time_s is not None)
        if self.state in TERMINAL:
            return  # whatever is said after the end, it has ended
        self.state, self.state_subject = state, look.subject
        if state not in TERMINAL and look.sent_s is not None:
            self.last_pending_sent_s = look.sent_s


def look_findings(spec: Spec, trace: JobTrace | None, look: Look) -> Iterator[Finding]:
    """What is wrong with a look, given what was seen of the job before (None: nothing)."""
    yield from _identity(spec, look)
    yield from _status(spec, look)
    yield from _output(spec, look)
    if trace is not None and not look.is_astray:
        yield from _order(spec, trace, look)


def _finding(
    spec: Spec, rule_id: str, look: Look, message: str, *, pointer: str | None, member: str, **values: object
) -> Iterator[Finding]:
    if pointer is not None and look.is_covered(pointer):
        return  # the message's own judgement has said it
    yield Finding(
        rule=rule(rule_id),
        message=message,
        field=wildcard(pointer or ""),
        pointer=pointer,
        model=spec.ref,
        operation=look.operation,
        direction=look.direction,
        facet=member,
        expected=values.get("expected"),
        observed=values.get("observed"),
        source=spec.location_at(f"{look.job.at}/{member}"),
        subject=look.subject,
    )


def _identity(spec: Spec, look: Look) -> Iterator[Finding]:
    view = look.view
    if look.operation == "submit" and look.job.id is not None and not view.id:
        message = f"{view.id_pointer}: the answer does not carry the job's id"
        yield from _finding(spec, "job.id-missing", look, message, pointer=view.id_pointer, member="id")
    if view.id is not None and look.asked_for is not None and view.id != look.asked_for:
        message = f"{view.id_pointer}: asked for job {look.asked_for!r}, got {view.id!r}"
        yield from _finding(
            spec,
            "job.id-changed",
            look,
            message,
            pointer=view.id_pointer,
            member="id",
            expected="the id asked for",
            observed=view.id,
        )


def _status(spec: Spec, look: Look) -> Iterator[Finding]:
    view = look.view
    if look.job.status is None or view.state is not None:
        return
    if view.word is None and look.operation == "submit" and not view.id:
        return  # there is no job in the answer at all, which has been said
    if view.word is None:
        message = f"{view.word_pointer}: the answer does not say the job's status"
        yield from _finding(
            spec, "job.status-missing", look, message, pointer=view.word_pointer, member="status"
        )
        return
    known = ", ".join(look.job.states)
    message = f"{view.word_pointer}: status {view.word!r} is none of the documented: {known}"
    yield from _finding(
        spec,
        "job.status-unknown",
        look,
        message,
        pointer=view.word_pointer,
        member="states",
        expected=list(look.job.states),
        observed=view.word,
    )


def _output(spec: Spec, look: Look) -> Iterator[Finding]:
    view = look.view
    if view.state is JobState.SUCCEEDED and look.job.output is not None and not view.output:
        message = f"{view.output_pointer}: the job succeeded and the answer carries no output"
        yield from _finding(
            spec, "job.output-missing", look, message, pointer=view.output_pointer, member="output"
        )


def _order(spec: Spec, trace: JobTrace, look: Look) -> Iterator[Finding]:
    view = look.view
    earlier = trace.state
    if look.sent_s is not None and trace.ended_s is not None and look.sent_s < trace.ended_s:
        return  # an answer may be as old as its request, and the end was heard of meanwhile
    if view.state is not None and earlier is not None and not may_follow(earlier, view.state):
        rule_id = "job.terminal-changed" if earlier in TERMINAL else "job.went-backwards"
        place = view.word_pointer or "the answer"
        message = f"{place}: job {trace.id!r} was {earlier.value} and is now {view.state.value}"
        yield from _finding(
            spec,
            rule_id,
            look,
            message,
            pointer=view.word_pointer,
            member="status",
            expected=earlier.value,
            observed=view.state.value,
        )
    before, now = trace.progress_percent, view.progress_percent
    if before is not None and now is not None and now < before:
        pointer = look.job.progress_percent
        message = f"{pointer}: progress of job {trace.id!r} went from {before} to {now} percent"
        yield from _finding(
            spec,
            "job.progress-decreased",
            look,
            message,
            pointer=pointer,
            member="progress_percent",
            expected="no less than before",
            observed=now,
        )
