"""Sending the request that makes a job, once, and knowing what may have been paid for."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.client.budget import Budget
from harness.client.client import Client
from harness.client.entry import Entry, EntryState
from harness.client.keys import Binding, Keyring
from harness.client.limits import Limits
from harness.client.results import JobResult, Outcome
from harness.errors import BudgetError, OperatorError
from harness.spec.store import SpecStore
from tests.client.entries import opened
from tests.client.server import Handler, answer, html, raw, redirect, reset, stall
from tests.client.world import BODY, KEY, World, clock, done, move, rules_of, run, sequence, world
from tests.minimal import minimal

FAST = Limits(connect_s=20.0, write_s=20.0, first_byte_s=20.0, whole_s=40.0, shortest_real_s=0.1)
CREATED = answer({"id": "job-1"}, status=201)


def submitted(path: Path, handler: Handler, **options: Any) -> tuple[JobResult, Entry, World]:
    """What a submit answered by this handler comes to, in the result and in the journal."""

    async def one() -> tuple[JobResult, Entry, World]:
        async with world(path, **{"limits": FAST, **options}) as w:
            w.server.on("POST", "/v1/videos", handler)
            w.server.on("GET", "/v1/videos/", answer(done))
            result = await w.client.run(w.spec, BODY)
            return result, w.journal.entries()[0], w

    found: tuple[JobResult, Entry, World] = run(one())
    return found


class TestMade:
    def test_a_job(self, tmp_path: Path):
        """Sent once; its id is on disk before the first poll."""
        seen: list[EntryState] = []

        async def one() -> JobResult:
            async with world(tmp_path, budget=Budget(max_jobs=1, scope="b")) as w:

                async def poll(request: Any) -> None:
                    seen.append(w.journal.entries()[0].state)
                    await answer(done)(request)

                w.server.on("POST", "/v1/videos", CREATED)
                w.server.on("GET", "/v1/videos/", poll)
                result = await w.client.run(w.spec, BODY)
                assert w.bodies() == [BODY]
                (entry,) = w.journal.entries()
                assert (entry.state, entry.job_id, entry.scope) == (EntryState.DONE, "job-1", "b")
                assert entry.server == w.server.base_url
                assert json.loads(entry.request) == BODY
                return result

        result = run(one())
        assert (result.outcome, result.output) == (
            Outcome.SUCCEEDED,
            "https://cdn.example.com/job-1.mp4",
        )
        assert seen == [EntryState.SUBMITTED]
        assert result.findings == ()

    def test_one_that_ends_at_once(self, tmp_path: Path):
        """The answer to the submit may be the end; then nothing is polled."""
        spec = SpecStore().get("aimlapi")
        body = {"id": "a:b", "status": "error", "error": {"name": "Bad", "message": "no"}}

        async def one() -> JobResult:
            async with world(tmp_path, spec=spec) as w:
                w.server.on("POST", "/", answer(body))
                return await w.client.run(spec, {"model": spec.model.name, "prompt": "x"})

        result = run(one())
        assert (result.outcome, result.error, result.seen_by, result.polls) == (
            *(Outcome.FAILED, "no"),
            *("submit", 0),
        )

    def test_several_jobs(self, tmp_path: Path):
        """Each has a handle and an entry, and is waited for by itself."""
        spec = SpecStore().get("oxen")
        made = {"generations": [{"generation_id": name, "status": "queued"} for name in ("a", "b")]}

        async def two() -> list[JobResult]:
            async with world(tmp_path, spec=spec, budget=Budget(max_jobs=2)) as w:
                w.server.on("POST", "/", answer(made))
                w.server.on("GET", "/", answer({"error": {}}, status=404))
                body = {"model": spec.model.name, "prompt": "x", "num_generations": 2}
                handle = await w.client.submit(spec, body)
                results = [await w.client.wait(one, timeout_s=20.0) for one in (handle, *handle.others)]
                assert [(e.job_id, e.jobs) for e in w.journal.entries()] == [("a", 1), ("b", 1)]
                assert w.journal.spent("default").jobs == 2
                return results

        results = run(two())
        assert [result.handle.job_id for result in results] == ["a", "b"]
        assert [result.outcome for result in results] == [Outcome.UNFINISHED] * 2


class TestRefused:
    @pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
    def test_counts_as_if_billed(self, tmp_path: Path, status: int):
        """Unless the documents say that such an answer is free, the worst case stays spent."""
        result, entry, w = submitted(tmp_path, answer({"message": "no"}, status=status))

        assert (result.outcome, result.status) == (Outcome.REFUSED, status)
        assert result.note is not None
        assert result.note.endswith("; whether it is billed is not documented")
        assert (entry.state, entry.counted) == (EntryState.REFUSED, True)
        assert len(w.server.requests) == 1

    def test_free_where_documented(self, tmp_path: Path):
        """A 429 that says that nothing was billed gives the reservation back; it is not sent again either."""
        handler = answer({"message": f"slow {KEY}"}, status=429, headers={"retry-after": "7"})
        result, entry, w = submitted(tmp_path, handler)

        assert (result.outcome, result.retry_after_s) == (Outcome.REFUSED, 7.0)
        assert result.note == "status 429: slow REDACTED"
        assert (entry.state, entry.counted) == (EntryState.REFUSED, False)
        assert len(w.server.requests) == 1
        assert rules_of(result.findings) == ["traffic.unavailable"]

    def test_the_shipped_429_that_is_free(self):
        """It is documented in the later revision alone."""
        store = SpecStore()
        latest = store.get("eachlabs@latest").responses_for("submit", 429)
        baseline = store.get("eachlabs").responses_for("submit", 429)

        assert latest is not None
        assert baseline is not None
        assert (latest.billed, baseline.billed) == (False, None)


class TestPossiblyBilled:
    @pytest.mark.parametrize(
        "handler",
        [
            reset,
            raw(b""),
            stall,
            answer({}, status=500),
            html(502),
            answer({}, status=503, headers={"retry-after": "1"}),
            raw(b"HTTP/1.1 201 X\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"),
            raw(b'HTTP/1.1 201 X\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{"id"'),
            answer(b'{"id": "job', status=201),
            answer(b"\xff\xfe", status=201),
            answer({}, status=201),
            answer({"id": None}, status=201),
            answer({"id": ""}, status=201),
            answer([], status=201),
            html(201),
            answer(b"x" * 9_000_000, status=201),
            redirect("/v1/videos"),
            redirect("http://evil.example/"),
        ],
    )
    def test_an_answer_of_no_use(self, tmp_path: Path, handler: Handler):
        """It may have made a job: said so, counted, and never sent again."""
        result, entry, w = submitted(tmp_path, handler)

        assert result.outcome is Outcome.POSSIBLY_BILLED
        assert "job.possibly-billed" in rules_of(result.findings)
        assert result.note is not None
        assert result.note.endswith("the job may exist, and is not sent again")
        assert (entry.state, entry.counted, entry.job_id) == (EntryState.POSSIBLY_BILLED, True, None)
        assert len(w.server.seen("POST")) == 1

    def test_a_number_for_an_id_is_one(self, tmp_path: Path):
        """It is not what is documented, and names the job all the same."""
        result, entry, _ = submitted(tmp_path, answer({"id": 7}, status=201))

        assert (result.outcome, entry.job_id) == (Outcome.SUCCEEDED, "7")
        assert rules_of(result.findings) == ["response.type"]

    def test_an_id_among_faults_is_used(self, tmp_path: Path):
        """Too many headers, another content type, a member more: the job is paid for, and it has a name."""
        flood = {f"x-{number}": "y" for number in range(500)}
        handler = answer(
            {"id": "job-1", "more": 1}, status=200, headers={**flood, "content-type": "text/html"}
        )
        result, entry, _ = submitted(tmp_path, handler)

        assert (result.outcome, entry.state) == (Outcome.SUCCEEDED, EntryState.DONE)


class TestSentAgain:
    def test_only_when_it_cannot_have_been_heard(self, tmp_path: Path):
        """Nobody listens twice, then somebody does: one request arrives."""

        async def later() -> tuple[JobResult, int]:
            async with world(tmp_path, limits=Limits(backoff_s=20.0)) as w:
                transport, attempts = w.client._session.transport, 0
                real = transport.send

                async def counting(call: Any, **options: Any) -> Any:
                    nonlocal attempts
                    attempts += 1
                    if attempts < 3:
                        closed = socket.socket()
                        closed.bind(("127.0.0.1", 0))  # bound and not listening: connecting is refused
                        port = closed.getsockname()[1]
                        try:
                            elsewhere = call.url.replace(w.server.base_url, f"http://127.0.0.1:{port}")
                            return await real(replace(call, url=elsewhere), **options)
                        finally:
                            closed.close()
                    return await real(call, **options)

                transport.send = counting  # type: ignore[method-assign]
                w.server.on("POST", "/v1/videos", CREATED)
                w.server.on("GET", "/v1/videos/", answer(done))
                result = await w.client.run(w.spec, BODY)
                assert len(w.server.seen("POST")) == 1
                return result, attempts - result.polls

        result, attempts = run(later())
        assert (result.outcome, attempts) == (Outcome.SUCCEEDED, 3)

    def test_in_the_end_it_is_given_up_and_costs_nothing(self, tmp_path: Path):
        """Four attempts that could not connect: the reservation is given back."""

        async def never() -> tuple[JobResult, Entry, int]:
            async with world(tmp_path, limits=Limits(backoff_s=1.0), budget=Budget(max_jobs=1)) as w:
                gone = socket.socket()
                gone.bind(("127.0.0.1", 0))
                move(w, f"http://127.0.0.1:{gone.getsockname()[1]}")
                result = await w.client.run(w.spec, BODY)
                gone.close()
                return result, w.journal.entries()[0], len(w.seen)

        result, entry, attempts = run(never())
        assert (result.outcome, attempts) == (Outcome.UNSENT, 4)
        assert (entry.state, entry.counted) == (EntryState.ABANDONED, False)
        assert result.note is not None
        assert result.note.startswith("never reached the provider: could not connect")

    def test_not_when_a_byte_was_written(self, tmp_path: Path):
        """A connection that was made and closed before anything was read may have been heard."""

        async def accepted_and_reset() -> tuple[JobResult, int]:
            connections = 0

            async def slam(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                nonlocal connections
                connections += 1
                connection = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()

            listening = await asyncio.start_server(slam, "127.0.0.1", 0)
            async with world(tmp_path) as w:
                port = listening.sockets[0].getsockname()[1]
                move(w, f"http://127.0.0.1:{port}")
                result = await w.client.run(w.spec, BODY)
            listening.close()
            return result, connections

        result, connections = run(accepted_and_reset())
        assert (result.outcome, connections) == (Outcome.POSSIBLY_BILLED, 1)


class TestNotSent:
    def test_a_request_that_breaks_the_documents(self, tmp_path: Path):
        """A typo costs a job with the default: it is not sent, unless that is what is wanted."""

        async def typo() -> None:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos", CREATED)
                with pytest.raises(OperatorError) as caught:
                    await w.client.submit(w.spec, {"prompt": "x", "duration": 7, "sound": True})
                assert str(caught.value) == (
                    "example/video-1-text-to-video: not sent, the request breaks the documents: "
                    "/duration: expected one of 5, 10, got 7; /sound: the documents name no such property"
                )
                assert (w.server.requests, w.journal.entries()) == ([], ())
                handle = await w.client.submit(w.spec, {"prompt": "x", "duration": 7}, even_if_invalid=True)
                assert handle.job_id == "job-1"

        run(typo())

    def test_money_beyond_this_machine(self, tmp_path: Path):
        """It takes a word of the operator, and a budget."""
        spec = minimal()

        async def at(**options: Any) -> None:
            journal = opened(tmp_path)
            keyring = Keyring.from_environment(
                {"K": KEY}, (Binding(slot="example", variable="K", hosts=("api.example.com",)),)
            )
            try:
                async with Client(
                    (spec,), keyring=keyring, journal=journal, clock=clock(), **options
                ) as client:
                    await client.submit(spec, BODY)
            finally:
                assert journal.entries() == ()
                journal.close()

        with pytest.raises(OperatorError) as caught:
            run(at(budget=Budget(max_jobs=1)))
        assert str(caught.value) == (
            "example/video-1-text-to-video: a job at api.example.com costs money; say that it may (--live)"
        )
        with pytest.raises(BudgetError) as refused:
            run(at(live=True))
        assert str(refused.value) == (
            "example/video-1-text-to-video: a job at api.example.com costs money, and there is no budget"
        )

    def test_a_budget_that_does_not_suffice(self, tmp_path: Path):
        """Refused before anything is sent."""

        async def too_many() -> None:
            async with world(tmp_path, budget=Budget(max_jobs=2)) as w:
                w.server.on("POST", "/v1/videos", CREATED)
                with pytest.raises(BudgetError, match=r"this request may make 3$"):
                    await w.client.submit(w.spec, {**BODY, "count": 3})
                with pytest.raises(BudgetError, match="sends the bill to another account"):
                    await w.client.submit(w.spec, {**BODY, "payer": "them"})
                assert w.server.requests == []

        run(too_many())

    def test_fifty_submitters_never_exceed_a_budget(self, tmp_path: Path):
        """Whatever the answers are: of fifty, twelve are sent; refusals count as if they were billed."""

        async def fifty() -> tuple[int, int]:
            async with world(tmp_path, budget=Budget(max_jobs=12), scale=1000.0) as w:
                w.server.on(
                    "POST", "/v1/videos", sequence(CREATED, answer({}, status=422), reset, CREATED, html(502))
                )
                spec = minimal((full_rate, unlimited))
                outcomes = await asyncio.gather(
                    *(w.client.submit(spec, BODY) for _ in range(50)), return_exceptions=True
                )
                refused = [o for o in outcomes if isinstance(o, BudgetError)]
                assert len(refused) + sum(not isinstance(o, BaseException) for o in outcomes) == 50
                return len(w.server.seen("POST")), len(refused)

        full_rate = "rate: {requests: 100, per_s: 60, operation: submit, scope: key, source: page#Limits}"
        unlimited = "rate: undocumented"
        assert run(fifty()) == (12, 38)
