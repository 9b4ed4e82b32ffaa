"""The rule for the terms on which the provider calls back."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = (
    *("request_field", "secret_field", "secret_header", "answer_within_s", "retries"),
    "states_without_delivery",
)

TERMS = Rule(
    id="diff.webhook-terms",
    kind=Kind.DRIFT,
    severity=Severity.WARNING,
    direction=Direction.WEBHOOK,
    summary="The webhook is asked for, called or repeated otherwise; an error where calls are missed.",
    advice="See that your receiver answers in time and checks the secret that is sent; poll for the rest.",
)
RULES: tuple[Rule, ...] = (TERMS,)

_BREAKS = (Impact.BREAKS,)


def check(change: Change) -> Iterator[Finding]:
    """The webhook has other terms."""
    yield _judged(change)


def _judged(change: Change) -> Finding:
    if change.facet == "request_field":
        consequence = "a request that asks for it in the old way is not called back"
        return report(change, TERMS, consequence, severity=Severity.ERROR, impact=_BREAKS)
    if change.appeared:
        return report(change, TERMS, "it is said now", severity=Severity.INFO)
    if change.vanished:
        return report(change, TERMS, "it is not said any more")
    if change.facet == "answer_within_s":
        if change.after > change.before:
            return report(change, TERMS, "there is more time", severity=Severity.INFO)
        consequence = "a receiver that takes as long as before answers too late"
        return report(change, TERMS, consequence, severity=Severity.ERROR, impact=_BREAKS)
    return report(change, TERMS, "a receiver that relies on the old term may fail")
