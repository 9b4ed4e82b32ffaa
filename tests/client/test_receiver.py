"""Webhooks: the receiver over real sockets, and what becomes of each kind of call."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.client.deliveries import Verdict
from harness.client.limits import Limits
from harness.client.receiver import ReceiverOptions
from harness.client.results import JobResult, Outcome
from harness.errors import OperatorError
from harness.wire.message import Delivery
from tests.client.server import Received, answer
from tests.client.specs import full
from tests.client.world import BODY, World, done, messages, rules_of, run, waiting, world

ENDED = {"id": "job-1", "state": "ok", "url": "https://cdn.example.com/1.mp4"}
LIMITS = Limits(fallback_s=60.0, shortest_real_s=0.3)
NO_SECRET = ("  secret_header: {value: X-Secret, source: page#Webhooks}", "  secret_header: undocumented")


async def call(request: Received, payload: Any = None, **changes: Any) -> int:
    """A call of the provider for a submit that it got; the status that it is answered with."""
    body = request.json
    headers = {"X-Secret": body["callback_secret"], **changes.pop("headers", {})}
    content = payload if isinstance(payload, bytes) else json.dumps(payload or ENDED).encode()
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        url = changes.pop("url", body["callback_url"])
        method = changes.pop("method", "POST")
        response = await http.request(method, url, content=content, headers=headers)
    return response.status_code


def called(path: Path, *calls: Any, poll: Any = None, spec: Any = None) -> tuple[JobResult, list[int], World]:
    """What a job comes to whose provider makes these calls, each a coroutine of the submit."""

    async def one() -> tuple[JobResult, list[int], World]:
        async with world(path, limits=LIMITS, spec=spec) as w:
            statuses: list[int] = []

            async def make(request: Received) -> None:
                await asyncio.sleep(0.1)
                for one_call in calls:
                    status = await one_call(request)
                    statuses.append(status)

            making: list[asyncio.Task[None]] = []

            async def create(request: Received) -> None:
                await answer({"id": "job-1"}, status=201)(request)
                making.append(asyncio.create_task(make(request)))

            w.server.on("POST", "/v1/videos", create)
            w.server.on("GET", "/v1/videos/", poll or answer(waiting))
            result = await w.client.run(w.spec, BODY, mode="webhook")
            await asyncio.gather(*making)
            return result, statuses, w

    found: tuple[JobResult, list[int], World] = run(one())
    return found


def verdicts(w: World) -> list[Verdict]:
    """What was made of each call."""
    return [received.verdict for received in w.client.deliveries]


class TestAccepted:
    def test_a_call_ends_the_wait(self, tmp_path: Path):
        """The address and the secret were sent along; the call is believed."""
        result, statuses, w = called(tmp_path, call)
        (sent,) = w.bodies()

        assert sent["callback_url"].startswith("http://127.0.0.1:")
        assert len(sent["callback_url"].rsplit("/", 1)[1]) == 32
        assert len(sent["callback_secret"]) == 43
        assert (result.outcome, result.seen_by, result.polls, result.output) == (
            *(Outcome.SUCCEEDED, "webhook"),
            *(0, "https://cdn.example.com/1.mp4"),
        )
        assert (statuses, verdicts(w), result.findings) == ([200], [Verdict.ACCEPTED], ())

    def test_nothing_shows_the_secret_or_the_path(self, tmp_path: Path):
        """Neither what is recorded, nor the journal."""
        _, _, w = called(tmp_path, call)
        (sent,) = w.bodies()
        (delivery,) = [m for m in w.seen if isinstance(m, Delivery)]

        assert delivery.received_utc is not None
        journal = (tmp_path / "journal.sqlite").read_bytes() + b"".join(
            path.read_bytes() for path in tmp_path.glob("*-wal")
        )
        for secret in (sent["callback_secret"], sent["callback_url"].rsplit("/", 1)[1]):
            assert secret not in repr((w.seen, w.client.deliveries))
            assert secret.encode() not in journal

    def test_a_failure(self, tmp_path: Path):
        """It has a word of its own."""
        failed = {"id": "job-1", "state": "failed"}
        result, _, _ = called(tmp_path, lambda request: call(request, failed))
        assert result.outcome is Outcome.FAILED

    def test_before_the_answer_is_read(self, tmp_path: Path):
        """The job has no name yet when the call comes."""

        async def one() -> JobResult:
            async with world(tmp_path, limits=LIMITS) as w:

                async def create(request: Received) -> None:
                    assert await call(request) == 200
                    await answer({"id": "job-1"}, status=201)(request)

                w.server.on("POST", "/v1/videos", create)
                return await w.client.run(w.spec, BODY, mode="webhook")

        result = run(one())
        assert (result.outcome, result.seen_by, result.polls) == (Outcome.SUCCEEDED, "webhook", 0)

    def test_it_is_judged(self, tmp_path: Path):
        """As any message is."""
        odd = {"id": "job-1", "state": "ok", "url": 7}
        result, _, _ = called(tmp_path, lambda request: call(request, odd))
        assert rules_of(result.findings) == ["response.type"]


class TestNotBelieved:
    def test_without_a_documented_secret_a_poll_confirms(self, tmp_path: Path):
        """The call only says that it is time to look."""
        spec = full(NO_SECRET)
        result, statuses, w = called(tmp_path, call, poll=answer(done), spec=spec)
        untrue, _, _ = called(tmp_path / "untrue", call, poll=_after(3, waiting, done), spec=spec)

        assert (statuses, verdicts(w)) == ([200], [Verdict.UNVERIFIED])
        assert (result.seen_by, result.polls, result.output) == (
            *("poll", 1),
            "https://cdn.example.com/job-1.mp4",
        )
        assert (untrue.seen_by, untrue.polls, untrue.findings) == ("poll", 4, ())

    @pytest.mark.parametrize("headers", [{"X-Secret": "guess"}, {"X-Secret": ""}, {"X-Secret": "é".encode()}])
    def test_forged(self, tmp_path: Path, headers: dict[str, Any]):
        """Refused; the job is looked at, and the forger's word is nowhere."""
        lie = {"id": "job-1", "state": "failed", "url": "http://evil.example"}
        result, statuses, w = called(
            tmp_path, lambda request: call(request, lie, headers=headers), poll=answer(done)
        )

        assert (statuses, verdicts(w)) == ([401], [Verdict.FORGED])
        assert (result.outcome, result.seen_by) == (Outcome.SUCCEEDED, "poll")
        assert messages(result.findings)["webhook.forged"] == (
            "the call does not carry the secret that the provider was given; it was refused"
        )
        assert not [m for m in w.seen if isinstance(m, Delivery)]

    def test_oversized(self, tmp_path: Path):
        """Cut off and refused."""
        huge = json.dumps({**ENDED, "x": "y" * 300_000}).encode()
        result, statuses, w = called(tmp_path, lambda request: call(request, huge), poll=answer(done))

        assert (statuses, verdicts(w)) == ([413], [Verdict.OVERSIZED])
        assert "webhook.oversized" in rules_of(result.findings)
        assert len(w.client.deliveries[0].delivery.body) == 262_144

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'{"state": "ok"}', b'{"id": 7}'])
    def test_malformed(self, tmp_path: Path, content: bytes):
        """It names no job."""
        result, statuses, w = called(tmp_path, lambda request: call(request, content), poll=answer(done))

        assert (statuses, verdicts(w)) == ([400], [Verdict.MALFORMED])
        assert "webhook.malformed" in rules_of(result.findings)
        assert result.outcome is Outcome.SUCCEEDED

    def test_of_another_job(self, tmp_path: Path):
        """It is answered, kept for a while, and touches nothing."""
        other = {**ENDED, "id": "job-9"}
        result, statuses, w = called(tmp_path, lambda request: call(request, other), poll=answer(done))

        assert (statuses, verdicts(w)) == ([200], [Verdict.UNKNOWN_JOB])
        assert (result.seen_by, result.output) == ("poll", "https://cdn.example.com/job-1.mp4")

    def test_other_paths_and_methods(self, tmp_path: Path):
        """A guess at the path finds nothing, and only a POST is a call."""

        async def guess(request: Received) -> int:
            return await call(request, url=request.json["callback_url"][:-1] + "x")

        async def get(request: Received) -> int:
            return await call(request, method="GET")

        _, statuses, w = called(tmp_path, guess, get, call)
        assert (statuses, verdicts(w)) == ([404, 405, 200], [Verdict.ACCEPTED])


class TestAgain:
    def test_duplicates(self, tmp_path: Path):
        """Answered, recorded, and without effect."""
        result, statuses, w = called(tmp_path, call, call, call)

        assert (statuses, verdicts(w)) == (
            [200, 200, 200],
            [Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.DUPLICATE],
        )
        assert result.outcome is Outcome.SUCCEEDED
        assert messages(w.client.findings(result.handle)) == {
            "webhook.duplicate": "the call for job 'job-1' came again"
        }

    def test_late(self, tmp_path: Path):
        """After a poll has shown the end, and the wait for the call is over."""

        async def late(request: Received) -> int:
            await asyncio.sleep(3.2)
            return await call(request)

        result, statuses, w = called(tmp_path, late, poll=answer(done))

        assert (statuses, verdicts(w)) == ([200], [Verdict.LATE])
        assert (result.seen_by, rules_of(result.findings)) == ("poll", ["webhook.missing"])
        assert messages(w.client.findings(result.handle))["webhook.late"] == (
            "the call for job 'job-1' came after its end had been seen"
        )

    def test_a_moment_after_a_poll(self, tmp_path: Path):
        """The call is waited for, and was in time: nothing is late, and nothing is missing."""

        async def soon(request: Received) -> int:
            await asyncio.sleep(1.0)
            return await call(request)

        result, statuses, w = called(tmp_path, soon, poll=answer(done))

        assert (statuses, verdicts(w)) == ([200], [Verdict.ACCEPTED])
        assert (result.seen_by, w.client.findings(result.handle)) == ("poll", ())

    def test_never(self, tmp_path: Path):
        """The poll behind finds the job; that no call came is the provider's fault."""
        result, _, w = called(tmp_path, poll=answer(done))

        assert (result.outcome, verdicts(w)) == (Outcome.SUCCEEDED, [])
        assert messages(result.findings) == {
            "webhook.missing": "the job has ended as succeeded; its webhook call has not come"
        }

    def test_never_as_documented(self, tmp_path: Path):
        """Of a cancelled job none is promised."""
        result, _, _ = called(tmp_path, poll=answer({"id": "job-1", "status": "stopped"}))
        assert (result.outcome, result.findings) == (Outcome.CANCELLED, ())


class TestServer:
    def test_it_answers_at_once(self, tmp_path: Path):
        """A hundred calls together, each within five seconds, of the thirty that are documented."""

        async def hundred(request: Received) -> int:
            begun = time.monotonic()
            others = [{**ENDED, "id": f"job-{number}"} for number in range(2, 102)]
            statuses = await asyncio.gather(*(call(request, payload) for payload in others))
            assert time.monotonic() - begun < 5
            return max(statuses)

        _, statuses, _ = called(tmp_path, hundred, call)
        assert statuses == [200, 200]

    def test_a_caller_who_dawdles(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """Half a body, and then nothing: sent away, and nobody else waits for it."""
        monkeypatch.setattr("harness.client.receiver._READ_S", 0.2)

        async def dawdle(request: Received) -> int:
            url = httpx.URL(request.json["callback_url"])
            reader, writer = await asyncio.open_connection(url.host, url.port)
            head = f"POST {url.path} HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{{"
            writer.write(head.encode())
            status = int((await reader.readline()).split()[1])
            writer.close()
            return status

        _, statuses, w = called(tmp_path, dawdle, call)
        assert (statuses, verdicts(w)) == ([408, 200], [Verdict.ACCEPTED])

    def test_a_port_that_is_taken(self, tmp_path: Path):
        """The operator hears where."""

        async def taken() -> None:
            listening = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
            port = listening.sockets[0].getsockname()[1]
            try:
                async with world(tmp_path, receiver=ReceiverOptions(port=port)) as w:
                    with pytest.raises(OperatorError) as caught:
                        await w.client.submit(w.spec, BODY, mode="webhook")
                    assert str(caught.value) == (
                        f"webhook receiver at 127.0.0.1:{port}: Address already in use"
                    )
                    assert w.server.requests == []
            finally:
                listening.close()

        run(taken())

    def test_the_public_address_is_the_operators(self, tmp_path: Path):
        """It is what the provider is told, and has to be HTTPS."""

        async def told() -> str:
            options = ReceiverOptions(public_url="https://tunnel.example/hooks/")
            async with world(tmp_path, receiver=options) as w:
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                await w.client.submit(w.spec, BODY, mode="webhook")
                return str(w.bodies()[0]["callback_url"])

        assert run(told()).startswith("https://tunnel.example/hooks/")
        with pytest.raises(OperatorError) as caught:
            ReceiverOptions(public_url="http://tunnel.example")
        assert str(caught.value) == (
            "public URL at tunnel.example: expected https, the secret travels through it"
        )

    def test_a_body_with_an_address_of_its_own(self, tmp_path: Path):
        """The client's is the one that it listens at."""

        async def mine() -> None:
            async with world(tmp_path) as w:
                await w.client.submit(w.spec, {**BODY, "callback_url": "https://mine"}, mode="webhook")

        with pytest.raises(OperatorError, match="/callback_url is this client's to fill in"):
            run(mine())


def _after(count: int, before: Any, after: Any) -> Any:
    """One answer so many times, then another."""
    calls = iter(range(10**6))

    async def handler(request: Received) -> None:
        await answer(before if next(calls) < count else after)(request)

    return handler
