"""What a cassette says of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from harness.cassette.metadata import Metadata, read_metadata
from harness.errors import OperatorError
from harness.finding import Location
from harness.wire.message import Cut, Delivery, Event, Provenance


def read(exchanges: int = 2, **harness: Any) -> Metadata:
    members = {"format": 1, "provenance": "documented", **harness}
    return read_metadata({"harness": members}, file="c.yaml", exchanges=exchanges)


def refusal(exchanges: int = 2, **harness: Any) -> str:
    with pytest.raises(OperatorError) as caught:
        read(exchanges, **harness)
    return str(caught.value)


def test_metadata_of_others_says_nothing():
    """Another tool's metadata is left alone, and the provenance is not guessed."""
    assert read_metadata({}, file="c.yaml", exchanges=1) == Metadata()
    found = read_metadata({"recorder": {"provenance": "live"}}, file="c.yaml", exchanges=1)
    assert found.provenance is Provenance.UNKNOWN


def test_everything_that_can_be_said_is_read():
    """Each member arrives; messages stand in the file, counted from 0 each for its kind."""
    found = read(
        model="novita/kling-v1.6-t2v@2026-01-01",
        other_model="flux",
        title="a title",
        source=["seed#Example", "page#Other, place"],
        substituted=["0/request", "1/response/a~1b", "0/url/id", "1/status", "0/event/0/id", "delivery/1"],
        timeline={
            "kind": "derived",
            "exchanges": [{"sent_s": 0, "received_s": 1.5}, {"sent_s": None, "received_s": None}],
        },
        events=[{"name": "done", "data": "{}", "received_s": 2}],
        deliveries=[{"body": "ä", "headers": {"X-Secret": "REDACTED"}}, {"body": "", "received_s": 3}],
    )
    assert found == Metadata(
        provenance=Provenance.DOCUMENTED,
        model="novita/kling-v1.6-t2v@2026-01-01",
        other_model="flux",
        title="a title",
        source="seed#Example; page#Other, place",
        substituted=("0/request", "1/response/a~1b", "0/url/id", "1/status", "0/event/0/id", "delivery/1"),
        timeline="derived",
        times=((0.0, 1.5), (None, None)),
        events=(Event(name="done", data="{}", subject=Location(file="c.yaml", index=0), received_s=2.0),),
        deliveries=(
            Delivery(
                body="ä".encode(),
                headers=(("X-Secret", "REDACTED"),),
                subject=Location(file="c.yaml", index=0),
            ),
            Delivery(body=b"", subject=Location(file="c.yaml", index=1), received_s=3.0),
        ),
    )


def test_what_a_recorder_says_is_read():
    """When it was made, how long it holds, what was cut, what got no answer, and the parts it is in."""
    found = read(
        spec_digest="sha256:0",
        recorded_at="2026-11-20T18:00:00+01:00",
        expires="2027-01-01T00:00:00Z",
        expects="unavailable",
        part={"index": 1, "of": 2, "first": "c.yaml"},
        cut=[{"at": "1/response", "size_bytes": 9, "sha256": "ab"}],
        unanswered=[{"before": 1, "request": {"method": "get", "url": "x"}, "error": "no", "sent_s": 3}],
        timeline={
            "kind": "recorded",
            "exchanges": [{"sent_utc": "2026-11-20T17:00:00Z", "error": "cut off"}, {"events_s": [1, 2.5]}],
        },
        deliveries=[{"body": "/w==", "encoding": "base64"}],
    )
    when = datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert (found.spec_digest, found.recorded_at) == ("sha256:0", when)
    assert found.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert (found.shows_outage, found.part) == (True, (1, 2, "c.yaml"))
    assert found.cuts == {1: Cut(size_bytes=9, sha256="ab")}
    assert (found.moments, found.errors) == (((when, None), (None, None)), {0: "cut off"})
    assert found.events_s == {1: (1.0, 2.5)}
    assert found.deliveries[0].body == b"\xff"
    ((before, unanswered),) = found.unanswered
    assert (before, unanswered.request.method, unanswered.response) == (1, "GET", None)
    assert (unanswered.error, unanswered.sent_s, unanswered.subject) == ("no", 3.0, Location(file="c.yaml"))


@pytest.mark.parametrize("word", ["documented", "simulated", "live"])
def test_the_provenance_is_one_of_three_words(word):
    """Unknown is what a file is that does not say, never what it says."""
    assert read(provenance=word).provenance == word


def test_a_single_source_needs_no_list():
    """The short form reads the same."""
    assert read(source="seed#Example").source == "seed#Example"
    assert read(source=[]).source is None


@pytest.mark.parametrize(
    ("harness", "expected"),
    [
        ({"format": 2}, "metadata.harness.format: expected 1, got 2"),
        ({"format": None}, "metadata.harness.format: expected a whole number, got None"),
        (
            {"provenance": "unknown"},
            "metadata.harness.provenance: expected one of documented, simulated, live, got 'unknown'",
        ),
        ({"modell": "x"}, "metadata.harness: unknown member 'modell'; did you mean 'model'?"),
        ({"other_model": "x"}, "metadata.harness: other_model is given without model"),
        ({"source": "seed"}, "metadata.harness.source: expected DOCUMENT#PLACE, got 'seed'"),
        ({"source": ["#x"]}, "metadata.harness.source[0]: expected DOCUMENT#PLACE, got '#x'"),
        ({"source": [1]}, "metadata.harness.source[0]: expected DOCUMENT#PLACE, got 1"),
        (
            {"substituted": ["response/id"]},
            "metadata.harness.substituted[0]: expected a place such as 0/response/id, got 'response/id'",
        ),
        (
            {"substituted": ["0/body"]},
            "metadata.harness.substituted[0]: expected a place such as 0/response/id, got '0/body'",
        ),
        (
            {"substituted": [7]},
            "metadata.harness.substituted[0]: expected a place such as 0/response/id, got 7",
        ),
        (
            {"substituted": ["0/status", "2/response/id"]},
            "metadata.harness.substituted[1]: expected one of the 2 exchanges here, got '2/response/id'",
        ),
        (
            {"substituted": ["delivery/0/id"]},
            "metadata.harness.substituted[0]: expected one of the 0 deliveries here, got 'delivery/0/id'",
        ),
        (
            {"timeline": {"kind": "guessed"}},
            "metadata.harness.timeline.kind: expected one of recorded, derived, got 'guessed'",
        ),
        (
            {"timeline": {"kind": "derived", "exchanges": [{}]}},
            "metadata.harness.timeline: expected 2 exchanges, got 1",
        ),
        (
            {"timeline": {"kind": "derived", "exchanges": [{"sent_s": -1}, {}]}},
            "metadata.harness.timeline.exchanges[0].sent_s: expected a number of at least 0, got -1",
        ),
        (
            {"timeline": {"kind": "derived", "exchanges": [{}, {"sent_s": 2, "received_s": 1}]}},
            "metadata.harness.timeline.exchanges[1]: received at 1.0 s, before it was sent at 2.0 s",
        ),
        (
            {"timeline": {"kind": "derived", "exchanges": [{"sent": 1}, {}]}},
            "metadata.harness.timeline.exchanges[0]: unknown member 'sent'; did you mean 'sent_s'?",
        ),
        (
            {"timeline": {"kind": "recorded", "exchanges": [{"events_s": [1, -1]}, {}]}},
            "metadata.harness.timeline.exchanges[0].events_s[1]: expected a number of at least 0, got -1",
        ),
        (
            {"timeline": {"kind": "recorded", "exchanges": [{"sent_utc": "2026-01-01T00:00:00"}, {}]}},
            "metadata.harness.timeline.exchanges[0].sent_utc: expected a date and time with its offset from "
            "UTC, got '2026-01-01T00:00:00'",
        ),
        (
            {"expires": "tomorrow"},
            "metadata.harness.expires: expected a date and time with its offset from UTC, got 'tomorrow'",
        ),
        ({"expects": "success"}, "metadata.harness.expects: expected one of unavailable, got 'success'"),
        (
            {"part": {"index": 3, "of": 2, "first": "a.yaml"}},
            "metadata.harness.part.index: expected a number from 1 to 2, got 3",
        ),
        (
            {"cut": [{"at": "2/response", "size_bytes": 1, "sha256": ""}]},
            "metadata.harness.cut[0].at: expected N/response of one of the 2 exchanges here, "
            "got '2/response'",
        ),
        (
            {"cut": [{"at": "0/request", "size_bytes": 1, "sha256": ""}]},
            "metadata.harness.cut[0].at: expected N/response of one of the 2 exchanges here, got '0/request'",
        ),
        (
            {"unanswered": [{"before": 3, "request": {"method": "GET", "url": "x"}}]},
            "metadata.harness.unanswered[0].before: expected a number from 0 to 2, got 3",
        ),
        (
            {"unanswered": [{"before": 0, "request": {"method": "GET", "url": "x"}, "why": "x"}]},
            "metadata.harness.unanswered[0]: unknown member 'why'; known here: before, error, received_s, "
            "received_utc, request, response, sent_s, sent_utc",
        ),
        ({"events": [{"name": "x"}]}, "metadata.harness.events[0]: missing member 'data'"),
        ({"deliveries": [{"body": {}}]}, "metadata.harness.deliveries[0].body: expected a string, got {}"),
        (
            {"deliveries": [{"body": "", "url": "x"}]},
            "metadata.harness.deliveries[0]: unknown member 'url'; "
            "known here: body, encoding, headers, received_s",
        ),
    ],
)
def test_what_breaks_the_format_is_refused_at_its_place(harness, expected):
    """The file, the path to the member, what was expected and what was got."""
    assert refusal(**harness) == f"c.yaml: {expected}"


def test_the_member_itself_must_be_an_object():
    """A word in its place is refused, too."""
    with pytest.raises(OperatorError) as caught:
        read_metadata({"harness": "live"}, file="c.yaml", exchanges=0)
    assert str(caught.value) == "c.yaml: metadata.harness: expected an object, got 'live'"
