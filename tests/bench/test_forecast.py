"""What a plan would cost and take."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench.compiled import compile_plan
from harness.bench.forecast import Forecast, check_budget, forecast
from harness.bench.plan import Plan, plan_of, specs_of
from harness.bench.plan_values import Values
from harness.client.billing import Prices, UserPrice
from harness.errors import BudgetError
from harness.spec.store import SpecStore

STORE = SpecStore()
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
PRICES = Prices(
    by_model={
        EACHLABS: UserPrice(unit="second", amount_usd=0.07),
        OXEN: UserPrice(unit="video", amount_usd=0.5),
    }
)


def foreseen(prices: Prices = PRICES, **values: Any) -> tuple[Plan, Forecast]:
    plan = plan_of(Values(of={"models": ("eachlabs", "oxen"), **values}), STORE)
    specs = specs_of(plan, STORE)
    return plan, forecast(plan, specs, compile_plan(plan, specs), prices)


def test_jobs_and_their_worst_case():
    """Of one invocation: of a nightly plan, one night."""
    _, found = foreseen(blocks_a_night=3, nights=20)

    assert [(seller.model, seller.jobs) for seller in found.sellers] == [(EACHLABS, 3), (OXEN, 3)]
    assert found.jobs == 6
    assert found.cost_usd == pytest.approx(3 * 5 * 0.07 + 3 * 0.5)
    assert found.unpriced == ()


def test_where_no_price_is_known():
    """No sum is invented."""
    _, found = foreseen(Prices())
    assert (found.cost_usd, found.unpriced) == (None, (EACHLABS, OXEN))


def test_time_and_polls():
    """Blocks one after the other take as long as the slowest of each; polls are those of the poller."""
    _, one = foreseen(blocks_a_night=4)
    _, together = foreseen(blocks_a_night=4, at_once=4)
    _, fixed = foreseen(poller="fixed", interval_s=5.0)

    assert one.expected_s == pytest.approx(4 * 170)
    assert one.longest_s == 4 * 900
    assert together.expected_s == pytest.approx(170)
    assert 3 < one.sellers[0].polls < 8
    assert 30 < fixed.sellers[0].polls < 40
    assert one.sellers[0].is_documented


def test_no_more_together_than_a_provider_allows():
    """Ten of Eachlabs' jobs at once."""
    _, found = foreseen(design="sitting", blocks=20, at_once=20)
    assert found.expected_s == pytest.approx(2 * 170)


class TestBudgets:
    @pytest.mark.parametrize(
        "budget", [{}, {"max_jobs": 4}, {"max_cost_usd": 1.7}, {"max_jobs": 4, "max_cost_usd": 2}]
    )
    def test_that_cover_it(self, budget: dict[str, Any]):
        """Nothing is said."""
        check_budget(*foreseen(budget=budget))

    @pytest.mark.parametrize(
        ("budget", "prices", "said"),
        [
            (
                {"max_jobs": 3},
                PRICES,
                "the budget does not cover the worst case: the plan makes up to 4 jobs, and the budget is 3",
            ),
            (
                {"max_cost_usd": 1.69},
                PRICES,
                "the budget does not cover the worst case: the plan may cost 1.70 US dollars, "
                "and the budget is 1.69",
            ),
            (
                {"max_cost_usd": 9},
                Prices(),
                f"{EACHLABS}, {OXEN}: no price is documented or configured, so the cost cannot be bounded: "
                "a budget in jobs is required (--max-jobs)",
            ),
        ],
    )
    def test_that_do_not(self, budget: dict[str, Any], prices: Prices, said: str):
        """Nothing is sent for them, not even the first job."""
        with pytest.raises(BudgetError) as caught:
            check_budget(*foreseen(prices, budget=budget))
        assert str(caught.value) == said
