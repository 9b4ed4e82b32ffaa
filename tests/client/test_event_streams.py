"""A stream of events whose listener does not do as it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness.client.events import _Stream
from tests.client.world import World, run, world


def stream_of(w: World) -> _Stream:
    """A stream that nobody listens to yet."""
    session = w.client._session
    return _Stream(session=session, call=session.call(w.spec, "poll", job_id="job-1"))


def test_a_listener_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    """Whoever opens the stream gets what ended it, at once."""

    async def fails() -> None:
        raise RuntimeError("the tape is full")

    async def opened() -> None:
        async with world(tmp_path) as w:
            stream = stream_of(w)
            stream.task = asyncio.create_task(fails())
            await asyncio.wait_for(stream.settled(), timeout=20)

    with pytest.raises(RuntimeError, match="the tape is full"):
        run(opened())


def test_a_cancellation_that_is_swallowed_is_asked_for_again(tmp_path: Path) -> None:
    """A library between us and the socket may take the first one for its own."""

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    async def closed() -> bool:
        async with world(tmp_path) as w:
            stream = stream_of(w)
            stream.task = asyncio.create_task(stubborn())
            await asyncio.sleep(0)
            await asyncio.wait_for(stream.close(), timeout=20)
            return stream.task.cancelled()

    assert run(closed())
