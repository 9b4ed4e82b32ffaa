"""The life cycle of a job, as a table of which state may follow which.

Two rules for what may stand in this file: canonical states only (a provider's words are mapped before they
come here), and no knowledge of where a state was seen (poll, event or webhook).
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.spec.model import JobState

__all__ = ["FOLLOWS", "TERMINAL", "may_follow"]

TERMINAL: frozenset[JobState] = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})
"""States that a job never leaves."""

FOLLOWS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.QUEUED, JobState.RUNNING, *TERMINAL}),
    JobState.RUNNING: frozenset({JobState.RUNNING, *TERMINAL}),
    JobState.SUCCEEDED: frozenset({JobState.SUCCEEDED}),
    JobState.FAILED: frozenset({JobState.FAILED}),
    JobState.CANCELLED: frozenset({JobState.CANCELLED}),
}
"""For each state, what the next look at the job may show. A look may miss states in between."""


def may_follow(earlier: JobState, later: JobState) -> bool:
    """Whether a job that was seen in one state may be seen in the other afterwards."""
    return later in FOLLOWS[earlier]
