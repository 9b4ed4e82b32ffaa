"""What a delivered file is: read by a process of its own, because a stranger made it.

A file that crashes, stalls or floods the reader is a finding about the file. No socket is opened and nothing
but the file is read.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.check.video_reader import READY
from harness.errors import OperatorError
from harness.wire.video import VideoFacts, VideoProblem, read_facts

__all__ = ["MOST_BYTES", "Probe", "can_probe", "probe"]

MOST_BYTES = 1_000_000_000
"""A larger file is no video of some seconds: it is not read."""

_READER = Path(__file__).with_name("video_reader.py")
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_FRAME_BYTES = 400_000
_START_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was read. `needs` is the first byte that is missing for it, where the file is not all here;
    `frame_png` is the first picture, small.
    """

    facts: VideoFacts
    frame_png: bytes | None = None
    needs: int | None = None


def can_probe() -> bool:
    """Whether the library that reads videos is installed."""
    return find_spec("av") is not None


def probe(
    path: Path,
    *,
    size_bytes: int | None = None,
    ranges: Sequence[tuple[int, int]] | None = None,
    frame_px: int = 0,
    within_s: float = 30.0,
) -> Probe:
    """Reads a file, or the `ranges` of it (first byte, byte after the last) that are in their places there.

    `size_bytes` is that of the whole. With `frame_px`, the first picture comes too, no larger than that.
    Blocks for as long as reading takes, `within_s` at most. Raises OperatorError where the reader itself
    does not start, or fails for a reason that is not in the file.
    """
    size = path.stat().st_size if size_bytes is None else size_bytes
    if size > MOST_BYTES:
        note = f"{size} bytes, and more than {MOST_BYTES} are no video of some seconds"
        return Probe(facts=VideoFacts(size_bytes=size, problem=VideoProblem.OVER_LIMIT, note=note))
    here = [list(part) for part in ([(0, size)] if ranges is None else ranges)]
    command = [sys.executable, "-I", str(_READER), str(path), str(size), json.dumps(here), str(frame_px)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and program
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=within_s,
            env={} if os.name == "posix" else None,  # no key of ours is near what a stranger made
        )
    except subprocess.TimeoutExpired:
        return _unreadable(size, f"reading it takes longer than {within_s:g} s")
    except OSError as error:
        raise OperatorError(f"the reader of videos does not start: {error.strerror or error}") from None
    ready, _, answer = done.stdout.partition(b"\n")
    if ready.strip() != READY.encode():
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OperatorError(f"the reader of videos does not start: {(words or ['no answer'])[-1]}")
    return _read(answer, size, done.returncode)


def _read(answer: bytes, size: int, code: int) -> Probe:
    try:
        found = json.loads(answer)
        if not isinstance(found, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        how = f"signal {-code}" if code < 0 else f"status {code}"
        return _unreadable(size, f"it brings its reader down ({how})")
    if "failed" in found:
        raise OperatorError(f"the reader of videos failed: {found['failed']}")
    needs = found.pop("needs", None)
    if isinstance(needs, int):
        return Probe(facts=VideoFacts(size_bytes=size), needs=needs)
    frame = _frame(found.pop("frame", None))
    known = {name: value for name, value in found.items() if value is not None}
    try:
        facts = read_facts(known)
    except ValueError as error:
        return _unreadable(size, f"it says of itself what cannot be: {error}")
    return Probe(facts=replace(facts, size_bytes=size), frame_png=frame)


def _unreadable(size: int, note: str) -> Probe:
    return Probe(facts=VideoFacts(size_bytes=size, problem=VideoProblem.UNREADABLE, note=note))


def _frame(text: Any) -> bytes | None:
    """The picture; None where what came is none, or is too large for a report."""
    if not isinstance(text, str):
        return None
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return content if content.startswith(_PNG) and len(content) <= _MOST_FRAME_BYTES else None
