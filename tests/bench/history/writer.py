"""A process that writes a run, and says each job once it is kept: `URL RUN JOBS FALLBACK`."""

from __future__ import annotations

import sys
from pathlib import Path

from harness.bench.history.history import History
from harness.measurement.job import BenchRecord
from tests.bench.runs import a_job, a_run

__all__ = ["main", "written"]


def main(url: str, name: str, jobs: str, fallback: str) -> None:
    """Waits for a line before it opens the database: several begin at once."""
    print("ready", flush=True)  # noqa: T201 - who started it waits for it
    sys.stdin.readline()
    record = written(name, 0)
    history = History.open(url, fallback=Path(fallback))
    history.start(record)
    for job in map(a_job, range(int(jobs))):
        history.add(record.id, job)
        print(job.id, flush=True)  # noqa: T201
    assert record.finished_at is not None
    history.finish(record.id, record.finished_at)
    history.close()
    print("finished" if history.lost is None else history.lost, flush=True)  # noqa: T201


def written(name: str, jobs: int) -> BenchRecord:
    """The run that the process of this name writes."""
    return a_run(name, jobs=jobs, machine=f"machine of {name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
