"""The ledger says what truly happened."""

from __future__ import annotations

import time
from datetime import datetime

import httpx

from tests.shipped import BASELINES
from tests.simulator.serving import serving


def test_every_job_with_its_true_times():
    """Times are provider seconds; a poll sees each end within what lies between two polls."""
    with serving(time_scale=500) as served:
        ids = {}
        for model in BASELINES:
            caller = served.caller(model)
            ids[model] = caller.submit()
            polls = len(caller.wait(ids[model]))
            entry = next(job for job in served.ledger()["jobs"] if job["id"] == ids[model])
            assert (entry["model"], entry["provider"]) == (model, model.split("/", maxsplit=1)[0])
            assert (entry["state"], entry["operation"], entry["billed"]) == ("succeeded", "submit", True)
            assert entry["submitted_s"] < entry["started_s"] < entry["ended_s"] == entry["due_s"]
            assert entry["polls"] == polls
            assert entry["request"] == caller.body()
        assert [job["id"] for job in served.ledger()["jobs"]] == list(ids.values())


def test_it_is_the_same_on_every_port():
    """Any provider's port tells of all."""
    with serving(time_scale=1) as served:
        for model in BASELINES:
            served.caller(model).submit()
        found = [served.client.get(f"{url}/__ledger__").json()["jobs"] for url in served.base_urls.values()]
        assert all(jobs == found[0] for jobs in found)
        assert len(found[0]) == 5


def test_a_job_under_way():
    """What has not happened yet is null; when it will is told apart."""
    with serving(models=("oxen",), time_scale=1) as served:
        served.caller().submit()
        (job,) = served.ledger()["jobs"]
        assert (job["state"], job["started_s"], job["ended_s"]) == ("queued", None, None)
        assert job["due_s"] > 30


def test_requests_are_counted_and_the_ledger_is_not():
    """Refused ones, too."""
    with serving(models=("oxen",), time_scale=1) as served:
        caller = served.caller()
        job_id = caller.submit()
        caller.poll(job_id)
        caller.poll("nobody")
        served.ledger()
        served.caller(key="").call("submit", json={})
        assert served.ledger()["requests"] == 4


def test_the_moments_are_true():
    """Provider seconds pass at the scale that was asked for; UTC is the true one."""
    with serving(models=("oxen",), time_scale=100) as served:
        caller = served.caller()
        start = time.time()
        caller.submit()
        time.sleep(0.5)
        caller.submit()
        first, second = served.ledger()["jobs"]
        assert 50 <= second["submitted_s"] - first["submitted_s"] < 100
        assert first["submitted_utc"].endswith("+00:00")
        assert abs(datetime.fromisoformat(first["submitted_utc"]).timestamp() - start) < 5
        passed_s = httpx_date(served.base_urls["oxen"]) - start
        assert passed_s > second["submitted_s"] - first["submitted_s"] - 1


def httpx_date(base_url: str) -> float:
    """The Date header as Unix time."""
    from email.utils import parsedate_to_datetime

    answer = httpx.get(f"{base_url}/__ledger__", trust_env=False)
    return parsedate_to_datetime(answer.headers["date"]).timestamp()


def test_no_key_is_in_it():
    """Neither the key nor the webhook secret can be read from it."""
    with serving(models=("eachlabs",), time_scale=1) as served:
        caller = served.caller(key="planted-key-1234")
        caller.submit(webhook_url="http://127.0.0.1:9/hook", webhook_secret="planted-secret-5678")
        text = str(served.ledger())
        assert "planted" not in text
        assert "'webhook_secret': '***'" in text


def test_what_is_the_simulators_own():
    """Job times and the moment of validation, where no document gives them."""
    with serving() as served:
        own = served.ledger()["own"]
        assert own["novita/kling-v2.6-pro-t2v"] == {
            "job_time_sigma": 0.25,
            "job_time_s.poll": 150.0,
            "output_lifetime_s": 3600.0,
            "validated_at_submit": ["submit"],
        }
        assert own["eachlabs/kling-v2-6-pro-text-to-video"] == {
            "job_time_sigma": 0.25,
            "output_lifetime_s": 3600.0,
        }
