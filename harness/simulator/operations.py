"""What each operation does, once a request has been let in."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.simulator.announce import Announcer
from harness.simulator.answer import Draft, Own
from harness.simulator.book import JobBook
from harness.simulator.demand import embedded_output, job_count
from harness.simulator.drafts import Drafts, success_of
from harness.simulator.faults.fault import BodyFault, BodySite, ClockFault, LookFault
from harness.simulator.faults.order import FaultPlan
from harness.simulator.job import Failure, SimulatedJob
from harness.simulator.limits import Limiter, Refusal
from harness.simulator.timeline import Timeline
from harness.simulator.validation import RequestJudge, Ruling
from harness.simulator.values import array_of_jobs
from harness.spec.model import JobState, Spec
from harness.wire.lifecycle import TERMINAL

__all__ = ["Asked", "Operations", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that belongs to an operation. `nth` counts the requests of this operation and job."""

    spec: Spec
    operation: str
    path_parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    owner: str
    job: SimulatedJob | None
    nth: int

    @property
    def subject(self) -> str:
        """What a share of requests is drawn by: the job, else nothing."""
        return str(self.job.ordinal) if self.job is not None else ""


@dataclass(slots=True, kw_only=True)
class Operations:
    """The operations of one provider."""

    book: JobBook
    drafts: Drafts
    announcer: Announcer
    judge: RequestJudge
    limiter: Limiter
    faults: FaultPlan
    timeline: Timeline

    async def answer(self, asked: Asked) -> Draft:
        """The answer to a request, spoilt where faults say so."""
        if asked.operation in ("submit", "generate"):
            draft, state = await self._create(asked)
        elif asked.operation == "model":
            draft, state = self.drafts.model(asked.spec, asked.path_parameters), None
        elif asked.job is None:
            words = f"no job {self._asked_id(asked)!r}"
            draft, state = self.drafts.error(asked.spec, asked.operation, 404, words), None
        elif asked.operation == "poll":
            draft, state = self._poll(asked, asked.job)
        else:
            draft, state = self._cancel(asked, asked.job)
        return self._spoil(asked, draft, state)

    def skew_s(self, spec: Spec) -> float:
        """How far the provider's clock is off."""
        return sum(fault.skew_s for fault in self.faults.striking(ClockFault, spec))

    async def _create(self, asked: Asked) -> tuple[Draft, JobState | None]:
        spec, name = asked.spec, asked.operation
        verdict = self.judge.judge(spec, spec.operations[name], asked.body, asked.query, asked.headers)
        if verdict.at_submit:
            return self._invalid(asked, verdict), None
        request: dict[str, Any] = json.loads(asked.body)
        response = success_of(spec.operations[name])[1]
        in_array = response is not None and response.job is not None and array_of_jobs(response.job)
        count = job_count(spec, name, request) if in_array else 1
        now_s = self.timeline.now_s()
        over = self.limiter.concurrency(spec, self.book.pending_ends(asked.owner), count, now_s)
        if over is not None:
            return refused(self.drafts, spec, name, over), None
        failure = Failure(code="invalid", message=verdict.at_run[0].words) if verdict.at_run else None
        jobs = [self.book.create(spec, name, request, asked.owner, failure) for _ in range(count)]
        for job in jobs:
            self.announcer.watch(job)
        if name == "generate":
            return await self._blocked(asked, jobs[0]), None
        looks = [self.book.look(job) for job in jobs]
        draft = self.drafts.of_jobs(
            spec, name, looks, path_parameters=asked.path_parameters, skew_s=self.skew_s(spec)
        )
        return draft, looks[0].state

    def _invalid(self, asked: Asked, verdict: Ruling) -> Draft:
        """The documented refusal (422 where only that is documented), else 400 as the simulator's own."""
        spec, name = asked.spec, asked.operation
        documented = [status for status in (400, 422) if spec.responses_for(name, status) is not None]
        words = "; ".join(fault.words for fault in verdict.at_submit)
        draft = self.drafts.error(spec, name, (documented or [400])[0], words)
        own = [Own.VALIDATION_TIME] if verdict.is_own_time else []
        if all(fault.is_unknown for fault in verdict.at_submit):
            own.append(Own.UNKNOWN_PROPERTY)
        draft.own = (*draft.own, *own)
        return draft

    async def _blocked(self, asked: Asked, job: SimulatedJob) -> Draft:
        """The answer of a blocking call, once the job has ended."""
        await self.timeline.sleep_until(job.plan.ended_s)
        look = self.book.look(job)
        if look.state is not JobState.SUCCEEDED:
            words = look.failure.message if look.failure is not None else look.state.value
            return self.drafts.error(asked.spec, asked.operation, 500, words)
        response = success_of(asked.spec.operations[asked.operation])[1]
        embedded = embedded_output(asked.spec, response, job.request) if response is not None else None
        extra: dict[str, Any] = {}
        if embedded is not None:
            path = await self.book.outputs.file(job)
            extra[embedded] = base64.b64encode(path.read_bytes()).decode("ascii")
            look = replace(look, output_url=None)
        return self.drafts.of_jobs(
            asked.spec,
            asked.operation,
            [look],
            path_parameters=asked.path_parameters,
            skew_s=self.skew_s(asked.spec),
            extra=extra,
        )

    def _poll(self, asked: Asked, job: SimulatedJob) -> tuple[Draft, JobState]:
        look = self.book.look(job)
        for fault in self.faults.striking(
            LookFault, asked.spec, operation="poll", nth=asked.nth, subject=asked.subject
        ):
            look = fault.apply(look)
        job.shown = look.state
        draft = self.drafts.of_jobs(
            job.spec,
            "poll",
            [look],
            path_parameters=asked.path_parameters,
            skew_s=self.skew_s(job.spec),
        )
        return draft, look.state

    def _cancel(self, asked: Asked, job: SimulatedJob) -> tuple[Draft, None]:
        """Stops a job that has not ended; on one that has, it has no effect."""
        if self.book.look(job).state not in TERMINAL:
            job.plan = job.plan.cancelled(self.timeline.now_s())
            self.announcer.watch(job)
        draft = self.drafts.of_jobs(
            job.spec, "cancel", [self.book.look(job)], path_parameters=asked.path_parameters
        )
        return draft, None

    def _asked_id(self, asked: Asked) -> str:
        parameter = asked.spec.operations[asked.operation].job_id_parameter
        name = parameter.name if parameter is not None else ""
        return asked.path_parameters.get(name) or asked.query.get(name) or ""

    def _spoil(self, asked: Asked, draft: Draft, state: JobState | None) -> Draft:
        response = asked.spec.responses_for(asked.operation, draft.status)
        site = BodySite(
            spec=asked.spec,
            schema=(response.schema or {}) if response is not None else {},
            job=response.job if response is not None else None,
            state=state,
        )
        for fault in self.faults.striking(
            BodyFault, asked.spec, operation=asked.operation, nth=asked.nth, subject=asked.subject
        ):
            if isinstance(draft.document, dict):
                draft.document = fault.apply(draft.document, site)
        return draft


def refused(drafts: Drafts, spec: Spec, operation: str, refusal: Refusal) -> Draft:
    """The 429 of a limit. No document says that Retry-After comes with it: it is the simulator's own."""
    draft = drafts.error(spec, operation, 429, refusal.words)
    draft.headers = (("retry-after", str(refusal.retry_after_s)),)
    draft.own = (*draft.own, Own.RETRY_AFTER)
    return draft
