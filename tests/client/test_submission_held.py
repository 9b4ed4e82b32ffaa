"""Submits that are given up while they are under way, and calls that are answered when the job is done."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from harness.client.entry import Entry, EntryState
from harness.client.results import JobResult, Mode, Outcome
from harness.errors import TransportError
from tests.client.entries import opened
from tests.client.server import Handler, answer, html, reset, stall
from tests.client.specs import full
from tests.client.test_submission import CREATED, FAST
from tests.client.world import BODY, rules_of, run, world


class TestGivenUp:
    def test_while_the_answer_is_awaited(self, tmp_path: Path):
        """The job may exist: its entry says so."""

        async def cancelled() -> Entry:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos", stall)
                task = asyncio.ensure_future(w.client.submit(w.spec, BODY))
                while not w.server.requests:
                    await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                return w.journal.entries()[0]

        entry = run(cancelled())
        assert (entry.state, entry.counted) == (EntryState.POSSIBLY_BILLED, True)

    def test_before_it_is_sent(self, tmp_path: Path):
        """While it waits for its turn: nothing was sent, and nothing is counted."""
        spec = full(("  concurrency: undocumented", "  concurrency: {jobs: 1, source: page#Limits}"))

        async def cancelled() -> Entry:
            async with world(tmp_path, spec=spec) as w:
                w.server.on("POST", "/v1/videos", CREATED)
                w.server.on("GET", "/v1/videos/", stall)
                waiting = asyncio.ensure_future(w.client.run(spec, BODY))
                while len(w.server.requests) < 2:
                    await asyncio.sleep(0.01)
                second = asyncio.ensure_future(w.client.submit(spec, BODY))
                await asyncio.sleep(0.05)
                second.cancel()
                waiting.cancel()
                await asyncio.gather(second, waiting, return_exceptions=True)
                assert len(w.server.seen("POST")) == 1
                return w.journal.entries()[1]

        entry = run(cancelled())
        assert (entry.state, entry.counted) == (EntryState.ABANDONED, False)

    def test_a_journal_that_cannot_be_written(self, tmp_path: Path):
        """Then nothing is sent."""

        async def full_disk() -> int:
            async with world(tmp_path) as w:
                w.journal._database._connection.execute("PRAGMA query_only=1")
                w.server.on("POST", "/v1/videos", CREATED)
                with pytest.raises(TransportError, match="attempt to write a readonly database"):
                    await w.client.submit(w.spec, BODY)
                return len(w.server.requests)

        assert run(full_disk()) == 0


class TestBlocking:
    def test_the_answer_is_the_end(self, tmp_path: Path):
        """The call is held as long as it takes, beside the caller."""

        async def held() -> tuple[JobResult, Entry]:
            async with world(tmp_path, limits=FAST) as w:

                async def slow(request: Any) -> None:
                    await asyncio.sleep(0.5)
                    await answer({"url": "https://cdn.example.com/1.mp4"})(request)

                w.server.on("POST", "/v1/videos/now", slow)
                handle = await w.client.submit(w.spec, BODY, mode=Mode.BLOCKING)
                assert w.server.requests == []
                early = await w.client.wait(handle, timeout_s=1.0)
                assert (early.outcome, rules_of(early.findings)) == (
                    Outcome.UNFINISHED,
                    ["job.unfinished"],
                )
                assert early.note == "the call has not been answered within 1 s; it is still held"
                return await w.client.wait(handle), w.journal.entries()[0]

        result, entry = run(held())
        assert (result.outcome, result.seen_by, result.output) == (
            Outcome.SUCCEEDED,
            "blocking",
            "https://cdn.example.com/1.mp4",
        )
        assert result.high_s is not None
        assert 45 < result.high_s < 100  # half a real second, at a hundred to one
        assert (entry.state, entry.operation) == (EntryState.DONE, "generate")

    def test_the_video_itself(self, tmp_path: Path):
        """It may come inline; then there is no address."""

        async def inline() -> JobResult:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos/now", answer({"data": "AAAA"}))
                return await w.client.run(w.spec, BODY, mode="blocking")

        result = run(inline())
        assert (result.output, result.inline, result.outcome) == (None, "AAAA", Outcome.SUCCEEDED)

    @pytest.mark.parametrize("handler", [reset, html(504), answer(b"{", status=200)])
    def test_a_broken_call(self, tmp_path: Path, handler: Handler):
        """The job was made, as far as anybody knows; it is not sent again."""

        async def broken() -> tuple[JobResult, int]:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos/now", handler)
                result = await w.client.run(w.spec, BODY, mode="blocking")
                return result, len(w.server.requests)

        result, requests = run(broken())
        assert (result.outcome, requests) == (Outcome.POSSIBLY_BILLED, 1)

    def test_closing_the_client_ends_the_call(self, tmp_path: Path):
        """And the journal says what that may have cost."""

        async def closed() -> None:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos/now", stall)
                await w.client.submit(w.spec, BODY, mode="blocking")
                while not w.server.requests:
                    await asyncio.sleep(0.01)

        run(closed())
        journal = opened(tmp_path)
        assert [entry.state for entry in journal.entries()] == [EntryState.POSSIBLY_BILLED]
        journal.close()
