"""Following every job of a recording through the messages that speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.check.job import JobTrace, Look, look_findings
from harness.check.response import Content, Unreadable, decode
from harness.finding import Direction, Finding, Location
from harness.spec.model import Job, Spec
from harness.wire.job import job_views

__all__ = ["Heard", "JobTraces"]


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


@dataclass(slots=True)
class JobTraces:
    """The jobs seen so far, by model and id."""

    _traces: dict[tuple[str, str], JobTrace] = field(default_factory=dict)
    _outputs: set[str] = field(default_factory=set)

    @property
    def by_job(self) -> Mapping[tuple[str, str], JobTrace]:
        """(model, job id) -> what was seen of it."""
        return self._traces

    def delivered(self, url: str) -> bool:
        """Whether an address is one of what the jobs delivered."""
        return url in self._outputs

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
                self._outputs.add(view.output)
            job_id = heard.asked_for or view.id or _unnamed(heard, job)
            key = (heard.spec.ref, job_id or "")
            yield from look_findings(heard.spec, self._traces.get(key), look)
            if job_id:
                self._traces.setdefault(key, JobTrace(id=job_id)).take(look)


def _unnamed(heard: Heard, job: Job) -> str | None:
    """What to call a job without an id, which lives and ends in one call: where that call stands."""
    return str(heard.subject) if heard.operation == "generate" and job.id is None else None
