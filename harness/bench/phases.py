"""From the messages about one job to its phases, each an interval in provider seconds.

A job ended after the last poll was sent that saw it unfinished, and not later than the first message came
that showed its end. What the provider states of its own clock narrows that where the clocks allow it; what
would leave nothing contradicts what was seen, is not applied, and is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from harness.bench.offset import Moment, Offset, moment_of, offset_by, offset_of
from harness.client.fetch import Fetched
from harness.client.sighting import Sighting
from harness.measurement.job import Phase
from harness.spec.model import JobState, Spec
from harness.stats.interval import Interval
from harness.wire.lifecycle import TERMINAL

__all__ = ["Measured", "measure", "tells_queue_from_run"]

_PUSHED = ("event", "webhook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the messages about one job say of its time.

    `evidence` names what, beside polls, narrowed an interval. `offset` is None where the clocks could not be
    compared. `notes` say what was not applied, and why.
    """

    intervals: Mapping[Phase, Interval]
    polls: int
    poll_errors: int
    evidence: tuple[str, ...] = ()
    offset: Offset | None = None
    notes: tuple[str, ...] = ()


def tells_queue_from_run(spec: Spec) -> bool:
    """Whether the answers to polls have a word for a job that waits, so that one that runs is known to."""
    blocks = (response.job for response in spec.operations["poll"].responses.values())
    return any(JobState.QUEUED in job.states.values() for job in blocks if job is not None)


@dataclass(slots=True)
class _Between:
    """A moment on the client's clock that lies in (low_s, high_s]."""

    low_s: float
    high_s: float = inf

    def narrowed(self, low_s: float, high_s: float) -> bool:
        """Takes further bounds, if they leave anything: whether they did."""
        low_s, high_s = max(self.low_s, low_s), min(self.high_s, high_s)
        if low_s > high_s:
            return False
        self.low_s, self.high_s = low_s, high_s
        return True


@dataclass(slots=True, kw_only=True)
class _Course:
    """One job on the client's clock: when it was sent, accepted, started and ended."""

    sightings: Sequence[Sighting]
    submit: Sighting
    knows_queue: bool
    sent: _Between
    accepted: _Between
    started: _Between
    ended: _Between
    evidence: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def apply(self, name: str, moment: _Between, low_s: float, high_s: float) -> None:
        """Lets evidence narrow a moment, or says that it contradicts what was seen."""
        before = (moment.low_s, moment.high_s)
        if not moment.narrowed(low_s, high_s):
            self.notes.append(f"{name} contradicts what was seen; it was not applied")
        elif (moment.low_s, moment.high_s) != before:
            self.evidence.append(name)

    def stated(self, name: str, *, at_end: bool = False) -> object:
        """The last that is stated under a name; at its end: what the message that shows it states."""
        found = [one for one in self.sightings if name in one.stated]
        if at_end:
            found = [one for one in found if one.state in TERMINAL]
        return found[-1].stated[name] if found else None


def measure(
    spec: Spec,
    sightings: Sequence[Sighting],
    *,
    has_ended: bool,
    fetched: Fetched | None = None,
) -> Measured:
    """The phases of one job out of its sightings, in the order in which they came.

    `has_ended` is False for a job that was given up: what is open then has no upper end. `fetched` is its
    video's download. Without a submit there is nothing.
    """
    polls = [one for one in sightings if one.operation == "poll"]
    poll_errors = sum(not one.answered for one in polls)
    submit = next((one for one in sightings if one.operation in ("submit", "generate")), None)
    if submit is None or submit.sent_s is None:
        return Measured(intervals={}, polls=len(polls), poll_errors=poll_errors)
    if submit.operation == "generate":
        return _of_blocking(submit, has_ended=has_ended, fetched=fetched, polls=len(polls))
    course = _course(sightings, submit, submit.sent_s, knows_queue=tells_queue_from_run(spec))
    if not has_ended:
        course.ended.high_s = inf
    offset = _by_clock(course)
    if fetched is not None:
        _by_file(course, fetched)
    return Measured(
        intervals=_intervals(course, fetched),
        polls=len(polls),
        poll_errors=poll_errors,
        evidence=tuple(dict.fromkeys(course.evidence)),
        offset=offset,
        notes=tuple(course.notes),
    )


def _of_blocking(submit: Sighting, *, has_ended: bool, fetched: Fetched | None, polls: int) -> Measured:
    """A call that is answered when the job is done: ready is when the answer is here, and that is seen."""
    took_s = submit.received_s - (submit.sent_s or 0.0)
    total = Interval(low_s=took_s, high_s=took_s if has_ended else None)
    intervals = {Phase.TOTAL: total}
    if fetched is not None and fetched.received_s is not None and fetched.is_whole:
        intervals[Phase.DELIVERY] = _exactly(fetched.received_s - submit.received_s)
    return Measured(intervals=intervals, polls=polls, poll_errors=0)


def _exactly(seconds: float) -> Interval:
    return Interval(low_s=max(0.0, seconds), high_s=max(0.0, seconds))


def _course(sightings: Sequence[Sighting], submit: Sighting, sent_s: float, *, knows_queue: bool) -> _Course:
    sent = _Between(sent_s, submit.received_s if submit.recovered else sent_s)
    course = _Course(
        sightings=sightings,
        submit=submit,
        knows_queue=knows_queue,
        sent=sent,
        accepted=_Between(sent_s, submit.received_s),
        started=_Between(sent_s),
        ended=_Between(sent_s),
    )
    for sighting in sightings:
        _take(course, sighting)
    return course


def _take(course: _Course, seen: Sighting) -> None:
    """One more message: what it says of the start and of the end."""
    started, ended = course.started, course.ended
    if seen.state is None:
        return
    if seen.state in TERMINAL:
        if seen.received_s < ended.high_s:
            ended.high_s = seen.received_s
            course.evidence += [seen.operation] if seen.operation in _PUSHED else []
    elif seen.sent_s is not None:
        if seen.sent_s >= ended.high_s:  # the end that was shown before is taken back: it was none
            ended.high_s = inf
        ended.low_s = max(ended.low_s, min(seen.sent_s, ended.high_s))
    if seen.state is JobState.QUEUED:
        if seen.sent_s is not None and started.high_s == inf:  # one that ran does not wait any more
            started.low_s = max(started.low_s, seen.sent_s)
    else:
        started.high_s = min(started.high_s, seen.received_s)


def _by_clock(course: _Course) -> Offset | None:
    """Moments that the provider states, where its clock can be compared with ours."""
    offset = offset_of(course.sightings)
    moments = {
        name: moment
        for name in ("started_at", "completed_at")
        if (moment := moment_of(course.stated(name))) is not None
    }
    if offset is None or not offset.is_usable:
        if moments:
            names = " and ".join(moments)
            course.notes.append(f"the provider's clock cannot be compared with ours; not applied: {names}")
        return offset
    if "started_at" in moments:
        course.apply("started_at", course.started, *offset.on_our_clock(moments["started_at"]))
    if "completed_at" in moments and course.ended.high_s < inf:
        course.apply("completed_at", course.ended, *offset.on_our_clock(moments["completed_at"]))
    return offset


def _predicted(course: _Course) -> Moment | None:
    """The duration that the provider states of the run, with the width of its last digit.

    Not as a moment: a duration has no milliseconds to be told from.
    """
    value = course.stated("predict_time_s", at_end=True)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < inf:
        return None
    digits = len(str(value).partition(".")[2]) if isinstance(value, float) and "e" not in str(value) else 0
    step_s = 10.0**-digits
    return Moment(low_s=max(0.0, value - step_s), high_s=value + step_s)


def _by_file(course: _Course, fetched: Fetched) -> None:
    """The video was ready when its file was written, by the clock of whoever serves it.

    Both ends are taken or none: a bound on one side that moves with the very moment that is measured would
    bias every estimate that takes the interval for one of polls.
    """
    offset = offset_by(fetched.date, fetched.sent_s, fetched.answered_s)
    written = offset_by(fetched.last_modified, 0.0, 0.0)  # as a Date header: cut off to seconds
    if offset is not None and offset.is_usable and written is not None and course.ended.high_s < inf:
        moment = Moment(low_s=written.low_s, high_s=written.high_s)
        course.apply("last_modified", course.ended, *offset.on_our_clock(moment))


def _intervals(course: _Course, fetched: Fetched | None) -> dict[Phase, Interval]:
    submit, sent, ended = course.submit, course.sent, course.ended
    took_s = submit.received_s - sent.low_s
    found = {
        Phase.SUBMIT: Interval(low_s=0.0 if submit.recovered else took_s, high_s=took_s),
        Phase.TOTAL: _from(sent, ended),
    }
    if course.knows_queue:
        started = _Between(course.started.low_s, min(course.started.high_s, ended.high_s))
        found[Phase.QUEUE] = _from(course.accepted, started)
        if course.started.high_s < inf:
            found[Phase.GENERATION] = _from(started, ended)
    _narrow_generation(course, found)
    if fetched is not None and fetched.is_whole and fetched.received_s is not None and ended.high_s < inf:
        arrived = _Between(fetched.received_s, fetched.received_s)
        found[Phase.DELIVERY] = _from(ended, arrived)
    return found


def _from(begin: _Between, end: _Between) -> Interval:
    low_s = max(0.0, end.low_s - begin.high_s)
    return Interval(low_s=low_s, high_s=None if end.high_s == inf else max(low_s, end.high_s - begin.low_s))


def _narrow_generation(course: _Course, found: dict[Phase, Interval]) -> None:
    """The stated duration of the run is that of this phase, seen or not."""
    predicted = _predicted(course)
    if predicted is None:
        return
    seen = found.get(Phase.GENERATION)
    if seen is None:
        found[Phase.GENERATION] = Interval(low_s=predicted.low_s, high_s=predicted.high_s)
        course.evidence.append("predict_time")
        return
    between = _Between(seen.low_s, inf if seen.high_s is None else seen.high_s)
    course.apply("predict_time", between, predicted.low_s, predicted.high_s)
    high_s = None if between.high_s == inf else between.high_s
    found[Phase.GENERATION] = Interval(low_s=between.low_s, high_s=high_s)
