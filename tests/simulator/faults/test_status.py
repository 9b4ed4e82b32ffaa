"""Faults in place of an answer, on the wire."""

from __future__ import annotations

import socket

import httpx
import pytest

from harness.wire.lifecycle import TERMINAL
from tests.shipped import BASELINES
from tests.simulator.serving import serving

NOVITA = "novita/kling-v2.6-pro-t2v"


@pytest.mark.parametrize("status", [401, 402, 409, 422])
def test_creating_is_refused(status: int):
    """No model creates a job; the body is the documented one where there is one for the status."""
    with serving(str(status)) as served:
        for model in BASELINES:
            caller = served.caller(model)
            answer = caller.call("submit", json=caller.body())
            assert answer.status_code == status
            documented = caller.spec.responses_for("submit", status)
            if documented is not None and documented.schema is not None:
                assert caller.findings("submit", answer) == []
            else:
                assert answer.json() == {"error": {"message": f"fault {status}"}}
                assert "error-body" in answer.headers["x-simulator-own"]
        assert served.ledger()["jobs"] == []


def test_a_blocking_call_is_refused_as_well():
    """402 before anything is made."""
    with serving("402") as served:
        caller = served.caller("oxen")
        assert caller.call("generate", json=caller.body()).status_code == 402
        assert served.ledger()["jobs"] == []


def test_a_job_that_is_not_found_at_first():
    """Three polls of 404, then the job is there."""
    with serving("404-after-create") as served:
        for answers in served.wait_for_all(BASELINES).values():
            assert [answer.status_code for answer in answers[:4]] == [404, 404, 404, 200]


@pytest.mark.parametrize(
    ("fault", "status", "retry_after"),
    [
        ("429", 429, "20"),
        ("429-no-retry-after", 429, None),
        ("500", 500, None),
        ("502", 502, None),
        ("503", 503, None),
        ("html-error-page", 502, None),
    ],
)
def test_some_polls_fail_and_the_job_goes_on(fault: str, status: int, retry_after: str | None):
    """Polls 2 and 3 of each job, of every model; its end is seen all the same."""
    with serving(fault, time_scale=400.0) as served:  # a job outlasts three polls of a machine that stalls
        for model, answers in served.wait_for_all(BASELINES).items():
            assert [answer.status_code for answer in answers[:4]] == [200, status, status, 200]
            assert answers[1].headers.get("retry-after") == retry_after
            assert served.caller(model).view("poll", answers[-1]).state in TERMINAL
            is_page = fault == "html-error-page"
            assert (answers[1].headers["content-type"] == "text/html") is is_page
            assert answers[1].text.startswith("<html>") is is_page


def test_a_rate_strikes_a_share_of_the_polls():
    """About as many as asked for, the same ones on every run."""
    runs = []
    for _ in range(2):
        with serving("503@0.5", models=("oxen",), time_scale=1) as served:
            caller = served.caller()
            job_id = caller.submit()
            runs.append([caller.poll(job_id).status_code for _ in range(100)])
    assert runs[0] == runs[1]
    assert 30 < runs[0].count(503) < 70


def test_one_model_of_two():
    """The other one of the same provider is spared."""
    with serving("503:novita/kling-v2.6@1", time_scale=1) as served:
        for model, status in ((NOVITA, 503), ("novita/kling-v1.6-t2v", 200)):
            caller = served.caller(model)
            assert caller.poll(caller.submit()).status_code == status


def test_faults_combine():
    """The second poll is struck by both: the first of the order stands in place of the answer."""
    with serving("503", "404-after-create", "extra-field", models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        job_id = caller.submit()
        answers = [caller.poll(job_id) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [404, 503, 503, 200]
        assert "simulated_extra" in answers[3].json()


class TestRedirects:
    def test_elsewhere(self):
        """The poll is sent to another host name; who follows is noted, and whether a key came along."""
        with serving("redirect-elsewhere", models=("oxen",), time_scale=1) as served:
            caller = served.caller()
            job_id = caller.submit()
            caller.poll(job_id)
            answer = caller.poll(job_id)
            assert (answer.status_code, answer.content) == (307, b"")
            target = httpx.URL(answer.headers["location"])
            assert (target.host, httpx.URL(caller.base_url).host) == ("localhost", "127.0.0.1")
            assert served.ledger()["elsewhere"] == []
            for headers in ({}, caller.headers("poll")):
                assert caller.client.get(target, headers=headers).status_code == 200
            path = f"/api/ai/queue/{job_id}"
            assert served.ledger()["elsewhere"] == [
                {"method": "GET", "path": path, "host": f"localhost:{target.port}", "has_key": has_key}
                for has_key in (False, True)
            ]

    def test_a_submit_elsewhere(self):
        """A POST that is redirected creates nothing here."""
        with serving("redirect-elsewhere.submit") as served:
            for model in BASELINES:
                caller = served.caller(model)
                answer = caller.call("submit", json=caller.body())
                assert (answer.status_code, "location" in answer.headers) == (307, True)
            assert served.ledger()["jobs"] == []

    def test_a_loop(self):
        """The poll is sent to itself."""
        with serving("redirect-loop@1", models=(NOVITA,), time_scale=1) as served:
            caller = served.caller()
            job_id = caller.submit()
            answer = caller.poll(job_id)
            assert answer.headers["location"] == f"/v3/async/task-result?task_id={job_id}"
            with pytest.raises(httpx.TooManyRedirects):
                caller.client.get(
                    caller.base_url + answer.headers["location"],
                    headers=caller.headers("poll"),
                    follow_redirects=True,
                )


class TestResetBeforeRead:
    def test_some_polls(self):
        """The connection is reset, and the job goes on."""
        with serving("reset-before-read") as served:
            for model in BASELINES:
                caller = served.caller(model)
                job_id = caller.submit()
                assert caller.poll(job_id).status_code == 200
                for _ in range(2):
                    with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
                        caller.poll(job_id)
                assert caller.view("poll", caller.wait(job_id)[-1]).state in TERMINAL

    def test_a_submit_creates_nothing(self):
        """The body is never read; httpx may meet the reset while it still writes it."""
        with serving("reset-before-read.submit", models=("oxen",), time_scale=1) as served:
            caller = served.caller()
            with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
                caller.call("submit", json=caller.body())
            assert served.ledger()["jobs"] == []
            caller.submit()

    def test_it_does_not_wait_for_the_body(self):
        """The reset comes when the head has come, while the body is still on its way."""
        with serving("reset-before-read.submit", models=("oxen",), time_scale=1) as served:
            url = httpx.URL(served.caller().base_url)
            assert url.port is not None
            with socket.create_connection((url.host, url.port), timeout=5) as raw:
                raw.sendall(b"POST /api/ai/queue HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
                with pytest.raises(ConnectionResetError):
                    raw.recv(1)
