"""The rule for what concerns no value: that there is none is said now, or is no longer said."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.finding import Finding, Kind, Rule, Severity
from harness.spec.model import State

__all__ = ["RULES", "check"]

ABSENCE = Rule(
    id="diff.absence",
    kind=Kind.DRIFT,
    severity=Severity.INFO,
    summary="The documents say now that there is no such thing, or no longer say so.",
    advice="Nothing has to be done.",
)
RULES: tuple[Rule, ...] = (ABSENCE,)


def check(change: Change) -> Iterator[Finding]:
    """An absence is documented, or no longer is."""
    said = change.is_now is State.ABSENT
    yield report(change, ABSENCE, "that there is none is said now" if said else "it is left open now")
