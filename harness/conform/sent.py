"""One generated request that was sent, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.client.results import CancelResult, JobResult, Outcome
from harness.conform.plan import Sending

__all__ = ["Sent"]

_UNSERVED = frozenset({401, 402, 403, 408, 425, 429})
"""Refusals that say nothing of the request: no access, no credit, too many of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request with its end. `cancelled` is the answer to the wish to cancel its job, if that was sent.

    `is_extra`: it was not planned, but sent to find the smallest request that shows a fault.
    """

    sending: Sending
    result: JobResult
    cancelled: CancelResult | None = None
    is_extra: bool = False

    @property
    def jobs(self) -> int:
        """How many jobs it made, or may have made."""
        handle = self.result.handle
        if handle.job_id is None:
            return int(self.result.outcome is Outcome.POSSIBLY_BILLED)
        return 1 + len(handle.others)

    @property
    def is_answered(self) -> bool:
        """Whether the provider looked at it."""
        if self.result.handle.job_id is not None:
            return True
        status = self.result.status
        return status is not None and status < 500 and status not in _UNSERVED

    @property
    def is_refused(self) -> bool:
        """Whether the provider would not have it."""
        return self.is_answered and self.result.outcome is Outcome.REFUSED
