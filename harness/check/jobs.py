"""Following every job of a recording through the messages that speak of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.check.job import JobTrace, Look, look_findings
from harness.check.response import Content, Unreadable, decode
from harness.finding import Direction, Finding, Location
from harness.spec.model import Job, Spec
from harness.spec.pointer import MISSING, resolve
from harness.wire.job import job_views

__all__ = ["Given", "Heard", "JobTraces"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message of a provider: whose, about what, when. `asked_for` is the job id in its request."""

    spec: Spec
    operation: str | None
    direction: Direction
    subject: Location
    asked_for: str | None = None
    sent_s: float | None = None
    received_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An address that a job gave out: whose, when, and for how many seconds it is to hold, if said."""

    spec: Spec
    received_s: float | None
    ttl_s: float | None


@dataclass(slots=True)
class JobTraces:
    """The jobs seen so far, by model and id."""

    _traces: dict[tuple[str, str], JobTrace] = field(default_factory=dict)
    _outputs: dict[str, Given] = field(default_factory=dict)

    @property
    def by_job(self) -> Mapping[tuple[str, str], JobTrace]:
        """(model, job id) -> what was seen of it."""
        return self._traces

    def given(self, url: str) -> Given | None:
        """How an address was given out, None where none of the jobs did so."""
        return self._outputs.get(url)

    def knows(self, spec: Spec, job_id: str | None) -> bool:
        """Whether this model was seen with this job."""
        return job_id is not None and (spec.ref, job_id) in self._traces

    def hear(self, heard: Heard, job: Job, body: Content, covered: frozenset[str]) -> Iterator[Finding]:
        """Takes a message and yields what is wrong with the jobs in it.

        `covered` are the pointers that the message's own judgement has found fault with.
        """
        document = decode(body, heard.subject.file or "")
        if isinstance(document, Unreadable):
            return  # said already
        for view in job_views(job, document.root.plain()):
            look = Look(
                view=view,
                job=job,
                direction=heard.direction,
                operation=heard.operation,
                subject=heard.subject,
                asked_for=heard.asked_for,
                sent_s=heard.sent_s,
                received_s=heard.received_s,
                covered=covered,
            )
            if isinstance(view.output, str) and view.output.startswith(("https://", "http://")):
                given = Given(
                    spec=heard.spec, received_s=heard.received_s, ttl_s=_ttl_s(job, document.root.plain())
                )
                self._outputs.setdefault(view.output, given)
            job_id = heard.asked_for or view.id or _unnamed(heard, job)
            key = (heard.spec.ref, job_id or "")
            yield from look_findings(heard.spec, self._traces.get(key), look)
            if job_id:
                self._traces.setdefault(key, JobTrace(id=job_id)).take(look)


def _ttl_s(job: Job, body: Any) -> float | None:
    """How long the answer itself says that its address holds."""
    found = resolve(body, job.output_ttl_s) if job.output_ttl_s is not None else MISSING
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return None
    try:
        seconds = float(found)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _unnamed(heard: Heard, job: Job) -> str | None:
    """What to call a job without an id, which lives and ends in one call: where that call stands."""
    return str(heard.subject) if heard.operation == "generate" and job.id is None else None
