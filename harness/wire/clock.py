"""Time as a parameter: what tells it and what waits for it. Nothing here reads a clock by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Clock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`monotonic` gives seconds that never go back, `utc_now` the aware wall time, `sleep` waits seconds.

    `scale` is how many of these seconds pass in one real second: a socket's time-out is a real one.
    """

    monotonic: Callable[[], float]
    utc_now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    scale: float = 1.0

    def real_seconds(self, seconds: float) -> float:
        """How long these seconds take."""
        return seconds / self.scale

    def scaled(self, factor: float) -> Clock:
        """The clock of a world in which `factor` seconds pass while one passes here.

        Its `utc_now` stays the true one: two processes that scale from different starts would disagree on
        any other.
        """
        monotonic, sleep = self.monotonic, self.sleep
        return Clock(
            monotonic=lambda: monotonic() * factor,
            utc_now=self.utc_now,
            sleep=lambda seconds: sleep(seconds / factor),
            scale=self.scale * factor,
        )
