"""Runs as a table: one row for each job and phase, units in the names of the columns.

A job without a measured phase (it was refused, say) has one row without one, so that no job is missing where
rows are counted by job.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, MeasuredJob, Phase
from harness.stats.interval import Interval

__all__ = ["COLUMNS", "csv_text", "rows"]

Value = str | int | float | bool | datetime | None

COLUMNS: dict[str, type] = {
    "run": str,
    "run_created_at_utc": datetime,
    "run_finished_at_utc": datetime,
    "version": str,
    "provenance": str,
    "design": str,
    "machine": str,
    "region": str,
    "seed": str,  # of any size
    "plan_digest": str,
    "cap_s": float,
    "job": str,
    "provider_job": str,
    "model": str,
    "mode": str,
    "block": int,
    "place": int,
    "submitted_at_utc": datetime,
    "day_utc": str,
    "outcome": str,
    "phase": str,
    "low_s": float,
    "high_s": float,
    "right_censored": bool,
    "polls": int,
    "poll_errors": int,
    "asked_s": float,
    "cost_usd": float,
    "billed": bool,
    "clock_offset_s": float,
    "evidence": str,
    "note": str,
}
"""Name -> type of each column, in order. Any value may be missing but those that name the run and the job."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(records: Sequence[BenchRecord]) -> Iterator[dict[str, Value]]:
    """A row for each job and phase, with every column.

    Raises OperatorError for simulated beside live runs: in one table they would be averaged together.
    """
    provenances = sorted({record.provenance.value for record in records})
    if len(provenances) > 1:
        raise OperatorError("simulated and live runs in one table: choose with --provenance simulated|live")
    return (row for record in records for job in record.jobs for row in _rows_of(record, job))


def _rows_of(record: BenchRecord, job: MeasuredJob) -> Iterator[dict[str, Value]]:
    measured: list[tuple[Phase | None, Interval | None]] = list(job.intervals.items())
    for phase, interval in measured or [(None, None)]:
        row = {
            **_run_columns(record),
            **_job_columns(job),
            "phase": None if phase is None else phase.value,
            "low_s": None if interval is None else float(interval.low_s),
            "high_s": None if interval is None or interval.high_s is None else float(interval.high_s),
            "right_censored": None if interval is None else interval.high_s is None,
        }
        yield {name: _clean(row[name]) for name in COLUMNS}


def _run_columns(record: BenchRecord) -> dict[str, Value]:
    return {
        "run": record.id,
        "run_created_at_utc": record.created_at,
        "run_finished_at_utc": record.finished_at,
        "version": record.version,
        "provenance": record.provenance.value,
        "design": record.design.value,
        "machine": record.machine,
        "region": record.region,
        "seed": str(record.seed),
        "plan_digest": record.plan_digest,
        "cap_s": float(record.cap_s),
    }


def _job_columns(job: MeasuredJob) -> dict[str, Value]:
    return {
        "job": job.id,
        "provider_job": job.job_id,
        "model": job.model,
        "mode": job.mode,
        "block": job.block,
        "place": job.place,
        "submitted_at_utc": job.submitted_at,
        "day_utc": job.day,
        "outcome": job.outcome.value,
        "polls": job.polls,
        "poll_errors": job.poll_errors,
        "asked_s": _float(job.asked_s),
        "cost_usd": _float(job.cost_usd),
        "billed": job.billed,
        "clock_offset_s": _float(job.clock_offset_s),
        "evidence": ";".join(job.evidence),
        "note": job.note,
    }


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)


def _clean(value: Value) -> Value:
    """Half of a UTF-16 pair has no UTF-8: it is written as it is in JSON."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def csv_text(table: Iterable[dict[str, Value]]) -> str:
    """The rows as CSV (RFC 4180), with a header; what is missing is empty.

    Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in table:
        writer.writerow([_cell(value) for value in row.values()])
    return text.getvalue()


def _cell(value: Value) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
