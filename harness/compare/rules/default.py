"""Rules for what holds where a parameter is left out, and for what is paid for."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.compare.weights import governed
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity
from harness.spec.model import State

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("default", "x-billing", "billed")

_LOUD = frozenset({"duration_s", "audio", "resolution", "mode", "aspect_ratio", "count"})

REQUEST_DEFAULT = Rule(
    id="diff.request-default",
    kind=Kind.DRIFT,
    severity=Severity.WARNING,
    direction=Direction.REQUEST,
    summary="A default is new, gone or another one; an error where it governs the bill or the video's form.",
    advice="Send the parameter with the value you want: then no default concerns you.",
)
RESPONSE_DEFAULT = Rule(
    id="diff.response-default",
    kind=Kind.DRIFT,
    severity=Severity.INFO,
    direction=Direction.RESPONSE,
    summary="The documented default of a member of an answer is another one.",
    advice="Nothing has to be done; see what a missing member means to you.",
)
REQUEST_BILLING = Rule(
    id="diff.request-billing",
    kind=Kind.DRIFT,
    severity=Severity.ERROR,
    direction=Direction.REQUEST,
    impact=(Impact.BILL,),
    summary="What a parameter does to the bill is another thing.",
    advice="See who pays, and for how many videos, before you send it.",
)
RESPONSE_BILLING = Rule(
    id="diff.response-billing",
    kind=Kind.DRIFT,
    severity=Severity.ERROR,
    direction=Direction.RESPONSE,
    impact=(Impact.BILL,),
    summary="Whether a request that is answered so is paid for is another thing.",
    advice="See what a refused request costs before you send many.",
)
RULES: tuple[Rule, ...] = (REQUEST_DEFAULT, RESPONSE_DEFAULT, REQUEST_BILLING, RESPONSE_BILLING)


def check(change: Change) -> Iterator[Finding]:
    """What is not sent gets another value, or what is sent is billed otherwise."""
    if change.facet == "x-billing":
        yield report(change, REQUEST_BILLING, "the same request may be billed otherwise")
    elif change.facet == "billed":
        yield _answered(change)
    elif change.is_request:
        yield _request(change)
    else:
        yield report(change, RESPONSE_DEFAULT, "what a missing member stands for is another thing")


def _request(change: Change) -> Finding:
    impact = governed(change.word)
    if change.is_now is State.ABSENT:
        consequence = "there is no default any more: the parameter may have to be sent"
    elif change.vanished:
        consequence = "what holds without the parameter is not said any more"
    elif change.appeared:
        consequence = "what holds without the parameter is said now; it may not be what held before"
    else:
        consequence = "requests without the parameter get another value"
    billed = "x-billing" in change.facets
    impact = impact or ((Impact.BILL,) if billed else ())
    severity = Severity.ERROR if billed or change.word in _LOUD else None
    return report(change, REQUEST_DEFAULT, consequence, severity=severity, impact=impact)


def _answered(change: Change) -> Finding:
    if change.vanished:
        consequence = "whether such a request is paid for is not said any more"
        return report(change, RESPONSE_BILLING, consequence, severity=Severity.WARNING)
    if change.after:
        return report(change, RESPONSE_BILLING, "a request that is answered so is paid for")
    return report(change, RESPONSE_BILLING, "a request that is answered so is free", severity=Severity.INFO)
