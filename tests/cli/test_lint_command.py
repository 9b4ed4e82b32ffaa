"""`harness lint`: the specs themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.spec.store import shipped_directory
from tests.cli.calling import call
from tests.minimal import MINIMAL, edited
from tests.shipped import BASELINES


def test_the_shipped_specs_are_clean(capsys: pytest.CaptureFixture[str]):
    """All baselines, all revisions, and the encoded discrepancies."""
    outcome = call(capsys, "lint", "--format", "json", "--fail-on", "info")
    assert (outcome.code, outcome.findings) == (0, [])
    assert set(BASELINES) <= outcome.json["models"].keys()
    assert outcome.json["observed"]["facts"] > 2000


def test_a_file_of_the_user_is_judged_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """It need not stand in a directory of specs."""
    file = tmp_path / "mine.yaml"
    file.write_text(MINIMAL)
    outcome = call(capsys, "lint", file, "--format", "json")
    assert (outcome.code, outcome.findings) == (0, [])
    assert outcome.json["models"] == {"example/video-1-text-to-video": "conforms"}


def test_below_a_directory_named_specs_its_place_gives_its_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """A file in the wrong place is found out."""
    file = tmp_path / "specs" / "other" / "video-1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(MINIMAL)
    outcome = call(capsys, "lint", file, "--format", "json")
    assert outcome.code == 1
    (found,) = outcome.json["findings"]
    assert found["rule"] == "spec.id-mismatch"
    assert found["message"] == "expected other/video-1, got example/video-1-text-to-video"
    assert found["subject"]["file"] == str(file)


def test_a_revision_is_judged_with_what_it_revises(capsys: pytest.CaptureFixture[str]):
    """The whole spec that comes of it, under its own name."""
    file = shipped_directory("specs") / "eachlabs" / "kling-v2-6-pro-text-to-video@2026-08-17.yaml"
    outcome = call(capsys, "lint", file, "--format", "json")
    assert (outcome.code, outcome.findings) == (0, [])
    assert outcome.json["models"] == {"eachlabs/kling-v2-6-pro-text-to-video@2026-08-17": "conforms"}


def test_several_files_are_judged_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A fault in one is the fault of the call."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(MINIMAL)
    bad.write_text(edited(("            default: 5\n", "            default: 7\n")))
    outcome = call(capsys, "lint", good, bad, "--format", "json")
    assert outcome.code == 1
    assert {found["subject"]["file"] for found in outcome.json["findings"]} == {str(bad)}


def test_what_is_no_spec_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """With the place in the file."""
    file = tmp_path / "x.yaml"
    file.write_text("format: 1\nformat: 1\n")
    outcome = call(capsys, "lint", file)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"harness: {file}:2:1: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """In the words of the system."""
    outcome = call(capsys, "lint", tmp_path / "none.yaml")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"harness: {tmp_path / 'none.yaml'}: No such file or directory\n"
