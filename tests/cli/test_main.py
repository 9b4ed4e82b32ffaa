"""One command in, one exit code out: usage, faults of the input, interruptions, readers that go away."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from keyword import iskeyword
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness import __version__
from harness.cli.main import main
from harness.cli.parser import COMMANDS, build_parser
from harness.errors import BudgetError, OperatorError, SourceError, TransportError
from tests.cli.calling import HARNESS, call, process
from tests.shared import PROJECT


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]):
    """On stdout, in one line."""
    outcome = call(capsys, "--version")
    assert (outcome.code, outcome.out, outcome.err) == (0, f"harness {__version__}\n", "")


def test_help_lists_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]):
    """The exit codes are what scripts look for."""
    outcome = call(capsys, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    for name in COMMANDS:
        assert re.search(rf"^    {name}\s", outcome.out, re.MULTILINE)
    assert "  3    inconclusive: could not observe, or nothing was observed\n" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]):
    """And a module that runs it."""
    outcome = call(capsys, command, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"usage: harness {command} ")
    module = f"{command}_.py" if iskeyword(command) else f"{command}.py"
    assert (PROJECT / "harness" / "cli" / "commands" / module).is_file()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ((), "harness: the following arguments are required: COMMAND; see harness --help"),
        (
            ("check",),
            "harness check: the following arguments are required: KIND; see harness check --help",
        ),
        (
            ("check", "response", "oxen"),
            "harness check response: the following arguments are required: OPERATION, FILE; "
            "see harness check response --help",
        ),
        (
            ("check", "response", "oxen", "poll", "x", "--status", "20"),
            "harness check response: argument --status: expected an HTTP status from 100 to 599, got '20'; "
            "see harness check response --help",
        ),
        (
            ("check", "response", "oxen", "poll", "x", "--status", "ok"),
            "harness check response: argument --status: expected an HTTP status from 100 to 599, got 'ok'; "
            "see harness check response --help",
        ),
        (
            ("lint", "--fail-on", "fatal"),
            "harness lint: argument --fail-on: invalid choice: 'fatal' "
            "(choose from 'info', 'warning', 'error'); see harness lint --help",
        ),
        (
            ("run", "--margin", "1"),
            "harness run: argument --margin: expected a number from 0 to below 1, got '1'; "
            "see harness run --help",
        ),
        (
            ("run", "--margin", "wide"),
            "harness run: argument --margin: expected a number from 0 to below 1, got 'wide'; "
            "see harness run --help",
        ),
        (("--vers",), "harness: the following arguments are required: COMMAND; see harness --help"),
        (
            ("show", "oxen", "a\nb\x1b[2J"),
            "harness: unrecognized arguments: a\\nb\\x1b[2J; see harness --help",
        ),
    ],
)
def test_a_usage_error_is_one_line(argv: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]):
    """On stderr, with the place to look, exit 2, nothing on stdout."""
    outcome = call(capsys, *argv)
    assert (outcome.code, outcome.out) == (2, "")
    choices = sys.version_info >= (3, 12)  # later interpreters write the choices without quotes
    expected = message.replace("'info', 'warning', 'error'", "info, warning, error") if choices else message
    assert outcome.err in (f"{message}\n", f"{expected}\n")


def test_an_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]):
    """All of them, in one line."""
    outcome = call(capsys, "chekc")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert outcome.err.startswith("harness: argument COMMAND: invalid choice: 'chekc' (choose from ")
    assert all(name in outcome.err for name in COMMANDS)


def test_options_are_not_abbreviated():
    """An option that is added later must not change what an old script means."""
    parser = build_parser()
    with pytest.raises(SystemExit):
        parser.parse_args(["lint", "--form", "json"])


class TestFaults:
    """Of a command of the test's own, in the place of a shipped one."""

    @staticmethod
    def raising(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
        def run(arguments: Any) -> int:
            raise fault

        command = ModuleType("harness.cli.commands.explain")
        command.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, command.__name__, command)

    @pytest.mark.parametrize(
        ("fault", "code", "message"),
        [
            (OperatorError("x: no such file"), 2, "harness: x: no such file\n"),
            (
                SourceError("not JSON", file="a b.json", line=3, column=7),
                2,
                "harness: a b.json:3:7: not JSON\n",
            ),
            (
                TransportError("api.example.com: connection refused"),
                3,
                "harness: api.example.com: connection refused\n",
            ),
            (BudgetError("the worst case is 3 USD"), 4, "harness: the worst case is 3 USD\n"),
            (KeyboardInterrupt(), 130, "harness: interrupted\n"),
            (OperatorError("two\nlines\x1b[31m"), 2, "harness: two\\nlines\\x1b[31m\n"),
        ],
    )
    def test_each_has_its_code_and_its_line(
        self,
        fault: BaseException,
        code: int,
        message: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ):
        """Whatever stands in a name, it is one line that does nothing to a terminal."""
        self.raising(monkeypatch, fault)
        outcome = call(capsys, "explain")
        assert (outcome.code, outcome.out, outcome.err) == (code, "", message)

    def test_a_fault_of_the_program_is_not_hidden(self, monkeypatch: pytest.MonkeyPatch):
        """It shows its traceback, so that it can be mended."""
        self.raising(monkeypatch, ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            main(["explain"])


class TestProcess:
    def test_the_module_runs(self):
        """`python -m harness` is the command."""
        outcome = process([*HARNESS, "--version"])
        assert (outcome.code, outcome.out, outcome.err) == (0, f"harness {__version__}\n", "")

    def test_the_entry_point_runs_as_a_script(self):
        """For debuggers."""
        outcome = process([sys.executable, "-m", "harness.cli.main", "show", "nothing-like-it"])
        assert (outcome.code, outcome.out) == (2, "")

    @pytest.mark.parametrize(
        "command", [("show", "oxen", "--format", "json"), ("openapi", "oxen"), ("show", "oxen"), ("--help",)]
    )
    def test_a_reader_that_goes_away_is_no_fault(self, command: tuple[str, ...]):
        """`harness … | head -1` ends quietly, however much is left."""
        outcome = process(["bash", "-c", 'set -o pipefail; "$0" "$@" | head -1', *HARNESS, *command])
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.count("\n") == 1

    def test_what_was_found_counts_when_its_reader_goes_away(self, tmp_path: Path):
        """`harness check … | head -1` fails under pipefail."""
        file = tmp_path / "r.json"
        file.write_text(json.dumps({f"unknown {number}": 1 for number in range(2000)}))
        command = (*HARNESS, "check", "request", "oxen", str(file))
        outcome = process(["bash", "-c", 'set -o pipefail; "$0" "$@" | head -1', *command])
        assert (outcome.code, outcome.err) == (1, "")

    def test_a_reader_that_was_never_there_is_none_either(self):
        """The pipe is broken before the first byte."""
        with subprocess.Popen(
            [*HARNESS, "show", "oxen", "--format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            assert (running.wait(60), running.stderr.read()) == (0, b"")

    def test_an_interruption_ends_with_130_and_a_word(self):
        """While it waits for its input, as at any other time."""
        with subprocess.Popen(
            [*HARNESS, "check", "request", "oxen", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
        ) as running:
            assert running.stdin is not None
            # More than a pipe holds: once it is through, the command is reading.
            running.stdin.write(b" " * 1_000_000)
            running.stdin.flush()
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
        assert (running.returncode, out, err) == (130, b"", b"harness: interrupted\n")

    def test_the_locale_makes_no_difference(self, tmp_path: Path):
        """What is printed is UTF-8 even where the terminal is said to know ASCII alone."""
        file = tmp_path / "r.json"
        file.write_text('{"prompt": "é", "é": 1}', encoding="utf-8")
        command = [*HARNESS, "check", "request", "novita/kling-v2.6", str(file)]
        outcome = process(["env", "LC_ALL=C", "PYTHONUTF8=0", "PYTHONIOENCODING=ascii", *command])
        assert outcome.code == 1
        assert "/é: the documents name no such property" in outcome.out
