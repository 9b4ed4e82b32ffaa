"""Files that were tampered with, byte by byte: reading them never raises, hangs, or brings anything down."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from harness.check.video_probe import probe
from harness.check.video_reader import READY
from harness.wire.video import VideoProblem
from tests.check.videos import moved_index, sound

COUNT = int(os.environ.get("HARNESS_VIDEO_FILES", "8"))


def tampered(seed: int) -> bytes:
    """A sound file with some bytes changed, most of them in its index, or cut somewhere."""
    rng = random.Random(seed)
    content = bytearray(rng.choice([sound(), moved_index(sound()), sound(audio=False)]))
    for _ in range(rng.choice([1, 2, 8, 64])):
        at = rng.randrange(len(content))
        width = rng.choice([1, 4])
        content[at : at + width] = bytes(rng.choice([0, 255, rng.randrange(256)]) for _ in range(width))
    return bytes(content[: rng.randrange(len(content))] if rng.random() < 0.2 else content)


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_tampered_file_is_read_or_is_a_finding(tmp_path: Path, seed: int):
    """The reader lives through it, within seconds; what it cannot make out, it says."""
    path = tmp_path / "video"
    path.write_bytes(tampered(seed))
    start_s = time.monotonic()
    facts = probe(path, frame_px=64).facts
    assert time.monotonic() - start_s < 30
    assert facts.problem is None or facts.problem in tuple(VideoProblem)
    assert "brings its reader down" not in (facts.note or "")
    assert READY not in (facts.note or "")
