"""Rate and concurrency limits as the spec documents them, counted in provider seconds."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.spec.model import Spec

__all__ = ["Limiter", "Refusal"]

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is over a limit, and after how many whole seconds it may be tried again."""

    words: str
    retry_after_s: int


@dataclass(slots=True)
class Limiter:
    """Counts by limit and by key. Refused requests do not count."""

    _times: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def rate(self, spec: Spec, operation: str, owner: str, now_s: float) -> Refusal | None:
        """Takes one request of an operation into account, unless it is one too many."""
        rate = spec.limits.rate.value
        if rate is None or rate.operation not in (None, operation):
            return None
        times = self._times.setdefault((spec.provider_id, owner), deque())
        while times and times[0] <= now_s - rate.per_s:
            times.popleft()
        if len(times) >= rate.requests:
            wait_s = math.ceil(times[0] + rate.per_s - now_s)
            words = f"more than {rate.requests} requests in {rate.per_s:g} s"
            return Refusal(words=words, retry_after_s=max(1, wait_s))
        times.append(now_s)
        return None

    def concurrency(self, spec: Spec, ends_s: Iterable[float], count: int, now_s: float) -> Refusal | None:
        """Whether `count` more jobs beside the unfinished ones (by their ends) would be too many."""
        limit = spec.limits.concurrency.value
        if limit is None:
            return None
        pending = sorted(end for end in ends_s if end > now_s)
        if len(pending) + count <= limit.jobs:
            return None
        wait_s = min(pending[0] - now_s, _PATIENCE_S) if pending else _PATIENCE_S
        words = f"more than {limit.jobs} jobs at once"
        return Refusal(words=words, retry_after_s=max(1, math.ceil(wait_s)))
