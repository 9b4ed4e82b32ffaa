"""Rules of what the free probes of a live API show."""

from __future__ import annotations

from collections.abc import Mapping

from harness.finding import Direction, Impact, Kind, Rule, Severity

__all__ = ["RULES", "rule"]


def _row(
    name: str, severity: Severity, summary: str, advice: str, impact: tuple[Impact, ...] = (Impact.BREAKS,)
) -> Rule:
    return Rule(
        id=f"wire.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=Direction.RESPONSE,
        impact=impact if severity is Severity.ERROR else (),
        summary=summary,
        advice=advice,
    )


def _unseen(name: str, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"wire.{name}",
        kind=Kind.DRIFT,
        severity=Severity.WARNING,
        direction=Direction.RESPONSE,
        summary=summary,
        advice=advice,
        inconclusive=True,
    )


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule, ...] = (
    _row(
        "path-gone",
        _ERROR,
        "A documented call is answered as if nothing were there.",
        "Look for the new path in the documents; never follow a redirect with a POST.",
    ),
    _row(
        "method-refused", _ERROR, "A documented call is refused for its method.", "Look for the new method."
    ),
    _row(
        "key-elsewhere",
        _ERROR,
        "The key is refused where it is documented to stand, and taken elsewhere.",
        "Send the key in the new place.",
    ),
    _row(
        "key-not-needed",
        _ERROR,
        "A call that is documented to need a key is served without a good one.",
        "Tell the provider; whoever knows a job's id may see it.",
    ),
    _row(
        "refusal-status",
        _ERROR,
        "A missing or wrong key is refused with another status than documented.",
        "Take the new status for a refusal of the key.",
    ),
    _row(
        "unknown-job-status",
        _ERROR,
        "An unknown job is answered with another status than documented.",
        "Teach your client the status, or it waits for jobs that do not exist.",
    ),
    _row(
        "model-gone",
        _ERROR,
        "The provider's metadata no longer knows the model.",
        "Look for its new name before the next request fails.",
    ),
    _row(
        "price-gone",
        _WARNING,
        "The model's metadata no longer tells its price where it is documented to.",
        "See what a job costs before you send the next one.",
    ),
    _row(
        "wrong-method-accepted",
        _WARNING,
        "A call with a method that no document names is served.",
        "Nothing to do, unless a client of yours sends it by mistake.",
    ),
    _row(
        "invalid-accepted",
        _ERROR,
        "A request that is documented to be refused at submit has made a job.",
        "Judge requests before you send them: this one is paid for. The job is in the journal.",
        (Impact.BILL,),
    ),
    _row(
        "invalid-status",
        _ERROR,
        "An invalid request is refused with another status than documented.",
        "Take the new status for a refusal.",
    ),
    _unseen(
        "unavailable",
        "A probe was not served: 408, 425, 429, 5xx, a page for people, a redirect, or no answer.",
        "Try again later: an outage says nothing about the contract. It is kept as availability data.",
    ),
    _unseen(
        "not-sent",
        "Probes were not sent, because what they rest on failed.",
        "See the probe that failed; try again later.",
    ),
    _unseen(
        "key-refused",
        "The key is refused in every way in which a key is known to travel.",
        "See that the key is valid; with a good one, run again.",
    ),
    _unseen(
        "metadata-unreadable",
        "The model's metadata has a request schema that cannot be read.",
        "Read it yourself; nothing was compared.",
    ),
)
_BY_ID: Mapping[str, Rule] = {row.id: row for row in RULES}


def rule(rule_id: str) -> Rule:
    """The rule with this id."""
    return _BY_ID[rule_id]
