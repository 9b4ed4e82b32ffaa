"""Which run of a history is meant."""

from __future__ import annotations

from collections.abc import Sequence

from harness.bench.history.store import RunLine
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord

__all__ = ["LAST", "chosen"]

LAST = "LAST"


def chosen(lines: Sequence[RunLine], name: str, *, like: BenchRecord | None, where: str) -> RunLine:
    """The run that a name means: `LAST`, an id, or the unambiguous beginning of one.

    `like` is the run that it is to be held against. Raises OperatorError where there is none.
    """
    if name == LAST:
        return _last(lines, like, where)
    line = _named(lines, name, where)
    if like is not None and line.record.provenance is not like.provenance:
        raise OperatorError(
            f"run {line.record.id} is {line.record.provenance.value} and run {like.id} is "
            f"{like.provenance.value}: simulated and live jobs are never compared"
        )
    return line


def _named(lines: Sequence[RunLine], name: str, where: str) -> RunLine:
    exact = [line for line in lines if line.record.id == name]
    found = exact or [line for line in lines if line.record.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(line.record.id for line in found[:5])
        raise OperatorError(f"{where}: {name!r} is the beginning of {len(found)} runs: {ids}")
    raise OperatorError(f"{where}: no run {name!r}; harness history list shows those that there are")


def _last(lines: Sequence[RunLine], like: BenchRecord | None, where: str) -> RunLine:
    finished = [line for line in lines if line.record.finished_at is not None]
    if like is None:
        if not finished:
            raise OperatorError(f"{where}: no finished run yet")
        return finished[-1]
    earlier = [
        line
        for line in finished
        if line.record.id != like.id
        and line.record.provenance is like.provenance
        and line.record.created_at <= like.created_at
    ]
    same_plan = [line for line in earlier if line.record.plan_digest == like.plan_digest]
    if same_plan:
        return same_plan[-1]
    if earlier:
        raise OperatorError(
            f"{where}: no earlier finished {like.provenance.value} run of this plan; "
            f"the last one of another plan is {earlier[-1].record.id}: name it to compare with it"
        )
    raise OperatorError(f"{where}: no earlier finished {like.provenance.value} run")
