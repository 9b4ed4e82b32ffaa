"""Files of runs: one record, a history of several, or JSON Lines of what was kept while a run went on.

A line of the third kind is `harness.bench-line/1` with one of `run` (a record, with the jobs that it had by
then), `job` or `finished_at`; the latter two name their `run_id`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from harness.errors import SourceError
from harness.measurement.job import BenchRecord, MeasuredJob
from harness.measurement.json import (
    SCHEMA,
    a_moment,
    job_in,
    job_json,
    located,
    moment_text,
    record_in,
    record_json,
    strict_json,
)
from harness.measurement.members import MemberError, a_list, a_text, an_object, member

__all__ = [
    "HISTORY_SCHEMA",
    "LINE_SCHEMA",
    "Runs",
    "end_line",
    "history_json",
    "job_line",
    "read_runs",
    "run_line",
]

HISTORY_SCHEMA = "harness.bench-history/1"
LINE_SCHEMA = "harness.bench-line/1"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs in a file, and what there was in it that is no more than the beginning of a line."""

    records: tuple[BenchRecord, ...]
    notes: tuple[str, ...] = ()


def history_json(records: Iterable[BenchRecord]) -> dict[str, Any]:
    """Several runs as one document."""
    return {"schema": HISTORY_SCHEMA, "runs": [record_json(record) for record in records]}


def run_line(record: BenchRecord) -> dict[str, Any]:
    """A run, with the jobs that it has so far."""
    return {"schema": LINE_SCHEMA, "run": record_json(record)}


def job_line(run_id: str, job: MeasuredJob) -> dict[str, Any]:
    """One more job of a run."""
    return {"schema": LINE_SCHEMA, "run_id": run_id, "job": job_json(job)}


def end_line(run_id: str, finished_at: datetime) -> dict[str, Any]:
    """The end of a run."""
    return {"schema": LINE_SCHEMA, "run_id": run_id, "finished_at": moment_text(finished_at)}


def read_runs(text: str, file: str) -> Runs:
    """The runs in a file of any of the three kinds. Raises SourceError with line and column.

    A last line without its end, of a process that was killed while it wrote, is left out, with a note.
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise SourceError("expected runs of a benchmark, got nothing", file=file, line=1, column=1)
    if len(lines) == 1 or not _stands_alone(lines[0][1]):
        return Runs(records=tuple(_runs_in(text, file, 1)))
    folded = _Folded(file)
    for number, line in lines:
        folded.take(number, line)
    return Runs(records=tuple(folded.records.values()), notes=tuple(folded.notes))


def _stands_alone(line: str) -> bool:
    """Whether a first line is a document of its own, or the beginning of one of ours."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return _is_ours(line)


def _is_ours(line: str) -> bool:
    return line.lstrip("\ufeff").startswith(f'{{"schema":"{LINE_SCHEMA}"')


def _runs_in(text: str, file: str, line: int) -> Iterator[BenchRecord]:
    """The runs of one document that begins at `line` of its file."""
    folded = _Folded(file)
    folded.take(line, text)
    yield from folded.records.values()


class _Folded:
    """Runs by id, put together from the documents of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.records: dict[str, BenchRecord] = {}
        self.notes: list[str] = []

    def take(self, number: int, text: str) -> None:
        """One document, which begins at line `number`."""
        padded = "\n" * (number - 1) + text
        try:
            document = strict_json(padded, self.file)
        except SourceError:
            if not _is_ours(text):
                raise
            self.notes.append(f"{self.file}:{number}: the end of this line is missing; it was left out")
            return
        with_place = located(padded, self.file)
        with_place(self._fold, document)

    def _fold(self, document: Any) -> None:
        given = an_object(document)
        schema = given.get("schema")
        if schema == SCHEMA:
            self._put(record_in(given))
        elif schema == HISTORY_SCHEMA:
            runs = member(given, "runs", a_list(record_in))
            for place, record in enumerate(runs):
                _under(("runs", place), self._put, record)
        elif schema == LINE_SCHEMA:
            self._event(given)
        else:
            known = ", ".join((SCHEMA, HISTORY_SCHEMA, LINE_SCHEMA))
            raise MemberError(f"expected one of {known}, got {schema!r}", path=("schema",))

    def _event(self, given: Mapping[str, Any]) -> None:
        if "run" in given:
            self._put(member(given, "run", record_in))
            return
        run_id = member(given, "run_id", a_text)
        record = self.records.get(run_id)
        if record is None:
            raise MemberError(f"expected a run that a line before names, got {run_id!r}", path=("run_id",))
        if "job" in given:
            job = member(given, "job", job_in)
            self._put(replace(record, jobs=(job,), finished_at=None))
        else:
            finished_at = member(given, "finished_at", a_moment)
            self.records[run_id] = replace(record, finished_at=finished_at)

    def _put(self, record: BenchRecord) -> None:
        known = self.records.get(record.id)
        if known is None:
            self.records[record.id] = record
            return
        if replace(known, jobs=(), finished_at=None) != replace(record, jobs=(), finished_at=None):
            raise MemberError(f"the run {record.id} stands here before with other content", path=())
        jobs = {job.id: job for job in known.jobs}
        for job in record.jobs:
            if jobs.setdefault(job.id, job) != job:
                raise MemberError(
                    f"the job {job.id} of run {record.id} stands here before with other content"
                )
        finished_at = record.finished_at or known.finished_at
        self.records[record.id] = replace(known, jobs=tuple(jobs.values()), finished_at=finished_at)


def _under(path: tuple[str | int, ...], put: Callable[[T], None], value: T) -> None:
    try:
        put(value)
    except MemberError as fault:
        raise MemberError(fault.message, path=(*path, *fault.path)) from None
