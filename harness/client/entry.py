"""One job in the journal: its states as a table, and what is known of it.

Two rules for what may stand in this file: what an entry can be and become, and nothing of how it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from harness.spec.model import JobState

__all__ = ["ENDED", "FOLLOWS", "OPEN", "PAID", "Entry", "EntryState", "of_job"]


class EntryState(StrEnum):
    """How far a job has come, as far as this side knows."""

    RESERVED = "reserved"  # its worst case is counted; nothing was sent
    SENT = "sent"  # the request is being sent, or its answer is awaited
    SUBMITTED = "submitted"  # the provider has named the job
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # the provider answered that it will not do it
    POSSIBLY_BILLED = "possibly_billed"  # the provider may have the job; its id is not known
    ABANDONED = "abandoned"  # it never reached the provider, or the operator gave it up


OPEN = frozenset({EntryState.RESERVED, EntryState.SENT, EntryState.SUBMITTED})
PAID = frozenset({EntryState.DONE, EntryState.FAILED, EntryState.CANCELLED})
ENDED = frozenset(EntryState) - OPEN

FOLLOWS: Mapping[EntryState, frozenset[EntryState]] = {
    EntryState.RESERVED: frozenset({EntryState.SENT, EntryState.ABANDONED}),
    EntryState.SENT: frozenset(
        {
            EntryState.SUBMITTED,
            *PAID,  # a blocking call: its answer is the end
            EntryState.REFUSED,
            EntryState.POSSIBLY_BILLED,
            EntryState.ABANDONED,
        }
    ),
    EntryState.SUBMITTED: frozenset({*PAID, EntryState.ABANDONED}),
    EntryState.POSSIBLY_BILLED: frozenset({EntryState.ABANDONED}),
}
"""For each state, what it may become; from the others nothing follows."""

_OF_JOB: Mapping[JobState, EntryState] = {
    JobState.SUCCEEDED: EntryState.DONE,
    JobState.FAILED: EntryState.FAILED,
    JobState.CANCELLED: EntryState.CANCELLED,
}


def of_job(state: JobState) -> EntryState:
    """The entry's state when its job has ended so."""
    return _OF_JOB[state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job.

    `jobs` and `cost_microusd` (None: no price is known) are its worst case; `counted` says whether that
    counts against the budget of its `scope`. `server` is the scheme, host and port that it was sent to.
    `owner` names the process that works on it. Times are UTC, ISO 8601. `request` is the body as text,
    without secrets.
    """

    id: str
    scope: str
    model: str
    provider: str
    operation: str
    server: str
    state: EntryState
    jobs: int
    cost_microusd: int | None
    counted: bool
    owner: str
    request: str
    reserved_utc: str
    job_id: str | None = None
    sent_utc: str | None = None
    submitted_utc: str | None = None
    ended_utc: str | None = None
    output: str | None = None
    note: str | None = None

    @property
    def cost_usd(self) -> float | None:
        """The worst case in US dollars."""
        return None if self.cost_microusd is None else self.cost_microusd / 1e6
