"""Faults of sending: the answer is right, and what arrives is not."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from harness.simulator.faults.wire import FLOOD_HEADERS, HUGE_BYTES, SLOW_S
from harness.wire.lifecycle import TERMINAL
from tests.shipped import BASELINES
from tests.simulator.serving import Caller, drain, serving


def second_poll(caller: Caller) -> httpx.Response:
    """The second look at a new job, which most of these faults strike."""
    job_id = caller.submit()
    caller.poll(job_id)
    return caller.poll(job_id)


@pytest.mark.parametrize(
    "fault",
    [
        "slow-first-byte",
        "reset-after-read",
        "truncated-json",
        "wrong-content-type",
        "invalid-utf8",
        "duplicate-keys",
        "header-flood",
    ],
)
def test_the_job_goes_on(fault: str):
    """Of every model the end is seen, whatever some polls bring."""
    with serving(fault) as served:
        for model, answers in served.wait_for_all(BASELINES).items():
            assert served.caller(model).view("poll", answers[-1]).state in TERMINAL


def test_slow_first_byte():
    """Nothing comes for the time that the row states, in provider seconds; then the whole answer."""
    with serving("slow-first-byte", models=("oxen",), time_scale=150) as served:
        caller = served.caller()
        job_id = caller.submit()
        caller.poll(job_id)
        start = time.monotonic()
        answer = caller.poll(job_id)
        assert SLOW_S / 150 <= time.monotonic() - start < SLOW_S / 150 + 0.5
        assert caller.findings("poll", answer) == []


def test_stalled_body():
    """Head and half of the body arrive; then the connection is silent and open."""
    with serving("stalled-body", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        job_id = caller.submit()
        whole = caller.poll(job_id)
        received = list[bytes]()
        url = f"{caller.base_url}/api/ai/queue/{job_id}"
        with caller.client.stream("GET", url, headers=caller.headers("poll"), timeout=0.3) as stream:
            assert (stream.status_code, int(stream.headers["content-length"])) == (200, len(whole.content))
            with pytest.raises(httpx.ReadTimeout):
                drain(stream, received)
        assert b"".join(received) == whole.content[: len(whole.content) // 2]
        assert caller.poll(job_id).status_code == 200


class TestResetAfterRead:
    def test_a_poll(self):
        """The connection is reset in place of the answer; the poll was counted."""
        with serving("reset-after-read", models=("oxen",), time_scale=1) as served:
            caller = served.caller()
            job_id = caller.submit()
            assert caller.poll(job_id).status_code == 200
            for _ in range(2):
                with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
                    caller.poll(job_id)
            assert caller.poll(job_id).status_code == 200
            assert served.ledger()["jobs"][0]["polls"] == 4

    def test_a_submit_has_created_its_job(self):
        """The answer is lost, the job is made and billed."""
        with serving("reset-after-read.submit") as served:
            for model in BASELINES:
                caller = served.caller(model)
                with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
                    caller.call("submit", json=caller.body())
            jobs = served.ledger()["jobs"]
            assert sorted(job["model"] for job in jobs) == sorted(BASELINES)
            assert all(job["billed"] for job in jobs)


def test_truncated_json():
    """Well-formed as HTTP, and cut as JSON."""
    with serving("truncated-json", models=("oxen",), time_scale=1) as served:
        answer = second_poll(served.caller())
        assert int(answer.headers["content-length"]) == len(answer.content)
        with pytest.raises(json.JSONDecodeError):
            answer.json()


def test_wrong_content_type():
    """The label differs, the body is right."""
    with serving("wrong-content-type", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        answer = second_poll(caller)
        assert answer.headers["content-type"] == "text/plain"
        assert [finding.rule.id for finding in caller.findings("poll", answer)] == ["response.content-type"]


def test_invalid_utf8():
    """One byte inside a string is not UTF-8."""
    with serving("invalid-utf8", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        answer = second_poll(caller)
        with pytest.raises(UnicodeDecodeError):
            answer.content.decode()
        assert [finding.rule.id for finding in caller.findings("poll", answer)] == ["response.not-utf8"]
        json.loads(answer.content.replace(b"\xff", b""))


def test_duplicate_keys():
    """The first member stands there twice; who reads the last one, reads the right one."""
    with serving("duplicate-keys", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        job_id = caller.submit()
        answer = caller.poll(job_id)
        pairs = json.loads(answer.content, object_pairs_hook=list)
        assert pairs[:2] == [["generation_id", None], ["generation_id", job_id]] or pairs[:2] == [
            ("generation_id", None),
            ("generation_id", job_id),
        ]
        assert [finding.rule.id for finding in caller.findings("poll", answer)] == ["response.duplicate-key"]
        assert caller.view("poll", answer).id == job_id


def test_a_huge_body():
    """100 MB of blanks come before the document, and no length is stated; memory is not needed for it."""
    with serving("100mb-body", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        job_id = caller.submit()
        whole = caller.poll(job_id).content
        url = f"{caller.base_url}/api/ai/queue/{job_id}"
        with caller.client.stream("GET", url, headers=caller.headers("poll")) as stream:
            assert "content-length" not in stream.headers
            size, tail = 0, b""
            for chunk in stream.iter_raw(1024 * 1024):
                size += len(chunk)
                tail = (tail + chunk)[-len(whole) :]
        assert (size, tail) == (HUGE_BYTES + len(whole), whole)


def test_a_huge_body_is_given_up_early():
    """A reader that leaves frees the simulator at once."""
    with serving("100mb-body@1", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        job_id = caller.submit()
        url = f"{caller.base_url}/api/ai/queue/{job_id}"
        start = time.monotonic()
        for _ in range(5):
            with httpx.stream("GET", url, headers=caller.headers("poll"), trust_env=False) as stream:
                next(stream.iter_raw(1024))
        assert served.ledger()["jobs"][0]["polls"] == 5
        assert time.monotonic() - start < 2


def test_header_flood():
    """More headers than anybody needs, and the right body."""
    with serving("header-flood", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        answer = second_poll(caller)
        assert len(answer.headers) > FLOOD_HEADERS
        assert caller.findings("poll", answer) == []


def test_the_download_can_be_struck():
    """The named operation `output` breaks the first download; the second one is whole."""
    with serving("reset-after-read.output", models=("oxen",)) as served:
        caller = served.caller()
        output = caller.view("poll", caller.wait(caller.submit())[-1]).output
        with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
            caller.client.get(output)
        assert caller.client.get(output).status_code == 200


def test_a_stalled_download():
    """Half of the file, then silence."""
    with serving("stalled-body.output", models=("oxen",)) as served:
        caller = served.caller()
        output = caller.view("poll", caller.wait(caller.submit())[-1]).output
        with pytest.raises(httpx.ReadTimeout):
            caller.client.get(output, timeout=0.3)
        assert len(caller.client.get(output).content) > 1000
