"""The records that a report is made of, told apart by what they say that they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.records import Records, records_of, summaries
from harness.errors import OperatorError
from harness.measurement.job import Provenance
from harness.spec.store import SpecStore
from tests.bench.measured import NOVITA
from tests.bench.runs import a_run as a_strangers_run
from tests.cli.records import a_run, as_bench, as_cassettes, as_history, as_lines, as_store, as_trial

ONE, TWO = a_run("one", blocks=2), a_run("two", blocks=2)


def refusal(*names: object) -> str:
    """What is said of records that cannot be used."""
    with pytest.raises(OperatorError) as raised:
        records_of([str(name) for name in names])
    return str(raised.value)


def test_no_records_are_no_evidence() -> None:
    """The shipped recordings stand apart."""
    assert records_of([]) == Records()


def test_each_kind_of_run_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One run, a history, JSON Lines, the URL of a history: the same runs come out."""
    assert records_of([str(as_bench(tmp_path / "run.json", ONE))]).runs == (ONE,)
    assert records_of([str(as_history(tmp_path / "history.json", ONE, TWO))]).runs == (ONE, TWO)
    assert capsys.readouterr().err == ""
    (kept,) = records_of([str(as_lines(tmp_path / "run.jsonl", ONE))]).runs
    assert (kept.id, kept.jobs) == (ONE.id, ONE.jobs)
    number = len(ONE.jobs) + 2
    assert capsys.readouterr().err == (
        f"{tmp_path / 'run.jsonl'}:{number}: the end of this line is missing; it was left out\n"
    )
    stored = records_of([as_store(tmp_path / "history.sqlite", ONE, TWO)]).runs
    assert {run.id: run.jobs for run in stored} == {run.id: run.jobs for run in (ONE, TWO)}


def test_trials_and_traffic_are_told_apart(tmp_path: Path) -> None:
    """What is no document of ours is traffic."""
    trial, traffic = as_trial(tmp_path / "trial.json"), as_cassettes(tmp_path / "cassettes")
    found = records_of([str(trial), str(traffic), str(traffic / "wrong.yaml")])
    assert [(job.model, job.file) for job in found.trials] == [(NOVITA, str(trial))]
    assert (found.traffic, found.runs) == ((traffic, traffic / "wrong.yaml"), ())


def test_a_directory_is_searched_for_runs_and_trials(tmp_path: Path) -> None:
    """What `harness bench --output-dir` leaves is evidence; the conclusions beside it are not."""
    (tmp_path / "bench" / "below").mkdir(parents=True)
    as_bench(tmp_path / "bench" / "one.json", ONE)
    (tmp_path / "bench" / "bench.json").write_text('{"schema": "harness.bench/1"}', encoding="utf-8")
    (tmp_path / "bench" / "bench.md").write_text("# A benchmark", encoding="utf-8")
    as_trial(tmp_path / "bench" / "below" / "trial.json")
    found = records_of([str(tmp_path / "bench")])
    assert (found.runs, len(found.trials), found.traffic) == ((ONE,), 1, ())
    traffic = as_cassettes(tmp_path / "bench" / "cassettes")
    assert records_of([str(tmp_path / "bench")]).traffic == (traffic.parent,)


def test_an_empty_directory_holds_no_traffic_and_says_nothing(tmp_path: Path) -> None:
    """It is looked at as traffic, of which there is none."""
    assert records_of([str(tmp_path)]) == Records(traffic=(tmp_path,))


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    """Rather than passed over, for it was named."""
    file = tmp_path / "notes.txt"
    file.write_text("notes", encoding="utf-8")
    assert refusal(file) == (
        f"{file}: expected a run, a trial or recorded traffic (.har, .json, .jsonl, .ndjson, .yaml, .yml)"
    )


def test_a_run_that_is_given_twice_counts_once_and_whole(tmp_path: Path) -> None:
    """In whatever order."""
    fewer = a_run("one", blocks=1)
    files = [as_bench(tmp_path / "fewer.json", fewer), as_bench(tmp_path / "all.json", ONE)]
    for names in (files, files[::-1]):
        assert records_of([str(name) for name in names]).runs == (ONE,)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ("harness.run/1", "this is a report, not a record; --against holds this one against it"),
        (
            "harness.bench/1",
            "this is what was concluded from runs; give the runs themselves, each a file beside it",
        ),
    ],
)
def test_conclusions_are_no_records(tmp_path: Path, schema: str, why: str) -> None:
    """They would be concluded from twice."""
    path = tmp_path / "some.json"
    path.write_text(json.dumps({"schema": schema}), encoding="utf-8")
    assert refusal(path) == f"{path}: {why}"


def test_a_fault_in_a_record_is_located(tmp_path: Path) -> None:
    """In each kind of them."""
    path = tmp_path / "some.json"
    path.write_text('{"schema": "harness.bench-record/1",\n "id": 7}', encoding="utf-8")
    assert refusal(path) == f"{path}:2:8: id: expected a string, got 7"
    path.write_text('{"schema": "harness.trial/1",\n "messages": 7}', encoding="utf-8")
    assert refusal(path) == f"{path}:2:14: messages: expected an object, got 7"
    lines = as_lines(tmp_path / "run.jsonl", ONE)
    lines.write_text(
        lines.read_text(encoding="utf-8").replace('"polls":4', '"polls":"4"', 1), encoding="utf-8"
    )
    assert refusal(lines) == (
        f"{lines}:1:{_column(lines)}: run.jobs[0].polls: expected a whole number, got '4'"
    )


def _column(lines: Path) -> int:
    return lines.read_text(encoding="utf-8").index('"polls":') + len('"polls":') + 1


def test_a_history_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """Reading makes no file."""
    url = f"sqlite:///{tmp_path}/none.sqlite"
    assert refusal(url) == f"no history at {url}: nothing was measured into it"
    assert not list(tmp_path.iterdir())
    assert refusal("nonsense://x").startswith("history: expected sqlite:///FILE or postgresql+psycopg://")


@pytest.mark.parametrize("library", ["numpy", "sqlalchemy"])
def test_a_library_that_is_missing_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """What needs neither still works."""
    url = as_store(tmp_path / "history.sqlite", ONE)
    monkeypatch.setattr("harness.cli.records.find_spec", lambda name: None if name == library else name)
    assert records_of([str(as_trial(tmp_path / "trial.json"))]).trials
    assert summaries((), SpecStore()) == ()
    if library == "sqlalchemy":
        assert refusal(url) == ("report: a history needs sqlalchemy: pip install 'video-api-harness[bench]'")
        return
    assert refusal(as_bench(tmp_path / "run.json", ONE)) == (
        "report: a run of a benchmark needs numpy: pip install 'video-api-harness[bench]'"
    )


def test_runs_are_concluded_from_by_provenance(capsys: pytest.CaptureFixture[str]) -> None:
    """Newest first; how many there are is said."""
    runs = (ONE, a_run("live", provenance=Provenance.LIVE, blocks=2))
    found = summaries(runs, SpecStore())
    assert {(one.provenance, one.runs) for one in found} == {
        (Provenance.SIMULATED, ("one",)),
        (Provenance.LIVE, ("live",)),
    }
    assert capsys.readouterr().err == "concluding from 2 runs with 12 jobs\n"


def test_a_model_that_has_no_spec_any_more_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Its jobs count all the same, and its name cannot paint the terminal."""
    model = "gone/\x1b[31m"
    run = a_strangers_run(models=(model,), jobs=1)
    assert summaries((run,), SpecStore())
    assert capsys.readouterr().err == (
        "concluding from 1 run with 1 job\n"
        "gone/\\x1b[31m: no spec of it is known here, so its documents are not beside its jobs\n"
    )
