"""The arguments of `harness report`, and of what it shares with `harness run`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

__all__ = ["REPORT", "add_report", "add_report_place"]

REPORT = "the page from which a vendor is chosen, out of everything that was recorded and measured"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
Options = Callable[[argparse.ArgumentParser], None]


def add_report(commands: Any, command: Command, findings: Options) -> None:
    """`harness report`."""
    parser = command(commands, "report", REPORT)
    findings(parser)
    parser.add_argument(
        "records",
        metavar="RECORD",
        nargs="*",
        help="runs of a benchmark (a file of `harness bench` or `harness history export`, or the URL of a "
        "history), a trial.json, recorded traffic, a directory of any of these; the shipped cassettes are "
        "always among it",
    )
    _add_wishes(parser)
    parser.add_argument(
        "--against",
        metavar="FILE",
        help="the report.json of an earlier run: what changed since is shown, too",
    )
    add_report_place(parser)


def _add_wishes(parser: argparse.ArgumentParser) -> None:
    """For whom it is written."""
    parser.add_argument(
        "--profile",
        metavar="NAME|FILE",
        help="whose weights rank first: fastest-first (the default), cheapest-integration, safest, or a file",
    )
    parser.add_argument(
        "--request",
        dest="requests",
        metavar="FILE",
        action="append",
        default=[],
        help="a request to compare for, in canonical words as `harness translate` takes it; repeatable; "
        "default: those of harness.yaml, else two that are assumed",
    )
    parser.add_argument(
        "--needs",
        metavar="WAY",
        action="append",
        default=[],
        choices=("poll", "webhook", "events", "blocking"),
        help="a way of learning that a job has ended which you need: poll, webhook, events or blocking; "
        "repeatable",
    )


def add_report_place(parser: argparse.ArgumentParser) -> None:
    """Where a report goes, and its margin."""
    parser.add_argument(
        "--output-dir", metavar="DIR", default="reports", help="where the report goes (default: reports)"
    )
    parser.add_argument(
        "--margin",
        metavar="FRACTION",
        type=_fraction,
        default=0.2,
        help="how far from its estimate a median still counts as consistent (default: 0.2)",
    )


def _fraction(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to below 1, got {text!r}")
    return number
