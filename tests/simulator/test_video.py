"""The delivered file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import pytest

from harness.simulator.job import VideoOrder
from harness.simulator.video import VideoFiles, frame_size, write_video

ORDER = VideoOrder(duration_s=5.0, aspect_ratio="16:9", has_audio=True)


@pytest.mark.parametrize(
    ("aspect_ratio", "resolution", "size"),
    [
        ("16:9", None, (128, 72)),
        ("9:16", None, (72, 128)),
        ("1:1", None, (72, 72)),
        ("4:3", None, (96, 72)),
        ("16:9", "1080p", (1920, 1080)),
        ("9:16", "1920x1080", (1080, 1920)),
        ("1:1", "720p", (720, 720)),
        ("16:9", "", (1280, 720)),
        ("wide", None, (128, 72)),
    ],
)
def test_the_size(aspect_ratio: str, resolution: str | None, size: tuple[int, int]):
    """Small unless a resolution is given; of the asked shape; even, as codecs want it."""
    assert frame_size(aspect_ratio, resolution) == size


@pytest.mark.parametrize("seconds", [5.0, 10.0, 7.5])
@pytest.mark.parametrize("has_audio", [True, False])
def test_duration_and_sound(tmp_path: Path, seconds: float, has_audio: bool):
    """As ordered, to a tenth of a second, for both tracks."""
    path = tmp_path / "video.mp4"
    write_video(path, replace(ORDER, duration_s=seconds, has_audio=has_audio), (128, 72))
    with av.open(str(path)) as container:
        assert container.duration is not None
        assert abs(container.duration / 1e6 - seconds) < 0.1
        assert [stream.type for stream in container.streams] == ["video", "audio"][: 1 + has_audio]
        for stream in container.streams:
            assert stream.duration is not None
            assert stream.time_base is not None
            assert abs(float(stream.duration * stream.time_base) - seconds) < 0.1


def test_the_same_bytes_for_the_same_order(tmp_path: Path):
    """The file depends on the order alone."""
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, ORDER, (128, 72))
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_each_order_is_made_once(tmp_path: Path):
    """The second demand finds the file; another order has another one."""
    files = VideoFiles(directory=tmp_path)
    path = files.path(ORDER, None)
    made = path.stat().st_mtime_ns
    assert (files.path(ORDER, None), path.stat().st_mtime_ns) == (path, made)
    assert files.path(replace(ORDER, has_audio=False), None) != path
    assert {file.suffix for file in tmp_path.iterdir()} == {".mp4"}


def test_no_video(tmp_path: Path):
    """An order for garbage gets some."""
    path = VideoFiles(directory=tmp_path).path(replace(ORDER, kind="garbage"), None)
    with pytest.raises(av.InvalidDataError):
        av.open(str(path)).close()
