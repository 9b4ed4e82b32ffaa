"""The states of an entry as a table."""

from __future__ import annotations

from harness.client.entry import ENDED, FOLLOWS, OPEN, PAID, EntryState, of_job
from harness.spec.model import JobState
from harness.wire.lifecycle import TERMINAL
from tests.client.entries import DRAFT


def test_every_state_is_open_or_ended():
    """And what is paid has ended."""
    assert frozenset(EntryState) == OPEN | ENDED
    assert not OPEN & ENDED
    assert PAID < ENDED


def test_from_every_open_state_an_end_can_be_reached():
    """No entry is stuck, and none is ever sent twice."""
    for state in OPEN:
        assert FOLLOWS[state] & (ENDED | {EntryState.SENT, EntryState.SUBMITTED})
    assert all(EntryState.RESERVED not in after for after in FOLLOWS.values())
    assert [state for state, after in FOLLOWS.items() if EntryState.SENT in after] == [EntryState.RESERVED]


def test_every_end_of_a_job_is_a_paid_state():
    """A job that failed or was cancelled may have cost something, too."""
    assert {of_job(state) for state in TERMINAL} == PAID
    assert of_job(JobState.SUCCEEDED) is EntryState.DONE


def test_cost_in_dollars():
    """None where no price is known."""
    assert DRAFT.cost_usd == 0.35
