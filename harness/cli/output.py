"""Where findings come out: stdout in one format, files in any."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from harness import __version__
from harness.cli.by_use import Judged, judge_by_use
from harness.cli.exit_codes import ExitCode, exit_code
from harness.cli.parser import FORMATS
from harness.cli.stdout import silence_stdout, write_stdout
from harness.errors import OperatorError
from harness.finding import Judgement, Severity
from harness.spec.store import SpecStore

__all__ = [
    "deliver",
    "deliver_beside",
    "note",
    "read_input",
    "read_text_input",
    "store_of",
    "terminal_width",
    "write_file",
]


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


def read_text_input(name: str) -> tuple[str, str]:
    """The same as text. Raises OperatorError for what is not UTF-8."""
    content, shown = read_input(name)
    try:
        return content.decode("utf-8-sig"), shown
    except UnicodeDecodeError as error:
        raise OperatorError(f"{shown}: expected UTF-8, got byte {error.start} that is not") from None


def deliver(
    judgement: Judgement | Judged, arguments: argparse.Namespace, *, extra: Mapping[str, Any] | None = None
) -> ExitCode:
    """Writes the reports asked for, then the findings to stdout; gives the exit code.

    What was not judged by use yet is. `extra` are members that a command adds to the JSON form. Raises
    OperatorError before anything is printed when a report cannot be written.
    """
    judged, how = _reported(judgement, arguments, extra)
    try:
        how = replace(how, for_terminal=_is_terminal(sys.stdout))
        write_stdout(render(judged.judgement, arguments.format, extra=extra, how=how))
    except BrokenPipeError:  # its reader has seen enough; what was found counts all the same
        silence_stdout()
    return _code(judged, how)


def deliver_beside(judgement: Judgement, arguments: argparse.Namespace, *, product: str) -> ExitCode:
    """The same for a command whose stdout is its product: the findings go to stderr, as text."""
    judged, how = _reported(judgement, arguments, None)
    try:
        note(_as_text(judged.judgement, for_terminal=_is_terminal(sys.stderr)).removesuffix("\n"))
        write_stdout(product)
    except BrokenPipeError:
        silence_stdout()
    return _code(judged, how)


def _reported(
    judgement: Judgement | Judged, arguments: argparse.Namespace, extra: Mapping[str, Any] | None
) -> tuple[Judged, _How]:
    """What it comes to by use, once the reports and the state are on the disk."""
    targets = [_target(text) for text in arguments.report]
    if isinstance(judgement, Judgement):
        judgement = judge_by_use(judgement, arguments, store_of(arguments))
    how = _How(fail_on=arguments.fail_on, inconclusive=arguments.inconclusive)
    for name, path in targets:
        write_file(path, render(judgement.judgement, name, extra=extra, how=how))
    if judgement.state_path is not None:
        write_file(judgement.state_path, judgement.state_text)
    return judgement, how


def _code(judged: Judged, how: _How) -> ExitCode:
    return exit_code(
        judged.judgement, fail_on=how.fail_on, inconclusive=how.inconclusive, is_stale=judged.is_stale
    )


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _target(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not path or name not in FORMATS:
        raise OperatorError(f"--report: expected FORMAT=FILE with one of {', '.join(FORMATS)}, got {text!r}")
    return name, Path(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """What a format has to know of the command: what counts, and whether a person reads along."""

    fail_on: str
    inconclusive: str
    for_terminal: bool = False


def render(judgement: Judgement, name: str, *, extra: Mapping[str, Any] | None, how: _How) -> str:
    """The findings in one format."""
    match name:
        case "json":
            from harness.report.json import findings_json
            from harness.report.visible import as_json

            return as_json({**findings_json(judgement), **(extra or {})})
        case "markdown":
            from harness.report.markdown import findings_markdown

            return findings_markdown(judgement)
        case "junit":
            from harness.report.junit import findings_junit

            now, fail_on = datetime.now(UTC), Severity(how.fail_on)
            return findings_junit(judgement, now=now, fail_on=fail_on, inconclusive=how.inconclusive)
        case "sarif":
            from harness.report.sarif import sarif_text

            return sarif_text(judgement, __version__)
        case "github":
            from harness.report.github import findings_github

            return findings_github(judgement)
    return _as_text(judgement, for_terminal=how.for_terminal)


def _as_text(judgement: Judgement, *, for_terminal: bool) -> str:
    from harness.report.text import findings_text

    width = terminal_width() if for_terminal else None
    return findings_text(judgement, width=width, colour=for_terminal and "NO_COLOR" not in os.environ)


def terminal_width() -> int:
    """Columns of the terminal, 80 where that cannot be told."""
    return shutil.get_terminal_size((80, 24)).columns


def write_file(path: Path, text: str) -> None:
    """Writes a file, whole or not at all. Raises OperatorError."""
    from harness.report.files import write_text

    try:
        write_text(path, text)
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or error}") from None


def note(text: str) -> None:
    """A line for the person, beside the output."""
    print(text, file=sys.stderr)
