"""A trial as values for its report: what was asked, what came, and where the sellers differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.check.traffic import RecordingCheck
from harness.compare.encoded import Encoding
from harness.finding import Finding, Judgement, Observed
from harness.measurement.trial import TrialLine, TrialRecord
from harness.spec.model import Latency, Spec
from harness.spec.pointer import MISSING, last, resolve
from harness.stats.interval import Interval
from harness.trial.kept import Ran
from harness.trial.oracle import Seen, differences, oracle_findings
from harness.trial.plan import Errand
from harness.trial.rules import NOT_TRIED
from harness.wire.match import Match, match
from harness.wire.message import Recording

__all__ = ["Trial", "record_of"]

_CREATING = frozenset({"submit", "generate"})
_ECHOED = ("prompt", "negative_prompt", "duration_s", "aspect_ratio", "audio", "guidance", "seed", "mode")
_REQUESTS = frozenset({"input", "inputs", "request", "parameters", "params", "payload"})
"""Members of an answer that hold the request. Elsewhere `duration` may be how long the job took."""
_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All that a trial left: what was planned, what came of it, and the judged recordings by model."""

    errands: tuple[Errand, ...]
    ran: Mapping[str, Ran]
    checks: Mapping[str, RecordingCheck]
    canonical: Mapping[str, Mapping[str, Any]]
    encoding: Encoding


def record_of(trial: Trial, *, judged: Judgement, now: datetime, version: str) -> TrialRecord:
    """The record, with the whole judgement. `judged` is that of the recordings, with their age."""
    found = tuple(differences([_seen(errand, trial, judged) for errand in trial.errands], trial.encoding))
    own: list[Finding] = []
    for errand in trial.errands:
        own += _own_findings(errand, trial.ran[errand.spec.ref])
    refs = tuple(errand.spec.ref for errand in trial.errands)
    unseen = frozenset(ref for ref in refs if ref not in trial.checks)
    judgement = judged + Judgement(
        findings=(*own, *oracle_findings(found)), observed=Observed(), models=refs, unobserved=unseen
    )
    messages = {"documented": 0, "simulated": 0, "live": 0, "unknown": 0}
    for check in trial.checks.values():
        messages[check.recording.provenance.value] += check.recording.message_count
    return TrialRecord(
        created_at=now,
        version=version,
        canonical=trial.canonical,
        messages=messages,
        lines=tuple(_line(errand, trial, judgement) for errand in trial.errands),
        differences=found,
        judgement=judgement,
    )


def _own_findings(errand: Errand, ran: Ran) -> Iterator[Finding]:
    """What no recording shows: losses on the way to a seller, what the client saw, why nothing was sent."""
    yield from errand.losses
    yield from ran.findings
    if ran.files or any(finding.rule.id == "job.unfinished" for finding in ran.findings):
        return
    is_barred = ran.outcome == "not_sent" and ran.note is None
    yield from errand.faults if is_barred else ()
    why = "its documents do not allow the request" if is_barred else ran.note
    yield Finding(
        rule=NOT_TRIED,
        message=f"{errand.spec.ref} was not tried{'' if ran.outcome == 'not_sent' else ' to its end'}: {why}",
        field="",
        model=errand.spec.ref,
        operation="submit",
        direction=NOT_TRIED.direction,
        observed=why,
    )


def _line(errand: Errand, trial: Trial, judgement: Judgement) -> TrialLine:
    spec, ran = errand.spec, trial.ran[errand.spec.ref]
    check = trial.checks.get(spec.ref)
    traces = [job.trace for job in check.jobs] if check is not None else []
    trace = next((t for t in traces if t.id == ran.job), next(iter(traces), None))
    has_times = trace is not None and trace.low_s is not None
    cost = errand.worst.cost_microusd
    return TrialLine(
        model=spec.ref,
        provider=spec.provider.name,
        group=spec.model.group,
        mode=errand.mode.value,
        body=errand.body,
        outcome=ran.outcome,
        cost_usd=None if cost is None else cost / 1e6,
        status=ran.status if ran.outcome == "refused" else None,
        job=ran.job,
        seen_by=ran.seen_by,
        polls=trace.polls if trace is not None else 0,
        interval=Interval(low_s=trace.low_s or 0.0, high_s=trace.high_s) if trace and has_times else None,
        estimates=tuple(_estimate(one) for one in spec.latency.value or ()),
        video=ran.video,
        frame_png=ran.frame_png,
        note=ran.note,
        why=ran.why,
        cassette=str(ran.files[0]) if ran.files else None,
        findings=tuple(finding for finding in judgement.findings if finding.model == spec.ref),
    )


def _estimate(stated: Latency) -> str:
    """`60 to 300 s (range, poll)`, `170 s (estimate, any)`, `60 s or more (range, blocking)`."""
    if stated.open_ended or stated.max_s is None:
        span = f"{stated.min_s:g} s or more"
    elif stated.min_s == stated.max_s:
        span = f"{stated.min_s:g} s"
    else:
        span = f"{stated.min_s:g} to {stated.max_s:g} s"
    return f"{span} ({stated.kind.replace('_', ' ')}, {stated.mode})"


def _seen(errand: Errand, trial: Trial, judged: Judgement) -> Seen:
    spec, ran = errand.spec, trial.ran[errand.spec.ref]
    check = trial.checks.get(spec.ref)
    by_pointer = {pointer: word for word, pointer in spec.mapping.items()}
    at_fault = list(errand.faults)
    faulty = {by_pointer[f.field] for f in at_fault if f.field in by_pointer}
    return Seen(
        spec=spec,
        outcome=ran.outcome,
        sent=frozenset(errand.canonical),
        status=ran.status,
        is_allowed=errand.is_allowed,
        faulty_words=frozenset(faulty),
        ignored_words=frozenset(
            finding.facet
            for finding in judged.findings
            if finding.model == spec.ref and finding.rule.id == "video.parameter-ignored" and finding.facet
        ),
        video=ran.video,
        echoes=dict(_echoes(spec, errand.body, check.recording)) if check is not None else {},
    )


def _echoes(
    spec: Spec, body: Mapping[str, Any], recording: Recording
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Parameters that an answer repeats: the model anywhere, the others in a copy of the request."""
    documents = [
        value
        for exchange in recording.exchanges
        if exchange.response is not None
        and isinstance(match([spec], exchange.request), Match)
        and (value := _json(exchange.response.body)) is not None
    ]
    for word in ("model", *_ECHOED):
        pointer = spec.mapping.get(word)
        sent = resolve(body, pointer) if pointer is not None else MISSING
        if pointer is None or sent is MISSING:
            continue
        anywhere = word == "model"
        repeated = [v for document in documents for v in _named(document, last(pointer), 0, here=anywhere)]
        if repeated:
            other = next((value for value in repeated if value != sent), sent)
            yield word, (sent, other)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _named(value: Any, name: str, depth: int, *, here: bool) -> Iterator[Any]:
    """Every plain value under a name, where it counts (`here`) or inside a copy of the request."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, member in value.items():
            if key == name and here and not isinstance(member, (Mapping, list)):
                yield member
            else:
                yield from _named(member, name, depth + 1, here=here or key in _REQUESTS)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for member in value:
            yield from _named(member, name, depth + 1, here=here)
