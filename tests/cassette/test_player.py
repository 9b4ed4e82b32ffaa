"""A recording in the place of a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from harness.cassette.player import Player
from harness.errors import OperatorError
from harness.finding import Location
from harness.spec.store import SpecStore
from harness.wire.clock import Clock
from harness.wire.message import Delivery, Recording
from tests.cassette.messages import URL, exchange, recording

POST = exchange(b'{"id": 7}', method="POST", body=b'{"n": 1, "prompt": "x"}', sent_s=5.0, received_s=5.5)
POLLS = tuple(
    exchange(b"%d" % n, url=f"{URL}/7?full=1", sent_s=10.0 * n, received_s=10.0 * n + 0.5) for n in (1, 2)
)
STREAM = exchange(
    b": hi\n\ndata: 1\n\ndata: 2\n\n",
    url=f"{URL}/events",
    response_headers=(("content-type", "text/event-stream"),),
    sent_s=0.0,
    received_s=60.0,
    events_s=(25.0, 50.0),
)


class Time:
    """A clock that moves when someone sleeps, and notes how long."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        await asyncio.sleep(0)

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: self.now_s, utc_now=lambda: datetime(2026, 1, 1, tzinfo=UTC), sleep=self.sleep
        )


def play(
    made: Recording, use: Callable[[httpx.AsyncClient, Player, Time], Awaitable[Any]], **options: Any
) -> Any:
    """What a client makes of a recording."""

    async def run() -> Any:
        time = Time()
        player = Player(recording=made, clock=time.clock(), **options)
        async with httpx.AsyncClient(transport=player) as client:
            return await use(client, player, time)

    return asyncio.run(run())


def test_answers_come_in_order_and_at_their_time():
    """Counted from the first request, whatever stands before it on the timeline."""

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> None:
        assert (await client.post(URL, json={"prompt": "x", "n": 1})).json() == {"id": 7}
        assert time.now_s == 1000.5
        assert [e.subject.index for e in player.unplayed] == [None, None]
        assert (await client.get(f"{URL}/7", params={"full": 1})).text == "1"
        assert time.now_s == 1005.5
        time.now_s += 100
        assert (await client.get(f"{URL}/7?full=1")).text == "2"
        assert time.now_s == 1105.5
        assert player.unplayed == ()

    play(recording(POST, *POLLS), use)


def test_without_a_timeline_answers_come_at_once():
    """There is nothing to wait for."""

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> float:
        await client.post(URL, json={"prompt": "x", "n": 1})
        return time.now_s

    assert play(recording(replace(POST, sent_s=None, received_s=None)), use) == 1000.0


@pytest.mark.parametrize(
    ("method", "url", "body", "expected"),
    [
        ("POST", URL, {"prompt": "y", "n": 1}, f"x: holds POST {URL} with another body"),
        ("GET", URL, None, f"x: does not hold GET {URL}"),
        ("GET", f"{URL}/7?full=2", None, f"x: does not hold GET {URL}/7?full=2"),
        ("GET", "https://b.example/v1/jobs", None, "x: does not hold GET https://b.example/v1/jobs"),
    ],
)
def test_what_was_never_recorded_is_refused(method, url, body, expected):
    """Another prompt is another job; the error names what was asked."""

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> None:
        await client.request(method, url, json=body)

    with pytest.raises(OperatorError) as caught:
        play(recording(POST, *POLLS), use)
    assert str(caught.value) == expected


def test_more_than_was_recorded_meets_a_broken_connection():
    """As a network does that has gone; it is counted."""

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> list[str]:
        for _ in POLLS:
            await client.get(f"{URL}/7?full=1")
        with pytest.raises(httpx.ReadError, match=r"^the recording holds no further answer to this$"):
            await client.get(f"{URL}/7?full=1")
        return [request.url for request in player.beyond]

    assert play(recording(*POLLS), use) == [f"{URL}/7?full=1"]


def test_a_request_without_an_answer_gets_none_again():
    """With the words of then, after the time of then; it counts as having been sent."""

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> list[str]:
        seen: list[str] = []

        async def trace(event: str, _: Any) -> None:
            seen.append(event)

        with pytest.raises(httpx.ReadError, match=r"^the connection broke$"):
            await client.get(URL, extensions={"trace": trace})
        assert time.now_s == 1003.0
        return seen

    broken = exchange(None, error="the connection broke", sent_s=0.0, received_s=3.0)
    assert play(recording(broken), use) == ["http11.send_request_headers.started"]


def test_secrets_and_the_place_of_the_provider_do_not_matter():
    """What is asked is scrubbed and addressed as what was recorded."""
    made = recording(exchange(b"a", url="https://a.example/x?token=REDACTED", sent_s=0.0))

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> str:
        return (await client.get("http://127.0.0.1:1/x?token=secret")).text

    assert play(made, use, base_url="http://127.0.0.1:1", server="https://a.example") == "a"


def test_a_stream_comes_event_by_event_with_signs_of_life():
    """Where it was silent for long there are comments; it stays open where the client had closed it."""

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> list[tuple[float, bytes]]:
        seen: list[tuple[float, bytes]] = []
        async with client.stream("GET", f"{URL}/events") as response:
            assert response.headers["content-type"] == "text/event-stream"
            pieces = response.aiter_raw()
            while len(seen) < 6:
                piece = await asyncio.wait_for(anext(pieces), 5)
                seen.append((time.now_s - 1000.0, piece))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(pieces), 0.05)
        return seen

    assert play(recording(STREAM), use) == [
        (10.0, b":\n\n"),
        (20.0, b":\n\n"),
        (25.0, b": hi\n\ndata: 1\n\n"),
        (35.0, b":\n\n"),
        (45.0, b":\n\n"),
        (50.0, b"data: 2\n\n"),
    ]


def test_a_stream_that_was_opened_again_ends_the_first_time():
    """It broke off then, and does so now."""
    again = replace(STREAM, sent_s=70.0, received_s=90.0, events_s=(80.0, 85.0))

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> float:
        await client.get(f"{URL}/events")
        return time.now_s

    assert play(recording(STREAM, again), use) == 1060.0


def test_events_without_times_come_when_the_stream_ended():
    """The latest that they can have come."""
    made = recording(replace(STREAM, events_s=()), replace(STREAM, sent_s=99.0, received_s=99.0))

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> tuple[str, float]:
        return (await client.get(f"{URL}/events")).text, time.now_s

    text, now_s = play(made, use)
    assert text.replace(":\n\n", "") == ": hi\n\ndata: 1\n\ndata: 2\n\n"
    assert now_s == 1060.0


def test_the_webhook_of_now_gets_the_calls_of_then():
    """The address and the secret are those that this request names; they are not compared."""
    webhook = SpecStore().get("eachlabs@2026-07-27").webhook.value
    assert webhook is not None
    field, header = webhook.request_field.lstrip("/"), webhook.secret_header.value
    assert webhook.secret_field.value is not None
    assert header is not None
    secret = webhook.secret_field.value.lstrip("/")
    recorded = json.dumps({"n": 1, field: "https://receiver.example/REDACTED", secret: "REDACTED"}).encode()
    deliveries = tuple(
        Delivery(headers=headers, body=b"%d" % n, subject=Location(), received_s=20.0 * n)
        for n, headers in enumerate(
            [((header, "REDACTED"), ("Content-Length", "9"), ("X-Other", "y")), ((header, "forged"),)],
            start=1,
        )
    )
    made = recording(
        exchange(b"{}", method="POST", body=recorded, sent_s=0.0, received_s=1.0), deliveries=deliveries
    )

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> list[tuple[bytes, str]]:
        heard: list[bytes] = []
        done = asyncio.Event()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            heard.append(head + await reader.read(1))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
            writer.close()
            if len(heard) == 2:
                done.set()

        async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            url = f"http://127.0.0.1:{port}/hook"
            await client.post(URL, json={"n": 1, field: url, secret: "the secret of now"})
            assert player.open_ports == {port}
            await asyncio.wait_for(done.wait(), 5)
        start = header.lower().encode() + b": "
        lines = [(call, line) for call in heard for line in call.lower().split(b"\r\n")]
        return [
            (call[-1:], line.removeprefix(start).decode()) for call, line in lines if line.startswith(start)
        ]

    assert sorted(play(made, use, webhook=webhook)) == [(b"1", "the secret of now"), (b"2", "forged")]


def test_no_call_leaves_this_machine():
    """A recorded request may name any address; only loopback is called."""
    webhook = SpecStore().get("eachlabs").webhook.value
    assert webhook is not None
    field = webhook.request_field.lstrip("/")
    body = json.dumps({field: "https://receiver.example/x"}).encode()
    made = recording(
        exchange(b"{}", method="POST", body=body), deliveries=(Delivery(body=b"", subject=Location()),)
    )

    async def use(client: httpx.AsyncClient, player: Player, time: Time) -> set[int]:
        await client.post(URL, content=body)
        await asyncio.sleep(0.05)
        return player.open_ports

    assert play(made, use, webhook=webhook) == set()
