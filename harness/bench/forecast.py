"""What a plan would cost and take, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp

from harness.bench.compiled import Compiled
from harness.bench.expected import NEVER_S, estimate_of, poller_of
from harness.bench.plan import Plan
from harness.bench.predict import SPREAD, Predictor
from harness.bench.schedule import drawn
from harness.client.billing import Prices, worst_case
from harness.errors import BudgetError
from harness.spec.model import Spec

__all__ = ["Forecast", "SellerForecast", "check_budget", "forecast"]

_DRAWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerForecast:
    """One model's share. `jobs` counts every video that a request may make.

    `cost_usd` is the worst case, None where no price is known. `job_s` is the expected job time, of which
    `is_documented` says whether a document stands behind it; `polls` are the expected ones of one job.
    """

    model: str
    jobs: int
    cost_usd: float | None
    job_s: float
    is_documented: bool
    polls: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One invocation of a plan. `expected_s` and `longest_s` are provider seconds."""

    sellers: tuple[SellerForecast, ...]
    expected_s: float
    longest_s: float

    @property
    def jobs(self) -> int:
        """All jobs, at worst."""
        return sum(seller.jobs for seller in self.sellers)

    @property
    def cost_usd(self) -> float | None:
        """The worst case of all, None where a price is not known."""
        costs = [seller.cost_usd for seller in self.sellers]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The models without a known price."""
        return tuple(seller.model for seller in self.sellers if seller.cost_usd is None)


def forecast(plan: Plan, specs: Sequence[Spec], compiled: Compiled, prices: Prices) -> Forecast:
    """Jobs, worst-case cost, time and polls of one invocation. Raises BudgetError for an unbounded cost."""
    sellers = tuple(_seller(plan, spec, compiled.requests[spec.ref], prices) for spec in specs)
    rounds = _rounds(plan, specs)
    return Forecast(
        sellers=sellers,
        expected_s=rounds * max(seller.job_s for seller in sellers),
        longest_s=rounds * plan.cap_s,
    )


def _rounds(plan: Plan, specs: Sequence[Spec]) -> int:
    """How many times as many blocks as may be under way together come one after the other."""
    limits = [spec.limits.concurrency.value for spec in specs]
    at_once = min([plan.at_once, *(limit.jobs for limit in limits if limit is not None)])
    return ceil(plan.blocks / max(at_once, 1))


def _seller(plan: Plan, spec: Spec, body: Mapping[str, object], prices: Prices) -> SellerForecast:
    case = worst_case(spec, body, prices)
    estimate = estimate_of(spec, plan.modes[spec.ref])
    predictor = Predictor(estimate)
    job_s = min(predictor.law.median_s, plan.cap_s)
    return SellerForecast(
        model=spec.ref,
        jobs=case.jobs * plan.blocks,
        cost_usd=None if case.cost_microusd is None else case.cost_microusd * plan.blocks / 1e6,
        job_s=job_s,
        is_documented=estimate is not None,
        polls=_polls(plan, spec, predictor, job_s),
    )


def _polls(plan: Plan, spec: Spec, predictor: Predictor, job_s: float) -> float:
    """The mean over jobs that are drawn around what is expected."""
    rng, polls = drawn(plan.seed, "forecast", spec.ref), 0
    for _ in range(_DRAWS):
        ends_s = job_s * exp(rng.gauss(0.0, SPREAD))
        placed, elapsed_s, seen_s = poller_of(plan, spec, predictor, rng), 0.0, 0.0
        while seen_s < ends_s and (pause_s := placed(elapsed_s)) < NEVER_S:
            elapsed_s = seen_s = elapsed_s + pause_s
            polls += 1
    return polls / _DRAWS


def check_budget(plan: Plan, found: Forecast) -> None:
    """Raises BudgetError, before the first job, where the budget does not cover the worst case of all."""
    if plan.max_jobs is not None and found.jobs > plan.max_jobs:
        raise BudgetError(
            f"the budget does not cover the worst case: the plan makes up to {found.jobs} jobs, "
            f"and the budget is {plan.max_jobs}"
        )
    if plan.max_cost_usd is None:
        return
    if found.unpriced and plan.max_jobs is None:
        raise BudgetError(
            f"{', '.join(found.unpriced)}: no price is documented or configured, so the cost cannot be "
            "bounded: a budget in jobs is required (--max-jobs)"
        )
    known_usd = sum(seller.cost_usd or 0.0 for seller in found.sellers)
    if known_usd > plan.max_cost_usd + 1e-9:
        raise BudgetError(
            f"the budget does not cover the worst case: the plan may cost {known_usd:.2f} US dollars, "
            f"and the budget is {plan.max_cost_usd:.2f}"
        )
