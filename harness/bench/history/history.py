"""The history of benchmarks: a finished job is in the database, or in a local file, when `add` returns.

A database that does not take something is not asked again: from then on the run, all of it, is in the file,
and `harness history import` brings it home.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from harness.bench.history.choose import chosen
from harness.bench.history.engine import is_there, target_of
from harness.bench.history.fallback import Fallback
from harness.bench.history.store import RunLine, Store, refuse_other_job
from harness.errors import TransportError
from harness.measurement.files import end_line, job_line, run_line
from harness.measurement.job import BenchRecord, MeasuredJob, Provenance

__all__ = ["PATIENCE_S", "History", "history_is_there"]

PATIENCE_S = 30.0
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class _Run:
    """A run that this process writes: without its jobs, and its jobs so far."""

    head: BenchRecord
    jobs: dict[str, MeasuredJob] = field(default_factory=dict)

    def whole(self) -> BenchRecord:
        return replace(self.head, jobs=tuple(self.jobs.values()))

    def has(self, job: MeasuredJob) -> bool:
        """Whether it is there already. Raises OperatorError where it is there with other content."""
        known = self.jobs.get(job.id)
        if known is not None:
            refuse_other_job(self.head.id, known, job)
        return known is not None


class History:
    """One history, open. Methods are synchronous and may be called from any thread."""

    def __init__(
        self,
        store: Store,
        fallback: Fallback,
        *,
        on_lost: Callable[[str], None] | None,
        patience_s: float,
    ) -> None:
        self._store = store
        self._fallback = fallback
        self._on_lost = on_lost
        self._patience_s = patience_s
        self._runs: dict[str, _Run] = {}
        self._lost: str | None = None
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        fallback: Path,
        on_lost: Callable[[str], None] | None = None,
        patience_s: float = PATIENCE_S,
    ) -> History:
        """The history at a URL of SQLAlchemy, made if there is none.

        `fallback` is the JSON Lines file (made only when needed) that takes what the database no longer
        takes; `on_lost` is called once, with one line for the operator, when that begins. A database that
        does not answer for `patience_s` is lost as well.
        Raises OperatorError (a URL that cannot be used, a database of a newer release), TransportError.
        """
        target = target_of(url)
        store = _within(patience_s, target.shown, lambda: Store(target))
        return cls(store, Fallback(fallback), on_lost=on_lost, patience_s=patience_s)

    @property
    def shown(self) -> str:
        """Where it is, for people: without a password."""
        return self._store.target.shown

    @property
    def lost(self) -> str | None:
        """Why the database is not written to any more, and where the run is instead; None while it is."""
        return self._lost

    def start(self, record: BenchRecord) -> tuple[MeasuredJob, ...]:
        """Stores a run without its jobs; gives those that a run of this id and content has already.

        Raises OperatorError where another run has this id, TransportError where the database is not there
        any more: nothing has been paid for yet.
        """
        head = replace(record, jobs=(), finished_at=None)
        with self._lock:
            self._ask(lambda: self._store.start(head))
            jobs = self._ask(lambda: self._store.jobs([record.id]))[record.id]
            self._runs[record.id] = _Run(head=head, jobs={job.id: job for job in jobs})
        return jobs

    def add(self, run_id: str, job: MeasuredJob) -> None:
        """Makes one finished job of a started run durable, at once. The same job again is nothing.

        Raises OperatorError where the run has another job of this id, TransportError where neither the
        database nor the file takes it.
        """
        with self._lock:
            run = self._runs[run_id]
            if run.has(job):
                return
            if self._lost is None:
                self._try(lambda: self._store.add(run_id, job))
            run.jobs[job.id] = job
            if self._lost is not None:
                self._fallback.write(job_line(run_id, job))

    def finish(self, run_id: str, finished_at: datetime) -> None:
        """A started run has ended. Raises TransportError as `add` does."""
        with self._lock:
            self._runs[run_id].head = replace(self._runs[run_id].head, finished_at=finished_at)
            if self._lost is None:
                self._try(lambda: self._store.finish(run_id, finished_at))
            if self._lost is not None:
                self._fallback.write(end_line(run_id, finished_at))

    def get(self, name: str, *, like: BenchRecord | None = None) -> BenchRecord:
        """One run with its jobs: by id, by an unambiguous beginning of one, or `LAST`.

        LAST is the finished run that began last; with `like`, the last before it of its provenance and
        plan. Raises OperatorError where there is none, TransportError.
        """
        own = self._runs.get(name)
        if own is not None and self._lost is not None:
            return own.whole()
        return self._whole([chosen(self.list(), name, like=like, where=self.shown)])[0]

    def list(self, *, provenance: Provenance | None = None, model: str | None = None) -> tuple[RunLine, ...]:
        """Every run without its jobs, the oldest first; those of one provenance, or with one model."""
        lines = self._ask(lambda: self._store.lines(provenance))
        return tuple(line for line in lines if model is None or model in line.record.models)

    def records(
        self, names: Sequence[str] = (), *, provenance: Provenance | None = None, model: str | None = None
    ) -> tuple[BenchRecord, ...]:
        """Runs with their jobs, the oldest first: those named, else all that fit. Raises OperatorError."""
        lines = self.list(provenance=provenance, model=model)
        if names:
            wanted = {chosen(lines, name, like=None, where=self.shown).record.id for name in names}
            lines = tuple(line for line in lines if line.record.id in wanted)
        return self._whole(lines)

    def merge(self, *records: BenchRecord) -> tuple[int, ...]:
        """Takes runs of other machines, or what is new of them: how many jobs of each were new.

        Raises ConflictError, and takes nothing at all, where a run or a job is there with other content.
        """
        return self._ask(lambda: self._store.merge(records))

    def close(self) -> None:
        """Lets go of the database and the file."""
        self._fallback.close()
        self._store.close()

    def _whole(self, lines: Sequence[RunLine]) -> tuple[BenchRecord, ...]:
        jobs = self._ask(lambda: self._store.jobs([line.record.id for line in lines]))
        return tuple(replace(line.record, jobs=jobs[line.record.id]) for line in lines)

    def _try(self, work: Callable[[], None]) -> None:
        """Asks the database; when it fails, every run of this process goes to the file, whole."""
        try:
            self._ask(work)
            return
        except TransportError as error:
            cause = str(error)
        try:
            for run in self._runs.values():
                self._fallback.write(run_line(run.whole()))
        except TransportError as error:
            raise TransportError(f"{cause}; and no file beside it can be written: {error}") from None
        path = self._fallback.path
        self._lost = f"{cause}; the run is kept in {path}: harness history import {path}"
        if self._on_lost is not None:
            self._on_lost(self._lost)

    def _ask(self, work: Callable[[], T]) -> T:
        return _within(self._patience_s, self.shown, work)


def history_is_there(url: str) -> bool:
    """Whether there is a history at a URL; looking makes none. Raises OperatorError, TransportError."""
    target = target_of(url)
    return _within(PATIENCE_S, target.shown, lambda: is_there(target))


def _within(patience_s: float, shown: str, work: Callable[[], T]) -> T:
    """What `work` gives, or raises. A database that does not answer must not hold up jobs that are paid for.

    The thread that waits for it is left behind: there is no other way out of a driver.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # it goes on in the thread that asked
            failed.append(error)

    thread = threading.Thread(target=run, name="harness-history", daemon=True)
    thread.start()
    thread.join(patience_s)
    if failed:
        raise failed[0]
    if not done:
        raise TransportError(f"{shown}: no answer within {patience_s:g} s")
    return done[0]
