"""Where findings come out: stdout in one format, files in any."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.cli.exit_codes import ExitCode, exit_code
from harness.cli.parser import FORMATS
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.finding import Judgement
from harness.spec.store import SpecStore

__all__ = ["deliver", "note", "read_input", "store_of", "terminal_width"]


def store_of(arguments: argparse.Namespace) -> SpecStore:
    """The shipped specs, with the directories that `--specs` names over them."""
    return SpecStore(tuple(Path(name) for name in arguments.specs))


def read_input(name: str) -> tuple[bytes, str]:
    """`(content, name for people)` of a file, or of stdin for `-`. Raises OperatorError."""
    if name == "-":
        if sys.stdin is None:
            raise OperatorError("<stdin>: it is closed")
        return sys.stdin.buffer.read(), "<stdin>"
    try:
        return Path(name).read_bytes(), name
    except OSError as error:
        raise OperatorError(f"{name}: {error.strerror or error}") from None


def deliver(
    judgement: Judgement, arguments: argparse.Namespace, *, extra: Mapping[str, Any] | None = None
) -> ExitCode:
    """Writes the reports asked for, then the findings to stdout; gives the exit code.

    `extra` are members that a command adds to the JSON form. Raises OperatorError before anything is
    printed when a report cannot be written.
    """
    targets = [_target(text) for text in arguments.report]
    for name, path in targets:
        _write(path, render(judgement, name, extra=extra, for_terminal=False))
    write_stdout(render(judgement, arguments.format, extra=extra, for_terminal=_is_terminal()))
    return exit_code(judgement, fail_on=arguments.fail_on, inconclusive=arguments.inconclusive)


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _target(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not path or name not in FORMATS:
        raise OperatorError(f"--report: expected FORMAT=FILE with one of {', '.join(FORMATS)}, got {text!r}")
    return name, Path(path)


def render(judgement: Judgement, name: str, *, extra: Mapping[str, Any] | None, for_terminal: bool) -> str:
    """The findings in one format."""
    if name == "json":
        from harness.report.json import findings_json
        from harness.report.visible import as_json

        return as_json({**findings_json(judgement), **(extra or {})})
    if name == "markdown":
        from harness.report.markdown import findings_markdown

        return findings_markdown(judgement)
    from harness.report.text import findings_text

    width = terminal_width() if for_terminal else None
    return findings_text(judgement, width=width, colour=for_terminal and "NO_COLOR" not in os.environ)


def terminal_width() -> int:
    """Columns of the terminal, 80 where that cannot be told."""
    return shutil.get_terminal_size((80, 24)).columns


def _write(path: Path, text: str) -> None:
    from harness.report.files import write_text

    try:
        write_text(path, text)
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or error}") from None


def note(text: str) -> None:
    """A line for the person, beside the output."""
    print(text, file=sys.stderr)
