"""The client against the simulator: every model and mode, and a client that is killed at random moments."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.client.client import modes_of
from harness.client.entry import OPEN, EntryState
from harness.client.journal import Journal
from harness.client.results import JobResult, Mode, Outcome
from harness.spec.store import SpecStore
from harness.wire.message import Event
from tests.client.killing import JOBS, body_of, client_at
from tests.client.world import run, utc_now
from tests.shared import PROJECT

SCALE = 200.0
KINDS = [(model, mode) for model in SpecStore().ids for mode in modes_of(SpecStore().get(model))]

for library in ("av", "sse_starlette", "starlette", "uvicorn"):
    pytest.importorskip(library, reason="the simulator needs it")


@pytest.fixture(scope="module")
def base_urls() -> Iterator[dict[str, str]]:
    """A simulator of every baseline, in a process of its own."""
    command = [sys.executable, "-m", "harness", "simulate", "--time-scale", str(SCALE), "--until-eof"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    with process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["base_urls"]
        assert process.stdin is not None
        process.stdin.close()


def ledger(base_urls: dict[str, str]) -> list[dict[str, Any]]:
    """The jobs that the simulator truly made."""
    url = f"{next(iter(base_urls.values()))}/__ledger__"
    jobs: list[dict[str, Any]] = httpx.get(url, trust_env=False).json()["jobs"]
    return jobs


def prompts(jobs: list[dict[str, Any]]) -> list[str]:
    """The prompt of each job that the simulator made."""
    return [job["request"].get("prompt") or job["request"]["input"]["prompt"] for job in jobs]


def test_every_mode_is_there():
    """Five models by polling, and what their documents offer besides."""
    assert [mode for _, mode in KINDS].count(Mode.POLL) == 5
    assert {mode for _, mode in KINDS} == set(Mode)


@pytest.mark.parametrize(("model", "mode"), KINDS)
def test_from_submit_to_video(tmp_path: Path, base_urls: dict[str, str], model: str, mode: Mode):
    """Over real sockets: one request, the end in that mode, an MP4, and nothing to complain of."""
    spec = SpecStore().get(model)

    async def one() -> JobResult:
        journal = Journal.open(tmp_path / "journal.sqlite", utc_now=utc_now)
        async with client_at(base_urls, SCALE, journal) as client:
            result = await client.run(spec, body_of(spec, hash((model, mode)) % 10**9), mode=mode)
            assert result.output is not None
            video = await client.fetch(spec, result.output, to=tmp_path / "v.mp4")
            assert (video.error, video.head[4:8]) == (None, b"ftyp")
        assert [entry.state for entry in journal.entries()] == [EntryState.DONE]
        journal.close()
        return result

    before = len(ledger(base_urls))
    result = run(one())
    assert (result.outcome, result.findings) == (Outcome.SUCCEEDED, ())
    assert len(ledger(base_urls)) == before + 1
    assert result.high_s is not None
    assert 30 < result.high_s < 3000


def test_events_arrive_at_once(tmp_path: Path, base_urls: dict[str, str]):
    """Within 20 ms of the simulator's own send time; the median, for other tests run beside this one."""
    spec = next(spec for spec in SpecStore().all() if "events" in spec.operations)
    seen: list[Event] = []

    async def forty() -> None:
        journal = Journal.open(tmp_path / "journal.sqlite", utc_now=utc_now)
        async with client_at(
            base_urls, SCALE, journal, observer=lambda m: seen.append(m) if isinstance(m, Event) else None
        ) as client:
            await asyncio.gather(
                *(client.run(spec, body_of(spec, number), mode="events") for number in range(40))
            )
        journal.close()

    run(forty())
    sent = {
        job["id"]: job["events_sent"][0]["sent_unix_s"] for job in ledger(base_urls) if job["events_sent"]
    }
    own = [(event, json.loads(event.data).get("generation_id")) for event in seen]
    delays = sorted(
        event.received_utc.timestamp() - sent[job_id]
        for event, job_id in own
        if event.received_utc is not None and job_id in sent
    )
    assert len(delays) >= 40
    assert delays[len(delays) // 2] < 0.020


@pytest.mark.parametrize("seed", range(4))
def test_killed_and_resumed(tmp_path: Path, base_urls: dict[str, str], seed: int):
    """`kill -9` somewhere in a run of thirty jobs: by the ledger, none is made twice, none forgotten."""
    process = subprocess.Popen(
        [*(sys.executable, "-m", "tests.client.killing", str(tmp_path), str(SCALE)), json.dumps(base_urls)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    before = {job["id"] for job in ledger(base_urls)}
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(random.Random(seed).uniform(0.02, 4.0))
        process.send_signal(signal.SIGKILL)

    command = [*(sys.executable, "-m", "harness", "resume", "--time-scale", str(SCALE))]
    command += ["--journal", str(tmp_path / "journal.sqlite"), "--format", "json"]
    command += [part for name, url in base_urls.items() for part in ("--base-url", f"{name}={url}")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=PROJECT, timeout=60)
    assert done.returncode in (0, 3), done.stderr
    assert json.loads(done.stdout)["open"] == 0

    made = [job for job in ledger(base_urls) if job["id"] not in before]
    assert len(prompts(made)) == len(set(prompts(made)))
    journal = Journal.open(tmp_path / "journal.sqlite", utc_now=utc_now)
    entries = journal.entries()
    journal.close()
    assert not [entry for entry in entries if entry.state in OPEN]
    counted = [entry for entry in entries if entry.counted]
    named = {entry.job_id for entry in counted if entry.job_id is not None}
    nameless = [entry for entry in counted if entry.job_id is None]
    polled = {job["id"] for job in made if job["operation"] == "submit"}
    blocking = [job for job in made if job["operation"] != "submit"]
    assert named <= polled
    assert len(polled - named) + len(blocking) <= len(nameless)  # each is known at least as possibly billed
    assert len(counted) <= JOBS
