"""What is shown of a benchmark while it runs."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harness.bench.schedule import Slot
from harness.cli.bench_watch import Lines, took, watching
from harness.measurement.job import JobOutcome, MeasuredJob, Phase
from harness.stats.interval import Interval

SLOT = Slot(block=3, place=0, turn=3, model="a/x")
JOB = MeasuredJob(
    id="e1",
    model="a/x",
    mode="poll",
    block=3,
    place=0,
    submitted_at=datetime(2026, 3, 1, tzinfo=UTC),
    outcome=JobOutcome.SUCCEEDED,
    intervals={Phase.TOTAL: Interval(low_s=140.25, high_s=143.5)},
    polls=5,
)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(low_s=140.25, high_s=143.5), "140.2 to 143.5 s"),
        (Interval(low_s=140.0, high_s=140.05), "140.1 s"),
        (Interval(low_s=900.0, high_s=None), "more than 900.0 s"),
        (None, "no time"),
    ],
)
def test_how_long_a_job_took(interval: Interval | None, words: str):
    """An interval is one, and a job that was given up took longer."""
    intervals = {} if interval is None else {Phase.TOTAL: interval}
    assert took(replace(JOB, intervals=intervals)) == words


def test_plain_lines():
    """One for each job that has ended, and why where it did not succeed."""
    said: list[str] = []
    lines = Lines(10, 4, said.append)
    lines.submitted(SLOT, "job-1")
    lines.measured(SLOT, JOB)
    lines.measured(
        SLOT, replace(JOB, outcome=JobOutcome.POSSIBLY_BILLED, intervals={}, polls=0, note="no answer")
    )

    assert said == [
        "[5/10] block 3: a/x: succeeded, 140.2 to 143.5 s, 5 polls",
        "[6/10] block 3: a/x: possibly billed, no time, 0 polls; no answer",
    ]


class Terminal(io.StringIO):
    """A stream that says that it is one."""

    def isatty(self) -> bool:
        return True


def test_a_table_on_a_terminal(monkeypatch: pytest.MonkeyPatch):
    """Each model with what is under way and what has ended."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    said: list[str] = []
    watcher, shown = watching(("a/x", "b/y"), 10, 4, said.append)
    with shown:
        watcher.submitted(SLOT, None)
        watcher.submitted(SLOT, None)
        watcher.measured(SLOT, JOB)

    last = terminal.getvalue().rpartition("5 of 10 jobs are measured")[2]
    row = next(line for line in last.splitlines() if "a/x" in line)
    assert " ".join(row.replace("│", " ").split()) == "a/x 1 1 5 succeeded, 140.2 to 143.5 s"
    assert said == []


def test_no_table_elsewhere(monkeypatch: pytest.MonkeyPatch):
    """A log gets lines."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    watcher, _ = watching(("a/x",), 1, 0, lambda _: None)
    assert isinstance(watcher, Lines)
