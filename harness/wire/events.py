"""Server-sent events out of the bytes of a stream, by the parsing rules of the WHATWG HTML standard.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

A recorded stream stands in its exchange as any other body does: as `text/event-stream`, which is what was
sent. It is read here, not in the cassette, so that one place decides what an event is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.finding import Location
from harness.wire.message import Event

__all__ = ["read_events"]

_LINE_END = re.compile("\r\n|\r|\n")


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
