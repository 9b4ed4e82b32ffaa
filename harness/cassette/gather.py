"""Messages as they came, one by one, into what a recording holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from harness.wire.events import is_stream, read_events
from harness.wire.message import Delivery, Event, Exchange, Recording

__all__ = ["gathered"]


def gathered(start: Recording, messages: Iterable[Exchange | Event | Delivery]) -> Recording:
    """The recording that these messages make.

    A stream comes event by event, and then as a whole. Its events are in it; what they have of their own is
    the time at which each came. Events of a stream that never came as a whole stay as they are.
    """
    exchanges: list[Exchange] = []
    deliveries: list[Delivery] = []
    events: list[Event] = []
    for message in messages:
        match message:
            case Exchange():
                exchanges.append(_with_times(message, events))
            case Delivery():
                deliveries.append(message)
            case Event():
                events.append(message)
    return replace(start, exchanges=tuple(exchanges), deliveries=tuple(deliveries), events=tuple(events))


def _with_times(exchange: Exchange, events: list[Event]) -> Exchange:
    """The exchange with the times of its events, which are taken from the list."""
    if exchange.response is None or not is_stream(exchange):
        return exchange
    own = [(event.name, event.data) for event in read_events(exchange.response.body, exchange.subject)]
    last = events[-len(own) :] if own else []
    times = [event.received_s for event in last if event.received_s is not None]
    if [(event.name, event.data) for event in last] != own or len(times) != len(own):
        return exchange
    del events[len(events) - len(own) :]
    return replace(exchange, events_s=tuple(times))
