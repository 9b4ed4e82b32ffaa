"""Rules for the job: where it stands in an answer, what its words mean, when a request is judged."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.compare.values import name_of
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

_NEEDED = ("job.id", "job.status", "job.output", "job.state")
_POINTERS: tuple[str, ...] = (
    *_NEEDED,
    *(
        "job.error",
        "job.progress_percent",
        "job.eta_s",
        "job.output_ttl_s",
        "job.output_inline",
        "error_message",
    ),
    *("job.queued_at", "job.started_at", "job.completed_at", "job.predict_time_s"),
)
FACETS: tuple[str, ...] = (*_POINTERS, "job.states", "stream", "validation")


def _rule(
    name: str,
    severity: Severity,
    impact: Impact | None,
    summary: str,
    advice: str,
    direction: Direction = Direction.RESPONSE,
) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=direction,
        impact=() if impact is None else (impact,),
        summary=summary,
        advice=advice,
    )


JOB_PLACE = _rule(
    "job-place",
    Severity.ERROR,
    Impact.BREAKS,
    "The job's id, status, output, error or figures stand elsewhere in an answer.",
    "Read them at the new place; a client that does not loses jobs that it has paid for.",
)
WORD_ADDED = _rule(
    "status-word-added",
    Severity.ERROR,
    Impact.BREAKS,
    "The job has a status word that a client's state machine does not know.",
    "Teach your state machine the word; a client that does not know it waits for ever, or gives up too soon.",
)
WORD_REMOVED = _rule(
    "status-word-removed",
    Severity.WARNING,
    None,
    "A status word of the job is no longer documented.",
    "See that nothing waits for it.",
)
WORD_MEANING = _rule(
    "status-word-meaning",
    Severity.ERROR,
    Impact.BREAKS,
    "A status word of the job means another state.",
    "Correct your state machine.",
)
STREAM = _rule(
    "event-stream",
    Severity.WARNING,
    None,
    "The terms of the event stream are others.",
    "See when to subscribe, and what is lost meanwhile.",
    Direction.EVENT,
)
VALIDATION = _rule(
    "validation",
    Severity.ERROR,
    Impact.BILL,
    "A request is judged at another time.",
    "Check requests before you send them: one that is judged when the job runs may be billed.",
    Direction.REQUEST,
)
RULES: tuple[Rule, ...] = (JOB_PLACE, WORD_ADDED, WORD_REMOVED, WORD_MEANING, STREAM, VALIDATION)


def check(change: Change) -> Iterator[Finding]:
    """The job is to be read otherwise."""
    if change.facet == "job.states":
        yield _word(change)
    elif change.facet == "stream":
        yield report(change, STREAM, "a client may miss the end of a job")
    elif change.facet == "validation":
        yield _validation(change)
    else:
        yield _place(change)


def _place(change: Change) -> Finding:
    if change.appeared:
        consequence = "it can be read now"
        return report(change, JOB_PLACE, consequence, severity=Severity.INFO, impact=())
    needed = change.facet in _NEEDED
    consequence = "a client that reads the old place finds nothing"
    if needed:
        return report(change, JOB_PLACE, consequence)
    return report(change, JOB_PLACE, consequence, severity=Severity.WARNING, impact=())


def _word(change: Change) -> Finding:
    word = name_of(change.address.field)
    if change.appeared:
        return report(change, WORD_ADDED, f"a client does not know {word!r} and waits for ever")
    if change.vanished:
        return report(change, WORD_REMOVED, f"a client that waits for {word!r} waits for ever")
    return report(change, WORD_MEANING, "a client takes one state for another")


def _validation(change: Change) -> Finding:
    if change.appeared or change.vanished:
        consequence = "it is said now" if change.appeared else "it is not said any more"
        return report(change, VALIDATION, consequence, severity=Severity.WARNING)
    return report(change, VALIDATION, "what was refused free of charge may become a paid job")
