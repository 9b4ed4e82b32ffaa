"""`harness run`: the main job, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.cli.test_exit_codes import cassette


def test_it_writes_the_report_and_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Page, Markdown, JSON and figures; where they are is said on stderr."""
    directory = tmp_path / "deep" / "reports"
    outcome = call(capsys, "run", "--output-dir", directory, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (0, "conforms")
    written = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
    assert {"report.html", "report.md", "report.json"} <= written
    figures = {name for name in written if name.startswith("figures/")}
    assert figures
    assert not [
        name for name in figures if not name.endswith(".svg")
    ]  # pictures take a second, and are on request
    assert outcome.err.startswith(f"wrote {directory / 'report.html'}, ")
    assert outcome.err.count("\n") == 1
    report = json.loads((directory / "report.json").read_text(encoding="utf-8"))
    assert report["schema"] == "harness.run/1"
    assert report["margin"] == 0.2
    assert report["findings"] == outcome.json["findings"]


def test_traffic_of_the_user_is_judged_besides(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """What is wrong in it fails the run; the report is written all the same."""
    wrong = cassette(tmp_path / "wrong.yaml", status=200, answer="{}")
    outcome = call(
        capsys,
        "run",
        *("--output-dir", tmp_path / "out", "--traffic", wrong, "--margin", "0.5", "--format", "json"),
    )
    assert outcome.code == 1
    assert ("novita/kling-v2.6-pro-t2v", "response.required", "/task_id") in outcome.findings
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["margin"] == 0.5
    assert str(wrong) in {recording["file"] for recording in report["recordings"]}


def test_a_report_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Nothing on stdout."""
    file = tmp_path / "file"
    file.write_text("")
    outcome = call(capsys, "run", "--output-dir", file)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err in (f"harness: {file}: File exists\n", f"harness: {file}: Not a directory\n")


def test_traffic_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Before anything is written."""
    outcome = call(capsys, "run", "--output-dir", tmp_path / "out", "--traffic", tmp_path / "none")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"harness: {tmp_path / 'none'}: no such file or directory\n"
    assert not (tmp_path / "out").exists()
