"""From messages about a job to its phases."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from harness.bench.phases import Measured, measure, tells_queue_from_run
from harness.client.fetch import Fetched
from harness.client.sighting import Sighting
from harness.measurement.job import Phase
from harness.spec.model import JobState
from harness.spec.store import SpecStore
from harness.stats.interval import Interval

STORE = SpecStore()
NOVITA = STORE.get("novita/kling-v2.6-pro-t2v")
EACHLABS = STORE.get("eachlabs/kling-v2-6-pro-text-to-video")
CLOCK_S = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
QUEUED, RUNNING, DONE, FAILED = JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED, JobState.FAILED


def span(low_s: float, high_s: float | None) -> Interval:
    """An interval, as floats add up to it."""
    return pytest.approx(Interval(low_s=low_s, high_s=high_s))  # type: ignore[return-value]


def submit(sent_s: float = 10.0, received_s: float = 10.5, **more: Any) -> Sighting:
    return Sighting(operation="submit", sent_s=sent_s, received_s=received_s, **more)


def poll(
    at_s: float, state: JobState | None, *, took_s: float = 0.5, dated: bool = False, **stated: Any
) -> Sighting:
    """A poll sent at a moment; its Date is by a clock that shows noon at our zero."""
    date = None
    if dated:
        moment = datetime.fromtimestamp(int(CLOCK_S + at_s + took_s / 2), UTC)
        date = format_datetime(moment, usegmt=True)
    return Sighting(
        operation="poll",
        sent_s=at_s,
        received_s=at_s + took_s,
        state=state,
        answered=state is not None,
        date=date,
        stated=stated,
    )


def ends(found: Measured, phase: Phase = Phase.TOTAL) -> tuple[float, float | None]:
    """A phase as rounded ends."""
    one = found.intervals[phase]
    return round(one.low_s, 6), None if one.high_s is None else round(one.high_s, 6)


class TestByPolls:
    def test_each_phase(self):
        """Accepted, waiting, running, done: each lies between the polls around it."""
        seen = [submit(), poll(20, QUEUED), poll(40, RUNNING), poll(90, RUNNING), poll(100, DONE)]
        found = measure(NOVITA, seen, has_ended=True)

        assert {phase: ends(found, phase) for phase in found.intervals} == {
            Phase.SUBMIT: (0.5, 0.5),
            Phase.TOTAL: (80.0, 90.5),
            Phase.QUEUE: (9.5, 30.5),
            Phase.GENERATION: (49.5, 80.5),
        }
        assert (found.polls, found.poll_errors, found.evidence, found.notes) == (4, 0, (), ())

    def test_failed_polls_widen(self):
        """What was not answered bounds nothing."""
        seen = [submit(), poll(20, RUNNING), poll(40, None), poll(60, None), poll(100, DONE)]
        found = measure(NOVITA, seen, has_ended=True)

        assert ends(found) == (10.0, 90.5)
        assert (found.polls, found.poll_errors) == (4, 2)

    def test_not_ended(self):
        """What is open has no upper end."""
        found = measure(NOVITA, [submit(), poll(20, QUEUED), poll(310, RUNNING)], has_ended=False)

        assert ends(found) == (300.0, None)
        assert ends(found, Phase.GENERATION) == (0.0, None)
        waiting = measure(NOVITA, [submit(), poll(20, QUEUED)], has_ended=False)
        assert ends(waiting, Phase.QUEUE) == (9.5, None)
        assert Phase.GENERATION not in waiting.intervals

    def test_without_a_poll_that_saw_it_unfinished(self):
        """It took longer than nothing."""
        assert ends(measure(NOVITA, [submit(), poll(12, DONE)], has_ended=True)) == (0.0, 2.5)

    def test_where_running_says_nothing(self):
        """A seller without a word for a job that waits: neither queue nor generation is seen."""
        assert not tells_queue_from_run(EACHLABS)
        assert tells_queue_from_run(NOVITA)
        found = measure(EACHLABS, [submit(), poll(20, RUNNING), poll(100, DONE)], has_ended=True)

        assert set(found.intervals) == {Phase.SUBMIT, Phase.TOTAL}

    def test_an_end_that_is_taken_back(self):
        """Is none: the job was seen unfinished after it."""
        seen = [submit(), poll(20, RUNNING), poll(40, FAILED), poll(60, RUNNING), poll(80, DONE)]
        assert ends(measure(NOVITA, seen, has_ended=True)) == (50.0, 70.5)

    def test_an_end_that_is_seen_twice(self):
        """Ended when it was seen first."""
        seen = [submit(), poll(20, RUNNING), poll(40, FAILED), poll(60, FAILED)]
        assert ends(measure(NOVITA, seen, has_ended=True)) == (10.0, 30.5)

    def test_a_job_that_goes_back_to_waiting(self):
        """Had started all the same when it was seen running first."""
        seen = [submit(), poll(20, RUNNING), poll(40, QUEUED), poll(60, RUNNING), poll(80, DONE)]
        found = measure(NOVITA, seen, has_ended=True)

        assert ends(found, Phase.QUEUE) == (0.0, 10.5)
        assert ends(found) == (50.0, 70.5)

    def test_out_of_the_journal(self):
        """Sent at some moment between the two that the journal knows."""
        seen = [submit(10.0, 13.0, recovered=True), poll(90, RUNNING), poll(100, DONE)]
        found = measure(NOVITA, seen, has_ended=True)

        assert ends(found) == (77.0, 90.5)
        assert ends(found, Phase.SUBMIT) == (0.0, 3.0)

    def test_nothing_was_sent(self):
        """Then nothing is measured."""
        assert measure(NOVITA, [], has_ended=False) == Measured(intervals={}, polls=0, poll_errors=0)


class TestPushed:
    def test_an_event_ends_it(self):
        """Its arrival is the upper end, and evidence."""
        event = Sighting(operation="event", sent_s=None, received_s=92.0, state=DONE)
        found = measure(NOVITA, [submit(), poll(20, RUNNING), poll(80, RUNNING), event], has_ended=True)

        assert ends(found) == (70.0, 82.0)
        assert found.evidence == ("event",)

    def test_a_poll_that_was_under_way(self):
        """Sent before the end and answered after it: both hold."""
        event = Sighting(operation="event", sent_s=None, received_s=90.2, state=DONE)
        seen = [submit(), event, poll(90, RUNNING)]
        assert ends(measure(NOVITA, seen, has_ended=True)) == (80.0, 80.2)

    def test_a_call_that_proves_nothing(self):
        """A webhook call without a secret has no state here, and bounds nothing."""
        call = Sighting(operation="webhook", sent_s=None, received_s=50.0)
        assert ends(measure(NOVITA, [submit(), call, poll(60, DONE)], has_ended=True)) == (0.0, 50.5)


class TestBlocking:
    def test_the_answer_is_the_end(self):
        """Ready is when the answer is here: seen exactly."""
        held = Sighting(operation="generate", sent_s=5.0, received_s=405.0, state=DONE)
        found = measure(NOVITA, [held], has_ended=True, fetched=fetched(received_s=409.0))

        assert ends(found) == (400.0, 400.0)
        assert ends(found, Phase.DELIVERY) == (4.0, 4.0)
        assert Phase.SUBMIT not in found.intervals


def fetched(
    *, received_s: float, last_modified: str | None = None, date: str | None = None, **more: Any
) -> Fetched:
    return Fetched(
        **{  # type: ignore[arg-type]
            "status": 200,
            "size_bytes": 1,
            "sha256": "x",
            "content_type": None,
            "head": b"",
            "error": None,
            "sent_s": received_s - 1.0,
            "answered_s": received_s - 0.9,
            "received_s": received_s,
            "date": date,
            "last_modified": last_modified,
            **more,
        }
    )


def ms(at_s: float) -> int:
    """A moment of our clock as the provider states it."""
    return int((CLOCK_S + at_s) * 1000)


class TestEvidence:
    def test_moments_by_the_providers_clock(self):
        """Where its clock can be compared with ours, they narrow the start and the end."""
        stated = {"queued_at": ms(10.2), "started_at": ms(25.0), "completed_at": ms(95.0)}
        seen = [
            submit(date=format_datetime(datetime.fromtimestamp(CLOCK_S + 10, UTC), usegmt=True)),
            poll(20.3, QUEUED, dated=True),
            poll(40.7, RUNNING, dated=True),
            poll(100.9, DONE, dated=True, **stated),
        ]
        found = measure(NOVITA, seen, has_ended=True)

        assert found.evidence == ("started_at", "completed_at")
        assert found.offset is not None
        assert found.offset.low_s <= CLOCK_S <= found.offset.high_s
        low_s, high_s = ends(found)
        assert low_s <= 85.0 <= (high_s or 0)
        assert (high_s or 0) - low_s < 0.6
        queue_low_s, queue_high_s = ends(found, Phase.QUEUE)
        assert queue_low_s <= 15.0 <= (queue_high_s or 0)
        assert found.notes == ()

    def test_what_contradicts_the_polls_is_not_applied(self):
        """The interval stays as it was seen, and it is said."""
        seen = [
            submit(),
            poll(20.3, RUNNING, dated=True),
            poll(60.7, RUNNING, dated=True),
            poll(100.9, DONE, dated=True, completed_at=ms(40.0)),
        ]
        found = measure(NOVITA, seen, has_ended=True)

        assert ends(found) == (50.7, 91.4)
        assert found.notes == ("completed_at contradicts what was seen; it was not applied",)
        assert found.evidence == ()

    def test_clocks_that_cannot_be_compared(self):
        """No Date: what it states of its own clock says nothing of ours."""
        seen = [submit(), poll(20, RUNNING), poll(100, DONE, completed_at=ms(95.0), started_at=ms(15.0))]
        found = measure(NOVITA, seen, has_ended=True)

        assert ends(found) == (10.0, 90.5)
        assert found.notes == (
            "the provider's clock cannot be compared with ours; not applied: started_at and completed_at",
        )

    def test_a_stated_duration_is_that_of_the_run(self):
        """It needs no clock, and says nothing of the total, which has more in it than the run."""
        seen = [submit(), poll(20, RUNNING), poll(100, DONE, predict_time_s=70.5)]
        found = measure(EACHLABS, seen, has_ended=True)

        assert ends(found, Phase.GENERATION) == (70.4, 70.6)
        assert ends(found) == (10.0, 90.5)
        assert found.evidence == ("predict_time",)

    def test_a_stated_duration_beside_polls(self):
        """It narrows what was seen, or contradicts it."""
        seen = [submit(), poll(20, QUEUED), poll(40, RUNNING), poll(90, RUNNING)]
        fits = measure(NOVITA, [*seen, poll(100, DONE, predict_time_s=60)], has_ended=True)
        cannot = measure(NOVITA, [*seen, poll(100, DONE, predict_time_s=200)], has_ended=True)

        assert ends(fits, Phase.GENERATION) == (59.0, 61.0)
        assert ends(cannot, Phase.GENERATION) == (49.5, 80.5)
        assert cannot.notes == ("predict_time contradicts what was seen; it was not applied",)

    @pytest.mark.parametrize("value", ["70", True, -1.0, float("inf"), None])
    def test_durations_that_are_none(self, value: object):
        """Are passed over."""
        seen = [submit(), poll(20, RUNNING), poll(100, DONE, predict_time_s=value)]
        assert Phase.GENERATION not in measure(EACHLABS, seen, has_ended=True).intervals

    def test_the_file(self):
        """The moment of its writing, by the clock of whoever serves it."""
        date, modified = (
            format_datetime(datetime.fromtimestamp(CLOCK_S + at, UTC), usegmt=True) for at in (101, 95)
        )
        file = fetched(received_s=102.1, date=date, last_modified=modified)
        found = measure(
            EACHLABS, [submit(), poll(20, RUNNING), poll(100, DONE)], has_ended=True, fetched=file
        )

        low_s, high_s = ends(found)
        assert low_s <= 85.5 <= (high_s or 0)
        assert (high_s or 0) - low_s <= 2.2
        assert found.evidence == ("last_modified",)
        assert ends(found, Phase.DELIVERY) == (round(92.1 - (high_s or 0), 6), round(92.1 - low_s, 6))

    def test_a_file_that_did_not_come(self):
        """Has no delivery."""
        file = fetched(received_s=102.1, error="status 404 instead of the output")
        found = measure(
            EACHLABS, [submit(), poll(20, RUNNING), poll(100, DONE)], has_ended=True, fetched=file
        )
        assert Phase.DELIVERY not in found.intervals
