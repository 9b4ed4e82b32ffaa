"""Rules for the terms: limits, times, prices, and what is delivered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.compare.change import Change, report
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity
from harness.spec.model import State

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = (
    *("rate", "concurrency", "estimate", "interval", "container", "resolution", "lifetime", "price"),
)


def _rule(name: str, severity: Severity, impact: tuple[Impact, ...], summary: str, advice: str) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=Direction.SPEC,
        impact=impact,
        summary=summary,
        advice=advice,
    )


_BREAKS = (Impact.BREAKS,)

LIMIT = _rule(
    "limit",
    Severity.WARNING,
    _BREAKS,
    "A limit on requests or jobs is another one; an error where it is tighter.",
    "Send no more than the new limit allows.",
)
ESTIMATE = _rule(
    "estimate",
    Severity.WARNING,
    (),
    "The time that a job is said to take is another one.",
    "See that no time limit of yours is below it.",
)
INTERVAL = _rule(
    "poll-interval",
    Severity.INFO,
    (),
    "The documents poll at another interval.",
    "Poll no more often than they do.",
)
CONTAINER = _rule(
    "container",
    Severity.ERROR,
    _BREAKS,
    "The delivered file has another format.",
    "See that what reads the file takes the new format.",
)
RESOLUTION = _rule(
    "resolution",
    Severity.ERROR,
    (Impact.BILL, Impact.OUTPUT),
    "The video has another resolution.",
    "See whether it is what you pay for.",
)
LIFETIME = _rule(
    "url-lifetime",
    Severity.WARNING,
    (),
    "The address of the video holds for another time; an error where it is shorter.",
    "Fetch the video at once.",
)
PRICE = _rule(
    "price",
    Severity.ERROR,
    (Impact.BILL,),
    "The price is another one; information where it falls.",
    "See what a job costs before you send the next one.",
)
RULES: tuple[Rule, ...] = (*(LIMIT, ESTIMATE, INTERVAL, CONTAINER, RESOLUTION, LIFETIME, PRICE),)


def check(change: Change) -> Iterator[Finding]:
    """The terms are others."""
    yield _JUDGES[change.facet](change)


def _said(change: Change) -> str:
    return "it is said now" if change.appeared else "it is not said any more"


def _limit(change: Change) -> Finding:
    if State.ABSENT in (change.was, change.is_now) and State.UNDOCUMENTED not in (change.was, change.is_now):
        if change.vanished:
            return report(change, LIMIT, "there is no such limit", severity=Severity.INFO, impact=())
        return report(change, LIMIT, "what went beyond it is refused", severity=Severity.ERROR)
    if change.appeared or change.vanished:
        return report(change, LIMIT, _said(change))
    before, after = _allowance(change.before), _allowance(change.after)
    if after < before:
        return report(change, LIMIT, "what was within the limit is refused", severity=Severity.ERROR)
    if after > before and _rest(change.before) == _rest(change.after):
        return report(change, LIMIT, "more is allowed", severity=Severity.INFO, impact=())
    return report(change, LIMIT, "it counts otherwise")


def _allowance(limit: Mapping[str, Any]) -> float:
    """Jobs, or requests per second; a limit per no time at all is none."""
    if "jobs" in limit:
        return float(limit["jobs"])
    return float(limit["requests"]) / float(limit["per_s"]) if limit["per_s"] else math.inf


def _rest(limit: Mapping[str, Any]) -> dict[str, Any]:
    return {name: limit.get(name) for name in ("scope", "operation")}


def _estimate(change: Change) -> Finding:
    if change.appeared or change.vanished:
        severity = Severity.INFO if change.appeared else None
        return report(change, ESTIMATE, _said(change), severity=severity)
    return report(change, ESTIMATE, "a time limit that rests on the old figure may be wrong")


def _interval(change: Change) -> Finding:
    if change.appeared or change.vanished:
        return report(change, INTERVAL, _said(change))
    if change.after["min_s"] > change.before["min_s"]:
        return report(change, INTERVAL, "polling as before may be too often", severity=Severity.WARNING)
    return report(change, INTERVAL, "polling as before is no more often than documented")


def _container(change: Change) -> Finding:
    if change.appeared or change.vanished:
        return report(change, CONTAINER, _said(change), severity=Severity.WARNING, impact=())
    return report(change, CONTAINER, "what reads the file may not take it")


def _resolution(change: Change) -> Finding:
    if change.appeared or change.vanished:
        return report(change, RESOLUTION, _said(change), severity=Severity.WARNING)
    return report(change, RESOLUTION, "the same request makes another video")


def _lifetime(change: Change) -> Finding:
    numbers = isinstance(change.before, (int, float)), isinstance(change.after, (int, float))
    if all(numbers) and change.after < change.before:
        consequence = "a video that is fetched late is lost"
        return report(change, LIFETIME, consequence, severity=Severity.ERROR, impact=_BREAKS)
    if all(numbers):
        return report(change, LIFETIME, "there is more time", severity=Severity.INFO)
    if change.appeared:
        return report(change, LIFETIME, "a video that is fetched later is lost")
    return report(change, LIFETIME, "how long the address holds is not said exactly")


def _price(change: Change) -> Finding:
    if change.appeared or change.vanished:
        return report(change, PRICE, _said(change), severity=Severity.WARNING)
    before, after = change.before, change.after
    same_unit = all(before.get(name) == after.get(name) for name in ("currency", "unit"))
    if same_unit and "amount" in before and "amount" in after:
        if after["amount"] < before["amount"]:
            return report(change, PRICE, "the same job costs less", severity=Severity.INFO)
        return report(change, PRICE, "the same job costs more")
    return report(change, PRICE, "it is counted otherwise")


_JUDGES: Mapping[str, Callable[[Change], Finding]] = {
    "rate": _limit,
    "concurrency": _limit,
    "estimate": _estimate,
    "interval": _interval,
    "container": _container,
    "resolution": _resolution,
    "lifetime": _lifetime,
    "price": _price,
}
