"""Recorded messages in one line each, and what a cassette of them looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.cassette.read import read_recordings
from harness.finding import Location
from harness.wire.message import Exchange, HttpRequest, HttpResponse, Provenance, Recording

__all__ = ["NOW", "URL", "exchange", "recording", "reread"]

URL = "https://a.example/v1/jobs"
NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)


def exchange(
    answer: bytes | None = b"{}",
    *,
    method: str = "GET",
    url: str = URL,
    body: bytes = b"",
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    response_headers: tuple[tuple[str, str], ...] = (),
    **members: Any,
) -> Exchange:
    """One exchange; without an answer (None) there was none."""
    response = None
    if answer is not None:
        response = HttpResponse(status=status, headers=response_headers, body=answer)
    return Exchange(
        request=HttpRequest(method=method, url=url, headers=headers, body=body),
        response=response,
        subject=Location(file="x"),
        **members,
    )


def recording(*exchanges: Exchange, **members: Any) -> Recording:
    """A live recording with a timeline."""
    given = {"provenance": Provenance.LIVE, "timeline": "recorded", "recorded_at": NOW, **members}
    return Recording(file="x", exchanges=exchanges, **given)


def reread(path: Path) -> Recording:
    """What a file holds, with its places and raw metadata put aside."""
    (found,) = read_recordings(path)
    assert isinstance(found, Recording)
    exchanges = tuple(replace(e, subject=Location(file="x")) for e in found.exchanges)
    deliveries = tuple(replace(d, subject=Location(file="x")) for d in found.deliveries)
    events = tuple(replace(e, subject=Location(file="x")) for e in found.events)
    return replace(found, file="x", exchanges=exchanges, deliveries=deliveries, events=events, metadata={})
