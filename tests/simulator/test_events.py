"""Who hears of an event, and how the stream is kept alive."""

from __future__ import annotations

import time

from harness.simulator.events import Broadcast, Hub
from tests.simulator.serving import serving


def an_event(name: str) -> Broadcast:
    """An event that nobody need hear of."""
    return Broadcast(name=name, data="{}", on_sent=lambda: None)


class TestHub:
    def test_every_listener_of_the_owner_hears_it(self):
        """And no other owner's; nobody hears it twice."""
        hub = Hub()
        first, second, other = hub.join("a"), hub.join("a"), hub.join("b")
        hub.send("a", an_event("one"), is_buffered=False)
        assert (first.qsize(), second.qsize(), other.qsize()) == (1, 1, 0)
        hub.leave("a", second)
        hub.send("a", an_event("two"), is_buffered=False)
        assert (first.qsize(), second.qsize()) == (2, 1)

    def test_what_nobody_hears_is_lost(self):
        """Unless the stream is documented to keep it: then the next listener gets it, and only that one."""
        hub = Hub()
        hub.send("a", an_event("lost"), is_buffered=False)
        hub.send("a", an_event("kept"), is_buffered=True)
        first, second = hub.join("a"), hub.join("a")
        assert (first.get_nowait().name, first.qsize(), second.qsize()) == ("kept", 0, 0)


def test_comments_at_the_documented_pace():
    """Every 15 provider seconds, as a comment, with nothing else in it."""
    with serving(models=("oxen",), time_scale=100) as served:
        caller = served.caller()
        url, text = f"{caller.base_url}/api/events", ""
        start = time.monotonic()
        with caller.client.stream("GET", url, headers=caller.headers("events")) as stream:
            for chunk in stream.iter_text():
                text += chunk
                if text.count(": keep-alive\n\n") == 4:
                    break
        assert 4 * 0.15 <= time.monotonic() - start < 4 * 0.15 + 0.3
        assert "keep-alive" not in text.replace(": keep-alive\n\n", "")
