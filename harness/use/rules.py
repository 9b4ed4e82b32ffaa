"""Rules of the user's own files: waivers, the accepted baseline, and a monitor that sees nothing."""

from __future__ import annotations

from harness.finding import Kind, Rule, Severity

__all__ = [
    "EXPIRED",
    "EXPIRES_SOON",
    "LOCK_MISSING",
    "RULES",
    "SAME_DAY",
    "SPEC_GONE",
    "SPEC_MOVED",
    "STALE",
    "UNUSED",
]

UNUSED = Rule(
    id="waiver.unused",
    severity=Severity.WARNING,
    summary="A waiver waives nothing, though what it is about was observed.",
    advice="The deviation is gone, or is another one: remove the waiver.",
)
EXPIRED = Rule(
    id="waiver.expired",
    severity=Severity.WARNING,
    summary="The last day of a waiver is over; what it waived counts again.",
    advice="Fix what it waived, or accept it anew with a later day.",
)
EXPIRES_SOON = Rule(
    id="waiver.expires-soon",
    severity=Severity.WARNING,
    summary="A waiver holds for no more than 14 days.",
    advice="Fix what it waives, or accept it anew with a later day.",
)
SAME_DAY = Rule(
    id="waiver.same-day",
    severity=Severity.INFO,
    summary="Three waivers or more end on one day.",
    advice="Spread their last days: else everything turns red in one night.",
)
SPEC_MOVED = Rule(
    id="lock.spec-moved",
    kind=Kind.DRIFT,
    severity=Severity.WARNING,
    summary="A spec says something else than the accepted baseline; as loud as the loudest change for you.",
    advice="Read what changed; `harness drift accept` makes it your baseline.",
)
SPEC_GONE = Rule(
    id="lock.spec-gone",
    kind=Kind.DRIFT,
    severity=Severity.ERROR,
    summary="There is no spec any more of a model, or of a revision, that the accepted baseline has.",
    advice="Name another revision in harness.yaml, or go back to the release that had it.",
)
LOCK_MISSING = Rule(
    id="lock.missing",
    severity=Severity.INFO,
    summary="harness.yaml names a model that the accepted baseline does not have.",
    advice="`harness drift accept` adds it.",
)
STALE = Rule(
    id="monitor.stale",
    severity=Severity.WARNING,
    summary="A model was not observed for longer than --max-staleness allows.",
    advice="See why nothing can be observed: a monitor that sees nothing is no monitor.",
    inconclusive=True,
)
RULES: tuple[Rule, ...] = (
    *(UNUSED, EXPIRED, EXPIRES_SOON, SAME_DAY),
    *(SPEC_MOVED, SPEC_GONE, LOCK_MISSING),
    STALE,
)
