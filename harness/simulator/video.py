"""The delivered file: a real MP4 of the asked length, shape and sound, the same bytes for the same order."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from harness.simulator.job import VideoOrder

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

__all__ = ["FRAME_RATE", "VideoFiles", "frame_size", "write_video"]

FRAME_RATE = 10
_SAMPLE_RATE = 16_000
_SAMPLES_PER_FRAME = 1024
_SMALL_SIDE = 72
_OWN_SIDE = 720  # full resolution where no document gives one
_RATIO = re.compile(r"([1-9][0-9]{0,2}):([1-9][0-9]{0,2})")
_RESOLUTION = re.compile(r"(?:([0-9]{3,4})p|([0-9]{3,4})x([0-9]{3,4}))")
_GARBAGE = b"This is no video.\n" * 64


def frame_size(aspect_ratio: str, resolution: str | None) -> tuple[int, int]:
    """Width and height in even pixels. `resolution` is a documented one (`1080p`, `1920x1080`): its smaller
    side becomes the video's; None: a small video of the same shape.
    """
    ratio = _RATIO.fullmatch(aspect_ratio)
    wide, high = (int(part) for part in ratio.groups()) if ratio else (16, 9)
    small = _SMALL_SIDE
    if resolution is not None:
        found = _RESOLUTION.search(resolution)
        small = min(int(side) for side in found.groups() if side) if found else _OWN_SIDE
    scale = Fraction(small, min(wide, high))
    return _even(wide * scale), _even(high * scale)


def _even(length: Fraction) -> int:
    return max(2, 2 * round(length / 2))


def write_video(path: Path, order: VideoOrder, size: tuple[int, int]) -> None:
    """Writes the file: H.264 where the codec is there, else MPEG-4; AAC silence if it is to have audio."""
    if order.kind != "video":
        path.write_bytes(_GARBAGE)
        return
    import av

    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
    os.close(descriptor)
    partial = Path(name)  # of its own: two providers may be asked for the same video at once
    with av.open(str(partial), "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        has_h264 = "libx264" in av.codecs_available
        options = {"preset": "ultrafast", "x264-params": "log-level=none"} if has_h264 else {}
        picture = container.add_stream("libx264" if has_h264 else "mpeg4", rate=FRAME_RATE, options=options)
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        picture.codec_context.thread_count = 1  # more threads, other bytes
        sound = container.add_stream("aac", rate=_SAMPLE_RATE, layout="mono") if order.has_audio else None
        _pictures(container, picture, round(order.duration_s * FRAME_RATE), size)
        if sound is not None:
            _silence(container, sound, round(order.duration_s * _SAMPLE_RATE))
    partial.replace(path)


def _pictures(container: OutputContainer, stream: VideoStream, count: int, size: tuple[int, int]) -> None:
    import av

    frame = av.VideoFrame(*size, "yuv420p")
    for shade, plane in zip((90, 110, 150), frame.planes, strict=True):
        plane.update(bytes([shade]) * plane.buffer_size)
    frame.time_base = Fraction(1, FRAME_RATE)
    for index in range(count):
        frame.pts = index
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def _silence(container: OutputContainer, stream: AudioStream, total: int) -> None:
    import av

    for start in range(0, total, _SAMPLES_PER_FRAME):
        samples = min(_SAMPLES_PER_FRAME, total - start)
        frame = av.AudioFrame(format="fltp", layout="mono", samples=samples)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts, frame.time_base = _SAMPLE_RATE, start, Fraction(1, _SAMPLE_RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFiles:
    """The files made so far, in one directory: each order is made once."""

    directory: Path

    def path(self, order: VideoOrder, resolution: str | None) -> Path:
        """The file for an order, made now if it is not there. Blocks while it is made."""
        size = frame_size(order.aspect_ratio, resolution)
        sound = "sound" if order.has_audio else "silent"
        name = f"{order.kind}-{order.duration_s:g}s-{size[0]}x{size[1]}-{sound}.mp4"
        path = self.directory / name
        if not path.exists():
            write_video(path, order, size)
        return path
