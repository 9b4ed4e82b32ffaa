"""A cassette played back through the client: what goes wrong, and what is told of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.cassette.write import write_cassette
from harness.cli.clock import system_clock
from harness.client.results import Mode, Outcome
from harness.errors import OperatorError
from harness.recorder.replay import Replayed, order_in, replay, whole_recording
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.message import Delivery, Recording
from tests.check.recorded import EACHLABS, OXEN, exchange, poll, recording, submit

NOVITA = "novita/kling-v2.6-pro-t2v"
VIDEO = exchange("GET", "https://x/", None, b"\x00\x01", content_type="video/mp4", at=(51.0, 52.0))


def job(*polls: str, video: bool = True, **members: Any) -> Recording:
    """A job of Novita's that is polled every ten seconds."""
    looks = [poll(word, at=(10.0 * n, 10.0 * n + 0.5)) for n, word in enumerate(polls, start=1)]
    made = [submit(at=(0.0, 1.0)), *looks, *([VIDEO] if video else [])]
    return recording(*made, timeline="recorded", model=NOVITA, **members)


def played(path: Path, made: Recording, **options: Any) -> Replayed:
    """The replay of a recording that is written first."""
    (path / "cassette").mkdir()
    (file, *_) = write_cassette(made, path / "cassette" / "job.yaml")
    given: dict[str, Any] = {"rhythm": "at_once", "real": system_clock(), "directory": path, **options}
    assert made.model is not None
    return asyncio.run(replay(file, SpecStore().get(made.model), **given))


def spec_of(made: Recording) -> Spec:
    assert made.model is not None
    return SpecStore().get(made.model)


def test_the_client_asks_when_it_asked_then(tmp_path: Path):
    """And so finds the end between the same two polls."""
    found = played(tmp_path, job("QUEUED", "PROCESSING", "PROCESSING", "SUCCEED"))
    assert found.result is not None
    assert found.result.outcome is Outcome.SUCCEEDED
    assert (found.result.handle.job_id, found.result.output, found.result.polls) == ("t", "https://x", 4)
    assert found.result.low_s == pytest.approx(29.0, abs=0.01)
    assert found.result.high_s == pytest.approx(40.5, abs=0.01)
    assert (found.unplayed, found.beyond) == ((), 0)
    assert [type(message).__name__ for message in found.seen] == ["Exchange"] * 6
    assert found.fetched is not None
    assert found.output is None  # it was kept whole


def test_a_job_that_did_not_end_is_not_waited_for_longer(tmp_path: Path):
    """The recording holds no more, and the client is not made to ask for it."""
    found = played(tmp_path, job("QUEUED", "PROCESSING", video=False))
    assert found.result is not None
    assert found.result.outcome is Outcome.UNFINISHED
    assert (found.result.polls, found.unplayed, found.beyond) == (2, (), 0)


def test_polls_that_failed_are_lived_through_again(tmp_path: Path):
    """The client widens its interval as it did; the job is not lost."""
    looks = [
        poll("QUEUED", at=(10.0, 10.5)),
        poll("", status=503, answered="x", at=(20.0, 20.5)),
        exchange(
            "GET", "https://api.novita.ai/v3/async/task-result?task_id=t", at=(30.0, 31.0), error="reset"
        ),
        poll("SUCCEED", at=(60.0, 60.5)),
    ]
    made = recording(submit(at=(0.0, 1.0)), *looks, timeline="recorded", model=NOVITA)
    found = played(tmp_path, made)
    assert found.result is not None
    assert (found.result.outcome, found.result.polls) == (Outcome.SUCCEEDED, 4)
    assert found.unplayed == ()


def test_in_recorded_rhythm_it_takes_as_long_as_then(tmp_path: Path):
    """Measured by the clock that is given."""
    made = job("QUEUED", "SUCCEED", video=False)
    clock = system_clock().scaled(50)
    before_s = clock.monotonic()
    found = played(tmp_path, made, rhythm="recorded", real=clock)
    assert found.result is not None
    assert found.result.outcome is Outcome.SUCCEEDED
    assert 20.0 <= clock.monotonic() - before_s < 60.0


def test_a_rhythm_needs_a_timeline(tmp_path: Path):
    """There is none to keep to otherwise; at once it plays all the same."""
    made = replace(job("QUEUED", "SUCCEED"), timeline=None)
    bare = replace(made, exchanges=tuple(replace(e, sent_s=None, received_s=None) for e in made.exchanges))
    with pytest.raises(OperatorError, match=r"job\.yaml: has no timeline to keep to; replay it at once$"):
        played(tmp_path, bare, rhythm="recorded")
    file = tmp_path / "cassette" / "job.yaml"
    found = asyncio.run(
        replay(file, spec_of(made), rhythm="at_once", real=system_clock(), directory=tmp_path)
    )
    assert found.result is not None
    assert found.result.outcome is Outcome.SUCCEEDED


def test_an_expired_cassette_is_not_played(tmp_path: Path):
    """By the day that the caller gives."""
    end = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(OperatorError, match=r"job\.yaml: expired on 2026-03-01; nothing is recorded anew"):
        played(tmp_path, job("SUCCEED", expires=end), now=end)


def test_what_makes_no_job_is_asked_as_it_stands(tmp_path: Path):
    """An unknown job: the one request that was recorded is sent, and nothing else."""
    made = recording(
        poll("", status=404, answered={"message": "no such job"}, at=(0.0, 1.0)),
        timeline="recorded",
        model=NOVITA,
    )
    found = played(tmp_path, made)
    assert (found.result, found.unplayed, len(found.seen)) == (None, (), 1)


def test_a_job_without_a_body_cannot_be_made(tmp_path: Path):
    """It is said, and nothing is sent."""
    broken = replace(submit(at=(0.0, 1.0)), request=replace(submit().request, body=b"prompt=fox"))
    made = recording(broken, timeline="recorded", model=NOVITA)
    with pytest.raises(OperatorError, match=r"the request that makes the job has no JSON object for a body$"):
        played(tmp_path, made)


def test_a_long_recording_is_played_as_one(tmp_path: Path):
    """The parts that it is in do not show."""
    made = job(*["PROCESSING"] * 120, "SUCCEED", video=False)
    found = played(tmp_path, made)
    assert found.result is not None
    assert (found.result.outcome, found.result.polls) == (Outcome.SUCCEEDED, 121)
    whole = whole_recording(tmp_path / "cassette" / "job.yaml")
    assert (len(whole.exchanges), whole.part) == (122, None)


@pytest.mark.parametrize(
    ("made", "mode", "fetches"),
    [
        (job("SUCCEED"), Mode.POLL, True),
        (job("PROCESSING", video=False), Mode.POLL, False),
        (
            recording(
                exchange("GET", f"{OXEN}/events", None, b"", content_type="text/event-stream", at=(0, 9)),
                exchange("POST", f"{OXEN}/ai/queue", {"prompt": "x"}, {"generations": []}, at=(1, 2)),
                model="oxen/kling-video-v2-6-pro-text-to-video",
            ),
            Mode.EVENTS,
            False,
        ),
        (
            recording(
                exchange("POST", f"{OXEN}/ai/videos/generate", {"prompt": "x"}, {}, at=(1, 2)),
                model="oxen/kling-video-v2-6-pro-text-to-video",
            ),
            Mode.BLOCKING,
            False,
        ),
        (
            recording(
                exchange("POST", f"{EACHLABS}/", {"input": {}, "webhook_url": "https://r/x"}, {}, at=(1, 2)),
                Delivery(body=b"{}", subject=VIDEO.subject),
                model="eachlabs/kling-v2-6-pro-text-to-video",
            ),
            Mode.WEBHOOK,
            False,
        ),
    ],
    ids=["poll", "unfinished", "events", "blocking", "webhook"],
)
def test_how_a_job_was_waited_for_is_seen(made: Recording, mode: Mode, fetches: bool):
    """From the messages themselves; what the client puts in is left to it."""
    order = order_in(made, spec_of(made))
    assert order is not None
    assert (order.mode, order.fetches) == (mode, fetches)
    assert "webhook_url" not in order.body
