"""Runs of one plan, put together: their jobs, in blocks and nights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, Design, JobOutcome, MeasuredJob, Phase, Provenance
from harness.stats.interval import Interval

__all__ = ["Block", "Pool", "Seller", "join_runs", "pools_of", "time_of"]

NIGHT_GAP = timedelta(hours=6)  # blocks that are closer than this are of one night


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seller:
    """One model, waited for in one mode."""

    model: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One slot of a run: one job per seller. `night` is the UTC day of the first job of its night."""

    run: str
    number: int
    started_at: datetime
    night: str
    jobs: Mapping[Seller, MeasuredJob]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Runs of one plan and one provenance, oldest first; `blocks` in the order in which they began."""

    records: tuple[BenchRecord, ...]
    blocks: tuple[Block, ...]

    @property
    def provenance(self) -> Provenance:
        """Where its jobs ran."""
        return self.records[0].provenance

    @property
    def design(self) -> Design:
        """How its jobs are spread over time."""
        return self.records[0].design

    def jobs(self, seller: Seller) -> Iterator[tuple[MeasuredJob, str]]:
        """The jobs of a seller, each with its night."""
        return ((block.jobs[seller], block.night) for block in self.blocks if seller in block.jobs)

    def sellers(self) -> tuple[Seller, ...]:
        """In the order in which the runs name their models."""
        named = list(dict.fromkeys(model for record in self.records for model in record.models))
        found = {seller for block in self.blocks for seller in block.jobs}
        named += sorted({seller.model for seller in found} - set(named))
        return tuple(sorted(found, key=lambda seller: (named.index(seller.model), seller.mode)))


def pools_of(records: Sequence[BenchRecord]) -> tuple[Pool, ...]:
    """Runs put together by plan and provenance, in the order in which the first of each was given."""
    groups: dict[tuple[str, Provenance], list[BenchRecord]] = {}
    for record in records:
        groups.setdefault((record.plan_digest, record.provenance), []).append(record)
    return tuple(join_runs(group) for group in groups.values())


def join_runs(records: Sequence[BenchRecord]) -> Pool:
    """Runs as one. A run that is given twice counts once: with the most jobs.

    Raises OperatorError for none, for runs of different provenance or of different plans, and for two runs
    that claim the same job.
    """
    if not records:
        raise OperatorError("no runs to join")
    first = records[0]
    for other in records[1:]:
        if other.provenance is not first.provenance:
            raise OperatorError(
                f"run {first.id} is {first.provenance} and run {other.id} is {other.provenance}: "
                "simulated and live jobs are never joined"
            )
        if other.plan_digest != first.plan_digest:
            raise OperatorError(
                f"runs {first.id} and {other.id} are of different plans ({first.plan_digest[:12]} and "
                f"{other.plan_digest[:12]}): only runs of one plan are joined"
            )
    fullest: dict[str, BenchRecord] = {}
    for record in sorted(records, key=lambda record: (len(record.jobs), record.finished_at is not None)):
        fullest[record.id] = record
    kept = tuple(sorted(fullest.values(), key=lambda record: (record.created_at, record.id)))
    _refuse_shared_jobs(kept)
    return Pool(records=kept, blocks=_blocks(kept))


def _refuse_shared_jobs(records: Sequence[BenchRecord]) -> None:
    owner: dict[str, str] = {}
    for record in records:
        for job in record.jobs:
            if owner.setdefault(job.id, record.id) != record.id:
                raise OperatorError(f"runs {owner[job.id]} and {record.id} both hold job {job.id}")


def _blocks(records: Sequence[BenchRecord]) -> tuple[Block, ...]:
    """Blocks by the time of their first job, each with its night."""
    slots: dict[tuple[str, int], dict[Seller, MeasuredJob]] = {}
    for record in records:
        for job in sorted(record.jobs, key=lambda job: job.submitted_at):
            jobs = slots.setdefault((record.id, job.block), {})
            jobs.setdefault(Seller(model=job.model, mode=job.mode), job)
    begun = sorted((min(job.submitted_at for job in jobs.values()), key) for key, jobs in slots.items())
    found: list[Block] = []
    for started_at, key in begun:
        same = bool(found) and started_at - found[-1].started_at < NIGHT_GAP
        night = found[-1].night if same else started_at.date().isoformat()
        found.append(Block(run=key[0], number=key[1], started_at=started_at, night=night, jobs=slots[key]))
    return tuple(found)


def time_of(job: MeasuredJob, phase: Phase = Phase.TOTAL) -> Interval | None:
    """How long a phase of a job took; None where that says nothing: it failed, or was never sent.

    A job that did not end within the cap counts, with all that is known of it: that it took longer.
    """
    if job.outcome is JobOutcome.SUCCEEDED:
        return job.intervals.get(phase)
    if job.outcome is not JobOutcome.UNFINISHED:
        return None
    if phase is Phase.TOTAL:
        return job.intervals.get(phase) or Interval(low_s=0.0, high_s=None)
    return job.intervals.get(phase)
