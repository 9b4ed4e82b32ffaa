"""Who comes first, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.ranking.criteria import BY_ID, CRITERIA
from harness.ranking.rank import LIKELY, Figure, Ranking, Status, Vendor, rank

FEW = 40  # draws, where shares are not what is looked at
IDS = [criterion.id for criterion in CRITERIA]


def figure(low: float, high: float | None = None, *, basis: str = "live") -> Figure:
    """A figure with its middle as its value."""
    high = low if high is None else high
    return Figure(value=(low + high) / 2, low=low, high=high, basis=basis, source="record")


def vendor(name: str, **figures: Figure) -> Vendor:
    """One seller."""
    return Vendor(id=name, figures=figures)


FAST = vendor("fast", latency=figure(100, 110), price=figure(0.2))
SLOW = vendor("slow", latency=figure(200, 220), price=figure(0.1))


def first(ranking: Ranking) -> str:
    """The vendor at the top."""
    return ranking.standings[0].vendor


@pytest.mark.parametrize(
    ("weights", "expected"), [({"latency": 5, "price": 1}, "fast"), ({"latency": 1, "price": 5}, "slow")]
)
def test_weights_decide_between_a_fast_and_a_cheap_vendor(
    weights: Mapping[str, float], expected: str
) -> None:
    """The same figures, two buyers."""
    ranking = rank([SLOW, FAST], weights)
    assert ranking.status is Status.RANKED
    assert first(ranking) == expected
    assert ranking.standings[0].first == 1.0
    assert ranking.standings[0].first + ranking.standings[1].first == 1.0


def test_a_score_is_the_weighted_mean_of_the_scores() -> None:
    """By hand: latency 155 s of 600 to 30, price 0.2 of 0.3 to 0."""
    one = vendor("one", latency=figure(100, 210), price=figure(0.2))
    (standing,) = rank([one], {"latency": 3, "price": 1}).standings
    assert standing.score == pytest.approx((3 * (600 - 155) / 570 + (0.3 - 0.2) / 0.3) / 4)
    assert standing.low == pytest.approx((3 * (600 - 210) / 570 + (0.3 - 0.2) / 0.3) / 4)
    assert standing.high == pytest.approx((3 * (600 - 100) / 570 + (0.3 - 0.2) / 0.3) / 4)


def test_what_is_unknown_widens_the_range_and_is_never_zero() -> None:
    """Everything from the worst to the best."""
    known, unknown = rank([vendor("a", price=figure(0.3)), vendor("b")], {"price": 1}).standings
    assert (known.score, known.low, known.high) == (0.0, 0.0, 0.0) or known.vendor == "b"
    by_name = {standing.vendor: standing for standing in (known, unknown)}
    assert (by_name["b"].low, by_name["b"].score, by_name["b"].high) == (0.0, 0.5, 1.0)
    assert by_name["b"].unknown == ("price",)


def test_without_live_figures_nothing_is_ranked() -> None:
    """Documents alone name no winner, whatever they say."""
    documented = [
        vendor(name, fit=figure(value, basis="documented")) for name, value in (("b", 1), ("a", 0.5))
    ]
    ranking = rank(documented, {"fit": 1})
    assert ranking.status is Status.NO_LIVE_DATA
    assert [standing.vendor for standing in ranking.standings] == ["a", "b"]  # by name
    assert ranking.flips == ()


def test_one_simulated_figure_stops_the_ranking() -> None:
    """Simulated and measured figures are never mixed."""
    ranking = rank([FAST, vendor("slow", latency=figure(300, basis="simulated"))], {"latency": 1})
    assert ranking.status is Status.SIMULATED


def test_one_vendor_is_no_choice() -> None:
    """There is nobody to stand before."""
    assert rank([FAST], {"latency": 1}).status is Status.ONE_VENDOR


def test_where_unknowns_decide_they_are_named_and_nothing_is_ranked() -> None:
    """The price of both is unknown, and weighs more than what is known."""
    ranking = rank(
        [vendor("a", latency=figure(100)), vendor("b", latency=figure(120))],
        {"latency": 1, "price": 3, "success": 2},
    )
    assert ranking.status is Status.UNKNOWNS
    assert ranking.deciding == ("price", "success")
    assert ranking.flips == ()


def test_where_all_is_known_and_overlaps_it_is_too_close() -> None:
    """No unknown could settle it: more jobs could."""
    ranking = rank(
        [vendor("a", latency=figure(100, 160)), vendor("b", latency=figure(105, 165))], {"latency": 1}
    )
    assert ranking.status is Status.CLOSE
    assert ranking.deciding == ()


def test_domination_holds_whatever_the_unknowns_are() -> None:
    """Better by one and as good by the rest dominates; an unknown does not let itself be dominated."""
    better = vendor("better", latency=figure(100), price=figure(0.1))
    worse = vendor("worse", latency=figure(200), price=figure(0.1))
    dark = vendor("dark", latency=figure(200))
    by_name = {s.vendor: s for s in rank([better, worse, dark], {"latency": 1, "price": 1}).standings}
    assert by_name["worse"].dominated_by == ("better",)
    assert by_name["better"].dominated_by == ()
    assert by_name["dark"].dominated_by == ()


@pytest.mark.parametrize("criterion", ["latency", "price"])
def test_a_flip_of_a_weight_makes_both_level(criterion: str) -> None:
    """With the weight that is named, the two have the same score."""
    weights = {"latency": 5.0, "price": 1.0}
    ranking = rank([SLOW, FAST], weights)
    (flip,) = [f for f in ranking.flips if f.kind == "weight" and f.criterion == criterion]
    standings = rank([SLOW, FAST], {**weights, criterion: flip.then}).standings
    assert standings[0].score == pytest.approx(standings[1].score)


def test_a_flip_of_a_figure_makes_both_level() -> None:
    """With the figure that is named, the rival is as good as the first."""
    weights = {"latency": 5.0, "price": 1.0}
    ranking = rank([SLOW, FAST], weights)
    flips = [f for f in ranking.flips if f.kind == "figure" and f.criterion == "latency"]
    assert [f.vendor for f in flips] == ["slow"]
    level = vendor("slow", latency=figure(flips[0].then), price=figure(0.1))
    standings = rank([level, FAST], weights).standings
    assert standings[0].score == pytest.approx(standings[1].score)


def test_no_weight_at_all_is_refused() -> None:
    """There is nothing to rank by."""
    with pytest.raises(ValueError, match="no criterion weighs anything"):
        rank([FAST], {"latency": 0.0})


def test_a_figure_lies_in_its_interval() -> None:
    """A value beside its interval is a fault of the program."""
    with pytest.raises(ValueError, match="5 does not lie in 1 to 2"):
        Figure(value=5, low=1, high=2, basis="live", source="record")


@st.composite
def vendors(draw: st.DrawFn) -> list[Vendor]:
    """Two to four sellers, some of whose figures are unknown."""
    found = []
    for name in draw(st.sampled_from(["ab", "abc", "abcd"])):
        figures = {}
        for criterion in draw(st.sets(st.sampled_from(IDS))):
            row = BY_ID[criterion]
            ends = sorted(
                draw(st.floats(min(row.worst, row.best), max(row.worst, row.best))) for _ in range(3)
            )
            figures[criterion] = Figure(value=ends[1], low=ends[0], high=ends[2], basis="live", source="r")
        found.append(Vendor(id=name, figures=figures))
    return found


WEIGHTS = st.dictionaries(st.sampled_from(IDS), st.floats(0.1, 10), min_size=1)


@given(vendors(), WEIGHTS, st.floats(0.5, 20))
def test_only_ratios_of_weights_count(
    given_vendors: list[Vendor], weights: dict[str, float], by: float
) -> None:
    """Weights twice as large are the same weights."""
    one, other = (
        rank(given_vendors, weights, draws=FEW),
        rank(given_vendors, {k: v * by for k, v in weights.items()}, draws=FEW),
    )
    scores = {standing.vendor: standing.score for standing in one.standings}
    assert scores == pytest.approx({standing.vendor: standing.score for standing in other.standings})


@given(vendors(), WEIGHTS)
def test_ranges_hold_their_scores_and_shares_add_up(
    given_vendors: list[Vendor], weights: dict[str, float]
) -> None:
    """Low, score and high are in order, within 0 and 1; somebody is first in every draw."""
    ranking = rank(given_vendors, weights, draws=FEW)
    for standing in ranking.standings:
        assert -1e-9 <= standing.low <= standing.score + 1e-9
        assert standing.score <= standing.high + 1e-9 <= 1 + 2e-9
    assert sum(standing.first for standing in ranking.standings) == pytest.approx(1)
    assert sum(standing.first_any_weights for standing in ranking.standings) == pytest.approx(1)
    if ranking.status is Status.RANKED:
        assert max(standing.first for standing in ranking.standings) >= LIKELY


@given(vendors(), WEIGHTS)
def test_nobody_who_is_dominated_comes_before_its_dominator(
    given_vendors: list[Vendor], weights: dict[str, float]
) -> None:
    """Domination and score agree."""
    scores = {standing.vendor: standing for standing in rank(given_vendors, weights, draws=FEW).standings}
    for standing in scores.values():
        for better in standing.dominated_by:
            assert scores[better].score >= standing.score - 1e-9


@given(vendors(), WEIGHTS)
def test_a_vendor_more_does_not_turn_two_others_round(
    given_vendors: list[Vendor], weights: dict[str, float]
) -> None:
    """Scores do not depend on who else is there."""
    all_of_them = {s.vendor: s.score for s in rank(given_vendors, weights, draws=FEW).standings}
    two = {s.vendor: s.score for s in rank(given_vendors[:2], weights, draws=FEW).standings}
    assert {name: all_of_them[name] for name in two} == two
