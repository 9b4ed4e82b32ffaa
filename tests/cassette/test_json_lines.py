"""Reading JSON Lines of exchanges."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.cassette.json_lines import exchange_line, read_json_lines
from harness.errors import OperatorError
from harness.finding import Location
from harness.wire.message import Cut, Exchange, HttpRequest, HttpResponse

ASK = {"method": "get", "url": "https://a.example/"}


def line(**members: Any) -> str:
    return json.dumps({"request": ASK, "response": {"status": 200}, **members})


def only(text: str) -> Exchange:
    (exchange,) = read_json_lines(text, "a.jsonl").exchanges
    return exchange


def test_each_line_is_an_exchange_at_its_place():
    """Empty lines are passed over; the index counts exchanges, the line is that of the file."""
    text = f"{line(sent_s=0, received_s=0.5)}\r\n\n{line(sent_s=15, received_s=None)}\n"
    found = read_json_lines(text, "a.jsonl")
    assert [(e.subject, e.sent_s, e.received_s) for e in found.exchanges] == [
        (Location(file="a.jsonl", line=1, index=0), 0.0, 0.5),
        (Location(file="a.jsonl", line=3, index=1), 15.0, None),
    ]
    assert (found.timeline, found.provenance.value) == ("recorded", "unknown")


def test_without_times_there_is_no_timeline():
    """One request without its time leaves the recording without a timeline."""
    assert read_json_lines(f"{line(sent_s=0)}\n{line()}", "a.jsonl").timeline is None
    assert read_json_lines("\n", "a.jsonl").timeline is None


def test_headers_and_bodies_are_read_in_every_form():
    """Headers as an object or as pairs, bodies as text or base64, coded or not."""
    coded = base64.b64encode(gzip.compress(b"{}")).decode()
    exchange = only(
        line(
            request={**ASK, "headers": {"A": "1"}, "body": "ä"},
            response={
                "status": 201,
                "headers": [["B", "1"], ["B", "2"], ["Content-Encoding", "gzip"]],
                "body": coded,
                "encoding": "base64",
            },
        )
    )
    assert exchange.request == HttpRequest(
        method="GET", url="https://a.example/", headers=(("A", "1"),), body="ä".encode()
    )
    assert exchange.response == HttpResponse(
        status=201, headers=(("B", "1"), ("B", "2"), ("Content-Encoding", "gzip")), body=b"{}"
    )


def test_a_request_without_an_answer_keeps_the_reason():
    """A time-out is recorded as such; so is a body that cannot be decoded."""
    exchange = only(line(response=None, error="timed out"))
    assert (exchange.response, exchange.error) == (None, "timed out")
    exchange = only(line(response={"status": 200, "headers": {"Content-Encoding": "br"}, "body": "x"}))
    assert (exchange.response, exchange.error) == (None, "the body is coded as 'br', which is not read here")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}\n", "a.jsonl:1: missing member 'request'"),
        ("\n{,}", "a.jsonl:2:2: not JSON: Expecting property name enclosed in double quotes"),
        ("[1]", "a.jsonl:1: expected an object, got [1]"),
        (line(sent=1), "a.jsonl:1: unknown member 'sent'; did you mean 'sent_s'?"),
        (line(request={"url": "x"}), "a.jsonl:1: request: missing member 'method'"),
        (
            line(request={**ASK, "bdoy": ""}),
            "a.jsonl:1: request: unknown member 'bdoy'; did you mean 'body'?",
        ),
        (line(response={}), "a.jsonl:1: response: missing member 'status'"),
        (
            line(response={"status": 200, "body": {}}),
            "a.jsonl:1: response.body: expected a string, got {}",
        ),
        (
            line(response={"status": 200, "body": "*", "encoding": "base64"}),
            "a.jsonl:1: response.body: expected base64, got '*'",
        ),
        (
            line(response={"status": 200, "body": "", "encoding": "gzip"}),
            "a.jsonl:1: response.encoding: expected one of base64, got 'gzip'",
        ),
        (
            line(response={"status": 200, "headers": [["a"]]}),
            "a.jsonl:1: response.headers[0]: expected [name, value], got ['a']",
        ),
    ],
)
def test_what_breaks_the_format_is_refused_at_its_place(text, expected):
    """The file, the line, and what is wrong there."""
    with pytest.raises(OperatorError) as caught:
        read_json_lines(text, "a.jsonl")
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange(request=HttpRequest(method="GET", url="x"), response=None, subject=Location(), error="why"),
        Exchange(
            request=HttpRequest(method="POST", url="x", headers=(("A", "b"), ("A", "c")), body=b"\xff"),
            response=HttpResponse(
                status=200,
                headers=(("Content-Encoding", "gzip"),),
                body=b"abc",
                cut=Cut(size_bytes=9, sha256="ab", strings=2),
            ),
            subject=Location(),
            sent_s=1.0,
            received_s=2.5,
            sent_utc=datetime(2026, 11, 20, tzinfo=UTC),
            received_utc=datetime(2026, 11, 20, 1, tzinfo=UTC),
        ),
    ],
)
def test_what_is_written_is_read_again(exchange: Exchange):
    """Header names that come twice, bytes that are no text, moments, and what was cut off."""
    written = json.dumps(exchange_line(exchange))
    assert replace(only(written), subject=Location()) == exchange
