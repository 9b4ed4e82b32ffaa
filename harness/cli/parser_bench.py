"""The arguments of `harness bench`. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from harness.cli.parser_live import add_budget, add_journal, add_reach

__all__ = ["BENCH", "STORE", "add_bench"]

BENCH = (
    "jobs under a budget, measured: how long each provider takes, and who is faster; dry: what it would cost"
)
STORE = "sqlite:///.harness/history.sqlite"

Command = Callable[[Any, str, str], argparse.ArgumentParser]


def add_bench(commands: Any, command: Command, findings: Callable[[argparse.ArgumentParser], None]) -> None:
    """`harness bench`. `findings` adds the options of a command that judges."""
    parser = command(commands, "bench", BENCH)
    findings(parser)
    parser.add_argument("plan", metavar="PLAN", nargs="?", help="a plan (YAML); flags go before what it says")
    _what(parser)
    _how(parser)
    _which_run(parser)
    add_reach(parser)
    add_journal(parser)
    parser.add_argument("--live", action="store_true", help="the jobs may cost money; needs a budget")
    add_budget(parser)


def _what(parser: argparse.ArgumentParser) -> None:
    """What is asked of whom, in canonical words."""
    parser.add_argument(
        "--model",
        metavar="MODEL",
        action="append",
        default=[],
        help="an id, ID@DATE, ID@latest, or part of an id; repeatable; default: all sellers of the one model",
    )
    parser.add_argument("--prompt", metavar="TEXT", help="what the video shows")
    parser.add_argument("--negative-prompt", metavar="TEXT", help="what it does not show")
    parser.add_argument("--duration", metavar="SECONDS", type=_above_zero, help="of the video (default: 5)")
    parser.add_argument("--aspect-ratio", metavar="W:H", help="of the video (default: 16:9)")
    parser.add_argument(
        "--audio", action=argparse.BooleanOptionalAction, default=None, help="with sound (default: without)"
    )
    parser.add_argument(
        "--guidance", metavar="X", type=_number, help="from 0 to 1 (default: each one's documented default)"
    )
    parser.add_argument(
        "--mode",
        metavar="MODEL=MODE",
        action="append",
        default=[],
        help="how the end of a job is waited for: poll (default), blocking, events, webhook; repeatable",
    )


def _how(parser: argparse.ArgumentParser) -> None:
    """How many, when, and for how long."""
    parser.add_argument(
        "--design",
        choices=("sitting", "nightly"),
        help="all jobs now, or a few a night over many nights (default for several models: nightly)",
    )
    _count(parser, "--blocks", "of a sitting: jobs of each model (default: 10)")
    _count(parser, "--blocks-a-night", "jobs of each model a night (default: 2)")
    _count(parser, "--nights", "how many nights are declared")
    _count(parser, "--first-look", "after how many of them a first look is declared")
    parser.add_argument(
        "--equivalence-margin",
        metavar="FRACTION",
        type=_fraction,
        help="the difference that does not matter (default: 0.1)",
    )
    parser.add_argument("--seed", metavar="N", type=_whole(0), help="of the order and of polls (default: 1)")
    parser.add_argument(
        "--cap", metavar="SECONDS", type=_above_zero, help="when a job is given up (default: 900)"
    )
    parser.add_argument(
        "--poller", choices=("adaptive", "fixed", "backoff"), help="how polls are placed (default: adaptive)"
    )
    parser.add_argument(
        "--interval",
        metavar="SECONDS",
        type=_above_zero,
        help="of fixed polling (default: what the documents ask for)",
    )
    _count(parser, "--at-once", "blocks under way together (default: 1)")
    parser.add_argument(
        "--fetch", action=argparse.BooleanOptionalAction, default=None, help="download the videos (default)"
    )
    parser.add_argument("--public-url", metavar="URL", help="of this machine, for webhooks")


def _count(parser: argparse.ArgumentParser, name: str, summary: str) -> None:
    parser.add_argument(name, metavar="N", type=_whole(1), help=summary)


def _which_run(parser: argparse.ArgumentParser) -> None:
    """Dry or not, new or gone on with, kept where, compared with what."""
    parser.add_argument("--dry-run", action="store_true", help="show what it would send, cost and take")
    parser.add_argument(
        "--resume",
        metavar="RUN",
        nargs="?",
        const="",
        help="go on with a run that was cut short (default: the last one): nothing is sent twice",
    )
    parser.add_argument(
        "--again", action="store_true", help="run a nightly plan a second time today: it adds to the same day"
    )
    parser.add_argument(
        "--store", metavar="URL", default=STORE, help=f"where runs are kept, by SQLAlchemy (default: {STORE})"
    )
    parser.add_argument("--region", metavar="NAME", help="where this machine is, kept with the run")
    parser.add_argument(
        "--output-dir", metavar="DIR", help="write the run and the report there: JSON, markdown, figures"
    )
    parser.add_argument(
        "--against", metavar="RUN", help="LAST or an id: judge the medians beside those of an earlier run"
    )
    parser.add_argument(
        "--max-median-ratio",
        metavar="X",
        type=_above_zero,
        help="with --against: a finding where the median surely grew by more than that (default: 1.10)",
    )


def _whole(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) >= least):
            raise argparse.ArgumentTypeError(f"expected a whole number from {least}, got {text!r}")
        return int(text)

    return parse


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
    return number


def _above_zero(text: str) -> float:
    number = _number(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number


def _fraction(text: str) -> float:
    number = _number(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to below 1, got {text!r}")
    return number
