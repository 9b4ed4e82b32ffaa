"""Documented limits, kept from this side: requests in a time, and unfinished jobs at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter

from harness.errors import OperatorError
from harness.spec.model import Rate, Spec
from harness.wire.clock import Clock

__all__ = ["Throttle"]

_IDLE_S, _IDLE_LOOKS = 1.0, 2
"""After so many looks, so many real seconds apart, at which nobody did anything for a place, nobody will."""

_BURST = 10
"""A tenth of a limit may come at once; the rest is spread, so that no window holds more than the limit."""


@dataclass(slots=True)
class _Places:
    """Places for the unfinished jobs of one credential slot.

    `busy` counts those who may bring one of the jobs in them to its end: who is submitting, or waits.
    """

    free: asyncio.Semaphore
    limit: int
    busy: int = 0


@dataclass(slots=True)
class Throttle:
    """The limits of every credential slot that this client uses."""

    clock: Clock
    _rates: dict[tuple[str, str | None], AsyncLimiter] = field(default_factory=dict)
    _places: dict[str, _Places] = field(default_factory=dict)

    async def request(self, spec: Spec, operation: str) -> None:
        """Waits until one more request of this operation is within the documented rate."""
        rate = spec.limits.rate.value
        if rate is None or rate.operation not in (None, operation):
            return
        key = (spec.provider.credential, rate.operation)
        if key not in self._rates:
            self._rates[key] = _limiter(rate, self.clock)
        await self._rates[key].acquire()

    async def take_place(self, spec: Spec) -> None:
        """Waits until one more job is within the documented concurrency.

        Raises OperatorError where that would be for ever: all places are taken, and for some real seconds
        nobody has waited for any of the jobs in them.
        """
        places = self._of(spec)
        idle = 0
        while places is not None and idle < _IDLE_LOOKS:
            try:
                async with asyncio.timeout(_IDLE_S):
                    await places.free.acquire()
            except TimeoutError:
                idle = 0 if places.busy else idle + 1
            else:
                return
        if places is not None:
            raise OperatorError(
                f"{spec.ref}: {places.limit} jobs are unfinished, which is the documented limit, and none of "
                "them is waited for: wait for one before the next is submitted"
            )

    def free_place(self, spec: Spec) -> None:
        """A job has ended, or was none."""
        places = self._of(spec)
        if places is not None:
            places.free.release()

    @contextmanager
    def busy(self, spec: Spec) -> Iterator[None]:
        """Inside, a job is being submitted or waited for: the place that it has will be free again."""
        places = self._of(spec)
        if places is None:
            yield
            return
        places.busy += 1
        try:
            yield
        finally:
            places.busy -= 1

    def _of(self, spec: Spec) -> _Places | None:
        limit = spec.limits.concurrency.value
        if limit is None:
            return None
        slot = spec.provider.credential
        if slot not in self._places:
            self._places[slot] = _Places(free=asyncio.Semaphore(limit.jobs), limit=limit.jobs)
        return self._places[slot]


def _limiter(rate: Rate, clock: Clock) -> AsyncLimiter:
    """At most `requests` in any window of `per_s`: what comes at once, and what leaks in meanwhile."""
    at_once = max(1, rate.requests // _BURST)
    leaking = max(1, rate.requests - at_once)
    return AsyncLimiter(at_once, clock.real_seconds(rate.per_s) * at_once / leaking)
