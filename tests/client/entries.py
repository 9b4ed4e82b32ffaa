"""Journal entries for tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.client.entry import Entry, EntryState
from harness.client.journal import Journal

__all__ = ["DRAFT", "opened", "reserved"]

DRAFT = Entry(
    id="",
    scope="s",
    model="example/video-1-text-to-video",
    provider="example",
    operation="submit",
    server="http://127.0.0.1:1",
    state=EntryState.RESERVED,
    jobs=1,
    cost_microusd=350_000,
    counted=True,
    owner="",
    request="{}",
    reserved_utc="",
)


def ticking() -> Callable[[], datetime]:
    """A wall clock that goes on by a second with each look."""
    seconds = itertools.count()
    return lambda: datetime(2026, 1, 8, tzinfo=UTC) + timedelta(seconds=next(seconds))


def opened(path: Path) -> Journal:
    """The journal of a test."""
    return Journal.open(path / "journal.sqlite", utc_now=ticking())


def reserved(journal: Journal, **changes: Any) -> Entry:
    """A new entry."""
    return journal.reserve(replace(DRAFT, **changes), allows=lambda _spent: None)
