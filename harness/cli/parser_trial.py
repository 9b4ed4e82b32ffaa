"""The arguments of `harness trial`. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from harness.cli.parser_live import add_budget, add_journal, add_reach

__all__ = ["TRIAL", "add_trial"]

TRIAL = "one capped paid job at each provider, every check on it, recorded, and the sellers compared"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""


def add_trial(commands: Any, command: Command, findings: Callable[[argparse.ArgumentParser], None]) -> None:
    """`harness trial`. `findings` adds the options of a command that judges."""
    parser = command(commands, "trial", TRIAL)
    findings(parser)
    parser.add_argument(
        "models",
        metavar="MODEL",
        nargs="*",
        help="one of each provider (default: the models of harness.yaml; else of each provider the one that "
        "most others sell, too)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be sent and what it may cost; nothing is sent"
    )
    _request(parser)
    _places(parser)
    add_reach(parser)
    add_journal(parser)
    parser.add_argument("--live", action="store_true", help="the jobs may cost money; needs a budget")
    add_budget(parser)
    parser.add_argument("--public-url", metavar="URL", help="of this machine, for webhooks")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_above_zero,
        default=3600.0,
        help="how long to wait for each job, in provider seconds (default: 3600)",
    )
    parser.add_argument(
        "--url-lifetime",
        action="store_true",
        help="where documents say how long an output's address holds, wait for nine tenths of that, and ask "
        "again",
    )


def _request(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--request", metavar="FILE", help="what to ask for, in canonical words (JSON), or - for stdin"
    )
    parser.add_argument(
        "--set",
        metavar="WORD=VALUE",
        action="append",
        default=[],
        help="one canonical word of the request, such as duration_s=10 or audio=false; repeatable",
    )
    parser.add_argument(
        "--even-if-invalid",
        action="store_true",
        help="also send it where the documents do not allow it: it may be billed and fail",
    )


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        metavar="DIR",
        default="cassettes",
        help="where the cassettes go: DIR/PROVIDER/SLUG.trial.yaml (default: cassettes)",
    )
    parser.add_argument(
        "--output-dir", metavar="DIR", default="reports", help="where the report goes (default: reports)"
    )
    parser.add_argument("--overwrite", action="store_true", help="record anew what is there already")
    parser.add_argument(
        "--expires-days",
        metavar="N",
        type=_days,
        default=90,
        help="when a live cassette begins to fail (default: 90)",
    )
    parser.add_argument("--title", metavar="TEXT", help="what the cassettes are, for people")


def _days(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 3650):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to 3650, got {text!r}")
    return int(text)


def _above_zero(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number
