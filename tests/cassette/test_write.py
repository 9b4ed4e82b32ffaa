"""Recordings into cassettes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from harness.cassette.cut import cut_response
from harness.cassette.replay import replaying
from harness.cassette.write import MAX_INTERACTIONS, cassette_files, spec_digest, write_cassette
from harness.errors import OperatorError
from harness.finding import Location
from harness.spec.store import SpecStore
from harness.wire.message import Delivery, Event, HttpResponse, Provenance
from tests.cassette.messages import NOW, URL, exchange, recording, reread
from tests.minimal import minimal

HERE = Location(file="x")
FULL = recording(
    exchange(
        b'{"id": "7"}',
        method="POST",
        body='{"prompt": "ä"}'.encode(),
        headers=(("Authorization", "Bearer REDACTED"),),
        response_headers=(("Content-Type", "application/json"), ("Set-Cookie", "a"), ("Set-Cookie", "b")),
        status=201,
        sent_s=0.0,
        received_s=0.25,
        sent_utc=NOW,
        received_utc=NOW + timedelta(seconds=0.25),
    ),
    exchange(None, url=f"{URL}/7", error="the connection broke", sent_s=1.0, received_s=1.5),
    exchange(b"\xff\x00", url=f"{URL}/7", status=599, sent_s=2.0, received_s=2.5, error="cut off"),
    exchange(
        b"event: a\ndata: 1\n\n",
        url=f"{URL}/events",
        response_headers=(("content-type", "text/event-stream"),),
        sent_s=3.0,
        received_s=9.0,
        events_s=(4.5,),
    ),
    exchange(None, url=f"{URL}/7", error="no answer", sent_s=10.0),
    provenance=Provenance.SIMULATED,
    model="a/b@2026-01-01",
    title="a job",
    source="seed#Example; page#Other",
    spec_digest="sha256:00",
    expires=NOW + timedelta(days=30),
    shows_outage=True,
    deliveries=(
        Delivery(headers=(("A", "b"),), body=b"{}", subject=HERE, received_s=5.0),
        Delivery(body=b"\xff", subject=HERE),
    ),
    events=(Event(name="n", data="d", subject=HERE, received_s=6.0),),
)


def test_a_recording_survives_writing_and_reading(tmp_path: Path):
    """All that is known of it, requests without an answer and bytes that are no text included."""
    path = tmp_path / "deep" / "job.yaml"
    assert write_cassette(FULL, path) == (path,)
    assert reread(path) == FULL
    assert [p.name for p in path.parent.iterdir()] == ["job.yaml"]


def test_vcrpy_plays_what_was_written(tmp_path: Path):
    """The file is a cassette like any other."""
    path = tmp_path / "job.yaml"
    write_cassette(recording(exchange(b'{"id": "7"}', sent_s=0.0, received_s=1.0)), path)
    with replaying(path) as replay, httpx.Client() as client:
        assert client.get(URL).json() == {"id": "7"}
    assert replay.unplayed == ()


def test_headers_of_the_transfer_are_not_kept(tmp_path: Path):
    """The body is kept as it was read, so neither its coding nor its former length is true of it."""
    path = tmp_path / "job.yaml"
    headers = (
        ("Content-Encoding", "gzip"),
        ("transfer-encoding", "chunked"),
        ("content-length", "7"),
        ("X", "1"),
    )
    write_cassette(recording(exchange(b"abc", response_headers=headers), timeline=None), path)
    response = reread(path).exchanges[0].response
    assert response == HttpResponse(status=200, headers=(("X", "1"),), body=b"abc")


def test_a_cut_body_is_known_as_such(tmp_path: Path):
    """Reading gives its true size and hash."""
    path = tmp_path / "job.yaml"
    whole = HttpResponse(status=200, headers=(("Content-Type", "video/mp4"),), body=b"\x00" * 100_000)
    cut = cut_response(whole)
    write_cassette(recording(replace(exchange(), response=cut), timeline=None), path)
    assert reread(path).exchanges[0].response == cut


def test_a_long_recording_fills_several_files(tmp_path: Path):
    """Fewer than 100 interactions in each; what got no answer or came unasked stands in its place."""
    exchanges = [
        exchange(b"%d" % n, sent_s=float(n), received_s=n + 0.5) for n in range(2 * MAX_INTERACTIONS + 1)
    ]
    exchanges[150] = replace(exchanges[150], response=None, error="no answer")
    delivery = Delivery(body=b"{}", subject=HERE, received_s=120.0)
    long = recording(*exchanges, deliveries=(delivery,))
    path = tmp_path / "job.yaml"
    files = write_cassette(long, path)
    assert [file.name for file in files] == ["job.yaml", "job.part2.yaml", "job.part3.yaml"][:2]
    assert cassette_files(path) == files
    assert [file.read_text().count("- request:") for file in files] == [99, 99]
    assert "120.0" in files[1].read_text()
    assert reread(path) == long
    (tmp_path / "other").mkdir()
    for file in files:
        file.rename(tmp_path / "other" / file.name)
    assert reread(tmp_path / "other") == long


def test_exchanges_stand_in_the_order_in_which_they_were_sent(tmp_path: Path):
    """A stream is complete long after the requests that went out meanwhile."""
    path = tmp_path / "job.yaml"
    late, early = exchange(b"b", sent_s=1.0, received_s=2.0), exchange(b"a", sent_s=0.0, received_s=9.0)
    write_cassette(recording(late, early), path)
    assert reread(path).exchanges == (early, late)


def test_nothing_is_recorded_anew_unasked(tmp_path: Path):
    """What is there stays, unless the caller says otherwise; then no part of it is left over."""
    path = tmp_path / "job.yaml"
    many = [exchange(sent_s=float(n)) for n in range(150)]
    write_cassette(recording(*many), path)
    before = path.read_bytes()
    with pytest.raises(OperatorError) as caught:
        write_cassette(FULL, path)
    assert str(caught.value) == f"{path}: is there already; nothing is recorded anew unasked"
    assert path.read_bytes() == before
    write_cassette(FULL, path, overwrite=True)
    assert cassette_files(path) == (path,)
    assert reread(path) == FULL


def test_a_part_that_is_left_over_blocks_as_well(tmp_path: Path):
    """Half of an old recording would be taken for half of the new one."""
    (tmp_path / "job.part2.yaml").write_text("x")
    with pytest.raises(OperatorError, match=r"job\.part2\.yaml: is there already"):
        write_cassette(FULL, tmp_path / "job.yaml")


def test_a_file_that_would_hold_a_secret_is_not_kept(tmp_path: Path):
    """The error says where, and not what; what was there before stays."""
    path, key = tmp_path / "job.yaml", "k3y-0f-th3-operator"
    path.write_text("old")
    leaking = recording(exchange(), exchange(json.dumps({"a": key}).encode()), timeline=None)
    with pytest.raises(OperatorError) as caught:
        write_cassette(leaking, path, secrets=[key], overwrite=True)
    message = f"{path}: not kept, it would hold a secret: a secret as it is, interaction 1, line 21"
    assert str(caught.value) == message
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("job.yaml", "old")]


def test_a_recording_without_provenance_is_not_written(tmp_path: Path):
    """A cassette says where it comes from."""
    with pytest.raises(ValueError, match=r"^a recording is documented, simulated or live$"):
        write_cassette(recording(provenance=Provenance.UNKNOWN), tmp_path / "job.yaml")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    """One line, no traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match=r"/file/job\.yaml: (Not a directory|File exists)$"):
        write_cassette(FULL, tmp_path / "file" / "job.yaml")


def test_the_digest_follows_the_facts_and_nothing_else():
    """A comment changes nothing, a limit does; a revision is another document."""
    same = minimal(("format: 1\n", "format: 1\n# a remark\n"))
    other = minimal(("maxLength: 500", "maxLength: 501"))
    assert spec_digest(same) == spec_digest(minimal())
    assert spec_digest(other) != spec_digest(minimal())
    assert spec_digest(minimal()).startswith("sha256:")
    store = SpecStore()
    assert spec_digest(store.get("eachlabs")) != spec_digest(store.get("eachlabs@latest"))
