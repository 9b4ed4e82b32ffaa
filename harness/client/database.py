"""The journal's file: opened, prepared, and written by one transaction at a time."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import OperatorError, TransportError

__all__ = ["Database"]

_VERSION = 1
_STATEMENTS = (
    """CREATE TABLE entries (
         id TEXT PRIMARY KEY, scope TEXT NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL,
         operation TEXT NOT NULL, server TEXT NOT NULL, state TEXT NOT NULL,
         jobs INTEGER NOT NULL, cost_microusd INTEGER, counted INTEGER NOT NULL,
         owner TEXT NOT NULL, request TEXT NOT NULL, reserved_utc TEXT NOT NULL,
         job_id TEXT, sent_utc TEXT, submitted_utc TEXT, ended_utc TEXT, output TEXT, note TEXT
       )""",
    "CREATE INDEX entries_by_scope ON entries (scope) WHERE counted",
    "CREATE INDEX entries_by_state ON entries (state)",
    f"PRAGMA user_version={_VERSION}",
)
_BUSY_S = 30.0
_WAL_ATTEMPTS, _WAL_PAUSE_S = 100, 0.05


class Database:
    """One SQLite file in WAL mode with `synchronous=FULL`, for any thread of this process."""

    def __init__(self, path: Path) -> None:
        """Opens the file, and makes it if there is none. Raises OperatorError, TransportError."""
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # prompts and addresses of videos are nobody else's
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
        except OSError as error:
            raise OperatorError(f"{path}: {error.strerror or error}") from None
        except sqlite3.Error as error:
            raise OperatorError(f"{path}: {error}") from None
        try:
            self._use_wal()
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _use_wal(self) -> None:
        """Two processes that make the file at once: here, SQLite does not wait for the other by itself."""
        for attempts_left in range(_WAL_ATTEMPTS, -1, -1):
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=FULL")
                return
            except sqlite3.OperationalError as error:
                if not attempts_left:
                    raise TransportError(f"{self.path}: {error}") from None
                time.sleep(_WAL_PAUSE_S)
            except sqlite3.DatabaseError as error:
                raise OperatorError(f"{self.path}: not a journal: {error}") from None

    def _prepare(self) -> None:
        with self.transaction() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            is_empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if version == 0 and is_empty:
                for statement in _STATEMENTS:
                    connection.execute(statement)
            elif version != _VERSION:
                raise OperatorError(
                    f"{self.path}: not a journal of this release: version {version}, expected {_VERSION}"
                )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One writer at a time, over threads and processes; all or nothing. Raises TransportError."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise TransportError(f"{self.path}: {error}") from error

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._connection.close()
