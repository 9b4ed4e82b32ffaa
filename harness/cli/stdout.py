"""Standard output: what is written reaches the reader, or the fault is said. Light: `--version` needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from harness.errors import OperatorError

__all__ = ["flush_stdout", "silence_stdout", "write_stdout"]


def write_stdout(text: str) -> None:
    """Text to stdout as UTF-8, whatever the locale says, ending in one newline.

    Raises BrokenPipeError when its reader has gone, OperatorError when it cannot be written otherwise.
    Nothing is written, as by `print`, where the caller has closed stdout.
    """
    if sys.stdout is None:
        return
    flush_stdout()
    with _refused():
        sys.stdout.buffer.write((text if text.endswith("\n") else text + "\n").encode("utf-8", "replace"))
    flush_stdout()


def flush_stdout() -> None:
    """What was printed goes out. Raises as `write_stdout` does."""
    if sys.stdout is not None:
        with _refused():
            sys.stdout.flush()


def silence_stdout() -> None:
    """Keeps the interpreter from complaining at exit that what is left cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_stdout()
        raise OperatorError(f"<stdout>: {error.strerror or error}") from None
