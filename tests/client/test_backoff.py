"""When to ask again."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from harness.client.backoff import next_pause_s, retry_after_s
from harness.client.limits import Limits
from harness.wire.message import HttpResponse

NOW = datetime(2026, 1, 8, 12, 0, 0, tzinfo=UTC)


def asked(value: str, date: str | None = None) -> float | None:
    """What a `Retry-After` comes to."""
    headers = (("Retry-After", value), *((("Date", date),) if date else ()))
    return retry_after_s(HttpResponse(status=429, headers=headers), utc_now=NOW, limits=Limits())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        (" 2.5 ", 2.5),
        ("0", 0.0),
        ("86400", 300.0),
        ("Thu, 08 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 08 Jan 2026 11:00:00 GMT", 0.0),
        ("Fri, 09 Jan 2026 12:00:00 GMT", 300.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("NaN", None),
        ("1e9", None),
        ("9" * 40, None),
        ("Thu, 99 Jan 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after(value: str, expected: float | None):
    """Seconds or a date, capped; anything else asks for nothing."""
    assert asked(value) == expected


def test_a_date_is_read_against_the_answers_own():
    """A provider whose clock is an hour ahead means what it says all the same."""
    assert asked("Thu, 08 Jan 2026 13:00:20 GMT", date="Thu, 08 Jan 2026 13:00:00 GMT") == 20.0


def test_no_answer_asks_for_nothing():
    """Nor does one without the header."""
    assert retry_after_s(None, utc_now=NOW, limits=Limits()) is None
    assert retry_after_s(HttpResponse(status=503), utc_now=NOW, limits=Limits()) is None


def test_pauses_double_with_jitter_up_to_a_bound():
    """Never shorter than usual, nor than what was asked for."""
    limits, rng = Limits(backoff_max_s=60.0), random.Random(1)
    for failures, base in ((0, 10.0), (1, 20.0), (2, 40.0), (3, 60.0), (99, 60.0)):
        pauses = [next_pause_s(10.0, failures, None, limits=limits, rng=rng) for _ in range(50)]
        assert all(base <= pause <= 1.5 * base for pause in pauses)
        assert len(set(pauses)) == 50
    assert next_pause_s(10.0, 1, 100.0, limits=limits, rng=rng) >= 100.0
    assert next_pause_s(90.0, 3, None, limits=limits, rng=rng) >= 90.0
