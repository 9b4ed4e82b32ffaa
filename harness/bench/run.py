"""Running the blocks of a plan through the client: each job kept as it ends, nothing sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from harness.bench.compiled import Compiled
from harness.bench.expected import estimate_of, poller_of
from harness.bench.measuring import measured_job, recalled_job
from harness.bench.plan import Plan
from harness.bench.predict import Predictor
from harness.bench.schedule import Slot, drawn
from harness.client.client import Client
from harness.client.entry import OPEN, Entry
from harness.client.fetch import Fetched
from harness.client.journal import Journal
from harness.client.results import JobHandle, JobResult
from harness.errors import HarnessError
from harness.measurement.job import JobOutcome, MeasuredJob, Phase
from harness.spec.model import Spec

__all__ = ["Keep", "Runner", "Watcher"]

Keep = Callable[[MeasuredJob], None]
"""Makes a measured job durable. It may take its time: it is called in a thread."""

_GRACE_S = 5.0
"""After the poll at the cap nothing more is waited for but what was pushed just then."""

_TIMED = frozenset({JobOutcome.SUCCEEDED, JobOutcome.UNFINISHED})


class Watcher(Protocol):
    """Whoever looks on."""

    def submitted(self, slot: Slot, job_id: str | None) -> None:
        """The job of a slot was sent, and answered where it is not a blocking call."""

    def measured(self, slot: Slot, job: MeasuredJob) -> None:
        """The job of a slot has ended, or was given up, and is kept."""


@dataclass(slots=True, kw_only=True)
class Runner:
    """One invocation of a plan. `client` keeps sightings; `specs` are those of the plan's models, by ref."""

    plan: Plan
    compiled: Compiled
    specs: Mapping[str, Spec]
    client: Client
    journal: Journal
    keep: Keep
    watcher: Watcher
    _predictors: dict[str, Predictor] = field(default_factory=dict)
    _sent: dict[Slot, asyncio.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for model, spec in self.specs.items():
            self._predictors[model] = Predictor(estimate_of(spec, self.plan.modes[model]))

    def learn(self, jobs: Sequence[MeasuredJob]) -> None:
        """Takes what was measured before: polls are placed by it."""
        for job in jobs:
            self._learn(job)

    async def run(self, slots: Sequence[Slot], left: Mapping[Slot, Entry] | None = None) -> None:
        """Runs the jobs of slots, block by block.

        `left` are jobs that an earlier process has sent, each in a slot of its own: they are only waited for.
        Raises OperatorError and BudgetError for a job that cannot or may not be sent; those under way stay
        open in the journal then, as they do on a cancellation.
        """
        gate = asyncio.Semaphore(self.plan.at_once)
        self._sent = {slot: asyncio.Event() for slot in slots}
        before = _predecessors(slots)
        try:
            async with asyncio.TaskGroup() as group:
                for slot, entry in (left or {}).items():
                    group.create_task(self._take_up(slot, entry))
                for _, block in groupby(slots, key=lambda slot: slot.block):
                    await gate.acquire()
                    group.create_task(self._block(tuple(block), before, gate))
        except* HarnessError as errors:
            raise _first(errors) from None

    async def _block(
        self, slots: Sequence[Slot], before: Mapping[Slot, Slot], gate: asyncio.Semaphore
    ) -> None:
        """One job of each model, sent one after the other; their ends are waited for together."""
        try:
            async with asyncio.TaskGroup() as group:
                for slot in slots:
                    if slot in before:  # the n-th job of a model is the n-th that it gets
                        await self._sent[before[slot]].wait()
                    handle = await self._submit(slot)
                    group.create_task(self._finish(slot, handle))
        finally:
            gate.release()

    async def _submit(self, slot: Slot) -> JobHandle:
        model = slot.model
        handle = await self.client.submit(
            self.specs[model], self.compiled.requests[model], mode=self.plan.modes[model]
        )
        self._sent[slot].set()
        self.watcher.submitted(slot, handle.job_id)
        return handle

    async def _finish(self, slot: Slot, handle: JobHandle) -> None:
        spec, predictor = self.specs[slot.model], self._predictors[slot.model]
        rng = drawn(self.plan.seed, "poll", slot.block, slot.model)
        pacing = poller_of(self.plan, spec, predictor, rng)
        result = await self.client.wait(handle, pacing=pacing, timeout_s=self.plan.cap_s + _GRACE_S)
        await self._deliver(slot, result)

    async def _take_up(self, slot: Slot, entry: Entry) -> None:
        """Finishes what an earlier process began, or takes its end from the journal."""
        spec = self.specs[slot.model]
        rng = drawn(self.plan.seed, "poll", slot.block, slot.model)
        pacing = poller_of(self.plan, spec, self._predictors[slot.model], rng)
        was_open = entry.state in OPEN
        result = await self.client.resume(entry, pacing=pacing, timeout_s=self.plan.cap_s + _GRACE_S)
        if was_open and entry.job_id is not None:
            await self._deliver(slot, result)
            return
        ended = await asyncio.to_thread(self.journal.entry, entry.id)
        job = recalled_job(
            slot,
            spec,
            result,
            ended,
            clock=self.client.clock,
            mode=self.plan.modes[slot.model].value,
            asked_s=self.compiled.asked_s[slot.model],
        )
        await self._kept(slot, job)

    async def _deliver(self, slot: Slot, result: JobResult) -> None:
        """Fetches the video, and keeps the job whatever comes of that."""
        fetched: Fetched | None = None
        try:
            if self.plan.fetch and result.output is not None:
                fetched = await self.client.fetch(self.specs[slot.model], result.output)
        finally:
            await self._keep_result(slot, result, fetched)

    async def _keep_result(self, slot: Slot, result: JobResult, fetched: Fetched | None) -> None:
        entry = await asyncio.to_thread(self.journal.entry, result.handle.entry_id)
        job = measured_job(
            slot,
            self.specs[slot.model],
            result,
            entry,
            clock=self.client.clock,
            mode=self.plan.modes[slot.model].value,
            asked_s=self.compiled.asked_s[slot.model],
            fetched=fetched,
        )
        await self._kept(slot, job)

    async def _kept(self, slot: Slot, job: MeasuredJob) -> None:
        await asyncio.to_thread(self.keep, job)
        self._learn(job)
        self.watcher.measured(slot, job)

    def _learn(self, job: MeasuredJob) -> None:
        total = job.intervals.get(Phase.TOTAL)
        tells = total is not None and (total.low_s > 0 or total.high_s is not None)
        if total is not None and tells and job.outcome in _TIMED and job.model in self._predictors:
            self._predictors[job.model].observe(total)


def _predecessors(slots: Sequence[Slot]) -> dict[Slot, Slot]:
    """For each slot the one before it of the same model."""
    found: dict[Slot, Slot] = {}
    last: dict[str, Slot] = {}
    for slot in slots:
        if slot.model in last:
            found[slot] = last[slot.model]
        last[slot.model] = slot
    return found


def _first(errors: BaseExceptionGroup[HarnessError]) -> HarnessError:
    """One of the errors: those after it are of the same making, as a rule."""
    found: BaseException = errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    if not isinstance(found, HarnessError):
        raise AssertionError("they were chosen so")
    return found
