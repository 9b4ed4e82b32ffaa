"""The entry point: one command in, one exit code out; never a traceback for a fault of the input."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from harness.cli.exit_codes import ExitCode
from harness.cli.parser import build_parser
from harness.cli.stdout import flush_stdout, silence_stdout
from harness.errors import BudgetError, OperatorError, TransportError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    try:
        code = _run(argv)
        flush_stdout()
        return code
    except OperatorError as error:
        return _refuse(str(error), ExitCode.BAD_INPUT)
    except BudgetError as error:
        return _refuse(str(error), ExitCode.REFUSED)
    except TransportError as error:
        return _refuse(str(error), ExitCode.INCONCLUSIVE)
    except BrokenPipeError:
        silence_stdout()
        return ExitCode.DONE
    except KeyboardInterrupt:
        return _refuse("interrupted", ExitCode.INTERRUPTED)


def _run(argv: Sequence[str] | None) -> int:
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        arguments = build_parser(words[0] if words else None).parse_args(words)
    except SystemExit as stop:  # --help, --version, and usage errors
        return int(stop.code or 0)
    command = _imported(f"harness.cli.commands.{arguments.command}")
    if argv is None:  # a process of its own: what is here now stays to its end, which need not search it
        gc.freeze()
    code: int = command.run(arguments)
    return code


def _imported(name: str) -> ModuleType:
    """A module. What it imports is there to stay: nobody looks for garbage among it meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        if was_on:
            gc.enable()


def _refuse(message: str, code: ExitCode) -> ExitCode:
    from harness.report.visible import visible

    print(f"harness: {visible(message)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
