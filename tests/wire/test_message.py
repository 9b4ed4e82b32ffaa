"""Recorded messages as values."""

from __future__ import annotations

from harness.finding import Location
from harness.wire.message import Delivery, Event, Exchange, HttpRequest, HttpResponse, Provenance, Recording

PLACE = Location(file="a.yaml", index=0)


def test_headers_are_found_whatever_their_case():
    """Header names have no case; of two with one name the first counts; values stay as they are."""
    headers = (("Content-Type", "application/json"), ("X-A", "1"), ("x-a", "2"))
    request = HttpRequest(method="GET", url="https://a.example/", headers=headers)
    response = HttpResponse(status=200, headers=headers)
    assert request.header("content-type") == response.header("CONTENT-TYPE") == "application/json"
    assert request.header("x-A") == "1"
    assert response.header("X-B") is None


def test_a_recording_counts_messages_of_every_kind():
    """Exchanges, webhook calls and lone events are messages alike."""
    exchange = Exchange(
        request=HttpRequest(method="GET", url="https://a.example/"), response=None, subject=PLACE
    )
    recording = Recording(
        file="a.yaml",
        provenance=Provenance.UNKNOWN,
        exchanges=(exchange, exchange),
        deliveries=(Delivery(body=b"{}", subject=PLACE),),
        events=(Event(name="done", data="{}", subject=PLACE),),
    )
    assert recording.message_count == 4
    assert Recording(file="b.yaml", provenance=Provenance.LIVE).message_count == 0


def test_provenances_are_the_words_of_files_and_reports():
    """The words are part of the cassette format."""
    assert [word.value for word in Provenance] == ["documented", "simulated", "live", "unknown"]
