"""Rules for ranges and lengths: narrower hurts in a request, wider in an answer, another scale in both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.compare.change import Change, report
from harness.compare.weights import governed
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity
from harness.spec.model import State

__all__ = ["FACETS", "RULES", "check"]

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
FACETS: tuple[str, ...] = (*_LOWER, *_UPPER, "multipleOf", "uniqueItems")

_OTHER_SCALE = 2.0
"""A bound that grows or shrinks by more than this factor measures something else, or in another unit."""


def _rule(
    name: str, direction: Direction, severity: Severity, impact: tuple[Impact, ...], summary: str, advice: str
) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=direction,
        impact=impact,
        summary=summary,
        advice=advice,
    )


REQUEST_NARROWED = _rule(
    "request-limit-narrowed",
    Direction.REQUEST,
    Severity.ERROR,
    (Impact.BREAKS,),
    "Fewer values of a parameter are allowed.",
    "Keep inside the new limit.",
)
REQUEST_WIDENED = _rule(
    "request-limit-widened",
    Direction.REQUEST,
    Severity.INFO,
    (),
    "More values of a parameter are allowed; a warning where the limit is no longer said.",
    "Nothing has to be done.",
)
REQUEST_SCALE = _rule(
    "request-scale",
    Direction.REQUEST,
    Severity.ERROR,
    (Impact.OUTPUT,),
    "A parameter is measured on another scale.",
    "Find out what your value means on the new scale: it is still accepted and may do something else.",
)
RESPONSE_NARROWED = _rule(
    "response-limit-narrowed",
    Direction.RESPONSE,
    Severity.INFO,
    (),
    "Fewer values of a member of an answer are possible.",
    "Nothing has to be done.",
)
RESPONSE_WIDENED = _rule(
    "response-limit-widened",
    Direction.RESPONSE,
    Severity.ERROR,
    (Impact.BREAKS,),
    "More values of a member of an answer are possible; a warning where the limit is no longer said.",
    "Expect values beyond the old limit.",
)
RESPONSE_SCALE = _rule(
    "response-scale",
    Direction.RESPONSE,
    Severity.ERROR,
    (Impact.BREAKS,),
    "A member of an answer is measured on another scale.",
    "Find out what a value means on the new scale.",
)
RULES: tuple[Rule, ...] = (
    *(REQUEST_NARROWED, REQUEST_WIDENED, REQUEST_SCALE),
    *(RESPONSE_NARROWED, RESPONSE_WIDENED, RESPONSE_SCALE),
)


def check(change: Change) -> Iterator[Finding]:
    """A limit is new, gone or another one."""
    if change.is_request:
        yield _request(change)
    else:
        yield _response(change)


def _request(change: Change) -> Finding:
    if _other_scale(change):
        impact = [*governed(change.word), Impact.OUTPUT]
        impact += [Impact.BREAKS] if _narrower(change) else []
        consequence = "the same value means something else, even where it is still accepted"
        return report(change, REQUEST_SCALE, consequence, impact=tuple(dict.fromkeys(impact)))
    if change.is_now is State.ABSENT:
        return report(change, REQUEST_WIDENED, "there is no such limit any more")
    if change.vanished:
        consequence = "which values are accepted is not said any more"
        return report(change, REQUEST_WIDENED, consequence, severity=Severity.WARNING)
    if _narrower(change):
        return report(change, REQUEST_NARROWED, "values beyond it are refused")
    return report(change, REQUEST_WIDENED, "requests within the old limit are as good as before")


def _response(change: Change) -> Finding:
    if _other_scale(change):
        return report(change, RESPONSE_SCALE, "the same value means something else")
    if change.vanished:
        consequence = "which values are possible is not said any more"
        return report(change, RESPONSE_WIDENED, consequence, severity=Severity.WARNING, impact=())
    if _narrower(change):
        return report(change, RESPONSE_NARROWED, "values within it were possible before")
    return report(change, RESPONSE_WIDENED, "a client that relies on the old limit fails beyond it")


def _narrower(change: Change) -> bool:
    if change.appeared:
        return True
    if change.facet in _LOWER:
        return bool(change.after > change.before)
    if change.facet in _UPPER:
        return bool(change.after < change.before)
    if change.facet == "uniqueItems":
        return bool(change.after)
    # A multiple of what was allowed before, and not the other way round.
    return bool(change.before % change.after != 0)


def _other_scale(change: Change) -> bool:
    if change.facet not in _NUMERIC or change.appeared or change.vanished:
        return False
    return change.word == "guidance" or _factor(change.before, change.after) > _OTHER_SCALE


def _factor(one: Any, other: Any) -> float:
    """How many times the larger is of the smaller; 1 where the question makes no sense (zero, other sign)."""
    if one * other <= 0:
        return 1.0
    small, large = sorted((abs(one), abs(other)))
    return float(large / small)
