"""Rules of what only a recording sees: what came of the video."""

from __future__ import annotations

from harness.finding import Direction, Impact, Rule, Severity

__all__ = ["NOT_DELIVERED", "RULES"]

NOT_DELIVERED = Rule(
    id="job.output-not-delivered",
    severity=Severity.WARNING,
    direction=Direction.RESPONSE,
    impact=(Impact.BREAKS,),
    summary="A job succeeded, and nothing, or not all, came from the address of its output.",
    advice="The job is paid for and its address is in the journal: fetch it before it expires, or complain.",
    inconclusive=True,
)

RULES: tuple[Rule, ...] = (NOT_DELIVERED,)
