"""The reader itself, in this process, on files that do it no harm."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest

from harness.check.video_reader import MissingError, Pieces, examine, main
from tests.check.videos import HOSTILE, moved_index, patched, sound

HARMLESS = tuple(name for name in HOSTILE if not name.startswith(("a ", "ten ", "boxes")))


def examined(content: bytes, frame_px: int = 0) -> dict[str, Any]:
    return examine(Pieces(io.BytesIO(content), len(content), [[0, len(content)]]), frame_px)


@pytest.mark.parametrize("content", [sound(), moved_index(sound())], ids=["index last", "index first"])
def test_a_sound_file(content: bytes):
    """The same, wherever its index stands."""
    found = examined(content, 32)
    assert base64.b64decode(found.pop("frame")).startswith(b"\x89PNG")
    assert found == {
        "container": "mp4",
        "tracks": 2,
        "has_audio": True,
        "video_codec": "h264",
        "audio_codec": "aac",
        "fps": 10.0,
        "duration_s": 2.0,
        "width": 128,
        "height": 72,
    }


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_sound_video(name: str):
    """The problem, and words for it."""
    content, problem = HOSTILE[name]
    found = examined(content)
    assert found["problem"] == problem
    assert found["note"]


def test_the_words_for_what_it_is_instead():
    """What a person needs to know to ask the provider."""
    notes = {name: examined(content)["note"] for name, (content, _) in HOSTILE.items() if name in HARMLESS}
    assert notes["html"] == notes["manifest"] == "the file is HTML or XML"
    assert notes["json"] == "the file is JSON"
    assert notes["playlist"] == "the file is a playlist"
    assert notes["concat list"] == "the file is a list of other files"
    assert notes["empty"] == "the file is empty"
    assert notes["avi"] == "the file is avi"
    assert notes["noise"] == "the file begins as no container of video does"
    assert notes["no index"] == "the file has no index (box 'moov')"
    assert notes["box beyond the end"] == "the box 'moov' ends at byte 2147483668, and the file at 28"


def test_quicktime_is_not_mp4():
    """It is told by its brand."""
    assert examined(patched(b"ftyp", 0, b"qt  "))["container"] == "mov"


def test_a_turned_picture_is_as_it_is_shown():
    """The matrix of the track turns it by a quarter: 128 by 72 is shown upright."""
    quarter = b"".join(n.to_bytes(4, "big", signed=True) for n in (0, 65536, 0, -65536, 0, 0, 0, 0, 2**30))
    found = examined(patched(b"tkhd", 40, quarter))
    assert (found["width"], found["height"]) == (72, 128)


def test_what_is_missing_is_raised():
    """Wherever in the file it is needed."""
    content = sound()
    pieces = Pieces(io.BytesIO(content), len(content), [[0, 100]])
    with pytest.raises(MissingError):
        examine(pieces, 0)
    assert pieces.missing == 100


def test_it_is_a_program(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """Ready first, then one JSON object; without limits here, which would hold for all tests."""
    path = tmp_path / "video"
    path.write_bytes(sound())
    assert main([str(path), str(len(sound())), "[[0, 64]]", "0"], limited=False) == 0
    assert capfd.readouterr().out == 'ready\n{"needs": 64}\n'
