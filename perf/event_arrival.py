"""When an event arrives, as the client sees it, against the moment at which the simulator sent it.

    python perf/event_arrival.py            # 1,000 jobs, 5 times as fast: some 30 events a second
    python perf/event_arrival.py --quick    # 200 jobs, 20 times as fast: as many a second

Real sockets: the simulator is a process of its own; its ledger tells when it wrote each event, and both
processes read the same wall clock. All jobs are submitted at once, and their events come over one stream. The
client judges each event and journals each end; beside it, in the same run, a bare loop of httpx-sse reads the
same events and does nothing with them.

- arrival: the client has the event;
- wait returned: whoever waits for the job has its result, which is in the journal by then.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # what is measured is this checkout

import httpx

from harness.simulator.process import running
from harness.spec.model import Spec
from harness.spec.store import SpecStore

JOBS, SCALE = 1000, 5.0
QUICK_JOBS, QUICK_SCALE = 200, 20.0
WITHIN_S = 0.020
KEY = "key-of-the-measurement"
ROLES = ("client", "bare")


def main() -> int:
    """Prints the table and the line that says whether the claim holds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--base-url", default="", help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--scale", type=float, default=1.0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.role is not None:
        worker = run_client if arguments.role == "client" else run_bare
        found = asyncio.run(worker(model(), arguments.base_url, arguments.jobs, arguments.scale))
        print(json.dumps(found))
        return 0
    jobs, scale = (QUICK_JOBS, QUICK_SCALE) if arguments.quick else (JOBS, SCALE)
    return report({role: measured(role, jobs, scale) for role in ROLES}, jobs)


def model() -> Spec:
    """The first model whose provider sends events."""
    return next(spec for spec in SpecStore().all() if "events" in spec.operations)


def measured(role: str, jobs: int, scale: float) -> dict[str, list[float]]:
    """Delays in seconds of one role, by what is measured, against a simulator of its own."""
    spec = model()
    with running(spec.id, "--time-scale", str(scale), "--seed", "11") as base_urls:
        base_url = base_urls[spec.provider_id]
        command = [sys.executable, __file__, "--role", role, "--base-url", base_url]
        command += ["--jobs", str(jobs), "--scale", str(scale)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        ledger = httpx.get(f"{base_url}/__ledger__", trust_env=False, timeout=30).json()
    sent = {job["id"]: job["events_sent"][0]["sent_unix_s"] for job in ledger["jobs"] if job["events_sent"]}
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return {
        name: [moment - sent[job_id] for job_id, moment in moments.items()] for name, moments in found.items()
    }


# the two clients: what each prints are moments of Unix time, by job


async def run_client(spec: Spec, base_url: str, jobs: int, scale: float) -> dict[str, dict[str, float]]:
    """The client of this package."""
    from harness.client.budget import Budget
    from harness.client.calls import Endpoints
    from harness.client.client import Client
    from harness.client.journal import Journal
    from harness.client.keys import Binding, Keyring
    from harness.client.limits import Limits
    from harness.client.results import JobHandle, Mode
    from harness.recorder.record import default_body
    from harness.wire.clock import Clock
    from harness.wire.message import Event

    def utc_now() -> datetime:
        return datetime.now(UTC)

    arrived: list[tuple[str, float]] = []
    returned: dict[str, float] = {}

    def observe(message: object) -> None:
        if isinstance(message, Event) and message.received_utc is not None:
            arrived.append((message.data, message.received_utc.timestamp()))

    async def wait(client: Client, handle: JobHandle) -> None:
        result = await client.wait(handle)
        if result.seen_by == "events":
            returned[handle.job_id or ""] = time.time()

    with tempfile.TemporaryDirectory() as directory:
        journal = Journal.open(Path(directory) / "journal.sqlite", utc_now=utc_now)
        host = urlsplit(base_url).netloc
        client = Client(
            (spec,),
            keyring=Keyring.from_environment(
                {"KEY": KEY}, (Binding(slot=spec.provider.credential, variable="KEY", hosts=(host,)),)
            ),
            journal=journal,
            clock=Clock(monotonic=time.monotonic, utc_now=utc_now, sleep=asyncio.sleep).scaled(scale),
            budget=Budget(max_jobs=jobs),
            limits=Limits(fallback_s=3600.0),  # events alone: polls would tell nothing of them
            endpoints=Endpoints(overrides={spec.provider_id: base_url}),
            observer=observe,
            rng=random.Random(1),
        )
        body = default_body(spec, Mode.EVENTS)
        async with client:
            handles = await asyncio.gather(
                *(client.submit(spec, body, mode=Mode.EVENTS) for _ in range(jobs))
            )
            await asyncio.gather(*(wait(client, handle) for handle in handles))
        journal.close()
    ids = {handle.job_id or "" for handle in handles}
    return {"arrival": by_job(arrived, ids), "wait returned": returned}


async def run_bare(spec: Spec, base_url: str, jobs: int, _scale: float) -> dict[str, dict[str, float]]:
    """Nothing but httpx and httpx-sse: the same requests, the same stream."""
    from httpx_sse import aconnect_sse

    from harness.client.calls import Endpoints, build, json_body
    from harness.client.keys import Binding, Keyring
    from harness.client.results import Mode
    from harness.recorder.record import default_body

    host = urlsplit(base_url).netloc
    keyring = Keyring.from_environment(
        {"KEY": KEY}, (Binding(slot=spec.provider.credential, variable="KEY", hosts=(host,)),)
    )
    endpoints = Endpoints(overrides={spec.provider_id: base_url})
    body = json_body(default_body(spec, Mode.EVENTS))
    submit = build(spec, "submit", endpoints=endpoints, keyring=keyring, body=body)
    listen = build(spec, "events", endpoints=endpoints, keyring=keyring)
    answers: list[str] = []
    arrived: list[tuple[str, float]] = []
    slots = asyncio.Semaphore(20)

    async def one(client: httpx.AsyncClient) -> None:
        async with slots:
            answer = await client.post(submit.url, headers=list(submit.headers), content=submit.body)
        answers.append(answer.text)

    async with (
        httpx.AsyncClient(trust_env=False, timeout=60) as client,
        aconnect_sse(client, "GET", listen.url, headers=dict(listen.headers)) as stream,
    ):
        submitting = asyncio.gather(*(one(client) for _ in range(jobs)))
        async for event in stream.aiter_sse():
            moment = time.time()
            if names_job(event.data):
                arrived.append((event.data, moment))
            if len(arrived) == jobs:
                break
        await submitting
    ids = {found for answer in answers for found in names_job(answer)}
    return {"arrival": by_job(arrived, ids)}


def names_job(text: str) -> list[str]:
    """Every value that may be a job's id: the texts of a JSON document."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for member in value.values() for text in texts(member)]
        if isinstance(value, list):
            return [text for member in value for text in texts(member)]
        return [value] if isinstance(value, str) and len(value) > 30 else []

    return texts(json.loads(text))


def by_job(arrived: list[tuple[str, float]], ids: set[str]) -> dict[str, float]:
    """When each job's event arrived first."""
    found: dict[str, float] = {}
    for data, moment in arrived:
        for text in names_job(data):
            if text in ids:
                found.setdefault(text, moment)
    return found


def quantile(values: list[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def report(found: dict[str, dict[str, list[float]]], jobs: int) -> int:
    """The table, the verdict, the exit code."""
    print(f"{'':24}{'events':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for role, rows in found.items():
        for name, delays in rows.items():
            shown = [quantile(delays, share) * 1e3 for share in (0.5, 0.99, 1.0)]
            print(f"{f'{role}, {name}':24}{len(delays):8}" + "".join(f"{ms:9.2f}" for ms in shown))
    ours = found["client"]["arrival"]
    p99_s = quantile(ours, 0.99)
    failures = [
        words
        for words, holds in (
            (f"{len(ours)} of {jobs} events arrived", len(ours) == jobs),
            (f"p99 is {p99_s * 1e3:.1f} ms, claimed {WITHIN_S * 1e3:g}", p99_s <= WITHIN_S),
        )
        if not holds
    ]
    if failures:
        print(f"falls short: {'; '.join(failures)}")
        return 1
    print(
        f"holds: {jobs} events arrive within {WITHIN_S * 1e3:g} ms at the 99th percentile "
        f"({p99_s * 1e3:.1f} ms)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
