"""`harness jobs`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from harness.cli.exit_codes import ExitCode
from harness.cli.live import journal_of
from harness.cli.stdout import write_stdout
from harness.client.entry import OPEN, PAID, Entry, EntryState
from harness.client.journal import Journal
from harness.errors import OperatorError

__all__ = ["entry_json", "group_of", "run"]

_GROUPS = ("open", "possibly billed", "paid", "refused", "abandoned")
_TO_DO = {
    "open": "harness resume",
    "in use": "nothing: a running process works on it",
    "possibly billed": "look for it in the provider's own list; it is never sent again",
    "paid": "nothing",
    "refused": "nothing",
    "abandoned": "nothing",
}


def run(arguments: argparse.Namespace) -> int:
    """Lists what the journal knows, after giving up what was asked for."""
    journal = journal_of(arguments, must_exist=True)
    if journal is None:
        _show_nothing(arguments)
        return ExitCode.DONE
    try:
        for entry_id in arguments.abandon:
            _abandon(journal, entry_id)
        rows = [(entry, journal.is_in_use(entry)) for entry in journal.entries()]
    finally:
        journal.close()
    write_stdout(_as_json(rows) if arguments.format == "json" else "\n".join(_lines(rows)))
    return ExitCode.DONE


def _abandon(journal: Journal, entry_id: str) -> None:
    entry = journal.entry(entry_id)
    if entry.state not in (EntryState.SUBMITTED, EntryState.POSSIBLY_BILLED):
        raise OperatorError(f"entry {entry_id} is {entry.state.value}; there is nothing to give up")
    if journal.is_in_use(entry):
        raise OperatorError(f"entry {entry_id}: a running process works on it")
    journal.ended(entry_id, EntryState.ABANDONED, note="given up by the operator; it stays counted")


def _show_nothing(arguments: argparse.Namespace) -> None:
    if arguments.format == "json":
        write_stdout(_as_json([]))
    else:
        write_stdout(f"no journal at {arguments.journal}: no job was submitted from here")


def group_of(entry: Entry) -> str:
    """What a person wants to know of an entry first."""
    if entry.state in OPEN:
        return "open"
    return "paid" if entry.state in PAID else entry.state.value.replace("_", " ")


def entry_json(entry: Entry, *, in_use: bool) -> dict[str, object]:
    """One entry as `--format json` has it."""
    group = group_of(entry)
    return {
        "entry": entry.id,
        "group": group,
        "state": entry.state.value,
        "model": entry.model,
        "job": entry.job_id,
        "server": entry.server,
        "in_use": in_use,
        "counted": entry.counted,
        "jobs": entry.jobs,
        "cost_usd": entry.cost_usd,
        "reserved_utc": entry.reserved_utc,
        "sent_utc": entry.sent_utc,
        "submitted_utc": entry.submitted_utc,
        "ended_utc": entry.ended_utc,
        "output": entry.output,
        "note": entry.note,
        "to_do": _TO_DO["in use" if in_use else group],
    }


def _as_json(rows: list[tuple[Entry, bool]]) -> str:
    entries = [entry_json(entry, in_use=in_use) for entry, in_use in rows]
    summary = {name: sum(entry["group"] == name for entry in entries) for name in _GROUPS}
    return json.dumps({"schema": "harness.jobs/1", "jobs": entries, "summary": summary}, indent=2)


def _lines(rows: list[tuple[Entry, bool]]) -> Iterator[str]:
    for name in _GROUPS:
        members = [(entry, in_use) for entry, in_use in rows if group_of(entry) == name]
        if members:
            yield f"{name}: {len(members)}"
            for entry, in_use in members:
                yield from _entry_lines(entry, in_use=in_use)
    if not rows:
        yield "the journal is empty"


def _entry_lines(entry: Entry, *, in_use: bool) -> Iterator[str]:
    from harness.report.visible import visible

    cost = "" if entry.cost_usd is None else f", at most {entry.cost_usd:.2f} USD"
    counted = "" if entry.counted else ", not counted"
    yield f"  {entry.id}  {entry.state.value}  {entry.model}  job {visible(entry.job_id or '-')}"
    yield f"      made {entry.reserved_utc} at {entry.server}{cost}{counted}"
    if entry.output is not None:
        yield f"      output   {visible(entry.output)}"
    if entry.note is not None:
        yield f"      note     {visible(entry.note)}"
    group = group_of(entry)
    if group in ("open", "possibly billed"):
        yield f"      to do    {_TO_DO['in use' if in_use else group]}"
