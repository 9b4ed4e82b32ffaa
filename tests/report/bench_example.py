"""A benchmark's conclusions as renderers get them: three sellers, of one of which most is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import erfc, log, sqrt
from typing import Any

from harness.measurement.job import Design, Mismatch, Phase, Provenance
from harness.measurement.summary import (
    BenchSummary,
    Comparison,
    ComparisonVerdict,
    DayMedian,
    EstimateJudgement,
    Latency,
    Proportion,
    ProviderSummary,
    Quantile,
)
from harness.stats.estimate import EstimateVerdict

__all__ = [
    "ACME",
    "BETA",
    "CAP_S",
    "GAMMA",
    "bench",
    "comparison",
    "estimate",
    "latency",
    "proportion",
    "provider",
]

ACME, BETA, GAMMA = "acme/video-1", "beta/video-1", "gamma/video-1@2026-02-01"
CAP_S = 300.0
NIGHTS = 25


def proportion(successes: float, trials: int, low: float | None, high: float | None) -> Proportion:
    """A share with its interval."""
    value = successes / trials if trials else None
    return Proportion(successes=successes, trials=trials, value=value, low=low, high=high, method="Wilson")


def estimate(**changes: Any) -> EstimateJudgement:
    """170 s, documented for any mode."""
    one = EstimateJudgement(
        name="page",
        kind="estimate",
        mode="any",
        min_s=170,
        max_s=170,
        source="page#Title",
        margin=0.2,
        verdict=EstimateVerdict.CONSISTENT,
        within=proportion(37, 50, 0.6, 0.84),
    )
    return replace(one, **changes)


def latency(middle_s: float, censored: int = 0, **changes: Any) -> Latency:
    """Fifty lognormal jobs around a median, as far as they were waited for."""
    times = [t for t in range(10, int(CAP_S) + 1, 2) if not censored or t <= CAP_S]
    survival = tuple((float(t), 0.5 * erfc(log(t / middle_s) / (0.25 * sqrt(2)))) for t in times)
    is_hidden = middle_s > CAP_S
    median = Quantile(
        p=0.5,
        value_s=None if is_hidden else middle_s,
        low_s=middle_s * 0.95 if not is_hidden else 290.0,
        high_s=None if is_hidden else middle_s * 1.06,
        beyond_s=CAP_S if is_hidden else None,
        jobs=50,
        days=NIGHTS,
        method="bootstrap of days",
    )
    late = replace(median, p=0.9, value_s=None, low_s=280.0, high_s=None, beyond_s=CAP_S)
    one = Latency(
        phase=Phase.TOTAL,
        jobs=50,
        censored=censored,
        days=NIGHTS,
        quantiles=(median, late if censored else replace(median, p=0.9, value_s=middle_s * 1.38)),
        survival=survival,
        censored_s=(CAP_S,) * censored,
        by_day=tuple(
            DayMedian(
                day=f"2026-03-{night + 1:02}",
                median_s=None if is_hidden else middle_s * (1 + 0.08 * ((night * 7) % 5 - 2) / 2),
                jobs=2,
            )
            for night in range(NIGHTS)
        ),
    )
    return replace(one, **changes)


def provider(model: str, middle_s: float, **changes: Any) -> ProviderSummary:
    """Fifty jobs at one seller."""
    total = changes.pop("total", None) or latency(middle_s)
    submit = replace(
        total,
        phase=Phase.SUBMIT,
        quantiles=tuple(
            replace(one, value_s=0.4, low_s=0.3, high_s=0.5, beyond_s=None) for one in total.quantiles[:1]
        ),
    )
    one = ProviderSummary(
        model=model,
        mode="poll",
        provenance=Provenance.SIMULATED,
        jobs=50,
        latencies=(submit, total),
        estimates=(estimate(),),
        success=proportion(48, 50, 0.865, 0.989),
        refused_prompts=1,
        possibly_billed=0,
        polls_per_job=4.94,
        poll_availability=proportion(241, 247, 0.948, 0.989),
        cost_usd_per_delivered_s=0.0729,
        cost_note="2 of 50 billed jobs delivered nothing",
    )
    return replace(one, **changes)


def comparison(first: str, second: str, **changes: Any) -> Comparison:
    """Fifty pairs in twenty-five nights: the first is faster."""
    one = Comparison(
        first=first,
        second=second,
        design=Design.NIGHTLY,
        ratio=0.853,
        low=0.79,
        high=0.921,
        p_value=0.0004,
        p_adjusted=0.0012,
        equivalence_margin=0.1,
        pairs=50,
        days=NIGHTS,
        look=1,
        looks=1,
        verdict=ComparisonVerdict.FASTER,
        reason="p = 0.0012, the interval, 0.79 to 0.921, leaves 1 out",
        level=0.05,
        median_ratio=0.861,
        unit="night",
        units=NIGHTS,
    )
    return replace(one, **changes)


AUDIO = Mismatch(parameter="audio", values={ACME: True, BETA: False})
GUIDANCE = Mismatch(
    parameter="guidance",
    values={ACME: 0.5, BETA: 0.5, GAMMA: None},
    reasons={GAMMA: "default undocumented"},
)


def bench(**changes: Any) -> BenchSummary:
    """Three sellers over twenty-five nights, simulated; two of them were not asked for the same."""
    providers = (
        provider(ACME, 148.0),
        provider(
            BETA,
            173.0,
            estimates=(estimate(min_s=60, max_s=300, kind="range", verdict=EstimateVerdict.CONSISTENT),),
            polls_per_job=10.8,
        ),
        provider(
            GAMMA,
            330.0,
            total=latency(330.0, censored=31),
            estimates=(
                estimate(
                    name=None,
                    kind=None,
                    mode="poll",
                    min_s=None,
                    max_s=None,
                    source=None,
                    verdict=EstimateVerdict.UNDOCUMENTED,
                    within=None,
                ),
            ),
            success=proportion(19, 50, 0.259, 0.518),
            cost_usd_per_delivered_s=None,
            cost_note="no price is known for 50 of 50 billed jobs",
        ),
    )
    pairs = (
        comparison(ACME, BETA, mismatches=(AUDIO,)),
        comparison(
            ACME,
            GAMMA,
            ratio=0.45,
            low=None,
            high=0.52,
            mismatches=(GUIDANCE,),
            median_ratio=None,
            left_out=3,
        ),
        comparison(
            BETA,
            GAMMA,
            ratio=0.99,
            low=0.92,
            high=1.06,
            verdict=ComparisonVerdict.NO_DIFFERENCE,
            reason="all of the interval, 0.92 to 1.06, lies within 0.909 to 1.1",
            p_value=0.6,
            p_adjusted=0.6,
        ),
    )
    one = BenchSummary(
        runs=("run-1", "run-2"),
        provenance=Provenance.SIMULATED,
        design=Design.NIGHTLY,
        started_at=datetime(2026, 3, 1, 2, 0, tzinfo=UTC),
        ended_at=datetime(2026, 3, 25, 3, 30, tzinfo=UTC),
        cap_s=CAP_S,
        providers=providers,
        comparisons=pairs,
        mismatches=(AUDIO, GUIDANCE),
        notes=("several regions are joined: eu, us",),
    )
    return replace(one, **changes)
