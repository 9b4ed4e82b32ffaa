"""Time as a parameter, and at another rate."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from harness.wire.clock import Clock

WHEN = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_scaled_clock():
    """More seconds pass on it, its sleeps are shorter, and the wall time stays the true one."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    clock = Clock(monotonic=lambda: 3.0, utc_now=lambda: WHEN, sleep=sleep).scaled(100.0)
    asyncio.run(clock.scaled(2.0).sleep(50.0))
    assert slept == [0.25]
    assert (clock.monotonic(), clock.scaled(2.0).monotonic()) == (300.0, 600.0)
    assert clock.utc_now() == WHEN
    assert clock.real_seconds(50.0) == 0.5
