"""Rate and concurrency limits."""

from __future__ import annotations

from harness.simulator.limits import Limiter, Refusal
from tests.simulator.serving import STORE

EACHLABS = STORE.get("eachlabs")  # 100 submits in 60 s, 10 jobs at once, by key
OXEN = STORE.get("oxen")  # no limit documented


def test_a_rate_slides():
    """The 101st request in a minute is refused until the first one is a minute old."""
    limiter = Limiter()
    assert [limiter.rate(EACHLABS, "submit", "key", n * 0.1) for n in range(100)] == [None] * 100
    refusal = limiter.rate(EACHLABS, "submit", "key", 10.0)
    assert refusal == Refusal(words="more than 100 requests in 60 s", retry_after_s=50)
    assert limiter.rate(EACHLABS, "submit", "another key", 10.0) is None
    assert limiter.rate(EACHLABS, "poll", "key", 10.0) is None
    assert limiter.rate(EACHLABS, "submit", "key", 60.05) is None


def test_jobs_at_once():
    """Ten unfinished jobs are enough; several new ones count as several."""
    limiter = Limiter()
    ends = [100.0] * 9 + [5.0]
    assert limiter.concurrency(EACHLABS, ends, 1, 50.0) is None
    assert limiter.concurrency(EACHLABS, ends, 2, 50.0) == Refusal(
        words="more than 10 jobs at once", retry_after_s=10
    )
    assert limiter.concurrency(EACHLABS, ends, 1, 2.0) == Refusal(
        words="more than 10 jobs at once", retry_after_s=3
    )
    assert limiter.concurrency(EACHLABS, [], 11, 0.0) == Refusal(
        words="more than 10 jobs at once", retry_after_s=10
    )


def test_no_limit_where_none_is_documented():
    """Absent and undocumented limits refuse nobody."""
    limiter = Limiter()
    assert all(limiter.rate(OXEN, "submit", "key", 0.0) is None for _ in range(1000))
    assert limiter.concurrency(OXEN, [9.0] * 1000, 4, 0.0) is None
    latest = STORE.get("eachlabs@latest")
    assert all(limiter.rate(latest, "submit", "key", 0.0) is None for _ in range(1000))
