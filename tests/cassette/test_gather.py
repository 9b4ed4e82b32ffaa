"""Messages as they came, into what a recording holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.cassette.gather import gathered
from harness.finding import Location
from harness.wire.message import Delivery, Event
from tests.cassette.messages import exchange, recording

HERE = Location(file="x")
STREAM = exchange(
    b": hello\n\nevent: a\ndata: 1\n\nevent: b\ndata: 2\n\n",
    response_headers=(("content-type", "text/event-stream"),),
)
ONE = Event(name="a", data="1", subject=HERE, received_s=3.0)
TWO = Event(name="b", data="2", subject=HERE, received_s=4.0)
CALL = Delivery(body=b"{}", subject=HERE)


def test_the_events_of_a_stream_become_its_times():
    """They are told once, where they stand; each keeps its own time."""
    found = gathered(recording(), [exchange(), ONE, CALL, TWO, STREAM])
    assert found.exchanges == (exchange(), replace(STREAM, events_s=(3.0, 4.0)))
    assert (found.events, found.deliveries) == ((), (CALL,))


def test_two_streams_take_each_their_own():
    """A connection that broke off and was made again."""
    found = gathered(
        recording(), [ONE, TWO, STREAM, replace(ONE, received_s=8.0), replace(TWO, received_s=9.0), STREAM]
    )
    assert [e.events_s for e in found.exchanges] == [(3.0, 4.0), (8.0, 9.0)]
    assert found.events == ()


@pytest.mark.parametrize(
    "messages",
    [
        [ONE, TWO],
        [ONE, STREAM],
        [ONE, replace(TWO, data="3"), STREAM],
        [ONE, replace(TWO, received_s=None), STREAM],
        [ONE, TWO, exchange(b"event: a\ndata: 1\n\nevent: b\ndata: 2\n\n")],
        [ONE, TWO, exchange(None)],
    ],
)
def test_events_that_no_stream_holds_stay(messages):
    """A killed recording has no stream as a whole; what fits none is not forced upon it."""
    found = gathered(recording(), messages)
    assert found.events == tuple(m for m in messages if isinstance(m, Event))
    assert all(e.events_s == () for e in found.exchanges)


def test_a_stream_without_events_takes_none():
    """Comments alone are no events."""
    silent = exchange(b": x\n\n", response_headers=(("content-type", "text/event-stream"),))
    found = gathered(recording(), [ONE, silent])
    assert (found.events, found.exchanges) == ((ONE,), (silent,))
