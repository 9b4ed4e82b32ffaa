"""Recorded traffic, judged once, and what it says of one model under one family of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harness.check.body import Judges
from harness.check.traffic import RecordingCheck
from harness.finding import Finding, Judgement, Severity, Verdict
from harness.pytest_plugin.options import Options, shown
from harness.pytest_plugin.use import of_traffic
from harness.run import check_traffic
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.curl import curl_line
from harness.wire.match import Match, match
from harness.wire.message import Exchange, Recording

__all__ = ["FAMILIES", "Judged", "Traffic", "judged_traffic"]

FAMILIES: Mapping[str, str] = {
    "request": "request body",
    "response": "answer",
    "job": "job",
    "recordings": "exchange",
}
"""The families of rules for traffic, and what each has to see one of."""

_FAMILY_OF: Mapping[str, str] = {
    **dict.fromkeys(("response", "webhook", "event"), "response"),
    **dict.fromkeys(("job", "video"), "job"),
    "request": "request",
}
"""The family of each area of rules; what is not here is about the recording itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one test came to: its findings, and how many things they rest on."""

    findings: tuple[Finding, ...]
    observed: int
    nothing: str = ""
    """What to say where nothing was observed."""

    def failing(self, fail_on: str) -> tuple[Finding, ...]:
        """The findings that fail the test."""
        least = Severity(fail_on).rank
        return tuple(
            finding
            for finding in self.findings
            if not finding.waived
            and finding.verdict is not Verdict.INCONCLUSIVE
            and finding.severity.rank >= least
        )

    @property
    def unseen(self) -> tuple[str, ...]:
        """Why the test says nothing, as far as it does."""
        open_ones = [f for f in self.findings if f.verdict is Verdict.INCONCLUSIVE and not f.waived]
        words = tuple(finding.message for finding in open_ones)
        return words if self.observed else (*words, self.nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All recordings of the user's, judged."""

    specs: Mapping[str, Spec]
    checks: tuple[RecordingCheck, ...]
    judgement: Judgement
    exchanges: Mapping[tuple[str | None, int | None], Exchange]
    seen: Mapping[tuple[str, str], int]
    """(model, family) -> how many things were there to judge."""
    strangers: tuple[str, ...]
    """What was recorded and belongs to no model, in words."""

    @property
    def models(self) -> tuple[str, ...]:
        """The ids of the models that something was recorded of, sorted."""
        return tuple(sorted({_id(ref) for check in self.checks for ref in check.judged}))

    def of(self, model: str, family: str) -> Judged:
        """What the traffic says of one model under one family."""
        files = {c.recording.file for c in self.checks if any(_id(ref) == model for ref in c.judged)}
        return Judged(
            findings=tuple(f for f in self.judgement.findings if _belongs(f, model, family, files)),
            observed=self.seen.get((model, family), 0),
            nothing=f"nothing was observed: no {FAMILIES[family]} of {model} in the recorded traffic",
        )

    @property
    def of_nobody(self) -> tuple[Finding, ...]:
        """The findings that are no model's: a waiver that waives nothing, say."""
        told = {
            id(f) for model in self.models for family in FAMILIES for f in self.of(model, family).findings
        }
        return tuple(f for f in self.judgement.findings if id(f) not in told)

    def curl(self, finding: Finding) -> str | None:
        """The recorded request that a finding is about, for a shell; None where there is none."""
        subject = finding.subject
        exchange = self.exchanges.get((subject.file, subject.index)) if subject is not None else None
        spec = self.specs.get(finding.model or "")
        if exchange is None or spec is None:
            return None
        return curl_line(spec, exchange.request, operation=finding.operation)


def judged_traffic(store: SpecStore, options: Options, now: datetime) -> Traffic:
    """All traffic that was named, judged. Raises HarnessError for a file that cannot be read."""
    from harness.cli.commands.check import judges_for

    judges: Judges = judges_for(store)
    found = check_traffic(store, [Path(shown(path)) for path in options.traffic], judges, now=now)
    specs = {ref: store.get(ref) for check in found.checks for ref in check.judged}
    return Traffic(
        specs=specs,
        checks=found.checks,
        judgement=of_traffic(found.judgement, options, store),
        exchanges={
            (exchange.subject.file, exchange.subject.index): exchange
            for check in found.checks
            for exchange in check.recording.exchanges
        },
        seen=_seen(store, found.checks),
        strangers=tuple(_strangers(store, found.checks)),
    )


def _belongs(finding: Finding, model: str, family: str, files: set[str]) -> bool:
    if _FAMILY_OF.get(finding.rule.area, "recordings") != family:
        return False
    if finding.model is not None:
        return _id(finding.model) == model
    return finding.subject is not None and finding.subject.file in files


def _seen(store: SpecStore, checks: Sequence[RecordingCheck]) -> Mapping[tuple[str, str], int]:
    seen: Counter[tuple[str, str]] = Counter()
    for check in checks:
        for ref, count in check.judged.items():
            unanswered = sum(f.rule.area == "traffic" and f.model == ref for f in check.judgement.findings)
            seen[_id(ref), "recordings"] += count
            seen[_id(ref), "response"] += max(0, count - unanswered)
        for job in check.jobs:
            seen[_id(job.model), "job"] += 1
        if check.recording.other_model is None:
            for found in _matches(store, check.recording):
                if found.spec.operations[found.operation].request is not None:
                    seen[found.spec.id, "request"] += 1
    return seen


def _matches(store: SpecStore, recording: Recording) -> Iterator[Match]:
    for exchange in recording.exchanges:
        found = match(_candidates(store, recording), exchange.request)
        if isinstance(found, Match):
            yield found


def _strangers(store: SpecStore, checks: Sequence[RecordingCheck]) -> Iterator[str]:
    """Exchanges that belong to no model and are no download of what a job delivered."""
    for check in checks:
        bodies = [e.response.body.replace(b"\\/", b"/") for e in check.recording.exchanges if e.response]
        any_model = check.recording.other_model is not None
        for exchange in check.recording.exchanges:
            url = exchange.request.url
            found = match(_candidates(store, check.recording), exchange.request, any_model=any_model)
            if not isinstance(found, Match) and not any(url.encode() in body for body in bodies):
                yield f"{exchange.subject}: {found.reason}"


def _candidates(store: SpecStore, recording: Recording) -> tuple[Spec, ...]:
    return store.all() if recording.model is None else (store.get(recording.model),)


def _id(reference: str) -> str:
    return reference.partition("@")[0]
