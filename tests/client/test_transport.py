"""One request and its answer over a real socket, whatever the other side does."""

from __future__ import annotations

import asyncio
import gzip
import time
from pathlib import Path
from typing import Any

import pytest

from harness.client.answer import Answer, Flaw, Progress
from harness.client.calls import Call
from harness.client.limits import Limits
from harness.wire.message import Exchange
from tests.client.server import Handler, answer, html, raw, redirect, reset, serving, stall
from tests.client.world import KEY, World, move, run, world

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
FAST = Limits(
    connect_s=0.5, write_s=0.5, first_byte_s=0.3, between_bytes_s=0.3, whole_s=0.8, shortest_real_s=0.1
)


def sent(path: Path, handler: Handler, *, operation: str = "poll", **options: Any) -> tuple[Answer, World]:
    """The answer to one call of an operation, at scale 1."""

    async def one() -> tuple[Answer, World]:
        async with world(path, scale=1.0, **options) as w:
            w.server.on("GET", "/", handler)
            w.server.on("POST", "/", handler)
            return await w.client._session.transport.send(call(w, operation)), w

    found: tuple[Answer, World] = run(one())
    return found


def call(w: World, operation: str) -> Call:
    """One call of an operation."""
    job_id, body = ("j", b"") if operation == "poll" else (None, b'{"prompt": "x"}')
    return w.client._session.call(w.spec, operation, job_id=job_id, body=body)


class TestObserved:
    def test_an_exchange(self, tmp_path: Path):
        """Request, answer, both times of both clocks, and the place; the key is not in it."""
        made, w = sent(tmp_path, answer({"id": "j"}, headers={"x-echo": f"you sent {KEY}"}))
        (exchange,) = w.seen

        assert isinstance(exchange, Exchange)
        assert exchange.request.header("authorization") == "REDACTED"
        assert exchange.response is not None
        assert exchange.response.header("x-echo") == "you sent REDACTED"
        assert exchange.response.body == b'{"id": "j"}'
        assert exchange.sent_s is not None
        assert exchange.received_s is not None
        assert 0 <= exchange.sent_s <= exchange.received_s < 5
        assert exchange.sent_utc is not None
        assert exchange.received_utc is not None
        assert exchange.sent_utc <= exchange.received_utc
        assert (exchange.subject.file, exchange.subject.index) == ("live", 0)
        assert KEY not in repr(w.seen)
        assert made.response is not None
        assert KEY in made.response.headers[-1][1]  # only what leaves the client is redacted

    def test_the_key_is_sent(self, tmp_path: Path):
        """To the provider itself."""
        _, w = sent(tmp_path, answer({}))
        assert w.server.requests[0].headers["authorization"] == f"Bearer {KEY}"

    def test_no_cookies(self, tmp_path: Path):
        """What a provider sets is not brought back."""

        async def two() -> list[dict[str, str]]:
            async with world(tmp_path) as w:
                w.server.on("GET", "/", answer({}, headers={"set-cookie": "session=1"}))
                for _ in range(2):
                    await w.client._session.transport.send(call(w, "poll"))
                return [request.headers for request in w.server.requests]

        assert all("cookie" not in headers for headers in run(two()))


class TestFlaws:
    @pytest.mark.parametrize(
        ("handler", "error"),
        [
            (reset, "the connection broke while the answer was being read"),
            (raw(HEAD + b"content-length: 99\r\n\r\n{"), "the answer is not HTTP, or broke off: "),
            (raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "the answer is not HTTP, or broke off: "),
            (raw(HEAD + b"x: " + b"y" * 200_000 + b"\r\n\r\n"), "the answer is not HTTP, or broke off: "),
            (raw(b""), "the answer is not HTTP, or broke off: "),
        ],
    )
    def test_broken_answers(self, tmp_path: Path, handler: Handler, error: str):
        """None of them raises; each is said."""
        made, w = sent(tmp_path, handler)

        assert (made.response, made.flaw) == (None, Flaw.NO_ANSWER)
        assert made.error is not None
        assert made.error.startswith(error)
        assert w.seen[0].error == made.error

    @pytest.mark.parametrize(
        "handler",
        [
            stall,
            raw(HEAD, 30.0),
            raw(HEAD + b"content-length: 5\r\n\r\n{", 30.0),
            raw(HEAD + b"content-length: 999\r\n\r\n", *[b"x", 0.1] * 100),
        ],
        ids=["no first byte", "no end of the headers", "stalled body", "a body without end"],
    )
    def test_time_outs(self, tmp_path: Path, handler: Handler):
        """Of the first byte, between bytes, and of the whole."""
        before = time.monotonic()
        made, _ = sent(tmp_path, handler, limits=FAST)

        assert (made.flaw, made.error) == (Flaw.NO_ANSWER, "no answer in time")
        assert time.monotonic() - before < 5

    def test_nobody_listens(self, tmp_path: Path):
        """Then nothing was written, and that is known."""

        async def refused() -> Answer:
            async with serving() as gone:
                base_url = gone.base_url
            async with world(tmp_path) as w:
                move(w, base_url)
                return await w.client._session.transport.send(call(w, "submit"))

        made = run(refused())
        assert (made.reached, made.flaw) == (False, Flaw.NO_ANSWER)
        assert made.error.startswith("could not connect")

    def test_a_reset_after_the_request_was_read(self, tmp_path: Path):
        """Then it may have been heard."""
        made, _ = sent(tmp_path, reset, operation="submit")
        assert (made.reached, made.response) == (True, None)


class TestLimits:
    def test_a_body_is_cut(self, tmp_path: Path):
        """What came so far stands there, and that it is not whole."""
        made, _ = sent(tmp_path, answer(b"x" * 50_000), limits=Limits(body_bytes=1000))

        assert made.response is not None
        assert (len(made.response.body), made.flaw, made.is_whole) == (1000, Flaw.OVER_LIMIT, False)
        assert made.error == "the body is larger than 1000 bytes"

    def test_a_body_that_unfolds(self, tmp_path: Path):
        """A packed body is unpacked under the same limit."""
        bomb = gzip.compress(b"0" * 50_000_000)
        made, _ = sent(
            tmp_path, answer(bomb, headers={"content-encoding": "gzip"}), limits=Limits(body_bytes=1_000_000)
        )

        assert made.flaw is Flaw.OVER_LIMIT
        assert made.response is not None
        assert len(made.response.body) == 1_000_000

    def test_a_packed_body_that_nobody_asked_for(self, tmp_path: Path):
        """It is read, and recorded as it was read."""
        packed = gzip.compress(b'{"id": "j"}')
        made, _ = sent(tmp_path, answer(packed, headers={"content-encoding": "gzip"}))

        assert made.is_whole
        assert made.response is not None
        assert made.response.body == b'{"id": "j"}'
        assert made.response.header("content-encoding") is None

    @pytest.mark.parametrize(
        ("coding", "error"),
        [
            ("br", "the body comes in the coding 'br', which was not asked for"),
            ("gzip", "the body says that it is packed with gzip, and is not: "),
        ],
    )
    def test_codings_that_cannot_be_read(self, tmp_path: Path, coding: str, error: str):
        """They are said, and not guessed at."""
        made, _ = sent(tmp_path, answer(b"{}", headers={"content-encoding": coding}))

        assert made.flaw is Flaw.OVER_LIMIT
        assert made.error is not None
        assert made.error.startswith(error)

    def test_a_flood_of_headers(self, tmp_path: Path):
        """The first are kept, and the body is read all the same: a paid job's id may stand in it."""
        flood = {f"x-{number}": "y" for number in range(2000)}
        made, _ = sent(tmp_path, answer({"id": "j"}, headers=flood))

        assert made.response is not None
        assert (len(made.response.headers), made.response.body) == (100, b'{"id": "j"}')
        assert (made.flaw, made.is_whole) == (Flaw.HEADERS_CUT, True)
        assert made.error == "the answer has 2002 headers; the first 100 are kept"

    def test_requests_in_flight_are_bounded(self, tmp_path: Path):
        """A hundred at once, four at a time; one that is held does not count."""

        async def many() -> int:
            now = most = 0

            async def slow(request: Any) -> None:
                nonlocal now, most
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.01)
                now -= 1
                await answer({})(request)

            async with world(tmp_path, limits=Limits(in_flight=4)) as w:
                w.server.on("GET", "/", slow)
                w.server.on("POST", "/", stall)
                transport = w.client._session.transport
                held = asyncio.ensure_future(transport.send(call(w, "submit"), hold_s=1000.0))
                await asyncio.gather(*(transport.send(call(w, "poll")) for _ in range(100)))
                held.cancel()
                return most

        assert run(many()) == 4


class TestRedirects:
    def test_of_a_get_to_a_bound_host(self, tmp_path: Path):
        """Followed, with the key; each step is observed."""

        async def followed() -> World:
            async with world(tmp_path) as w:
                w.server.on("GET", "/v1/videos", redirect("/elsewhere", 302))
                w.server.on("GET", "/elsewhere", answer({"id": "j"}))
                made = await w.client._session.transport.send(call(w, "poll"))
                assert made.is_whole
                return w

        w = run(followed())
        assert [request.path for request in w.server.requests] == ["/v1/videos/j", "/elsewhere"]
        assert all(r.headers["authorization"] == f"Bearer {KEY}" for r in w.server.requests)
        assert len(w.seen) == 2

    def test_of_a_get_to_another_host(self, tmp_path: Path):
        """Not followed: the other host sees nothing at all."""

        async def away() -> tuple[Answer, list[Any]]:
            async with serving() as other, world(tmp_path) as w:
                w.server.on("GET", "/", redirect(f"{other.base_url}/steal?k={KEY}"))
                return await w.client._session.transport.send(call(w, "poll")), other.requests

        made, requests = run(away())
        assert requests == []
        assert (made.flaw, made.is_whole) == (Flaw.REDIRECT, False)
        assert "is not bound to credential slot 'example'" in made.error
        assert KEY not in made.error

    @pytest.mark.parametrize(
        ("location", "error"),
        [
            ("/v1/videos/j", "the redirect is not followed: a loop"),
            ("http://[broken", "the redirect is not followed: "),
            ("file:///etc/passwd", "the redirect is not followed: "),
        ],
    )
    def test_that_lead_nowhere(self, tmp_path: Path, location: str, error: str):
        """A loop, what is no URL, what is none of the web's."""
        made, w = sent(tmp_path, redirect(location))

        assert made.flaw is Flaw.REDIRECT
        assert made.error is not None
        assert made.error.startswith(error)
        assert len(w.server.requests) == 1

    def test_that_go_on_and_on(self, tmp_path: Path):
        """Five, and no more."""

        async def on_and_on() -> Answer:
            async with world(tmp_path) as w:

                async def next_one(request: Any) -> None:
                    await redirect(f"/{len(w.server.requests)}")(request)

                w.server.on("GET", "/", next_one)
                made = await w.client._session.transport.send(call(w, "poll"))
                assert len(w.server.requests) == 6
                return made

        assert run(on_and_on()).error == "the redirect is not followed: one too many"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_of_a_post(self, tmp_path: Path, status: int):
        """Never: it would make a second job, or turn into a GET."""
        made, w = sent(tmp_path, redirect("/other", status), operation="submit")

        assert made.flaw is Flaw.REDIRECT
        assert made.error == f"status {status}: redirects of a POST are not followed"
        assert len(w.server.requests) == 1

    def test_without_a_target(self, tmp_path: Path):
        """There is nowhere to go."""
        made, _ = sent(tmp_path, answer({}, status=302))
        assert made.error == "status 302 says nothing of where to go"


def test_a_page_for_people_is_an_answer(tmp_path: Path):
    """It is whole; what it is worth is judged elsewhere."""
    made, _ = sent(tmp_path, html(502))

    assert made.is_whole
    assert made.response is not None
    assert made.response.status == 502


def test_a_post_has_a_connection_of_its_own(tmp_path: Path):
    """One that was idle may be dead, and a byte written to it cannot be taken back."""

    async def three() -> int:
        async with world(tmp_path) as w:
            w.server.on("POST", "/", answer({"id": "j"}, status=201))
            for _ in range(3):
                progress = Progress()
                await w.client._session.transport.send(call(w, "submit"), progress=progress)
                assert progress.wrote
            return w.server.connections

    assert run(three()) == 3
