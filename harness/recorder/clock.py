"""A clock that runs when everybody waits: a job of minutes is played in no time, in its own order.

As with discrete-event simulation: time stands still while anything happens, and then jumps to the earliest
moment that somebody sleeps until. Sockets and threads take real time; whoever uses one holds the clock.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

from harness.wire.clock import Clock

__all__ = ["JumpingClock"]

_QUIET_S = 0.003


class JumpingClock:
    """Seconds since `start_utc`. To be used inside `async with clock.running()`.

    `quiet_s` are the real seconds in which nothing may happen before time jumps.
    """

    def __init__(self, start_utc: datetime, *, quiet_s: float = _QUIET_S) -> None:
        self._start_utc = start_utc
        self._quiet_s = quiet_s
        self._now_s = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._changes = 0
        self._held = 0

    def as_clock(self) -> Clock:
        """The clock in the form in which clocks are handed around."""
        return Clock(
            monotonic=lambda: self._now_s,
            utc_now=lambda: self._start_utc + timedelta(seconds=self._now_s),
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        """Until everybody else waits for something later."""
        self._changes += 1
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wake = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_s + seconds, next(self._order), wake))
        await wake
        self._changes += 1

    @contextmanager
    def held(self) -> Iterator[None]:
        """Time stands still inside."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._changes += 1

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Time passes inside."""
        pump = asyncio.ensure_future(self._pump())
        try:
            yield
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def _pump(self) -> None:
        seen = -1
        while True:
            await asyncio.sleep(self._quiet_s)
            if self._held or seen != self._changes:
                seen = self._changes
                continue
            self._jump()

    def _jump(self) -> None:
        while self._sleepers:
            moment_s, _, wake = heapq.heappop(self._sleepers)
            if not wake.done():  # whoever gave up sleeping no longer counts
                self._now_s = max(self._now_s, moment_s)
                wake.set_result(None)
                return
