"""Reads one delivered file, in a process of its own: what it finds there was made by a stranger.

    python -I video_reader.py FILE SIZE_BYTES RANGES FRAME_PX

FILE is the file, or of a file that is not all here, the pieces that are, in their places: RANGES is a JSON
list of `[first, end]`. Nothing but that file is opened, whatever the file refers to: the format is forced, no
protocol is allowed, and the library reads through the object below. One JSON object comes out: `needs` (the
first byte that is missing) or what the file is, with a frame as PNG in base64 (FRAME_PX wide or high at most;
0: none).

This module imports nothing of the package: it runs as a script, under limits on memory, time and output.
"""

from __future__ import annotations

import base64
import io
import json
import math
import pkgutil
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

__all__ = ["READY", "MissingError", "Pieces", "examine", "main"]

READY = "ready"
"""The first line of output: what fails before it is no fault of the file."""

_MEMORY_BYTES = 2 * 1024**3
_CPU_S = 20
_MOST_TRACKS = 64
_MOST_BOXES = 4096
_MOST_SAMPLES = 2_000_000
_MOST_PIXELS = 16384 * 8640
_HEAD_BYTES = 4096
_BOXES = frozenset({b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_SIGNATURES: tuple[tuple[bytes, str, bool], ...] = (
    (b"#EXTM3U", "a playlist", False),
    (b"ffconcat", "a list of other files", False),
    (b"<", "HTML or XML", False),
    (b"{", "JSON", False),
    (b"[", "JSON", False),
    (b"\x89PNG", "a PNG image", False),
    (b"\xff\xd8\xff", "a JPEG image", False),
    (b"GIF8", "a GIF image", False),
    (b"%PDF", "a PDF document", False),
    (b"PK\x03\x04", "a ZIP archive", False),
    (b"ID3", "an audio file", False),
    (b"OggS", "ogg", True),
    (b"FLV\x01", "flv", True),
    (b"\x00\x00\x01\xba", "mpeg", True),
    (b"\x47\x40", "mpegts", True),
)
"""How other files begin: what they are, and whether that is a container of video, too."""


class MissingError(Exception):
    """A part of the file that is not here is asked for."""


class Pieces(io.RawIOBase):
    """A file of which some ranges are here. `missing` is the first place that was asked for and is not."""

    def __init__(self, file: Any, size: int, ranges: list[list[int]]) -> None:
        self._file, self.size, self._ranges = file, size, ranges
        self._at = 0
        self.missing: int | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """And from any place."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """To a place from the start, from here, or from the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as many as are here in one piece."""
        if self._at >= self.size or size == 0:
            return b""
        end = next((end for first, end in self._ranges if first <= self._at < end), None)
        if end is None:
            if self.missing is None:
                self.missing = self._at
            raise MissingError
        wanted = end - self._at if size < 0 else min(size, end - self._at)
        self._file.seek(self._at)
        found: bytes = self._file.read(wanted)
        self._at += len(found)
        return found

    def whole(self, offset: int, size: int) -> bytes:
        """Bytes from a place, fewer only at the end of the file."""
        self.seek(offset)
        found = b""
        while len(found) < size and (piece := self.read(size - len(found))):
            found += piece
        return found


def main(arguments: list[str], *, limited: bool = True) -> int:
    """Reads the file that the arguments name and prints what it is. `limited` is for good: see `_limit`."""
    import av

    av.logging.set_level(None)
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if ".__" not in module.name:
            import_module(module.name)  # what it would import later could not be opened then
    if limited:
        _limit()
    _say(READY)
    name, size, ranges, frame_px = arguments
    with open(name, "rb") as file:  # noqa: PTH123 - nothing more than it needs
        if limited:
            _open_nothing_more()
        pieces = Pieces(file, int(size), json.loads(ranges))
        try:
            found = examine(pieces, int(frame_px))
        except MissingError:
            found = {}
        except MemoryError:
            found = {"problem": "unreadable", "note": "reading it takes more memory than allowed"}
        except (ImportError, OSError) as error:
            found = {"failed": f"{type(error).__name__}: {error}"}  # no fault of the file's
        except Exception as error:  # whatever the library raises over what it was given
            found = {"problem": "unreadable", "note": f"it cannot be read: {type(error).__name__}"}
        if pieces.missing is not None:
            found = {"needs": pieces.missing}
    _say(json.dumps(found))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _limit() -> None:
    """What this process may use at most, where the system has such limits."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, _MEMORY_BYTES),
            (resource.RLIMIT_CPU, _CPU_S),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(OSError, ValueError):
                resource.setrlimit(what, (most, most))


def _open_nothing_more() -> None:
    """From now on no file and no socket can be opened by this process, where the system has such limits."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def examine(pieces: Pieces, frame_px: int) -> dict[str, Any]:
    """What the file is, in the members of `harness.wire.video.VideoFacts`, and `frame`."""
    head = pieces.whole(0, _HEAD_BYTES)
    kind, note = _kind(head)
    if note is not None:
        return {"problem": kind, "note": note, **_other(head)}
    facts: dict[str, Any] = {}
    if kind == "mov":
        facts["container"], fault = _boxes(pieces, head)
        if fault is not None:
            return {**facts, **fault}
    else:
        facts["container"] = "webm" if b"webm" in head else "matroska"
    return {**facts, **_opened(pieces, kind, frame_px)}


def _kind(head: bytes) -> tuple[str, str | None]:
    """`(format, None)` for what is read, `(problem, words)` for everything else."""
    if not head:
        return "not-a-video", "the file is empty"
    if head[4:8] in _BOXES:
        return "mov", None
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska", None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:4] == b"RIFF":
        is_avi = head[8:12] == b"AVI "
        return ("other-container", "the file is avi") if is_avi else ("not-a-video", "the file is no video")
    for signature, words, is_video in _SIGNATURES:
        if start.startswith(signature):
            return "other-container" if is_video else "not-a-video", f"the file is {words}"
    with suppress(UnicodeDecodeError):
        head[:1024].decode("ascii")
        return "not-a-video", "the file is text"
    return "not-a-video", "the file begins as no container of video does"


def _other(head: bytes) -> dict[str, Any]:
    kind, note = _kind(head)
    return {"container": (note or "").rpartition(" ")[2]} if kind == "other-container" else {}


def _boxes(pieces: Pieces, head: bytes) -> tuple[str, dict[str, Any] | None]:
    """`(mp4 or mov, what is wrong with the row of boxes)`: each must end inside the file (ISO 14496-12)."""
    is_quicktime = head[4:8] != b"ftyp" or head[8:12] == b"qt  "
    container, offset, seen = "mov" if is_quicktime else "mp4", 0, set()
    for _ in range(_MOST_BOXES):
        if offset >= pieces.size:
            break
        header = pieces.whole(offset, 16)
        length, name = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = pieces.size - offset  # it reaches to the end of the file
        shown = name.decode("latin-1")
        if len(header) < 8 or length < 8:
            note = f"at byte {offset} there is no box: {header[:8].hex()}"
            return container, {"problem": "unreadable", "note": note}
        if offset + length > pieces.size:
            end = offset + length
            note = f"the box {shown!r} ends at byte {end}, and the file at {pieces.size}"
            return container, {"problem": "truncated", "note": note}
        seen.add(name)
        offset += length
    else:
        return container, {"problem": "unreadable", "note": f"more than {_MOST_BOXES} boxes"}
    if b"moov" not in seen:
        return container, {"problem": "truncated", "note": "the file has no index (box 'moov')"}
    return container, None


def _opened(pieces: Pieces, kind: str, frame_px: int) -> dict[str, Any]:
    import av

    pieces.seek(0)
    options = {"protocol_whitelist": "none"}
    try:
        with av.open(pieces, "r", format=kind, options=options) as container:
            return _facts(pieces, container, frame_px)
    except (av.FFmpegError, ValueError, OverflowError, IndexError) as error:
        words = " ".join(str(error).replace("<none>", "").split())
        return {"problem": "unreadable", "note": f"it cannot be read: {words[:200]}"}


def _facts(pieces: Pieces, container: Any, frame_px: int) -> dict[str, Any]:
    tracks = len(container.streams)
    if tracks > _MOST_TRACKS:
        return {"problem": "over-limit", "tracks": tracks, "note": f"more than {_MOST_TRACKS} tracks"}
    if not container.streams.video:
        note = "the file has no picture" + (", only sound" if container.streams.audio else "")
        return {"problem": "not-a-video", "tracks": tracks, "note": note}
    picture = container.streams.video[0]
    sounds = container.streams.audio
    facts: dict[str, Any] = {
        "tracks": tracks,
        "has_audio": bool(sounds),
        "video_codec": picture.codec_context.name,
        "audio_codec": sounds[0].codec_context.name if sounds else None,
        "fps": _rounded(picture.average_rate),
        "duration_s": _duration_s(picture, container),
        **_shape(picture),
    }
    beyond = _beyond(pieces, container)
    if beyond is not None:
        note = f"the index leads to byte {beyond}, and the file ends at {pieces.size}"
        return {**facts, "problem": "truncated", "note": note}
    return {**facts, **_first_frame(picture, container, facts, frame_px)}


def _rounded(number: Any) -> float | None:
    return round(float(number), 4) if number and math.isfinite(number) else None


def _duration_s(picture: Any, container: Any) -> float | None:
    """That of the picture, as its samples add up to; without an index, what the file says."""
    if picture.duration and picture.time_base:
        return _rounded(picture.duration * picture.time_base)
    return _rounded(container.duration / 1_000_000) if container.duration else None


def _shape(picture: Any) -> dict[str, Any]:
    width, height = picture.codec_context.width, picture.codec_context.height
    if not width or not height:
        return {}
    aspect = picture.sample_aspect_ratio
    return {"width": round(width * float(aspect)) if aspect else width, "height": height}


def _beyond(pieces: Pieces, container: Any) -> int | None:
    """The end of the sample that lies furthest beyond the end of the file."""
    ends, left = [0], _MOST_SAMPLES
    for stream in container.streams:
        entries = getattr(stream, "index_entries", None) or ()
        for index in range(min(len(entries), left)):
            entry = entries[index]
            ends.append(entry.pos + entry.size)
        left -= min(len(entries), left)
    return max(ends) if max(ends) > pieces.size else None


def _first_frame(picture: Any, container: Any, facts: dict[str, Any], frame_px: int) -> dict[str, Any]:
    """The turn of the picture, and the frame as PNG; a note where it cannot be decoded."""
    import av

    if (facts.get("width") or 0) * (facts.get("height") or 0) > _MOST_PIXELS:
        return {}
    picture.thread_count = 1
    try:
        frame = next(iter(container.decode(picture)), None)
    except av.FFmpegError as error:
        words = " ".join(str(error).split())
        return {"problem": "unreadable", "note": f"its first picture cannot be decoded: {words[:200]}"}
    if frame is None:
        return {"problem": "unreadable", "note": "it holds no picture"}
    found: dict[str, Any] = {}
    if getattr(frame, "rotation", 0) % 180 == 90:
        found.update(width=facts.get("height"), height=facts.get("width"))
    if frame_px:
        found["frame"] = base64.b64encode(_png(frame, facts, frame_px)).decode("ascii")
    return found


def _png(frame: Any, facts: dict[str, Any], frame_px: int) -> bytes:
    import av

    wide, high = facts.get("width") or frame.width, facts.get("height") or frame.height
    scale = min(1.0, frame_px / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = frame.reformat(*size, "rgb24")
    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt, encoder.time_base = "rgb24", small.time_base
    return b"".join(bytes(packet) for part in (small, None) for packet in encoder.encode(part))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
