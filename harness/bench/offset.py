"""The provider's clock beside ours: what a stated moment is on the client's clock.

Nothing is taken for granted: a Date header has a resolution of one second and was written at some moment
between the request and its answer, so that each answer bounds the offset, and all of them together bound it
more narrowly. Where they cannot all hold, the clocks do not keep the same pace or are not one clock, and no
stated moment is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from harness.client.sighting import Sighting

__all__ = ["WIDEST_S", "Moment", "Offset", "moment_of", "offset_by", "offset_of"]

WIDEST_S = 2.0
"""An offset that is known less well is not used: where in its width it lies would move with the load of the
network, and bias what is measured instead of narrowing it."""

_MILLISECONDS_FROM = 1e11
"""Unix time in seconds reaches this in the year 5138; in milliseconds it did in 1973."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment that a provider states, on its own clock, in Unix seconds: somewhere in [low, high]."""

    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """The provider's Unix time minus the client's monotonic time: somewhere in [low_s, high_s]."""

    low_s: float
    high_s: float

    @property
    def is_usable(self) -> bool:
        """Whether it is known well enough to narrow anything."""
        return self.high_s - self.low_s <= WIDEST_S

    @property
    def middle_s(self) -> float:
        """The middle of it."""
        return (self.low_s + self.high_s) / 2

    def with_(self, other: Offset) -> Offset | None:
        """Where both hold; None where they cannot."""
        low_s, high_s = max(self.low_s, other.low_s), min(self.high_s, other.high_s)
        return Offset(low_s=low_s, high_s=high_s) if low_s <= high_s else None

    def on_our_clock(self, moment: Moment) -> tuple[float, float]:
        """The first and the last moment of the client's clock that a stated one can be."""
        return moment.low_s - self.high_s, moment.high_s - self.low_s


def moment_of(value: Any) -> Moment | None:
    """A stated moment: Unix time in seconds or milliseconds, as a number or as text, or ISO 8601 with a zone.

    It is taken to be cut off after its last digit, as clocks show time: that is its width. None for what is
    none of these.
    """
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
        step_s = 10.0 ** -len(value.partition(".")[2])
        return _unix(float(value), step_s)
    if isinstance(value, str):
        return _iso(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        return None
    digits = str(value).partition(".")[2] if isinstance(value, float) and value != int(value) else ""
    return _unix(float(value), 10.0 ** -len(digits))


def _unix(value: float, step_s: float) -> Moment:
    factor = 1e-3 if value >= _MILLISECONDS_FROM else 1.0
    return _from(value * factor, step_s * factor)


def _iso(text: str) -> Moment | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        return None  # which zone it is, nobody says
    digits = re.search(r"\.(\d+)", text)
    return _from(when.timestamp(), 10.0 ** -len(digits[1]) if digits else 1.0)


def _from(value_s: float, step_s: float) -> Moment:
    return Moment(low_s=value_s, high_s=value_s + step_s)


def offset_of(sightings: Iterable[Sighting]) -> Offset | None:
    """What the Date headers of one job's answers leave of the offset.

    None where there is no such header, or where no offset fits all of them.
    """
    found: Offset | None = None
    for sighting in sightings:
        one = offset_by(sighting.date, sighting.sent_s, sighting.received_s)
        if one is not None:
            found = one if found is None else found.with_(one)
            if found is None:
                return None
    return None if found is None else _checked(found, sightings)


def offset_by(date: str | None, sent_s: float | None, received_s: float | None) -> Offset | None:
    """What one Date header says: it was written between request and answer, and cut off to seconds."""
    if date is None or sent_s is None or received_s is None:
        return None
    try:
        when_s = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
    return Offset(low_s=when_s - received_s, high_s=when_s + 1.0 - sent_s)


def _checked(offset: Offset, sightings: Iterable[Sighting]) -> Offset | None:
    """The offset with what a stated moment of the job's creation says of it.

    The Date may be a gateway's, and another clock than the one that moments in bodies are told by: where the
    job would have been made outside its own submit, it is.
    """
    for own in _creations(sightings):
        both = offset.with_(own)
        if both is None:
            return None
        offset = both
    return offset


def _creations(sightings: Iterable[Sighting]) -> Iterator[Offset]:
    found = list(sightings)
    submit = next((one for one in found if one.operation in ("submit", "generate")), None)
    stated = next((one.stated["queued_at"] for one in found if "queued_at" in one.stated), None)
    moment = moment_of(stated)
    if submit is not None and submit.sent_s is not None and moment is not None:
        yield Offset(low_s=moment.low_s - submit.received_s, high_s=moment.high_s - submit.sent_s)
