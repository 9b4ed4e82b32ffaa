"""`harness import`."""

from __future__ import annotations

import argparse
import re

from harness.cli.exit_codes import ExitCode
from harness.cli.output import note
from harness.cli.pages import load
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError

__all__ = ["run"]

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*\Z")


def run(arguments: argparse.Namespace) -> int:
    """Writes the draft to stdout, and to stderr how much a person must fill in."""
    from harness.docs.import_ import draft, fill_in
    from harness.docs.read import read_document

    if not _ID.match(arguments.spec_id):
        raise OperatorError(f"--id: expected PROVIDER/SLUG in lower case, got {arguments.spec_id!r}")
    content, name = load(arguments.file)
    document = read_document(content, name)
    text = draft(document, arguments.spec_id)
    missing = fill_in(document, arguments.spec_id)
    write_stdout(text)
    note(
        f"{name}: {len(missing)} places to be filled in by a person; they are listed at the top of the draft"
    )
    return ExitCode.DONE
