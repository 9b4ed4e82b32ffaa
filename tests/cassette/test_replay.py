"""Playing cassettes back with the network out of reach."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.cassette.replay import blocked_network, replaying
from harness.cassette.scrub import Scrubber
from harness.errors import OperatorError

URL = "https://a.example/v1/jobs"


def interaction(
    answer: str, *, method: str = "POST", url: str = URL, body: Any = '{"prompt": "x", "n": 1}'
) -> dict[str, Any]:
    return {
        "request": {"method": method, "uri": url, "body": body, "headers": {}},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"X-Answer": [answer]},
            "body": {"string": answer},
        },
    }


def write(path: Path, *interactions: dict[str, Any], times: list[tuple[Any, Any]] | None = None) -> Path:
    data: dict[str, Any] = {"version": 1, "interactions": list(interactions)}
    if times is not None:
        entries = [{"sent_s": sent, "received_s": received} for sent, received in times]
        timeline = {"kind": "recorded", "exchanges": entries}
        data["metadata"] = {"harness": {"format": 1, "provenance": "live", "timeline": timeline}}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(OperatorError) as caught, replaying(path, **options):
        raise AssertionError("the replay must not start")
    return str(caught.value).removeprefix(f"{path}")


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """A job that is created and polled twice."""
    return write(
        tmp_path / "job.yaml",
        interaction("created"),
        interaction("running", method="GET", url=f"{URL}/7?full=1", body=""),
        interaction("done", method="GET", url=f"{URL}/7?full=1", body=None),
    )


@pytest.fixture
def unchanged(tmp_path: Path) -> Iterator[None]:
    """Nothing below the test's directory is written while the test runs."""

    def state() -> dict[Path, tuple[bytes, int]]:
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}

    before = state()
    yield
    assert state() == before


def test_requests_are_answered_in_recorded_order(cassette, unchanged):
    """Identical polls get the answers one after the other; what is left over is told."""
    with replaying(cassette) as replay, httpx.Client() as client:
        assert client.post(URL, json={"n": 1, "prompt": "x"}).text == "created"
        assert [e.subject.index for e in replay.unplayed] == [1, 2]
        poll = client.get(f"{URL}/7", params={"full": 1})
        assert (poll.text, poll.headers["x-answer"]) == ("running", "running")
        assert client.get(f"{URL}/7?full=1").text == "done"
        assert replay.unplayed == ()
    assert replay.recording.file == str(cassette)


def test_what_was_not_played_is_known_after_the_end(cassette):
    """A client that polls less than it did is found out."""
    with replaying(cassette) as replay, httpx.Client() as client:
        client.post(URL, json={"n": 1, "prompt": "x"})
    assert [e.subject.index for e in replay.unplayed] == [1, 2]


def test_an_asynchronous_client_is_answered_too(cassette):
    """The patches cover both kinds of httpx client."""

    async def run() -> str:
        async with httpx.AsyncClient() as client:
            return (await client.post(URL, json={"n": 1, "prompt": "x"})).text

    with replaying(cassette):
        assert asyncio.run(run()) == "created"


def test_one_request_more_than_recorded_is_refused(cassette, unchanged):
    """The message does not tell how to record it, which would pay for a job."""
    with replaying(cassette), httpx.Client() as client:
        for _ in range(2):
            client.get(f"{URL}/7?full=1")
        with pytest.raises(OperatorError) as caught:
            client.get(f"{URL}/7?full=1")
    expected = f"{cassette}: holds no further answer to GET {URL}/7?full=1; all 2 recorded were played"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "body",
    [
        b'{"prompt": "y", "n": 1}',
        b'{"prompt": "x", "n": "1"}',
        b'{"prompt": "x", "n": 1.0}',
        b'{"prompt": "x", "n": true}',
        b'{"prompt": "x"}',
        b"",
        b"not JSON",
    ],
)
def test_another_body_is_another_request(cassette, body):
    """Another prompt is another job; so is another type where `==` of Python sees none."""
    with replaying(cassette), httpx.Client() as client, pytest.raises(OperatorError) as caught:
        client.post(URL, content=body)
    assert str(caught.value) == (
        f"{cassette}: does not hold POST {URL}; the nearest recorded request differs in body"
    )


def test_the_same_json_in_other_words_is_the_same_request(cassette):
    """White space, the order of members and the content type do not make another request."""
    with replaying(cassette), httpx.Client() as client:
        assert client.post(URL, content=b'{"n":1,\n"prompt":"x"}').text == "created"


@pytest.mark.parametrize(
    ("url", "differing"),
    [
        ("https://a.example/v1/jobs/8?full=1", "path"),
        ("https://a.example/v1/jobs/7?full=2", "query"),
        ("https://a.example/v1/jobs/7/?full=1", "path"),
        ("https://a.example:8443/v1/jobs/7?full=1", "port"),
        ("http://a.example:443/v1/jobs/7?full=1", "scheme"),
        ("https://b.example/v1/jobs/7?full=1", "host"),
    ],
)
def test_every_part_of_the_address_counts(cassette, url, differing):
    """The refusal names what differs from the nearest recorded request."""
    with replaying(cassette), httpx.Client() as client, pytest.raises(OperatorError) as caught:
        client.get(url)
    assert str(caught.value) == (
        f"{cassette}: does not hold GET {url}; the nearest recorded request differs in {differing}"
    )


def test_a_request_with_nothing_in_common_is_refused(tmp_path):
    """There is no nearest request to name."""
    path = write(tmp_path / "c.json", interaction("a", url="http://a.example:81/x?q=1"))
    with replaying(path), httpx.Client() as client, pytest.raises(OperatorError) as caught:
        client.get("https://b.example/y")
    assert str(caught.value) == f"{path}: holds nothing like GET https://b.example/y"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("gone.yaml", None, ": no such cassette"),
        ("empty.yaml", "", ": the file is empty"),
        ("none.yaml", "interactions: []", ": holds no exchange to replay"),
        ("other.yaml", "a: 1", ": it has no 'interactions', so it is no vcrpy cassette"),
        ("log.json", '{"log": {"entries": []}}', ": it has no 'interactions', so it is no vcrpy cassette"),
        ("a.har", "{}", ": only vcrpy cassettes (.yaml, .yml, .json) can be replayed"),
        ("cut.yaml", "- [", ":1:4: vcrpy cannot load this cassette: did not find expected node content"),
    ],
)
def test_a_cassette_that_cannot_be_played_is_refused_and_nothing_is_written(
    tmp_path, name, content, expected
):
    """Where vcrpy alone would go to the provider, there is an error."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert refusal(path) == expected
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == (
        [] if content is None else [(name, content)]
    )


def test_an_error_inside_the_block_leaves_no_trace(cassette, unchanged):
    """The network and httpx are as before, whatever ended the replay."""
    before = (socket.getaddrinfo, socket.socket.connect, httpx.HTTPTransport.handle_request)
    with pytest.raises(ZeroDivisionError), replaying(cassette):
        raise ZeroDivisionError
    assert (socket.getaddrinfo, socket.socket.connect, httpx.HTTPTransport.handle_request) == before


def test_an_answer_that_someone_adds_is_not_written(cassette, unchanged):
    """Even a changed cassette in memory has no way to the disk."""
    with (
        pytest.raises(AssertionError, match=r"job\.yaml: a replay must not write$"),
        replaying(cassette) as replay,
    ):
        replay._cassette.dirty = True


class FakeTime:
    """A clock that moves when someone sleeps, or works."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept_s: list[float] = []

    def clock(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds


def test_in_recorded_rhythm_no_answer_comes_before_its_time(tmp_path):
    """Waiting makes up what the client has not waited itself; an unknown time is not waited for."""
    polls = [interaction(str(n), method="GET", body="") for n in range(4)]
    times = [(5, 5.5), (20, 21), (None, None), (50, 52)]
    path, time = write(tmp_path / "c.yaml", *polls, times=times), FakeTime()
    with (
        replaying(path, rhythm="recorded", sleep=time.sleep, clock=time.clock),
        httpx.Client() as client,
    ):
        client.get(URL)
        time.now_s += 15.25
        client.get(URL)
        client.get(URL)
        assert time.slept_s == [0.5, 0.25]
        time.now_s += 100
        assert client.get(URL).text == "3"
    assert time.slept_s == [0.5, 0.25]


def test_a_timeline_without_its_start_counts_from_the_first_request(tmp_path):
    """Where the sending is not known, the first request stands at 0."""
    path, time = write(tmp_path / "c.yaml", interaction("a"), times=[(None, 2)]), FakeTime()
    with (
        replaying(path, rhythm="recorded", sleep=time.sleep, clock=time.clock),
        httpx.Client() as client,
    ):
        client.post(URL, json={"prompt": "x", "n": 1})
    assert time.slept_s == [2.0]


def test_at_once_nothing_is_waited_for(tmp_path):
    """A test suite does not sit out two minutes and a half."""
    path, time = write(tmp_path / "c.yaml", interaction("a"), times=[(0, 150)]), FakeTime()
    with replaying(path, sleep=time.sleep, clock=time.clock), httpx.Client() as client:
        client.post(URL, json={"prompt": "x", "n": 1})
    assert time.slept_s == []


def test_a_rhythm_needs_a_timeline(cassette):
    """There is no rhythm to keep to otherwise."""
    assert refusal(cassette, rhythm="recorded") == ": has no timeline to keep to; replay it at once"


def test_the_network_is_blocked_during_a_replay(cassette):
    """Connections to a server that does listen are refused, and so are look-ups and datagrams."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        with (
            replaying(cassette),
            socket.socket() as stream,
            socket.socket(type=socket.SOCK_DGRAM) as datagrams,
        ):
            for reach in (
                lambda: stream.connect((host, port)),
                lambda: stream.connect_ex((host, port)),
                lambda: datagrams.sendto(b"x", (host, port)),
                lambda: datagrams.sendto(b"x", 0, (host, port)),
                lambda: socket.create_connection((host, port)),
            ):
                with pytest.raises(ConnectionRefusedError) as caught:
                    reach()
                message = (
                    f"the network is blocked while {cassette} is replayed: no connection to {host}:{port}"
                )
                assert caught.value.strerror == message
        with socket.create_connection((host, port)):
            pass


def test_unix_sockets_stay_open(tmp_path):
    """They do not leave the machine, and event loops use them."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket(socket.AF_UNIX))
        client = stack.enter_context(socket.socket(socket.AF_UNIX))
        server.bind(str(tmp_path / "s"))
        server.listen()
        with blocked_network("in this test"):
            client.connect(str(tmp_path / "s"))


def test_secrets_are_taken_out_before_anything_is_compared(tmp_path):
    """The recorded request has none, and the one that is asked has them all."""
    path = write(
        tmp_path / "c.yaml",
        interaction(
            "a", url=f"{URL}?token=REDACTED", body='{"prompt": "REDACTED", "webhook_secret": "REDACTED"}'
        ),
    )
    scrubber = Scrubber.of((), ["the-key-of-today"])
    body = {"prompt": "the-key-of-today", "webhook_secret": "new"}
    with replaying(path, scrubber=scrubber), httpx.Client() as client:
        assert client.post(f"{URL}?token=other", json=body).text == "a"
    with replaying(path), httpx.Client() as client, pytest.raises(OperatorError, match=r"differs in body$"):
        client.post(f"{URL}?token=other", json=body)


@pytest.mark.parametrize(
    ("day", "expected"), [(1, None), (2, ": expired on 2026-03-02; nothing is recorded anew unasked")]
)
def test_an_expired_cassette_is_refused(tmp_path, day, expected):
    """By the day that the caller gives; nothing below the command line reads a clock."""
    data = {"version": 1, "interactions": [interaction("a")]}
    data["metadata"] = {"harness": {"format": 1, "provenance": "live", "expires": "2026-03-02T00:00:00Z"}}
    path = tmp_path / "c.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    now = datetime(2026, 3, day, tzinfo=UTC)
    if expected is None:
        with replaying(path, now=now), httpx.Client() as client:
            assert client.post(URL, json={"n": 1, "prompt": "x"}).text == "a"
    else:
        assert refusal(path, now=now) == expected


def test_a_part_of_a_recording_is_not_played_as_the_whole(tmp_path):
    """One file at a time is what vcrpy knows."""
    data = {"version": 1, "interactions": [interaction("a")]}
    part = {"index": 1, "of": 2, "first": "c.yaml"}
    data["metadata"] = {"harness": {"format": 1, "provenance": "live", "part": part}}
    path = tmp_path / "c.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert refusal(path) == ": fills several files; `harness replay` plays it"


def test_a_port_of_our_own_can_stay_open():
    """A replayed webhook call goes to the receiver of this very process, and nowhere else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with blocked_network("in this test", open_ports={port}):
            socket.create_connection(("127.0.0.1", port)).close()
            with pytest.raises(ConnectionRefusedError), socket.socket() as other:
                other.connect(("127.0.0.1", port + 1))
            with pytest.raises(ConnectionRefusedError), socket.socket() as other:
                other.connect(("192.0.2.1", port))
