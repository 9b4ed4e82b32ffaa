"""A budget refuses what it does not cover, and says why."""

from __future__ import annotations

import pytest

from harness.client.billing import WorstCase
from harness.client.budget import Budget
from harness.client.journal import Spent
from harness.errors import BudgetError, OperatorError


def refusal(budget: Budget, case: WorstCase, jobs: int = 0, cost: int = 0) -> str | None:
    """What the budget says after so much was spent."""
    return budget.refusal(case, "a/b")(Spent(jobs=jobs, cost_microusd=cost, unpriced_jobs=0))


def test_jobs():
    """Exactly as many as it says."""
    budget, one = Budget(max_jobs=2), WorstCase(jobs=1, cost_microusd=None)

    assert refusal(budget, one, jobs=1) is None
    assert refusal(budget, one, jobs=2) == (
        "the budget does not cover the worst case: 2 of 2 jobs are reserved or spent, and this request may "
        "make 1"
    )
    assert refusal(budget, WorstCase(jobs=3, cost_microusd=None)) is not None


def test_dollars():
    """To the cent, and the last one counts."""
    budget, one = Budget(max_cost_usd=1.05), WorstCase(jobs=1, cost_microusd=350_000)

    assert refusal(budget, one, cost=700_000) is None
    assert refusal(budget, one, cost=700_001) == (
        "the budget does not cover the worst case: 0.70 of 1.05 US dollars are reserved or spent, and this "
        "request may cost 0.35"
    )


def test_both_must_cover():
    """Jobs without a price are counted as jobs."""
    budget = Budget(max_jobs=1, max_cost_usd=0.1)

    assert refusal(budget, WorstCase(jobs=1, cost_microusd=None)) is None
    assert refusal(budget, WorstCase(jobs=1, cost_microusd=350_000)) is not None
    assert refusal(budget, WorstCase(jobs=1, cost_microusd=1), jobs=1) is not None


def test_without_a_price_jobs_are_required():
    """A cost that cannot be bounded is covered by no amount."""
    with pytest.raises(BudgetError) as caught:
        Budget(max_cost_usd=1000.0).refusal(WorstCase(jobs=1, cost_microusd=None), "a/b")
    assert str(caught.value) == (
        "a/b: no price is documented or configured, so its cost cannot be bounded: "
        "a budget in jobs is required"
    )


@pytest.mark.parametrize(
    "amounts", [{}, {"max_jobs": -1}, {"max_cost_usd": -1.0}, {"max_cost_usd": float("nan")}]
)
def test_what_is_no_budget(amounts: dict[str, float]):
    """It is the operator's error."""
    with pytest.raises(OperatorError, match="a budget"):
        Budget(**amounts)  # type: ignore[arg-type]


def test_zero_is_a_budget():
    """It covers nothing that costs."""
    assert refusal(Budget(max_jobs=0), WorstCase(jobs=1, cost_microusd=0)) is not None
    assert refusal(Budget(max_cost_usd=0.0), WorstCase(jobs=1, cost_microusd=0)) is None
