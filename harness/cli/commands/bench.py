"""`harness bench`."""

from __future__ import annotations

import argparse
import platform
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness import __version__
from harness.cli.bench_output import report
from harness.cli.bench_plan import dry_json, dry_text, planned, with_budget
from harness.cli.bench_run import Stage, provenance_of, run_jobs
from harness.cli.clock import system_clock
from harness.cli.exit_codes import ExitCode
from harness.cli.live import (
    endpoints_of,
    journal_of,
    keyring_of,
    needs_live,
    prices_of,
    use_of,
)
from harness.cli.output import note, store_of
from harness.cli.stdout import write_stdout
from harness.errors import BudgetError, OperatorError
from harness.measurement.job import BenchRecord, Provenance
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.bench.compiled import Compiled
    from harness.bench.history.history import History
    from harness.bench.plan import Plan
    from harness.client.journal import Journal

__all__ = ["run"]

_RATIO = 1.10
_FORMATS = ("text", "json")
_SHAPING = (
    *("model", "prompt", "negative_prompt", "duration", "aspect_ratio", "audio", "guidance", "mode"),
    *("design", "blocks", "blocks_a_night", "nights", "first_look", "equivalence_margin", "seed"),
    *("cap", "poller", "interval", "at_once", "fetch"),
)


def run(arguments: argparse.Namespace) -> int:
    """Runs the blocks of a plan, or goes on with a run that was cut short, and reports."""
    _check_installed()
    _check_arguments(arguments)
    store = store_of(arguments)
    if arguments.dry_run:
        return _dry_run(arguments, store)
    history = _history(arguments)
    try:
        journal = journal_of(arguments, must_exist=False)
        if journal is None:
            raise AssertionError("it is made where there is none")
        try:
            return _run(arguments, store, history, journal)
        finally:
            journal.close()
    finally:
        history.close()


def _check_installed() -> None:
    needs_live("bench")
    for library in ("numpy", "sqlalchemy"):
        if find_spec(library) is None:
            raise OperatorError(f"bench needs {library}: pip install 'video-api-harness[bench]'")


def _check_arguments(arguments: argparse.Namespace) -> None:
    if arguments.max_median_ratio is not None and arguments.against is None:
        raise OperatorError(
            "bench: --max-median-ratio needs the run to compare with: --against LAST or an id"
        )
    if arguments.resume is not None and arguments.plan is not None:
        raise OperatorError("bench: --resume goes on with the plan of the run; leave the plan out")
    shaping = [name for name in _SHAPING if getattr(arguments, name) not in (None, [])]
    if arguments.resume is not None and shaping:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in shaping)
        raise OperatorError(f"bench: --resume goes on with the plan of the run; leave out {flags}")
    if arguments.dry_run and arguments.resume is not None:
        raise OperatorError("bench: --dry-run shows a plan; a run that was cut short has one already")
    if arguments.dry_run and arguments.format not in _FORMATS:
        raise OperatorError(f"bench: --dry-run is shown as {' or '.join(_FORMATS)}, not {arguments.format}")


def _dry_run(arguments: argparse.Namespace, store: SpecStore) -> int:
    """Shows what would be sent, cost and take. It needs no budget, no key and no network."""
    from harness.bench.compiled import compile_plan
    from harness.bench.forecast import forecast
    from harness.bench.plan import specs_of
    from harness.report.visible import as_json

    plan = with_budget(planned(arguments, store), arguments)
    specs = specs_of(plan, store)
    compiled = compile_plan(plan, specs)
    found = forecast(plan, specs, compiled, prices_of(use_of(arguments)))
    is_json = arguments.format == "json"
    write_stdout(as_json(dry_json(plan, compiled, found)) if is_json else dry_text(plan, compiled, found))
    return ExitCode.DONE


def _history(arguments: argparse.Namespace) -> History:
    from harness.bench.history.history import History

    directory = Path(arguments.journal).parent
    if arguments.store.startswith("sqlite:///"):
        _make_directory(Path(arguments.store.removeprefix("sqlite:///")).parent)
    now = system_clock().utc_now()
    fallback = directory / f"bench-{now:%Y%m%dT%H%M%SZ}.jsonl"
    return History.open(arguments.store, fallback=fallback, on_lost=note)


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"--store: {path}: {error.strerror or error}") from None


def _run(arguments: argparse.Namespace, store: SpecStore, history: History, journal: Journal) -> int:
    stage = _stage(arguments, store, history, journal)
    baseline = _baseline(arguments, history, stage.record)
    jobs = run_jobs(stage)
    now = system_clock().utc_now()
    history.finish(stage.record.id, now)
    record = replace(stage.record, jobs=jobs, finished_at=now)
    ratio = _RATIO if arguments.max_median_ratio is None else arguments.max_median_ratio
    return report(arguments, history, record, stage.specs, baseline=baseline, ratio=ratio)


def _baseline(arguments: argparse.Namespace, history: History, record: BenchRecord) -> BenchRecord | None:
    """The run to compare with. That there is none is found out before anything is paid for."""
    if arguments.against is None:
        return None
    return history.get(arguments.against, like=record)


def _stage(arguments: argparse.Namespace, store: SpecStore, history: History, journal: Journal) -> Stage:
    from harness.bench.compiled import compile_plan
    from harness.bench.forecast import check_budget, forecast
    from harness.bench.plan import specs_of
    from harness.bench.records import first_block_of, plan_in
    from harness.bench.schedule import slots_of

    old = None if arguments.resume is None else _unfinished(arguments.resume, history)
    plan = with_budget(planned(arguments, store) if old is None else plan_in(old, store), arguments)
    specs = specs_of(plan, store)
    compiled = compile_plan(plan, specs)
    endpoints = endpoints_of(arguments)
    provenance = provenance_of(specs, endpoints)
    use = use_of(arguments)
    keyring = keyring_of(endpoints, [(spec.provider_id, spec.provider.credential) for spec in specs], use)
    prices = prices_of(use)
    _check_may_spend(arguments, plan, provenance)
    check_budget(plan, forecast(plan, specs, compiled, prices))
    record = old or _begun(arguments, plan, compiled, provenance, history)
    _check_same(record, plan, compiled, provenance)
    slots = slots_of(plan.models, seed=plan.seed, blocks=plan.blocks, first_block=first_block_of(record))
    by_ref = {spec.ref: spec for spec in specs}
    stage = Stage(
        arguments=arguments,
        plan=plan,
        compiled=compiled,
        specs=by_ref,
        record=record,
        jobs=(),
        endpoints=endpoints,
        keyring=keyring,
        prices=prices,
        journal=journal,
        history=history,
        slots=slots,
    )
    stage.check_keys()
    return replace(stage, jobs=history.start(record))


def _check_may_spend(arguments: argparse.Namespace, plan: Plan, provenance: Provenance) -> None:
    if provenance is Provenance.SIMULATED:
        return
    if not arguments.live:
        raise OperatorError("bench: jobs out there cost money; say that they may (--live)")
    if plan.max_jobs is None and plan.max_cost_usd is None:
        raise BudgetError("bench: live jobs cost money; give --max-jobs or --max-cost-usd")


def _begun(
    arguments: argparse.Namespace, plan: Plan, compiled: Compiled, provenance: Provenance, history: History
) -> BenchRecord:
    """A new run. A nightly one takes its blocks after those of the nights before."""
    from harness.bench.records import Machine, begun, earlier_nights, refuse_second_night

    machine = Machine(version=__version__, name=platform.node() or "unnamed", region=arguments.region)
    record = begun(
        plan,
        compiled,
        provenance=provenance,
        machine=machine,
        now=system_clock().utc_now().replace(microsecond=0),
    )
    nights = earlier_nights(record, [line.record for line in history.list(provenance=provenance)])
    if not arguments.again:
        refuse_second_night(record, nights)
    if plan.design.value == "nightly":
        note(f"harness: run {record.id}; runs of this plan before it: {len(nights)}")
        return replace(record, plan={**record.plan, "first_block": len(nights) * plan.blocks})
    note(f"harness: run {record.id}")
    return record


def _unfinished(name: str, history: History) -> BenchRecord:
    """The run that is meant, or the last one that was cut short."""
    if name:
        found = history.get(name)
        if found.finished_at is not None:
            raise OperatorError(f"bench: run {found.id} has ended; there is nothing to go on with")
        return replace(found, jobs=())
    cut = [line.record for line in history.list() if line.record.finished_at is None]
    if not cut:
        raise OperatorError(f"bench: {history.shown} has no run that was cut short")
    return cut[-1]


def _check_same(record: BenchRecord, plan: Plan, compiled: Compiled, provenance: Provenance) -> None:
    """A run goes on as it began, or not at all."""
    from harness.bench.compiled import plan_digest

    if record.plan_digest != plan_digest(plan, compiled):
        raise OperatorError(
            f"bench: run {record.id}: its plan now makes other requests than then (the specs have changed)"
        )
    if record.provenance is not provenance:
        raise OperatorError(
            f"bench: run {record.id} is {record.provenance.value}, and this is {provenance.value}"
        )
