"""Files that a provider might deliver: sound ones, broken ones, and ones that are meant to do harm."""

from __future__ import annotations

import struct
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from harness.simulator.job import VideoOrder
from harness.simulator.video import write_video

__all__ = ["HOSTILE", "box", "many_tracks", "moved_index", "patched", "silence", "sound", "written"]


@cache
def sound(duration_s: float = 2.0, *, audio: bool = True, size: tuple[int, int] = (128, 72)) -> bytes:
    """A real MP4 of the simulator's, its index at the end."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "video.mp4"
        order = VideoOrder(duration_s=duration_s, aspect_ratio="16:9", has_audio=audio)
        write_video(path, order, size)
        return path.read_bytes()


@cache
def written(container: str, *, pixel: Fraction = Fraction(1), rate: Fraction = Fraction(10)) -> bytes:
    """Four pictures of 64 by 36, `rate` a second; `pixel` is how much wider than high each dot is."""
    content = BytesIO()
    with av.open(content, "w", format=container, options={"fflags": "+bitexact"}) as file:
        track = file.add_stream("mpeg4", rate=rate)
        track.width, track.height, track.pix_fmt = 64, 36, "yuv420p"
        track.codec_context.sample_aspect_ratio = pixel
        for number in range(4):
            frame = av.VideoFrame(64, 36, "yuv420p")
            frame.pts, frame.time_base = number, 1 / rate
            file.mux(track.encode(frame))
        file.mux(track.encode())
    return content.getvalue()


@cache
def silence() -> bytes:
    """An MP4 with a track of sound and none of pictures."""
    content = BytesIO()
    with av.open(content, "w", format="mp4", options={"fflags": "+bitexact"}) as file:
        track = file.add_stream("aac", rate=16_000, layout="mono")
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.sample_rate, frame.pts, frame.time_base = 16_000, 0, Fraction(1, 16_000)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        file.mux(track.encode(frame))
        file.mux(track.encode())
    return content.getvalue()


def box(name: bytes, content: bytes = b"", *, length: int | None = None) -> bytes:
    """One box of ISO 14496-12; `length` is what it claims."""
    return struct.pack(">I", len(content) + 8 if length is None else length) + name + content


def boxes_of(content: bytes) -> dict[bytes, tuple[int, int]]:
    """Name -> (first byte, byte after the last) of each top box."""
    found, offset = {}, 0
    while offset < len(content):
        length = struct.unpack(">I", content[offset : offset + 4])[0]
        found[content[offset + 4 : offset + 8]] = (offset, offset + length)
        offset += length
    return found


def moved_index(content: bytes) -> bytes:
    """The same with its index before the samples, where a file for streaming has it."""
    places = boxes_of(content)
    start, end = places[b"moov"]
    first = places[b"free"][0]
    index = bytearray(content[start:end])
    at = -1
    while (at := index.find(b"stco", at + 1)) != -1:
        count = struct.unpack(">I", index[at + 8 : at + 12])[0]
        for number in range(count):
            place = at + 12 + 4 * number
            offset = struct.unpack(">I", index[place : place + 4])[0]
            index[place : place + 4] = struct.pack(">I", offset + end - start)
    return content[:first] + bytes(index) + content[first:start]


def patched(name: bytes, offset: int, value: bytes) -> bytes:
    """A sound file in which some bytes after a box's name are others."""
    content = bytearray(sound())
    at = content.index(name) + 4 + offset
    content[at : at + len(value)] = value
    return bytes(content)


def many_tracks(count: int) -> bytes:
    """A file with the same track as often as that."""
    content = sound(audio=False)
    places = boxes_of(content)
    start, end = places[b"moov"]
    index = content[start + 8 : end]
    at = index.index(b"trak") - 4
    length = struct.unpack(">I", index[at : at + 4])[0]
    track = index[at : at + length]
    return content[:start] + box(b"moov", index[:at] + track * count + index[at + length :])


def _nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = box(b"moov", content)
    return box(b"ftyp", b"isom\0\0\2\0isom") + content


_HALF = sound()[: len(sound()) // 2]

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not-a-video"),
    "html": (b"<!doctype html><html><body>Sign in</body></html>", "not-a-video"),
    "json": (b'{"error": "expired"}', "not-a-video"),
    "text": (b"This is no video.\n" * 64, "not-a-video"),
    "noise": (bytes((index * 197 + 13) % 251 for index in range(4096)), "not-a-video"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(64), "not-a-video"),
    "playlist": (b"#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n", "not-a-video"),
    "concat list": (b"ffconcat version 1.0\nfile /etc/passwd\n", "not-a-video"),
    "manifest": (
        b"\xef\xbb\xbf<?xml version='1.0'?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>",
        "not-a-video",
    ),
    "sound alone": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(32), "not-a-video"),
    "avi": (b"RIFF\x24\0\0\0AVI LIST" + bytes(32), "other-container"),
    "flash": (b"FLV\x01\x05" + bytes(32), "other-container"),
    "cut in half": (_HALF, "truncated"),
    "cut in the samples": (moved_index(sound())[:-200], "truncated"),
    "no index": (box(b"ftyp", b"isom\0\0\2\0isom") + box(b"mdat", bytes(64)), "truncated"),
    "box beyond the end": (box(b"ftyp", b"isom\0\0\2\0isom") + box(b"moov", length=2**31), "truncated"),
    "box of 2^63 bytes": (
        box(b"ftyp", b"isom\0\0\2\0isom") + box(b"moov", struct.pack(">Q", 2**63 - 1), length=1),
        "truncated",
    ),
    "box of no length": (box(b"ftyp", b"isom\0\0\2\0isom") + box(b"moov", length=0), "not-a-video"),
    "box shorter than its name": (box(b"ftyp", b"isom") + box(b"moov", length=4) + bytes(32), "unreadable"),
    "a million empty boxes": (box(b"ftyp", b"isom") + box(b"free") * 200_000, "unreadable"),
    "boxes in boxes": (_nested(20_000), "unreadable"),
    "a hundred tracks": (many_tracks(100), "over-limit"),
    "a matroska header alone": (b"\x1a\x45\xdf\xa3" + b"webm" + bytes(64), "unreadable"),
    "ten thousand tracks": (many_tracks(10_000), "unreadable"),
}
"""What a file is called -> the file, and the problem that reading it has to come to."""
