"""Weights out of a file."""

from __future__ import annotations

import pytest

from harness.errors import OperatorError
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import SHIPPED, read_profile, shipped_profile

TEXT = "format: 1\ntitle: Mine\nweights: {latency: 2, price: 0.5}\n"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_profile_is_read(name: str) -> None:
    """Three buyers who want different things."""
    profile = shipped_profile(name)
    assert profile.id == name
    assert list(profile.weights) == [criterion.id for criterion in CRITERIA]
    assert profile.weights["fit"] > 0


def test_the_shipped_profiles_differ() -> None:
    """None is another under a new name."""
    assert len({tuple(shipped_profile(name).weights.values()) for name in SHIPPED}) == len(SHIPPED)


def test_a_profile_of_the_users_own_is_read() -> None:
    """What is not there weighs nothing."""
    profile = read_profile(TEXT, "mine.yaml", name="mine")
    assert (profile.id, profile.title) == ("mine", "Mine")
    assert {name: weight for name, weight in profile.weights.items() if weight} == {
        "latency": 2.0,
        "price": 0.5,
    }


def test_another_name_is_refused() -> None:
    """The shipped ones are listed."""
    with pytest.raises(OperatorError) as raised:
        shipped_profile("best")
    assert str(raised.value) == (
        "no profile 'best'; shipped: fastest-first, cheapest-integration, safest, or a file"
    )


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            ("latency: 2", "latencies: 2"),
            "mine.yaml:3:11: /weights: unknown key 'latencies'; did you mean 'latency'?",
        ),
        (
            ("latency: 2", "latency: -2"),
            "mine.yaml:3:20: /weights/latency: expected a number of at least 0, got -2",
        ),
        (
            ("{latency: 2, price: 0.5}", "{latency: 0}"),
            "mine.yaml:3:10: /weights: expected a weight above 0 for at least one criterion",
        ),
        (("title: Mine\n", ""), "mine.yaml:1:1: the file: missing key 'title'"),
    ],
)
def test_a_fault_has_its_place(edit: tuple[str, str], message: str) -> None:
    """File, line and column."""
    with pytest.raises(OperatorError) as raised:
        read_profile(TEXT.replace(*edit), "mine.yaml", name="mine")
    assert str(raised.value) == message
