"""Recordings that fill several files, put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from harness.errors import OperatorError
from harness.finding import Skipped
from harness.wire.message import Recording

__all__ = ["joined"]


def joined(found: Iterable[Recording | Skipped]) -> Iterator[Recording | Skipped]:
    """The same, with the parts of one recording as one; it stands where its first part stood.

    Each message keeps the file and the place that it stands at. Raises OperatorError where a part is missing.
    """
    entries = list(found)
    parts: dict[str, list[Recording]] = {}
    for entry in entries:
        if isinstance(entry, Recording) and entry.part is not None:
            first = str(PurePath(entry.file).with_name(entry.part[2]))
            parts.setdefault(first, []).append(entry)
    for entry in entries:
        if isinstance(entry, Skipped) or entry.part is None:
            yield entry
        elif entry.file in parts:
            yield _whole(parts.pop(entry.file))
    for alone in parts.values():  # whose first part is missing
        yield _whole(alone)


def _whole(parts: list[Recording]) -> Recording:
    ordered = sorted(parts, key=lambda part: part.part or (0, 0, ""))
    first = ordered[0]
    count = first.part[1] if first.part is not None else 1
    numbers = [part.part[0] for part in ordered if part.part is not None]
    missing = sorted(set(range(1, count + 1)) - set(numbers))
    if missing:
        raise OperatorError(f"{first.file}: part {missing[0]} of {count} of this recording is missing")
    return replace(
        first,
        exchanges=tuple(exchange for part in ordered for exchange in part.exchanges),
        deliveries=tuple(delivery for part in ordered for delivery in part.deliveries),
        events=tuple(event for part in ordered for event in part.events),
        videos=tuple(video for part in ordered for video in part.videos),
        part=None,
    )
