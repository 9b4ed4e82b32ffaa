"""Server-sent events: who listens, what is sent to them, and what is lost because nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from harness.simulator.connection import Connection
from harness.simulator.timeline import Timeline
from harness.spec.model import EventStream

__all__ = ["Broadcast", "Hub", "event_response"]

_OWN_KEEP_ALIVE_S = 15.0  # where no document says
_LEAST_PING_S = 0.02  # real seconds: a high time scale must not turn keep-alives into a flood
_OTHER_EVENT_EVERY_S = 60.0
_OTHER_EVENT = "simulated_other_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One event for everybody who listens under one key. `on_sent` hears of each sending, as it happens;
    `cuts`: the stream is reset in the middle of it.
    """

    name: str
    data: str
    on_sent: Callable[[], None]
    cuts: bool = False


@dataclass(slots=True)
class Hub:
    """The listeners of one provider, by the hash of their key. `kept` holds what nobody heard, by key."""

    _listeners: dict[str, set[asyncio.Queue[Broadcast]]] = field(default_factory=dict)
    _kept: dict[str, list[Broadcast]] = field(default_factory=dict)

    def join(self, owner: str) -> asyncio.Queue[Broadcast]:
        """A new listener's queue, with what was kept for it."""
        queue: asyncio.Queue[Broadcast] = asyncio.Queue()
        for event in self._kept.pop(owner, ()):
            queue.put_nowait(event)
        self._listeners.setdefault(owner, set()).add(queue)
        return queue

    def leave(self, owner: str, queue: asyncio.Queue[Broadcast]) -> None:
        """A listener has gone."""
        self._listeners.get(owner, set()).discard(queue)

    def send(self, owner: str, event: Broadcast, *, is_buffered: bool) -> None:
        """To all who listen now; without any, the event is lost unless the stream is buffered."""
        listeners = self._listeners.get(owner, set())
        for queue in listeners:
            queue.put_nowait(event)
        if not listeners and is_buffered:
            self._kept.setdefault(owner, []).append(event)


def event_response(
    hub: Hub,
    owner: str,
    stream: EventStream | None,
    connection: Connection,
    timeline: Timeline,
    random: Random,
) -> EventSourceResponse:
    """The endless answer to one listener, with keep-alive comments at the documented pace."""
    keep_alive_s = stream.keep_alive_s if stream is not None else None
    ping_s = timeline.real_s(keep_alive_s or _OWN_KEEP_ALIVE_S)
    has_others = stream is not None and bool(stream.other_events)
    return EventSourceResponse(
        _messages(hub, owner, connection, timeline, random if has_others else None),
        sep="\n",
        ping=max(ping_s, _LEAST_PING_S),
        ping_message_factory=lambda: ServerSentEvent(comment="keep-alive", sep="\n"),
    )


async def _messages(
    hub: Hub, owner: str, connection: Connection, timeline: Timeline, random: Random | None
) -> AsyncIterator[Any]:
    queue = hub.join(owner)
    others = None if random is None else asyncio.create_task(_send_others(queue, timeline, random))
    try:
        while True:
            event = await queue.get()
            whole = ServerSentEvent(event=event.name, data=event.data, sep="\n")
            if event.cuts:
                yield whole.encode()[: len(event.name) + len(event.data) // 2]
                connection.reset()
                return
            event.on_sent()
            yield whole
    finally:
        hub.leave(owner, queue)
        if others is not None:
            others.cancel()


async def _send_others(queue: asyncio.Queue[Broadcast], timeline: Timeline, random: Random) -> None:
    """Events of another kind, once a minute on average."""
    event = Broadcast(name=_OTHER_EVENT, data='{"simulated":true}', on_sent=lambda: None)
    while True:
        await timeline.sleep(random.expovariate(1 / _OTHER_EVENT_EVERY_S))
        queue.put_nowait(event)
