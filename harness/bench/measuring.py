"""One measured job, out of what the client saw and what the journal knows of it."""

from __future__ import annotations

from datetime import datetime

from harness.bench.phases import Measured, measure
from harness.bench.schedule import Slot
from harness.client.entry import Entry
from harness.client.fetch import Fetched
from harness.client.results import JobResult, Outcome
from harness.measurement.job import JobOutcome, MeasuredJob, Phase
from harness.spec.model import Spec
from harness.stats.interval import Interval
from harness.wire.clock import Clock

__all__ = ["measured_job", "recalled_job"]

_ENDED = frozenset({Outcome.SUCCEEDED, Outcome.FAILED, Outcome.CANCELLED})


def measured_job(
    slot: Slot,
    spec: Spec,
    result: JobResult,
    entry: Entry,
    *,
    clock: Clock,
    mode: str,
    asked_s: float | None,
    fetched: Fetched | None,
) -> MeasuredJob:
    """The job of a slot. `clock` is the client's; `entry` is read after the end."""
    found = measure(spec, result.sightings, has_ended=result.outcome in _ENDED, fetched=fetched)
    intervals = dict(found.intervals)
    if result.outcome not in (*_ENDED, Outcome.UNFINISHED):  # there was no job whose time it could be
        intervals.pop(Phase.TOTAL, None)
        intervals.pop(Phase.QUEUE, None)
    if result.outcome is Outcome.UNFINISHED and Phase.TOTAL not in intervals:
        intervals[Phase.TOTAL] = Interval(low_s=_since(entry.sent_utc, clock), high_s=None)
    notes = [note for note in (result.note, result.error, *found.notes, _lost(fetched)) if note]
    return MeasuredJob(
        id=entry.id,
        model=spec.ref,
        mode=mode,
        block=slot.block,
        place=slot.place,
        submitted_at=_moment(entry),
        outcome=JobOutcome(result.outcome.value),
        intervals=intervals,
        polls=found.polls,
        poll_errors=found.poll_errors,
        asked_s=asked_s,
        cost_usd=entry.cost_usd,
        billed=_billed(result.outcome, entry),
        evidence=found.evidence,
        clock_offset_s=_offset_s(found, clock),
        job_id=result.handle.job_id,
        note="; ".join(dict.fromkeys(notes)) or None,
    )


def recalled_job(
    slot: Slot, spec: Spec, result: JobResult, entry: Entry, *, clock: Clock, mode: str, asked_s: float | None
) -> MeasuredJob:
    """The job of a slot whose end an earlier process saw and could not keep: only the journal knows of it.

    Its end was written down at once, but when it was seen unfinished last, nobody remembers.
    """
    intervals: dict[Phase, Interval] = {}
    if result.outcome in _ENDED and entry.sent_utc is not None and entry.ended_utc is not None:
        took = datetime.fromisoformat(entry.ended_utc) - datetime.fromisoformat(entry.sent_utc)
        high_s = max(0.0, took.total_seconds() * clock.scale)
        intervals[Phase.TOTAL] = Interval(low_s=0.0, high_s=high_s)
    note = "the process ended between the job's end and its record: timed by the journal alone"
    return MeasuredJob(
        id=entry.id,
        model=spec.ref,
        mode=mode,
        block=slot.block,
        place=slot.place,
        submitted_at=_moment(entry),
        outcome=JobOutcome(result.outcome.value),
        intervals=intervals,
        asked_s=asked_s,
        cost_usd=entry.cost_usd,
        billed=_billed(result.outcome, entry),
        job_id=entry.job_id,
        note=f"{result.note}; {note}" if result.note else note,
    )


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.sent_utc or entry.reserved_utc)


def _since(utc: str | None, clock: Clock) -> float:
    """Provider seconds since a moment of the wall clock."""
    if utc is None:
        return 0.0
    return max(0.0, (clock.utc_now() - datetime.fromisoformat(utc)).total_seconds() * clock.scale)


def _billed(outcome: Outcome, entry: Entry) -> bool | None:
    """What is known of the bill: a delivered job is on it, one that was never made is not."""
    if outcome is Outcome.SUCCEEDED:
        return True
    return None if entry.counted else False


def _offset_s(found: Measured, clock: Clock) -> float | None:
    """The provider's clock minus ours; with a scaled clock there is nothing to compare it with."""
    if found.offset is None or clock.scale != 1.0:
        return None
    return found.offset.middle_s - (clock.utc_now().timestamp() - clock.monotonic())


def _lost(fetched: Fetched | None) -> str | None:
    if fetched is None or fetched.error is None:
        return None
    return f"the video did not come: {fetched.error}"
