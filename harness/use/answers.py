"""Changes of what comes back, judged by the fields that the user reads and the calls they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.compare.values import name_of, shown
from harness.finding import Direction, Severity
from harness.spec.pointer import matches
from harness.use.case import Case, Weighed, joined

__all__ = ["WEIGHERS"]

Weigher = Callable[[Case], "Weighed | None"]


def _info(words: str) -> Weighed:
    return Weighed(severity=Severity.INFO, words=words)


def _as_is(case: Case, words: str) -> Weighed:
    return Weighed(severity=case.finding.severity, words=words)


def _unread(case: Case, fields: tuple[str, ...]) -> Weighed | None:
    """What holds where none of the fields is read; None where one is, or it is not said."""
    if case.read_of(fields) != ():
        return None
    return _info(f"you do not read {joined(fields) or 'the body'} of the {_place(case)}")


def _place(case: Case) -> str:
    match case.finding.direction:
        case Direction.WEBHOOK:
            return "webhook"
        case Direction.EVENT:
            return "events"
        case _:
            operation = case.finding.operation
            return f"answers of {operation}" if operation is not None else "answers that report an error"


def _removed(case: Case) -> Weighed | None:
    read = case.read_of((case.field,))
    if not read:
        return _unread(case, (case.field,))
    words = f"you read {joined(read)} of the {_place(case)} and will find nothing there"
    return Weighed(severity=Severity.ERROR, words=words)


def _renamed(case: Case) -> Weighed | None:
    read = case.read_of((case.field,))
    if not read:
        return _unread(case, (case.field,))
    words = f"you read {joined(read)} of the {_place(case)}; it is called {shown(case.finding.observed)} now"
    return Weighed(severity=Severity.ERROR, words=words)


def _other(case: Case) -> Weighed | None:
    """Another type, form, range or list of values of a field."""
    read = case.read_of((case.field,))
    if not read:
        return _unread(case, (case.field,))
    return _as_is(case, f"you read {joined(read)} of the {_place(case)}")


def _job_place(case: Case) -> Weighed | None:
    before = case.finding.expected
    old = tuple(str(pointer) for pointer in (before if isinstance(before, list) else [before]) if pointer)
    if not old:
        return None
    read = case.read_of(old)
    if not read:
        return _unread(case, old)
    now = shown(case.finding.observed) if case.finding.observed is not None else "nowhere that is documented"
    return _as_is(case, f"you read {joined(read)} of the {_place(case)}; it stands at {now} now")


# ---- words of the job


def _word(case: Case) -> Weighed | None:
    if case.usage.reads is not None and case.places[0] not in case.usage.reads:
        return _info(f"you read nothing of the {_place(case)}")
    known = case.usage.status_words
    if known is None:
        return None
    words = [str(w) for w in _words_of(case)]
    if case.finding.rule.id in ("diff.status-word-added", "diff.status-word-renamed"):
        fresh = words[-1]
        if fresh in known:
            return _info(f"your client knows the word {fresh!r} already")
        return Weighed(severity=Severity.ERROR, words=f"your client does not know the word {fresh!r}")
    if words[0] in known:
        return _as_is(case, f"your client knows the word {words[0]!r}")
    return _info(f"your client does not know the word {words[0]!r} anyway")


def _words_of(case: Case) -> tuple[Any, ...]:
    finding = case.finding
    if finding.rule.id == "diff.status-word-renamed":
        return finding.expected, finding.observed
    return (name_of(finding.field),)


# ---- calls


def _call(case: Case) -> Weighed | None:
    """How a call is made, or that there is none any more."""
    calls, operation = case.calls, case.finding.operation
    if operation is None:
        return _as_is(case, "every call that you make of this model")
    if calls is None:
        return None
    if operation in calls:
        return _as_is(case, f"you call {operation}")
    return _info(f"you do not call {operation}")


def _status(case: Case) -> Weighed | None:
    calls, operation = case.calls, case.finding.operation
    if calls is None or operation is None or operation in calls:
        return None
    return _info(f"you do not call {operation}")


def _webhook(case: Case) -> Weighed | None:
    usage, spec = case.usage, case.spec
    webhook = spec.webhook.value if spec is not None else None
    field = webhook.request_field if webhook is not None else None
    asked = [s for s in usage.requests or () if field and any(True for _ in matches(s.body, field))]
    if asked or "webhook" in (usage.reads or {}):
        return _as_is(case, "you ask to be called back")
    if case.calls is None:
        return None
    return _info("you ask for no webhook")


def _events(case: Case) -> Weighed | None:
    if case.usage.reads is None:
        return None
    if "events" in case.usage.reads:
        return _as_is(case, "you listen to the events")
    return _info("you do not listen to the events")


WEIGHERS: Mapping[str, Weigher] = {
    "diff.response-property-removed": _removed,
    "diff.response-property-renamed": _renamed,
    "diff.response-optional": _other,
    "diff.response-type": _other,
    "diff.response-nullable": _other,
    "diff.response-form": _other,
    "diff.response-enum-widened": _other,
    "diff.response-limit-widened": _other,
    "diff.response-scale": _other,
    "diff.response-content-type": _status,
    "diff.response-meaning": _status,
    "diff.response-status-added": _status,
    "diff.response-status-removed": _status,
    "diff.job-place": _job_place,
    "diff.status-word-added": _word,
    "diff.status-word-removed": _word,
    "diff.status-word-renamed": _word,
    "diff.status-word-meaning": _word,
    "diff.operation-removed": _call,
    "diff.path": _call,
    "diff.method": _call,
    "diff.server": _call,
    "diff.auth": _call,
    "diff.request-content-type": _call,
    "diff.webhook-removed": _webhook,
    "diff.webhook-terms": _webhook,
    "diff.event-removed": _events,
    "diff.event-stream": _events,
}
"""The judges of changes of answers and of calls, by rule."""
