"""One measured job, out of what the client saw and what the journal knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from harness.bench.measuring import measured_job, recalled_job
from harness.bench.schedule import Slot
from harness.client.entry import Entry, EntryState
from harness.client.results import JobHandle, JobResult, Mode, Outcome
from harness.client.sighting import Sighting
from harness.measurement.job import JobOutcome, MeasuredJob, Phase
from harness.spec.model import JobState
from harness.spec.store import SpecStore
from harness.stats.interval import Interval
from harness.wire.clock import Clock

SPEC = SpecStore().get("novita/kling-v2.6-pro-t2v")
SLOT = Slot(block=4, place=1, turn=2, model=SPEC.ref)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = Entry(
    id="e1",
    scope="bench r",
    model=SPEC.ref,
    provider="novita",
    operation="submit",
    server="https://api.novita.ai:443",
    state=EntryState.DONE,
    jobs=1,
    cost_microusd=350_000,
    counted=True,
    owner="",
    request="{}",
    reserved_utc="2026-03-01T12:00:09.000+00:00",
    job_id="job-1",
    sent_utc="2026-03-01T12:00:10.000+00:00",
    submitted_utc="2026-03-01T12:00:10.500+00:00",
    ended_utc="2026-03-01T12:02:10.000+00:00",
)
AHEAD_S = 40.0  # by so much is the provider's clock ahead of ours


async def asleep(_: float) -> None:
    """No test here waits."""


def clock(scale: float = 1.0) -> Clock:
    """Two minutes after the start, at which the client was made."""
    now = START + timedelta(seconds=120)
    return Clock(monotonic=lambda: 120.0 * scale, utc_now=lambda: now, sleep=asleep, scale=scale)


def dated(operation: str, sent_s: float, state: JobState | None) -> Sighting:
    """A message whose Date is by the provider's clock."""
    when = START + timedelta(seconds=int(sent_s + AHEAD_S))
    return Sighting(
        operation=operation,
        sent_s=sent_s,
        received_s=sent_s + 0.2,
        state=state,
        date=format_datetime(when, usegmt=True),
    )


SEEN = (
    dated("submit", 10.0, None),
    dated("poll", 60.4, JobState.RUNNING),
    dated("poll", 100.8, JobState.SUCCEEDED),
)


def result(outcome: Outcome = Outcome.SUCCEEDED, **more: Any) -> JobResult:
    handle = JobHandle(entry_id="e1", spec=SPEC, mode=Mode.POLL, job_id="job-1")
    return JobResult(handle=handle, outcome=outcome, **{"sightings": SEEN, **more})


def measured(found: JobResult, entry: Entry = ENTRY, *, scale: float = 1.0) -> MeasuredJob:
    return measured_job(SLOT, SPEC, found, entry, clock=clock(scale), mode="poll", asked_s=5.0, fetched=None)


def test_a_job_that_succeeded():
    """Its place in the plan, its times, its bill, and the provider's clock beside ours."""
    job = measured(result())

    assert (job.id, job.model, job.mode, job.block, job.place) == ("e1", SPEC.ref, "poll", 4, 1)
    assert job.submitted_at == START + timedelta(seconds=10)
    assert (job.outcome, job.asked_s, job.cost_usd, job.billed) == (JobOutcome.SUCCEEDED, 5.0, 0.35, True)
    assert (job.polls, job.poll_errors, job.job_id, job.note) == (2, 0, "job-1", None)
    total = job.intervals[Phase.TOTAL]
    assert (round(total.low_s, 6), round(total.high_s or 0, 6)) == (50.4, 91.0)
    assert job.clock_offset_s == pytest.approx(AHEAD_S, abs=0.5)


def test_with_a_scaled_clock_there_is_no_offset():
    """The wall clock does not keep the provider's pace then."""
    assert measured(result(), scale=100.0).clock_offset_s is None


@pytest.mark.parametrize(
    ("outcome", "counted", "billed"),
    [
        (Outcome.FAILED, True, None),
        (Outcome.REFUSED, True, None),
        (Outcome.REFUSED, False, False),
        (Outcome.UNSENT, False, False),
        (Outcome.POSSIBLY_BILLED, True, None),
    ],
)
def test_what_is_known_of_the_bill(outcome: Outcome, counted: bool, billed: bool | None):
    """Nobody says whether a failed job is billed; one that was never made is not."""
    assert measured(result(outcome), replace(ENTRY, counted=counted)).billed is billed


def test_what_was_no_job_has_no_time():
    """A refusal says how long its own answer took."""
    job = measured(result(Outcome.REFUSED, sightings=SEEN[:1]))
    assert set(job.intervals) == {Phase.SUBMIT}


def test_a_held_call_that_was_given_up():
    """Nothing was seen of it: it has taken as long as it is since it was sent."""
    job = measured(result(Outcome.UNFINISHED, sightings=()))
    assert job.intervals == {Phase.TOTAL: Interval(low_s=110.0, high_s=None)}
    assert measured(result(Outcome.UNFINISHED, sightings=()), replace(ENTRY, sent_utc=None)).intervals == {
        Phase.TOTAL: Interval(low_s=0.0, high_s=None)
    }


def test_everything_that_is_to_be_said():
    """What stood in the way, the provider's words, and what was not applied: each once."""
    last = replace(SEEN[2], stated={"completed_at": "2026-03-01T12:00:20Z"})
    job = measured(result(Outcome.FAILED, sightings=(*SEEN[:2], last), note="late", error="no luck"))
    assert job.note == "late; no luck; completed_at contradicts what was seen; it was not applied"


def recalled(outcome: Outcome = Outcome.SUCCEEDED, entry: Entry = ENTRY, **more: Any) -> MeasuredJob:
    found = result(outcome, sightings=(), **more)
    return recalled_job(SLOT, SPEC, found, entry, clock=clock(), mode="poll", asked_s=5.0)


class TestRecalled:
    def test_by_the_journal_alone(self):
        """It ended not later than it was written down."""
        job = recalled()
        assert job.intervals == {Phase.TOTAL: Interval(low_s=0.0, high_s=120.0)}
        assert (job.polls, job.billed, job.job_id) == (0, True, "job-1")
        assert (
            job.note == "the process ended between the job's end and its record: timed by the journal alone"
        )

    def test_one_that_may_have_been_made(self):
        """Has no time."""
        job = recalled(Outcome.POSSIBLY_BILLED, note="the process ended")
        assert (job.intervals, job.billed) == ({}, None)
        assert (job.note or "").startswith("the process ended; ")
