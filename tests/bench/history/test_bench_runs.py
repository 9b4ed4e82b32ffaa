"""`harness bench` as a process, killed or with its database gone: what it said was measured is kept."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from harness.bench.history.history import History
from harness.measurement.files import read_runs
from harness.measurement.job import BenchRecord
from harness.simulator.process import running
from tests.shared import PROJECT

KILLS = int(os.environ.get("HARNESS_BENCH_KILLS", "1"))  # for each database
MODEL = "novita/kling-v1.6-t2v"
BLOCKS, AT_ONCE, SCALE, SEED = 8, 3, 150, 11
MEASURED = re.compile(r"^\[(\d+)/\d+\] block (\d+): ")


@pytest.fixture(scope="module")
def base_urls() -> Iterator[Mapping[str, str]]:
    """A simulator."""
    with running("--time-scale", str(SCALE), "--seed", "4") as urls:
        yield urls


class Bench:
    """A run of the command; `blocks` are those that it said were measured."""

    def __init__(self, url: str, urls: Mapping[str, str], directory: Path, *words: str) -> None:
        what = words or (
            *("--model", MODEL, "--prompt", "A fox", "--design", "sitting"),
            *("--blocks", str(BLOCKS), "--at-once", str(AT_ONCE), "--no-fetch"),
        )
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "harness", "bench", *what),
                *("--max-jobs", str(BLOCKS), "--base-url", f"novita={urls['novita']}"),
                *("--time-scale", str(SCALE), "--store", url),
            ],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "NOVITA_API_KEY": "key-of-nobody"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.blocks: list[int] = []
        self.said: list[str] = []

    def read(self, jobs: int) -> None:
        """Reads what it says until so many jobs are measured, or to its end."""
        assert self._process.stderr is not None
        while len(self.blocks) < jobs and (line := self._process.stderr.readline()):
            found = MEASURED.match(line)
            if found is None:
                self.said.append(line.rstrip("\n"))
            else:
                self.blocks.append(int(found[2]))

    def kill(self) -> None:
        """Now, whatever it is doing."""
        self._process.send_signal(signal.SIGKILL)

    def ends(self) -> int:
        """Its exit code, when it has said everything."""
        self.read(BLOCKS + 1)
        assert self._process.stderr is not None
        self._process.stderr.close()
        return self._process.wait(timeout=60)


def only_run(url: str, tmp_path: Path) -> BenchRecord:
    """The one run of a history."""
    history = History.open(url, fallback=tmp_path / "unused")
    (record,) = history.records()
    history.close()
    return record


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_that_is_killed(url: str, base_urls: Mapping[str, str], tmp_path: Path, number: int) -> None:
    """Every job that it said was measured is kept; going on measures the rest, and none twice."""
    rng = random.Random(f"{SEED} {number}")
    bench = Bench(url, base_urls, tmp_path)
    bench.read(rng.randint(1, BLOCKS - 2))
    time.sleep(rng.uniform(0, 0.3))
    bench.kill()
    assert bench.ends() == -signal.SIGKILL
    cut_short = only_run(url, tmp_path)
    assert {job.block for job in cut_short.jobs} >= set(bench.blocks)
    assert cut_short.finished_at is None
    again = Bench(url, base_urls, tmp_path, "--resume")
    assert again.ends() == 0, again.said
    whole = only_run(url, tmp_path)
    assert whole.finished_at is not None
    assert whole.jobs[: len(cut_short.jobs)] == cut_short.jobs
    assert sorted(job.block for job in whole.jobs) == list(range(BLOCKS))
    assert len({job.job_id for job in whole.jobs}) == BLOCKS


def test_a_database_that_vanishes(base_urls: Mapping[str, str], tmp_path: Path) -> None:
    """The run goes on to its end; the message names the file, and the file brings the run home."""
    url = f"sqlite:///{tmp_path}/kept/history.sqlite"
    bench = Bench(url, base_urls, tmp_path)
    bench.read(2)
    Path(make_url(url).database or "").rename(tmp_path / "elsewhere.sqlite")
    assert bench.ends() == 0, bench.said
    assert sorted(bench.blocks) == list(range(BLOCKS))
    (message,) = [line for line in bench.said if "harness history import" in line]
    assert message.startswith(f"{url}: the file has gone; the run is kept in ")
    path = Path(message.rpartition(" ")[2])
    (record,) = read_runs(path.read_text(encoding="utf-8"), str(path)).records
    assert sorted(job.block for job in record.jobs) == list(range(BLOCKS))
    assert record.finished_at is not None
    done = subprocess.run(
        [sys.executable, "-m", "harness", "history", "import", str(path), "--store", url],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"{record.id}  simulated  {BLOCKS} jobs, {BLOCKS} new\n")
    assert only_run(url, tmp_path) == record
