"""A benchmark's conclusions as JSON, in the shape `harness.bench/1`.

The shape never depends on a flag: every member is always there, null where nothing is known.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from harness.measurement.job import Mismatch
from harness.measurement.summary import (
    BenchSummary,
    Comparison,
    EstimateJudgement,
    Latency,
    Proportion,
    ProviderSummary,
    Quantile,
)
from harness.report.visible import plain

__all__ = ["BENCH_SCHEMA", "bench_json"]

BENCH_SCHEMA = "harness.bench/1"


def bench_json(summary: BenchSummary) -> dict[str, Any]:
    """The conclusions in the shape of `harness.bench/1`; times are seconds, moments are UTC."""
    return {
        "schema": BENCH_SCHEMA,
        "provenance": summary.provenance.value,
        "design": summary.design.value,
        "started_at": _moment(summary.started_at),
        "ended_at": _moment(summary.ended_at),
        "cap_s": summary.cap_s,
        "runs": list(summary.runs),
        "providers": [_provider(provider) for provider in summary.providers],
        "comparisons": [_comparison(comparison) for comparison in summary.comparisons],
        "mismatches": [_mismatch(mismatch) for mismatch in summary.mismatches],
        "notes": list(summary.notes),
    }


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _provider(provider: ProviderSummary) -> dict[str, Any]:
    return {
        "model": provider.model,
        "mode": provider.mode,
        "provenance": provider.provenance.value,
        "jobs": provider.jobs,
        "latencies": [_latency(latency) for latency in provider.latencies],
        "estimates": [_estimate(estimate) for estimate in provider.estimates],
        "success": _proportion(provider.success),
        "refused_prompts": provider.refused_prompts,
        "possibly_billed": provider.possibly_billed,
        "polls_per_job": provider.polls_per_job,
        "poll_availability": _proportion(provider.poll_availability),
        "cost_usd_per_delivered_s": provider.cost_usd_per_delivered_s,
        "cost_note": provider.cost_note,
    }


def _latency(latency: Latency) -> dict[str, Any]:
    return {
        "phase": latency.phase.value,
        "jobs": latency.jobs,
        "censored": latency.censored,
        "days": latency.days,
        "quantiles": [_quantile(quantile) for quantile in latency.quantiles],
        "survival": [list(point) for point in latency.survival],
        "censored_s": list(latency.censored_s),
        "by_day": [{"day": day.day, "median_s": day.median_s, "jobs": day.jobs} for day in latency.by_day],
    }


def _quantile(quantile: Quantile) -> dict[str, Any]:
    return {
        "p": quantile.p,
        "value_s": quantile.value_s,
        "low_s": quantile.low_s,
        "high_s": quantile.high_s,
        "beyond_s": quantile.beyond_s,
        "jobs": quantile.jobs,
        "days": quantile.days,
        "method": quantile.method,
    }


def _proportion(share: Proportion | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {
        "successes": share.successes,
        "trials": share.trials,
        "value": share.value,
        "low": share.low,
        "high": share.high,
        "method": share.method,
    }


def _estimate(estimate: EstimateJudgement) -> dict[str, Any]:
    return {
        "name": estimate.name,
        "kind": estimate.kind,
        "mode": estimate.mode,
        "min_s": estimate.min_s,
        "max_s": estimate.max_s,
        "source": estimate.source,
        "margin": estimate.margin,
        "verdict": estimate.verdict.value,
        "within": _proportion(estimate.within),
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        "design": one.design.value,
        "ratio": one.ratio,
        "low": one.low,
        "high": one.high,
        "level": one.level,
        "median_ratio": one.median_ratio,
        "p_value": one.p_value,
        "p_adjusted": one.p_adjusted,
        "equivalence_margin": one.equivalence_margin,
        "pairs": one.pairs,
        "unit": one.unit,
        "units": one.units,
        "left_out": one.left_out,
        "days": one.days,
        "look": one.look,
        "looks": one.looks,
        "verdict": one.verdict.value,
        "reason": one.reason,
        "mismatches": [_mismatch(mismatch) for mismatch in one.mismatches],
    }


def _mismatch(mismatch: Mismatch) -> dict[str, Any]:
    return {
        "parameter": mismatch.parameter,
        "values": plain(dict(mismatch.values)),
        "reasons": dict(mismatch.reasons),
    }
