"""What a client sees, on its way into a cassette."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cassette.scan import scan
from harness.cassette.scrub import Scrubber
from harness.cassette.unfinished import read_journal
from harness.errors import OperatorError
from harness.finding import Location
from harness.recorder.tape import Tape
from harness.wire.message import Delivery, Event, Exchange, Provenance
from tests.cassette.messages import NOW, exchange, recording, reread

KEY = "k3y-0f-th3-operator"
HERE = "http://127.0.0.1:4000"
THERE = "https://api.example.com"


@pytest.fixture
def tape() -> Iterator[Callable[..., Tape]]:
    """Makes tapes that know one key and one origin to move, and closes their files."""
    made: list[Tape] = []

    def make(path: Path, **options: object) -> Tape:
        given = {"start_s": 100.0, "moved": {HERE: THERE}, **options}
        scrubber = Scrubber.of((), [KEY])
        made.append(Tape(start=recording(model="a/b"), path=path / "job.yaml", scrubber=scrubber, **given))
        return made[-1]

    yield make
    for one in made:
        one.give_up()


def seen(made: Tape, message: Exchange | Event | Delivery) -> Exchange | Event | Delivery:
    """One message as the tape keeps it."""
    made(message)
    found = made.recording()
    return (*found.exchanges, *found.events, *found.deliveries)[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{HERE}/v1/x?to={HERE}%2Fy", f"{THERE}/v1/x?to={THERE}%2Fy"),
        ("http:\\/\\/127.0.0.1:4000\\/x", "https:\\/\\/api.example.com\\/x"),
        ("http%3A%2F%2F127.0.0.1%3A4000%2Fx", "https%3A%2F%2Fapi.example.com%2Fx"),
        ("http://127.0.0.1:40001/x http://127.0.0.1:400/", "http://127.0.0.1:40001/x http://127.0.0.1:400/"),
    ],
)
def test_everything_is_addressed_as_at_the_provider(tape, tmp_path: Path, written: str, expected: str):
    """In addresses, headers, bodies and errors; another port is another server."""
    kept = seen(
        tape(tmp_path),
        exchange(
            b"\xff" + written.encode(),
            url=f"{HERE}/x",
            headers=(("A", written),),
            body=written.encode(),
            response_headers=(("Location", written),),
            error=written,
        ),
    )
    assert isinstance(kept, Exchange)
    assert kept.response is not None
    assert (kept.request.url, kept.error) == (f"{THERE}/x", expected)
    assert (kept.request.headers, kept.request.body) == ((("A", expected),), expected.encode())
    assert kept.response.headers == (("Location", expected),)
    assert kept.response.body == b"\xff" + expected.encode()


def test_times_count_from_the_start(tape, tmp_path: Path):
    """Of every kind of message; the wall clock is left out where it runs at another pace."""
    when = datetime(2026, 1, 1, tzinfo=UTC)
    first = seen(tape(tmp_path), exchange(sent_s=101.0, received_s=102.5, sent_utc=when, received_utc=when))
    assert isinstance(first, Exchange)
    assert (first.sent_s, first.received_s, first.sent_utc) == (1.0, 2.5, when)
    (tmp_path / "b").mkdir()
    other = tape(tmp_path / "b", with_utc=False)
    second = seen(other, exchange(sent_s=101.0, sent_utc=when, received_utc=when))
    assert isinstance(second, Exchange)
    assert (second.sent_utc, second.received_utc) == (None, None)
    other(Event(name="n", data=f"{HERE} {KEY}", subject=Location(), received_s=103.0, received_utc=when))
    other(Delivery(body=f"{HERE} {KEY}".encode(), subject=Location(), received_s=104.0, received_utc=when))
    found = other.recording()
    assert found.events == (Event(name="n", data=f"{THERE} REDACTED", subject=Location(), received_s=3.0),)
    assert found.deliveries == (
        Delivery(body=f"{THERE} REDACTED".encode(), subject=Location(), received_s=4.0),
    )


def test_a_cassette_takes_the_place_of_the_journal(tape, tmp_path: Path):
    """Until then every message is in the journal, scrubbed and cut."""
    made = tape(tmp_path)
    assert made.is_empty
    video = exchange(
        b"\x00" * 100_000, response_headers=(("Content-Type", "video/mp4"), ("X", KEY)), sent_s=100.0
    )
    made(video)
    made(exchange(base64.b64encode(KEY.encode()), sent_s=101.0))
    assert not made.is_empty
    _, journalled = read_journal(made.journal)
    assert len(journalled) == 2
    assert made.journal.stat().st_size < 5000
    assert scan(made.journal, [KEY]) == ()
    assert made.finish(title="a job", expires=NOW) == (tmp_path / "job.yaml",)
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]
    found = reread(tmp_path / "job.yaml")
    assert (found.title, found.expires, found.model) == ("a job", NOW, "a/b")
    assert [e.response.cut is not None for e in found.exchanges if e.response] == [True, False]
    assert found.exchanges[1].response is not None
    assert found.exchanges[1].response.body == b"REDACTED"


def test_a_cassette_that_cannot_be_kept_leaves_the_journal(tape, tmp_path: Path):
    """What was paid for is not lost with it."""
    made = tape(tmp_path)
    made(exchange())
    (tmp_path / "job.yaml").write_text("old")
    with pytest.raises(OperatorError, match="is there already"):
        made.finish()
    assert made.journal.exists()
    assert made.finish(overwrite=True) == (tmp_path / "job.yaml",)


def test_giving_up_keeps_what_was_seen(tape, tmp_path: Path):
    """An empty journal goes, any other stays."""
    made = tape(tmp_path)
    made.give_up()
    assert list(tmp_path.iterdir()) == []
    made = tape(tmp_path)
    made(exchange())
    made.give_up()
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml.journal"]


def test_the_simulator_is_known_by_its_name(tape, tmp_path: Path):
    """Whatever the address, what it says is labelled as simulated."""
    made = tape(tmp_path)
    assert made.recording().provenance is Provenance.LIVE
    made(exchange(response_headers=(("Server", "harness-simulator"),)))
    assert made.recording().provenance is Provenance.SIMULATED


def test_a_stream_and_its_events_are_told_once(tape, tmp_path: Path):
    """As they come, one by one; in the recording, as one stream with times."""
    made = tape(tmp_path)
    made(Event(name="message", data=json.dumps({"a": KEY}), subject=Location(), received_s=105.0))
    stream = exchange(
        b'data: {"a": "%s"}\n\n' % KEY.encode(), response_headers=(("content-type", "text/event-stream"),)
    )
    made(replace(stream, sent_s=101.0, received_s=110.0))
    found = made.recording()
    assert found.events == ()
    assert [e.events_s for e in found.exchanges] == [(5.0,)]
