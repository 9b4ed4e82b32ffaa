"""The jobs of one provider: how they are created, found and looked at."""

from __future__ import annotations

import math
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.simulator.chance import drawn_for
from harness.simulator.demand import video_order
from harness.simulator.faults.fault import PlanFault, VideoFault, VideoSite
from harness.simulator.faults.order import FaultPlan
from harness.simulator.job import Failure, Look, SimulatedJob
from harness.simulator.output import Outputs, lifetime_of
from harness.simulator.timeline import Timeline
from harness.simulator.timing import draw_plan, median_of
from harness.spec.model import JobState, Spec
from harness.spec.pointer import resolve

__all__ = ["JobBook", "id_form"]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNKNOWN_ETA_S = 60.0


def id_form(spec: Spec) -> str:
    """`{}` for a UUID, or what a documented example has around its UUID (`{}:model-name`)."""
    for operation in ("poll", "submit"):
        for response in spec.operations[operation].responses.values():
            pointer = response.job.id if response.job is not None else None
            for example in response.examples:
                shown = resolve(example.value, pointer) if pointer and example.has_value else None
                if isinstance(shown, str) and _UUID.search(shown) and not _UUID.fullmatch(shown):
                    return _UUID.sub("{}", shown, count=1)
    return "{}"


@dataclass(slots=True, kw_only=True)
class JobBook:
    """All jobs since the start. The same seed gives the same ids and courses, model by model, in order."""

    base_url: str
    timeline: Timeline
    faults: FaultPlan
    outputs: Outputs
    seed: int
    _jobs: dict[str, SimulatedJob] = field(default_factory=dict)
    _by_output: dict[str, SimulatedJob] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[SimulatedJob]:
        return iter(self._jobs.values())

    def get(self, job_id: str | None) -> SimulatedJob | None:
        """The job with this id."""
        return self._jobs.get(job_id or "")

    def by_output(self, signature: str) -> SimulatedJob | None:
        """The job that an output URL belongs to."""
        return self._by_output.get(signature)

    def pending_ends(self, owner: str) -> Iterator[float]:
        """The ends of one owner's jobs."""
        return (job.plan.ended_s for job in self._jobs.values() if job.owner == owner)

    def create(
        self, spec: Spec, operation: str, request: Mapping[str, Any], owner: str, failure: Failure | None
    ) -> SimulatedJob:
        """A new job, with its whole course settled."""
        self._counts[spec.id] += 1
        ordinal = self._counts[spec.id]
        random = drawn_for(self.seed, spec.id, ordinal)
        job_id = id_form(spec).format(uuid.UUID(int=random.getrandbits(128), version=4))
        mode = "blocking" if operation == "generate" else "poll"
        now_s = self.timeline.now_s()
        plan = draw_plan(random, median_of(spec, mode).seconds, now_s, failure)
        for fault in self.faults.striking(PlanFault, spec, subject=str(ordinal)):
            plan = fault.apply(plan)
        video = video_order(spec, operation, request)
        site = VideoSite(spec=spec, request=request, default=video_order(spec, operation, {}))
        for trick in self.faults.striking(VideoFault, spec, subject=str(ordinal)):
            video = trick.apply(video, site)
        job = SimulatedJob(
            id=job_id,
            ordinal=ordinal,
            spec=spec,
            operation=operation,
            request=request,
            owner=owner,
            plan=plan,
            video=video,
            submitted_utc=self.timeline.true_utc().isoformat(timespec="milliseconds"),
        )
        self._jobs[job_id] = job
        self._by_output[self.outputs.signature(job)] = job
        return job

    def look(self, job: SimulatedJob) -> Look:
        """The truth about a job now."""
        now_s, plan = self.timeline.now_s(), job.plan
        state = plan.state_at(now_s)
        has_ended = now_s >= plan.ended_s
        left_s = max(0.0, plan.ended_s - now_s)
        return Look(
            job=job,
            id=job.id,
            state=state,
            fraction=1.0 if state is JobState.SUCCEEDED else plan.fraction_at(now_s),
            eta_s=math.ceil(left_s) if math.isfinite(left_s) else _UNKNOWN_ETA_S,
            submitted_s=plan.submitted_s,
            started_s=plan.started_s if now_s >= plan.started_s else None,
            ended_s=plan.ended_s if has_ended else None,
            output_url=f"{self.base_url}{self.outputs.path_of(job)}",
            output_ttl_s=lifetime_of(job.spec)[0],
            failure=plan.failure,
        )
