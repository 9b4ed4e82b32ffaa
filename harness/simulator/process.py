"""The simulator as a process of its own, for tests and whoever needs real sockets beside them."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import harness
from harness.errors import TransportError

__all__ = ["running"]

_ROOT = Path(harness.__file__).resolve().parents[1]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from harness.cli.main import main; sys.exit(main())"
)
_STOP_S = 10.0


@contextmanager
def running(*arguments: str, start_within_s: float = 30.0) -> Iterator[Mapping[str, str]]:
    """Starts `harness simulate --port 0` with more arguments; gives provider -> base URL; ends it.

    It ends with this process, too, however that ends: its standard input is closed then. Raises
    TransportError, with what it wrote, when it does not come up.
    """
    command = [
        sys.executable,
        "-c",
        _PROGRAM,
        str(_ROOT),
        "simulate",
        "--port",
        "0",
        "--until-eof",
        *arguments,
    ]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield _base_urls(process, command, start_within_s)
    finally:
        _stop(process)


def _base_urls(process: subprocess.Popen[str], command: Sequence[str], within_s: float) -> Mapping[str, str]:
    lines: queue.Queue[str] = queue.Queue()
    _read_first(process.stdout, lines)
    try:
        line = lines.get(timeout=within_s)
    except queue.Empty:
        line = ""
    if not line:
        process.kill()
        _, words = process.communicate()
        raise TransportError(f"{' '.join(command[4:])}: it did not come up: {words.strip() or 'no answer'}")
    base_urls: dict[str, str] = json.loads(line)["base_urls"]
    return base_urls


def _read_first(stream: IO[str] | None, lines: queue.Queue[str]) -> None:
    """Puts the first line into the queue when it comes: a pipe cannot be read with a time limit."""

    def read() -> None:
        lines.put(stream.readline() if stream is not None else "")

    threading.Thread(target=read, daemon=True).start()


def _stop(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
