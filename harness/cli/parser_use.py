"""The arguments of the commands for what a user keeps: configuration, waivers, baseline."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

__all__ = ["ACCEPT", "INIT", "WAIVE", "add_accept", "add_config", "add_init", "add_waive"]

INIT = "write a harness.yaml and a nightly workflow to start from; nothing is overwritten"
WAIVE = "accept a finding until a day, with a reason: writes waivers.yaml"
ACCEPT = "make what the specs say now your baseline: writes harness.lock"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""

_CONFIG_HELP = "what you use and how it weighs (default: ./harness.yaml if there is one)"


def add_config(parser: argparse.ArgumentParser) -> None:
    """`--config`, and what depends on the files that it names."""
    parser.add_argument("--config", metavar="FILE", help=_CONFIG_HELP)
    parser.add_argument(
        "--max-staleness",
        metavar="AGE",
        help="exit 3 whatever --inconclusive says if a model was not observed for so long: 30m, 12h, 7d, 2w",
    )


def add_init(commands: Any, command: Command) -> None:
    """`harness init`."""
    parser = command(commands, "init", INIT)
    parser.add_argument("directory", metavar="DIR", nargs="?", default=".", help="default: this directory")
    parser.add_argument(
        "--model",
        metavar="MODEL",
        action="append",
        default=[],
        help="a model that you use; repeatable; default: all",
    )
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )


def add_waive(commands: Any, command: Command) -> None:
    """`harness waive`."""
    parser = command(commands, "waive", WAIVE)
    parser.add_argument("fingerprint", metavar="FINGERPRINT", help="of the finding: 12 hex digits")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why it is accepted")
    parser.add_argument("--until", metavar="DAY", required=True, help="the last day, such as 2026-12-31")
    parser.add_argument("--owner", metavar="NAME", help="who looks after it")
    parser.add_argument(
        "--from",
        dest="reports",
        metavar="FILE",
        action="append",
        default=[],
        help="a JSON report that has the finding; repeatable; the state of the last run is looked at as well",
    )
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )
    parser.add_argument("--config", metavar="FILE", help=_CONFIG_HELP)


def add_accept(kinds: Any, command: Command) -> None:
    """`harness drift accept`."""
    parser = command(kinds, "accept", ACCEPT)
    parser.add_argument(
        "models", metavar="MODEL", nargs="*", help="default: the models of harness.yaml, else all baselines"
    )
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )
    parser.add_argument("--config", metavar="FILE", help=_CONFIG_HELP)
    parser.add_argument(
        "--keep",
        metavar="DIR",
        default=".harness",
        help="where `drift docs` keeps what it fetched: accepted with it is what those pages say "
        "(default: .harness)",
    )
    parser.add_argument("--lock", metavar="FILE", help="default: as harness.yaml says, else ./harness.lock")
