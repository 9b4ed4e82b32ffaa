"""The worst case of a request: jobs, and dollars where a price is known."""

from __future__ import annotations

from typing import Any

import pytest

from harness.client.billing import Prices, UserPrice, WorstCase, microusd, worst_case
from harness.errors import BudgetError, OperatorError
from tests.client.specs import full
from tests.minimal import minimal

PRICE = "price: {currency: USD, unit: video, amount: 0.35, source: page#Price}"
NO_PRICE = (PRICE, "price: undocumented")
BY_SECOND = (PRICE, "price: {currency: USD, unit: second, amount: 0.07, source: page#Price}")


def case(body: Any, *edits: tuple[str, str], prices: Prices | None = None, **options: Any) -> WorstCase:
    """The worst case for the full small spec."""
    return worst_case(full(*edits), body, prices or Prices(), **options)


class TestPrice:
    def test_documented_by_video(self):
        """Each job costs the price."""
        assert case({"prompt": "x"}) == WorstCase(jobs=1, cost_microusd=350_000)

    def test_documented_by_second(self):
        """The length is the one asked for, else the documented default."""
        assert case({"duration": 10}, BY_SECOND).cost_microusd == 700_000
        assert case({}, BY_SECOND).cost_microusd == 350_000

    @pytest.mark.parametrize(
        ("duration", "expected"), [(7, 700_000), (60, 4_200_000), ("5", 700_000), (None, 700_000)]
    )
    def test_a_length_that_is_not_documented(self, duration: object, expected: int):
        """It may be taken as any documented one, or as it is: the longest counts."""
        assert case({"duration": duration}, BY_SECOND).cost_microusd == expected

    def test_the_operators_own(self):
        """Where nothing is documented, and only there."""
        mine = Prices(by_model={"example/video-1-text-to-video": UserPrice(unit="video", amount_usd=0.5)})

        assert case({}, NO_PRICE, prices=mine).cost_microusd == 500_000
        assert case({}, prices=mine).cost_microusd == 350_000

    def test_none_is_invented(self):
        """Neither without a statement, nor for one in another currency, nor where the API would tell it."""
        euro = (PRICE, "price: {currency: EUR, unit: video, amount: 0.35, source: page#Price}")
        told = (PRICE, "price: {obtainable: {operation: poll, pointer: /price}, source: page#Price}")
        for edit in (NO_PRICE, euro, told):
            assert case({}, edit) == WorstCase(jobs=1, cost_microusd=None)

    def test_no_length_no_cost(self):
        """A price by the second of a video whose length nobody knows is no price."""
        unmapped = ("  duration_s: /duration\n", "")
        assert case({}, BY_SECOND, unmapped).cost_microusd is None

    @pytest.mark.parametrize("amount", [-0.1, float("nan"), float("inf")])
    def test_impossible_prices(self, amount: float):
        """They are the operator's error."""
        with pytest.raises(OperatorError, match="expected 0 or more"):
            UserPrice(unit="video", amount_usd=amount)

    def test_sums_are_exact(self):
        """Ten cents are no binary fraction."""
        assert 3 * microusd(0.1) == microusd(0.3) == 300_000
        assert microusd(0.00000001) == 1


class TestMultipliers:
    def test_they_multiply(self):
        """Jobs and cost."""
        assert case({"count": 4}) == WorstCase(jobs=4, cost_microusd=1_400_000)

    def test_beyond_the_documented_range(self):
        """A negative test asks for five of at most four: if it is granted, it is five."""
        assert case({"count": 5}).jobs == 5

    @pytest.mark.parametrize("value", [0, -1, 1.5, 2.0, "2", True, None, [2]])
    def test_what_cannot_be_counted_is_refused(self, value: object):
        """No budget covers it."""
        with pytest.raises(BudgetError) as caught:
            case({"count": value})
        assert str(caught.value).startswith(
            "example/video-1-text-to-video: /count multiplies the bill: expected a positive integer, got "
        )

    def test_without_a_default_the_maximum_counts(self):
        """Left out, it may be as many as are allowed."""
        declared = "{type: integer, minimum: 1, maximum: 4, default: 1, x-billing: multiplies}"
        bounded = (declared, "{type: integer, minimum: 1, maximum: 4, x-billing: multiplies}")
        bare = (declared, "{type: integer, x-billing: multiplies}")

        assert case({}, bounded).jobs == 4
        with pytest.raises(BudgetError, match="multiplies the bill and has no known default: state it"):
            case({}, bare)

    def test_those_of_another_operation_count(self):
        """Nothing says that the blocking call ignores what the other one documents."""
        assert case({"prompt": "x", "count": 3}).jobs == 3

    def test_a_key_that_stands_twice(self):
        """Nobody can say which one is billed."""
        with pytest.raises(BudgetError) as caught:
            case(b'{"count": 1, "count": 4}')
        assert str(caught.value) == "the body has 'count' twice: nobody can say which one is billed"

    def test_bytes(self):
        """A body that is no JSON multiplies nothing."""
        assert case(b'{"count": 2}').jobs == 2
        assert case(b"{not json").jobs == 1


class TestRedirects:
    def test_refused(self):
        """Unless it is allowed."""
        with pytest.raises(BudgetError) as caught:
            case({"payer": "them"})
        assert str(caught.value) == (
            "example/video-1-text-to-video: /payer sends the bill to another account; allow it first"
        )
        assert case({"payer": "them"}, allow_redirected_bill=True).jobs == 1
        assert case({"payer": None}).jobs == 1


def test_a_plain_spec_counts_one():
    """Without any billing parameter."""
    assert worst_case(minimal(), {"prompt": "x"}, Prices()).jobs == 1
