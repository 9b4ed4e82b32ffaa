"""Faults of what an answer says: its document, and the job as it shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.simulator.faults.fault import BodyFault, BodySite, Fault, LookFault
from harness.simulator.job import Failure, Look
from harness.simulator.shape import put
from harness.spec.model import Job, JobState, Spec
from harness.spec.pointer import join, resolve, split
from harness.wire.lifecycle import TERMINAL

__all__ = ["BODY_FAULTS", "CHANGED_END", "UNKNOWN_WORD"]

UNKNOWN_WORD = "simulated-unknown-status"
CHANGED_END = Failure(code="simulated_failure", message="simulated: this end will change")
_SOME_POLLS = (2, 3)


def _pointer(site: BodySite) -> str:
    """The member that matters most: the status, else the id, else the output, else the first."""
    job = site.job
    known = (job.status, job.id, job.output) if job is not None else ()
    return next((pointer for pointer in known if pointer is not None), "")


def _set(document: dict[str, Any], site: BodySite, value: Any) -> dict[str, Any]:
    pointer = _pointer(site) or join([next(iter(document), "simulated")])
    return dict(put(document, pointer, value))


def _remove(document: dict[str, Any], pointer: str) -> dict[str, Any]:
    parts = split(pointer)
    holder = resolve(document, join(parts[:-1]))
    if isinstance(holder, dict):
        holder.pop(parts[-1], None)
    return document


def _unknown_status(document: dict[str, Any], site: BodySite) -> dict[str, Any]:
    if site.job is None or site.job.status is None:
        return document
    return _set(document, site, UNKNOWN_WORD)


def _missing(document: dict[str, Any], site: BodySite) -> dict[str, Any]:
    return _remove(document, _pointer(site) or join([next(iter(document), "simulated")]))


def _null(document: dict[str, Any], site: BodySite) -> dict[str, Any]:
    return _set(document, site, None)


def _wrong_type(document: dict[str, Any], site: BodySite) -> dict[str, Any]:
    return _set(document, site, 7)


def _extra(document: dict[str, Any], _site: BodySite) -> dict[str, Any]:
    return {**document, "simulated_extra": "a member that no document names"}


def _nan(document: dict[str, Any], _site: BodySite) -> dict[str, Any]:
    pointer = _first_number(document, "")
    if pointer is None:
        return {**document, "simulated_number": float("nan")}
    return dict(put(document, pointer, float("nan")))


def _first_number(value: Any, base: str) -> str | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return base
    if isinstance(value, dict):
        for name, below in value.items():
            found = _first_number(below, join([name], base))
            if found is not None:
                return found
    return None


def _without_output(document: dict[str, Any], site: BodySite) -> dict[str, Any]:
    if site.job is None or site.job.output is None or site.state is not JobState.SUCCEEDED:
        return document
    return _remove(document, site.job.output)


def _backwards(look: Look) -> Look:
    if look.state is JobState.RUNNING and look.job.shown is JobState.RUNNING:
        return replace(look, state=JobState.QUEUED, fraction=0.0)
    return look


def _changing_end(look: Look) -> Look:
    """The first time the end is shown, it is the other one."""
    if look.state not in TERMINAL or look.job.shown in TERMINAL:
        return look
    if look.state is JobState.FAILED:
        return replace(look, state=JobState.CANCELLED, failure=None)
    return replace(look, state=JobState.FAILED, failure=CHANGED_END)


def _other_id(look: Look) -> Look:
    last_letter = look.id[-1:]
    return replace(look, id=look.id[:-1] + ("0" if last_letter != "0" else "1"))


def _less_progress(look: Look) -> Look:
    is_running, is_even = look.state is JobState.RUNNING, look.job.polls % 2 == 0
    return replace(look, fraction=0.0) if is_running and is_even else look


def _poll_job(spec: Spec) -> Job | None:
    responses = spec.operations["poll"].responses.values()
    return next((response.job for response in responses if response.job is not None), None)


def _poll_states(spec: Spec) -> set[JobState]:
    job = _poll_job(spec)
    return set(job.states.values()) if job is not None else set()


def _two_pending(spec: Spec) -> str | None:
    both = {JobState.QUEUED, JobState.RUNNING} <= _poll_states(spec)
    return None if both else "it has no word for queued beside one for running"


def _two_ends(spec: Spec) -> str | None:
    both = {JobState.SUCCEEDED, JobState.FAILED} <= _poll_states(spec)
    return None if both else "it has no word for failed beside one for succeeded"


def _progress(spec: Spec) -> str | None:
    job = _poll_job(spec)
    return None if job is not None and job.progress_percent is not None else "its polls show no progress"


def _polled_id(spec: Spec) -> str | None:
    """The id must stand in the answer at any time, not only at the end."""
    for response in spec.operations["poll"].responses.values():
        if response.job is not None and response.job.id is not None and response.schema is not None:
            return None
    return "its polls do not carry the id"


BODY_FAULTS: tuple[Fault, ...] = (
    BodyFault(
        name="unknown-status",
        does=f"polls 2 and 3 show the status {UNKNOWN_WORD!r}",
        sees="a finding job.status-unknown; waiting goes on",
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_unknown_status,
    ),
    LookFault(
        name="status-backwards",
        does="a job that was shown running is shown queued, then running again",
        sees="a finding job.went-backwards; waiting goes on",
        operations=("poll",),
        needs=_two_pending,
        apply=_backwards,
    ),
    LookFault(
        name="progress-backwards",
        does="every other poll of a running job shows no progress at all",
        sees="a finding job.progress-decreased; waiting goes on",
        operations=("poll",),
        needs=_progress,
        apply=_less_progress,
    ),
    LookFault(
        name="terminal-changes",
        does="the first poll after the end shows another end than all later ones",
        sees="an end that is asked for again before it is believed, and a finding job.terminal-changed",
        operations=("poll",),
        needs=_two_ends,
        apply=_changing_end,
    ),
    LookFault(
        name="id-changes",
        does="polls 2 and 3 speak of another job",
        sees="a finding job.id-changed; what they say of the state does not count",
        operations=("poll",),
        nth=_SOME_POLLS,
        needs=_polled_id,
        apply=_other_id,
    ),
    BodyFault(
        name="missing-field",
        does="polls 2 and 3 lack the status",
        sees="a finding; waiting goes on",
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_missing,
    ),
    BodyFault(
        name="null-field",
        does="polls 2 and 3 show null for the status",
        sees="a finding; waiting goes on",
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_null,
    ),
    BodyFault(
        name="wrong-type",
        does="polls 2 and 3 show a number for the status",
        sees="a finding; waiting goes on",
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_wrong_type,
    ),
    BodyFault(
        name="extra-field",
        does="every poll shows one more member",
        sees="information; nothing else",
        operations=("poll",),
        apply=_extra,
    ),
    BodyFault(
        name="nan",
        does="a number in every poll's body is NaN",
        sees="a finding response.not-finite; the rest of the body counts",
        operations=("poll",),
        apply=_nan,
    ),
    BodyFault(
        name="success-without-url",
        does="a job that succeeded shows no output",
        sees="a finding job.output-missing; the job is paid, and nothing is delivered",
        operations=("poll",),
        apply=_without_output,
    ),
)
