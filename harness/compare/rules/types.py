"""Rules for the kind of a value: type, null, form of a text, and what else an object holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.compare.change import Change, report
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("type", "pattern", "format", "additionalProperties")


def _rule(name: str, direction: Direction, severity: Severity, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=direction,
        impact=(Impact.BREAKS,) if severity is Severity.ERROR else (),
        summary=summary,
        advice=advice,
    )


_EITHER_WAY = "information where it can do no harm, a warning where it is merely said or no longer said."

REQUEST_TYPE = _rule(
    "request-type",
    Direction.REQUEST,
    Severity.ERROR,
    f"A parameter has another type; {_EITHER_WAY}",
    "Send the new type.",
)
RESPONSE_TYPE = _rule(
    "response-type",
    Direction.RESPONSE,
    Severity.ERROR,
    f"A member of an answer has another type; {_EITHER_WAY}",
    "Read the new type.",
)
REQUEST_NULLABLE = _rule(
    "request-nullable",
    Direction.REQUEST,
    Severity.ERROR,
    f"Whether a parameter may be null is another thing; {_EITHER_WAY}",
    "Leave the parameter out instead of sending null.",
)
RESPONSE_NULLABLE = _rule(
    "response-nullable",
    Direction.RESPONSE,
    Severity.ERROR,
    f"Whether a member of an answer may be null is another thing; {_EITHER_WAY}",
    "Expect null.",
)
REQUEST_FORM = _rule(
    "request-form",
    Direction.REQUEST,
    Severity.ERROR,
    f"The text of a parameter has to have another form; {_EITHER_WAY}",
    "Send the new form.",
)
RESPONSE_FORM = _rule(
    "response-form",
    Direction.RESPONSE,
    Severity.WARNING,
    "The text of a member of an answer has another form.",
    "Read the new form.",
)
REQUEST_OTHER_PROPERTIES = _rule(
    "request-other-properties",
    Direction.REQUEST,
    Severity.ERROR,
    f"Whether parameters that are not documented are taken is another thing; {_EITHER_WAY}",
    "Send documented parameters only.",
)
RESPONSE_OTHER_PROPERTIES = _rule(
    "response-other-properties",
    Direction.RESPONSE,
    Severity.INFO,
    "Whether an answer holds members that are not documented is another thing.",
    "Ignore what you do not know.",
)
RULES: tuple[Rule, ...] = (
    *(REQUEST_TYPE, RESPONSE_TYPE, REQUEST_NULLABLE, RESPONSE_NULLABLE),
    *(REQUEST_FORM, RESPONSE_FORM, REQUEST_OTHER_PROPERTIES, RESPONSE_OTHER_PROPERTIES),
)


def check(change: Change) -> Iterator[Finding]:
    """The kind of a value is another one."""
    if change.facet == "type":
        yield _type(change)
    elif change.facet == "additionalProperties":
        yield _other_properties(change)
    else:
        yield _form(change)


def _type(change: Change) -> Finding:
    rule = REQUEST_TYPE if change.is_request else RESPONSE_TYPE
    if change.appeared or change.vanished:
        consequence = "the type is said now" if change.appeared else "the type is not said any more"
        harmless = change.appeared and not change.is_request
        severity = Severity.INFO if harmless else Severity.WARNING
        return report(change, rule, consequence, severity=severity, impact=())
    before, after = _types(change.before), _types(change.after)
    facet = None
    if before - {"null"} == after - {"null"}:
        rule, facet = REQUEST_NULLABLE if change.is_request else RESPONSE_NULLABLE, "nullable"
    harmless = _covers(after, before) if change.is_request else _covers(before, after)
    if harmless:
        consequence = "what was sent is still taken" if change.is_request else "the client knew all of it"
        return report(change, rule, consequence, severity=Severity.INFO, impact=(), facet=facet)
    if facet is not None:
        consequence = "null is refused" if change.is_request else "a client that expects a value meets null"
    else:
        consequence = "the old type is refused" if change.is_request else "a client of the old type fails"
    return report(change, rule, consequence, facet=facet)


def _types(value: Any) -> frozenset[str]:
    return frozenset(value if isinstance(value, list) else [value])


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Whether every value of the narrow types is one of the wide: an integer is a number."""
    return all(kind in wide or (kind == "integer" and "number" in wide) for kind in narrow)


def _form(change: Change) -> Finding:
    if not change.is_request:
        return report(change, RESPONSE_FORM, "a client that takes the text apart may fail")
    if change.vanished:
        consequence = "texts of the old form are as good as before"
        return report(change, REQUEST_FORM, consequence, severity=Severity.INFO, impact=())
    if change.facet == "format":
        consequence = "texts of another format may be refused"
        return report(change, REQUEST_FORM, consequence, severity=Severity.WARNING)
    return report(change, REQUEST_FORM, "texts without the new form are refused")


def _other_properties(change: Change) -> Finding:
    if not change.is_request:
        return report(
            change, RESPONSE_OTHER_PROPERTIES, "a client that ignores what it does not know is fine"
        )
    if change.after is False:
        return report(change, REQUEST_OTHER_PROPERTIES, "parameters that are not documented are refused")
    consequence = "documented parameters are taken as before"
    return report(change, REQUEST_OTHER_PROPERTIES, consequence, severity=Severity.INFO, impact=())
