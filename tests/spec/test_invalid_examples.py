"""Broken spec files: each has one fault, and the command line says exactly that, exactly there."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main
from harness.finding import Severity
from harness.spec.lint import RULES
from tests.minimal import EXAMPLES, MINIMAL

INVALID = EXAMPLES / "invalid"
EXPECTED: dict[str, dict[str, Any]] = json.loads((INVALID / "expected.json").read_text(encoding="utf-8"))
REFUSED = [name for name, entry in EXPECTED.items() if entry["exit"] == 2]
FOUND = [name for name, entry in EXPECTED.items() if entry["exit"] == 1]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as the operator names them."""
    monkeypatch.chdir(INVALID)


def test_the_table_names_every_file():
    """No broken file goes unjudged, and no entry speaks of nothing."""
    assert {path.relative_to(INVALID).as_posix() for path in INVALID.rglob("*.yaml")} == set(EXPECTED)


def test_there_are_enough_of_both_kinds():
    """Faults that the loader refuses, and faults that a rule finds."""
    assert (len(REFUSED) >= 20, len(FOUND) >= 20) == (True, True)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_is_the_valid_one_with_one_edit(name: str):
    """One fault a file: nothing else differs from the small valid spec."""
    if name.startswith("specs/"):  # the fault is the file's name
        assert (INVALID / name).read_text(encoding="utf-8") == MINIMAL
        return
    text = (INVALID / name).read_bytes().decode("utf-8", "replace")
    matcher = difflib.SequenceMatcher(None, MINIMAL.splitlines(), text.splitlines(), autojunk=False)

    assert len([code for code in matcher.get_opcodes() if code[0] != "equal"]) == 1


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused(name: str, capsys: pytest.CaptureFixture[str]):
    """Exit 2, one message with file, line and column, and nothing on stdout."""
    expected = EXPECTED[name]
    code = main(["lint", name])
    out, err = capsys.readouterr()

    assert (code, out, err) == (
        2,
        "",
        f"harness: {name}:{expected['line']}:{expected['column']}: {expected['message']}\n",
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", FOUND)
def test_a_file_that_breaks_a_rule_has_one_finding(name: str, capsys: pytest.CaptureFixture[str]):
    """Exit 1, and one error at the place where a person would correct it."""
    expected = EXPECTED[name]
    code = main(["lint", name, "--format", "json"])
    out, err = capsys.readouterr()
    found = [
        {
            "exit": code,
            "line": finding["subject"]["line"],
            "column": finding["subject"]["column"],
            "rule": finding["rule"],
            "message": finding["message"],
        }
        for finding in json.loads(out)["findings"]
    ]

    assert (found, err) == ([expected], "")


def test_every_rule_that_fails_a_spec_has_its_broken_file():
    """A rule that no file breaks is not known to fire."""
    assert {EXPECTED[name]["rule"] for name in FOUND} == {
        rule.id for rule in RULES if rule.severity is Severity.ERROR
    }


def test_the_valid_file_breaks_no_rule(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Every rule is silent on the file that the broken ones were made from."""
    monkeypatch.chdir(EXAMPLES / "valid")
    code = main(["lint", "minimal.yaml", "--format", "json"])

    assert (code, json.loads(capsys.readouterr().out)["findings"]) == (0, [])


def test_line_and_column_count_from_one_in_characters():
    """The table itself: each place lies inside its file."""
    outside = [
        name
        for name, entry in EXPECTED.items()
        if entry["column"] > len(_line(INVALID / name, entry["line"])) + 1 or entry["column"] < 1
    ]

    assert outside == []


def _line(path: Path, number: int) -> str:
    return path.read_bytes().decode("utf-8", "replace").split("\n")[number - 1]
