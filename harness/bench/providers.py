"""What was measured of one provider in one mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.bench.costs import cost_per_delivered_s
from harness.bench.pool import Pool, Seller, time_of
from harness.measurement.job import JobOutcome, MeasuredJob, Phase
from harness.measurement.summary import (
    DayMedian,
    EstimateJudgement,
    Latency,
    Proportion,
    ProviderSummary,
    Quantile,
)
from harness.spec.model import Latency as Statement
from harness.spec.model import Spec
from harness.stats.bootstrap import RESAMPLES, quantile_interval
from harness.stats.censored import fit
from harness.stats.compare import MIN_UNITS
from harness.stats.estimate import MedianInterval, judge_estimate, median_interval
from harness.stats.interval import Interval
from harness.stats.rates import design_effect, share_within, wilson

__all__ = ["MIN_JOBS", "provider_summary"]

MIN_JOBS = {0.5: 1, 0.9: 10, 0.95: 100}  # a quantile is not given of fewer
MIN_JOBS_FOR_INTERVAL = 6  # of fewer, not even the extremes cover the median in 95 % of cases

SENT = frozenset(JobOutcome) - {JobOutcome.UNSENT, JobOutcome.POSSIBLY_BILLED, JobOutcome.REFUSED_PROMPT}
"""The outcomes that say whether a job was delivered."""

Timed = tuple[Interval, str]  # and the night


def provider_summary(
    pool: Pool, seller: Seller, spec: Spec | None, *, margin: float, seed: int, resamples: int = RESAMPLES
) -> ProviderSummary:
    """All that its jobs say; `margin` is that of the verdict on a documented estimate."""
    by_night = tuple(pool.jobs(seller))
    jobs = [job for job, _ in by_night]
    latencies = tuple(
        latency for phase in Phase if (latency := _latency(pool, seller, phase, seed, resamples)) is not None
    )
    cost, cost_note = cost_per_delivered_s(jobs)
    polled = [job for job in jobs if job.polls > 0]
    return ProviderSummary(
        model=seller.model,
        mode=seller.mode,
        provenance=pool.provenance,
        jobs=len(jobs),
        latencies=latencies,
        estimates=tuple(_estimates(pool, seller, spec, latencies, margin)),
        success=_success(by_night),
        refused_prompts=sum(job.outcome is JobOutcome.REFUSED_PROMPT for job in jobs),
        possibly_billed=sum(job.outcome is JobOutcome.POSSIBLY_BILLED for job in jobs),
        polls_per_job=sum(job.polls for job in polled) / len(polled) if polled else None,
        poll_availability=_availability(by_night),
        cost_usd_per_delivered_s=cost,
        cost_note=cost_note,
    )


# latency


def _timed(pool: Pool, seller: Seller, phase: Phase) -> list[Timed]:
    return [
        (interval, night) for job, night in pool.jobs(seller) if (interval := time_of(job, phase)) is not None
    ]


def _latency(pool: Pool, seller: Seller, phase: Phase, seed: int, resamples: int) -> Latency | None:
    """None for a phase of which nothing was observed."""
    timed = _timed(pool, seller, phase)
    if not timed:
        return None
    survival = fit([interval for interval, _ in timed])
    nights = list(dict.fromkeys(night for _, night in timed))
    return Latency(
        phase=phase,
        jobs=len(timed),
        censored=survival.censored,
        days=len(nights),
        quantiles=tuple(
            _quantile(timed, p, seed, resamples) for p, least in MIN_JOBS.items() if len(timed) >= least
        ),
        survival=survival.steps(),
        censored_s=tuple(sorted(interval.low_s for interval, _ in timed if interval.high_s is None)),
        by_day=tuple(_of_night(timed, night) for night in nights),
    )


def _quantile(timed: Sequence[Timed], p: float, seed: int, resamples: int) -> Quantile:
    """By nights where there are enough of them to draw from, else by jobs."""
    nights = [night for _, night in timed]
    days = len(set(nights))
    intervals = [interval for interval, _ in timed]
    groups = nights if days >= MIN_UNITS else None
    value, low, high = quantile_interval(intervals, p, groups=groups, rng=seed, resamples=resamples)
    if value is not None:  # where all resamples agree, rounding may put it beside them
        low = None if low is None else min(low, value)
        high = None if high is None else max(high, value)
    method = "bootstrap of days" if groups else "bootstrap of jobs"
    if groups is None and days > 1:
        method += f": {days} days are too few to draw from"
    if len(timed) < MIN_JOBS_FOR_INTERVAL:
        method = "too few jobs for an interval"
    return Quantile(
        p=p,
        value_s=value,
        low_s=low,
        high_s=high,
        beyond_s=_given_up_s(intervals) if high is None else None,
        jobs=len(timed),
        days=days,
        method=method,
    )


def _given_up_s(intervals: Sequence[Interval]) -> float | None:
    """The last time at which a job was given up."""
    return max((interval.low_s for interval in intervals if interval.high_s is None), default=None)


def _of_night(timed: Sequence[Timed], night: str) -> DayMedian:
    own = [interval for interval, other in timed if other == night]
    return DayMedian(day=night, median_s=fit(own).quantile(0.5), jobs=len(own))


# what was documented


def _estimates(
    pool: Pool, seller: Seller, spec: Spec | None, latencies: Sequence[Latency], margin: float
) -> Iterator[EstimateJudgement]:
    """A judgement for each documented estimate of the mode; where there is none, one that says so."""
    timed = _timed(pool, seller, Phase.TOTAL)
    median = _median([interval for interval, _ in timed], latencies)
    stated = (spec.latency.value or ()) if spec is not None else ()
    of_mode = [statement for statement in stated if _speaks_of(statement, seller.mode)]
    if spec is None or not of_mode:
        yield _judgement(None, seller.mode, None, margin, median, timed)
        return
    for statement in of_mode:
        source = "; ".join(str(ref) for ref in spec.sources_at(statement.at)) or None
        yield _judgement(statement, seller.mode, source, margin, median, timed)


def _speaks_of(statement: Statement, mode: str) -> bool:
    """Whether an estimate is of jobs waited for in this mode.

    Polls, events and webhooks are ways to hear of one and the same queued job; a blocking request is another
    operation.
    """
    return statement.mode in ("any", mode) or (statement.mode != "blocking" and mode != "blocking")


def _median(intervals: Sequence[Interval], latencies: Sequence[Latency]) -> MedianInterval | None:
    """The distribution-free interval of the median, widened to the bootstrap's where days were drawn."""
    found = median_interval(intervals)
    total = next((latency for latency in latencies if latency.phase is Phase.TOTAL), None)
    quantile = total.quantiles[0] if total is not None and total.quantiles else None
    if found is None or quantile is None or quantile.method != "bootstrap of days" or quantile.low_s is None:
        return found
    high_s = None
    if found.high_s is not None and quantile.high_s is not None:
        high_s = max(found.high_s, quantile.high_s)
    return MedianInterval(
        low_s=min(found.low_s, quantile.low_s), high_s=high_s, jobs=found.jobs, coverage=found.coverage
    )


def _judgement(
    statement: Statement | None,
    mode: str,
    source: str | None,
    margin: float,
    median: MedianInterval | None,
    timed: Sequence[Timed],
) -> EstimateJudgement:
    max_s = None if statement is None or statement.open_ended else statement.max_s
    return EstimateJudgement(
        name=statement.name if statement else None,
        kind=statement.kind if statement else None,
        mode=statement.mode if statement else mode,
        min_s=statement.min_s if statement else None,
        max_s=max_s,
        source=source,
        margin=margin,
        verdict=judge_estimate(median, (statement.min_s, max_s) if statement else None, margin),
        within=_within(timed, max_s) if max_s is not None else None,
    )


def _within(timed: Sequence[Timed], bound_s: float) -> Proportion:
    """The share of jobs that end by the bound; of those that may have, as many as the distribution says."""
    intervals = [interval for interval, _ in timed]
    found = share_within(intervals, bound_s)
    if not found.jobs:
        return Proportion(successes=0, trials=0, value=None, low=None, high=None, method="no jobs")
    likely = found.surely + min(found.perhaps, _likely(intervals, bound_s))
    effect = _effect([(share_within([interval], bound_s).surely, 1, night) for interval, night in timed])
    low, high = found.interval(effect)
    method = _method(found.jobs, effect)
    if found.perhaps:
        method += f"; {found.perhaps} straddle the bound: late in the low end, in time in the high one"
    return Proportion(
        successes=likely, trials=found.jobs, value=likely / found.jobs, low=low, high=high, method=method
    )


def _likely(intervals: Sequence[Interval], bound_s: float) -> float:
    """How many of the jobs whose interval straddles the bound ended by it, as the distribution has it."""
    survival = fit(intervals)
    expected = 0.0
    at_bound = survival.survival(bound_s)
    for job in intervals:
        ended = job.high_s is not None and job.high_s <= bound_s
        if ended or job.low_s >= bound_s:
            continue
        before = survival.survival(job.low_s)
        after = 0.0 if job.high_s is None else survival.survival(job.high_s)
        if before > after:
            expected += (before - at_bound) / (before - after)
    return expected


# rates

Counted = tuple[float, int, str]  # successes, trials, night


def _success(jobs: Sequence[tuple[MeasuredJob, str]]) -> Proportion:
    """Delivered jobs of those that were asked for; one that did not end within the cap was not delivered."""
    return _proportion(
        [(job.outcome is JobOutcome.SUCCEEDED, 1, night) for job, night in jobs if job.outcome in SENT]
    )


def _availability(jobs: Sequence[tuple[MeasuredJob, str]]) -> Proportion:
    """Polls that were answered with the job's state."""
    return _proportion(
        [(max(0, job.polls - job.poll_errors), job.polls, night) for job, night in jobs if job.polls > 0]
    )


def _proportion(counted: Sequence[Counted]) -> Proportion:
    successes, trials = sum(one for one, _, _ in counted), sum(number for _, number, _ in counted)
    effect = _effect(counted)
    low, high = wilson(successes / effect, trials / effect) if trials else (None, None)
    return Proportion(
        successes=successes,
        trials=trials,
        value=successes / trials if trials else None,
        low=low,
        high=high,
        method=_method(trials, effect),
    )


def _effect(counted: Sequence[Counted]) -> float:
    """The design effect of nights."""
    by_night: dict[str, tuple[float, int]] = {}
    for successes, trials, night in counted:
        before = by_night.get(night, (0.0, 0))
        by_night[night] = (before[0] + successes, before[1] + trials)
    return design_effect(tuple(by_night.values()))


def _method(trials: int, effect: float) -> str:
    return "Wilson" if effect == 1 else f"Wilson; days differ: {trials} count as {trials / effect:.0f}"
