"""The simulator as a whole: what it serves, on which ports, and how it ends."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx
import pytest

from harness.cli.clock import system_clock
from harness.errors import OperatorError
from harness.simulator.options import Options
from harness.simulator.server import Simulator, served_specs
from harness.spec.model import JobState
from harness.spec.store import SpecStore
from tests.minimal import MINIMAL
from tests.simulator.receiver import Receiver
from tests.simulator.serving import STORE, serving


class TestServedSpecs:
    def test_every_baseline(self):
        """Without a word, all of them."""
        assert [spec.ref for spec in served_specs(STORE, Options())] == list(STORE.ids)

    def test_the_newest_revision_of_all(self):
        """`latest` is the newest of each; a model without one stays as it is."""
        refs = [spec.ref for spec in served_specs(STORE, Options(revision="latest"))]
        assert refs[0] == "aimlapi/klingai-video-v2-6-pro-text-to-video@2026-06-12"
        assert refs[1] == "eachlabs/kling-v2-6-pro-text-to-video@2026-08-17"
        assert refs[2] == "novita/kling-v1.6-t2v"

    def test_some_models(self):
        """Parts of ids and revisions; a reference with a revision keeps it."""
        options = Options(models=("oxen", "eachlabs@2026-07-07"), revision="latest")
        assert [spec.ref for spec in served_specs(STORE, options)] == [
            "oxen/kling-video-v2-6-pro-text-to-video@2026-07-01",
            "eachlabs/kling-v2-6-pro-text-to-video@2026-07-07",
        ]

    def test_two_revisions_of_one_model(self):
        """They would stand on one path: refused."""
        with pytest.raises(OperatorError) as caught:
            served_specs(STORE, Options(models=("oxen", "oxen@latest")))
        assert str(caught.value) == (
            "simulate: oxen/kling-video-v2-6-pro-text-to-video and"
            " oxen/kling-video-v2-6-pro-text-to-video@2026-07-01: one revision of each model"
        )


class TestPorts:
    def test_one_for_each_provider(self):
        """All models of a provider share its port."""
        with serving() as served:
            assert list(served.base_urls) == ["aimlapi", "eachlabs", "novita", "oxen"]
            assert len(set(served.base_urls.values())) == 4
            for model in ("novita/kling-v1.6-t2v", "novita/kling-v2.6-pro-t2v"):
                caller = served.caller(model)
                assert caller.view("poll", caller.wait(caller.submit())[-1]).state is JobState.SUCCEEDED

    def test_a_job_is_polled_where_it_was_made(self):
        """Models that share a poll path answer each with its own job."""
        with serving(models=("novita/kling-v1.6", "novita/kling-v2.6")) as served:
            old, new = served.caller("v1.6"), served.caller("v2.6")
            job_id = old.submit()
            answer = new.wait(job_id)[-1]
            assert answer.json()["task"]["task_type"] == "KLING_V16_T2V_STANDARD"

    def test_from_a_given_port_on(self):
        """The providers follow each other by name."""
        first = free_ports(2)
        with serving(models=("oxen", "aimlapi"), port=first) as served:
            assert dict(served.base_urls) == {
                "aimlapi": f"http://127.0.0.1:{first}",
                "oxen": f"http://127.0.0.1:{first + 1}",
            }

    def test_a_port_that_is_taken(self):
        """One clear message, and nothing is left behind."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(OperatorError) as caught, serving(models=("oxen",), port=port):
                pass
        assert str(caught.value) == f"--port: 127.0.0.1:{port}: Address already in use"

    def test_ports_that_do_not_exist(self):
        """The second provider's would be the 65536th."""
        with pytest.raises(OperatorError) as caught, serving(models=("oxen", "aimlapi"), port=65535):
            pass
        assert str(caught.value).startswith("--port: 127.0.0.1:65536: ")


def free_ports(count: int) -> int:
    """The first of some neighbouring ports that nobody uses."""
    for first in range(42000, 43000):
        try:
            for port in range(first, first + count):
                socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


def test_options_that_make_no_sense():
    """Said at once."""
    with pytest.raises(OperatorError, match=r"^--time-scale: expected a number above 0, got 0$"):
        Options(time_scale=0)
    with pytest.raises(OperatorError, match=r"^--port: expected 0 to 65535, got 70000$"):
        Options(port=70000)


def test_the_same_seed_gives_the_same_jobs():
    """Ids and times repeat; with another seed they differ."""
    runs = []
    for seed in (1, 1, 2):
        with serving(models=("oxen",), seed=seed, time_scale=1) as served:
            caller = served.caller()
            ids = [caller.submit() for _ in range(3)]
            jobs = served.ledger()["jobs"]
            runs.append((ids, [round(job["due_s"] - job["submitted_s"], 6) for job in jobs]))
    assert runs[0] == runs[1]
    assert runs[0][0] != runs[2][0]
    assert runs[0][1] != runs[2][1]


def test_it_ends_at_once_whatever_is_still_open():
    """Blocking calls, streams and stalled answers do not hold it."""
    store = STORE

    async def run() -> float:
        loop = asyncio.get_running_loop()
        options = Options(models=("oxen",), faults=("stalled-body@1",))
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            simulator = Simulator(store, options, clock=system_clock())
            async with simulator:
                base, headers = simulator.base_urls["oxen"], {"Authorization": "Bearer k"}
                body = {"model": "kling-video-v2-6-pro-text-to-video", "prompt": "x"}
                created = await client.post(f"{base}/api/ai/queue", json=body, headers=headers)
                job_id = created.json()["generations"][0]["generation_id"]
                waiting = [
                    loop.create_task(call)
                    for call in (
                        client.post(f"{base}/api/ai/videos/generate", json=body, headers=headers),
                        client.get(f"{base}/api/events", headers=headers),
                        client.get(f"{base}/api/ai/queue/{job_id}", headers=headers),
                    )
                ]
                await asyncio.sleep(0.2)
                start_s = loop.time()
            took_s = loop.time() - start_s
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(outcome, httpx.TransportError) for outcome in outcomes)
        return took_s

    assert asyncio.run(run()) < 1.0


def test_who_is_speaking():
    """Every answer says that it is simulated."""
    with serving(models=("oxen",)) as served:
        answer = served.client.get(served.base_urls["oxen"])
        assert (answer.status_code, answer.headers["server"]) == (404, "harness-simulator")


def test_a_provider_that_nobody_has_heard_of(tmp_path: Path):
    """A spec file is all it takes: its own paths, words, statuses, limits and webhooks."""
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "video-1-text-to-video.yaml").write_text(MINIMAL, encoding="utf-8")
    store = SpecStore((tmp_path,))
    with serving(models=("example",), store=store) as served, Receiver() as receiver:
        caller = served.caller()
        created = caller.call("submit", json=caller.body(webhook_url=receiver.url))
        assert (created.status_code, caller.findings("submit", created)) == (201, [])
        answers = caller.wait(created.json()["id"])
        assert [finding for answer in answers for finding in caller.findings("poll", answer)] == []
        assert {answer.json()["status"] for answer in answers} == {"waiting", "done"}
        output = served.client.get(answers[-1].json()["videos"][0]["url"])
        assert output.headers["content-type"] == "video/mp4"
        receiver.wait(1)
        assert receiver.calls[0].payload == {"id": created.json()["id"], "state": "ok"}
        failing = caller.submit(duration_s=7)
        assert caller.wait(failing)[-1].json()["error"] == "/duration: expected one of 5, 10, got 7"
        assert caller.poll("nobody").json() == {"message": "no job 'nobody'"}
