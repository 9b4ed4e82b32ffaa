"""Reading HAR files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from harness.cassette.har import read_har
from harness.errors import OperatorError
from harness.finding import Location
from harness.wire.message import Exchange, HttpRequest, HttpResponse, Provenance, Recording


def entry(start: str = "2026-01-01T10:00:00.000Z", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "startedDateTime": start,
        "time": 250,
        "request": {
            "method": "POST",
            "url": "https://a.example/v1",
            "headers": [{"name": "A", "value": "1"}],
            "postData": {"mimeType": "application/json", "text": "{}"},
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [{"name": "content-encoding", "value": "gzip"}],
            "content": {"size": 2, "mimeType": "application/json", "text": "ä"},
        },
        "cache": {},
        "timings": {},
    }
    for place, value in changes.items():
        target, *path = found, *place.split("__")
        for part in path[:-1]:
            target = target[part]
        target[path[-1]] = value
    return found


def har(*entries: Any) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {}, "entries": list(entries)}}


def only(data: Any) -> Exchange:
    (exchange,) = read_har(data, "a.har").exchanges
    return exchange


def test_an_entry_is_an_exchange_with_its_times():
    """Times count from the first request; the content is decoded already, whatever the header says."""
    assert read_har(har(entry()), "a.har") == Recording(
        file="a.har",
        provenance=Provenance.UNKNOWN,
        exchanges=(
            Exchange(
                request=HttpRequest(
                    method="POST", url="https://a.example/v1", headers=(("A", "1"),), body=b"{}"
                ),
                response=HttpResponse(status=200, headers=(("content-encoding", "gzip"),), body="ä".encode()),
                subject=Location(file="a.har", index=0),
                sent_s=0.0,
                received_s=0.25,
                sent_utc=datetime(2026, 1, 1, 10, 0, tzinfo=UTC),
                received_utc=datetime(2026, 1, 1, 10, 0, 0, 250_000, tzinfo=UTC),
            ),
        ),
        timeline="recorded",
    )


def test_entries_are_put_in_the_order_of_their_start():
    """The standard leaves the order to the reader; the index stays that of the file."""
    late, early = entry("2026-01-01T10:00:15Z"), entry("2026-01-01T12:00:00+02:00", time=-1)
    found = read_har(har(late, early), "a.har").exchanges
    assert [(e.subject.index, e.sent_s, e.received_s) for e in found] == [(1, 0.0, None), (0, 15.0, 15.25)]
    assert (str(found[0].sent_utc), found[0].received_utc) == ("2026-01-01 10:00:00+00:00", None)


@pytest.mark.parametrize("time", [None, -1, "250", True, float("nan"), float("inf"), 10**400])
def test_a_duration_that_cannot_be_is_unknown(time):
    """The answer is judged all the same; only its time is not."""
    exchange = only(har(entry(time=time)))
    assert (exchange.received_s, exchange.received_utc) == (None, None)


def test_a_file_without_entries_has_no_timeline():
    """Nothing was recorded, so nothing is said of times."""
    found = read_har(har(), "a.har")
    assert (found.exchanges, found.timeline) == ((), None)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response__status": 0, "response__statusText": ""}, "no answer"),
        ({"response__status": 0, "response___error": "net::ERR_TIMED_OUT"}, "net::ERR_TIMED_OUT"),
        ({"response__status": 0, "response__statusText": "blocked"}, "blocked"),
    ],
)
def test_status_zero_is_no_answer(changes, error):
    """Browsers write it for requests that failed; the reason is kept where there is one."""
    exchange = only(har(entry(**changes)))
    assert (exchange.response, exchange.error) == (None, error)


def test_binary_content_and_missing_bodies_are_read():
    """Base64 content is decoded; a GET has no postData, a redirect no content."""
    exchange = only(
        har(entry(response__content={"text": "AP8=", "encoding": "base64"}, request__postData=None))
    )
    assert exchange.response is not None
    assert (exchange.response.body, exchange.request.body) == (b"\x00\xff", b"")
    without = only(har(entry(response__content=None)))
    assert without.response is not None
    assert without.response.body == b""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"log": []}, "a.har: log: expected an object, got []"),
        ({"log": {"entries": {}}}, "a.har: log.entries: expected an array, got {}"),
        (har(5), "a.har: log.entries[0]: expected an object, got 5"),
        (
            har(entry("yesterday")),
            "a.har: log.entries[0].startedDateTime: expected a date and time with its offset from UTC, "
            "got 'yesterday'",
        ),
        (
            har(entry("2026-01-01T10:00:00")),
            "a.har: log.entries[0].startedDateTime: expected a date and time with its offset from UTC, "
            "got '2026-01-01T10:00:00'",
        ),
        (
            har(entry("0001-01-01T00:00:00+10:00")),
            "a.har: log.entries[0].startedDateTime: expected a date and time with its offset from UTC, "
            "got '0001-01-01T00:00:00+10:00'",
        ),
        (
            har(entry(response__status="200")),
            "a.har: log.entries[0].response.status: expected a whole number, got '200'",
        ),
        (
            har(entry(response__content={"text": "*", "encoding": "base64"})),
            "a.har: log.entries[0].response.content.text: expected base64, got '*'",
        ),
        (
            har({"startedDateTime": "2026-01-01T10:00:00Z"}),
            "a.har: log.entries[0]: missing member 'response'",
        ),
    ],
)
def test_what_breaks_the_format_is_refused_at_its_place(data, expected):
    """The file, the path to the member, what was expected and what was got."""
    with pytest.raises(OperatorError) as caught:
        read_har(data, "a.har")
    assert str(caught.value) == expected
