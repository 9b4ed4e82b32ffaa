"""A cassette played back through the client itself, with the network out of reach."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.cassette.player import Player, own_members, remove
from harness.cassette.read import read_recordings
from harness.cassette.replay import Rhythm, blocked_network, load_for_replay
from harness.cassette.scrub import Scrubber
from harness.check.body import Judges
from harness.check.traffic import check_recording
from harness.client.calls import Call, Endpoints
from harness.client.client import Client
from harness.client.fetch import Fetched
from harness.client.journal import Journal
from harness.client.keys import Binding, Keyring
from harness.client.limits import Limits
from harness.client.results import JobResult, Mode
from harness.client.transport import Network, Transport
from harness.client.watch import Pacing
from harness.errors import OperatorError
from harness.finding import Skipped
from harness.recorder.clock import JumpingClock
from harness.recorder.record import Order, run_job
from harness.spec.model import Spec
from harness.wire.clock import Clock
from harness.wire.events import is_stream
from harness.wire.lifecycle import TERMINAL
from harness.wire.match import Match, match
from harness.wire.message import Cut, Delivery, Event, Exchange, Recording

__all__ = ["Replayed", "order_in", "replay", "whole_recording"]

_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,18})")
_SLACK_S = 0.5
_PATIENCE_S = 3600.0
_INSTANT_S = 0.01
_SHIFTED_S = 1.0
_NEVER_S = 1e9
_NOWHERE = "http://127.0.0.1:1"
"""Where the client believes its provider to be: on this machine, so it needs no key and spends nothing."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What the client made of a recording.

    `result` is None where the recording makes no job. `seen` are the messages as the client saw them now, on
    its own clock. `unplayed` are exchanges that it did not ask for, `beyond` how often it asked for more than
    was recorded. `output` is the size and digest of the video, as they were when it was recorded.
    """

    recording: Recording
    result: JobResult | None
    fetched: Fetched | None
    output: Cut | None
    seen: tuple[Exchange | Event | Delivery, ...]
    unplayed: tuple[Exchange, ...]
    beyond: int


def whole_recording(path: Path, *, now: datetime | None = None) -> Recording:
    """The recording in a cassette, its further parts included.

    Raises OperatorError for one that is missing, empty, not to be decoded, or expired by `now`.
    """
    first = load_for_replay(path, now=now)
    if first.part is None:
        return first
    (whole,) = (found for found in read_recordings(path) if not isinstance(found, Skipped))
    return whole


def order_in(recording: Recording, spec: Spec) -> Order | None:
    """What was ordered in a recording, and how its end was waited for; None where it makes no job.

    The client is to ask when it asked then, and to wait no longer than it did where no end came.
    """
    found = [(exchange, match([spec], exchange.request)) for exchange in recording.exchanges]
    matched = [(exchange, hit.operation) for exchange, hit in found if isinstance(hit, Match)]
    made = next(((e, o) for e, o in matched if o in ("submit", "generate")), None)
    if made is None:
        return None
    exchange, operation = made
    polls_s = [(e.sent_s or 0.0) - (exchange.sent_s or 0.0) for e, o in matched if o == "poll"]
    ends_s = [(e.received_s or 0.0) - (exchange.received_s or 0.0) for e, _ in matched]
    check = check_recording(recording, [spec], Judges())
    ended = any(job.trace.state in TERMINAL for job in check.jobs)
    mode = _mode(recording, spec, operation)
    least_s = Limits().fallback_s if mode in (Mode.EVENTS, Mode.WEBHOOK) else 0.0
    return Order(
        spec=spec,
        body=_body(recording, exchange, spec),
        mode=mode,
        timeout_s=max(ends_s) + (_PATIENCE_S if ended else _SLACK_S),
        pacing=_as_then(polls_s, ended=ended, least_s=least_s) if recording.timeline is not None else None,
        fetches=any(not isinstance(hit, Match) for _, hit in found),
        ranges=tuple(_ranges(exchange for exchange, hit in found if not isinstance(hit, Match))),
        allow_redirected_bill=True,
    )


def _ranges(outputs: Iterable[Exchange]) -> Iterator[tuple[int, int]]:
    """The ranges of the video that were asked for, in order; none where all of it was."""
    for exchange in outputs:
        asked = _RANGE.fullmatch(exchange.request.header("range") or "")
        if asked is not None:
            yield int(asked[1]), int(asked[2]) - int(asked[1]) + 1


def _body(recording: Recording, exchange: Exchange, spec: Spec) -> dict[str, Any]:
    """The body of the request that made the job, without what the client itself puts in."""
    try:
        body = json.loads(exchange.request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise OperatorError(f"{recording.file}: the request that makes the job has no JSON object for a body")
    for pointer in own_members(spec.webhook.value):
        remove(body, pointer)
    return body


def _as_then(polls_s: Sequence[float], *, ended: bool, least_s: float) -> Pacing:
    """The polls when they were then. After the last of them none is due, unless the end is still to come: a
    poll that failed may have shifted those after it. Polls less than `least_s` apart were not of the clock's
    doing: something that was pushed brought them, and brings them again.
    """

    def pause_s(elapsed_s: float) -> float:
        reached = [moment_s for moment_s in polls_s if moment_s <= elapsed_s + _INSTANT_S]
        later = polls_s[len(reached) :]
        if not later:
            return max(_SHIFTED_S, least_s) if ended else _NEVER_S
        return max(later[0] - elapsed_s, least_s)

    return pause_s


def _mode(recording: Recording, spec: Spec, operation: str) -> Mode:
    if operation == "generate":
        return Mode.BLOCKING
    if any(is_stream(exchange) for exchange in recording.exchanges):
        return Mode.EVENTS
    return Mode.WEBHOOK if recording.deliveries and spec.webhook.value is not None else Mode.POLL


async def replay(
    path: Path,
    spec: Spec,
    *,
    rhythm: Rhythm,
    real: Clock,
    directory: Path,
    now: datetime | None = None,
) -> Replayed:
    """Plays a cassette to a client. `real` is the clock for the recorded rhythm; at once, time jumps.

    `directory` is an empty one for the client's journal. Raises OperatorError for a cassette that cannot be
    played or has expired by `now`, and at a request that it does not hold.
    """
    recording = whole_recording(path, now=now)
    if rhythm == "recorded" and recording.timeline is None:
        raise OperatorError(f"{path}: has no timeline to keep to; replay it at once")
    async with AsyncExitStack() as stack:
        jumping = JumpingClock(recording.recorded_at or _EPOCH)
        if rhythm == "at_once":
            await stack.enter_async_context(jumping.running())
        stage = _Stage(
            recording=recording,
            spec=spec,
            clock=jumping.as_clock() if rhythm == "at_once" else real,
            directory=directory,
        )
        player = Player(
            recording=recording,
            clock=stage.clock,
            base_url=_NOWHERE,
            server=urlsplit(spec.server)._replace(path="").geturl(),
            scrubber=Scrubber.of([spec]),
            webhook=spec.webhook.value,
            busy=jumping.held,
        )
        stack.enter_context(blocked_network(f"while {path} is replayed", open_ports=player.open_ports))
        return await stage.play(player)


@dataclass(slots=True, kw_only=True)
class _Stage:
    """One replay."""

    recording: Recording
    spec: Spec
    clock: Clock
    directory: Path
    seen: list[Exchange | Event | Delivery] = field(default_factory=list)

    def see(self, message: Exchange | Event | Delivery) -> None:
        """Takes what the client saw, addressed as at the provider."""
        if isinstance(message, Exchange):
            url = self._endpoints().documented(self.spec, message.request.url)
            message = replace(message, request=replace(message.request, url=url))
        self.seen.append(message)

    def _endpoints(self) -> Endpoints:
        return Endpoints(overrides={self.spec.provider_id: _NOWHERE})

    async def play(self, player: Player) -> Replayed:
        order = order_in(self.recording, self.spec)
        result: JobResult | None = None
        fetched: Fetched | None = None
        if order is None:
            await self._ask_again(player)
        else:
            job = await self._run(order, player)
            result, fetched = job.result, job.fetched
        return Replayed(
            recording=self.recording,
            result=result,
            fetched=fetched,
            output=_output(self.recording) if fetched is not None else None,
            seen=tuple(self.seen),
            unplayed=player.unplayed,
            beyond=len(player.beyond),
        )

    async def _run(self, order: Order, player: Player) -> Any:
        journal = Journal.open(self.directory / "journal.sqlite", utc_now=self.clock.utc_now)
        try:
            client = Client(
                [self.spec],
                keyring=self._keyring(),
                journal=journal,
                clock=self.clock,
                endpoints=self._endpoints(),
                observer=self.see,
                network=Network(transport=player),
                rng=_Steady(),
                name=self.recording.file,
            )
            async with client:
                return await run_job(client, order)
        finally:
            journal.close()

    async def _ask_again(self, player: Player) -> None:
        """Sends each recorded request as it stands: there is no job that would lead to it."""
        transport = Transport(
            clock=self.clock,
            limits=Limits(),
            keyring=self._keyring(),
            observer=self.see,
            network=Network(transport=player),
            name=self.recording.file,
        )
        for exchange in self.recording.exchanges:
            hit = match([self.spec], exchange.request)
            operation = hit.operation if isinstance(hit, Match) else "output"
            await transport.send(
                Call(
                    spec=self.spec,
                    operation=operation,
                    method=exchange.request.method,
                    url=exchange.request.url,
                    headers=exchange.request.headers,
                    body=exchange.request.body,
                )
            )
        await transport.close()

    def _keyring(self) -> Keyring:
        slot = self.spec.provider.credential
        return Keyring([Binding(slot=slot, variable="", hosts=(urlsplit(_NOWHERE).netloc,))], {})


class _Steady(random.Random):
    """Spreads nothing: whoever asks for a part of an interval gets all of it."""

    def random(self) -> float:
        """Almost 1."""
        return 1.0 - 2**-53


def _output(recording: Recording) -> Cut | None:
    """The last body that was cut whole: the video."""
    responses = (exchange.response for exchange in reversed(recording.exchanges))
    cuts = (response.cut for response in responses if response is not None and response.cut is not None)
    return next((cut for cut in cuts if not cut.strings), None)
