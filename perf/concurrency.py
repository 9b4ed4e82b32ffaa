"""Two thousand jobs in flight in one process, polled every 10 s, beside a bare httpx loop in the same run.

    python perf/concurrency.py            # 60 s of polling each
    python perf/concurrency.py --quick    # 21 s each

Real time and real sockets: a plain fast server in a process of its own answers every poll at once. The client
submits its jobs (journal and budget included), then polls and judges them; the bare loop sends the same
requests with the same bound of requests in flight, and reads the JSON.

- cadence: the time from one poll's first byte to the next one's of the same job, against 10 s;
- overhead of a poll: how late it is sent, by the grid of its own job, and the time until its answer is read.
  The server's own time and the loopback's are in it, so it is an upper bound;
- memory of a job: what the process grew by from before the first job until all are polled, over the jobs;
- CPU of a poll: what the process used while polling, over the polls.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # what is measured is this checkout

JOBS = 2000
INTERVAL_S = 10.0
IN_FLIGHT = 20
CADENCE = 0.05
OVERHEAD_S = 0.020


def main() -> int:
    """Prints the table and the line that says whether the claims hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--role", choices=("server", "client", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=60.0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.role == "server":
        asyncio.run(serve())
        return 0
    if arguments.role is not None:
        worker = run_client if arguments.role == "client" else run_bare
        print(json.dumps(asyncio.run(worker(arguments.port, arguments.seconds))))
        return 0
    seconds = 21.0 if arguments.quick else 60.0
    server = subprocess.Popen(
        [sys.executable, __file__, "--role", "server"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        return report({role: measured(role, port, seconds) for role in ("client", "bare")})
    finally:
        server.terminate()
        server.wait()


def measured(role: str, port: int, seconds: float) -> dict[str, float]:
    """What one process of a role found."""
    command = [sys.executable, __file__, "--role", role, "--port", str(port), "--seconds", str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


# the server


class Answering(asyncio.Protocol):
    """HTTP/1.1 as far as this script speaks it; no provider does less for an answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self.transport = transport
        self.pending = b""

    def data_received(self, data: bytes) -> None:
        """Answers every request that is whole."""
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, _, rest = self.pending.partition(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n")[1:]:
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if len(rest) < length:
                return
            self.pending = rest[length:]
            self.transport.write(self.answer(head))

    def answer(self, head: bytes) -> bytes:
        """A new job, or one that still runs."""
        if head.startswith(b"POST"):
            Answering.jobs = getattr(Answering, "jobs", 0) + 1
            body = b'{"task_id":"task-%06d"}' % Answering.jobs
        else:
            job_id = head.split(b"task_id=", 1)[1].split(b" ", 1)[0]
            body = (
                b'{"task":{"task_id":"%s","task_type":"T2V","status":"TASK_STATUS_PROCESSING","reason":"",'
                b'"eta":60,"progress_percent":40},"images":[],"videos":[]}' % job_id
            )
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
            len(body),
            body,
        )


async def serve() -> None:
    """Listens, prints its port, and answers until it is stopped."""
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# the two clients


async def run_client(port: int, seconds: float) -> dict[str, float]:
    """The client of this package: submit, journal, poll, judge."""
    from harness.client.budget import Budget
    from harness.client.calls import Endpoints
    from harness.client.client import Client
    from harness.client.journal import Journal
    from harness.client.keys import Binding, Keyring
    from harness.client.limits import Limits
    from harness.spec.store import SpecStore
    from harness.wire.clock import Clock
    from harness.wire.message import Exchange

    def utc_now() -> datetime:
        return datetime.now(UTC)

    clock = Clock(monotonic=time.monotonic, utc_now=utc_now, sleep=asyncio.sleep)
    spec = SpecStore().get("novita/kling-v2.6-pro-t2v")
    base_url = f"http://127.0.0.1:{port}"
    polls: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def observe(message: object) -> None:
        if isinstance(message, Exchange) and message.request.method == "GET":
            polls[message.request.url].append((message.sent_s or 0.0, message.received_s or 0.0))

    with tempfile.TemporaryDirectory() as directory:
        journal = Journal.open(Path(directory) / "journal.sqlite", utc_now=utc_now)
        bindings = (Binding(slot=spec.provider.credential, variable="KEY", hosts=(f"127.0.0.1:{port}",)),)
        client = Client(
            (spec,),
            keyring=Keyring.from_environment({"KEY": "key-of-the-measurement"}, bindings),
            journal=journal,
            clock=clock,
            budget=Budget(max_jobs=JOBS),
            limits=Limits(poll_s=INTERVAL_S, in_flight=IN_FLIGHT),
            endpoints=Endpoints(overrides={spec.provider_id: base_url}),
            observer=observe,
            rng=random.Random(1),
        )
        async with client:
            before_bytes = rss_bytes()
            started = time.monotonic()
            handles = await asyncio.gather(
                *(client.submit(spec, {"prompt": f"fox {number}"}) for number in range(JOBS))
            )
            submit_s = time.monotonic() - started
            waits = [asyncio.ensure_future(client.wait(handle, timeout_s=10 * seconds)) for handle in handles]
            found = await while_polling(polls, seconds, before_bytes)
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        journal.close()
    return {**found, "submits_per_s": JOBS / submit_s}


async def run_bare(port: int, seconds: float) -> dict[str, float]:
    """Nothing but httpx and a sleep, with the same bound."""
    import httpx

    polls: dict[str, list[tuple[float, float]]] = defaultdict(list)
    slots, rng = asyncio.Semaphore(IN_FLIGHT), random.Random(1)
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def job(url: str) -> None:
            due = time.monotonic() + rng.random() * INTERVAL_S
            while True:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                async with slots:
                    sent = time.monotonic()
                    (await client.get(url, headers={"authorization": "Bearer key"})).json()
                    polls[url].append((sent, time.monotonic()))
                due += INTERVAL_S

        before_bytes = rss_bytes()
        urls = [f"http://127.0.0.1:{port}/v3/async/task-result?task_id=task-{n:06d}" for n in range(JOBS)]
        tasks = [asyncio.ensure_future(job(url)) for url in urls]
        found = await while_polling(polls, seconds, before_bytes)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return found


async def while_polling(
    polls: dict[str, list[tuple[float, float]]], seconds: float, before_bytes: int
) -> dict[str, float]:
    """Lets the polls go on for a while; the first ten seconds, in which jobs are first polled, warm up."""
    await asyncio.sleep(INTERVAL_S)
    counted, cpu_s = sum(map(len, polls.values())), time.process_time()
    grown_bytes = rss_bytes() - before_bytes
    await asyncio.sleep(seconds - INTERVAL_S + 0.5)
    count = sum(map(len, polls.values())) - counted
    return {
        "jobs": len(polls),
        "polls": count,
        "memory_bytes": grown_bytes / JOBS,
        "cpu_s": (time.process_time() - cpu_s) / max(count, 1),
        **cadence_and_overhead(list(polls.values())),
    }


def cadence_and_overhead(every: list[list[tuple[float, float]]]) -> dict[str, float]:
    """Deviations from 10 s, and overheads, as quantiles over all polls."""
    deviations: list[float] = []
    overheads: list[float] = []
    for polls in every:
        sent = [moment for moment, _ in polls]
        deviations += [abs(b - a - INTERVAL_S) / INTERVAL_S for a, b in pairwise(sent)]
        offsets = [moment - number * INTERVAL_S for number, moment in enumerate(sent)]
        grid = min(offsets, default=0.0)
        overheads += [
            offset - grid + received - moment
            for offset, (moment, received) in zip(offsets, polls, strict=True)
        ]
    return {
        "deviation_p99": quantile(deviations, 0.99),
        "deviation_max": max(deviations, default=float("nan")),
        "overhead_p50_s": quantile(overheads, 0.5),
        "overhead_p99_s": quantile(overheads, 0.99),
    }


def quantile(values: list[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def rss_bytes() -> int:
    """The memory of this process, now where the system tells, else at its highest."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def report(found: dict[str, dict[str, float]]) -> int:
    """The table, the verdict, the exit code."""
    print(
        f"{'':8}{'jobs':>6}{'polls':>8}{'cadence p99':>13}{'max':>8}{'overhead p50':>14}{'p99 ms':>8}"
        f"{'KiB a job':>11}{'CPU ms a poll':>15}"
    )
    for role, row in found.items():
        p50_ms, p99_ms, cpu_ms = (row[name] * 1e3 for name in ("overhead_p50_s", "overhead_p99_s", "cpu_s"))
        print(
            f"{role:8}{row['jobs']:6.0f}{row['polls']:8.0f}{row['deviation_p99']:13.2%}"
            f"{row['deviation_max']:8.2%}{p50_ms:14.2f}{p99_ms:8.2f}"
            f"{row['memory_bytes'] / 1024:11.1f}{cpu_ms:15.3f}"
        )
    ours, bare = found["client"], found["bare"]
    print(
        f"client over bare: memory {ours['memory_bytes'] / bare['memory_bytes']:.1f} times, CPU "
        f"{ours['cpu_s'] / bare['cpu_s']:.1f} times; {ours['submits_per_s']:.0f} submits a second, each "
        "journalled with three synchronous writes"
    )
    failures = [
        claim
        for claim, holds in (
            (f"{JOBS} jobs are polled", ours["jobs"] == JOBS),
            (f"every poll within {CADENCE:.0%} of its cadence", ours["deviation_max"] <= CADENCE),
            (f"p99 of a poll's overhead under {OVERHEAD_S * 1e3:g} ms", ours["overhead_p99_s"] < OVERHEAD_S),
        )
        if not holds
    ]
    if failures:
        print(f"falls short: {'; '.join(failures)}")
        return 1
    print(
        f"holds: {JOBS} jobs in flight keep their cadence within {CADENCE:.0%} (worst "
        f"{ours['deviation_max']:.2%}), overhead p99 {ours['overhead_p99_s'] * 1e3:.1f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
