"""`harness resume`."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.cli.commands.jobs import entry_json, group_of
from harness.cli.exit_codes import ExitCode
from harness.cli.live import clock_of, endpoints_of, journal_of, keyring_of, needs_live, network_of, use_of
from harness.cli.output import note, store_of
from harness.cli.stdout import write_stdout
from harness.errors import HarnessError, OperatorError
from harness.finding import Judgement, Observed, Severity
from harness.spec.model import Spec
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.client.client import Client
    from harness.client.entry import Entry
    from harness.client.journal import Journal
    from harness.client.results import JobResult

__all__ = ["run"]

_CLEAR = frozenset({"done", "failed", "cancelled", "refused", "abandoned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resumed:
    """One entry and what became of it; `problem` says why nothing could."""

    entry: Entry
    result: JobResult | None
    problem: str | None


def run(arguments: argparse.Namespace) -> int:
    """Finishes what is open."""
    needs_live("resume")
    journal = journal_of(arguments, must_exist=True)
    if journal is None:
        text = f"no journal at {arguments.journal}: nothing to resume"
        write_stdout(_as_json((), {}) if arguments.format == "json" else text)
        return ExitCode.DONE
    try:
        return _resume(arguments, journal)
    finally:
        journal.close()


def _resume(arguments: argparse.Namespace, journal: Journal) -> int:
    from harness.client.entry import OPEN

    entries = journal.entries(OPEN)
    try:
        done = asyncio.run(_all(arguments, journal, entries))
    except KeyboardInterrupt:
        left = len(journal.entries(OPEN))
        note(f"harness: interrupted; {left} of {len(entries)} jobs are still open: harness resume")
        return ExitCode.INTERRUPTED
    now = {entry.id: entry for entry in journal.entries()}
    text = _as_json(done, now) if arguments.format == "json" else "\n".join(_lines(done, now))
    write_stdout(text)
    return _exit_code(done, now)


def _exit_code(done: Sequence[_Resumed], now: Mapping[str, Entry]) -> ExitCode:
    """Findings go before what is still open, or may have been billed."""
    if _judgement(done).worst() is Severity.ERROR:
        return ExitCode.FINDINGS
    unclear = [item for item in done if now[item.entry.id].state.value not in _CLEAR]
    return ExitCode.INCONCLUSIVE if unclear else ExitCode.DONE


def _judgement(done: Sequence[_Resumed]) -> Judgement:
    results = [item.result for item in done if item.result is not None]
    return Judgement(
        findings=tuple(finding for result in results for finding in result.findings),
        observed=Observed(exchanges=sum(result.polls for result in results)),
        models=tuple(dict.fromkeys(item.entry.model for item in done)),
    )


async def _all(arguments: argparse.Namespace, journal: Journal, entries: Sequence[Entry]) -> list[_Resumed]:
    from harness.client.client import Client
    from harness.client.limits import Limits

    specs = _specs(store_of(arguments), entries)
    endpoints = endpoints_of(arguments)
    providers = [(spec.provider_id, spec.provider.credential) for spec in specs]
    client = Client(
        specs,
        keyring=keyring_of(endpoints, providers, use_of(arguments)),
        journal=journal,
        clock=clock_of(arguments),
        endpoints=endpoints,
        network=network_of(),
        limits=Limits(job_s=arguments.timeout),
    )
    async with client:
        return list(await asyncio.gather(*(_one(client, entry) for entry in entries)))


def _specs(store: SpecStore, entries: Sequence[Entry]) -> list[Spec]:
    """Those of the entries that are at hand; what has none stays open, and is said."""
    found: list[Spec] = []
    for model in dict.fromkeys(entry.model for entry in entries):
        try:
            found.append(store.get(model))
        except OperatorError as error:
            note(f"harness: {error}")
    return found


async def _one(client: Client, entry: Entry) -> _Resumed:
    try:
        return _Resumed(entry=entry, result=await client.resume(entry), problem=None)
    except HarnessError as error:
        return _Resumed(entry=entry, result=None, problem=str(error))


def _as_json(done: Sequence[_Resumed], now: Mapping[str, Entry]) -> str:
    from harness.report.json import findings_json

    jobs = [
        {
            **entry_json(now[item.entry.id], in_use=False),
            "outcome": None if item.result is None else item.result.outcome.value,
            "problem": item.problem,
        }
        for item in done
    ]
    return json.dumps({**findings_json(_judgement(done)), "jobs": jobs, "open": _open(done, now)}, indent=2)


def _open(done: Sequence[_Resumed], now: Mapping[str, Entry]) -> int:
    return sum(group_of(now[item.entry.id]) == "open" for item in done)


def _lines(done: Sequence[_Resumed], now: Mapping[str, Entry]) -> Iterator[str]:
    from harness.report.visible import visible

    for item in done:
        result = item.result
        what = "not resumed" if result is None else result.outcome.value
        yield f"{item.entry.id}  {what}  {item.entry.model}  job {visible(item.entry.job_id or '-')}"
        remarks = [("note", item.problem)] if result is None else _remarks(result)
        yield from (f"    {name:8} {visible(words)}" for name, words in remarks if words)
    yield f"{len(done) - _open(done, now)} of {len(done)} finished, {_open(done, now)} open"


def _remarks(result: JobResult) -> list[tuple[str, str | None]]:
    found = [
        (finding.severity.value, f"{finding.message} [{finding.rule.id}]") for finding in result.findings
    ]
    return [("output", result.output), ("error", result.error), ("note", result.note), *found]
