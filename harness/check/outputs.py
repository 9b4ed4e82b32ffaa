"""What came from the addresses that jobs gave out: whether they held, and the videos behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from harness.check.job import JobTrace
from harness.check.jobs import Given, JobTraces
from harness.check.response import Unreadable, decode
from harness.check.rules import rule
from harness.check.video import VideoCase, video_findings
from harness.finding import Direction, Finding, Location, Skipped
from harness.spec.model import Spec
from harness.wire.message import Exchange, Provenance, Recording
from harness.wire.video import DeliveredVideo

__all__ = ["DEAD", "OutputTraces"]

DEAD = frozenset({403, 404, 410})
"""Statuses that say of an address that nothing is there, or nothing any more; a signed one has expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One request for an output: what came of it, and how many seconds after the address was given out."""

    status: int | None
    age_s: float | None
    subject: Location


@dataclass(slots=True)
class OutputTraces:
    """The outputs of one recording. `made` are the requests that made jobs, by where they stand."""

    made: dict[Location, tuple[str, bytes]] = field(default_factory=dict)
    _visits: dict[str, list[_Visit]] = field(default_factory=dict)
    _given: dict[str, Given] = field(default_factory=dict)

    def visited(self, exchange: Exchange, given: Given) -> None:
        """Takes a request for an output."""
        url, given_s = exchange.request.url, given.received_s
        age_s = None if exchange.sent_s is None or given_s is None else exchange.sent_s - given_s
        status = exchange.response.status if exchange.response is not None else None
        self._given[url] = given
        self._visits.setdefault(url, []).append(_Visit(status=status, age_s=age_s, subject=exchange.subject))

    def findings(self, recording: Recording, jobs: JobTraces, specs: Mapping[str, Spec]) -> _Findings:
        """What is wrong with the addresses, and with the videos that were looked at."""
        for url, visits in self._visits.items():
            yield from _address(self._given[url], visits)
        for video in recording.videos:
            yield from self._video(recording, video, jobs, specs)

    def _video(
        self, recording: Recording, video: DeliveredVideo, jobs: JobTraces, specs: Mapping[str, Spec]
    ) -> _Findings:
        for (ref, _), trace in jobs.by_job.items():
            made = self._request_of(trace) if video.job in (None, trace.id) else None
            if made is None or ref not in specs:
                continue
            subject, operation, request = made
            yield from video_findings(
                VideoCase(
                    spec=specs[ref],
                    operation=operation,
                    request=request,
                    facts=video.facts,
                    subject=subject,
                    is_simulated=recording.provenance is Provenance.SIMULATED,
                )
            )
            return
        shown = "" if video.job is None else f" of job {video.job!r}"
        yield Skipped(what=recording.file, why=f"a video{shown}, whose request is not in the recording")

    def _request_of(self, trace: JobTrace) -> tuple[Location, str, Any] | None:
        """Where the request that made a job stands, its operation and its body."""
        for look in trace.looks:
            if look.subject in self.made:
                operation, body = self.made[look.subject]
                document = decode(body, look.subject.file or "")
                value = None if isinstance(document, Unreadable) else document.root.plain()
                return look.subject, operation, value
        return None


_Findings = Iterator[Finding | Skipped]


def _address(given: Given, visits: list[_Visit]) -> Iterator[Finding]:
    """An address is dead where it answers so at last. After its documented time it may."""
    last = visits[-1]
    if last.status not in DEAD:
        return
    first = [*takewhile(lambda visit: visit.status in DEAD, reversed(visits))][-1]
    stated = given.spec.output.url_lifetime_s
    lifetime_s = given.ttl_s if given.ttl_s is not None else stated.value
    promised_s = lifetime_s if isinstance(lifetime_s, (int, float)) else None
    has_worked = any(visit.status in (200, 206) for visit in visits)
    if first.age_s is not None and promised_s is not None and first.age_s > promised_s:
        return
    if has_worked and promised_s is None:
        return  # it has ended, and nobody said when it would
    after = "" if first.age_s is None else f" {first.age_s:.0f} s after it was given out"
    promise = "" if promised_s is None else f"; it is to hold for {promised_s:g} s"
    source = given.spec.location_at("/output/url_lifetime_s") if promised_s is not None else None
    yield Finding(
        rule=rule("video.url-lifetime" if has_worked else "video.url-dead"),
        message=f"the output's address answers {last.status}{after}{promise}",
        field="",
        model=given.spec.ref,
        operation="output",
        direction=Direction.RESPONSE,
        facet="url_lifetime_s",
        expected=promised_s,
        observed=last.status,
        source=source,
        subject=last.subject,
    )
