"""The arguments of `drift wire`. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from harness.cli.parser_live import add_budget, add_journal, add_reach

__all__ = ["WIRE", "add_wire"]

WIRE = "free probes of the live API against the spec (T1); nothing billable is sent without --allow-t2"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""


def add_wire(kinds: Any, command: Command, findings: Callable[[argparse.ArgumentParser], None]) -> None:
    """`harness drift wire`."""
    parser = command(kinds, "wire", WIRE)
    findings(parser)
    parser.add_argument(
        "models",
        metavar="MODEL",
        nargs="*",
        help="an id, ID@DATE, ID@latest, or part of an id; default: the models of harness.yaml, else all",
    )
    add_reach(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="name the probes and what they cost; nothing is sent"
    )
    parser.add_argument(
        "--allow-t2",
        action="store_true",
        help="also send a request with one invalid parameter, where the provider documents that it judges it "
        "at submit: it may be billed all the same; needs a budget",
    )
    add_budget(parser)
    add_journal(parser)
    parser.add_argument(
        "--accept-prices",
        action="store_true",
        help="from now on the prices that the metadata tells are the ones to compare with",
    )
    parser.add_argument(
        "--keep",
        metavar="DIR",
        default=".harness",
        help="where availability.jsonl and prices.json are kept (default: .harness)",
    )
