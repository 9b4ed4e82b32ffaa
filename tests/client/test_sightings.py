"""What a client remembers of the messages about a job, and the polls that a caller places."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.client.results import JobResult, Mode
from harness.client.sighting import Sighting
from harness.spec.model import JobState
from tests.client.server import answer, html
from tests.client.specs import full
from tests.client.world import BODY, World, done, run, sequence, waiting, world

DATE = "Sun, 01 Mar 2026 12:00:00 GMT"


def seen(path: Path, *polls: Any, **options: Any) -> tuple[JobResult, World]:
    """One job of a client that keeps sightings, and gets these answers to its polls."""
    wait = {name: options.pop(name) for name in ("timeout_s", "pacing") if name in options}

    async def one() -> tuple[JobResult, World]:
        async with world(path, **{"keeps_sightings": True, **options}) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201, headers={"date": DATE}))
            w.server.on("GET", "/v1/videos/", sequence(*polls))
            return await w.client.run(w.spec, BODY, **wait), w

    found: tuple[JobResult, World] = run(one())
    return found


def test_each_message_about_the_job(tmp_path: Path):
    """The submit, and each poll with what it showed; in provider seconds, one after the other."""
    result, _ = seen(tmp_path, waiting, html(502), done)
    submit, *polls = result.sightings

    assert (submit.operation, submit.state, submit.date, submit.answered) == ("submit", None, DATE, True)
    assert [(one.operation, one.state, one.answered) for one in polls] == [
        ("poll", JobState.RUNNING, True),
        ("poll", None, False),
        ("poll", JobState.SUCCEEDED, True),
    ]
    times = [moment for one in result.sightings for moment in (one.sent_s, one.received_s)]
    assert times == sorted(times, key=lambda moment: moment or 0.0)


def test_none_are_kept_unasked(tmp_path: Path):
    """A client with thousands of jobs remembers no more than it needs."""
    result, _ = seen(tmp_path, done, keeps_sightings=False)
    assert result.sightings == ()


def test_a_date_out_of_a_cache_is_none(tmp_path: Path):
    """It is that of another answer."""
    cached = answer({"id": "job-1", "status": "waiting"}, headers={"date": DATE, "age": "30"})
    result, _ = seen(tmp_path, cached, done)
    assert [one.date for one in result.sightings[:2]] == [DATE, None]


def test_what_a_refusal_leaves(tmp_path: Path):
    """The request and its answer, without a job."""

    async def refused() -> JobResult:
        async with world(tmp_path, keeps_sightings=True) as w:
            w.server.on("POST", "/v1/videos", answer({"message": "no"}, status=400))
            return await w.client.run(w.spec, BODY)

    (submit,) = run(refused()).sightings
    assert (submit.operation, submit.state) == ("submit", None)


def test_the_callers_polls_count_from_the_submit(tmp_path: Path):
    """Asked with 0 first, then with the time since the submit was sent; no random phase, and no grid."""
    asked: list[float] = []

    def pacing(elapsed_s: float) -> float:
        asked.append(elapsed_s)
        return 4.0

    result, _ = seen(tmp_path, waiting, waiting, done, pacing=pacing, scale=20.0)
    submit, *polls = result.sightings
    assert submit.sent_s is not None
    since_s = [(poll.sent_s or 0.0) - submit.sent_s for poll in polls]

    assert since_s[0] == pytest.approx(4.0, abs=1.5)
    assert asked[0] == 0.0
    assert asked[1] == pytest.approx(polls[0].received_s - submit.sent_s, abs=1.0)
    assert since_s[1] - asked[1] == pytest.approx(4.0, abs=1.5)


def test_the_callers_polls_in_a_push_mode(tmp_path: Path):
    """Are placed as the caller wants them there, too: they bound what is pushed from below."""

    async def pushed() -> JobResult:
        async with world(tmp_path, spec=full(), keeps_sightings=True, scale=50.0) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
            w.server.on("GET", "/v1/videos/", sequence(waiting, waiting, done))
            return await w.client.run(w.spec, BODY, mode=Mode.WEBHOOK, pacing=lambda _: 3.0)

    polls = [one for one in run(pushed()).sightings if one.operation == "poll"]
    assert len(polls) == 3
    assert (polls[-1].sent_s or 0.0) < 40.0


def test_a_job_out_of_the_journal(tmp_path: Path):
    """Was sent when the journal says it was, by the wall clock."""

    async def resumed() -> tuple[JobResult, float]:
        async with world(tmp_path, keeps_sightings=True, scale=10.0) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
            w.server.on("GET", "/v1/videos/", answer(waiting))
            await w.client.submit(w.spec, BODY)
            (entry,) = w.journal.entries()
            w.server.on("GET", "/v1/videos/", answer(done))
            result = await w.client.resume(entry, pacing=lambda _: 0.0)
            ago_s = (datetime.now(UTC) - datetime.fromisoformat(entry.sent_utc or "")).total_seconds() * 10
            return result, w.client.clock.monotonic() - ago_s

    result, sent_s = run(resumed())
    submit = result.sightings[0]
    assert (submit.operation, submit.recovered) == ("submit", True)
    assert submit.sent_s == pytest.approx(sent_s, abs=0.5)
    assert submit.received_s >= (submit.sent_s or 0.0)
    assert isinstance(result.sightings[-1], Sighting)
