"""Whether providers became slower than in an earlier run, by more than is allowed.

A point estimate decides nothing: the finding needs the whole confidence interval of the ratio above the
limit. Two sittings differ by their days as well; whoever wants that in the interval compares many nights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.bench.pool import Pool, Seller, join_runs, time_of
from harness.bench.rules import NOT_MEASURED, OTHER_REQUEST, SLOWER, SLOWER_NOT_RULED_OUT, TOO_FEW
from harness.errors import OperatorError
from harness.finding import Finding, Judgement, Observed, Rule
from harness.measurement.job import BenchRecord, Design
from harness.stats.compare import MIN_UNITS
from harness.stats.interval import CONFIDENCE, Interval
from harness.stats.ratio import median_ratio

__all__ = ["gate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """The total times of a seller's jobs; `nights` where nights are what varies."""

    times: tuple[Interval, ...]
    nights: tuple[str, ...] | None

    @property
    def is_enough(self) -> bool:
        """Whether the extremes alone would cover a median: of fewer, resampling knows too little."""
        return len(self.times if self.nights is None else set(self.nights)) >= MIN_UNITS

    @property
    def shown(self) -> str:
        """How much it is."""
        jobs = f"{len(self.times)} job{'' if len(self.times) == 1 else 's'}"
        if self.nights is None:
            return jobs
        nights = len(set(self.nights))
        return f"{jobs} of {nights} night{'' if nights == 1 else 's'}"


def gate(new: Sequence[BenchRecord], old: Sequence[BenchRecord], max_median_ratio: float) -> Judgement:
    """Each model and mode of `new` beside the same in `old`, by the ratio of their median job times.

    `bench.slower-than-before` only where the lower confidence bound of new/old is above `max_median_ratio`.
    Raises OperatorError for runs that cannot be joined, and for simulated beside live ones.
    """
    now, before = join_runs(new), join_runs(old)
    if now.provenance is not before.provenance:
        raise OperatorError(
            f"run {before.records[0].id} is {before.provenance.value} and run {now.records[0].id} is "
            f"{now.provenance.value}: simulated and live jobs are never compared"
        )
    sellers = now.sellers()
    findings = [finding for seller in sellers for finding in _judge(seller, now, before, max_median_ratio)]
    measured = {seller.model for seller in sellers}
    named = dict.fromkeys(model for record in now.records for model in record.models)
    absent = [Seller(model=model, mode="*") for model in named if model not in measured]
    findings += [
        _finding(TOO_FEW, seller, max_median_ratio, "no jobs of it were measured now") for seller in absent
    ]
    unjudged = {finding.model for finding in findings if finding.rule.inconclusive}
    models = tuple(dict.fromkeys(seller.model for seller in (*sellers, *absent)))
    inconclusive = sum(finding.rule.inconclusive for finding in findings)
    return Judgement(
        findings=tuple(findings),
        observed=Observed(facts=len(sellers) + len(absent) - inconclusive),
        models=models,
        unobserved=frozenset(model for model in models if model in unjudged),
    )


def _judge(seller: Seller, now: Pool, before: Pool, limit: float) -> Iterator[Finding]:
    """At most one finding."""
    if seller not in before.sellers():
        yield _finding(NOT_MEASURED, seller, limit, "the earlier run has no jobs of it")
        return
    if _request(now, seller) != _request(before, seller):
        yield _finding(OTHER_REQUEST, seller, limit, "the earlier run sent another request")
        return
    new, old = _sample(now, seller), _sample(before, seller)
    ratio, low, high = None, None, None
    if new.is_enough and old.is_enough:
        ratio, low, high = median_ratio(
            new.times,
            old.times,
            first_groups=new.nights,
            second_groups=old.nights,
            seed=now.records[0].seed,
        )
    observed = {"ratio": ratio, "low": low, "high": high}
    size = f"({new.shown} now, {old.shown} before)"
    if low is None:
        yield _finding(TOO_FEW, seller, limit, f"too few to bound the ratio of the medians {size}", observed)
        return
    shown = f"the median job time is {_words(ratio, low, high)} that of before {size}"
    if low > limit:
        yield _finding(SLOWER, seller, limit, f"{shown}: surely more than {limit:.2f} times", observed)
    elif high is None or high > limit:
        words = f"{shown}: not surely more than {limit:.2f} times, nor surely less"
        yield _finding(SLOWER_NOT_RULED_OUT, seller, limit, words, observed)


def _sample(pool: Pool, seller: Seller) -> _Sample:
    found = [(time, night) for job, night in pool.jobs(seller) if (time := time_of(job)) is not None]
    is_nightly = pool.design is Design.NIGHTLY
    return _Sample(
        times=tuple(time for time, _ in found),
        nights=tuple(night for _, night in found) if is_nightly else None,
    )


def _request(pool: Pool, seller: Seller) -> object:
    return pool.records[-1].requests.get(seller.model)


def _words(ratio: float | None, low: float, high: float | None) -> str:
    """`1.21 (1.12 to 1.31 at 95 %) times`."""
    value = "" if ratio is None else f"{ratio:.2f} "
    ends = f"at least {low:.2f}" if high is None else f"{low:.2f} to {high:.2f}"
    bounds = f"{ends} at {CONFIDENCE * 100:g} %"
    return f"{value}({bounds}) times" if value else f"{bounds} times"


def _finding(
    rule: Rule, seller: Seller, limit: float, words: str, observed: dict[str, float | None] | None = None
) -> Finding:
    return Finding(
        rule=rule,
        message=f"{seller.mode}: {words}",
        model=seller.model,
        field=f"/{seller.mode}/total/median",
        facet="median",
        expected={"max_median_ratio": limit},
        observed=observed,
    )
