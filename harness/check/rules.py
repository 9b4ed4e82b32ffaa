"""The rule tables of message checking: one row for each fault that a message or a job can show."""

from __future__ import annotations

from collections.abc import Mapping

from harness.check.video_rules import VIDEO_RULES
from harness.finding import Direction, Impact, Rule, Severity

__all__ = [
    "BY_FACET",
    "CASSETTE_RULES",
    "JOB_RULES",
    "REQUEST_RULES",
    "RESPONSE_RULES",
    "RULES",
    "TRAFFIC_RULES",
    "rule",
    "rule_for",
]

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

BY_FACET: Mapping[str, str] = {
    "type": "type",
    "enum": "enum",
    "const": "enum",
    "required": "required",
    "minimum": "minimum",
    "exclusiveMinimum": "minimum",
    "maximum": "maximum",
    "exclusiveMaximum": "maximum",
    "minLength": "min-length",
    "maxLength": "max-length",
    "pattern": "pattern",
    "format": "format",
    "presence": "unknown-property",
    "additionalProperties": "unknown-property",
    "duplicate-key": "duplicate-key",
    "not-finite": "not-finite",
    "surrogate": "surrogate",
}
"""The name of the rule for each facet; every other keyword of a schema falls under `constraint`."""


def _row(direction: Direction, name: str, summary: str, advice: str, severity: Severity = _ERROR) -> Rule:
    impact = (Impact.BREAKS,) if severity is _ERROR else ()
    return Rule(
        id=f"{direction.value}.{name}",
        severity=severity,
        summary=summary,
        advice=advice,
        direction=direction,
        impact=impact,
    )


def _request(name: str, summary: str, advice: str) -> Rule:
    return _row(Direction.REQUEST, name, summary, advice)


def _response(name: str, summary: str, advice: str, severity: Severity = _ERROR) -> Rule:
    return _row(Direction.RESPONSE, name, summary, advice, severity)


_FIX_CLIENT = "Read the member as what it is now, and tell the provider."

REQUEST_RULES: tuple[Rule, ...] = (
    _request("type", "A value has another type than documented.", "Send the documented type."),
    _request(
        "enum", "A value is none of those documented.", "Send one of the documented values, to the letter."
    ),
    _request("required", "A required property is missing.", "Send it; the documents give no way without."),
    _request("minimum", "A number is below the documented range.", "Stay inside the range."),
    _request(
        "maximum", "A number is above the documented range.", "Stay inside; other sellers scale otherwise."
    ),
    _request("min-length", "A text is shorter than documented.", "Send a longer text."),
    _request("max-length", "A text is longer than documented.", "Shorten it; limits differ between sellers."),
    _request("pattern", "A text does not have the documented form.", "Send the documented form."),
    _request("format", "A text is not of the documented format.", "Send the documented format."),
    _request(
        "unknown-property",
        "A property that the documents do not name.",
        "Correct the name: a misspelt parameter is ignored at best, and then costs a job with the default.",
    ),
    _request("constraint", "A value breaks another documented constraint.", "See expected in the finding."),
    _request(
        "duplicate-key", "A JSON object has the same key twice.", "Keep one: readers disagree on which."
    ),
    _request("not-finite", "A number is NaN, infinite or beyond all range.", "Send a finite number."),
    _request("surrogate", "A text holds half of a UTF-16 pair.", "Send whole characters."),
    _request("not-json", "A recorded request body is not JSON.", "Send JSON."),
)

RESPONSE_RULES: tuple[Rule, ...] = (
    _response("type", "A value has another type than documented.", _FIX_CLIENT),
    _response("enum", "A value is none of those documented.", _FIX_CLIENT),
    _response("required", "A member that is documented as always there is missing.", _FIX_CLIENT),
    _response("minimum", "A number is below the documented range.", _FIX_CLIENT),
    _response("maximum", "A number is above the documented range.", _FIX_CLIENT),
    _response("min-length", "A text is shorter than documented.", _FIX_CLIENT),
    _response("max-length", "A text is longer than documented.", _FIX_CLIENT),
    _response("pattern", "A text does not have the documented form.", _FIX_CLIENT),
    _response("format", "A text is not of the documented format.", _FIX_CLIENT),
    _response(
        "unknown-property",
        "A member that the documents do not name.",
        "Additive: nothing to do, unless you want it.",
        _INFO,
    ),
    _response("constraint", "A value breaks another documented constraint.", _FIX_CLIENT),
    _response(
        "duplicate-key", "A JSON object has the same key twice.", "Readers disagree on which one counts."
    ),
    _response(
        "not-finite", "A number is NaN, infinite or beyond all range.", "Strict JSON readers fail on it."
    ),
    _response("surrogate", "A text holds half of a UTF-16 pair.", "Strict readers fail on it."),
    _response(
        "not-json", "A body that is documented as JSON is not JSON.", "Treat the answer as unreadable."
    ),
    _response("not-utf8", "A body is not UTF-8.", "Treat the answer as unreadable."),
    _response(
        "status-undocumented",
        "An HTTP status that the documents do not list for this operation.",
        "Handle it; the body cannot be judged.",
        _WARNING,
    ),
    _response(
        "content-type",
        "The content type differs from the documented one.",
        "Read the body by what it is, not by its label.",
        _WARNING,
    ),
)


def _job(name: str, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"job.{name}",
        severity=_ERROR,
        summary=summary,
        advice=advice,
        direction=Direction.RESPONSE,
        impact=(Impact.BREAKS,),
    )


JOB_RULES: tuple[Rule, ...] = (
    _job(
        "status-unknown",
        "A status word that the documents do not map to a state.",
        "Teach your client the word; until then it waits for ever or gives up on a paid job.",
    ),
    _job("status-missing", "An answer about a job does not say its status.", "Treat it as a failed poll."),
    _job("id-missing", "The answer that creates a job does not carry its id.", "The job cannot be polled."),
    _job("id-changed", "An answer speaks of another job than the one asked for.", "Do not use its output."),
    _job("went-backwards", "A running job was seen queued again.", "Do not take the first word for granted."),
    _job("terminal-changed", "A job that had ended changed its state.", "Poll once more before you give up."),
    _job("progress-decreased", "The progress of a job went down.", "Do not show it to users as it is."),
    _job(
        "output-missing",
        "A job succeeded and its answer carries no output.",
        "Poll again; then ask for a refund.",
    ),
)

TRAFFIC_RULES: tuple[Rule, ...] = (
    Rule(
        id="traffic.nothing-observed",
        severity=_WARNING,
        summary="There was no recorded exchange to judge.",
        advice="Record some, or give the right path: nothing observed is not a pass.",
        inconclusive=True,
    ),
    Rule(
        id="traffic.unavailable",
        severity=_WARNING,
        summary="The provider did not serve the request: 401, 403, 408, 429, 5xx, or no answer.",
        advice="Try again later: an outage says nothing about the provider's contract.",
        inconclusive=True,
    ),
    Rule(
        id="traffic.unavailable-expected",
        severity=_INFO,
        summary="The provider did not serve the request, and the recording was made to show that.",
        advice="Nothing to do: it counts as availability data.",
    ),
    Rule(
        id="traffic.no-answer",
        severity=_WARNING,
        summary="A request was recorded without its answer.",
        advice="Try again later; a submit without an answer may have been billed.",
        inconclusive=True,
    ),
)

CASSETTE_RULES: tuple[Rule, ...] = (
    Rule(
        id="cassette.expired",
        severity=_ERROR,
        summary="A recording is older than it may become, so it says nothing about the provider of today.",
        advice="Record it again with `harness record --overwrite`; nothing does so by itself.",
    ),
    Rule(
        id="cassette.expires-soon",
        severity=_WARNING,
        summary="A recording expires within two weeks.",
        advice="Record it again before that day, on which every check of it begins to fail.",
    ),
)

RULES: tuple[Rule, ...] = (
    *REQUEST_RULES,
    *RESPONSE_RULES,
    *JOB_RULES,
    *VIDEO_RULES,
    *TRAFFIC_RULES,
    *CASSETTE_RULES,
)
_BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def rule_for(direction: Direction, facet: str) -> Rule:
    """The rule for a facet of a message in one direction; all that a provider sends is a response."""
    area = "request" if direction is Direction.REQUEST else "response"
    if facet == "additionalProperties" and area == "response":
        return _BY_ID["response.constraint"]  # the document forbids it, so it is more than additive
    return _BY_ID[f"{area}.{BY_FACET.get(facet, 'constraint')}"]


def rule(rule_id: str) -> Rule:
    """The rule with this id."""
    return _BY_ID[rule_id]
