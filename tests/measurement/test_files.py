"""Files of runs, in each of their kinds."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.errors import SourceError
from harness.measurement.files import end_line, history_json, job_line, read_runs, run_line
from harness.measurement.job import BenchRecord
from harness.measurement.json import as_line, record_json
from tests.bench.runs import START, a_job, a_run

RUN = a_run(jobs=3)
BEGUN = replace(RUN, jobs=RUN.jobs[:1], finished_at=None)


def lined(*documents: dict[str, object]) -> str:
    """JSON Lines."""
    return "".join(f"{as_line(document)}\n" for document in documents)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(record_json(RUN)),
        json.dumps(record_json(RUN), indent=2),
        json.dumps(history_json([RUN]), indent=2),
        lined(record_json(RUN)),
        lined(run_line(RUN)),
        "\n"
        + lined(run_line(BEGUN), *(job_line(RUN.id, job) for job in RUN.jobs[1:]))
        + "\n"
        + lined(end_line(RUN.id, START.replace(hour=13))),
        lined(run_line(BEGUN), run_line(RUN), job_line(RUN.id, RUN.jobs[0]), run_line(BEGUN)),
    ],
)
def test_each_kind(text: str):
    """They all say the same run."""
    runs = read_runs(text, "f")
    assert (runs.records, runs.notes) == ((RUN,), ())


def test_several_runs():
    """In the order of the file, whichever their lines."""
    other = a_run("run-2", jobs=1)
    text = lined(run_line(BEGUN), record_json(other), job_line(RUN.id, RUN.jobs[1]))
    assert read_runs(text, "f").records == (replace(BEGUN, jobs=RUN.jobs[:2]), other)
    assert read_runs(json.dumps(history_json([other, RUN])), "f").records == (other, RUN)
    assert read_runs(json.dumps(history_json([])), "f").records == ()


def test_a_line_that_was_cut_off():
    """The last of a process that was killed: left out, with a note; also where another wrote on after it."""
    torn = as_line(job_line(RUN.id, RUN.jobs[1]))[:200]
    text = lined(run_line(BEGUN)) + torn + "\n" + lined(job_line(RUN.id, RUN.jobs[2]))
    runs = read_runs(text, "f")
    assert runs.records == (replace(BEGUN, jobs=(RUN.jobs[0], RUN.jobs[2])),)
    assert runs.notes == ("f:2: the end of this line is missing; it was left out",)


def other(**changes: object) -> BenchRecord:
    """The run with other content."""
    return replace(BEGUN, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f:1:1: expected runs of a benchmark, got nothing"),
        (
            lined(run_line(BEGUN), run_line(other(seed=9))),
            "f:2:1: the run run-1 stands here before with other content",
        ),
        (
            lined(run_line(BEGUN), job_line(RUN.id, a_job(0, polls=9))),
            "f:2:1: the job 0000000000000000 of run run-1 stands here before with other content",
        ),
        (
            lined(run_line(BEGUN), job_line("run-9", a_job(1))),
            "f:2:43: run_id: expected a run that a line before names, got 'run-9'",
        ),
        (
            lined(run_line(BEGUN), {"schema": "harness.bench-line/1", "run_id": RUN.id}),
            "f:2:1: expected a member 'finished_at', got none",
        ),
        (lined(run_line(BEGUN)) + "{'job'}\n", 'f:2:2: not JSON: expected a key in double quotes, got "\'"'),
        (
            json.dumps({"schema": "harness.bench-history/1", "runs": [{"schema": "x"}]}),
            "f:1:59: runs[0].schema: expected 'harness.bench-record/1', got 'x'",
        ),
        (
            json.dumps(history_json([BEGUN, other(seed=9)])),
            "runs[1]: the run run-1 stands here before with other content",
        ),
    ],
)
def test_what_is_refused(text: str, message: str):
    """With the line of the file."""
    with pytest.raises(SourceError) as refused:
        read_runs(text, "f")
    assert str(refused.value).endswith(message)
