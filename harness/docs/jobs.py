"""Where the job stands in the answers that a page describes: its id, its status, its video, its words."""

from __future__ import annotations

from collections.abc import Iterable

from harness.docs.claims import Basis, Place, Scope
from harness.docs.ledger import Ledger
from harness.docs.vocabulary import is_id_name, job_error, job_output, state_of
from harness.finding import Direction
from harness.spec.model import JobState
from harness.spec.pointer import join, split

__all__ = ["say_jobs", "say_states"]

_EVIDENCE = {
    "enqueued_at": "queued_at",
    "submit_time_ms": "queued_at",
    "started_at": "started_at",
    "execute_time_ms": "started_at",
    "completed_at": "completed_at",
    "complete_time_ms": "completed_at",
    "predict_time": "predict_time_s",
}
_FIGURES = {
    "progress_percent": "progress_percent",
    "eta": "eta_s",
    "video_url_ttl": "output_ttl_s",
    "b64_json": "output_inline",
}
_DONE = frozenset({JobState.SUCCEEDED, JobState.FAILED})


def say_jobs(ledger: Ledger, place: Place) -> None:
    """Adds the job's places for every answer of a success, the webhook and the events."""
    for scope in ledger.messages():
        status = scope.status or ""
        if scope.direction in (Direction.WEBHOOK, Direction.EVENT):
            _say_job(ledger, scope, place)
        elif scope.direction is Direction.RESPONSE and status[:1] in ("4", "5"):
            _say_error(ledger, scope, place)
        elif scope.operation in ("submit", "generate", "poll") and status.startswith("2"):
            _say_job(ledger, scope, place)


def _say_error(ledger: Ledger, scope: Scope, place: Place) -> None:
    fields = ledger.fields(scope)
    for name in ("/details", "/message", "/error/title", "/error/message", "/error"):
        # `details` is for a person only where `error` is no more than the name of the status.
        if name in fields and (name != "/details" or _names_status(ledger, scope, fields)):
            ledger.say(scope, "", "error_message", name, place, basis=Basis.READ)
            return


def _names_status(ledger: Ledger, scope: Scope, fields: Iterable[str]) -> bool:
    return "/error" in fields and ledger.value(scope, "/status", "type") == "number"


def _say_job(ledger: Ledger, scope: Scope, place: Place) -> None:
    fields = ledger.fields(scope)
    status = next((f for f in _by_depth(fields) if split(f)[-1] == "status"), None)
    words = _words(ledger, scope, status)
    own = _is_own_status(scope, words)
    leaves = [field for field in fields if field != status or own]
    found: dict[str, object] = {}
    job_id = next((f for f in _by_depth(fields) if _is_id(f, fields)), None)
    if job_id is not None:
        found["job.id"] = _pointer(job_id)
    if status is not None and own:
        found["job.status"] = _pointer(status)
    if scope.operation != "submit" or "job.status" in found:
        found |= _ends({field: ledger.value(scope, field, "type") for field in leaves})
    for facet, value in found.items():
        ledger.say(scope, "", facet, value, place, basis=Basis.READ)
    if "job.status" in found:
        say_states(ledger, scope, words, place)


def _ends(fields: dict[str, object]) -> dict[str, object]:
    """Where the video, the error and the figures stand, of fields with their types."""
    found: dict[str, object] = {}
    output = job_output(fields)
    if output is not None:
        found["job.output"] = _pointer(output)
    errors = job_error(field for field in fields if field != output)
    if errors:
        found["job.error"] = [_pointer(field) for field in errors]
    for field in fields:
        name = split(field)[-1]
        if name in _FIGURES:
            found.setdefault(f"job.{_FIGURES[name]}", _pointer(field))
        if name in _EVIDENCE:
            found.setdefault(f"job.{_EVIDENCE[name]}", _pointer(field))
    return found


def _by_depth(fields: Iterable[str]) -> list[str]:
    return sorted(fields, key=lambda field: field.count("/"))


def _is_id(field: str, fields: list[str]) -> bool:
    name = split(field)[-1]
    return is_id_name(name) and name != "flow_id" and field.count("/") <= 3 and "input" not in split(field)


def _pointer(field: str) -> str:
    return "/".join("0" if part == "*" else part for part in field.split("/"))


def _words(ledger: Ledger, scope: Scope, status: str | None) -> list[str]:
    listed = ledger.value(scope, status, "enum") if status is not None else None
    said = ledger.said_words(scope)
    return list(dict.fromkeys((*(listed or ()), *said)))


def _is_own_status(scope: Scope, words: list[str]) -> bool:
    """Whether the status is the job's: a create answer's "success" is its own."""
    states = {state_of(word) for word in words if isinstance(word, str)}
    return scope.operation != "submit" or bool(states - _DONE - {None})


def say_states(ledger: Ledger, scope: Scope, words: Iterable[object], place: Place) -> None:
    """What each status word means, where it is a usual word."""
    for word in words:
        if not isinstance(word, str):
            continue
        state = state_of(word)
        if state is None:
            ledger.unplaced(f"status word {word!r}", "which state it names is not known", place)
        else:
            ledger.say(scope, join([word]), "job.states", state.value, place, basis=Basis.READ)
