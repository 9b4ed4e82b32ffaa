"""Provider time: seconds since the simulator started, at the rate that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.wire.clock import Clock

__all__ = ["Timeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A scaled clock with its start. All seconds are provider seconds unless a name says `unix`."""

    clock: Clock
    start_s: float
    start_utc: datetime

    @classmethod
    def starting_now(cls, clock: Clock, time_scale: float) -> Timeline:
        """The timeline of a simulator that starts now."""
        scaled = clock.scaled(time_scale)
        return cls(clock=scaled, start_s=scaled.monotonic(), start_utc=clock.utc_now())

    def now_s(self) -> float:
        """Since the start."""
        return self.clock.monotonic() - self.start_s

    def utc_at(self, seconds: float) -> datetime:
        """The provider's own idea of the wall time at a moment: the start, plus provider seconds."""
        return self.start_utc + timedelta(seconds=seconds)

    def utc_now(self) -> datetime:
        """The provider's own idea of the wall time now."""
        return self.utc_at(self.now_s())

    def real_s(self, seconds: float) -> float:
        """What provider seconds take outside."""
        return self.clock.real_seconds(seconds)

    def true_utc(self) -> datetime:
        """The wall time as it is outside."""
        return self.clock.utc_now()

    async def sleep(self, seconds: float) -> None:
        """Waits provider seconds."""
        await self.clock.sleep(max(0.0, seconds))

    async def sleep_until(self, moment_s: float) -> None:
        """Waits until a moment of this timeline; a sleep that ends early is repeated."""
        while (left_s := moment_s - self.now_s()) > 0:
            await self.clock.sleep(left_s)
