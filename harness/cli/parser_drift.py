"""The arguments of the commands that read documents: `drift docs` and `import`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

__all__ = ["DOCS", "IMPORT", "add_drift_docs", "add_import"]

DOCS = "a provider's document against the spec"
IMPORT = "a draft spec out of a provider's page or an OpenAPI file"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""

Common = Callable[[argparse.ArgumentParser], None]
"""Adds the arguments of every command that gives findings."""


def add_drift_docs(kinds: Any, command: Command, findings: Common) -> None:
    """`harness drift docs`."""
    parser = command(kinds, "docs", DOCS)
    findings(parser)
    parser.add_argument(
        "model",
        metavar="MODEL",
        nargs="?",
        help="an id, ID@DATE, ID@latest, or part of an id; or the document alone, if a spec knows its digest "
        "or its model's name",
    )
    parser.add_argument(
        "file",
        metavar="FILE|URL",
        nargs="?",
        help="the document, or - for stdin; default: fetch every source of the model that has a URL",
    )
    parser.add_argument(
        "--keep",
        metavar="DIR",
        default=".harness",
        help="where documents.json and what was fetched are kept (default: .harness)",
    )


def add_import(commands: Any, command: Command) -> None:
    """`harness import`."""
    parser = command(commands, "import", IMPORT)
    # The module of a command bears its name, and `import` is a word of the language.
    parser.set_defaults(command="import_")
    parser.add_argument("file", metavar="FILE", help="the document, or - for stdin")
    parser.add_argument("--id", metavar="PROVIDER/SLUG", required=True, dest="spec_id", help="of the draft")
