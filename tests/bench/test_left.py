"""What an earlier process left of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from harness.bench.left import left_of
from harness.bench.schedule import Slot, slots_of
from harness.client.entry import Entry, EntryState
from harness.measurement.job import JobOutcome, MeasuredJob

SLOTS = slots_of(("a/x", "b/y"), seed=1, blocks=3)


def entry(number: int, model: str, state: EntryState, **more: str | None) -> Entry:
    """The n-th entry of the journal; each is sent at a time of its own."""
    at = f"2026-03-01T12:00:{number:02d}.000+00:00"
    made = Entry(
        id=f"e{number}",
        scope="bench r",
        model=model,
        provider=model.partition("/")[0],
        operation="submit",
        server="http://127.0.0.1:1",
        state=state,
        jobs=1,
        cost_microusd=None,
        counted=True,
        owner="",
        request="{}",
        reserved_utc=at,
        job_id=None if state in (EntryState.RESERVED, EntryState.SENT) else f"job-{number}",
        sent_utc=None if state is EntryState.RESERVED else at,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def kept(slot: Slot, entry_id: str) -> MeasuredJob:
    return MeasuredJob(
        id=entry_id,
        model=slot.model,
        mode="poll",
        block=slot.block,
        place=slot.place,
        submitted_at=datetime(2026, 3, 1, tzinfo=UTC),
        outcome=JobOutcome.SUCCEEDED,
    )


def of(model: str) -> list[Slot]:
    return [slot for slot in SLOTS if slot.model == model]


def test_nothing_was_begun():
    """Everything is to be sent."""
    left = left_of(SLOTS, (), ())
    assert (left.sent, left.unsent, left.never_sent) == ((), SLOTS, ())


def test_the_next_entry_is_of_the_next_slot():
    """Of its model: those that are kept have theirs already."""
    first_a, second_a, _ = of("a/x")
    first_b = of("b/y")[0]
    one, two, three = (
        entry(1, "a/x", EntryState.DONE),
        entry(2, "b/y", EntryState.SUBMITTED),
        entry(3, "a/x", EntryState.SENT),
    )
    left = left_of(SLOTS, (one, two, three), (kept(first_a, "e1"),))

    assert left.sent == ((first_b, two), (second_a, three))
    assert left.unsent == tuple(slot for slot in SLOTS if slot not in (first_a, second_a, first_b))


def test_an_end_that_was_not_kept():
    """Is of its slot all the same: it is recalled, not sent again."""
    done = entry(1, "a/x", EntryState.DONE)
    assert left_of(SLOTS, (done,), ()).sent == ((of("a/x")[0], done),)


def test_what_never_left_the_machine():
    """Makes no job: its slot is sent, and an entry that is still open is given up."""
    open_one = entry(1, "a/x", EntryState.RESERVED)
    given_up = replace(entry(2, "a/x", EntryState.ABANDONED), job_id=None)
    left = left_of(SLOTS, (open_one, given_up), ())

    assert (left.sent, left.unsent, left.never_sent) == ((), SLOTS, (open_one,))


def test_further_jobs_of_one_request():
    """Belong to its slot, and to no other."""
    one = entry(1, "a/x", EntryState.SUBMITTED)
    sibling = replace(one, id="e9", job_id="job-9")
    left = left_of(SLOTS, (one, sibling), ())

    assert left.sent == ((of("a/x")[0], one),)


def test_all_is_done():
    """Nothing is left."""
    jobs = [kept(slot, f"e{at}") for at, slot in enumerate(SLOTS)]
    left = left_of(SLOTS, (), jobs)
    assert (left.sent, left.unsent) == ((), ())
