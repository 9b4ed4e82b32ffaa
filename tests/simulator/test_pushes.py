"""What the simulator sends by itself: events and webhook calls."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.simulator.receiver import Receiver
from tests.simulator.serving import Served, serving

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Every baseline, undisturbed."""
    with serving() as found:
        yield found


class TestEvents:
    def test_the_end_of_a_job_is_told(self):
        """The documented event, once, in the documented form; the ledger knows when it was sent."""
        with serving(models=("oxen",), time_scale=300) as served:
            caller = served.caller()
            with caller.client.stream(
                "GET", f"{caller.base_url}/api/events", headers=caller.headers("events"), timeout=20
            ) as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                job_id = caller.submit()
                text = read_until(stream, f'"generation_id":"{job_id}"')
                seen_unix_s = time.time()
            lines = text.splitlines()
            at = next(index for index, line in enumerate(lines) if job_id in line)
            assert lines[at - 1] == "event: media_generation_completed"
            payload = json.loads(lines[at].removeprefix("data: "))
            assert (payload["status"], payload["model"]) == ("succeeded", caller.spec.model.name)
            assert httpx.get(payload["url"], trust_env=False).status_code == 200
            assert ": keep-alive" in lines
            (sent,) = served.ledger()["jobs"][0]["events_sent"]
            assert 0 <= seen_unix_s - sent["sent_unix_s"] < 0.1

    def test_what_nobody_hears_is_lost(self):
        """A job that ended before anybody listened is not told of."""
        with serving(models=("oxen",), time_scale=2000) as served:
            caller = served.caller()
            caller.wait(caller.submit())
            with caller.client.stream(
                "GET", f"{caller.base_url}/api/events", headers=caller.headers("events"), timeout=20
            ) as stream:
                later = caller.submit()
                text = read_until(stream, later)
            assert text.count("media_generation_completed") == 1
            first, second = served.ledger()["jobs"]
            assert (first["events_sent"], len(second["events_sent"])) == ([], 1)

    def test_events_of_other_kinds_share_the_stream(self):
        """Now and then another event comes, as documented; it says that it is simulated."""
        with serving(models=("oxen",), time_scale=2000) as served:
            caller = served.caller()
            with caller.client.stream(
                "GET", f"{caller.base_url}/api/events", headers=caller.headers("events"), timeout=20
            ) as stream:
                text = read_until(stream, "data:")
            event, data = [line for line in text.splitlines() if line and not line.startswith(":")]
            assert (event, data) == ("event: simulated_other_event", 'data: {"simulated":true}')

    def test_a_cancelled_job_sends_none(self):
        """As documented."""
        with serving(models=("oxen",), time_scale=200) as served:
            caller = served.caller()
            with caller.client.stream(
                "GET", f"{caller.base_url}/api/events", headers=caller.headers("events"), timeout=20
            ) as stream:
                cancelled = caller.submit()
                caller.call("cancel", job_id=cancelled)
                text = read_until(stream, caller.submit())
            assert cancelled not in text

    def test_another_key_hears_nothing(self):
        """The stream is the user's own."""
        with serving(models=("oxen",), time_scale=2000) as served:
            caller, other = served.caller(), served.caller(key="another-key")
            with other.client.stream(
                "GET", f"{caller.base_url}/api/events", headers=other.headers("events"), timeout=20
            ) as stream:
                job_id = caller.submit()
                text = read_until(stream, other.submit())
            assert job_id not in text

    def test_a_key_is_needed(self, served: Served):
        """401 without one."""
        caller = served.caller("oxen", key="")
        assert caller.call("events").status_code == 401


def read_until(stream: httpx.Response, wanted: str) -> str:
    """The text of a stream up to the end of the line that holds the wanted words."""
    text = ""
    for chunk in stream.iter_text():
        text += chunk
        at = text.find(wanted)
        if at >= 0 and "\n" in text[at:]:
            return text
    raise AssertionError(f"the stream ended without {wanted!r}: {text}")


class TestWebhooks:
    def test_the_baseline(self, served: Served):
        """One call with the documented payload; where no header is documented, no secret is sent."""
        with Receiver() as receiver:
            caller = served.caller("eachlabs")
            job_id = caller.submit(webhook_url=receiver.url, webhook_secret="s3cret")
            receiver.wait(1)
            (call,) = receiver.calls
            payload, headers = call.payload, call.headers
            assert payload["exec_id"] == job_id
            assert (payload["status"], payload["error"]) == ("succeeded", "")
            assert httpx.get(payload["output"], trust_env=False).status_code == 200
            assert "s3cret" not in str(headers)
            entry = next(job for job in served.ledger()["jobs"] if job["id"] == job_id)
            assert [hook["status"] for hook in entry["webhooks"]] == [200]
            assert entry["request"]["webhook_secret"] == "***"

    def test_secret_attempts_and_spacing(self):
        """Where they are documented: the header, three attempts, ten seconds apart."""
        with serving(models=("eachlabs@latest",), time_scale=200) as served, Receiver(500, 503) as receiver:
            caller = served.caller()
            job_id = caller.submit(webhook_url=receiver.url, webhook_secret="s3cret")
            receiver.wait(3)
            assert [call.headers["x-webhook-secret"] for call in receiver.calls] == ["s3cret"] * 3
            assert {call.payload["exec_id"] for call in receiver.calls} == {job_id}
            time.sleep(0.15)
            assert len(receiver.calls) == 3
            (entry,) = served.ledger()["jobs"]
            assert [hook["status"] for hook in entry["webhooks"]] == [500, 503, 200]
            times = [hook["sent_s"] for hook in entry["webhooks"]]
            assert all(10 <= later - earlier < 25 for earlier, later in pairwise(times))

    def test_an_answer_that_takes_too_long(self):
        """After the documented 30 s the attempt counts as failed, and the next one is made."""
        options = {"models": ("eachlabs@latest",), "time_scale": 50}
        with serving(**options) as served, Receiver(slow_s=1.0) as receiver:
            caller = served.caller()
            job_id = caller.submit(webhook_url=receiver.url)
            receiver.wait(2)
            entry = wait_for_hook(served, job_id)
            assert (entry["status"], entry["error"]) == (None, "ReadTimeout")
            first, second = receiver.calls
            assert 0.6 <= second.received_s - first.received_s < 1.5  # 30 s, and 10 s to the next attempt
            assert first.payload == second.payload

    def test_a_failed_job(self):
        """The documented form of a failure, with its words."""
        with serving("job-failed", models=("eachlabs@latest",)) as served, Receiver() as receiver:
            caller = served.caller()
            caller.submit(webhook_url=receiver.url)
            receiver.wait(1)
            payload = receiver.calls[0].payload
            assert (payload["status"], payload["error"], payload["flow_id"]) == ("failed", "", None)
            assert payload["output"] == [
                {"id": "", "status": "", "output": "", "error": "simulated: the job failed"}
            ]

    def test_nobody_answers(self, served: Served):
        """The attempt is in the ledger with what became of it."""
        caller = served.caller("eachlabs")
        job_id = caller.submit(webhook_url="http://127.0.0.1:9/hook")
        entry = wait_for_hook(served, job_id)
        assert (entry["status"], entry["error"]) == (None, "ConnectError")

    def test_only_loopback_is_called(self, served: Served):
        """The simulator does not let a request send it anywhere else."""
        caller = served.caller("eachlabs")
        job_id = caller.submit(webhook_url="https://example.com/hook")
        entry = wait_for_hook(served, job_id)
        assert entry["error"] == "refused: the simulator calls webhooks on loopback only"


def wait_for_hook(served: Served, job_id: str) -> dict[str, Any]:
    """The first attempt for a job, once something has come of it."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        job = next(job for job in served.ledger()["jobs"] if job["id"] == job_id)
        done = [hook for hook in job["webhooks"] if hook["status"] or hook["error"]]
        if done:
            found: dict[str, Any] = done[0]
            return found
        time.sleep(0.01)
    raise AssertionError("no attempt was made")
