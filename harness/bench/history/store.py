"""Runs and jobs in a database: each method is one transaction, and durable when it returns.

Every method may be repeated: what is stored already, with the same content, is stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from harness.bench.history.engine import READING, Target, fault_of, open_engine
from harness.bench.history.schema import JOBS, RUNS
from harness.errors import OperatorError, TransportError
from harness.measurement.job import BenchRecord, MeasuredJob, Provenance
from harness.measurement.json import as_line, job_json, job_of, record_json, record_of

__all__ = ["ConflictError", "RunLine", "Store", "refuse_other_job"]

T = TypeVar("T")
_AT_ONCE = 500  # runs of one query
_ATTEMPTS = 3
_IN_THE_WAY = ("40001", "40P01")  # of PostgreSQL: a serialization failure, a deadlock


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run as a list shows it: `record` without its jobs, and how many there are."""

    record: BenchRecord
    jobs: int


class ConflictError(OperatorError):
    """A run, or a job of it, is there already with other content."""

    def __init__(self, run_id: str, message: str) -> None:
        super().__init__(f"run {run_id}: {message}")
        self.run_id = run_id


class Store:
    """One database, open. Methods may be called from any thread; they raise TransportError."""

    def __init__(self, target: Target) -> None:
        """Opens the database and makes what is missing. Raises OperatorError, TransportError."""
        self.target = target
        self._engine: Engine = open_engine(target)
        self._file = self._identity()

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def start(self, record: BenchRecord) -> None:
        """Keeps a run without its jobs. Raises OperatorError where its id is another run's."""
        self._write(lambda connection: _put_run(connection, record))

    def add(self, run_id: str, job: MeasuredJob) -> None:
        """Keeps one job. Raises OperatorError where the run has another job of this id."""

        def put(connection: Connection) -> None:
            known = connection.execute(select(RUNS.c.id).where(RUNS.c.id == run_id)).scalar()
            if known is None:
                raise TransportError(f"{self.target.shown}: the run {run_id} is not there any more")
            _put_job(connection, run_id, job)

        self._write(put)

    def finish(self, run_id: str, finished_at: datetime) -> None:
        """The run has ended."""

        def put(connection: Connection) -> None:
            done = connection.execute(
                update(RUNS).where(RUNS.c.id == run_id).values(finished_at=_moment(finished_at))
            )
            if not done.rowcount:
                raise TransportError(f"{self.target.shown}: the run {run_id} is not there any more")

        self._write(put)

    def merge(self, records: Sequence[BenchRecord]) -> tuple[int, ...]:
        """Takes whole runs, or what is new of them; gives how many jobs of each were new.

        Raises ConflictError, and changes nothing, where something of one is there with other content.
        """
        # Each transaction takes runs in the order of their ids: two that wait for each other would both fail.
        places = sorted(range(len(records)), key=lambda place: records[place].id)

        def take(connection: Connection) -> tuple[int, ...]:
            new = {place: _merge(connection, records[place]) for place in places}
            return tuple(new[place] for place in range(len(records)))

        return self._write(take)

    def lines(self, provenance: Provenance | None = None) -> tuple[RunLine, ...]:
        """All runs without their jobs, the oldest first."""
        jobs = select(JOBS.c.run_id, func.count().label("jobs")).group_by(JOBS.c.run_id).subquery()
        query = (
            select(RUNS, func.coalesce(jobs.c.jobs, 0).label("jobs"))
            .outerjoin(jobs, jobs.c.run_id == RUNS.c.id)
            .order_by(RUNS.c.created_at, RUNS.c.id)
        )
        if provenance is not None:
            query = query.where(RUNS.c.provenance == provenance.value)
        rows = self._read(query)
        return tuple(RunLine(record=self._head(row), jobs=row["jobs"]) for row in rows)

    def jobs(self, run_ids: Sequence[str]) -> Mapping[str, tuple[MeasuredJob, ...]]:
        """The jobs of some runs, by run, in the order in which they were kept."""
        found: dict[str, list[MeasuredJob]] = {run_id: [] for run_id in run_ids}
        for first in range(0, len(run_ids), _AT_ONCE):
            some = run_ids[first : first + _AT_ONCE]
            query = select(JOBS).where(JOBS.c.run_id.in_(some)).order_by(JOBS.c.number)
            for row in self._read(query):
                where = f"{self.target.shown}: run {row['run_id']}: job {row['id']}"
                found[row["run_id"]].append(job_of(json.loads(row["document"]), where))
        return {run_id: tuple(jobs) for run_id, jobs in found.items()}

    def _head(self, row: Mapping[str, Any]) -> BenchRecord:
        where = f"{self.target.shown}: run {row['id']}"
        return record_of({**json.loads(row["document"]), "finished_at": row["finished_at"]}, where)

    def _read(self, query: Select[Any]) -> list[Mapping[str, Any]]:
        def rows(connection: Connection) -> list[Mapping[str, Any]]:
            return [dict(row) for row in connection.execute(query).mappings()]

        return self._within(rows, self._engine.execution_options(**{READING: True}))

    def _write(self, work: Callable[[Connection], T]) -> T:
        def durably(connection: Connection) -> T:
            if self.target.path is None:
                connection.execute(text("SET LOCAL synchronous_commit TO on"))
            return work(connection)

        return self._within(durably, self._engine)

    def _within(self, work: Callable[[Connection], T], engine: Engine) -> T:
        """One transaction; again where the connection had died, or another writer was in the way."""
        for attempts_left in range(_ATTEMPTS - 1, -1, -1):
            try:
                with self._same_file(), engine.begin() as connection:
                    return work(connection)
            except SQLAlchemyError as error:
                if not attempts_left or not _may_pass(error):
                    raise TransportError(str(fault_of(error, self.target))) from None
        raise AssertionError

    @contextmanager
    def _same_file(self) -> Iterator[None]:
        """SQLite goes on writing to a file that was removed: what it then keeps, nobody finds again."""
        self._check_file()
        yield
        self._check_file()

    def _check_file(self) -> None:
        now = self._identity()
        if now != self._file:
            what = "the file has gone" if now is None else "another file has taken the place of the history"
            raise TransportError(f"{self.target.shown}: {what}")

    def _identity(self) -> tuple[int, int] | None:
        if self.target.path is None:
            return None
        try:
            found = self.target.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _may_pass(error: SQLAlchemyError) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    if isinstance(error, IntegrityError):
        return True  # another writer came first with the same: the next attempt finds it there
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _IN_THE_WAY


def _put_run(connection: Connection, record: BenchRecord) -> None:
    document = as_line(record_json(_bare(record)))
    mine = select(RUNS.c.document).where(RUNS.c.id == record.id).with_for_update()
    known = connection.execute(mine).scalar()
    if known is None:
        connection.execute(
            insert(RUNS).values(
                id=record.id,
                created_at=_moment(record.created_at),
                provenance=record.provenance.value,
                plan_digest=record.plan_digest,
                document=document,
            )
        )
    elif known != document:
        others = _other_members(record_of(json.loads(known), f"run {record.id}"), _bare(record))
        if others:
            raise ConflictError(record.id, f"a run of this id is there with other content: {others}")


def _put_job(connection: Connection, run_id: str, job: MeasuredJob) -> bool:
    """Whether it was new."""
    document = as_line(job_json(job))
    mine = select(JOBS.c.document).where(JOBS.c.run_id == run_id, JOBS.c.id == job.id)
    known = connection.execute(mine).scalar()
    if known is None:
        connection.execute(insert(JOBS).values(run_id=run_id, id=job.id, document=document))
        return True
    if known != document:
        refuse_other_job(run_id, job_of(json.loads(known), f"run {run_id}"), job)
    return False


def _merge(connection: Connection, record: BenchRecord) -> int:
    _put_run(connection, record)
    mine = RUNS.c.id == record.id
    finished = connection.execute(select(RUNS.c.finished_at).where(mine)).scalar()
    new = sum(_put_job(connection, record.id, job) for job in record.jobs)
    if record.finished_at is None:
        return new
    moment = _moment(record.finished_at)
    if finished is None:
        connection.execute(update(RUNS).where(mine).values(finished_at=moment))
        return new
    _refuse_other_end(connection, record, finished, new)
    return new


def _refuse_other_end(connection: Connection, record: BenchRecord, finished: str, new: int) -> None:
    """Two that both say that they are the whole run must agree."""
    moment = _moment(record.finished_at) if record.finished_at is not None else None
    if finished != moment:
        raise ConflictError(
            record.id,
            f"a run of this id is there with other content: finished at {finished}, not {moment}",
        )
    count = select(func.count()).select_from(JOBS).where(JOBS.c.run_id == record.id)
    held = connection.execute(count).scalar_one()
    if new or held != len(record.jobs):
        raise ConflictError(
            record.id,
            "a run of this id is there with other content: "
            f"finished with {held - new} jobs, not {len(record.jobs)}",
        )


def _bare(record: BenchRecord) -> BenchRecord:
    return replace(record, jobs=(), finished_at=None)


def refuse_other_job(run_id: str, known: MeasuredJob, job: MeasuredJob) -> None:
    """Raises ConflictError where two jobs of one id differ."""
    others = _other_members(known, job)
    if others:
        raise ConflictError(run_id, f"job {job.id}: a job of this id is there with other content: {others}")


def _other_members(one: BenchRecord | MeasuredJob, other: BenchRecord | MeasuredJob) -> str:
    names = [field.name for field in fields(one)]
    return ", ".join(name for name in names if getattr(one, name) != getattr(other, name))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
