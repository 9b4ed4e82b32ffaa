"""Faults of what comes unasked: events and webhooks."""

from __future__ import annotations

import time

import httpx
import pytest

from harness.simulator.faults.delivery import LATE_S
from harness.spec.model import JobState
from tests.simulator.receiver import Receiver
from tests.simulator.serving import drain, serving

LATEST = "eachlabs@latest"


def test_a_cut_stream():
    """The reset comes in the middle of the job's event; the job itself has ended well."""
    with serving("event-stream-cut", models=("oxen",)) as served:
        caller = served.caller()
        url, received = f"{caller.base_url}/api/events", list[bytes]()
        with caller.client.stream("GET", url, headers=caller.headers("events")) as stream:
            job_id = caller.submit()
            with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
                drain(stream, received)
        text = b"".join(received)
        assert text.count(b"event: media_generation_completed") <= 1
        assert b"}\n\n" not in text.replace(b'{"simulated":true}\n\n', b"")
        assert caller.view("poll", caller.wait(job_id)[-1]).state is JobState.SUCCEEDED
        assert served.ledger()["jobs"][0]["events_sent"] == []


def test_an_event_of_another_job():
    """It looks like ours but for the id, and ours follows."""
    with serving("event-other-job", models=("oxen",)) as served:
        caller = served.caller()
        url, text = f"{caller.base_url}/api/events", ""
        with caller.client.stream("GET", url, headers=caller.headers("events")) as stream:
            job_id = caller.submit()
            for chunk in stream.iter_text():
                text += chunk
                if f'"{job_id}"' in text:
                    break
        assert text.count("event: media_generation_completed") == 2
        assert text.index(job_id[::-1]) < text.index(job_id)
        assert caller.poll(job_id[::-1]).status_code == 404
        assert len(served.ledger()["jobs"][0]["events_sent"]) == 1


def test_a_duplicated_webhook():
    """Two deliveries of the same end."""
    with serving("webhook-duplicated", models=(LATEST,)) as served, Receiver() as receiver:
        caller = served.caller()
        job_id = caller.submit(webhook_url=receiver.url)
        receiver.wait(2)
        assert receiver.calls[0].payload == receiver.calls[1].payload
        assert receiver.calls[0].payload["exec_id"] == job_id


def test_a_late_webhook():
    """The poll shows the end long before the call comes."""
    with serving("webhook-late", models=(LATEST,), time_scale=1000) as served, Receiver() as receiver:
        caller = served.caller()
        caller.wait(caller.submit(webhook_url=receiver.url))
        ended_s = time.monotonic()
        assert receiver.calls == []
        receiver.wait(1)
        assert receiver.calls[0].received_s - ended_s > LATE_S / 1000 - 0.1
        (hook,) = served.ledger()["jobs"][0]["webhooks"]
        assert hook["sent_s"] - served.ledger()["jobs"][0]["ended_s"] >= LATE_S


def test_a_forged_webhook():
    """While the job runs, somebody reports success without the secret; the true call comes at the end."""
    with serving("webhook-forged", models=(LATEST,)) as served, Receiver() as receiver:
        caller = served.caller()
        job_id = caller.submit(webhook_url=receiver.url, webhook_secret="s3cret")
        receiver.wait(2)
        forged, true = receiver.calls
        assert (forged.payload["exec_id"], forged.payload["status"]) == (job_id, "succeeded")
        assert (forged.headers["x-webhook-secret"], true.headers["x-webhook-secret"]) == (
            "not-the-secret",
            "s3cret",
        )
        assert forged.payload["output"] == "http://127.0.0.1:9/forged.mp4"
        assert caller.client.get(true.payload["output"]).status_code == 200
        (job,) = served.ledger()["jobs"]
        assert [hook["forged"] for hook in job["webhooks"]] == [True, False]
        assert job["webhooks"][0]["sent_s"] < job["ended_s"] <= job["webhooks"][1]["sent_s"]


def test_no_webhook():
    """Nobody calls; polling shows the end."""
    with serving("webhook-never", models=(LATEST,)) as served, Receiver() as receiver:
        caller = served.caller()
        answers = caller.wait(caller.submit(webhook_url=receiver.url))
        assert caller.view("poll", answers[-1]).state is JobState.SUCCEEDED
        time.sleep(0.1)
        assert receiver.calls == []
        assert served.ledger()["jobs"][0]["webhooks"] == []
