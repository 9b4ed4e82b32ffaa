"""Events: subscribed before the job is made, filtered, lost, and what is done then."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from harness.client.limits import Limits
from harness.client.results import JobResult, Outcome
from harness.wire.message import Event, Exchange
from tests.client.server import Received, answer, html, raw, reset, stall
from tests.client.world import BODY, KEY, World, done, messages, rules_of, run, waiting, world

STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
ENDED = {"id": "job-1", "state": "ok", "url": "https://cdn.example.com/1.mp4"}
LIMITS = Limits(fallback_s=60.0, shortest_real_s=0.3)

Say = Callable[[str], Awaitable[None]]


def chunk(text: str) -> bytes:
    """One piece of a chunked body."""
    data = text.encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def event(name: str, value: Any) -> str:
    """One event on the wire."""
    data = value if isinstance(value, str) else json.dumps(value)
    return f"event: {name}\ndata: {data}\n\n"


def streaming(script: Callable[[Say], Awaitable[None]], *, end: bool = False) -> Any:
    """A stream on which a script speaks; then it stays open, or ends."""

    async def handler(request: Received) -> None:
        async def say(text: str) -> None:
            request.writer.write(chunk(text))
            await request.writer.drain()

        request.writer.write(STREAM)
        await script(say)
        if end:
            request.writer.write(b"0\r\n\r\n")
            request.writer.close()
        while not request.writer.is_closing():
            await say(": keep-alive\n\n")
            await asyncio.sleep(0.05)

    return handler


def heard(path: Path, stream: Any, *, poll: Any = None, **options: Any) -> tuple[JobResult, World]:
    """What a job comes to that is waited for by its events. `stream` may be made of the world."""

    async def one() -> tuple[JobResult, World]:
        async with world(path, **{"limits": LIMITS, **options}) as w:
            made = stream(w) if not asyncio.iscoroutinefunction(stream) else stream
            w.server.on("GET", "/v1/events", made)
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
            w.server.on("GET", "/v1/videos/", poll or answer(waiting))
            return await w.client.run(w.spec, BODY, mode="events"), w

    found: tuple[JobResult, World] = run(one())
    return found


def after_submit(w: World, *texts: str) -> Any:
    """A stream that speaks once the job is made."""

    async def script(say: Say) -> None:
        await say(": hello\n\n")
        while not w.server.seen("POST"):
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        for text in texts:
            await say(text)

    return streaming(script)


class TestHeard:
    def test_subscribed_before_the_job_is_made(self, tmp_path: Path):
        """What fires before somebody listens is lost; so the stream comes first."""
        result, w = heard(tmp_path, lambda w: after_submit(w, event("job_ended", ENDED)))

        assert [(r.method, r.path) for r in w.server.requests[:2]] == [
            ("GET", "/v1/events"),
            ("POST", "/v1/videos"),
        ]
        assert (result.outcome, result.seen_by, result.polls, result.output) == (
            *(Outcome.SUCCEEDED, "events"),
            *(0, "https://cdn.example.com/1.mp4"),
        )
        assert result.findings == ()
        assert w.server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert w.server.requests[0].headers["accept"] == "text/event-stream"

    def test_failures(self, tmp_path: Path):
        """They have a word of their own."""
        failed = event("job_ended", {"id": "job-1", "state": "failed"})
        result, _ = heard(tmp_path, lambda w: after_submit(w, failed))

        assert (result.outcome, result.seen_by) == (Outcome.FAILED, "events")

    def test_other_events_are_let_pass(self, tmp_path: Path):
        """Of other kinds, of other jobs, comments, retries, and what the standard has ignored."""
        result, w = heard(
            tmp_path,
            lambda w: after_submit(
                w,
                event("credits_changed", {"id": "job-1", "state": "ok"}),
                event("job_ended", {"id": "job-2", "state": "failed"}),
                ": comment\nretry: 5\nid: 7\n\n",
                "data: no name\n\n",
                event("job_ended", ENDED),
            ),
        )

        assert (result.outcome, result.findings) == (Outcome.SUCCEEDED, ())
        names = [m.name for m in w.seen if isinstance(m, Event)]
        assert names == ["credits_changed", "job_ended", "message", "job_ended"]

    def test_one_that_comes_before_the_answer(self, tmp_path: Path):
        """The job has no name yet when its event arrives; it is not lost."""

        async def quick(w: World) -> JobResult:
            async def script(say: Say) -> None:
                while not w.server.seen("POST"):
                    await asyncio.sleep(0.005)
                await say(event("job_ended", ENDED))

            async def slow(request: Received) -> None:
                await asyncio.sleep(0.2)
                await answer({"id": "job-1"}, status=201)(request)

            w.server.on("GET", "/v1/events", streaming(script))
            w.server.on("POST", "/v1/videos", slow)
            return await w.client.run(w.spec, BODY, mode="events")

        async def one() -> JobResult:
            async with world(tmp_path, limits=LIMITS) as w:
                return await quick(w)

        result = run(one())
        assert (result.outcome, result.polls) == (Outcome.SUCCEEDED, 0)

    def test_a_slow_poll_is_not_waited_for(self, tmp_path: Path):
        """The event ends the wait, and the answer that would come too late is given up."""

        async def slow() -> tuple[JobResult, World, float]:
            async with world(tmp_path, limits=Limits(fallback_s=5.0)) as w:

                async def script(say: Say) -> None:
                    while not w.server.seen("GET", "/v1/videos/"):
                        await asyncio.sleep(0.005)
                    await say(event("job_ended", ENDED))

                w.server.on("GET", "/v1/events", streaming(script))
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on("GET", "/v1/videos/", stall)
                begun = time.monotonic()
                result = await w.client.run(w.spec, BODY, mode="events")
                return result, w, time.monotonic() - begun

        result, w, took_s = run(slow())
        assert (result.seen_by, result.findings) == ("events", ())
        assert took_s < 1.5
        assert "interrupted" in [m.error for m in w.seen if isinstance(m, Exchange)]

    def test_it_is_judged(self, tmp_path: Path):
        """A member that is missing, and one that is of another type."""
        odd = event("job_ended", {"id": "job-1", "state": "ok", "url": 7})
        result, _ = heard(tmp_path, lambda w: after_submit(w, odd))

        assert rules_of(result.findings) == ["response.type"]
        assert result.findings[0].direction is not None
        assert result.findings[0].direction.value == "event"

    def test_many_jobs_share_one_stream(self, tmp_path: Path):
        """Twenty jobs, one connection that listens."""

        async def twenty() -> tuple[list[JobResult], int]:
            async with world(tmp_path, limits=LIMITS) as w:
                numbers = iter(range(100))

                async def script(say: Say) -> None:
                    while len(w.server.seen("POST")) < 20:
                        await asyncio.sleep(0.005)
                    for number in range(20):
                        await say(event("job_ended", {"id": f"job-{number}", "state": "ok", "url": "u"}))

                w.server.on("GET", "/v1/events", streaming(script))
                w.server.on("POST", "/", answer(lambda _: (201, {"id": f"job-{next(numbers)}"})))
                results = await asyncio.gather(
                    *(w.client.run(w.spec, BODY, mode="events") for _ in range(20))
                )
                return results, len(w.server.seen("GET", "/v1/events"))

        results, streams = run(twenty())
        assert {result.seen_by for result in results} == {"events"}
        assert streams == 1

    def test_what_is_observed(self, tmp_path: Path):
        """Each event as it comes, with both clocks; at the end the stream as a whole, and when each came."""
        _, w = heard(tmp_path, lambda w: after_submit(w, event("job_ended", {**ENDED, "url": f"u?{KEY}"})))
        (seen,) = [m for m in w.seen if isinstance(m, Event)]
        stream = next(m for m in w.seen if isinstance(m, Exchange) and "/v1/events" in m.request.url)

        assert seen.received_s is not None
        assert seen.received_utc is not None
        assert stream.events_s == pytest.approx((seen.received_s,), abs=0.5)
        assert stream.response is not None
        assert b"event: job_ended" in stream.response.body
        assert KEY not in repr(w.seen)

    def test_arrival_is_seen_at_once(self, tmp_path: Path):
        """Within 20 ms of the send; the median, for other tests run beside this one."""
        sent: list[float] = []

        async def late() -> list[float]:
            async with world(tmp_path, scale=1.0, limits=LIMITS) as w:

                async def script(say: Say) -> None:
                    for number in range(200):
                        sent.append(time.monotonic())
                        await say(event("job_ended", {"id": f"other-{number}", "state": "ok", "url": "u"}))
                        await asyncio.sleep(0.003)
                    await say(event("job_ended", ENDED))

                w.server.on("GET", "/v1/events", streaming(script))
                w.server.on("POST", "/", answer({"id": "job-1"}, status=201))
                start = time.monotonic() - w.client._session.clock.monotonic()
                await w.client.run(w.spec, BODY, mode="events")
                events = [m for m in w.seen if isinstance(m, Event)][:200]
                return [(m.received_s or 0.0) + start for m in events]

        received = run(late())
        delays = sorted(at - begun for at, begun in zip(received, sent, strict=True))
        assert delays[len(delays) // 2] < 0.020


class TestLost:
    def test_a_stream_that_ends(self, tmp_path: Path):
        """The job is polled at once, and the stream is opened again."""

        async def script(say: Say) -> None:
            await asyncio.sleep(0.1)

        result, w = heard(
            tmp_path,
            streaming(script, end=True),
            poll=_after(3, waiting, done),
        )

        assert (result.outcome, result.seen_by) == (Outcome.SUCCEEDED, "poll")
        assert len(w.server.seen("GET", "/v1/events")) > 1
        assert messages(result.findings) == {
            "event.stream-lost": "the provider closed the stream; the job is polled"
        }
        assert not any(finding.severity.value == "error" for finding in result.findings)

    @pytest.mark.parametrize(
        ("stream", "words"),
        [
            (answer({}, status=401), "status 401"),
            (html(200), "content-type 'text/html' instead of text/event-stream"),
            (reset, "the stream could not be opened"),
            (
                raw(b"HTTP/1.1 200 X\r\ncontent-type: text/event-stream\r\ncontent-encoding: br\r\n\r\n"),
                "content-encoding 'br' instead of identity",
            ),
            (raw(STREAM, chunk("data: " + "x" * 300_000), 9.0), "a line of the stream is longer than"),
            (raw(STREAM, chunk("data: x\n\n"), b"broken chunk\r\n", 9.0), "the stream broke off"),
            (raw(STREAM, 30.0), "the stream fell silent"),
        ],
        ids=["401", "html", "reset", "packed", "long line", "broken", "silent"],
    )
    def test_streams_of_no_use(self, tmp_path: Path, stream: Any, words: str):
        """The job is made and polled all the same, at its usual interval."""
        result, w = heard(tmp_path, stream, poll=_after(2, waiting, done))

        assert (result.outcome, result.seen_by) == (Outcome.SUCCEEDED, "poll")
        assert len(w.server.seen("POST")) == 1
        assert words in messages(result.findings)["event.stream-lost"]

    def test_the_gap_is_looked_into(self, tmp_path: Path):
        """What fired while nobody listened is found by the poll that follows."""

        async def gap() -> JobResult:
            async with world(tmp_path, limits=LIMITS) as w:
                opened = 0

                async def stream(request: Received) -> None:
                    nonlocal opened
                    opened += 1
                    if opened == 1:
                        await raw(STREAM, 0.1)(request)
                    else:
                        await streaming(_silent)(request)

                w.server.on("GET", "/v1/events", stream)
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on("GET", "/v1/videos/", _after(1, waiting, done))
                return await w.client.run(w.spec, BODY, mode="events")

        result = run(gap())
        assert (result.outcome, result.seen_by) == (Outcome.SUCCEEDED, "poll")
        assert "event.missing" not in rules_of(result.findings)

    def test_an_event_that_never_comes(self, tmp_path: Path):
        """Without a gap, that is the provider's fault; the job is found by the poll behind."""
        result, _ = heard(tmp_path, streaming(_silent), poll=answer(done))

        assert (result.outcome, result.seen_by) == (Outcome.SUCCEEDED, "poll")
        assert messages(result.findings) == {
            "event.missing": "the job has ended as succeeded; its event has not come"
        }

    def test_an_event_for_another_job(self, tmp_path: Path):
        """It is not taken for ours."""
        other = event("job_ended", {**ENDED, "id": "job-9"})
        result, _ = heard(tmp_path, lambda w: after_submit(w, other), poll=answer(done))

        assert (result.seen_by, result.output) == ("poll", "https://cdn.example.com/job-1.mp4")

    def test_an_end_without_an_event(self, tmp_path: Path):
        """A cancelled job fires none, as documented: the poll finds it, and nothing is missing."""
        stopped = answer({"id": "job-1", "status": "stopped"})
        result, _ = heard(tmp_path, streaming(_silent), poll=stopped)

        assert (result.outcome, result.findings) == (Outcome.CANCELLED, ())

    def test_an_event_that_is_no_json(self, tmp_path: Path):
        """It is a fault of the provider, and the job is found otherwise."""
        result, _ = heard(
            tmp_path, lambda w: after_submit(w, event("job_ended", "{broken")), poll=answer(done)
        )

        assert result.outcome is Outcome.SUCCEEDED
        assert "response.not-json" in rules_of(result.findings)


async def _silent(say: Say) -> None:
    """Nothing but keep-alives."""


def _after(count: int, before: Any, after: Any) -> Any:
    """One answer so many times, then another."""
    calls = iter(range(10**6))

    async def handler(request: Received) -> None:
        await answer(before if next(calls) < count else after)(request)

    return handler
