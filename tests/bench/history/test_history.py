"""The history: what was kept comes back, in both databases alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.bench.history.history import History, history_is_there
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, Provenance
from tests.bench.runs import MODEL, OTHER, START, a_job, a_run


@contextmanager
def opened(url: str, tmp_path: Path) -> Iterator[History]:
    """A history that must not be lost."""
    lost: list[str] = []
    history = History.open(url, fallback=tmp_path / "unsaved.jsonl", on_lost=lost.append)
    try:
        yield history
        assert (lost, history.lost) == ([], None)
    finally:
        history.close()
    assert not (tmp_path / "unsaved.jsonl").exists()


def run_all(history: History, record: BenchRecord) -> None:
    """A run from its start to its end."""
    history.start(record)
    for job in record.jobs:
        history.add(record.id, job)
    if record.finished_at is not None:
        history.finish(record.id, record.finished_at)


def test_a_run_comes_back_as_it_was(url: str, tmp_path: Path) -> None:
    """With its jobs in their order, to the last digit, through another opening of the database."""
    record = a_run(jobs=5)
    with opened(url, tmp_path) as history:
        run_all(history, record)
    with opened(url, tmp_path) as history:
        assert history.get("run-1") == record
        assert history.records() == (record,)


def test_a_run_that_is_cut_short(url: str, tmp_path: Path) -> None:
    """It has the jobs that were finished, and no end."""
    record = a_run(jobs=3)
    with opened(url, tmp_path) as history:
        history.start(record)
        history.add(record.id, record.jobs[0])
    with opened(url, tmp_path) as history:
        assert history.get("run-1") == replace(record, finished_at=None, jobs=record.jobs[:1])


def test_a_run_goes_on(url: str, tmp_path: Path) -> None:
    """Starting it again gives the jobs that it has; what is there already is nothing."""
    record = a_run(jobs=3)
    with opened(url, tmp_path) as history:
        assert history.start(record) == ()
        history.add(record.id, record.jobs[0])
    with opened(url, tmp_path) as history:
        assert history.start(record) == record.jobs[:1]
        for job in record.jobs:
            history.add(record.id, job)
        assert record.finished_at is not None
        history.finish(record.id, record.finished_at)
        assert history.get("run-1") == record


def test_an_id_is_one_run_s(url: str, tmp_path: Path) -> None:
    """Another run of the same id is refused, and so is another job."""
    record = a_run(jobs=1)
    with opened(url, tmp_path) as history:
        run_all(history, record)
        with pytest.raises(OperatorError) as refused:
            history.start(replace(record, seed=8, machine="machine-2"))
        assert str(refused.value) == (
            "run run-1: a run of this id is there with other content: machine, seed"
        )
        with pytest.raises(OperatorError) as refused:
            history.add("run-1", replace(record.jobs[0], polls=5))
        assert str(refused.value) == (
            f"run run-1: job {record.jobs[0].id}: a job of this id is there with other content: polls"
        )
        assert history.get("run-1") == record


def test_a_list_is_in_the_order_of_time(url: str, tmp_path: Path) -> None:
    """Runs without their jobs, the oldest first; of one provenance, or with one model."""
    early = a_run("b", jobs=2)
    late = a_run("a", jobs=1, created_at=START + timedelta(microseconds=1), provenance=Provenance.LIVE)
    both = a_run("c", created_at=START + timedelta(days=1), models=(MODEL, OTHER))
    with opened(url, tmp_path) as history:
        for record in (both, late, early):
            run_all(history, record)
        assert [(line.record.id, line.jobs) for line in history.list()] == [("b", 2), ("a", 1), ("c", 0)]
        assert history.list()[0].record == replace(early, jobs=())
        assert [line.record.id for line in history.list(provenance=Provenance.LIVE)] == ["a"]
        assert [line.record.id for line in history.list(model=OTHER)] == ["c"]
        assert history.records(["c", "b"]) == (early, both)
        assert history.records(provenance=Provenance.SIMULATED) == (early, both)
        with pytest.raises(OperatorError, match="no run 'a'"):
            history.records(["a"], provenance=Provenance.SIMULATED)


def test_last(url: str, tmp_path: Path) -> None:
    """The finished run that began last; beside a new one, the last before it of its provenance and plan."""
    old = a_run("old")
    live = a_run("live", created_at=START + timedelta(days=1), provenance=Provenance.LIVE)
    open_ = a_run("open", created_at=START + timedelta(days=2), finished_at=None)
    new = a_run("new", created_at=START + timedelta(days=3))
    with opened(url, tmp_path) as history:
        for record in (old, live, open_):
            run_all(history, record)
        assert history.get("LAST").id == "live"
        run_all(history, new)
        assert history.get("LAST").id == "new"
        assert history.get("LAST", like=new).id == "old"


def test_taking_a_run_of_another_machine(url: str, tmp_path: Path) -> None:
    """The same again is nothing; what is new is taken; other content is refused and changes nothing."""
    record = a_run(jobs=4)
    with opened(url, tmp_path) as history:
        part = replace(record, jobs=record.jobs[:2], finished_at=None)
        assert history.merge(part) == (2,)
        assert history.merge(part) == (0,)
        assert history.merge(record) == (2,)
        assert history.merge(record) == (0,)
        assert history.merge(part) == (0,)
        assert history.get("run-1") == record
        new = a_run("run-2", jobs=1)
        assert history.merge(new, part, new) == (1, 0, 0)
        other = replace(record, jobs=(a_job(9), replace(record.jobs[0], polls=9)), finished_at=None)
        with pytest.raises(OperatorError, match="with other content: polls"):
            history.merge(a_run("run-3"), other)
        assert [line.record.id for line in history.list()] == ["run-1", "run-2"]
        with pytest.raises(OperatorError) as refused:
            history.merge(replace(record, jobs=(*record.jobs, a_job(9))))
        assert str(refused.value) == (
            "run run-1: a run of this id is there with other content: finished with 4 jobs, not 5"
        )
        with pytest.raises(OperatorError) as refused:
            history.merge(replace(record, finished_at=START))
        assert str(refused.value) == (
            "run run-1: a run of this id is there with other content: "
            "finished at 2026-03-01T13:00:00.000250+00:00, not 2026-03-01T12:00:00.000250+00:00"
        )
        assert history.get("run-1") == record


def test_looking_makes_no_history(url: str, tmp_path: Path) -> None:
    """It is there once it was opened, and not before."""
    assert history_is_there(url) is False
    assert history_is_there(url) is False
    with opened(url, tmp_path):
        pass
    assert history_is_there(url) is True
