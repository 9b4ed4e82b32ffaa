"""Waiting for the end of a job: nothing that happens to a poll ends the wait."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness.client.entry import EntryState
from harness.client.limits import Limits
from harness.client.results import JobResult, Mode, Outcome
from harness.client.watch import documented_interval_s
from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.message import Exchange
from tests.client.server import Handler, answer, html, raw, redirect, reset, stall
from tests.client.specs import full
from tests.client.world import (
    BODY,
    KEY,
    World,
    done,
    messages,
    rules_of,
    run,
    sequence,
    waiting,
    world,
)
from tests.minimal import minimal

FAST = Limits(first_byte_s=20.0, between_bytes_s=20.0, whole_s=40.0, shortest_real_s=0.05)


def waited(path: Path, *polls: Any, spec: Spec | None = None, **options: Any) -> tuple[JobResult, World]:
    """What a wait comes to that gets these answers to its polls, the last for ever."""
    wait = {name: options.pop(name) for name in ("timeout_s", "pacing") if name in options}

    async def one() -> tuple[JobResult, World]:
        async with world(path, spec=spec, **{"limits": FAST, **options}) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
            w.server.on("GET", "/v1/videos/", sequence(*polls))
            return await w.client.run(w.spec, BODY, **wait), w

    found: tuple[JobResult, World] = run(one())
    return found


def poll_times(w: World) -> list[float]:
    """When each poll was sent, in provider seconds."""
    return [m.sent_s or 0.0 for m in w.seen if isinstance(m, Exchange) and m.request.method == "GET"]


class TestEnds:
    @pytest.mark.parametrize(
        ("status", "more", "outcome", "state"),
        [
            ("done", {"videos": [{"url": "https://x/v"}]}, Outcome.SUCCEEDED, EntryState.DONE),
            ("broken", {"error": "no luck"}, Outcome.FAILED, EntryState.FAILED),
            ("stopped", {}, Outcome.CANCELLED, EntryState.CANCELLED),
        ],
    )
    def test_each(
        self, tmp_path: Path, status: str, more: dict[str, Any], outcome: Outcome, state: EntryState
    ):
        """What the spec's word means is what became of the job."""

        async def one() -> None:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on(
                    "GET", "/v1/videos/", sequence(waiting, {"id": "job-1", "status": status, **more})
                )
                result = await w.client.run(w.spec, BODY)
                (entry,) = w.journal.entries()
                looks = 2 if outcome is Outcome.SUCCEEDED else 3  # an end without a video is asked for again
                assert (result.outcome, entry.state, result.polls) == (outcome, state, looks)
                assert (result.error, entry.note) == (more.get("error"), more.get("error"))
                assert (result.seen_by, result.findings) == ("poll", ())
                assert result.value == {"id": "job-1", "status": status, **more}

        run(one())

    def test_the_latency_is_an_interval(self, tmp_path: Path):
        """From the last poll that saw it unfinished to the first that saw it done."""
        result, w = waited(tmp_path, waiting, waiting, done)
        sent = poll_times(w)
        posted = next(m for m in w.seen if isinstance(m, Exchange) and m.request.method == "POST")

        assert result.low_s == pytest.approx(sent[1] - (posted.received_s or 0.0), abs=0.01)
        assert result.high_s is not None
        assert result.high_s > sent[2] - (posted.sent_s or 0.0)

    def test_not_in_time(self, tmp_path: Path):
        """Then it is open in the journal, and said so."""
        result, _ = waited(tmp_path, waiting, timeout_s=30.0)

        assert (result.outcome, result.output) == (Outcome.UNFINISHED, None)
        assert messages(result.findings) == {
            "job.unfinished": "the job has not ended within 30 s; it is open in the journal"
        }
        assert result.low_s is not None
        assert result.low_s > 20
        assert result.high_s is None


@pytest.mark.parametrize(
    ("handler", "rule"),
    [
        (answer({}, status=401), None),
        (answer({"message": "?"}, status=404), "job.not-found"),
        (answer({}, status=429), None),
        (answer({}, status=500), None),
        (html(502), None),
        (answer({}, status=503, headers={"retry-after": "3"}), None),
        (reset, None),
        (raw(b""), None),
        (raw(b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{"), None),
        (stall, None),
        (raw(b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{", 10.0), None),
        (answer(b'{"id": "job-1", "sta'), "response.not-json"),
        (answer(b"\xff"), "response.not-utf8"),
        (html(200), "response.not-json"),
        (answer(b"x" * 9_000_000), "traffic.over-limit"),
        (redirect("http://evil.example/"), "traffic.redirect-refused"),
        (redirect("/v1/videos/job-1"), "traffic.redirect-refused"),
        (answer({"id": "job-2", "status": "done"}), "job.id-changed"),
        (answer({"id": "job-1"}), "response.required"),
        (answer({"id": "job-1", "status": None}), "response.type"),
        (answer({"id": "job-1", "status": 7}), "response.type"),
        (answer([]), "response.type"),
        (answer(b"null"), "response.type"),
        (answer({}, status=204), "response.status-undocumented"),
    ],
)
def test_whatever_happens_to_a_poll(tmp_path: Path, handler: Handler, rule: str | None):
    """The wait goes on, the next poll comes later, and what was wrong is said where it is the provider's."""
    result, w = waited(tmp_path, handler, handler, done)
    sent = poll_times(w)

    assert (result.outcome, result.output) == (Outcome.SUCCEEDED, "https://cdn.example.com/job-1.mp4")
    assert len(w.server.seen("POST")) == 1
    gaps = [later - earlier for earlier, later in pairwise(sent)]
    assert gaps[-1] >= 20 - 0.1  # the documented 5 s, doubled twice
    assert (rule is None) or rule in rules_of(result.findings)
    if rule is None:  # an outage is taken back by the answer that comes at last
        assert not [finding for finding in result.findings if finding.rule.inconclusive]


class TestLifeCycle:
    @pytest.mark.parametrize(
        ("polls", "rule"),
        [
            ([{"id": "job-1", "status": "brewing"}, done], "response.enum"),
            ([waiting, {"id": "job-1", "status": "queued"}, done], "job.went-backwards"),
            (
                [
                    {"id": "job-1", "status": "waiting", "progress": 60},
                    {"id": "job-1", "status": "waiting", "progress": 20},
                    done,
                ],
                "job.progress-decreased",
            ),
            ([{"id": "job-1", "status": "waiting", "extra": 1}, done], "response.unknown-property"),
        ],
    )
    def test_faults_are_found_on_the_way(self, tmp_path: Path, polls: list[Any], rule: str):
        """And each once."""
        result, _ = waited(tmp_path, *polls)

        assert result.outcome is Outcome.SUCCEEDED
        assert rules_of(result.findings) == [rule]

    def test_the_same_fault_in_every_poll_is_one(self, tmp_path: Path):
        """Ten polls, one finding."""
        odd = {"id": "job-1", "status": "waiting", "progress": "half"}
        result, _ = waited(tmp_path, *[odd] * 10, done)

        assert (result.polls, rules_of(result.findings)) == (11, ["response.type"])

    def test_an_unknown_word_is_not_the_end(self, tmp_path: Path):
        """Whatever it means, it is asked about again, at the usual interval."""
        spec = full(("type: string, enum: [queued, waiting, done, broken, stopped]", "type: string"))
        result, w = waited(tmp_path, {"id": "job-1", "status": "brewing"}, done, spec=spec, scale=20.0)

        assert rules_of(result.findings) == ["job.status-unknown"]
        assert poll_times(w)[1] - poll_times(w)[0] == pytest.approx(5.0, abs=1.5)

    def test_success_without_a_url(self, tmp_path: Path):
        """It gets three more looks, then it is what it is."""
        empty = {"id": "job-1", "status": "done"}
        result, _ = waited(tmp_path, empty)
        late, _ = waited(tmp_path / "late", empty, empty, done)

        assert (result.outcome, result.output, result.polls) == (Outcome.SUCCEEDED, None, 4)
        assert rules_of(result.findings) == ["job.output-missing"]
        assert (late.output, late.polls) == ("https://cdn.example.com/job-1.mp4", 3)

    def test_a_failure_that_is_taken_back(self, tmp_path: Path):
        """The job is paid for: its end is asked for again before it is believed."""
        broken = {"id": "job-1", "status": "broken", "error": "no luck"}
        result, _ = waited(tmp_path, broken, done)
        alive, _ = waited(tmp_path / "alive", broken, waiting, broken, broken, done)

        assert (result.outcome, result.output) == (
            Outcome.SUCCEEDED,
            "https://cdn.example.com/job-1.mp4",
        )
        assert rules_of(result.findings) == ["job.terminal-changed"]
        assert (alive.outcome, alive.polls) == (Outcome.FAILED, 4)

    def test_a_failure_at_the_last_moment(self, tmp_path: Path):
        """There is no time to ask again: then it is what it is."""
        result, _ = waited(
            tmp_path, {"id": "job-1", "status": "broken", "error": "no"}, timeout_s=5.0, pacing=lambda _: 4.9
        )
        assert (result.outcome, result.error) == (Outcome.FAILED, "no")

    def test_a_success_that_is_none_any_more(self, tmp_path: Path):
        """When it is looked at again for its URL."""
        result, _ = waited(
            tmp_path, {"id": "job-1", "status": "done"}, {"id": "job-1", "status": "broken", "error": "x"}
        )

        assert "job.terminal-changed" in rules_of(result.findings)


class TestPace:
    def test_a_grid_with_a_random_phase(self, tmp_path: Path):
        """Slow answers do not shift the next poll."""

        async def slow(request: Any) -> None:
            await asyncio.sleep(0.1)  # two provider seconds
            await answer(waiting)(request)

        _, w = waited(tmp_path, *[slow] * 6, done, scale=20.0)
        sent = poll_times(w)

        assert 0 <= sent[0] < 7
        gaps = [later - earlier for earlier, later in pairwise(sent)]
        assert gaps == pytest.approx([5.0] * 6, abs=1.5)

    def test_retry_after(self, tmp_path: Path):
        """Seconds are waited for; a date too; and never longer than the limit."""
        limits = Limits(retry_after_max_s=60.0, shortest_real_s=0.05)
        for value, least, most in (("40", 40, 75), ("86400", 60, 110)):
            limited = answer({}, status=429, headers={"retry-after": value})
            _, w = waited(tmp_path / value, limited, done, limits=limits)
            sent = poll_times(w)
            assert least <= sent[1] - sent[0] <= most

    def test_the_callers_pace(self, tmp_path: Path):
        """A function of the time that has passed goes before the documents, and before `poll_s`."""
        _, w = waited(tmp_path, waiting, waiting, waiting, done, pacing=lambda elapsed_s: 1 + elapsed_s)
        gaps = [b - a for a, b in pairwise(poll_times(w))]
        assert gaps == sorted(gaps)

        _, w = waited(tmp_path / "fixed", waiting, waiting, done, limits=Limits(poll_s=20.0), scale=50.0)
        gaps = [b - a for a, b in pairwise(poll_times(w))]
        assert gaps == pytest.approx([20.0] * 2, abs=1.5)

    def test_what_the_documents_ask_for(self):
        """The slowest that they name, else ten seconds."""
        store = SpecStore()
        found = {model: documented_interval_s(store.get(model)) for model in store.ids}

        assert found == {
            "aimlapi/klingai-video-v2-6-pro-text-to-video": 15.0,
            "eachlabs/kling-v2-6-pro-text-to-video": 10.0,
            "novita/kling-v1.6-t2v": 10.0,
            "novita/kling-v2.6-pro-t2v": 10.0,
            "oxen/kling-video-v2-6-pro-text-to-video": 10.0,
        }
        assert documented_interval_s(minimal()) == 5.0


class TestManners:
    def test_two_may_wait_for_one_job(self, tmp_path: Path):
        """They get the same, and the polls are not doubled."""

        async def both() -> tuple[JobResult, JobResult, int]:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on("GET", "/v1/videos/", sequence(waiting, waiting, done))
                handle = await w.client.submit(w.spec, BODY)
                one, other = await asyncio.gather(w.client.wait(handle), w.client.wait(handle))
                return one, other, len(w.server.seen("GET"))

        one, other, polls = run(both())
        assert (one, polls) == (other, 3)

    def test_waiting_may_go_on_after_a_time_out(self, tmp_path: Path):
        """The same handle, another while."""

        async def twice() -> list[Outcome]:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on("GET", "/v1/videos/", sequence(waiting, waiting, waiting, done))
                handle = await w.client.submit(w.spec, BODY)
                first = await w.client.wait(handle, timeout_s=8.0)
                return [first.outcome, (await w.client.wait(handle)).outcome]

        assert run(twice()) == [Outcome.UNFINISHED, Outcome.SUCCEEDED]

    def test_the_end_is_given_even_if_it_cannot_be_written(self, tmp_path: Path):
        """A paid job is not lost to a full disk."""

        async def full_disk() -> JobResult:
            async with world(tmp_path) as w:

                async def then_done(request: Any) -> None:
                    w.journal._database._connection.execute("PRAGMA query_only=1")
                    await answer(done)(request)

                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on("GET", "/v1/videos/", then_done)
                return await w.client.run(w.spec, BODY)

        result = run(full_disk())
        assert (result.outcome, result.output) == (
            Outcome.SUCCEEDED,
            "https://cdn.example.com/job-1.mp4",
        )
        assert result.note is not None
        assert result.note.startswith("the journal does not know of the end: ")

    def test_what_a_provider_echoes_is_redacted(self, tmp_path: Path):
        """Its words, its values and what is said of them."""
        result, w = waited(
            tmp_path,
            {"id": "job-1", "status": "waiting", KEY: KEY},
            {"id": "job-1", "status": "broken", "error": f"key {KEY} is bad", "more": {"deep": [KEY]}},
        )

        assert result.error == "key REDACTED is bad"
        assert KEY not in repr((result, result.findings, result.value, w.seen))

    def test_concurrency_frees_its_place(self, tmp_path: Path):
        """Three jobs, one at a time, and none is submitted before the one before has ended."""
        spec = full(("  concurrency: undocumented", "  concurrency: {jobs: 1, source: page#Limits}"))

        async def three() -> list[str]:
            async with world(tmp_path, spec=spec) as w:
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                w.server.on("GET", "/v1/videos/", answer(done))
                await asyncio.gather(*(w.client.run(spec, BODY) for _ in range(3)))
                return [request.method for request in w.server.requests]

        assert run(three()) == ["POST", "GET"] * 3

    @pytest.mark.parametrize("mode", [Mode.EVENTS, Mode.WEBHOOK, "sideways"])
    def test_modes_that_were_not_prepared(self, tmp_path: Path, mode: str):
        """A job that nobody was told to call about is polled, or the operator hears why not."""

        async def wrong() -> None:
            async with world(tmp_path) as w:
                w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
                handle = await w.client.submit(w.spec, BODY)
                await w.client.wait(handle, mode=mode)

        with pytest.raises(OperatorError):
            run(wrong())
