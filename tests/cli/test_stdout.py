"""Standard output that cannot be written to, or is not there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.calling import HARNESS, call, process

FULL = Path("/dev/full")
COMMANDS = [("show",), ("show", "oxen", "--format", "json"), ("explain", "request.enum"), ("openapi", "oxen")]


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, which only Linux has")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said_in_one_line(command: tuple[str, ...]):
    """Exit 2, and no second complaint when the interpreter ends."""
    outcome = process(["bash", "-c", '"$0" "$@" > /dev/full', *HARNESS, *command])
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "harness: <stdout>: No space left on device\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_stdout_is_silent(command: tuple[str, ...]):
    """As `print` is."""
    outcome = process(["bash", "-c", '"$0" "$@" >&-', *HARNESS, *command])
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_findings_count_where_nobody_reads_them(tmp_path: Path):
    """The exit code does not depend on stdout."""
    file = tmp_path / "r.json"
    file.write_text("{}")
    outcome = process(["bash", "-c", '"$0" "$@" >&-', *HARNESS, "check", "request", "oxen", str(file)])
    assert (outcome.code, outcome.err) == (1, "")


def test_a_closed_stdin_is_the_fault_of_the_caller():
    """It holds no request."""
    outcome = process(["bash", "-c", '"$0" "$@" <&-', *HARNESS, "check", "request", "oxen", "-"])
    assert (outcome.code, outcome.out, outcome.err) == (2, "", "harness: <stdin>: it is closed\n")


def test_output_ends_in_one_newline(capsys: pytest.CaptureFixture[str]):
    """Whether or not the text does."""
    for command in COMMANDS:
        out = call(capsys, *command).out
        assert out.endswith("\n")
        assert not out.endswith("\n\n")


@pytest.mark.parametrize(
    ("argv", "code"), [(("show", "oxen", "--format", "json"), 0), (("check", "request", "oxen", "FILE"), 1)]
)
def test_a_pipe_without_a_reader_changes_no_exit_code(
    argv: tuple[str, ...],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """In this process: the command ends as it would have."""
    file = tmp_path / "r.json"
    file.write_text("{}")
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stdout:  # noqa: PTH123 - a descriptor has no path
        monkeypatch.setattr(sys, "stdout", stdout)
        outcome = call(capsys, *(str(file) if part == "FILE" else part for part in argv))
    assert (outcome.code, outcome.err) == (code, "")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, which only Linux has")
def test_a_full_disk_in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """It can be written to again afterwards: what is left goes nowhere."""
    with FULL.open("w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        outcome = call(capsys, "show")
        stdout.write("more")
    assert (outcome.code, outcome.err) == (2, "harness: <stdout>: No space left on device\n")


def test_stdout_in_this_process_may_be_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """As it is under pythonw."""
    monkeypatch.setattr(sys, "stdout", None)
    outcome = call(capsys, "explain", "request.enum")
    assert (outcome.code, outcome.err) == (0, "")
    outcome = call(capsys, "check", "traffic")
    assert (outcome.code, outcome.err) == (0, "")


def test_stdin_in_this_process_may_be_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """There is no request in it."""
    monkeypatch.setattr(sys, "stdin", None)
    outcome = call(capsys, "check", "request", "oxen", "-")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", "harness: <stdin>: it is closed\n")
