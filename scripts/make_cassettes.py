"""Writes cassettes/simulated/: what the client sees of the simulator, over real sockets, by scenario.

    python scripts/make_cassettes.py                  # all of them
    python scripts/make_cassettes.py novita --into DIR   # those of one model, elsewhere

Time is simulated, too: it jumps when nothing happens. So the same seed gives the same ids and moments to the
second on every machine; only the bytes of the videos depend on the encoder.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import httpx

from harness.cassette.scrub import Scrubber
from harness.cassette.unfinished import journal_path
from harness.cassette.write import spec_digest, write_cassette
from harness.client.calls import Endpoints, build
from harness.client.client import Client
from harness.client.journal import Journal
from harness.client.keys import Binding, Keyring
from harness.client.limits import Limits
from harness.client.results import Mode
from harness.client.transport import Network, Transport
from harness.recorder.clock import JumpingClock
from harness.recorder.record import Order, default_body, run_job
from harness.recorder.tape import Tape
from harness.simulator.options import Options
from harness.simulator.server import Simulator
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.message import Delivery, Event, Exchange, Provenance, Recording

CASSETTES = Path(__file__).resolve().parents[1] / "cassettes" / "simulated"
MADE_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEED = 20261120
POLL_S = 20.0  # fewer polls than the documents ask for: a cassette is to be read by people, too
TIMEOUT_S = 300.0
QUIET_S = 0.03
RECEIVER = "https://receiver.example"
NO_JOB = "00000000-0000-4000-8000-000000000000"
_LOOPBACK = re.compile(r"http://127\.0\.0\.1:[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One cassette of a model: what is different from a job that simply succeeds."""

    name: str
    title: str
    mode: Mode = Mode.POLL
    fault: str | None = None
    key: str = "key-of-nobody-0123456789"
    makes_job: bool = True
    shows_outage: bool = False
    timeout_s: float = 3600.0


SCENARIOS = (
    Scenario(name="success-poll", title="a job succeeds and its video is fetched"),
    Scenario(name="success-blocking", title="a call is answered with the finished video", mode=Mode.BLOCKING),
    Scenario(name="success-events", title="a job succeeds, told by an event", mode=Mode.EVENTS),
    Scenario(name="success-webhook", title="a job succeeds, told by a webhook call", mode=Mode.WEBHOOK),
    Scenario(name="failure", title="a job fails", fault="job-failed"),
    Scenario(
        name="time-out",
        title="a job does not end as long as it is waited for",
        fault="job-stuck",
        timeout_s=TIMEOUT_S,
    ),
    Scenario(name="unauthorised", title="a wrong key is refused", key="wrong-key", shows_outage=True),
    Scenario(
        name="rate-limited-then-success", title="two polls are too many, then the job succeeds", fault="429"
    ),
    Scenario(name="unknown-job", title="a job that does not exist is asked for", makes_job=False),
)


def scenarios_of(spec: Spec) -> Iterator[Scenario]:
    """Those that a model's provider has the operations for."""
    has = {
        Mode.POLL: True,
        Mode.BLOCKING: "generate" in spec.operations,
        Mode.EVENTS: "events" in spec.operations,
        Mode.WEBHOOK: spec.webhook.value is not None,
    }
    return (scenario for scenario in SCENARIOS if has[scenario.mode])


def path_of(spec: Spec, scenario: Scenario, root: Path) -> Path:
    """Where a cassette goes."""
    provider, slug = spec.id.split("/")
    return root / provider / slug / f"{scenario.name}.yaml"


async def make(store: SpecStore, spec: Spec, scenario: Scenario, root: Path) -> tuple[Path, ...]:
    """Plays one scenario and writes its cassette."""
    clock = JumpingClock(MADE_AT, quiet_s=QUIET_S)
    faults = (scenario.fault,) if scenario.fault is not None else ()
    options = Options(models=(spec.ref,), seed=SEED, faults=faults)
    target = path_of(spec, scenario, root)
    async with AsyncExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        await stack.enter_async_context(clock.running())
        simulator = await stack.enter_async_context(Simulator(store, options, clock=clock.as_clock()))
        base_url = simulator.base_urls[spec.provider_id]
        server = urlsplit(spec.server)._replace(path="").geturl()
        tape = Tape(
            start=_start(spec, scenario, target),
            path=work / target.name,
            scrubber=Scrubber.of([spec], [scenario.key]),
            moved={base_url: server},
        )
        await _play(spec, scenario, base_url, tape, clock, work)
        tape.give_up()
        journal_path(work / target.name).unlink()
    recording = _placeless(tape.recording())
    return write_cassette(recording, target, secrets=[scenario.key], overwrite=True)


def _start(spec: Spec, scenario: Scenario, target: Path) -> Recording:
    return Recording(
        file=target.name,
        provenance=Provenance.SIMULATED,
        model=spec.ref,
        title=f"{spec.provider.name}, simulated: {scenario.title}",
        timeline="recorded",
        recorded_at=MADE_AT,
        shows_outage=scenario.shows_outage,
        spec_digest=spec_digest(spec),
    )


async def _play(
    spec: Spec, scenario: Scenario, base_url: str, tape: Tape, clock: JumpingClock, work: Path
) -> None:
    slot = spec.provider.credential
    keyring = Keyring(
        [Binding(slot=slot, variable="", hosts=(urlsplit(base_url).netloc,))], {slot: scenario.key}
    )
    endpoints = Endpoints(overrides={spec.provider_id: base_url})
    if not scenario.makes_job:
        await _ask_for_no_job(spec, keyring, endpoints, tape, clock)
        return
    journal = Journal.open(work / "journal.sqlite", utc_now=clock.as_clock().utc_now)
    client = Client(
        [spec],
        keyring=keyring,
        journal=journal,
        clock=clock.as_clock(),
        observer=tape,
        endpoints=endpoints,
        limits=Limits(poll_s=POLL_S),
        network=Network(transport=_Unhurried(clock, spec)),
        rng=Random(SEED),
    )
    order = Order(
        spec=spec, body=default_body(spec, scenario.mode), mode=scenario.mode, timeout_s=scenario.timeout_s
    )
    try:
        await run_job(client, order)
    finally:
        with clock.held():  # closing a stream takes real time, and none of the recording's
            await client.close()
    journal.close()


class _Unhurried(httpx.AsyncBaseTransport):
    """Holds the clock while an answer is on its way, so that a busy machine makes the same cassettes.

    Not where the provider itself takes its time: a blocking call is answered when its job is done.
    """

    def __init__(self, clock: JumpingClock, spec: Spec) -> None:
        blocking = spec.operations.get("generate")
        self._clock = clock
        self._blocking_path = blocking.path if blocking is not None else None
        self._sockets = httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == self._blocking_path:
            return await self._sockets.handle_async_request(request)
        with self._clock.held():
            return await self._sockets.handle_async_request(request)

    async def aclose(self) -> None:
        await self._sockets.aclose()


async def _ask_for_no_job(
    spec: Spec, keyring: Keyring, endpoints: Endpoints, tape: Tape, clock: JumpingClock
) -> None:
    transport = Transport(
        clock=clock.as_clock(),
        limits=Limits(),
        keyring=keyring,
        observer=tape,
        network=Network(),
        name="unknown-job",
    )
    await transport.send(build(spec, "poll", endpoints=endpoints, keyring=keyring, job_id=NO_JOB))
    await transport.close()


def _placeless(recording: Recording) -> Recording:
    """Without the ports of this run: what is left of them is the address of the webhook receiver."""

    def text(value: str) -> str:
        return _LOOPBACK.sub(RECEIVER, value)

    def headers(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        kept = (pair for pair in pairs if pair[0].lower() not in ("host", "user-agent"))
        return tuple((name, text(value)) for name, value in kept)

    def exchange(one: Exchange) -> Exchange:
        body = text(one.request.body.decode()).encode()
        request = replace(one.request, body=body, headers=headers(one.request.headers))
        return replace(
            one,
            request=request,
            sent_s=_tenth(one.sent_s),
            received_s=_tenth(one.received_s),
            sent_utc=None,
            received_utc=None,
            events_s=tuple(_tenth(s) or 0.0 for s in one.events_s),
        )

    def pushed(one: Delivery) -> Delivery:
        return replace(
            one, headers=headers(one.headers), received_s=_tenth(one.received_s), received_utc=None
        )

    def event(one: Event) -> Event:
        return replace(one, received_s=_tenth(one.received_s), received_utc=None)

    return replace(
        recording,
        exchanges=tuple(exchange(one) for one in recording.exchanges),
        deliveries=tuple(pushed(one) for one in recording.deliveries),
        events=tuple(event(one) for one in recording.events),
    )


def _tenth(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


async def make_all(store: SpecStore, specs: tuple[Spec, ...], root: Path) -> list[Path]:
    """Every scenario of every model, one after the other."""
    files: list[Path] = []
    for spec in specs:
        for scenario in scenarios_of(spec):
            made = await make(store, spec, scenario, root)
            print(*made, flush=True)
            files += made
    return files


def main() -> int:
    """Writes the cassettes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", metavar="MODEL", nargs="*", help="default: all baselines")
    parser.add_argument("--into", metavar="DIR", type=Path, default=CASSETTES)
    arguments = parser.parse_args()
    store = SpecStore()
    specs = tuple(store.get(model) for model in arguments.models) or store.all()
    asyncio.run(make_all(store, specs, arguments.into))
    return 0


if __name__ == "__main__":
    sys.exit(main())
