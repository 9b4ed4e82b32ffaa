"""Recorded messages, whatever file or socket they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from harness.finding import Location
from harness.wire.video import DeliveredVideo

__all__ = ["Cut", "Delivery", "Event", "Exchange", "HttpRequest", "HttpResponse", "Provenance", "Recording"]


class Provenance(StrEnum):
    """Where messages come from; figures of different provenance never share a column without a label."""

    DOCUMENTED = "documented"  # printed in a provider's document
    SIMULATED = "simulated"  # by the simulator of this package
    LIVE = "live"  # by the provider itself
    UNKNOWN = "unknown"  # a file that does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """That a recording does not keep a body whole: size and SHA-256 (hex) of what was received.

    `strings` is 0 where only the first bytes are kept; else the body is JSON and whole but for so many long
    strings in it, of which the start is kept.
    """

    size_bytes: int
    sha256: str
    strings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request. Header names are as they were sent; `header` looks them up without regard to case."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """One answer. `cut` says what its body was, where a recording keeps a part of it."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: Cut | None = None

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return _header(self.headers, name)


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer (None: there was none; `error` then says why).

    `sent_s` and `received_s` are seconds since the start of the recording on a monotonic clock, None where
    the recording has no timeline; `sent_utc` and `received_utc` are the same moments on the wall clock. An
    error beside a response says that its body was not read to the end. `events_s` says of a stream when each
    of its events was received, where that is known. `subject` is where the exchange stands, for findings.
    """

    request: HttpRequest
    response: HttpResponse | None
    subject: Location
    sent_s: float | None = None
    received_s: float | None = None
    error: str | None = None
    sent_utc: datetime | None = None
    received_utc: datetime | None = None
    events_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook call that the provider made."""

    body: bytes
    subject: Location
    headers: tuple[tuple[str, str], ...] = ()
    received_s: float | None = None
    received_utc: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One server-sent event."""

    name: str
    data: str
    subject: Location
    received_s: float | None = None
    received_utc: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One file of recorded messages.

    `model` is the spec reference that the file itself names, None where each exchange must be matched by
    its host, path and body. `other_model` is set when the document shows another model of the provider.
    `timeline` says what the times are: `recorded`, `derived` (from a cadence that the document states), or
    None. From `expires` on the recording says nothing about today. `shows_outage` is set when the provider
    was meant not to serve it. `part` is (which, of how many, the name of the first file) where one recording
    fills several files. `spec_digest` is of the spec that it was recorded for. `videos` are what was read of
    the delivered files, which the recording does not hold.
    """

    file: str
    provenance: Provenance
    exchanges: tuple[Exchange, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    events: tuple[Event, ...] = ()
    model: str | None = None
    other_model: str | None = None
    title: str | None = None
    source: str | None = None
    substituted: tuple[str, ...] = ()
    timeline: str | None = None
    recorded_at: datetime | None = None
    expires: datetime | None = None
    shows_outage: bool = False
    part: tuple[int, int, str] | None = None
    spec_digest: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    videos: tuple[DeliveredVideo, ...] = ()

    @property
    def message_count(self) -> int:
        """How many messages of any kind the file holds."""
        return len(self.exchanges) + len(self.deliveries) + len(self.events)
