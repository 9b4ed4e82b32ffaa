"""Findings and whole runs as JSON, in the shapes `harness.findings/1` and `harness.run/1`.

The shape never depends on a flag: every member is always there, null where nothing is known. Strings
longer than 1,000 characters, arrays longer than 100 elements and the like are shortened in `message` and
`observed`, as `harness.report.visible.shortened` says; `expected` is whole, because the fingerprint is made
of it. A number that is not finite stands as the string "NaN", "Infinity" or "-Infinity".
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, Any

from harness.finding import Finding, Judgement, Location, Severity, Skipped
from harness.report.visible import plain, shortened

if TYPE_CHECKING:  # findings alone are written in a hurry, and need none of this
    from harness.record import EstimateLine, JobLine, ModelRecord, RecordingLine, RunRecord
    from harness.stats.estimate import MedianInterval
    from harness.stats.interval import Interval

__all__ = ["FINDINGS_SCHEMA", "RUN_SCHEMA", "finding_json", "findings_json", "record_json", "summary_json"]

FINDINGS_SCHEMA = "harness.findings/1"
RUN_SCHEMA = "harness.run/1"


def findings_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement in the shape of `harness.findings/1`."""
    observed = judgement.observed
    return {
        "schema": FINDINGS_SCHEMA,
        "verdict": judgement.verdict.value,
        "observed": {
            "exchanges": observed.exchanges,
            "operations": observed.operations,
            "facts": observed.facts,
            "skipped": [_skipped(skipped) for skipped in observed.skipped],
        },
        "models": {model: verdict.value for model, verdict in judgement.model_verdicts.items()},
        "findings": [finding_json(finding) for finding in judgement.findings],
        "summary": summary_json(judgement),
    }


def summary_json(judgement: Judgement) -> dict[str, int]:
    """How many findings there are by severity, and apart from them how many are waived."""
    counts = Counter(f.severity for f in judgement.findings if not f.waived)
    by_severity = {severity.value: counts[severity] for severity in reversed(Severity)}
    return {**by_severity, "waived": sum(f.waived for f in judgement.findings)}


def record_json(record: RunRecord) -> dict[str, Any]:
    """A run in the shape of `harness.run/1`: all members of `harness.findings/1`, and the record's own."""
    from harness.report.page_json import page_json

    return {
        **findings_json(record.judgement),
        "schema": RUN_SCHEMA,
        "created_at": record.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "version": record.version,
        "messages": dict(record.messages),
        "margin": record.margin,
        "matrix": _matrix(record),
        "estimates": [_estimate(line) for line in record.estimates],
        "jobs": [_job(line) for line in record.jobs],
        "recordings": [_recording(line) for line in record.recordings],
        "endpoints": [_endpoint(model) for model in record.models],
        "page": page_json(record),
    }


def _matrix(record: RunRecord) -> list[dict[str, Any]]:
    from harness.compare.matrix import matrix_json

    rows = zip(record.matrix, matrix_json(record.matrix), strict=True)
    return [{**written, "means": record.meanings.get((row.group, row.key))} for row, written in rows]


def _skipped(skipped: Skipped) -> dict[str, str]:
    return {"what": skipped.what, "why": skipped.why}


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding, as all commands have it."""
    return {
        "rule": finding.rule.id,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "impact": [impact.value for impact in finding.impact],
        "verdict": finding.verdict.value,
        "model": finding.model,
        "operation": finding.operation,
        "direction": finding.direction.value if finding.direction else None,
        "pointer": finding.pointer,
        "field": finding.field,
        "facet": finding.facet,
        "expected": plain(finding.expected),
        "observed": shortened(finding.observed),
        "message": shortened(finding.message),
        "source": _location(finding.source),
        "subject": _location(finding.subject),
        "fingerprint": finding.fingerprint,
        "waived": finding.waived,
        "consequence": None if finding.consequence is None else shortened(finding.consequence),
    }


def _location(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "document": location.document,
        "index": location.index,
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    return None if interval is None else {"low_s": interval.low_s, "high_s": interval.high_s}


def _median(median: MedianInterval | None) -> dict[str, Any] | None:
    if median is None:
        return None
    return {
        "low_s": median.low_s,
        "high_s": median.high_s,
        "jobs": median.jobs,
        "coverage": median.coverage,
    }


def _estimate(line: EstimateLine) -> dict[str, Any]:
    return {
        "model": line.model,
        "name": line.name,
        "kind": line.kind,
        "mode": line.mode,
        "min_s": line.min_s,
        "max_s": line.max_s,
        "open_ended": line.open_ended,
        "source": line.source,
        "provenance": line.provenance,
        "jobs": [_interval(job) for job in line.jobs],
        "median": _median(line.median),
        "verdict": line.verdict.value,
        "remark": line.remark,
    }


def _job(line: JobLine) -> dict[str, Any]:
    return {
        "model": line.model,
        "file": line.file,
        "provenance": line.provenance,
        "job": line.job,
        "state": line.state,
        "polls": line.polls,
        "interval": _interval(line.interval),
        "timeline": line.timeline,
    }


def _recording(line: RecordingLine) -> dict[str, Any]:
    return {
        "file": line.file,
        "model": line.model,
        "other_model": line.other_model,
        "provenance": line.provenance,
        "title": line.title,
        "source": line.source,
        "messages": line.messages,
        "findings": line.findings,
        "timeline": line.timeline,
        "substituted": list(line.substituted),
    }


def _endpoint(model: ModelRecord) -> dict[str, Any]:
    return {
        "id": model.id,
        "title": model.title,
        "provider": model.provider,
        "group": model.group,
        "revisions": list(model.revisions),
        "messages": dict(model.messages),
        "messages_violating": model.messages_violating,
        "violating": dict(model.violating),
        "fact_counts": dict(model.fact_counts),
        "sources": [
            {
                "id": source.id,
                "kind": source.kind,
                "title": source.title,
                "date": source.date,
                "digest": source.digest,
                "url": source.url,
            }
            for source in model.sources
        ],
        "facts": [
            {
                "subject": fact.subject,
                "facet": fact.facet,
                "state": fact.state,
                "value": plain(fact.value),
                "source": fact.source,
                "file": fact.file,
                "line": fact.line,
            }
            for fact in model.facts
        ],
    }
