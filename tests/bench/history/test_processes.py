"""Several processes on one history, and processes that are killed: real ones."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from harness.bench.history.history import History
from tests.bench.history.writer import written
from tests.shared import PROJECT

KILLS = int(os.environ.get("HARNESS_HISTORY_KILLS", "4"))  # for each database
AT_ONCE = 4
MANY = 1_000_000  # more jobs than any process comes to
SEED = 5


class Writer:
    """A process that writes one run."""

    def __init__(self, url: str, name: str, jobs: int, directory: Path) -> None:
        self.name = name
        self.fallback = directory / f"{name}.jsonl"
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.history.writer", url, name, str(jobs), str(self.fallback)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)

    def is_ready(self) -> None:
        """Waits until it has everything but the database."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                self.said.append(line.rstrip("\n"))

    def go(self) -> None:
        """Lets it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.close()

    def ends(self) -> int:
        """Waits for its end; gives its exit code."""
        code = self._process.wait(timeout=60)
        self._reader.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def kill(self) -> None:
        """Now, whatever it is doing."""
        self._process.send_signal(signal.SIGKILL)


def check_file(url: str) -> None:
    """SQLite's own opinion of its file."""
    if url.startswith("sqlite"):
        with sqlite3.connect(make_url(url).database or "") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def begin(writers: Sequence[Writer]) -> None:
    """All at once."""
    for writer in writers:
        writer.is_ready()
    for writer in writers:
        writer.go()


def test_writers_at_once(url: str, tmp_path: Path) -> None:
    """They make the tables at once, write at once, two of them the same run; each run is whole."""
    writers = [Writer(url, name, 15, tmp_path) for name in ("one", "two", "same", "same")]
    begin(writers)
    assert [writer.ends() for writer in writers] == [0, 0, 0, 0]
    for writer in writers:
        ids = [job.id for job in written(writer.name, 15).jobs]
        assert writer.said == [*ids, "finished"]
        assert not writer.fallback.exists()
    history = History.open(url, fallback=tmp_path / "unused")
    assert [line.record.id for line in history.list()] == ["one", "same", "two"]
    for name in ("one", "two", "same"):
        assert history.get(name) == written(name, 15)
    history.close()
    check_file(url)


def test_writers_that_are_killed(url: str, tmp_path: Path) -> None:
    """At random moments, while others write: each job that was said to be kept is kept, and whole."""
    rng = random.Random(SEED)
    kept = 0
    for first in range(0, KILLS, AT_ONCE):
        names = [f"run-{number}" for number in range(first, min(first + AT_ONCE, KILLS))]
        writers = [Writer(url, name, MANY, tmp_path) for name in names]
        begin(writers)
        until = time.monotonic() + 30
        while not all(writer.said for writer in writers):
            assert time.monotonic() < until
            time.sleep(0.01)
        for writer in writers:
            time.sleep(rng.uniform(0.0, 0.15))
            writer.kill()
        assert [writer.ends() for writer in writers] == [-signal.SIGKILL] * len(writers)
        history = History.open(url, fallback=tmp_path / "unused")
        for writer in writers:
            found = history.get(writer.name)
            # What was written and not yet said may be there, one job at most.
            assert len(found.jobs) - len(writer.said) in (0, 1)
            expected = written(writer.name, len(found.jobs))
            assert found == replace(expected, finished_at=None)
            kept += len(writer.said)
        history.close()
        check_file(url)
    assert kept > KILLS


def test_the_same_runs_taken_at_once(url: str, tmp_path: Path) -> None:
    """In opposite orders, so that each waits for what the other has: both end with everything there."""
    runs = [replace(written(f"run-{number}", 3), jobs=()) for number in range(40)]
    opened = [History.open(url, fallback=tmp_path / "unused") for _ in range(2)]
    taken: list[tuple[int, ...]] = []
    threads = [
        threading.Thread(target=lambda history=history, order=order: taken.append(history.merge(*order)))
        for history, order in zip(opened, (runs, runs[::-1]), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert taken == [(0,) * 40] * 2
    assert {record.id: record for record in opened[0].records()} == {run.id: run for run in runs}
    for history in opened:
        history.close()
