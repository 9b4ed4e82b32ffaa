"""What a job delivered: fetched, whole or in the ranges that reading it takes, and looked at."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.check.video_probe import MOST_BYTES, Probe, can_probe, probe
from harness.client.client import Client
from harness.client.fetch import Fetched
from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.wire.video import VideoFacts, VideoProblem

__all__ = ["Delivered", "Viewing", "fetch_parts", "fetch_whole", "look_inside"]

_FIRST_BYTES = 256 * 1024
_NEXT_BYTES = 1024 * 1024
_MOST_READ_BYTES = 64 * 1024 * 1024
_MOST_ROUNDS = 16
_MOST_WHOLE_BYTES = 512 * 1024 * 1024
_NO_RANGES = frozenset({200, 416})
_NO_LIBRARY = "the video was not looked at: pip install 'video-api-harness[video]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """How an output is looked at: in which directory, with a picture of how many pixels (0: none)."""

    directory: Path
    frame_px: int = 0
    in_ranges: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of an output. `facts` is None where it did not come or was not looked at; `why` says so."""

    fetched: Fetched | None = None
    facts: VideoFacts | None = None
    frame_png: bytes | None = field(default=None, repr=False)
    why: str | None = None


async def fetch_whole(client: Client, spec: Spec, url: str, viewing: Viewing) -> Delivered:
    """Downloads all of it, and looks at it. One that never ends is a fault of the file."""
    path = viewing.directory / "video"
    fetched = await client.fetch(spec, url, to=path, most_bytes=_MOST_WHOLE_BYTES)
    if fetched.size_bytes > _MOST_WHOLE_BYTES:
        note = f"more than {_MOST_WHOLE_BYTES} bytes came, which is no video of some seconds"
        return Delivered(fetched=fetched, facts=VideoFacts(problem=VideoProblem.OVER_LIMIT, note=note))
    if fetched.error is not None:
        return Delivered(fetched=fetched, why=fetched.error)
    return replace(await _seen(path, viewing), fetched=fetched)


async def look_inside(text: str, viewing: Viewing) -> Delivered:
    """A video that came in the answer itself, in base64."""
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        problem = VideoProblem.NOT_A_VIDEO
        return Delivered(facts=VideoFacts(problem=problem, note="the answer's video is not base64"))
    path = viewing.directory / "video"
    await asyncio.to_thread(path.write_bytes, content)
    return await _seen(path, viewing)


async def _seen(path: Path, viewing: Viewing) -> Delivered:
    if not can_probe():
        return Delivered(why=_NO_LIBRARY)
    try:
        found = await asyncio.to_thread(probe, path, frame_px=viewing.frame_px)
    except OperatorError as error:
        return Delivered(why=f"the video was not looked at: {error}")  # the job is paid for all the same
    return Delivered(facts=found.facts, frame_png=found.frame_png)


@dataclass(slots=True, kw_only=True)
class _Parts:
    """What is here of a file of `total_bytes`."""

    path: Path
    total_bytes: int
    ranges: list[tuple[int, int]] = field(default_factory=list)

    @property
    def read_bytes(self) -> int:
        return sum(end - first for first, end in self.ranges)

    def take(self, part: Path, start: int) -> None:
        """Puts what was fetched into its place."""
        content = part.read_bytes()
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.seek(start)
            file.write(content)
        part.unlink()
        self.ranges = list(_merged([*self.ranges, (start, start + len(content))]))

    def length_from(self, start: int, round_: int) -> int:
        """How much to fetch next: more each time, and the end with what is near to it."""
        left, wanted = self.total_bytes - start, _NEXT_BYTES * 2 ** min(round_, 4)
        return left if left <= 2 * wanted else wanted


def _merged(ranges: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The same bytes in as few ranges as they fill."""
    current: tuple[int, int] | None = None
    for first, end in sorted(ranges):
        if current is not None and first <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (first, end)
    if current is not None:
        yield current


async def fetch_parts(client: Client, spec: Spec, url: str, viewing: Viewing) -> Delivered:
    """Downloads what looking at it takes: its beginning, its index wherever that stands, one picture.

    All of it where the server gives no ranges, or nobody can look at it here.
    """
    if not can_probe():
        return await fetch_whole(client, spec, url, viewing)
    part = viewing.directory / "part"
    first = await client.fetch(spec, url, to=part, length=_FIRST_BYTES)
    if (first.error is not None and first.status in _NO_RANGES) or (
        first.error is None and first.total_bytes is None
    ):
        part.unlink(missing_ok=True)
        return await fetch_whole(client, spec, url, viewing)
    if first.error is not None:
        return Delivered(fetched=first, why=first.error)
    parts = _Parts(path=viewing.directory / "video", total_bytes=first.total_bytes or 0)
    parts.take(part, 0)
    for round_ in range(_MOST_ROUNDS):
        try:
            found = await asyncio.to_thread(
                probe,
                parts.path,
                size_bytes=parts.total_bytes,
                ranges=parts.ranges,
                frame_px=viewing.frame_px,
            )
        except OperatorError as error:
            return Delivered(fetched=first, why=f"the video was not looked at: {error}")
        if found.needs is None or parts.read_bytes > _MOST_READ_BYTES:
            return _of_parts(first, parts, found)
        length = parts.length_from(found.needs, round_)
        more = await client.fetch(spec, url, to=part, start=found.needs, length=length)
        if more.error is not None:
            return Delivered(fetched=more, why=more.error)
        parts.take(part, found.needs)
    return _of_parts(first, parts, found)


def _of_parts(first: Fetched, parts: _Parts, found: Probe) -> Delivered:
    is_whole = parts.ranges == [(0, parts.total_bytes)] and parts.total_bytes <= MOST_BYTES
    digest = hashlib.sha256(parts.path.read_bytes()).hexdigest() if is_whole else None
    fetched = replace(first, size_bytes=parts.read_bytes, sha256=digest)
    if found.needs is not None:
        why = f"looking at it takes more than {parts.read_bytes} of its {parts.total_bytes} bytes"
        return Delivered(fetched=fetched, why=why)
    return Delivered(fetched=fetched, facts=found.facts, frame_png=found.frame_png)
