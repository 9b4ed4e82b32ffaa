"""Provider time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from harness.simulator.timeline import Timeline
from harness.wire.clock import Clock

START = datetime(2026, 11, 20, tzinfo=UTC)


class FakeTime:
    """Real seconds that pass only while somebody sleeps, and then a little less than asked for."""

    def __init__(self, *, early: float = 1.0) -> None:
        self.now_s = 1000.0
        self.early = early
        self.sleeps: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Wakes up early the first time."""
        self.sleeps.append(seconds)
        self.now_s += seconds * (self.early if len(self.sleeps) == 1 else 1.0)

    def timeline(self, scale: float) -> Timeline:
        """The timeline of a simulator that starts now."""
        clock = Clock(
            monotonic=lambda: self.now_s,
            utc_now=lambda: START + timedelta(seconds=self.now_s - 1000.0),
            sleep=self.sleep,
        )
        return Timeline.starting_now(clock, scale)


def test_it_counts_from_its_start_at_its_rate():
    """Provider seconds, the provider's own idea of the date, and the true date."""
    time = FakeTime()
    timeline = time.timeline(100.0)
    time.now_s += 2.0
    assert timeline.now_s() == 200.0
    assert timeline.utc_at(200.0) == START + timedelta(seconds=200)
    assert timeline.true_utc() == START + timedelta(seconds=2)
    assert timeline.real_s(50.0) == 0.5


def test_waiting_for_a_moment():
    """A sleep that ends early is followed by another; a moment that has passed needs none."""
    time = FakeTime(early=0.5)
    timeline = time.timeline(100.0)
    asyncio.run(timeline.sleep_until(50.0))
    assert (timeline.now_s(), time.sleeps) == (50.0, [0.5, 0.25])
    asyncio.run(timeline.sleep_until(10.0))
    asyncio.run(timeline.sleep(-1.0))
    assert time.sleeps == [0.5, 0.25, 0.0]
