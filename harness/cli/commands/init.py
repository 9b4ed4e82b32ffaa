"""`harness init`."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness import __version__
from harness.cli.exit_codes import ExitCode
from harness.cli.output import store_of
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.use.read import CONFIG
from harness.use.starter import WORKFLOW, starter_config, starter_workflow

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Writes the two files where they are not there yet."""
    store = store_of(arguments)
    specs = tuple(store.get(reference) for reference in arguments.model) or store.all()
    directory = Path(arguments.directory)
    texts = {CONFIG: starter_config(specs), WORKFLOW: starter_workflow(__version__)}
    lines = [_created(directory / name, text) for name, text in texts.items()]
    hint = "next: say in harness.yaml what you send and read, then `harness drift accept`"
    write_stdout("\n".join([*lines, hint]))
    return ExitCode.DONE


def _created(path: Path, text: str) -> str:
    """Creates the file; one that is there stays as it is, whoever made it and when."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return f"{path}: is there already, left as it is"
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or error}") from None
    return f"{path}: written"
