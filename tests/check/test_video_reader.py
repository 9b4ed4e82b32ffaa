"""The reader itself, in this process, on files that do it no harm."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from harness.check.video_reader import MissingError, Pieces, examine, main
from tests.check.videos import HOSTILE, box, many_tracks, moved_index, patched, silence, sound, written

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


NOT_READ: dict[str, dict[str, Any]] = {
    "empty": {"problem": "not-a-video", "note": "the file is empty"},
    "html": {"problem": "not-a-video", "note": "the file is HTML or XML"},
    "json": {"problem": "not-a-video", "note": "the file is JSON"},
    "text": {"problem": "not-a-video", "note": "the file is text"},
    "noise": {"problem": "not-a-video", "note": "the file begins as no container of video does"},
    "image": {"problem": "not-a-video", "note": "the file is a PNG image"},
    "playlist": {"problem": "not-a-video", "note": "the file is a playlist"},
    "concat list": {"problem": "not-a-video", "note": "the file is a list of other files"},
    "manifest": {"problem": "not-a-video", "note": "the file is HTML or XML"},
    "sound alone": {"problem": "not-a-video", "note": "the file is no video"},
    "avi": {"problem": "other-container", "note": "the file is avi", "container": "avi"},
    "flash": {"problem": "other-container", "note": "the file is flv", "container": "flv"},
    "no index": {
        "container": "mp4",
        "problem": "truncated",
        "note": "the file has no index (box 'moov')",
    },
    "box beyond the end": {
        "container": "mp4",
        "problem": "truncated",
        "note": "the box 'moov' ends at byte 2147483668, and the file at 28",
    },
    "box of 2^63 bytes": {
        "container": "mp4",
        "problem": "truncated",
        "note": "the box 'moov' ends at byte 9223372036854775827, and the file at 36",
    },
    "box of no length": {
        "container": "mp4",
        "problem": "not-a-video",
        "tracks": 0,
        "note": "the file has no picture",
    },
    "box shorter than its name": {
        "container": "mp4",
        "problem": "unreadable",
        "note": "at byte 12 there is no box: 000000046d6f6f76",
    },
}
"""Hostile files whose answer does not depend on what the codecs of this machine write."""


def test_each_harmless_file_has_its_answer():
    """But for two that are cut, which the next test holds."""
    assert set(HARMLESS) - set(NOT_READ) == {"cut in half", "cut in the samples"}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_no_sound_video(name: str):
    """The problem, and the words that a person needs to ask the provider."""
    assert examined(HOSTILE[name][0]) == NOT_READ[name]


@pytest.mark.parametrize(("name", "last"), [("cut in half", b"moov"), ("cut in the samples", b"mdat")])
def test_a_file_that_was_cut(name: str, last: bytes):
    """The box that was cut, and both ends."""
    content = HOSTILE[name][0]
    assert examined(content) == {
        "container": "mp4",
        "problem": "truncated",
        "note": f"the box {last.decode()!r} ends at byte {len(sound())}, and the file at {len(content)}",
    }


@pytest.mark.parametrize(
    ("start", "problem", "words"),
    [
        (b"[1]", "not-a-video", "JSON"),
        (b" \t\r\n{}", "not-a-video", "JSON"),
        (b"\xff\xd8\xff\xe0", "not-a-video", "a JPEG image"),
        (b"GIF89a", "not-a-video", "a GIF image"),
        (b"%PDF-1.7", "not-a-video", "a PDF document"),
        (b"PK\x03\x04", "not-a-video", "a ZIP archive"),
        (b"ID3\x04", "not-a-video", "an audio file"),
        (b"OggS\x00", "other-container", "ogg"),
        (b"\x00\x00\x01\xba", "other-container", "mpeg"),
        (b"\x47\x40\x00", "other-container", "mpegts"),
    ],
)
def test_other_files_are_told_by_how_they_begin(start: bytes, problem: str, words: str):
    """A container of video that no document promises is named as one."""
    found = {"problem": problem, "note": f"the file is {words}"}
    assert examined(start) == (found | {"container": words} if problem == "other-container" else found)


def test_only_the_start_of_a_text_has_to_be_one():
    """A text of a kilobyte is a text, whatever comes after; what is none earlier is not."""
    assert examined(b"x" * 1024 + b"\xff")["note"] == "the file is text"
    assert examined(b"X<html>")["note"] == "the file is text"
    assert examined(b"x" * 1023 + b"\xff")["note"] == "the file begins as no container of video does"


def test_quicktime_is_not_mp4():
    """It is told by its brand, or by having none."""
    assert examined(patched(b"ftyp", 0, b"qt  "))["container"] == "mov"
    assert examined(box(b"moov", bytes(8)))["container"] == "mov"


@pytest.mark.parametrize(
    "last",
    [
        box(b"free", struct.pack(">Q", 24) + bytes(8), length=1),
        box(b"free", bytes(8), length=0),
        box(b"free"),
    ],
    ids=["length of 64 bits", "to the end", "empty"],
)
def test_a_last_box_that_ends_with_the_file(last: bytes):
    """However it gives its length, the file is whole."""
    assert examined(sound() + last) == examined(sound())


@pytest.mark.parametrize(
    ("last", "shown"),
    [(bytes(7), "00000000000000"), (box(b"free", bytes(8), length=7), "0000000766726565")],
    ids=["too short", "shorter than its name"],
)
def test_what_is_no_box(last: bytes, shown: str):
    """Where it stands, and its first bytes."""
    assert examined(sound() + last) == {
        "container": "mp4",
        "problem": "unreadable",
        "note": f"at byte {len(sound())} there is no box: {shown}",
    }


def test_more_boxes_than_any_video_has():
    """They are not counted to the end."""
    start = box(b"ftyp", b"isom")
    assert examined(start + box(b"free") * 4094)["note"] == "the file has no index (box 'moov')"
    assert examined(start + box(b"free") * 4096) == {
        "container": "mp4",
        "problem": "unreadable",
        "note": "more than 4096 boxes",
    }


@pytest.mark.parametrize(
    ("matrix", "size"),
    [
        ((0, 65536, 0, -65536, 0), (72, 128)),
        ((0, -65536, 0, 65536, 0), (72, 128)),
        ((-65536, 0, 0, 0, -65536), (128, 72)),
    ],
    ids=["a quarter", "a quarter back", "half"],
)
def test_a_turned_picture_is_as_it_is_shown(matrix: tuple[int, ...], size: tuple[int, int]):
    """The matrix of the track turns it: by a quarter, 128 by 72 is shown upright."""
    turn = b"".join(number.to_bytes(4, "big", signed=True) for number in (*matrix, 0, 0, 0, 2**30))
    found = examined(patched(b"tkhd", 40, turn))
    assert (found["width"], found["height"]) == size


@pytest.mark.parametrize("frame_px", [1, 10, 64, 128, 1000])
def test_the_picture_is_no_larger_than_asked_and_never_enlarged(frame_px: int):
    """Its longer side is the smaller of what is asked for and what there is."""
    frame = base64.b64decode(examined(sound(), frame_px)["frame"])
    wide = min(frame_px, 128)
    assert struct.unpack(">II", frame[16:24]) == (wide, max(1, round(wide * 72 / 128)))


def test_no_picture_is_made_unless_asked_for():
    """Nobody decodes for nothing."""
    assert "frame" not in examined(sound())


def test_a_file_with_sound_only():
    """It is no video, and which it is instead is said."""
    assert examined(silence()) == {
        "container": "mp4",
        "problem": "not-a-video",
        "tracks": 1,
        "note": "the file has no picture, only sound",
    }


def test_matroska():
    """Its length is what the file says of itself: it has no index of samples."""
    assert examined(written("matroska")) == {
        "container": "matroska",
        "tracks": 1,
        "has_audio": False,
        "video_codec": "mpeg4",
        "audio_codec": None,
        "fps": 10.0,
        "duration_s": 0.4,
        "width": 64,
        "height": 36,
    }


def test_pixels_that_are_not_square():
    """The width is the one that is shown, in the picture, too."""
    found = examined(written("mp4", pixel=Fraction(2)), 1000)
    assert (found["width"], found["height"]) == (128, 36)
    assert struct.unpack(">II", base64.b64decode(found["frame"])[16:24]) == (128, 36)


@pytest.mark.parametrize(("wider", "is_decoded"), [(61_440, True), (61_441, False)])
def test_a_picture_with_more_dots_than_any_is_not_decoded(wider: int, is_decoded: bool):
    """16384 by 8640 is the largest; what the file says of it is told all the same."""
    content = bytearray(written("mp4", pixel=Fraction(2)))
    at = content.index(b"pasp") + 4
    content[at : at + 8] = struct.pack(">II", wider, 1)
    found = examined(bytes(content), 8)
    assert (found["width"], found["height"]) == (64 * wider, 36)
    assert ("frame" in found) is is_decoded


def test_rates_and_lengths_are_rounded():
    """To four places: thirty thousand and one frames of television in a thousand seconds, and minutes."""
    assert examined(written("mp4", rate=Fraction(30_000, 1001)))["fps"] == 29.97
    assert examined(written("matroska", rate=Fraction(1, 100)))["duration_s"] == 400.0


@pytest.mark.parametrize(("start", "container"), [(b"webm", "webm"), (b"", "matroska")])
def test_a_header_alone(start: bytes, container: str):
    """The words are the library's, without its word for no name."""
    found = examined(b"\x1a\x45\xdf\xa3" + start + bytes(64))
    assert (found["container"], found["problem"]) == (container, "unreadable")
    assert found["note"].startswith("it cannot be read: [Errno ")
    assert "<none>" not in found["note"]


def test_an_index_that_leads_beyond_the_end():
    """The sample that lies furthest beyond it."""
    found = examined(patched(b"stco", 8, struct.pack(">I", 2**30)))
    assert found["problem"] == "truncated"
    end = re.fullmatch(r"the index leads to byte (\d+), and the file ends at (\d+)", found["note"])
    assert end is not None
    assert (int(end[1]) > 2**30, int(end[2])) == (True, len(sound()))
    assert (found["duration_s"], found["width"]) == (2.0, 128)


def test_a_track_without_samples():
    """It holds no picture."""
    found = examined(patched(b"stsz", 8, bytes(4)))
    assert (found["problem"], found["note"]) == ("unreadable", "it holds no picture")


def test_a_track_without_times():
    """No frame rate is made up where the file has none."""
    assert examined(patched(b"stts", 4, bytes(4)))["fps"] is None


def test_a_first_picture_that_is_garbage():
    """What the index says is told; that it cannot be decoded, too."""
    found = examined(patched(b"mdat", 0, bytes(600)))
    assert found["problem"] == "unreadable"
    assert found["note"].startswith("its first picture cannot be decoded: [Errno ")
    assert (found["duration_s"], found["width"], found["height"]) == (2.0, 128, 72)
    assert "frame" not in found


def test_too_many_tracks():
    """They are counted and not read; 64 are not too many."""
    assert examined(many_tracks(64))["tracks"] == 64
    assert "problem" not in examined(many_tracks(64))
    assert examined(HOSTILE["a hundred tracks"][0]) == {
        "container": "mp4",
        "problem": "over-limit",
        "tracks": 100,
        "note": "more than 64 tracks",
    }


def test_a_place_in_the_pieces():
    """From the start, from here, from the end, never before the start; and it is a file to a library."""
    pieces = Pieces(io.BytesIO(b"0123456789"), 10, [[0, 10]])
    assert (pieces.readable(), pieces.seekable(), pieces.tell()) == (True, True, 0)
    assert (pieces.seek(3), pieces.seek(2, io.SEEK_CUR), pieces.tell()) == (3, 5, 5)
    assert (pieces.seek(-4, io.SEEK_END), pieces.seek(-20, io.SEEK_CUR)) == (6, 0)
    assert (pieces.read(2), pieces.read(0), pieces.read(1), pieces.tell()) == (b"01", b"", b"2", 3)
    assert (pieces.read(), pieces.read(), pieces.tell()) == (b"3456789", b"", 10)


def test_a_whole_across_pieces():
    """Pieces that lie side by side are joined; the end of the file cuts it short."""
    pieces = Pieces(io.BytesIO(b"0123456789"), 10, [[0, 4], [4, 10]])
    assert pieces.whole(1, 6) == b"123456"
    assert pieces.tell() == 7
    assert pieces.whole(8, 6) == b"89"
    apart = Pieces(io.BytesIO(b"0123456789"), 10, [[0, 4], [8, 10]])
    assert (apart.seek(2), apart.read(20), apart.seek(1), apart.read()) == (2, b"23", 1, b"123")
    assert pieces.missing is None


def test_the_first_place_that_is_missing_is_kept():
    """The file is asked for from there."""
    pieces = Pieces(io.BytesIO(bytes(10)), 10, [[0, 2]])
    for place in (5, 2):
        with pytest.raises(MissingError):
            pieces.whole(place, 1)
    assert pieces.missing == 5


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
    assert main([str(path), str(len(sound())), f"[[0, {len(sound())}]]", "8"], limited=False) == 0
    ready, answer = capfd.readouterr().out.splitlines()
    assert (ready, json.loads(answer)) == ("ready", examined(sound(), 8))


AFTER = """
import resource, sys
from harness.check.video_reader import main
main(sys.argv[1:])
names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NOFILE")
print(*(resource.getrlimit(getattr(resource, name)) for name in names))
"""


@pytest.mark.skipif(os.name != "posix", reason="the system has no such limits")
def test_a_reader_limits_itself_unless_told_otherwise(tmp_path: Path):
    """Two gigabytes, twenty seconds, and from the first byte of the file on no other file."""
    path = tmp_path / "video"
    path.write_bytes(sound())
    words = [sys.executable, "-c", AFTER, str(path), str(len(sound())), "[[0, 64]]", "0"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "ready",
        '{"needs": 64}',
        "(2147483648, 2147483648) (20, 20) (0, 0) (0, 0) (0, 0)",
    ]
