"""Server-sent events out of the bytes of a stream, by the parsing rules of the WHATWG HTML standard.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

A recorded stream stands in its exchange as any other body does: as `text/event-stream`, which is what was
sent. It is read here, not in the cassette, so that one place decides what an event is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from harness.finding import Location
from harness.wire.message import Event, Exchange

__all__ = ["in_time", "is_stream", "read_events", "split_stream"]

_LINE_END = re.compile("\r\n|\r|\n")
_BYTE_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n)")
_BOM = b"\xef\xbb\xbf"


def read_events(body: bytes, subject: Location, received_s: float | None = None) -> Iterator[Event]:
    """Every event of a stream, in order. `subject` is where the stream stands.

    Comments (keep-alives) carry no event. A block without data is none either, nor is one that the end of
    the stream cuts off: the standard has it discarded.
    """
    name, data = "", []
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    *lines, _unfinished = _LINE_END.split(text)
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif not line:
            if data:
                yield Event(
                    name=name or "message", data="\n".join(data), subject=subject, received_s=received_s
                )
            name, data = "", []


def is_stream(exchange: Exchange) -> bool:
    """Whether the answer is a stream of events."""
    content_type = exchange.response.header("content-type") if exchange.response else None
    return (content_type or "").startswith("text/event-stream")


def in_time(exchange: Exchange) -> Iterator[Exchange | Event]:
    """A stream whose events have times of their own: its beginning, and each event. Else the exchange."""
    response = exchange.response
    if response is None or not exchange.events_s or not is_stream(exchange):
        yield exchange
        return
    events = list(read_events(response.body, exchange.subject))
    if len(events) != len(exchange.events_s):
        yield exchange
        return
    yield replace(exchange, response=replace(response, body=b""), received_s=exchange.sent_s, events_s=())
    for event, received_s in zip(events, exchange.events_s, strict=True):
        yield replace(event, received_s=received_s)


def split_stream(body: bytes) -> tuple[bytes, ...]:
    """The bytes of a stream in pieces: one that ends with each event, and what comes after the last of them.

    Comments stand with the event that they precede.
    """
    pieces, start, has_data = [], 0, False
    at = len(_BOM) if body.startswith(_BOM) else 0
    for found in _BYTE_LINE.finditer(body, at):
        line = found[1]
        if line:
            has_data = has_data or line.partition(b":")[0] == b"data"
        elif has_data:
            pieces.append(body[start : found.end()])
            start, has_data = found.end(), False
    return (*pieces, body[start:])
