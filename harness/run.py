"""The main job: lint the specs, judge all recorded traffic, compare, set recorded times beside estimates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harness import __version__
from harness.check.body import Judges
from harness.check.expiry import expiry_findings
from harness.check.traffic import RecordingCheck, TracedJob, check_recording, nothing_observed
from harness.compare.encoded import load_encoding
from harness.compare.judge import judge_specs
from harness.compare.matrix import matrix
from harness.errors import OperatorError
from harness.finding import Finding, Judgement, Observed, Skipped
from harness.record import (
    DocumentedFact,
    EstimateLine,
    JobLine,
    ModelRecord,
    RecordingLine,
    RunRecord,
    SourceLine,
)
from harness.spec.facts import Fact, facts
from harness.spec.lint import lint_spec
from harness.spec.model import Latency, Spec, State
from harness.spec.store import SpecStore, shipped_directory
from harness.stats.estimate import DEFAULT_MARGIN, judge_estimate, median_interval
from harness.stats.interval import Interval
from harness.wire.message import Provenance

if TYPE_CHECKING:
    from harness.wire.message import Recording

__all__ = ["Traffic", "check_traffic", "lint_all", "run", "shipped_recordings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All recorded traffic that was judged."""

    checks: tuple[RecordingCheck, ...]
    judgement: Judgement


def shipped_recordings() -> tuple[Path, ...]:
    """The directory of cassettes that comes with the package."""
    return (shipped_directory("cassettes"),)


def lint_all(store: SpecStore) -> Judgement:
    """Every spec and every revision by the rules of `harness lint`, and the encoded discrepancies."""
    found: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    counted = 0
    for spec in _every_revision(store):
        counted += sum(1 for fact in facts(spec) if fact.is_stated)
        for finding in lint_spec(spec, expected_id=spec.id):
            key = (finding.rule.id, str(finding.subject))
            if key not in seen:  # a fault of the baseline shows in each of its revisions
                seen.add(key)
                found.append(finding)
    return Judgement(findings=tuple(found), observed=Observed(facts=counted), models=store.ids)


def _every_revision(store: SpecStore) -> Iterator[Spec]:
    for spec in store.all():
        yield spec
        yield from store.later_revisions(spec)


def check_traffic(
    store: SpecStore, paths: Sequence[Path], judges: Judges, *, now: datetime | None = None
) -> Traffic:
    """The judgement on every recording below the paths, and on their age by `now`, UTC.

    Raises OperatorError for a path that is not there, or a file that is named and cannot be read.
    """
    from harness.cassette.read import read_recordings

    checks: list[RecordingCheck] = []
    skipped: list[Skipped] = []
    aged: list[Finding] = []
    for path in paths:
        if not path.exists():
            raise OperatorError(f"{path}: no such file or directory")
        shown = "cassettes" if (path,) == shipped_recordings() else str(path)
        for found in read_recordings(path, shown=shown):
            if isinstance(found, Skipped):
                skipped.append(found)
            else:
                checks.append(check_recording(found, _candidates(store, found), judges))
                aged += expiry_findings(found, now) if now is not None else ()
    judgement = Judgement(findings=tuple(aged), observed=Observed(skipped=tuple(skipped)))
    for check in checks:
        judgement += check.judgement
    if not judgement.observed.exchanges:
        where = ", ".join(str(path) for path in paths)
        judgement += Judgement(findings=(nothing_observed(where),))
    return Traffic(checks=tuple(checks), judgement=judgement)


def _candidates(store: SpecStore, recording: Recording) -> tuple[Spec, ...]:
    return store.all() if recording.model is None else (store.get(recording.model),)


def run(
    store: SpecStore,
    recordings: Sequence[Path],
    judges: Judges,
    *,
    now: datetime,
    margin: float = DEFAULT_MARGIN,
) -> RunRecord:
    """One run of the main job. `now` is when it is made, UTC; nothing else reads a clock."""
    specs = store.all()
    traffic = check_traffic(store, recordings, judges, now=now)
    judged = {_id(reference) for check in traffic.checks for reference in check.judged}
    judgement = replace(
        lint_all(store) + judge_specs(store) + traffic.judgement,
        unobserved=frozenset(spec.id for spec in specs if spec.id not in judged),
    )
    jobs = [(check.recording, job) for check in traffic.checks for job in check.jobs]
    return RunRecord(
        created_at=now,
        version=__version__,
        messages=_by_provenance(traffic.checks),
        models=tuple(_model_record(store, spec, traffic.checks) for spec in specs),
        matrix=matrix(specs),
        recordings=tuple(_recording_line(check) for check in traffic.checks),
        jobs=tuple(_job_line(recording, job) for recording, job in jobs),
        estimates=tuple(line for spec in specs for line in _estimate_lines(spec, jobs, margin)),
        margin=margin,
        judgement=judgement,
        meanings={key: entry.means.strip() for key, entry in load_encoding(store).entries.items()},
    )


def _by_provenance(checks: Sequence[RecordingCheck]) -> dict[str, int]:
    counts = dict.fromkeys((provenance.value for provenance in Provenance), 0)
    for check in checks:
        counts[check.recording.provenance.value] += check.recording.message_count
    return counts


def _model_record(store: SpecStore, spec: Spec, checks: Sequence[RecordingCheck]) -> ModelRecord:
    own = [check for check in checks if any(_id(ref) == spec.id for ref in check.judged)]
    counts = Counter[str]()
    for check in own:
        counts[check.recording.provenance.value] += sum(
            number for ref, number in check.judged.items() if _id(ref) == spec.id
        )
    every_fact = tuple(facts(spec))
    violating = {
        (check.recording.provenance.value, str(finding.subject))
        for check in own
        for finding in check.judgement.findings
        if finding.verdict == "violates" and finding.model and _id(finding.model) == spec.id
    }
    return ModelRecord(
        id=spec.id,
        title=spec.title,
        provider=spec.provider.name,
        group=spec.model.group,
        revisions=store.revisions(spec.id),
        sources=tuple(
            SourceLine(id=s.id, kind=s.kind, title=s.title, date=s.date, digest=s.digest, url=s.url)
            for s in spec.sources.values()
        ),
        facts=tuple(_documented(spec, fact) for fact in every_fact),
        fact_counts={state.value: sum(1 for f in every_fact if f.state is state) for state in State},
        messages=dict(counts),
        violating=dict(Counter(provenance for provenance, _ in violating)),
    )


def _id(reference: str) -> str:
    return reference.partition("@")[0]


def _documented(spec: Spec, fact: Fact) -> DocumentedFact:
    mark = spec.mark_at(fact.at)
    return DocumentedFact(
        subject=fact.address.subject,
        facet=fact.address.facet,
        state=fact.state.value,
        value=fact.value,
        source="; ".join(str(ref) for ref in fact.sources) or None,
        file=mark.file,
        line=mark.line,
    )


def _recording_line(check: RecordingCheck) -> RecordingLine:
    recording = check.recording
    return RecordingLine(
        file=recording.file,
        model=recording.model or next(iter(check.judged), None),
        other_model=recording.other_model,
        provenance=recording.provenance.value,
        title=recording.title,
        source=recording.source,
        messages=recording.message_count,
        findings=len(check.judgement.findings),
        timeline=recording.timeline,
        substituted=recording.substituted,
    )


def _interval(job: TracedJob) -> Interval | None:
    low_s = job.trace.low_s
    return None if low_s is None else Interval(low_s=low_s, high_s=job.trace.high_s)


def _job_line(recording: Recording, job: TracedJob) -> JobLine:
    return JobLine(
        model=job.model,
        file=recording.file,
        provenance=recording.provenance.value,
        job=job.trace.id,
        state=job.trace.state.value if job.trace.state else None,
        polls=job.trace.polls,
        interval=_interval(job),
        timeline=recording.timeline,
    )


def _estimate_lines(
    spec: Spec, jobs: Sequence[tuple[Recording, TracedJob]], margin: float
) -> Iterator[EstimateLine]:
    """One line for each documented estimate and each provenance of jobs that it can be held against."""
    statements: tuple[Latency | None, ...] = spec.latency.value or (None,)
    for statement in statements:
        timed: dict[str, list[Interval]] = {}
        for recording, job in jobs:
            interval = _interval(job)
            if _id(job.model) == spec.id and interval is not None and _fits(statement, job):
                timed.setdefault(recording.provenance.value, []).append(interval)
        for provenance, intervals in timed.items() or ((None, []),):
            yield _estimate_line(spec, statement, provenance, tuple(intervals), margin)


def _fits(statement: Latency | None, job: TracedJob) -> bool:
    """Whether a job was waited for in the way that a statement speaks of."""
    return statement is None or statement.mode in ("any", job.trace.mode)


def _estimate_line(
    spec: Spec, statement: Latency | None, provenance: str | None, jobs: tuple[Interval, ...], margin: float
) -> EstimateLine:
    median = median_interval(jobs)
    limits = None
    if statement is not None:
        limits = (statement.min_s, None if statement.open_ended else statement.max_s)
    return EstimateLine(
        model=spec.id,
        name=statement.name if statement else None,
        kind=statement.kind if statement else None,
        mode=statement.mode if statement else "any",
        min_s=statement.min_s if statement else None,
        max_s=statement.max_s if statement else None,
        open_ended=statement.open_ended if statement else False,
        source="; ".join(str(ref) for ref in spec.sources_at(statement.at)) if statement else None,
        provenance=provenance,
        jobs=jobs,
        median=median,
        verdict=judge_estimate(median, limits, margin),
        remark=_remark(statement, provenance, jobs),
    )


def _remark(statement: Latency | None, provenance: str | None, jobs: tuple[Interval, ...]) -> str:
    if not jobs:
        return "no recorded job has a timeline"
    shown = "; ".join(_shown(job) for job in jobs[:3]) + ("; …" if len(jobs) > 3 else "")
    number = f"{len(jobs)} {provenance} job{'s' if len(jobs) > 1 else ''}"
    remark = f"{number}: {shown}"
    if len(jobs) < 6:
        remark += "; too few for an interval of the median"
    if statement is not None and statement.kind == "observed_once" and provenance == Provenance.DOCUMENTED:
        remark += "; the statement may come from this very run"
    return remark


def _shown(job: Interval) -> str:
    end = f"by {job.high_s:g} s" if job.high_s is not None else "its end was not seen"
    return (
        f"took more than {job.low_s:g} s, ended {end}"
        if job.high_s is not None
        else f"more than {job.low_s:g} s, {end}"
    )
