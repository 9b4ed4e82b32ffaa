"""A clock that runs when everybody waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.recorder.clock import JumpingClock
from harness.wire.clock import Clock

START = datetime(2026, 1, 1, tzinfo=UTC)


def run(use: Callable[[JumpingClock, Clock], Awaitable[Any]]) -> Any:
    """What comes of a coroutine under such a clock, within a second."""

    async def running() -> Any:
        jumping = JumpingClock(START)
        async with asyncio.timeout(1), jumping.running():
            return await use(jumping, jumping.as_clock())

    return asyncio.run(running())


def test_hours_pass_in_no_time():
    """The seconds are those that were slept; the wall clock goes with them."""

    async def use(_: JumpingClock, clock: Clock) -> tuple[float, datetime]:
        await clock.sleep(3600)
        return clock.monotonic(), clock.utc_now()

    before_s = time.monotonic()
    assert run(use) == (3600.0, START + timedelta(hours=1))
    assert time.monotonic() - before_s < 0.5


def test_sleepers_wake_in_order():
    """Whoever sleeps less wakes first, and sees his own time; equals wake as they fell asleep."""

    async def use(_: JumpingClock, clock: Clock) -> list[tuple[str, float]]:
        seen: list[tuple[str, float]] = []

        async def sleeper(name: str, *naps: float) -> None:
            for nap in naps:
                await clock.sleep(nap)
                seen.append((name, clock.monotonic()))

        await asyncio.gather(sleeper("a", 10, 10), sleeper("b", 5, 5, 5), sleeper("c", 0))
        return seen

    assert run(use) == [("c", 0.0), ("b", 5.0), ("a", 10.0), ("b", 10.0), ("b", 15.0), ("a", 20.0)]


def test_time_stands_still_while_it_is_held():
    """A real socket or thread may take what it needs."""

    async def use(jumping: JumpingClock, clock: Clock) -> list[float]:
        seen: list[float] = []

        async def sleeper() -> None:
            await clock.sleep(100)
            seen.append(clock.monotonic())

        task = asyncio.ensure_future(sleeper())
        with jumping.held():
            await asyncio.sleep(0.05)
            seen.append(clock.monotonic())
        await task
        return seen

    assert run(use) == [0.0, 100.0]


def test_whoever_gave_up_sleeping_holds_nobody_up():
    """A cancelled sleep is no moment to stop at."""

    async def use(_: JumpingClock, clock: Clock) -> float:
        task = asyncio.ensure_future(clock.sleep(5))
        await asyncio.sleep(0)
        task.cancel()
        await clock.sleep(7)
        return clock.monotonic()

    assert run(use) == 7.0
