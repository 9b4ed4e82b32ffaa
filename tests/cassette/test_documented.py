"""The shipped documented cassettes: what the providers' documents show, transcribed as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.cassette.read import read_recordings
from harness.cassette.replay import replaying
from harness.errors import OperatorError
from harness.spec.pointer import MISSING, resolve
from harness.spec.store import SpecStore, shipped_directory
from harness.wire.events import read_events
from harness.wire.match import Match, match
from harness.wire.message import Exchange, HttpResponse, Provenance, Recording
from tests.shared import PROJECT, SHARED, needs_shared

CASSETTES = shipped_directory("cassettes") / "documented"
SHOWN = "cassettes/documented"
RECORDINGS = tuple(r for r in read_recordings(CASSETTES, shown=SHOWN) if isinstance(r, Recording))
EXCHANGES = tuple((recording, exchange) for recording in RECORDINGS for exchange in recording.exchanges)
each_recording = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.file)
MESSAGE = re.compile(r"(\d+)/(request|response)(.*)|(\d+)/event/(\d+)(.*)|(delivery)/(\d+)(.*)", re.DOTALL)


def path_of(recording: Recording) -> Path:
    return CASSETTES / recording.file.removeprefix(f"{SHOWN}/")


def answer(exchange: Exchange) -> HttpResponse:
    assert exchange.response is not None
    return exchange.response


def matched(recording: Recording, exchange: Exchange, store: SpecStore) -> Match:
    spec = store.get(recording.model or "")
    found = match([spec], exchange.request, any_model=recording.other_model is not None)
    assert isinstance(found, Match), found
    return found


def play(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    request = exchange.request
    return client.request(request.method, request.url, headers=list(request.headers), content=request.body)


def test_everything_in_the_directory_is_a_recording():
    """There are some for each provider, and no other file among them."""
    found = list(read_recordings(CASSETTES))
    assert all(isinstance(recording, Recording) for recording in found)
    assert {Path(r.file).parent.as_posix() for r in RECORDINGS} == {
        f"cassettes/documented/{provider}" for provider in ("aimlapi", "eachlabs", "novita", "oxen")
    }


@each_recording
def test_each_says_what_it_is(recording, store):
    """Provenance, a spec of the same provider, a title, and sources that this spec has."""
    assert recording.provenance is Provenance.DOCUMENTED
    assert recording.title
    spec = store.get(recording.model or "")
    assert f"/{spec.provider_id}/" in recording.file
    assert recording.model == spec.ref
    assert recording.source
    for source in recording.source.split("; "):
        assert source.partition("#")[0] in spec.sources
    assert path_of(recording).read_text(encoding="utf-8").startswith("# ")


@each_recording
def test_each_plays_back_what_was_recorded(recording, store):
    """Through vcrpy, with httpx, the network blocked; every answer comes, and each one once."""
    with replaying(path_of(recording)) as replay, httpx.Client() as client:
        for exchange in recording.exchanges:
            response = play(client, exchange)
            expected = answer(exchange)
            assert (response.status_code, response.content) == (expected.status, expected.body)
            assert {(name.lower(), value) for name, value in expected.headers} <= set(
                response.headers.items()
            )
        assert replay.unplayed == ()
        last = recording.exchanges[-1]
        with pytest.raises(OperatorError, match="holds no further answer to"):
            play(client, last)


@each_recording
def test_each_submit_with_another_body_is_refused(recording):
    """Another prompt never gets the answer to the documented one."""
    for exchange in recording.exchanges:
        if exchange.request.body:
            body = json.dumps({**json.loads(exchange.request.body), "prompt": "something else"}).encode()
            with (
                replaying(path_of(recording)),
                httpx.Client() as client,
                pytest.raises(OperatorError, match=r"the nearest recorded request differs in body$"),
            ):
                client.request(exchange.request.method, exchange.request.url, content=body)


@each_recording
def test_each_is_what_vcrpy_would_write(recording):
    """Loading and saving changes nothing but the comments, which vcrpy does not keep."""
    from vcr.serialize import deserialize, serialize
    from vcr.serializers import yamlserializer

    text = path_of(recording).read_text(encoding="utf-8")
    content = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    requests, responses, metadata = deserialize(text, yamlserializer)
    kept = {"requests": requests, "responses": responses, "metadata": metadata}
    assert serialize(kept, yamlserializer) == content
    assert len(requests) < 100


@each_recording
def test_each_exchange_is_an_operation_of_its_spec_with_that_answer(recording, store):
    """Server, method, path and model match, and the status is one that the spec documents."""
    for exchange in recording.exchanges:
        found = matched(recording, exchange, store)
        assert found.spec.responses_for(found.operation, answer(exchange).status) is not None


@each_recording
def test_credentials_are_not_in_it(recording):
    """Whatever stands where a key goes is the word REDACTED."""
    headers = [pair for exchange in recording.exchanges for pair in exchange.request.headers]
    headers += [pair for delivery in recording.deliveries for pair in delivery.headers]
    for name, value in headers:
        if name != "Content-Type":
            assert (name, value) in {
                ("Authorization", "Bearer REDACTED"),
                ("X-API-Key", "REDACTED"),
                ("X-Webhook-Secret", "REDACTED"),
            }
    for exchange in recording.exchanges:
        if b"webhook_secret" in exchange.request.body:
            assert json.loads(exchange.request.body)["webhook_secret"] == "REDACTED"


@each_recording
def test_each_substituted_place_is_there(recording, store):
    """The list names places that exist, so that nobody reads a typo as a promise."""
    for entry in recording.substituted:
        index, _, rest = entry.partition("/")
        if rest == "status":
            continue
        if rest.startswith("url/"):
            found = matched(recording, recording.exchanges[int(index)], store)
            assert {**found.path_parameters, **found.query_parameters}[rest.removeprefix("url/")]
        else:
            body, pointer = body_at(recording, entry)
            assert resolve(body, pointer) is not MISSING, entry


def test_placeholders_of_the_documents_are_gone():
    """What a document leaves open has a value of the right type, and is listed."""
    for recording in RECORDINGS:
        for _, text in leaves_not_substituted(recording):
            assert not re.search(r"<[a-z]|\{[A-Z]|\.\.\.|YOUR_", text), (recording.file, text)


@needs_shared
@each_recording
def test_what_is_not_substituted_stands_in_the_documents(recording):
    """Each value, of requests, answers, events and webhook calls, is found in a document of the provider."""
    assert SHARED is not None
    provider = Path(recording.file).parent.name
    folders = [SHARED / "sources" / "reference" / provider, SHARED / "corpus" / provider]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files += (SHARED / "sources" / "seeds").iterdir()
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    missing = [leaf for leaf in leaves_not_substituted(recording) if leaf[1] not in text]
    assert missing == []


def body_at(recording: Recording, entry: str) -> tuple[Any, str]:
    """The body that an entry of `substituted` points into, and the pointer."""
    parts = MESSAGE.fullmatch(entry)
    assert parts is not None, entry
    if parts[7]:
        return json.loads(recording.deliveries[int(parts[8])].body), parts[9]
    exchange = recording.exchanges[int(parts[1] or parts[4])]
    if parts[4]:
        events = list(read_events(answer(exchange).body, exchange.subject))
        return json.loads(events[int(parts[5])].data), parts[6]
    body = exchange.request.body if parts[2] == "request" else answer(exchange).body
    return json.loads(body), parts[3]


def bodies(recording: Recording) -> Iterator[tuple[str, Any]]:
    """Every JSON body with the start of its entries in `substituted`."""
    for index, exchange in enumerate(recording.exchanges):
        if exchange.request.body:
            yield f"{index}/request", json.loads(exchange.request.body)
        if answer(exchange).header("Content-Type") == "text/event-stream":
            for number, event in enumerate(read_events(answer(exchange).body, exchange.subject)):
                yield f"{index}/event/{number}", json.loads(event.data)
        else:
            yield f"{index}/response", json.loads(answer(exchange).body)
    for index, delivery in enumerate(recording.deliveries):
        yield f"delivery/{index}", json.loads(delivery.body)


def leaves(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(f"{place}/{name}", member)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from leaves(f"{place}/{index}", element)
    else:
        yield place, value if isinstance(value, str) else json.dumps(value)


def leaves_not_substituted(recording: Recording) -> Iterator[tuple[str, str]]:
    for start, body in bodies(recording):
        for place, text in leaves(start, body):
            if not any(place == entry or place.startswith(f"{entry}/") for entry in recording.substituted):
                yield place, text


def test_the_printed_run_has_the_times_that_its_page_allows():
    """Ten polls pending 15 s apart, the first at once, the answer by 2 min 32 s; nothing else has times."""
    timed = [recording for recording in RECORDINGS if recording.timeline is not None]
    assert [recording.file for recording in timed] == ["cassettes/documented/aimlapi/printed-run.yaml"]
    (run,) = timed
    assert run.timeline == "derived"
    times = [(exchange.sent_s, exchange.received_s) for exchange in run.exchanges]
    assert times == [(0.0, 0.0), *((15.0 * n, 15.0 * n) for n in range(10)), (150.0, 152.0)]
    words = [json.loads(answer(exchange).body)["status"] for exchange in run.exchanges]
    assert words == ["queued", *["generating"] * 10, "completed"]


def test_the_printed_run_replays_in_its_rhythm_without_taking_its_time():
    """The client's own pauses count; what is left of 152 s after them is 2 s."""
    now_s, slept_s = [0.0], []

    def sleep(seconds: float) -> None:
        slept_s.append(seconds)
        now_s[0] += seconds

    path = PROJECT / "cassettes" / "documented" / "aimlapi" / "printed-run.yaml"
    with (
        replaying(path, rhythm="recorded", sleep=sleep, clock=lambda: now_s[0]) as replay,
        httpx.Client() as client,
    ):
        submit, *polls = replay.recording.exchanges
        play(client, submit)
        for poll in polls:
            if play(client, poll).json()["status"] == "generating":
                now_s[0] += 15
    assert (slept_s, now_s) == ([2.0], [152.0])


def test_jobs_keep_their_id_only_where_the_document_shows_it():
    """Oxen's failed example bears the id of the one that succeeded; they are two recordings."""
    by_name = {Path(recording.file).stem: recording for recording in RECORDINGS}
    succeeded, failed = by_name["processing-and-succeeded"], by_name["failed"]
    ids = {json.loads(answer(e).body)["generation_id"] for e in (*succeeded.exchanges, *failed.exchanges)}
    assert ids == {"7cf9b23a-1234-5678-9abc-def012345678"}
    assert succeeded.other_model == failed.other_model == "kling-video-o3-pro-reference-to-video"
