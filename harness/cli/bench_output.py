"""What a benchmark comes to: conclusions on stdout, the run and the report in files, findings, exit code."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.exit_codes import ExitCode
from harness.cli.output import deliver, note, write_file
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.finding import Judgement, Observed
from harness.measurement.job import BenchRecord, Design, JobOutcome
from harness.spec.model import Spec

if TYPE_CHECKING:
    from harness.bench.history.history import History
    from harness.measurement.summary import BenchSummary

__all__ = ["report"]

_SAYS_NOTHING = frozenset({JobOutcome.UNSENT, JobOutcome.POSSIBLY_BILLED})


def report(
    arguments: argparse.Namespace,
    history: History,
    record: BenchRecord,
    specs: Mapping[str, Spec],
    *,
    baseline: BenchRecord | None,
    ratio: float,
) -> ExitCode:
    """Concludes from the run (of a nightly plan, from all its nights), writes and prints it.

    With a `baseline`, what was measured since then is held against what there was until then.
    """
    extra: dict[str, Any] = {"run": record.id}
    product: str | None = None
    if _is_read(arguments):
        from harness.bench.conclude import conclude

        (summary,) = conclude(_accrued(history, record), specs)
        if arguments.output_dir is not None:
            _write(Path(arguments.output_dir), record, summary)
        extra |= _json(summary)
        product = _product(arguments.format, summary)
    judgement = _judged(record)
    if baseline is not None:
        from harness.bench.gate import gate

        runs = {run.id: run for run in (baseline, *_accrued(history, baseline), *_accrued(history, record))}
        before = {
            run.id for run in runs.values() if run.id == baseline.id or run.created_at < baseline.created_at
        }
        until = [run for name, run in runs.items() if name in before]
        since = [run for name, run in runs.items() if name not in before]
        judgement = judgement + gate(since, until, ratio)
    if product is not None:
        write_stdout(product)
    return deliver(judgement, arguments, extra=extra)


def _is_read(arguments: argparse.Namespace) -> bool:
    """Whether anybody gets to see the conclusions: some formats carry findings alone."""
    formats = {arguments.format, *(text.partition("=")[0] for text in arguments.report)}
    return arguments.output_dir is not None or not formats.isdisjoint(("text", "markdown", "json"))


def _accrued(history: History, record: BenchRecord) -> list[BenchRecord]:
    """The runs that are concluded from together, this one included whether the database has it or not."""
    from harness.bench.records import earlier_nights

    if record.design is not Design.NIGHTLY or history.lost is not None:
        return [record]
    lines = [line.record for line in history.list(provenance=record.provenance)]
    names = [other.id for other in earlier_nights(record, lines)]
    return [*(history.records(names) if names else ()), record]


def _judged(record: BenchRecord) -> Judgement:
    """What was observed at all. A model of which nothing was is inconclusive, never green."""
    seen = [job for job in record.jobs if job.outcome not in _SAYS_NOTHING]
    unobserved = frozenset(record.models) - {job.model for job in seen}
    return Judgement(observed=Observed(exchanges=len(seen)), models=record.models, unobserved=unobserved)


def _product(name: str, summary: BenchSummary) -> str | None:
    """The conclusions in the formats that people read; the others carry findings alone."""
    if name == "text":
        from harness.report.bench_text import bench_text

        return bench_text(summary)
    if name == "markdown":
        from harness.report.bench_markdown import bench_markdown

        return bench_markdown(summary)
    return None


def _json(summary: BenchSummary) -> dict[str, Any]:
    from harness.report.bench_json import bench_json

    return {"bench": bench_json(summary)}


def _write(directory: Path, record: BenchRecord, summary: BenchSummary) -> None:
    """The run as a file that `harness history` takes, and the report with its figures."""
    from harness.measurement.json import record_json
    from harness.report.bench_files import write_bench
    from harness.report.visible import as_json

    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_bench(summary, directory)
    except OSError as error:
        raise OperatorError(f"{directory}: {error.strerror or error}") from None
    file = directory / f"{record.id}.json"
    write_file(file, as_json(record_json(record)))
    note(f"wrote {file} and the report beside it")
