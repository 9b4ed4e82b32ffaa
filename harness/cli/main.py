"""The entry point: one command in, one exit code out; never a traceback for a fault of the input."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from harness.cli.exit_codes import ExitCode
from harness.cli.parser import build_parser
from harness.errors import BudgetError, OperatorError, TransportError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    command = import_module(f"harness.cli.commands.{arguments.command}")
    try:
        code: int = command.run(arguments)
        sys.stdout.flush()
        return code
    except OperatorError as error:
        return _refuse(str(error), ExitCode.BAD_INPUT)
    except BudgetError as error:
        return _refuse(str(error), ExitCode.REFUSED)
    except TransportError as error:
        return _refuse(str(error), ExitCode.INCONCLUSIVE)
    except BrokenPipeError:
        _silence_stdout()
        return ExitCode.DONE
    except KeyboardInterrupt:
        return _refuse("interrupted", ExitCode.INTERRUPTED)


def _refuse(message: str, code: ExitCode) -> ExitCode:
    print(f"harness: {message}", file=sys.stderr)
    return code


def _silence_stdout() -> None:
    """Keeps the interpreter from complaining at exit that its reader has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
