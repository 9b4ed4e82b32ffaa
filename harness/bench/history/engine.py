"""A URL -> a database that can be reached, prepared for a history.

Two databases are known: SQLite for one machine, PostgreSQL for several. No message holds a password.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from harness.bench.history.schema import TABLES, VERSION, VERSIONS
from harness.errors import HarnessError, OperatorError, TransportError

__all__ = ["READING", "Target", "fault_of", "is_there", "open_engine", "target_of"]

READING = "harness_reading"
"""The execution option of a transaction that only reads."""

_EXPECTED = "expected sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_BUSY_S = 20.0
_WAL_ATTEMPTS, _WAL_PAUSE_S = 100, 0.05
_LOCK_KEY = 0x6861726E657373  # two that make the tables at once take turns
_POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds: a dead network is noticed in seconds, not in minutes
    "prepare_threshold": None,  # poolers between us and the server lose prepared statements
    "application_name": "video-api-harness",
}


class Target:
    """Where a history is: `path` for SQLite, `url` for PostgreSQL, `shown` for people, without a secret."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.path = Path(url.database or "").absolute() if url.drivername == "sqlite" else None
        self.shown = f"sqlite:///{url.database or ''}" if self.path else _shown(url)

    def hides(self, message: str) -> str:
        """The first line of a driver's message, without the password."""
        line = message.strip().partition("\n")[0].strip()
        secrets = [self.url.password, *(self.url.query.get(name) for name in ("password", "sslpassword"))]
        for secret in (str(found) for found in secrets if found):
            line = line.replace(secret, "***")
        return line


def target_of(url: str) -> Target:
    """What a URL means. Raises OperatorError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # What cannot be read cannot be shown without what may be a password in it.
        raise OperatorError(f"history: {_EXPECTED}, got what is no URL") from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise OperatorError(f"history: {_EXPECTED}, got {parsed.drivername}://…")
    target = Target(parsed.set(drivername=driver))
    if driver == "sqlite":
        if parsed.database in (None, "", ":memory:") or parsed.query or parsed.host:
            raise OperatorError(
                f"history: expected sqlite:///FILE, a file and no options, got {target.shown}"
            )
    elif find_spec("psycopg") is None:
        raise OperatorError(
            f"history: {target.shown} needs psycopg: pip install 'video-api-harness[postgresql]'"
        )
    return target


def _shown(url: URL) -> str:
    user = "" if url.username is None else url.username + ("" if url.password is None else ":***") + "@"
    port = "" if url.port is None else f":{url.port}"
    return f"{url.drivername}://{user}{url.host or ''}{port}/{url.database or ''}"


def is_there(target: Target) -> bool:
    """Whether a history is there already; looking makes none. Raises OperatorError, TransportError."""
    if target.path is not None:
        return target.path.exists()
    engine = _engine(target)
    try:
        with engine.connect() as connection:
            return inspect(connection).has_table(VERSIONS.name)
    except SQLAlchemyError as error:
        raise fault_of(error, target) from None
    finally:
        engine.dispose()


def open_engine(target: Target) -> Engine:
    """The database, reachable and with the tables of this release. Raises OperatorError, TransportError."""
    if target.path is not None:
        _make_file(target.path)
        _use_wal(target.path, target.shown)
    engine = _engine(target)
    try:
        _prepare(engine, target)
    except SQLAlchemyError as error:
        engine.dispose()
        raise fault_of(error, target) from None
    except HarnessError:
        engine.dispose()
        raise
    return engine


def fault_of(error: SQLAlchemyError, target: Target) -> HarnessError:
    """A driver's error in our words: of the network or the file system, or of what the operator gave."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    message = f"{target.shown}: {target.hides(str(cause))}"
    if not isinstance(error, DBAPIError) or isinstance(error, OperationalError):
        return TransportError(message)
    return TransportError(message) if error.connection_invalidated else OperatorError(message)


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # prompts are nobody else's
    except OSError as error:
        raise OperatorError(f"{error.filename or path}: {error.strerror or error}") from None


def _engine(target: Target) -> Engine:
    if target.path is None:
        # A connection for each transaction: jobs end minutes apart, and none that idles meanwhile can break.
        return create_engine(target.url, poolclass=NullPool, connect_args=_POSTGRESQL, hide_parameters=True)
    path = target.path
    engine = create_engine(
        "sqlite://", creator=lambda: _connect(path), poolclass=QueuePool, hide_parameters=True
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there: one that has gone is an error, not a new and empty database."""
    address = f"file:{quote(os.fspath(path))}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin_sqlite(connection: Connection) -> None:
    is_reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _use_wal(path: Path, shown: str) -> None:
    """Two processes that make the file at once: here, SQLite does not wait for the other by itself."""
    for attempts_left in range(_WAL_ATTEMPTS, -1, -1):
        try:
            with closing(_connect(path)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not attempts_left or "locked" not in str(error):
                raise TransportError(f"{shown}: {error}") from None
            time.sleep(_WAL_PAUSE_S)
        except sqlite3.DatabaseError as error:
            raise OperatorError(f"{shown}: not a history: {error}") from None


def _prepare(engine: Engine, target: Target) -> None:
    with engine.connect().execution_options(**{READING: True}) as connection:
        if _is_current(connection, target):
            return
    with engine.begin() as connection:
        if target.path is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if not _is_current(connection, target):
            _refuse_foreign(connection, target)
            TABLES.create_all(connection)
            connection.execute(insert(VERSIONS).values(version=VERSION))


def _is_current(connection: Connection, target: Target) -> bool:
    """Whether the tables are there, in this version. Raises OperatorError for those of a newer release."""
    if not inspect(connection).has_table(VERSIONS.name):
        return False
    version = connection.execute(select(VERSIONS.c.version)).scalar_one()
    if version != VERSION:
        raise OperatorError(
            f"{target.shown}: a history of a newer release: version {version}, expected {VERSION}: "
            "pip install --upgrade video-api-harness"
        )
    return True


def _refuse_foreign(connection: Connection, target: Target) -> None:
    """A SQLite file belongs to one program; a PostgreSQL database has tables of many."""
    names = inspect(connection).get_table_names() if target.path is not None else []
    if names:
        raise OperatorError(f"{target.shown}: not a history: it has the tables {', '.join(sorted(names))}")
