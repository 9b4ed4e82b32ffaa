"""Server-sent events out of the bytes of a stream."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.finding import Location
from harness.wire.events import in_time, is_stream, read_events, split_stream
from harness.wire.message import Event, Exchange, HttpRequest, HttpResponse

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


STREAM = b"\xef\xbb\xbf: hello\n\nevent: a\ndata: 1\n\n: still there\n\ndata: 2\r\n\r\ndata: cut"


def stream(body: bytes, *events_s: float, content_type: str = "text/event-stream; charset=utf-8") -> Exchange:
    headers = (("Content-Type", content_type),)
    return Exchange(
        request=HttpRequest(method="GET", url="https://x"),
        response=HttpResponse(status=200, headers=headers, body=body),
        subject=SUBJECT,
        sent_s=1.0,
        received_s=9.0,
        events_s=events_s,
    )


def test_a_stream_comes_apart_after_each_event():
    """Comments stand before the event that follows them; what ends no event is the last piece."""
    pieces = split_stream(STREAM)
    assert pieces == (
        b"\xef\xbb\xbf: hello\n\nevent: a\ndata: 1\n\n",
        b": still there\n\ndata: 2\r\n\r\n",
        b"data: cut",
    )
    assert split_stream(b"") == (b"",)
    assert split_stream(b"event: a\n\n: x\n\n") == (b"event: a\n\n: x\n\n",)
    assert [len(parsed(piece)) for piece in pieces] == [1, 1, 0]


def test_a_stream_in_time_is_its_beginning_and_each_event():
    """Each event is true from when it came, not from when the stream ended."""
    start, first, second = in_time(stream(STREAM, 3.0, 4.0))
    assert isinstance(start, Exchange)
    assert start.response is not None
    assert (start.response.body, start.sent_s, start.received_s) == (b"", 1.0, 1.0)
    assert [(e.name, e.received_s) for e in (first, second) if isinstance(e, Event)] == [
        ("a", 3.0),
        ("message", 4.0),
    ]


@pytest.mark.parametrize(
    "exchange",
    [stream(STREAM), stream(STREAM, 3.0), stream(STREAM, 3.0, 4.0, content_type="application/json")],
)
def test_without_a_time_for_each_event_it_stays_whole(exchange):
    """Nothing is guessed."""
    assert list(in_time(exchange)) == [exchange]


def test_only_an_answer_can_be_a_stream():
    """A request without an answer is none."""
    unanswered = replace(stream(STREAM, 3.0, 4.0), response=None)
    assert not is_stream(unanswered)
    assert list(in_time(unanswered)) == [unanswered]
