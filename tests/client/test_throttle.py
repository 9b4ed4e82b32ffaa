"""Documented limits, kept from this side."""

from __future__ import annotations

import asyncio
import time

import pytest

from harness.client.throttle import Throttle
from harness.errors import OperatorError
from tests.client.world import clock, run
from tests.minimal import minimal

RATE = "{requests: 100, per_s: 60, operation: submit, scope: key, source: page#Limits}"


def limited(requests: int, per_s: float, operation: str = "operation: submit, ") -> tuple[str, str]:
    """Another rate."""
    return RATE, f"{{requests: {requests}, per_s: {per_s}, {operation}scope: key, source: page#Limits}}"


@pytest.mark.parametrize(("requests", "per_s"), [(20, 10.0), (5, 4.0), (1, 1.0)])
def test_no_window_holds_more_than_the_limit(requests: int, per_s: float):
    """In provider seconds, whatever the bucket leaks meanwhile."""
    spec, scale = minimal(limited(requests, per_s)), 20.0

    async def many() -> list[float]:
        throttle, moments = Throttle(clock(scale)), []

        async def one() -> None:
            await throttle.request(spec, "submit")
            moments.append(time.monotonic())

        await asyncio.gather(*(one() for _ in range(3 * requests)))
        return sorted(moments)

    moments = run(many())
    window = per_s / scale * 0.98  # timers are not exact
    for start in moments:
        assert sum(start <= moment < start + window for moment in moments) <= requests


def test_it_is_the_named_operations_alone():
    """A limit on creating does not slow polls; one on all of them does."""

    async def timed(operation_text: str, operation: str) -> float:
        throttle, spec = Throttle(clock(1.0)), minimal(limited(1, 0.2, operation_text))
        before = time.monotonic()
        for _ in range(3):
            await throttle.request(spec, operation)
        return time.monotonic() - before

    assert run(timed("operation: submit, ", "poll")) < 0.1
    assert run(timed("", "poll")) > 0.3


def test_places_for_unfinished_jobs():
    """The third waits until one of two is free."""
    spec = minimal(
        ("  concurrency: undocumented", "  concurrency: {jobs: 2, scope: key, source: page#Limits}")
    )

    async def three() -> None:
        throttle = Throttle(clock())
        await throttle.take_place(spec)
        await throttle.take_place(spec)
        with throttle.busy(spec):
            third = asyncio.ensure_future(throttle.take_place(spec))
            await asyncio.sleep(0.02)
            assert not third.done()
            throttle.free_place(spec)
            await asyncio.wait_for(third, 1)

    run(three())


def test_as_long_as_somebody_waits_so_does_the_next(monkeypatch: pytest.MonkeyPatch):
    """A job may take long; that alone is no reason to give up."""
    monkeypatch.setattr("harness.client.throttle._IDLE_S", 0.02)
    spec = minimal(
        ("  concurrency: undocumented", "  concurrency: {jobs: 1, scope: key, source: page#Limits}")
    )

    async def long() -> None:
        throttle = Throttle(clock())
        await throttle.take_place(spec)
        second = asyncio.ensure_future(throttle.take_place(spec))
        with throttle.busy(spec):
            await asyncio.sleep(0.2)
            assert not second.done()
        throttle.free_place(spec)
        await second

    run(long())


def test_waiting_for_ever_is_refused():
    """All places are taken, and nobody waits for any of the jobs in them."""
    spec = minimal(
        ("  concurrency: undocumented", "  concurrency: {jobs: 1, scope: key, source: page#Limits}")
    )

    async def two() -> None:
        throttle = Throttle(clock())
        await throttle.take_place(spec)
        await throttle.take_place(spec)

    with pytest.raises(OperatorError) as caught:
        run(two())
    assert str(caught.value) == (
        "example/video-1-text-to-video: 1 jobs are unfinished, which is the documented limit, and none of "
        "them is waited for: wait for one before the next is submitted"
    )


def test_without_a_limit_nothing_is_held_back():
    """None is documented, none is kept."""

    async def many() -> None:
        throttle = Throttle(clock())
        for _ in range(100):
            await throttle.take_place(minimal())
        throttle.free_place(minimal())

    run(many())
