"""The budget: how many jobs, and how many dollars, may be spent under one name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.client.billing import Prices, WorstCase, microusd
from harness.client.journal import Spent
from harness.errors import BudgetError, OperatorError

__all__ = ["Budget"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so many jobs and so many US dollars (None: no bound) of all entries with this `scope`.

    Processes that share a journal and a scope share the budget. Without a price a job cannot be counted in
    dollars: then `max_jobs` is required.
    """

    max_jobs: int | None = None
    max_cost_usd: float | None = None
    prices: Prices = field(default_factory=Prices)
    scope: str = "default"

    def __post_init__(self) -> None:
        if self.max_jobs is None and self.max_cost_usd is None:
            raise OperatorError("a budget needs a number of jobs or of US dollars")
        if self.max_jobs is not None and self.max_jobs < 0:
            raise OperatorError(f"a budget of {self.max_jobs} jobs: expected 0 or more")
        cost_usd = self.max_cost_usd
        if cost_usd is not None and not (math.isfinite(cost_usd) and cost_usd >= 0):
            raise OperatorError(f"a budget of {cost_usd} US dollars: expected 0 or more")

    def refusal(self, case: WorstCase, model: str) -> Callable[[Spent], str | None]:
        """What the journal asks inside its transaction: the reason why not, or None.

        Raises BudgetError at once for what no amount spent so far could allow.
        """
        if case.cost_microusd is None and self.max_jobs is None:
            raise BudgetError(
                f"{model}: no price is documented or configured, so its cost cannot be bounded: "
                "a budget in jobs is required"
            )

        def allows(spent: Spent) -> str | None:
            return self._jobs_refusal(case, spent) or self._cost_refusal(case, spent)

        return allows

    def _jobs_refusal(self, case: WorstCase, spent: Spent) -> str | None:
        if self.max_jobs is None or spent.jobs + case.jobs <= self.max_jobs:
            return None
        return (
            f"the budget does not cover the worst case: {spent.jobs} of {self.max_jobs} jobs are reserved or "
            f"spent, and this request may make {case.jobs}"
        )

    def _cost_refusal(self, case: WorstCase, spent: Spent) -> str | None:
        if self.max_cost_usd is None or case.cost_microusd is None:
            return None
        if spent.cost_microusd + case.cost_microusd <= microusd(self.max_cost_usd):
            return None
        return (
            f"the budget does not cover the worst case: {spent.cost_microusd / 1e6:.2f} of "
            f"{self.max_cost_usd:.2f} US dollars are reserved or spent, and this request may cost "
            f"{case.cost_microusd / 1e6:.2f}"
        )
