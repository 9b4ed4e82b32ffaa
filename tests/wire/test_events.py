"""Server-sent events out of the bytes of a stream."""

from __future__ import annotations

import pytest

from harness.finding import Location
from harness.wire.events import read_events
from harness.wire.message import Event

SUBJECT = Location(file="stream.yaml", index=3)


def parsed(body: bytes) -> list[tuple[str, str]]:
    return [(event.name, event.data) for event in read_events(body, SUBJECT)]


def test_an_event_has_its_name_data_place_and_time():
    """One block is one event; it stands where its stream stands."""
    body = b'event: done\ndata: {"id": 1}\n\n'
    assert list(read_events(body, SUBJECT, 2.5)) == [
        Event(name="done", data='{"id": 1}', subject=SUBJECT, received_s=2.5)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: a\n\n", [("message", "a")]),  # no name
        (b"data: a\ndata: b\n\n", [("message", "a\nb")]),  # several lines of data
        (b"data:a\n\ndata:  b\n\n", [("message", "a"), ("message", " b")]),  # one space is taken off, no more
        (b"data\n\ndata\ndata\n\ndata:", [("message", ""), ("message", "\n")]),  # the standard's own example
        (b"event: x\n\ndata: a\n\n", [("message", "a")]),  # a name without data is no event, and is forgotten
        (b": keep-alive\n\n: keep-alive\n\ndata: a\n\n", [("message", "a")]),  # comments
        (b"id: 1\nretry: 10\nfoo: x\ndata: a\n\n", [("message", "a")]),  # members of no use here
        (b"data: a\r\n\r\ndata: b\r\rdata: c\n\n", [("message", letter) for letter in "abc"]),  # line ends
        (b"\xef\xbb\xbfdata: a\n\n", [("message", "a")]),  # byte order mark
        (b"data: \xff\n\n", [("message", "\ufffd")]),  # not UTF-8
        (b"data: caf\xc3\xa9\xe2\x80\xa8\n\n", [("message", "café\u2028")]),  # other line separators are none
        (b"data: a\n\ndata: cut", [("message", "a")]),
        (b"data: a\n\ndata: cut\n", [("message", "a")]),  # complete only with the empty line
        (b"", []),
    ],
)
def test_streams_are_read_by_the_standard(body, expected):
    """The rules of the WHATWG standard, case by case."""
    assert parsed(body) == expected
