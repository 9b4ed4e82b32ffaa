"""`harness history`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.exit_codes import ExitCode
from harness.cli.output import note, read_text_input
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, JobOutcome, Provenance

if TYPE_CHECKING:
    from harness.bench.history.history import History
    from harness.bench.history.store import RunLine

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Lists, shows, exports or takes runs."""
    if find_spec("sqlalchemy") is None:
        raise OperatorError("history needs sqlalchemy: pip install 'video-api-harness[bench]'")
    if arguments.kind == "import":
        return _import(arguments)
    from harness.bench.history.history import history_is_there

    if not history_is_there(arguments.store):
        return _nothing(arguments)
    history = _opened(arguments)
    try:
        commands = {"list": _list, "show": _show, "export": _export}
        commands[arguments.kind](arguments, history)
    finally:
        history.close()
    return ExitCode.DONE


def _opened(arguments: argparse.Namespace) -> History:
    from harness.bench.history.history import History

    # Nothing is run here, so nothing has to go elsewhere.
    return History.open(arguments.store, fallback=Path("unused"))


def _nothing(arguments: argparse.Namespace) -> int:
    from harness.bench.history.engine import target_of

    if arguments.kind != "list":
        raise OperatorError(f"no history at {target_of(arguments.store).shown}: nothing was measured into it")
    if arguments.format == "json":
        write_stdout(_lines_json(()))
    else:
        write_stdout(f"no history at {target_of(arguments.store).shown}: nothing was measured into it")
    return ExitCode.DONE


def _list(arguments: argparse.Namespace, history: History) -> None:
    lines = history.list(provenance=_provenance(arguments), model=arguments.model)
    write_stdout(_lines_json(lines) if arguments.format == "json" else "\n".join(_lines_text(lines)))


def _provenance(arguments: argparse.Namespace) -> Provenance | None:
    return None if arguments.provenance is None else Provenance(arguments.provenance)


def _lines_json(lines: Sequence[RunLine]) -> str:
    from harness.measurement.json import record_json
    from harness.report.visible import as_json

    runs = []
    for line in lines:
        document = record_json(line.record)
        del document["jobs"], document["schema"]
        runs.append({**document, "jobs": line.jobs})
    return as_json({"schema": "harness.bench-list/1", "runs": runs})


def _lines_text(lines: Sequence[RunLine]) -> Iterator[str]:
    from harness.report.visible import visible

    if not lines:
        yield "no runs"
    for line in lines:
        record = line.record
        place = visible(record.machine + ("" if record.region is None else f", {record.region}"))
        end = "" if record.finished_at is not None else ", cut short or still going on"
        jobs = f"{line.jobs} job{'' if line.jobs == 1 else 's'}"
        yield f"{record.id}  {record.created_at:%Y-%m-%d %H:%M}Z  {record.provenance.value}  {jobs}{end}"
        yield f"    {record.design.value}, plan {visible(record.plan_digest[:12])}, on {place}"
        yield f"    {visible(', '.join(record.models))}"


def _show(arguments: argparse.Namespace, history: History) -> None:
    from harness.bench.pool import join_runs
    from harness.measurement.files import history_json
    from harness.report.visible import as_json

    records = join_runs([history.get(name) for name in arguments.runs]).records
    if arguments.format == "json":
        write_stdout(as_json(history_json(records)))
    else:
        write_stdout("\n".join(_records_text(records)))


def _records_text(records: Sequence[BenchRecord]) -> Iterator[str]:
    """The runs, then what became of each model's jobs over all of them."""
    from harness.bench.history.store import RunLine
    from harness.report.visible import compact, visible

    yield from _lines_text([RunLine(record=record, jobs=len(record.jobs)) for record in records])
    outcomes: dict[tuple[str, str], Counter[JobOutcome]] = {}
    for record in records:
        for job in record.jobs:
            outcomes.setdefault((job.model, job.mode), Counter())[job.outcome] += 1
    yield f"{records[0].provenance.value} jobs:"
    for (model, mode), counts in sorted(outcomes.items()):
        words = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in JobOutcome if counts[outcome])
        yield f"    {visible(model)} ({visible(mode)}): {words}"
    for mismatch in records[-1].mismatches:
        values = ", ".join(
            f"{model}: {compact(value)}"
            + (f" ({mismatch.reasons[model]})" if model in mismatch.reasons else "")
            for model, value in mismatch.values.items()
        )
        yield f"    not equal: {visible(mismatch.parameter)}: {visible(values)}"


def _export(arguments: argparse.Namespace, history: History) -> None:
    records = history.records(arguments.runs, provenance=_provenance(arguments), model=arguments.model)
    content = _content(records, arguments)
    if arguments.output is None:
        write_stdout(content.decode())
        return
    from harness.report.files import write_bytes

    try:
        write_bytes(Path(arguments.output), content)
    except OSError as error:
        raise OperatorError(f"{arguments.output}: {error.strerror or error}") from None
    note(f"wrote {arguments.output}: {len(records)} run{'' if len(records) == 1 else 's'}")


def _content(records: Sequence[BenchRecord], arguments: argparse.Namespace) -> bytes:
    from harness.bench.history.export import csv_text, rows

    if arguments.format == "json":
        from harness.measurement.files import history_json
        from harness.report.visible import as_json

        return as_json(history_json(records)).encode()
    if arguments.format == "csv":
        return csv_text(rows(records)).encode()
    if arguments.output is None:
        raise OperatorError("history export: Parquet is no text: --output FILE")
    if find_spec("pyarrow") is None:
        raise OperatorError("history export: needs pyarrow: pip install 'video-api-harness[parquet]'")
    from harness.bench.history.parquet import parquet_bytes

    return parquet_bytes(rows(records))


def _import(arguments: argparse.Namespace) -> int:
    """All runs of all files, or none of them."""
    from harness.bench.history.store import ConflictError
    from harness.measurement.files import read_runs

    found: list[tuple[str, BenchRecord]] = []
    for name in arguments.files:
        text, file = read_text_input(name)
        runs = read_runs(text, file)
        for words in runs.notes:
            note(words)
        found += [(file, record) for record in runs.records]
    history = _opened(arguments)
    try:
        new = history.merge(*(record for _, record in found))
    except ConflictError as error:
        file = next(file for file, record in found if record.id == error.run_id)
        raise OperatorError(f"{file}: {error}") from None
    finally:
        history.close()
    lines = [_taken(record, jobs) for (_, record), jobs in zip(found, new, strict=True)]
    write_stdout("\n".join(lines or ["no runs"]))
    return ExitCode.DONE


def _taken(record: BenchRecord, new: int) -> str:
    jobs = f"{len(record.jobs)} job{'' if len(record.jobs) == 1 else 's'}, {new} new"
    return f"{record.id}  {record.provenance.value}  {jobs}"
