"""Rules for what an HTTP status means: which of the cases that clients tell apart it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("meaning",)

MEANING = Rule(
    id="diff.response-meaning",
    kind=Kind.DRIFT,
    severity=Severity.ERROR,
    direction=Direction.RESPONSE,
    impact=(Impact.BREAKS,),
    summary="An HTTP status stands for other cases than before.",
    advice="Handle the status by what it means now: waiting, giving up and fetching again are not the same.",
)
RULES: tuple[Rule, ...] = (MEANING,)


def check(change: Change) -> Iterator[Finding]:
    """A status means something else."""
    if change.appeared or change.vanished:
        consequence = "it is said now" if change.appeared else "it is not said any more"
        yield report(change, MEANING, consequence, severity=Severity.INFO, impact=())
    else:
        yield report(change, MEANING, "a client that goes by the old meaning does the wrong thing")
