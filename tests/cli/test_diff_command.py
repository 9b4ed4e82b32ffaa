"""`harness diff`: two specs, revisions or files, classified."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.minimal import MINIMAL, edited

EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"


def test_the_pages_of_july_and_august_changed_these(capsys: pytest.CaptureFixture[str]):
    """Path, credential, a required version, the create answer's id, limits, errors, words of the status."""
    outcome = call(capsys, "diff", "eachlabs", "eachlabs@latest", "--format", "json")
    assert outcome.code == 1
    assert outcome.json["models"] == {f"{EACHLABS}@2026-08-17": "violates"}
    changed = {(found["field"], found["facet"]) for found in outcome.json["findings"]}
    assert {
        ("", "path"),
        ("/auth", "auth"),
        ("/version", "required"),
        ("/predictionID", "name"),
        ("/limits/rate", "rate"),
        ("/limits/concurrency", "concurrency"),
        ("/message", "name"),
        ("/created", "job.states"),
        ("/output", "type"),
    } <= changed
    assert {found["kind"] for found in outcome.json["findings"]} == {"drift"}


def test_nothing_changed_is_nothing_found(capsys: pytest.CaptureFixture[str]):
    """A spec against itself."""
    outcome = call(capsys, "diff", "oxen", "oxen", "--format", "json")
    assert (outcome.code, outcome.findings) == (0, [])


def test_files_can_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """One changed default is one finding, with the old and the new value."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yml"
    old.write_text(MINIMAL)
    new.write_text(edited(("            default: 5\n", "            default: 10\n")))
    outcome = call(capsys, "diff", old, new, "--format", "json")
    assert outcome.code == 1
    (found,) = outcome.json["findings"]
    assert (found["field"], found["facet"], found["expected"], found["observed"]) == (
        "/duration",
        "default",
        5,
        10,
    )
    assert found["impact"] == ["bill", "output"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A name that ends like a file's is one."""
    missing = tmp_path / "old.yaml"
    outcome = call(capsys, "diff", missing, "oxen")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {missing}: no such file\n")
