"""The arguments of every command. Nothing heavy is imported here: `--version` must be quick."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TypeAlias

from harness import __version__
from harness.cli.parser_bench import BENCH, add_bench
from harness.cli.parser_conform import CONFORM, add_conform
from harness.cli.parser_drift import IMPORT, add_drift_docs, add_import
from harness.cli.parser_history import HISTORY, add_history
from harness.cli.parser_live import (
    DOCTOR,
    JOBS,
    RECORD,
    REPLAY,
    RESUME,
    SIMULATE,
    add_doctor,
    add_jobs,
    add_record,
    add_replay,
    add_resume,
    add_simulate,
)
from harness.cli.parser_report import REPORT, add_report, add_report_place
from harness.cli.parser_translate import TRANSLATE, add_translate
from harness.cli.parser_trial import TRIAL, add_trial
from harness.cli.parser_use import INIT, WAIVE, add_accept, add_config, add_init, add_waive
from harness.cli.parser_wire import add_wire

__all__ = ["COMMANDS", "FORMATS", "build_parser"]

FORMATS: tuple[str, ...] = ("text", "json", "junit", "sarif", "github", "markdown")
SEVERITIES: tuple[str, ...] = ("info", "warning", "error")

COMMANDS: dict[str, str] = {
    "run": "the main job, offline: lint, check recorded traffic, compare, estimates, report",
    "show": "all models, or what is known of one, with sources",
    "lint": "judge the specs themselves",
    "check": "judge a request, a response, or recorded traffic",
    "compare": "discrepancies between providers, and inside one",
    "diff": "two specs, revisions or provider documents, classified",
    "drift": "the provider against what was documented and accepted",
    "translate": TRANSLATE,
    "import": IMPORT,
    "openapi": "a spec as OpenAPI 3.1",
    "conform": CONFORM,
    "trial": TRIAL,
    "simulate": SIMULATE,
    "jobs": JOBS,
    "resume": RESUME,
    "record": RECORD,
    "replay": REPLAY,
    "bench": BENCH,
    "history": HISTORY,
    "report": REPORT,
    "doctor": DOCTOR,
    "init": INIT,
    "waive": WAIVE,
    "explain": "what a rule means and what to do",
}
_EXIT_CODES = """exit codes:
  0    done; no finding at or above --fail-on
  1    findings at or above --fail-on
  2    bad input or usage
  3    inconclusive: could not observe, or nothing was observed
  4    refused: the budget does not cover the worst case
  130  interrupted
"""


class _Parser(argparse.ArgumentParser):
    """Usage errors on one line of stderr, exit 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        from harness.report.visible import visible

        self.exit(2, f"{self.prog}: {visible(message)}; see {self.prog} --help\n")


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; with the name of a command, that one alone, for all of them take their time."""
    parser = _Parser(
        prog="harness",
        description="Conformance, drift and benchmarking of the APIs through which generated video is sold.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"harness {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, add in _PARSERS.items():
        if only not in _PARSERS or name == only:
            add(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001 - it has no public name


def _command(commands: _Commands, name: str, summary: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
    )


def _specs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )


def _findings(parser: argparse.ArgumentParser) -> None:
    _specs(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="of the findings on stdout (default: text)"
    )
    parser.add_argument(
        "--report",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        help="also write the findings to a file; repeatable",
    )
    parser.add_argument(
        "--fail-on", choices=SEVERITIES, default="error", help="exit 1 from this severity on (default: error)"
    )
    parser.add_argument(
        "--inconclusive",
        choices=("fail", "pass"),
        default="fail",
        help="exit 3 (fail, the default) or 0 (pass) when nothing could be observed",
    )
    add_config(parser)


def _run(commands: _Commands) -> None:
    parser = _command(commands, "run", COMMANDS["run"])
    _findings(parser)
    parser.add_argument(
        "--traffic",
        metavar="PATH",
        action="append",
        default=[],
        help="recorded traffic of yours to judge besides the shipped cassettes; repeatable",
    )
    add_report_place(parser)


def _show(commands: _Commands) -> None:
    parser = _command(commands, "show", COMMANDS["show"])
    _specs(parser)
    parser.add_argument(
        "model", metavar="MODEL", nargs="?", help="an id, ID@DATE, ID@latest, or part of an id"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def _lint(commands: _Commands) -> None:
    parser = _command(commands, "lint", COMMANDS["lint"])
    _findings(parser)
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="spec files; without any, all known specs and discrepancies"
    )


def _check(commands: _Commands) -> None:
    parser = _command(commands, "check", COMMANDS["check"])
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True, parser_class=_Parser)
    request = _command(kinds, "request", "judge one request body")
    _findings(request)
    request.add_argument(
        "target", metavar="MODEL", nargs="?", help="an id, ID@DATE, ID@latest, or part of an id"
    )
    request.add_argument("file", metavar="FILE", nargs="?", help="a JSON file, or - for stdin")
    request.add_argument("--all", action="store_true", help="against every model, instead of MODEL")
    request.add_argument("--operation", default="submit", help="default: submit")
    response = _command(kinds, "response", "judge one response body")
    _findings(response)
    response.add_argument("target", metavar="MODEL", help="an id, ID@DATE, ID@latest, or part of an id")
    response.add_argument("operation", metavar="OPERATION", help="submit, poll, generate, cancel, model")
    response.add_argument("file", metavar="FILE", help="a file with the body, or - for stdin")
    response.add_argument("--status", type=_status, default=200, help="the HTTP status (default: 200)")
    traffic = _command(kinds, "traffic", "judge recorded exchanges and each job's life cycle")
    _findings(traffic)
    traffic.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="vcrpy cassettes, HAR, JSON Lines; without any, the shipped ones",
    )


def _status(text: str) -> int:
    if not (text.isdecimal() and 100 <= int(text) <= 599):
        raise argparse.ArgumentTypeError(f"expected an HTTP status from 100 to 599, got {text!r}")
    return int(text)


def _compare(commands: _Commands) -> None:
    parser = _command(commands, "compare", COMMANDS["compare"])
    _findings(parser)
    parser.add_argument("models", metavar="MODEL", nargs="*", help="default: all models, group by group")


def _diff(commands: _Commands) -> None:
    parser = _command(commands, "diff", COMMANDS["diff"])
    _findings(parser)
    parser.add_argument("old", metavar="OLD", help="a model, a spec file, or a document")
    parser.add_argument("new", metavar="NEW", help="a model, a spec file, or a document")


def _drift(commands: _Commands) -> None:
    parser = _command(commands, "drift", COMMANDS["drift"])
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True, parser_class=_Parser)
    add_drift_docs(kinds, _command, _findings)
    add_wire(kinds, _command, _findings)
    add_accept(kinds, _command)


def _openapi(commands: _Commands) -> None:
    parser = _command(commands, "openapi", COMMANDS["openapi"])
    _specs(parser)
    parser.add_argument("model", metavar="MODEL", help="an id, ID@DATE, ID@latest, or part of an id")
    parser.add_argument("--yaml", action="store_true", help="YAML instead of JSON")


def _explain(commands: _Commands) -> None:
    parser = _command(commands, "explain", COMMANDS["explain"])
    parser.add_argument("rule", metavar="RULE", nargs="?", help="a rule id; without one, all rules")


_PARSERS: Mapping[str, Callable[[_Commands], None]] = {
    "run": _run,
    "show": _show,
    "lint": _lint,
    "check": _check,
    "compare": _compare,
    "diff": _diff,
    "drift": _drift,
    "translate": lambda commands: add_translate(commands, _command),
    "import": lambda commands: add_import(commands, _command),
    "openapi": _openapi,
    "conform": lambda commands: add_conform(commands, _command, _findings),
    "trial": lambda commands: add_trial(commands, _command, _findings),
    "simulate": lambda commands: add_simulate(commands, _command),
    "jobs": lambda commands: add_jobs(commands, _command),
    "resume": lambda commands: add_resume(commands, _command),
    "record": lambda commands: add_record(commands, _command, _findings),
    "replay": lambda commands: add_replay(commands, _command, _findings),
    "bench": lambda commands: add_bench(commands, _command, _findings),
    "history": lambda commands: add_history(commands, _command),
    "report": lambda commands: add_report(commands, _command, _findings),
    "doctor": lambda commands: add_doctor(commands, _command),
    "init": lambda commands: add_init(commands, _command),
    "waive": lambda commands: add_waive(commands, _command),
    "explain": _explain,
}
"""What adds the arguments of each command, in the order in which help names them."""
