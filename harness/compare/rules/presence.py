"""Rules for what is new, gone, or called otherwise: properties, answers, operations, events, the webhook."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.compare.values import shown
from harness.compare.weights import governed
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("presence",)

_BREAKS = (Impact.BREAKS,)
_DEFAULTS_THAT_COST = frozenset({"duration_s", "audio", "resolution", "mode", "aspect_ratio"})


def _rule(name: str, direction: Direction, severity: Severity, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=direction,
        impact=_BREAKS if severity is Severity.ERROR else (),
        summary=summary,
        advice=advice,
    )


_NOTHING_TO_DO = "Nothing has to be done."

REQUEST_ADDED = _rule(
    "request-property-added", Direction.REQUEST, Severity.INFO, "A request parameter is new.", _NOTHING_TO_DO
)
REQUEST_ADDED_REQUIRED = _rule(
    "request-property-added-required",
    Direction.REQUEST,
    Severity.ERROR,
    "A request parameter is new and required.",
    "Send it; a request without it is refused.",
)
REQUEST_ADDED_DEFAULT = Rule(
    id="diff.request-property-added-default",
    kind=Kind.DRIFT,
    severity=Severity.ERROR,
    direction=Direction.REQUEST,
    impact=(Impact.BILL, Impact.OUTPUT),
    summary="A request parameter that governs the bill or the video is new and has a default.",
    advice="Send it with the value you want: a request without it gets the default.",
)
REQUEST_REMOVED = _rule(
    "request-property-removed",
    Direction.REQUEST,
    Severity.ERROR,
    "A request parameter is no longer documented.",
    "Do not rely on it: it is refused, or ignored and replaced by what the provider thinks fit.",
)
RESPONSE_ADDED = _rule(
    "response-property-added",
    Direction.RESPONSE,
    Severity.INFO,
    "A member of an answer is new.",
    _NOTHING_TO_DO,
)
RESPONSE_REMOVED = _rule(
    "response-property-removed",
    Direction.RESPONSE,
    Severity.ERROR,
    "A member of an answer is no longer documented.",
    "If you read it, find out what stands for it now.",
)
OPERATION_ADDED = _rule("operation-added", Direction.REQUEST, Severity.INFO, "A call is new.", _NOTHING_TO_DO)
OPERATION_REMOVED = _rule(
    "operation-removed",
    Direction.REQUEST,
    Severity.ERROR,
    "A call is no longer documented.",
    "Find out what stands for it now.",
)
STATUS_ADDED = _rule(
    "response-status-added",
    Direction.RESPONSE,
    Severity.INFO,
    "An answer with another HTTP status is documented.",
    "Handle the status.",
)
STATUS_REMOVED = _rule(
    "response-status-removed",
    Direction.RESPONSE,
    Severity.WARNING,
    "An HTTP status is no longer documented; an error if it meant success.",
    "Find out what stands for it now.",
)
WEBHOOK_ADDED = _rule(
    "webhook-added", Direction.WEBHOOK, Severity.INFO, "A webhook is documented.", _NOTHING_TO_DO
)
WEBHOOK_REMOVED = _rule(
    "webhook-removed",
    Direction.WEBHOOK,
    Severity.ERROR,
    "The webhook is no longer documented.",
    "Poll: a client that waits for the call waits for ever.",
)
EVENT_ADDED = _rule(
    "event-added", Direction.EVENT, Severity.INFO, "A type of event is documented.", "Ignore it or handle it."
)
EVENT_REMOVED = _rule(
    "event-removed",
    Direction.EVENT,
    Severity.ERROR,
    "A type of event is no longer documented.",
    "Poll: a client that waits for the event waits for ever.",
)
RULES: tuple[Rule, ...] = (
    *(REQUEST_ADDED, REQUEST_ADDED_REQUIRED, REQUEST_ADDED_DEFAULT, REQUEST_REMOVED),
    *(RESPONSE_ADDED, RESPONSE_REMOVED, OPERATION_ADDED, OPERATION_REMOVED),
    *(STATUS_ADDED, STATUS_REMOVED, WEBHOOK_ADDED, WEBHOOK_REMOVED, EVENT_ADDED, EVENT_REMOVED),
)


def check(change: Change) -> Iterator[Finding]:
    """Something is there that was not, or no longer is."""
    if change.address.field:
        yield _property(change)
    else:
        yield _whole(change)


def _property(change: Change) -> Finding:
    if not change.is_request:
        if change.appeared:
            return report(change, RESPONSE_ADDED, "a client that does not know it is not concerned")
        return report(change, RESPONSE_REMOVED, "a client that reads it finds nothing")
    if change.vanished:
        impact = (*governed(change.word), Impact.BREAKS)
        consequence = "a request with it may be refused, or it may be ignored"
        return report(change, REQUEST_REMOVED, consequence, impact=tuple(dict.fromkeys(impact)))
    if change.facets.get("required"):
        return report(change, REQUEST_ADDED_REQUIRED, "it is required: requests without it are refused")
    if change.word in _DEFAULTS_THAT_COST and "default" in change.facets:
        consequence = f"requests without it get {shown(change.facets['default'])}"
        return report(change, REQUEST_ADDED_DEFAULT, consequence, impact=governed(change.word))
    return report(change, REQUEST_ADDED, "it is optional")


def _whole(change: Change) -> Finding:
    match change.address.direction:
        case Direction.REQUEST:
            if change.appeared:
                return report(change, OPERATION_ADDED, "nobody has to make it")
            return report(change, OPERATION_REMOVED, "whoever makes the call gets an error")
        case Direction.WEBHOOK:
            if change.appeared:
                return report(change, WEBHOOK_ADDED, "jobs may report their end by themselves")
            return report(change, WEBHOOK_REMOVED, "a client that waits for a call waits for ever")
        case Direction.EVENT:
            if change.appeared:
                return report(change, EVENT_ADDED, "a client that does not know it ignores it")
            return report(change, EVENT_REMOVED, "a client that waits for it waits for ever")
        case _:
            return _status(change)


def _status(change: Change) -> Finding:
    success = (change.address.status or "").startswith("2")
    if change.appeared:
        consequence = (
            "a client that expects one status alone fails" if success else "it can be told apart now"
        )
        return report(change, STATUS_ADDED, consequence, severity=Severity.WARNING if success else None)
    if success:
        consequence = "a client that waits for it takes success for failure"
        return report(change, STATUS_REMOVED, consequence, severity=Severity.ERROR, impact=_BREAKS)
    return report(change, STATUS_REMOVED, "what is answered instead is not said")
