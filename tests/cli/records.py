"""Records that a report is made of, each kind of them as a file."""

from __future__ import annotations

import json
from pathlib import Path

from harness.bench.history.history import History
from harness.measurement.files import end_line, history_json, job_line, run_line
from harness.measurement.job import BenchRecord, Provenance
from harness.measurement.json import as_line, record_json
from tests.bench.measured import AIML, NOVITA, OXEN, measured
from tests.bench.runs import START
from tests.cli.test_exit_codes import cassette
from tests.measurement.test_trial_read import document

__all__ = ["a_run", "as_bench", "as_cassettes", "as_history", "as_lines", "as_store", "as_trial"]


def a_run(name: str, *, provenance: Provenance = Provenance.SIMULATED, blocks: int = 6) -> BenchRecord:
    """A nightly run of three sellers."""
    return measured({NOVITA: 150, OXEN: 170, AIML: 200}, blocks=blocks, provenance=provenance, id=name)


def as_bench(path: Path, run: BenchRecord) -> Path:
    """As `harness bench` writes it."""
    path.write_text(json.dumps(record_json(run), indent=1), encoding="utf-8")
    return path


def as_history(path: Path, *runs: BenchRecord) -> Path:
    """As `harness history export` writes it."""
    path.write_text(json.dumps(history_json(runs)), encoding="utf-8")
    return path


def as_lines(path: Path, run: BenchRecord) -> Path:
    """As it is kept while it goes on; the last line was cut off by a crash."""
    first, *others = run.jobs
    begun = BenchRecord(
        **{name: getattr(run, name) for name in BenchRecord.__slots__ if name not in ("jobs", "finished_at")},
        jobs=(first,),
        finished_at=None,
    )
    lines = [run_line(begun), *(job_line(run.id, job) for job in others), end_line(run.id, START)]
    cut = as_line(job_line(run.id, first))[:60]
    path.write_text("".join(f"{as_line(line)}\n" for line in lines) + cut, encoding="utf-8")
    return path


def as_store(path: Path, *runs: BenchRecord) -> str:
    """The URL of a history in SQLite."""
    url = f"sqlite:///{path}"
    opened = History.open(url, fallback=path.with_name("unused"))
    for run in runs:
        opened.merge(run)
    opened.close()
    return url


def as_trial(path: Path) -> Path:
    """A trial with one live job."""
    path.write_text(json.dumps(document()), encoding="utf-8")
    return path


def as_cassettes(directory: Path) -> Path:
    """A directory with a recording that breaks what is documented."""
    directory.mkdir()
    cassette(directory / "wrong.yaml", status=200, answer="{}")
    return directory
