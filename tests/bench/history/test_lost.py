"""A database that goes away while a run goes on: nothing that was paid for is lost, and it is said."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from harness.bench.history.history import History
from harness.errors import TransportError
from harness.measurement.files import read_runs
from harness.measurement.job import BenchRecord
from tests.bench import postgres
from tests.bench.proxy import proxied
from tests.bench.runs import a_run

RUN = a_run(jobs=6)


def runs_in(path: Path) -> tuple[BenchRecord, ...]:
    """What was kept in the file."""
    return read_runs(path.read_text(encoding="utf-8"), str(path)).records


def run_through(url: str, tmp_path: Path, vanish: Callable[[], None], patience_s: float = 20) -> str:
    """A run whose database vanishes after two jobs: the one message, once the file has the whole run."""
    said: list[str] = []
    fallback = tmp_path / "beside" / "unsaved.jsonl"
    history = History.open(url, fallback=fallback, on_lost=said.append, patience_s=patience_s)
    history.start(RUN)
    for number, job in enumerate(RUN.jobs):
        if number == 2:
            assert (history.lost, fallback.exists()) == (None, False)
            vanish()
        history.add(RUN.id, job)
        if number >= 2:
            assert history.get(RUN.id).jobs == RUN.jobs[: number + 1]
            assert runs_in(fallback)[0].jobs == RUN.jobs[: number + 1]
    assert RUN.finished_at is not None
    history.finish(RUN.id, RUN.finished_at)
    assert history.get(RUN.id) == RUN
    history.close()
    assert runs_in(fallback) == (RUN,)
    assert said == [history.lost]
    begins, path = said[0].split("; the run is kept in ", 1)
    assert path == f"{fallback}: harness history import {fallback}"
    return begins


def sqlite_at(tmp_path: Path) -> tuple[Path, str]:
    """A file, and its URL."""
    path = tmp_path / "kept" / "history.sqlite"
    return path, f"sqlite:///{path}"


def test_a_file_that_is_removed(tmp_path: Path) -> None:
    """SQLite would go on writing to what nobody can open again."""
    path, url = sqlite_at(tmp_path)
    assert run_through(url, tmp_path, path.unlink) == f"{url}: the file has gone"


def test_a_directory_that_is_removed(tmp_path: Path) -> None:
    """With everything in it."""
    path, url = sqlite_at(tmp_path)
    assert run_through(url, tmp_path, lambda: shutil.rmtree(path.parent)) == f"{url}: the file has gone"


def test_a_file_in_its_place(tmp_path: Path) -> None:
    """Another history, put where the first one was."""
    path, url = sqlite_at(tmp_path)
    other = tmp_path / "other.sqlite"
    History.open(f"sqlite:///{other}", fallback=tmp_path / "unused").close()
    got = run_through(url, tmp_path, lambda: other.replace(path) and None)
    assert got == f"{url}: another file has taken the place of the history"


def test_a_file_that_is_overwritten(tmp_path: Path) -> None:
    """The same file, with what is no database in it."""
    path, url = sqlite_at(tmp_path)

    def overwrite() -> None:
        for file in path.parent.iterdir():
            file.write_bytes(b"no database at all " * 1000)

    assert run_through(url, tmp_path, overwrite).startswith(f"{url}: ")


def test_tables_that_are_dropped(url: str, tmp_path: Path) -> None:
    """The database is there, the history is not."""

    def drop() -> None:
        drop = "DROP TABLE harness_jobs"
        if url.startswith("sqlite"):
            connection = sqlite3.connect(make_url(url).database or "")
            connection.execute(drop)
            connection.close()
        else:
            plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(plain, autocommit=True) as server:
                server.execute(drop)

    assert "harness_jobs" in run_through(url, tmp_path, drop)


def test_a_run_that_was_deleted(url: str, tmp_path: Path) -> None:
    """A job without its run would be found by nobody."""

    def delete() -> None:
        for statement in ("DELETE FROM harness_jobs", "DELETE FROM harness_runs"):
            if url.startswith("sqlite"):
                with sqlite3.connect(make_url(url).database or "") as connection:
                    connection.execute(statement)
                connection.close()
            else:
                plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
                with psycopg.connect(plain, autocommit=True) as server:
                    server.execute(statement)

    assert run_through(url, tmp_path, delete).endswith(": the run run-1 is not there any more")


def test_a_server_that_is_killed(tmp_path: Path) -> None:
    """As a machine that loses its power; when it is back, the file brings the run home."""
    postgres.skip_without()
    if postgres.given_url() is not None:
        pytest.skip("the server of HARNESS_POSTGRES is not ours to kill")
    with postgres.running() as server:
        begins = run_through(server.url, tmp_path, server.kill)
        shown = f"postgresql+psycopg://harness:***@127.0.0.1:{server.port}/postgres"
        assert begins.startswith(f"{shown}: ")
        assert "Connection refused" in begins
        server.start()
        history = History.open(server.url, fallback=tmp_path / "unused")
        assert [job.id for job in history.get(RUN.id).jobs] == [job.id for job in RUN.jobs[:2]]
        assert history.merge(runs_in(tmp_path / "beside" / "unsaved.jsonl")[0]) == (4,)
        assert history.get(RUN.id) == RUN
        history.close()


@pytest.fixture
def through(postgres_url: str) -> tuple[int, str]:
    """The port of the server, and its URL with `PORT` in its place."""
    port = make_url(postgres_url).port or 5432
    assert str(port) in postgres_url
    return port, postgres_url.replace(f":{port}", ":PORT")


def test_a_network_that_goes_away(through: tuple[int, str], tmp_path: Path) -> None:
    """The connection breaks, and there is no other."""
    port, url = through
    with proxied(port) as proxy, postgres.schema_url(url.replace("PORT", str(port))) as own:
        begins = run_through(own.replace(f":{port}", f":{proxy.port}"), tmp_path, proxy.close)
    assert "Connection refused" in begins
    assert (make_url(url.replace(":PORT", ":1")).password is None) or ":***@" in begins


def test_a_network_that_swallows_everything(through: tuple[int, str], tmp_path: Path) -> None:
    """A database that does not answer does not hold up jobs that are paid for."""
    port, url = through
    with proxied(port) as proxy, postgres.schema_url(url.replace("PORT", str(port))) as own:
        begins = run_through(own.replace(f":{port}", f":{proxy.port}"), tmp_path, proxy.stall, patience_s=1.0)
        assert begins.endswith(": no answer within 1 s")


def test_a_connection_that_breaks_once(through: tuple[int, str], tmp_path: Path) -> None:
    """A new one is made: nothing is lost, and nothing is said."""
    port, url = through
    with proxied(port) as proxy, postgres.schema_url(url.replace("PORT", str(port))) as own:
        history = History.open(own.replace(f":{port}", f":{proxy.port}"), fallback=tmp_path / "unsaved.jsonl")
        history.start(RUN)
        for job in RUN.jobs:
            proxy.cut()
            history.add(RUN.id, job)
        assert history.lost is None
        assert history.get(RUN.id).jobs == RUN.jobs
        history.close()
    assert not (tmp_path / "unsaved.jsonl").exists()


def test_a_file_beside_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory for temporary files is the next place."""
    path, url = sqlite_at(tmp_path)
    (tmp_path / "file").write_text("not a directory", encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    history = History.open(url, fallback=tmp_path / "file" / "unsaved.jsonl")
    history.start(RUN)
    path.unlink()
    for job in RUN.jobs:
        history.add(RUN.id, job)
    history.close()
    assert history.lost is not None
    kept = Path(history.lost.rpartition(" ")[2])
    assert (kept.parent.parent, kept.name) == (tmp_path, "unsaved.jsonl")
    assert runs_in(kept)[0].jobs == RUN.jobs


def test_no_place_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the run cannot go on, and both reasons are said."""
    path, url = sqlite_at(tmp_path)
    (tmp_path / "file").write_text("not a directory", encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    history = History.open(url, fallback=tmp_path / "file" / "unsaved.jsonl")
    history.start(RUN)
    path.unlink()
    with pytest.raises(TransportError) as refused:
        history.add(RUN.id, RUN.jobs[0])
    assert str(refused.value).startswith(
        f"{url}: the file has gone; and no file beside it can be written: "
        f"{tmp_path}/file: File exists; {tmp_path}/file/harness-history-"
    )
    history.close()


def test_before_the_first_job(tmp_path: Path) -> None:
    """Nothing is paid for yet: the run is refused."""
    path, url = sqlite_at(tmp_path)
    history = History.open(url, fallback=tmp_path / "unsaved.jsonl")
    path.unlink()
    with pytest.raises(TransportError) as refused:
        history.start(RUN)
    assert str(refused.value) == f"{url}: the file has gone"
    assert history.lost is None
    history.close()
