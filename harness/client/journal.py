"""The journal: every job on disk before it is paid for, and its id before it is first asked about.

A state that a method has returned from survives the end of the process and of the machine. Several processes
may share one journal.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.client.database import Database
from harness.client.entry import ENDED, FOLLOWS, OPEN, Entry, EntryState
from harness.client.owners import Owner, is_alive
from harness.errors import BudgetError, OperatorError

__all__ = ["Journal", "Spent"]

_COLUMNS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What counts against one scope: jobs, their known cost, and how many of them have no price."""

    jobs: int
    cost_microusd: int
    unpriced_jobs: int


class Journal:
    """One journal, open. Methods are synchronous and may be called from any thread."""

    def __init__(self, database: Database, utc_now: Callable[[], datetime]) -> None:
        self.path = database.path
        self._database = database
        self._utc_now = utc_now
        self._owner: Owner | None = None
        self._owner_lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, utc_now: Callable[[], datetime]) -> Journal:
        """The journal in a file, which is made if there is none. Raises OperatorError, TransportError."""
        return cls(Database(path), utc_now)

    def close(self) -> None:
        """Lets go of the file, and of every entry that is still open."""
        with self._owner_lock:
            if self._owner is not None:
                self._owner.release()
                self._owner = None
        self._database.close()

    @property
    def owner(self) -> str:
        """The token under which this process owns entries."""
        with self._owner_lock:
            if self._owner is None:
                self._owner = Owner(self.path)
            return self._owner.token

    def reserve(self, entry: Entry, *, allows: Callable[[Spent], str | None]) -> Entry:
        """Writes a new entry, unless the budget says no.

        `allows` gets what counts so far in the entry's scope and gives the reason for a refusal, or None;
        it is asked inside the transaction that writes. Raises BudgetError.
        """
        owned = replace(entry, id=secrets.token_hex(8), owner=self.owner, reserved_utc=self._now())
        with self._database.transaction() as connection:
            refusal = allows(_spent(connection, entry.scope))
            if refusal is not None:
                raise BudgetError(refusal)
            _insert(connection, owned)
        return owned

    def spent(self, scope: str) -> Spent:
        """What counts against a scope."""
        with self._database.transaction() as connection:
            return _spent(connection, scope)

    def sent(self, entry_id: str) -> None:
        """The request is about to be sent."""
        self._move(entry_id, EntryState.SENT, sent_utc=self._now())

    def submitted(self, entry_id: str, job_ids: Sequence[str]) -> tuple[Entry, ...]:
        """The provider has named the jobs: the first is the entry's, each further one gets its own.

        Of the jobs and the money reserved each takes its share, and the first the rest: if fewer came than
        could have, it stays counted as the worst case.
        """
        first, others = job_ids[0], job_ids[1:]
        with self._database.transaction() as connection:
            entry = _one(connection, entry_id)
            share, own = _shares(entry, len(others))
            _write(
                connection,
                entry,
                EntryState.SUBMITTED,
                job_id=first,
                submitted_utc=self._now(),
                jobs=max(entry.jobs - len(others), 1),
                cost_microusd=own,
            )
            made = [_one(connection, entry_id)]
            for job_id in others:
                sibling = replace(
                    made[0], id=secrets.token_hex(8), job_id=job_id, jobs=1, cost_microusd=share
                )
                _insert(connection, sibling)
                made.append(sibling)
        return tuple(made)

    def ended(
        self,
        entry_id: str,
        state: EntryState,
        *,
        counted: bool = True,
        output: str | None = None,
        note: str | None = None,
    ) -> None:
        """Nothing more will be done. `counted=False` gives the reservation back."""
        if state not in ENDED:
            raise ValueError(f"{state.value} is no end")
        self._move(entry_id, state, ended_utc=self._now(), counted=counted, output=output, note=note)

    def take_over(self, entry_id: str) -> Entry | None:
        """Makes an open entry this process's own; None where a running process works on it."""
        mine = self.owner
        with self._database.transaction() as connection:
            entry = _one(connection, entry_id)
            if entry.owner != mine and is_alive(self.path, entry.owner):
                return None
            connection.execute("UPDATE entries SET owner=? WHERE id=?", (mine, entry_id))
        return replace(entry, owner=mine)

    def is_in_use(self, entry: Entry) -> bool:
        """Whether a running process, this one included, works on an entry."""
        is_mine = self._owner is not None and self._owner.token == entry.owner
        return entry.state in OPEN and (is_mine or is_alive(self.path, entry.owner))

    def entry(self, entry_id: str) -> Entry:
        """One entry. Raises OperatorError where there is none."""
        with self._database.transaction() as connection:
            return _one(connection, entry_id)

    def entries(self, states: Iterable[EntryState] | None = None) -> tuple[Entry, ...]:
        """Every entry, or those in some states, in the order in which they were made."""
        wanted = [state.value for state in (EntryState if states is None else states)]
        marks = ", ".join("?" for _ in wanted)
        query = f"SELECT {', '.join(_COLUMNS)} FROM entries WHERE state IN ({marks}) ORDER BY rowid"  # noqa: S608
        with self._database.transaction() as connection:
            return tuple(_entry(row) for row in connection.execute(query, wanted))

    def _move(self, entry_id: str, state: EntryState, **changes: object) -> None:
        with self._database.transaction() as connection:
            _write(connection, _one(connection, entry_id), state, **changes)

    def _now(self) -> str:
        return self._utc_now().isoformat(timespec="milliseconds")


def _one(connection: sqlite3.Connection, entry_id: str) -> Entry:
    query = f"SELECT {', '.join(_COLUMNS)} FROM entries WHERE id=?"  # noqa: S608 - names of ours
    row = connection.execute(query, (entry_id,)).fetchone()
    if row is None:
        raise OperatorError(f"the journal has no entry {entry_id!r}")
    return _entry(row)


def _write(connection: sqlite3.Connection, entry: Entry, state: EntryState, **changes: object) -> None:
    """Moves an entry to a state that may follow its own. What is None is left as it is."""
    if state not in FOLLOWS.get(entry.state, ()):
        raise ValueError(f"entry {entry.id} is {entry.state.value} and cannot become {state.value}")
    values = {"state": state.value, **{name: value for name, value in changes.items() if value is not None}}
    places = ", ".join(f"{name}=?" for name in values)
    connection.execute(f"UPDATE entries SET {places} WHERE id=?", (*values.values(), entry.id))  # noqa: S608


def _shares(entry: Entry, others: int) -> tuple[int | None, int | None]:
    """What each further job costs, and what is left for the first: no less than its own share."""
    if entry.cost_microusd is None:
        return None, None
    share = entry.cost_microusd // max(entry.jobs, 1)
    return share, max(entry.cost_microusd - share * others, share)


def _spent(connection: sqlite3.Connection, scope: str) -> Spent:
    query = """SELECT coalesce(sum(jobs), 0), coalesce(sum(cost_microusd), 0),
                      coalesce(sum(CASE WHEN cost_microusd IS NULL THEN jobs END), 0)
               FROM entries WHERE scope=? AND counted"""
    jobs, cost_microusd, unpriced = connection.execute(query, (scope,)).fetchone()
    return Spent(jobs=jobs, cost_microusd=cost_microusd, unpriced_jobs=unpriced)


def _insert(connection: sqlite3.Connection, entry: Entry) -> None:
    marks = ", ".join("?" for _ in _COLUMNS)
    values = [getattr(entry, name) for name in _COLUMNS]
    connection.execute(f"INSERT INTO entries ({', '.join(_COLUMNS)}) VALUES ({marks})", values)  # noqa: S608


def _entry(row: Sequence[object]) -> Entry:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    return Entry(**{**values, "state": EntryState(str(values["state"])), "counted": bool(values["counted"])})
