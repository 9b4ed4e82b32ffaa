"""What one message told of one job, and when: what its time is bounded by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.client.answer import Answer
from harness.spec.model import Job, JobState
from harness.spec.pointer import MISSING, resolve

__all__ = ["Sighting", "pushed_sighting", "sighting_of"]

_LONGEST = 64
"""A moment or a duration is not longer than this; what is, is something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One message about one job, in provider seconds on the client's clock.

    `operation` is `submit`, `generate`, `poll`, `event` or `webhook`; `sent_s` is None for what was pushed.
    `state` is what it shows of the job (None: nothing), `answered` whether the provider answered at all.
    `date` is the Date header of an answer that comes from no cache; `stated` what stands at the spec's
    evidence pointers, by name. A `recovered` one was timed by the wall clock, out of the journal.
    """

    operation: str
    sent_s: float | None
    received_s: float
    state: JobState | None = None
    answered: bool = True
    date: str | None = None
    stated: Mapping[str, Any] = field(default_factory=dict, repr=False)
    recovered: bool = False


def sighting_of(
    answer: Answer, *, state: JobState | None, answered: bool, job: Job | None = None, value: Any = None
) -> Sighting:
    """The sighting that an answer is. `job` is the block it was read through, `value` its body."""
    response = answer.response
    is_fresh = response is not None and response.header("age") in (None, "0")
    return Sighting(
        operation=answer.call.operation,
        sent_s=answer.sent_s,
        received_s=answer.received_s,
        state=state,
        answered=answered,
        date=response.header("date") if response is not None and is_fresh else None,
        stated=_stated(job, value) if answered else {},
    )


def pushed_sighting(
    operation: str, received_s: float | None, state: JobState | None, job: Job | None, value: Any
) -> Sighting:
    """The sighting that an event or a webhook call is. `job` is the block it was read through."""
    if received_s is None:
        raise AssertionError("what comes over a socket has its time")
    return Sighting(
        operation=operation, sent_s=None, received_s=received_s, state=state, stated=_stated(job, value)
    )


def _stated(job: Job | None, value: Any) -> dict[str, Any]:
    """What a body states at the evidence pointers of its job: numbers and short strings."""
    found = {name: resolve(value, pointer) for name, pointer in job.evidence.items()} if job else {}
    return {name: one for name, one in found.items() if one is not MISSING and _is_short(one)}


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= _LONGEST
    return isinstance(value, (int, float)) and not isinstance(value, bool)
