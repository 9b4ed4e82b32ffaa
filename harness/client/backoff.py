"""When to ask again: what `Retry-After` says, and growing pauses with jitter after failures."""

from __future__ import annotations

import math
import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from harness.client.limits import Limits
from harness.wire.message import HttpResponse

__all__ = ["next_pause_s", "retry_after_s"]

_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?\Z")
_DOUBLINGS = 10


def retry_after_s(response: HttpResponse | None, *, utc_now: datetime, limits: Limits) -> float | None:
    """What an answer's `Retry-After` asks for (RFC 9110, 10.2.3), capped; None where it asks for nothing.

    A date is read against the answer's own `Date`, so that a provider whose clock is wrong is understood;
    without one, against `utc_now`. What is neither seconds nor a date asks for nothing.
    """
    value = (response.header("retry-after") or "").strip() if response is not None else ""
    if response is None or not value:
        return None
    if _SECONDS.match(value):
        return min(float(value), limits.retry_after_max_s)
    when = _date(value)
    if when is None:
        return None
    now = _date(response.header("date") or "") or utc_now
    return min(max((when - now).total_seconds(), 0.0), limits.retry_after_max_s)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def next_pause_s(
    usual_s: float, failures: int, asked_s: float | None, *, limits: Limits, rng: random.Random
) -> float:
    """The pause after this many failures in a row: never shorter than usual, nor than what was asked for.

    It doubles with each failure up to `backoff_max_s`; up to a half is added at random, so that clients that
    failed together do not come back together.
    """
    grown_s = min(usual_s * math.ldexp(1.0, min(failures, _DOUBLINGS)), max(limits.backoff_max_s, usual_s))
    return max(grown_s, asked_s or 0.0) * rng.uniform(1.0, 1.5)
