"""Reading delivered files: what they are, from as few bytes as it takes, and what is meant to do harm."""

from __future__ import annotations

import base64
import json
import os
import struct
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from harness.check import video_reader
from harness.check.video_probe import MOST_BYTES, Probe, _read, can_probe, probe
from harness.check.video_reader import MissingError, Pieces
from harness.errors import OperatorError
from harness.wire.video import VideoFacts, VideoProblem
from tests.check.videos import HOSTILE, moved_index, patched, sound


def probed(tmp_path: Path, content: bytes, **options: int) -> Probe:
    path = tmp_path / "video"
    path.write_bytes(content)
    return probe(path, **options)


def test_a_sound_file(tmp_path: Path):
    """All that it is, and a picture of it."""
    found = probed(tmp_path, sound(), frame_px=64)
    assert found.facts == VideoFacts(
        size_bytes=len(sound()),
        container="mp4",
        duration_s=2.0,
        width=128,
        height=72,
        fps=10.0,
        video_codec="h264",
        has_audio=True,
        audio_codec="aac",
        tracks=2,
    )
    assert found.frame_png is not None
    assert struct.unpack(">II", found.frame_png[16:24]) == (64, 36)


def test_a_file_without_sound_and_without_a_wish_for_a_picture(tmp_path: Path):
    """Neither is made up."""
    found = probed(tmp_path, sound(audio=False))
    assert (found.facts.has_audio, found.facts.audio_codec, found.facts.tracks) == (False, None, 1)
    assert found.frame_png is None


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_sound_video_is_a_finding(tmp_path: Path, name: str):
    """Never a crash, never a hang, and never more than a few seconds."""
    content, problem = HOSTILE[name]
    start_s = time.monotonic()
    found = probed(tmp_path, content, frame_px=64)
    assert found.facts.problem == VideoProblem(problem), found
    assert found.facts.note
    assert found.frame_png is None
    assert time.monotonic() - start_s < 20


@pytest.mark.parametrize("at_front", [True, False])
def test_only_what_it_takes_is_asked_for(tmp_path: Path, at_front: bool):
    """Piece by piece, wherever the index stands: the same facts as of the whole file."""
    plain = sound(8.0)
    content = moved_index(plain) if at_front else plain
    path = tmp_path / "video"
    path.write_bytes(content)
    whole = probe(path)
    here, size = [(0, 1024)], len(content)
    assert probe(path, size_bytes=size, ranges=here).needs is not None
    for _ in range(20):
        found = probe(path, size_bytes=size, ranges=here)
        if found.needs is None:
            break
        here.append((found.needs, min(size, found.needs + 3072)))
    assert found == whole
    assert found.facts.duration_s == 8.0


def test_what_a_file_refers_to_is_never_opened(tmp_path: Path):
    """No playlist, no list, no other file: the pieces of this one are all that is read."""
    secret = tmp_path / "secret"
    secret.write_bytes(sound())
    for text in (f"ffconcat version 1.0\nfile {secret}\n", f"#EXTM3U\n{secret}\n", f"concat:{secret}"):
        found = probed(tmp_path, text.encode())
        assert found.facts.problem is VideoProblem.NOT_A_VIDEO
        assert found.facts.duration_s is None


def test_what_a_file_claims_is_told_as_it_is(tmp_path: Path):
    """A length of years in its header is not believed where the samples say otherwise."""
    found = probed(tmp_path, patched(b"mvhd", 16, struct.pack(">I", 2**32 - 1)))
    assert found.facts.duration_s == 2.0


def test_a_picture_of_huge_size_is_not_decoded(tmp_path: Path):
    """The claim is there to be judged; memory is not taken for it."""
    found = probed(tmp_path, patched(b"avc1", 24, struct.pack(">HH", 65535, 65535)), frame_px=64)
    assert found.facts.problem in (None, VideoProblem.UNREADABLE, VideoProblem.OVER_LIMIT)


def test_a_file_larger_than_any_video_is_not_read(tmp_path: Path):
    """However little of it is here."""
    path = tmp_path / "video"
    path.write_bytes(sound())
    found = probe(path, size_bytes=MOST_BYTES + 1, ranges=[(0, 100)])
    note = "1000000001 bytes, and more than 1000000000 are no video of some seconds"
    assert found == Probe(
        facts=VideoFacts(size_bytes=1_000_000_001, problem=VideoProblem.OVER_LIMIT, note=note)
    )
    assert probe(path, size_bytes=MOST_BYTES, ranges=[(0, 16)]).needs == 16


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path):
    """That is a fault of the file, too."""
    path = tmp_path / "video"
    path.write_bytes(sound())
    note = "reading it takes longer than 0.001 s"
    facts = VideoFacts(size_bytes=len(sound()), problem=VideoProblem.UNREADABLE, note=note)
    assert probe(path, within_s=0.001) == Probe(facts=facts)


posix = pytest.mark.skipif(os.name != "posix", reason="what stands in for the interpreter is a script")


def another_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> Path:
    """What is started in place of Python, and a sound file for it."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    path = tmp_path / "video"
    path.write_bytes(sound())
    return path


@posix
def test_the_reader_has_no_key_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Its environment is empty, and nothing is typed to it."""
    script = """printf 'ready\\n{"failed": "key %s, input %s"}' "$HARNESS_KEY" "$(cat)" """
    path = another_interpreter(monkeypatch, tmp_path, script)
    monkeypatch.setenv("HARNESS_KEY", "s3cr3t")
    with pytest.raises(OperatorError) as caught:
        probe(path)
    assert str(caught.value) == "the reader of videos failed: key , input "


@posix
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, f"{len(sound())} [[0, {len(sound())}]] 0"),
        ({"size_bytes": 9, "ranges": [(0, 2), (4, 9)], "frame_px": 64}, "9 [[0, 2], [4, 9]] 64"),
        ({"size_bytes": 9, "ranges": []}, "9 [] 0"),
    ],
)
def test_what_the_reader_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: dict[str, Any], told: str
):
    """Isolated from our packages: the file, its size, what is here of it, and how large a picture is."""
    script = """printf 'ready\\n{"failed": "%s"}' "$*" """
    path = another_interpreter(monkeypatch, tmp_path, script)
    with pytest.raises(OperatorError) as caught:
        probe(path, **options)
    program = video_reader.__file__
    assert str(caught.value) == f"the reader of videos failed: -I {program} {path} {told}"


@posix
@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "no answer"),
        ("echo one >&2; echo two >&2; exit 1", "two"),
        ("echo steady", "no answer"),
        (r"printf '\377' >&2", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_reader_that_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, why: str):
    """It is the operator's to install what it needs: the last line of its error output says what."""
    path = another_interpreter(monkeypatch, tmp_path, script)
    with pytest.raises(OperatorError) as caught:
        probe(path)
    assert str(caught.value) == f"the reader of videos does not start: {why}"


@posix
@pytest.mark.parametrize(("script", "how"), [("kill -9 $$", "signal 9"), ("exit 3", "status 3")])
def test_a_reader_that_ends_without_an_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, how: str
):
    """How it ended is said."""
    path = another_interpreter(monkeypatch, tmp_path, f"echo ready; {script}")
    assert probe(path).facts.note == f"it brings its reader down ({how})"


@posix
def test_no_interpreter_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The system's word for it."""
    path = another_interpreter(monkeypatch, tmp_path, "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(OperatorError) as caught:
        probe(path)
    assert str(caught.value) == "the reader of videos does not start: No such file or directory"


def test_the_library_is_here():
    """The tests need it."""
    assert can_probe()


def test_pieces_say_what_is_missing(tmp_path: Path):
    """And give what is here, as far as it goes in one piece."""
    path = tmp_path / "video"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        pieces = Pieces(file, 10, [[0, 4], [8, 10]])
        assert pieces.read(6) == b"0123"
        with pytest.raises(MissingError):
            pieces.read(1)
        assert pieces.missing == 4
        assert pieces.seek(-2, 2) == 8
        assert pieces.read() == b"89"
        assert pieces.read(1) == b""


@pytest.mark.parametrize(
    ("answer", "code", "note"),
    [
        (b"", -11, "it brings its reader down (signal 11)"),
        (b"[1]", 1, "it brings its reader down (status 1)"),
        (b'{"width": -3}', 0, "it says of itself what cannot be: width: got -3"),
        (b"no JSON", 0, "it brings its reader down (status 0)"),
        (b"[" * 100_000, 0, "it brings its reader down (status 0)"),
    ],
)
def test_a_reader_that_was_brought_down(answer: bytes, code: int, note: str):
    """By the file: that is a finding about it."""
    assert _read(answer, 5, code) == Probe(
        facts=VideoFacts(size_bytes=5, problem=VideoProblem.UNREADABLE, note=note)
    )


def test_an_answer_is_read_whole():
    """What is not known is left out, the picture is taken as it is; a size of the reader's own is not."""
    picture = b"\x89PNG\r\n\x1a\n" + bytes(400_000 - 8)
    answer = {"width": 2, "height": None, "size_bytes": 1, "frame": base64.b64encode(picture).decode()}
    assert _read(json.dumps(answer).encode(), 5, 0) == Probe(
        facts=VideoFacts(size_bytes=5, width=2), frame_png=picture
    )
    assert _read(b'{"needs": 7}', 9, 0) == Probe(facts=VideoFacts(size_bytes=9), needs=7)
    assert _read(b'{"needs": null, "width": 2}', 9, 0).needs is None


def test_a_reader_that_fails_by_itself_says_nothing_of_the_file():
    """What this machine lacks is the operator's."""
    with pytest.raises(OperatorError, match=r"^the reader of videos failed: OSError: x$"):
        _read(b'{"failed": "OSError: x"}', 5, 0)


TOO_LARGE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(400_000 - 7)).decode()
SPACED = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode().replace("G", " G")


@pytest.mark.parametrize("frame", ["not base64", "AAAA", 7, TOO_LARGE, SPACED])
def test_a_picture_that_is_none_is_left_out(frame: object):
    """Or that is too large for a report."""
    assert _read(json.dumps({"frame": frame}).encode(), 5, 0).frame_png is None
