"""A declared plan of two looks."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.stats.sequential import Look, SequentialPlan, Spending, declare

NORMAL = NormalDist()
EARLY, FRESH = np.random.default_rng(1).normal(size=(2, 60_000))


def bounds(plan: SequentialPlan) -> list[float]:
    """The z values of its looks."""
    return [-NORMAL.inv_cdf(look.level / 2) if look.level > 1e-15 else np.inf for look in plan.looks]


@pytest.mark.parametrize(
    ("spending", "expected"),
    [
        (Spending.OBRIEN_FLEMING, [2.9626, 1.9686]),  # as printed for Lan and DeMets' functions, looks at
        (Spending.POCOCK, [2.1570, 2.2010]),  # one half and all of the data, two-sided 5 %
    ],
)
def test_the_published_bounds_of_two_equal_looks(spending: Spending, expected: list[float]):
    """To the four places of the tables."""
    assert bounds(declare(20, 10, spending=spending)) == pytest.approx(expected, abs=1e-3)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))),
    st.sampled_from(Spending),
)
def test_both_looks_together_spend_what_was_allowed(sizes: tuple[int, int], spending: Spending):
    """Checked by drawing both sums; no look has more than a single one would."""
    first, units = sizes
    plan = declare(units, first, spending=spending)
    share = first / units
    late = np.sqrt(share) * EARLY + np.sqrt(1 - share) * FRESH
    one, two = bounds(plan)
    found = np.mean((np.abs(EARLY) >= one) | (np.abs(late) >= two))
    assert found == pytest.approx(0.05, abs=0.004)
    assert all(0 <= look.level <= 0.05 for look in plan.looks)


def test_without_a_first_look_all_is_spent_at_the_end():
    """A plan of one look is the plain test."""
    plan = declare(25, spending=Spending.OBRIEN_FLEMING)
    assert plan == SequentialPlan(looks=(Look(number=1, units=25, level=0.05),))


@pytest.mark.parametrize(("units", "number"), [(12, None), (13, 1), (24, 1), (25, 2), (40, 2)])
def test_only_a_declared_number_of_units_allows_a_look(units: int, number: int | None):
    """Between two looks, the earlier one stands."""
    look = declare(25, 13, spending=Spending.POCOCK).at(units)
    assert (look.number if look else None) == number


@pytest.mark.parametrize("first", [0, 25, 26])
def test_a_first_look_comes_before_the_last(first: int):
    """A fault of the program: a plan is checked when it is read."""
    with pytest.raises(ValueError, match=f"a first look at {first} of 25"):
        declare(25, first, spending=Spending.POCOCK)
