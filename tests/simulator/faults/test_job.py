"""Faults of the job itself: its course, its video, its address, its clock."""

from __future__ import annotations

import io
import time
from email.utils import parsedate_to_datetime
from typing import Any

import av
import httpx
import pytest

from harness.simulator.faults.job import SKEW_S
from harness.spec.model import JobState
from tests.shipped import BASELINES
from tests.simulator.serving import Caller, serving

NOVITA = "novita/kling-v2.6-pro-t2v"


def output_of(caller: Caller, **canonical: Any) -> httpx.Response:
    """What the output URL of a new job delivers."""
    view = caller.view("poll", caller.wait(caller.submit(**canonical))[-1])
    assert view.state is JobState.SUCCEEDED
    return caller.client.get(view.output)


def measured(content: bytes) -> tuple[float, float, bool]:
    """`(seconds, width / height, audio)` of a video."""
    with av.open(io.BytesIO(content)) as container:
        assert container.duration is not None
        picture = container.streams.video[0]
        seconds, ratio = container.duration / 1e6, picture.width / picture.height
        return round(seconds, 1), round(ratio, 2), bool(container.streams.audio)


def test_a_job_fails():
    """Every model shows it in its documented way, with words."""
    with serving("job-failed") as served:
        for model, answers in served.wait_for_all(BASELINES).items():
            caller, answer = served.caller(model), answers[-1]
            view = caller.view("poll", answer)
            assert (view.state, view.output) == (JobState.FAILED, None)
            assert "simulated: the job failed" in (view.error or "")
            assert caller.findings("poll", answer) == []
        assert {job["state"] for job in served.ledger()["jobs"]} == {"failed"}


def test_a_failed_blocking_call():
    """500, since no document says what a failure looks like."""
    with serving("job-failed", models=("oxen",)) as served:
        caller = served.caller()
        answer = caller.call("generate", json=caller.body())
        assert (answer.status_code, answer.headers["x-simulator-own"]) == (500, "status, error-body")
        assert answer.json() == {"error": {"message": "simulated: the job failed"}}


def test_a_share_of_the_jobs_fails():
    """With a rate, some do, the same ones on every run."""
    runs = []
    for _ in range(2):
        with serving("job-failed@0.5", models=(NOVITA,), time_scale=100_000) as served:
            caller = served.caller()
            ids = [caller.submit() for _ in range(30)]
            runs.append([caller.view("poll", caller.wait(job_id)[-1]).state for job_id in ids])
    assert runs[0] == runs[1]
    assert 5 < runs[0].count(JobState.FAILED) < 25


def test_a_job_never_ends():
    """Long after its time it is still running, and its answers are as documented."""
    with serving("job-stuck", time_scale=100_000) as served:
        for model in BASELINES:
            caller = served.caller(model)
            job_id = caller.submit()
            time.sleep(0.02)
            answer = caller.poll(job_id)
            assert caller.view("poll", answer).state is JobState.RUNNING
            assert caller.findings("poll", answer) == []
        assert [job["ended_s"] for job in served.ledger()["jobs"]] == [None] * 5


def test_another_default():
    """What the request leaves open is not what the documents promise; what it sends is honoured."""
    with serving("default-changed") as served:
        for model in BASELINES:
            caller = served.caller(model)
            promised = 10.0 if "eachlabs" in model else 5.0
            assert measured(output_of(caller).content)[0] == 15.0 - promised
        caller = served.caller(NOVITA)
        assert measured(output_of(caller, duration_s=5, aspect_ratio="1:1").content) == (5.0, 1.0, False)


def test_a_parameter_is_ignored():
    """The video is the default one, whatever was sent."""
    with serving("parameter-ignored", models=(NOVITA,)) as served:
        caller = served.caller()
        content = output_of(caller, duration_s=10, aspect_ratio="9:16", audio=False).content
        assert measured(content) == (5.0, 1.0, True)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("wrong-duration", (8.0, 1.78, True)),
        ("wrong-aspect", (10.0, 0.56, True)),
        ("no-audio", (10.0, 1.78, False)),
    ],
)
def test_a_wrong_video(fault: str, seen: tuple[float, float, bool]):
    """One thing about it is not as asked."""
    with serving(fault, models=(NOVITA,)) as served:
        caller = served.caller()
        content = output_of(caller, duration_s=10, aspect_ratio="16:9", audio=True).content
        assert measured(content) == seen


def test_wrong_in_two_ways():
    """Faults of the video combine."""
    with serving("wrong-duration", "no-audio", models=(NOVITA,)) as served:
        content = output_of(served.caller(), duration_s=10, aspect_ratio="16:9", audio=True).content
        assert measured(content) == (8.0, 1.78, False)


def test_no_video_at_all():
    """Labelled as MP4, and text."""
    with serving("not-a-video", models=(NOVITA,)) as served:
        answer = output_of(served.caller())
        assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
        with pytest.raises(av.InvalidDataError):
            av.open(io.BytesIO(answer.content)).close()


@pytest.mark.parametrize(("fault", "status"), [("dead-url", 404), ("expired-url", 403)])
def test_an_address_that_does_not_deliver(fault: str, status: int):
    """The poll is right, the download is not."""
    with serving(fault) as served:
        for model in BASELINES:
            assert output_of(served.caller(model)).status_code == status


def test_a_clock_that_is_wrong():
    """The Date header and the moments in bodies are an hour ahead; durations are right."""
    with serving("clock-skew", models=("oxen",)) as served:
        caller = served.caller()
        answer = caller.wait(caller.submit())[-1]
        body, (job,) = answer.json(), served.ledger()["jobs"]
        assert parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time() > SKEW_S - 5
        assert len(answer.headers.get_list("date")) == 1
        assert abs(body["completed_at"] - body["started_at"] - (job["ended_s"] - job["started_s"])) < 2
        assert body["enqueued_at"] - time.time() > SKEW_S - 5
    with serving(models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        answer = caller.poll(caller.submit())
        assert abs(parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time()) < 5
