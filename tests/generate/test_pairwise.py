"""Every pair stands together, in few rows."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from harness.generate.pairwise import pairwise

FACTORS = st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 4).map(range), max_size=5)


@given(FACTORS)
def test_every_pair_of_levels_stands_in_a_row(factors: dict[str, range]) -> None:
    """No pair of values of two factors is left out, and each row has every factor."""
    rows = pairwise(factors)
    for one, other in combinations(factors, 2):
        wanted = set(product(factors[one], factors[other]))
        assert {(row[one], row[other]) for row in rows} == wanted
    assert all(row.keys() == factors.keys() for row in rows) or len(factors) < 2


def test_few_rows_do() -> None:
    """Three factors of three values and three of two, 216 combinations, need nine rows and get nine."""
    factors = {"a": "123", "b": "123", "c": "123", "d": "12", "e": "12", "f": "12"}
    rows = pairwise(factors)
    assert len(rows) == 9
    assert rows == pairwise(factors)


def test_a_single_factor_has_a_row_for_each_level() -> None:
    """Without two factors there are no pairs; each value is tried, and of none nothing."""
    assert pairwise({"a": [1, 2]}) == [{"a": 1}, {"a": 2}]
    assert pairwise({}) == []
