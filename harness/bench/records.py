"""A run of a plan as a record: begun, and read again to go on with it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.bench.compiled import Compiled, plan_digest
from harness.bench.plan import Plan, plan_json, plan_of
from harness.bench.plan_values import read_json
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, Design, Provenance
from harness.spec.store import SpecStore

__all__ = ["Machine", "begun", "earlier_nights", "first_block_of", "plan_in", "refuse_second_night"]

_FIRST_BLOCK = "first_block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Who measures: the version of this package, the machine's name, and the region the operator gave."""

    version: str
    name: str
    region: str | None


def begun(
    plan: Plan,
    compiled: Compiled,
    *,
    provenance: Provenance,
    machine: Machine,
    now: datetime,
    first_block: int = 0,
) -> BenchRecord:
    """A run that begins now, without jobs."""
    return BenchRecord(
        id=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        created_at=now,
        finished_at=None,
        version=machine.version,
        provenance=provenance,
        design=plan.design,
        machine=machine.name,
        region=machine.region,
        seed=plan.seed,
        cap_s=plan.cap_s,
        plan={**plan_json(plan), _FIRST_BLOCK: first_block},
        plan_digest=plan_digest(plan, compiled),
        models=plan.models,
        requests=compiled.requests,
        mismatches=compiled.mismatches,
    )


def plan_in(record: BenchRecord, store: SpecStore) -> Plan:
    """The plan of a run. Raises OperatorError where this release cannot read it or a model is not at hand."""
    stated = {key: value for key, value in record.plan.items() if key != _FIRST_BLOCK}
    return plan_of(read_json(stated, f"the plan of run {record.id}"), store)


def first_block_of(record: BenchRecord) -> int:
    """The number of a run's first block."""
    found = record.plan.get(_FIRST_BLOCK, 0)
    return found if isinstance(found, int) else 0


def earlier_nights(record: BenchRecord, earlier: Sequence[BenchRecord]) -> tuple[BenchRecord, ...]:
    """The runs of the same plan and provenance before this one."""
    return tuple(
        other
        for other in earlier
        if other.plan_digest == record.plan_digest
        and other.provenance is record.provenance
        and other.id != record.id
    )


def refuse_second_night(record: BenchRecord, nights: Sequence[BenchRecord]) -> None:
    """Raises OperatorError where a nightly plan has run on this UTC day: a second run makes no second day."""
    if record.design is not Design.NIGHTLY:
        return
    today = record.created_at.date()
    for other in nights:
        if other.created_at.date() == today and other.finished_at is None:
            raise OperatorError(
                f"this plan's run {other.id} of today was cut short: finish it (--resume {other.id}), "
                "or add to the same day (--again)"
            )
        if other.created_at.date() == today:
            raise OperatorError(
                f"this plan has run today, {today} UTC (run {other.id}): a second run would make no second "
                "day (--again adds to the same one)"
            )
