"""Benchmark records to conclude from, written down in few words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np

from harness.bench.conclude import conclude_joined
from harness.measurement.job import BenchRecord, Design, JobOutcome, MeasuredJob, Phase
from harness.measurement.summary import BenchSummary, Comparison, ProviderSummary
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.stats.interval import Interval
from tests.bench.runs import START, a_job, a_run

__all__ = [
    "AIML",
    "NIGHTLY",
    "NOVITA",
    "OLD",
    "OXEN",
    "SITTING",
    "concluded",
    "interval",
    "measured",
    "only",
    "provider",
    "specs",
]

NOVITA = "novita/kling-v2.6-pro-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
AIML = "aimlapi/klingai-video-v2-6-pro-text-to-video"
OLD = "novita/kling-v1.6-t2v"
NIGHTLY, SITTING = Design.NIGHTLY, Design.SITTING
Change = Callable[[int, str], dict[str, Any]]


@cache
def specs() -> dict[str, Spec]:
    return {ref: SpecStore().get(ref) for ref in (NOVITA, OXEN, AIML, OLD)}


def interval(time_s: float, cap_s: float = 900.0, step_s: float = 10.0) -> Interval:
    if time_s > cap_s:
        return Interval(low_s=cap_s, high_s=None)
    low_s = step_s * (time_s // step_s)
    return Interval(low_s=low_s, high_s=low_s + step_s)


def measured(
    medians: dict[str, float],
    *,
    design: Design = NIGHTLY,
    blocks: int = 50,
    a_night: int = 2,
    sigma: float = 0.1,
    cap_s: float = 900.0,
    change: Change = lambda block, model: {},
    **changes: Any,
) -> BenchRecord:
    """A run in which each model takes about as long as is said; the plan declares as many as it has."""
    rng = np.random.default_rng(7)
    jobs: list[MeasuredJob] = []
    for block in range(blocks):
        day = block // a_night if design is NIGHTLY else 0
        for place, (model, median_s) in enumerate(medians.items()):
            time_s = float(median_s * np.exp(rng.normal(0, sigma)))
            found = a_job(
                block,
                id=f"{changes.get('id', 'run')}-{block}-{place}",
                model=model,
                place=place,
                submitted_at=START + timedelta(days=day, minutes=5 * block + place),
                outcome=JobOutcome.SUCCEEDED if time_s <= cap_s else JobOutcome.UNFINISHED,
                intervals={Phase.TOTAL: interval(time_s, cap_s)},
            )
            jobs.append(replace(found, **change(block, model)))
    declared = {"nights": blocks // a_night} if design is NIGHTLY else {"blocks": blocks}
    record = replace(
        a_run("run"),
        design=design,
        cap_s=cap_s,
        plan=declared,
        models=tuple(medians),
        requests={},
        mismatches=(),
        jobs=tuple(jobs),
    )
    return replace(record, **changes)


def concluded(*records: BenchRecord) -> BenchSummary:
    return conclude_joined(records, specs(), resamples=100)


def only(record: BenchRecord) -> Comparison:
    (comparison,) = concluded(record).comparisons
    return comparison


def provider(record: BenchRecord) -> ProviderSummary:
    return concluded(record).providers[0]
