"""`harness trial`."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from harness import __version__
from harness.cli.clock import system_clock
from harness.cli.exit_codes import ExitCode
from harness.cli.live import (
    budget_of,
    clock_of,
    journal_of,
    keyring_of,
    needs_live,
    network_of,
)
from harness.cli.output import deliver, note, store_of
from harness.cli.stdout import write_stdout
from harness.cli.trial_plan import Plan, is_local, plan_json, plan_lines, plan_of
from harness.errors import BudgetError, OperatorError
from harness.finding import Judgement
from harness.spec.model import Spec
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.client.budget import Budget
    from harness.client.journal import Journal
    from harness.client.keys import Keyring
    from harness.measurement.trial import TrialRecord
    from harness.trial.kept import Ran
    from harness.trial.plan import Errand
    from harness.trial.state import TrialState

__all__ = ["run"]

_LIFETIME_SHARE = 0.9


def run(arguments: argparse.Namespace) -> int:
    """Makes one job at each provider, or goes on with a trial that was cut short, and reports."""
    needs_live("trial")
    from harness.trial.state import TrialState, locked

    store, to = store_of(arguments), Path(arguments.to)
    if arguments.dry_run:
        return _dry_run(arguments, plan_of(arguments, store, TrialState.left(to)))
    with locked(to):
        return _run(arguments, store, plan_of(arguments, store, TrialState.left(to)))


def _dry_run(arguments: argparse.Namespace, plan: Plan) -> int:
    if arguments.format == "json":
        from harness.report.visible import as_json

        write_stdout(as_json(plan_json(plan)))
    else:
        write_stdout("\n".join(plan_lines(plan)))
    return ExitCode.DONE


def _run(arguments: argparse.Namespace, store: SpecStore, plan: Plan) -> int:
    now = system_clock().utc_now().replace(microsecond=0)
    all_of_them = arguments.even_if_invalid if plan.left is None else plan.left.even_if_invalid
    sent = tuple(errand for errand in plan.errands if errand.is_allowed or all_of_them)
    providers = [(spec.provider_id, spec.provider.credential) for spec in plan.specs]
    keyring = keyring_of(plan.endpoints, providers, plan.use)
    _check_ready(arguments, store, plan, sent, keyring)
    journal = journal_of(arguments, must_exist=False)
    if journal is None:
        raise AssertionError("it is made where there is none")
    try:
        state = plan.left or _begun(arguments, plan, sent, now)
        try:
            ran = asyncio.run(_jobs(arguments, plan, sent, _Hands(state, keyring, journal, now)))
        except KeyboardInterrupt:
            _say_what_is_left(journal, state)
            raise
        record = _record(arguments, store, plan, ran, now)
        code = _report(arguments, store, record, now)
        if all(one.outcome != "unfinished" for one in ran.values()):
            state.done()
        else:
            note("harness: some jobs have not ended; the same command goes on waiting for them")
        return code
    finally:
        journal.close()


@dataclass(frozen=True, slots=True)
class _Hands:
    """What the jobs are made with."""

    state: TrialState
    keyring: Keyring
    journal: Journal
    now: datetime


def _check_ready(
    arguments: argparse.Namespace, store: SpecStore, plan: Plan, sent: Sequence[Errand], keyring: Keyring
) -> None:
    """Everything that can be known before is: nothing is sent to one seller while another is in the way."""
    from harness.cassette.write import cassette_files
    from harness.client.calls import build

    budget = budget_of(arguments, scope="")
    for errand in sent:
        spec = errand.spec
        build(spec, "submit", endpoints=plan.endpoints, keyring=keyring, body=b"{}")
        if plan.left is None and not arguments.overwrite and cassette_files(errand.path):
            raise OperatorError(f"{errand.path}: is there already; --overwrite records it anew")
        if is_local(plan.endpoints, spec):
            continue
        if not arguments.live:
            raise OperatorError(f"{spec.ref}: a job there costs money; say that it may (--live)")
        if budget is None:
            raise BudgetError(f"{spec.ref}: a job there costs money; give --max-jobs or --max-cost-usd")
    if budget is not None and plan.left is None:
        _check_budget(arguments, sent)
    for errand in sent:
        if not is_local(plan.endpoints, errand.spec):
            _warn_of_revisions(store, errand.spec)


def _warn_of_revisions(store: SpecStore, spec: Spec) -> None:
    later = ", ".join(revision.ref for revision in store.later_revisions(spec))
    if later:
        note(f"harness: {spec.ref}: later pages of the provider say otherwise in part, see {later}")


def _check_budget(arguments: argparse.Namespace, sent: Sequence[Errand]) -> None:
    """The worst case of all together, before the first is sent."""
    from harness.client.journal import Spent

    budget = budget_of(arguments, scope="")
    if budget is None:
        return
    spent = Spent(jobs=0, cost_microusd=0, unpriced_jobs=0)
    for errand in sent:
        refusal = budget.refusal(errand.worst, errand.spec.ref)(spent)
        if refusal is not None:
            raise BudgetError(f"{errand.spec.ref}: {refusal}")
        spent = replace(
            spent,
            jobs=spent.jobs + errand.worst.jobs,
            cost_microusd=spent.cost_microusd + (errand.worst.cost_microusd or 0),
        )


def _begun(arguments: argparse.Namespace, plan: Plan, sent: Sequence[Errand], now: datetime) -> TrialState:
    from harness.trial.state import TrialState

    if not sent:
        raise OperatorError(f"trial: no seller documents such a request: {plan.errands[0].faults[0].message}")
    return TrialState.begin(
        Path(arguments.to),
        tuple(spec.ref for spec in plan.specs),
        plan.canonical,
        now,
        even_if_invalid=arguments.even_if_invalid,
    )


async def _jobs(
    arguments: argparse.Namespace, plan: Plan, sent: Sequence[Errand], hands: _Hands
) -> dict[str, Ran]:
    from harness.client.limits import Limits
    from harness.client.receiver import ReceiverOptions
    from harness.trial.kept import Ran
    from harness.trial.run import World, run_errands

    world = World(
        state=hands.state,
        journal=hands.journal,
        keyring=hands.keyring,
        endpoints=plan.endpoints,
        clock=clock_of(arguments),
        budget=_capped(arguments, len(sent), hands.state.scope),
        limits=Limits(job_s=arguments.timeout),
        network=network_of(),
        receiver=ReceiverOptions(public_url=arguments.public_url),
        live=arguments.live,
        now=hands.now,
        expires=hands.now + timedelta(days=arguments.expires_days),
        title=arguments.title,
        overwrite=arguments.overwrite,
        with_utc=arguments.time_scale == 1.0,
        lifetime_share=_LIFETIME_SHARE if arguments.url_lifetime else None,
    )
    ran = {one.model: one for one in await run_errands(sent, world)}
    missing = {
        spec.ref: Ran(model=spec.ref, outcome="not_sent") for spec in plan.specs if spec.ref not in ran
    }
    return {**missing, **ran}


def _capped(arguments: argparse.Namespace, jobs: int, scope: str) -> Budget:
    """The operator's budget, and never more than one job for each seller. `scope` also names the trial in the
    journal, so it has one on this machine, too.
    """
    from harness.client.budget import Budget

    given = budget_of(arguments, scope=scope)
    if given is None:
        return Budget(max_jobs=jobs, scope=scope)
    return replace(given, max_jobs=jobs if given.max_jobs is None else min(given.max_jobs, jobs))


def _say_what_is_left(journal: Journal, state: TrialState) -> None:
    from harness.client.entry import OPEN

    mine = [entry for entry in journal.entries() if entry.scope == state.scope]
    jobs = [entry for entry in mine if entry.job_id is not None or entry.counted]
    left = [entry for entry in jobs if entry.state in OPEN]
    for entry in left:
        note(f"harness: open at {entry.provider}: job {entry.job_id or 'not named yet'} of {entry.model}")
    note(
        f"harness: {len(jobs)} of {len(state.models)} jobs were made, {len(left)} of them are open; the same "
        "command goes on with them and makes none a second time"
    )


def _record(
    arguments: argparse.Namespace, store: SpecStore, plan: Plan, ran: Mapping[str, Ran], now: datetime
) -> TrialRecord:
    from harness.cli.commands.check import judges_for
    from harness.compare.encoded import load_encoding
    from harness.run import check_traffic
    from harness.trial.told import Trial, record_of

    files = [(model, one.files[0]) for model, one in ran.items() if one.files]
    checks, judged = {}, Judgement()
    for model, file in files:
        traffic = check_traffic(store, [file], judges_for(store), now=now)
        checks[model] = traffic.checks[0]
        judged += traffic.judgement
    trial = Trial(
        errands=plan.errands,
        ran=ran,
        checks=checks,
        canonical=plan.canonical,
        encoding=load_encoding(store),
    )
    return record_of(trial, judged=judged, now=now, version=__version__)


def _report(arguments: argparse.Namespace, store: SpecStore, record: TrialRecord, now: datetime) -> ExitCode:
    """The report of the main job with the new recordings among its traffic, and the trial's own page."""
    from harness.cli.by_use import judge_by_use
    from harness.cli.commands.check import judges_for
    from harness.measurement.trial import trial_json
    from harness.report.files import write_report, write_text
    from harness.report.trial import trial_html
    from harness.report.visible import as_json
    from harness.run import run as run_job
    from harness.run import shipped_recordings

    judged = judge_by_use(record.judgement, arguments, store)
    record = replace(record, judgement=judged.judgement)
    cassettes = [Path(line.cassette) for line in record.lines if line.cassette is not None]
    whole = run_job(store, (*shipped_recordings(), *cassettes), judges_for(store), now=now)
    directory = Path(arguments.output_dir)
    try:
        written = [*write_report(whole, directory)]
        for name, text in (("trial.html", trial_html(record)), ("trial.json", as_json(trial_json(record)))):
            write_text(directory / name, text)
            written.append(directory / name)
    except OSError as error:
        raise OperatorError(f"{directory}: {error.strerror or error}") from None
    code = deliver(judged, arguments, extra={"trial": trial_json(record)})
    for line in record.lines:
        note(f"{line.model}: {line.outcome}" + (f"; wrote {line.cassette}" if line.cassette else ""))
    note(f"wrote {directory / 'trial.html'}, and {len(written) - 1} more files of the report beside it")
    return code
