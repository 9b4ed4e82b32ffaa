"""The arguments of `harness translate`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from harness.cli.parser_use import add_config

__all__ = ["TRANSLATE", "add_translate"]

TRANSLATE = "a request in the words of another seller, and what it loses"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""


def add_translate(commands: Any, command: Command) -> None:
    """`harness translate`."""
    parser = command(commands, "translate", TRANSLATE)
    # The request goes to stdout, so the findings have no --format of their own there.
    parser.set_defaults(format="text", inconclusive="fail")
    parser.add_argument("file", metavar="FILE", help="the request as JSON, or - for stdin")
    parser.add_argument("--to", metavar="MODEL", required=True, help="whose words to write")
    parser.add_argument(
        "--from",
        dest="source",
        metavar="MODEL",
        help="whose words FILE is written in; without it FILE has canonical words: prompt, duration_s, …",
    )
    parser.add_argument("--operation", default="submit", help="to translate to (default: submit)")
    parser.add_argument(
        "--from-operation", metavar="OPERATION", help="that FILE is a request of (default: submit)"
    )
    parser.add_argument(
        "--guidance-scale",
        choices=("same", "proportional"),
        help="how a guidance of one range reads on another: the same number, or the same share of the range; "
        "without it such a value is not carried over",
    )
    parser.add_argument(
        "--pin-defaults", action="store_true", help="write out every default that MODEL documents"
    )
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="POINTER=VALUE",
        action="append",
        default=[],
        help="a parameter that the result has whatever FILE says; repeatable",
    )
    _add_outcome(parser)


def _add_outcome(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )
    parser.add_argument(
        "--report",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        help="also write the findings to a file; repeatable",
    )
    parser.add_argument(
        "--fail-on",
        choices=("info", "warning", "error"),
        default="error",
        help="exit 1 from this severity on (default: error)",
    )
    add_config(parser)
