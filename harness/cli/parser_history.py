"""The arguments of `harness history`. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from harness.cli.parser_bench import STORE

__all__ = ["HISTORY", "TABLES", "add_history"]

HISTORY = "runs of the benchmark: listed, shown, joined from files, given to other tools"
TABLES = ("csv", "parquet", "json")

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""


def add_history(commands: Any, command: Command) -> None:
    """`harness history list|show|export|import`."""
    parser = command(commands, "history", HISTORY)
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True, parser_class=type(parser))
    listed = command(kinds, "list", "every run, the oldest first")
    _store(listed)
    _which(listed)
    _format(listed)
    shown = command(kinds, "show", "one run, or several of one plan as one sample")
    shown.add_argument("runs", metavar="RUN", nargs="+", help="an id, the beginning of one, or LAST")
    _store(shown)
    _format(shown)
    exported = command(kinds, "export", "runs as CSV, Parquet or JSON")
    exported.add_argument("runs", metavar="RUN", nargs="*", help="default: all")
    _store(exported)
    _which(exported)
    exported.add_argument("--format", choices=TABLES, default="csv", help="default: csv")
    exported.add_argument("--output", metavar="FILE", help="instead of stdout; Parquet needs it")
    imported = command(
        kinds, "import", "runs from files: of other machines, or kept while a database was gone"
    )
    imported.add_argument("files", metavar="FILE", nargs="+", help="JSON or JSON Lines; - for stdin")
    _store(imported)


def _store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--store", metavar="URL", default=STORE, help=f"where runs are kept, by SQLAlchemy (default: {STORE})"
    )


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--provenance", choices=("simulated", "live"), help="only these runs")
    parser.add_argument("--model", metavar="MODEL", help="only runs with this model: its full id")


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
