"""Every job of a recording, followed through the messages that speak of it."""

from __future__ import annotations

import pytest

from harness.finding import Location
from harness.spec.model import JobState
from harness.spec.store import SpecStore
from tests.check.judging import brief
from tests.check.recorded import OXEN, PROMPT, Judge, exchange, poll, submit


@pytest.fixture(scope="module")
def novita(store: SpecStore) -> Judge:
    """One job a request, found by polling."""
    return Judge([store.get("novita/kling-v2.6-pro-t2v")])


@pytest.fixture(scope="module")
def oxen(store: SpecStore) -> Judge:
    """Several jobs a request, and a blocking call."""
    return Judge([store.get("oxen")])


class TestLifeCycle:
    def test_a_state_that_goes_backwards_is_caught(self, novita: Judge):
        """At the exchange that shows it."""
        check = novita(submit(), poll("PROCESSING"), poll("QUEUED"), poll("SUCCEED"))
        (finding,) = check.judgement.findings
        assert (finding.rule.id, finding.pointer) == ("job.went-backwards", "/task/status")
        assert finding.subject == Location(file="c.yaml", index=2)

    def test_an_end_that_is_taken_back_is_caught(self, novita: Judge):
        """Failed, and then succeeded after all."""
        check = novita(submit(), poll("FAILED"), poll("SUCCEED"))
        assert brief(check.judgement) == [("job.terminal-changed", "/task/status")]

    def test_two_jobs_do_not_mix(self, novita: Judge):
        """The end of one is not that of the other."""
        check = novita(submit("a"), submit("b"), poll("SUCCEED", "a"), poll("QUEUED", "b"))
        assert check.judgement.findings == ()

    def test_every_job_of_one_request_is_followed(self, oxen: Judge):
        """One create answer of Oxen may hold four."""
        answer = {"generations": [{"generation_id": x, "status": "queued"} for x in ("a", "b")]}
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT, "num_generations": 2}
        check = oxen(exchange("POST", f"{OXEN}/ai/queue", body, answer, at=(1.0, 2.0)))
        assert check.judgement.findings == ()
        assert [(job.trace.id, job.trace.state, job.trace.low_s) for job in check.jobs] == [
            ("a", JobState.QUEUED, 0),
            ("b", JobState.QUEUED, 0),
        ]

    def test_a_create_answer_without_jobs_is_caught(self, oxen: Judge):
        """An empty list is valid by its schema."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT}
        check = oxen(exchange("POST", f"{OXEN}/ai/queue", body, {"generations": []}))
        assert brief(check.judgement) == [("job.id-missing", "/generations/0/generation_id")]

    def test_a_blocking_call_is_a_job_of_its_own(self, oxen: Judge):
        """It has no id; its time is that of the call."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT}
        answer = {"model": "m", "created": 1, "videos": [{"url": "https://x"}]}
        call = exchange("POST", f"{OXEN}/ai/videos/generate", body, answer, at=(5.0, 305.0))
        check = oxen(call, call)
        assert check.judgement.findings == ()
        assert [(j.trace.id, j.trace.mode, j.trace.low_s, j.trace.high_s) for j in check.jobs] == [
            ("c.yaml#0", "blocking", 0, 300),
            ("c.yaml#1", "blocking", 0, 300),
        ]

    def test_a_video_that_comes_inline_is_an_output(self, oxen: Judge):
        """Asked for with `response_format: b64_json`."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT, "response_format": "b64_json"}
        answer = {"model": "m", "created": 1, "videos": [{"b64_json": "AAAA"}]}
        assert oxen(exchange("POST", f"{OXEN}/ai/videos/generate", body, answer)).judgement.findings == ()
