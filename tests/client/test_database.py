"""The journal's file: made once, refused where it is something else."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from harness.client.database import Database
from harness.errors import OperatorError, TransportError


def test_it_survives_a_crash_of_the_machine(tmp_path: Path):
    """WAL, and every commit is on the disk before it is done."""
    database = Database(tmp_path / "deep" / "journal.sqlite")
    with database.transaction() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_nobody_else_reads_it(tmp_path: Path):
    """Prompts stand in it."""
    Database(tmp_path / "journal.sqlite").close()
    assert stat.S_IMODE((tmp_path / "journal.sqlite").stat().st_mode) == 0o600


def test_many_make_it_at_once(tmp_path: Path):
    """Eight threads, each with a connection of its own, as eight processes would."""
    with ThreadPoolExecutor(8) as pool:
        for database in pool.map(lambda _: Database(tmp_path / "journal.sqlite"), range(8)):
            database.close()


def test_an_error_takes_everything_back(tmp_path: Path):
    """A transaction is written whole or not at all."""
    database = Database(tmp_path / "journal.sqlite")
    with suppress(KeyError), database.transaction() as connection:
        connection.execute("CREATE TABLE t (x)")
        raise KeyError
    with pytest.raises(TransportError, match="no such table"), database.transaction() as connection:
        connection.execute("SELECT * FROM t")
    database.close()


def test_what_is_no_journal(tmp_path: Path):
    """Another file, another database, a journal of a later release, a directory."""
    text = tmp_path / "text.sqlite"
    text.write_text("no database, but long enough to look like one " * 100, encoding="utf-8")
    other = tmp_path / "other.sqlite"
    later = tmp_path / "later.sqlite"
    for path, statement in ((other, "CREATE TABLE mine (x)"), (later, "PRAGMA user_version=2")):
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.commit()
        connection.close()

    for path, message in (
        (text, "not a journal: file is not a database"),
        (other, "not a journal of this release: version 0, expected 1"),
        (later, "not a journal of this release: version 2, expected 1"),
    ):
        with pytest.raises(OperatorError) as caught:
            Database(path)
        assert str(caught.value) == f"{path}: {message}"
    with pytest.raises(OperatorError):
        Database(tmp_path)
