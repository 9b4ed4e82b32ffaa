"""The life of a job as its messages tell it."""

from __future__ import annotations

from dataclasses import replace

from harness.finding import Location
from harness.recorder.story import Step, steps
from harness.spec.store import SpecStore
from harness.wire.message import Cut, Delivery, Event
from tests.check.recorded import EACHLABS, OXEN, exchange, poll, submit

STREAM = replace(
    exchange(
        "GET",
        f"{OXEN}/events",
        None,
        b'event: media_generation_completed\ndata: {"generation_id": "t", "status": "succeeded"}\n\n'
        b"event: other\ndata: {}\n\n",
        content_type="text/event-stream",
        at=(10.0, 90.0),
    ),
    events_s=(40.0, 50.0),
)


def told(spec: str, *messages: object) -> list[tuple[float | None, str, str]]:
    found = steps(messages, SpecStore().get(spec))  # type: ignore[arg-type]
    return [(step.moment_s, step.operation, step.what) for step in found]


def test_a_job_from_its_making_to_its_video():
    """Each answer says what became of the job; times count from the first request."""
    video = exchange("GET", "https://x", None, b"\x00", content_type="video/mp4", at=(130.0, 131.0))
    assert video.response is not None
    cut = replace(video.response, cut=Cut(size_bytes=9, sha256=""))
    found = told(
        "novita/kling-v2.6",
        submit(at=(100.0, 100.5)),
        poll("PROCESSING", at=(110.0, 110.5)),
        poll("", status=503, answered="x", at=(115.0, 115.5)),
        exchange(
            "GET", "https://api.novita.ai/v3/async/task-result?task_id=t", error="reset", at=(117.0, 118.0)
        ),
        poll("SUCCEED", at=(120.0, 120.5)),
        replace(video, response=cut),
    )
    assert found == [
        (0.5, "submit", "200"),
        (10.5, "poll", "200 running"),
        (15.5, "poll", "503"),
        (18.0, "poll", "reset"),
        (20.5, "poll", "200 succeeded"),
        (31.0, "output", "200 video/mp4"),
    ]


def test_events_are_told_at_their_own_time():
    """By the stream that holds them; the ones that the client saw singly would tell them twice."""
    lone = Event(name="media_generation_completed", data="{}", subject=Location(), received_s=40.0)
    assert told("oxen", lone, STREAM) == [
        (0.0, "events", "200, listening"),
        (30.0, "event", "media_generation_completed: succeeded"),
        (40.0, "event", "other: not of this model"),
    ]
    assert [moment for moment, *_ in told("oxen", replace(STREAM, events_s=()))] == [0.0, 80.0, 80.0]


def test_a_webhook_call_says_what_it_says():
    """Or that it cannot be read."""
    created = exchange("POST", f"{EACHLABS}/", {}, {"predictionID": "t"}, at=(1.0, 1.5))
    body = b'{"exec_id": "t", "status": "failed", "output": "", "error": "too dark"}'
    calls = [Delivery(body=b, subject=Location(), received_s=9.0) for b in (body, b"{")]
    found = told("eachlabs", created, *calls)
    assert [(moment, operation) for moment, operation, _ in found] == [
        (0.5, "submit"),
        (8.0, "webhook"),
        (8.0, "webhook"),
    ]
    assert found[1][2].startswith("failed")
    assert found[2][2] == "not readable"


def test_without_times_there_are_none():
    """The order is that of the messages."""
    assert steps([submit()], SpecStore().get("novita/kling-v2.6")) == (
        Step(moment_s=None, operation="submit", what="200"),
    )
