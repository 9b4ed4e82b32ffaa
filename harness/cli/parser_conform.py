"""The arguments of `conform`. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from harness.cli.parser_live import add_budget, add_journal

__all__ = ["CONFORM", "add_conform"]

CONFORM = "requests generated out of a spec, valid and invalid, judged in process and sent under a budget"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""


def add_conform(commands: Any, command: Command, findings: Callable[[argparse.ArgumentParser], None]) -> None:
    """`harness conform`. `findings` adds the options of a command that judges."""
    parser = command(commands, "conform", CONFORM)
    findings(parser)
    parser.add_argument("model", metavar="MODEL", help="an id, ID@DATE, ID@latest, or part of an id")
    parser.add_argument(
        "--target",
        metavar="simulator|URL",
        help="where requests go, the key included: a simulator that is started for it, or scheme, host and "
        "port of the provider or of what stands in for it (default: nothing is sent, T0 alone)",
    )
    parser.add_argument(
        "--examples",
        metavar="N",
        type=_whole,
        default=200,
        help="requests of each kind drawn for T0, besides every small one (default: 200)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_whole,
        default=0,
        help="of what is drawn, and of the simulator (default: 0)",
    )
    parser.add_argument(
        "--body",
        metavar="FILE",
        help="the request to start from, or - for stdin (default: what is required, and a prompt)",
    )
    _sending(parser)


def _sending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--send-negatives",
        action="store_true",
        help="also send invalid requests that are not documented as judged at submit: they may become jobs",
    )
    parser.add_argument(
        "--live", action="store_true", help="requests beyond this machine may cost money; needs a budget"
    )
    add_budget(parser)
    add_journal(parser)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_above_zero,
        default=3600.0,
        help="how long to wait for each job, in provider seconds (default: 3600)",
    )
    parser.add_argument(
        "--time-scale",
        metavar="K",
        type=_above_zero,
        help="K provider seconds pass in one (default: 1; 200 with --target simulator)",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would be sent, and what it may cost; nothing is sent",
    )


def _whole(text: str) -> int:
    if not (text.isdecimal() and int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to 1000000, got {text!r}")
    return int(text)


def _above_zero(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number
