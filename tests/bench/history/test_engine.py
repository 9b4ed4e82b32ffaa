"""URLs of a history: which are taken, and what is said of those that are not."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from harness.bench.history import engine
from harness.bench.history.engine import target_of
from harness.bench.history.history import History
from harness.errors import OperatorError, TransportError
from tests.bench.runs import a_job, a_run

EXPECTED = "history: expected sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE, got "


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("history.sqlite", f"{EXPECTED}what is no URL"),
        ("", f"{EXPECTED}what is no URL"),
        ("mysql://user:hunter22@host/runs", f"{EXPECTED}mysql://…"),
        ("postgresql+psycopg2://user:hunter22@host/runs", f"{EXPECTED}postgresql+psycopg2://…"),
        ("postgres://user:hunter22@host:x/runs", f"{EXPECTED}what is no URL"),
        ("sqlite://", "history: expected sqlite:///FILE, a file and no options, got sqlite:///"),
        (
            "sqlite:///:memory:",
            "history: expected sqlite:///FILE, a file and no options, got sqlite:///:memory:",
        ),
        ("sqlite:///a?mode=ro", "history: expected sqlite:///FILE, a file and no options, got sqlite:///a"),
        ("sqlite://runs.sqlite", "history: expected sqlite:///FILE, a file and no options, got sqlite:///"),
    ],
)
def test_urls_that_are_refused(url: str, message: str):
    """With what is expected, and never with a password."""
    with pytest.raises(OperatorError) as refused:
        target_of(url)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///a/b.sqlite", "sqlite:///a/b.sqlite"),
        ("sqlite:////a/b.sqlite", "sqlite:////a/b.sqlite"),
        ("postgresql://user@host/runs", "postgresql+psycopg://user@host/runs"),
        (
            "postgresql+psycopg://user:hunter22@host:5/runs?sslmode=require",
            "postgresql+psycopg://user:***@host:5/runs",
        ),
        ("postgresql+psycopg:///runs?host=/run/postgresql", "postgresql+psycopg:///runs"),
    ],
)
def test_urls_that_are_taken(url: str, shown: str):
    """And how they are shown."""
    assert target_of(url).shown == shown


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch):
    """The command that installs it."""
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    with pytest.raises(OperatorError) as refused:
        target_of("postgresql+psycopg://user:hunter22@host/runs")
    assert str(refused.value) == (
        "history: postgresql+psycopg://user:***@host/runs needs psycopg: "
        "pip install 'video-api-harness[postgresql]'"
    )


def test_a_driver_s_message_has_no_password():
    """Whichever way it stands in it."""
    target = target_of("postgresql+psycopg://u:hunter22@host/runs?password=hunter33")
    assert target.hides(" no: hunter22,\thunter33 \n hunter22") == "no: ***,\t***"


def opened(url: str, tmp_path: Path) -> History:
    """The history."""
    return History.open(url, fallback=tmp_path / "unused", patience_s=20)


def test_a_newer_release(url: str, tmp_path: Path):
    """Its tables are not touched; the message says what helps."""
    opened(url, tmp_path).close()
    statement = "UPDATE harness_schema SET version = 2"
    if url.startswith("sqlite"):
        with sqlite3.connect(make_url(url).database or "") as connection:
            connection.execute(statement)
        connection.close()
    else:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as server:
            server.execute(statement)
    with pytest.raises(OperatorError) as refused:
        opened(url, tmp_path)
    assert str(refused.value) == (
        f"{target_of(url).shown}: a history of a newer release: version 2, expected 1: "
        "pip install --upgrade video-api-harness"
    )


def test_a_file_that_is_no_database(tmp_path: Path):
    """One clear message."""
    path = tmp_path / "history.sqlite"
    path.write_text("x" * 5000, encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        opened(f"sqlite:///{path}", tmp_path)
    assert str(refused.value) == f"sqlite:///{path}: not a history: file is not a database"


def test_a_place_that_cannot_be_written(tmp_path: Path):
    """A directory that is a file."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        opened(f"sqlite:///{tmp_path}/file/history.sqlite", tmp_path)
    assert str(refused.value) == f"{tmp_path}/file: File exists"


def test_a_server_that_is_not_there(tmp_path: Path):
    """Nobody listens at that port."""
    with pytest.raises(TransportError) as refused:
        opened("postgresql+psycopg://user:hunter22@127.0.0.1:1/runs", tmp_path)
    assert str(refused.value).startswith("postgresql+psycopg://user:***@127.0.0.1:1/runs: ")
    assert "Connection refused" in str(refused.value)


def test_prompts_are_nobody_else_s(tmp_path: Path):
    """The file is its owner's."""
    opened(f"sqlite:///{tmp_path}/history.sqlite", tmp_path).close()
    assert (tmp_path / "history.sqlite").stat().st_mode & 0o777 == 0o600


@contextmanager
def locked(path: str) -> Iterator[sqlite3.Connection]:
    """A writer that takes its time."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


def test_waiting_for_another_writer(tmp_path: Path):
    """A database that is locked for a moment is not lost."""
    history = opened(f"sqlite:///{tmp_path}/history.sqlite", tmp_path)
    history.start(a_run())
    with locked(f"{tmp_path}/history.sqlite") as other:
        timer = threading.Timer(0.5, lambda: other.execute("COMMIT"))
        timer.start()
        history.add("run-1", a_job(1))
        timer.join()
    assert history.lost is None
    assert history.get("run-1").jobs == (a_job(1),)
    history.close()
