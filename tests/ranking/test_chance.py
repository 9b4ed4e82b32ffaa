"""The page's random numbers."""

from __future__ import annotations

from harness.ranking.chance import mulberry32


def test_the_numbers_are_those_of_the_generator() -> None:
    """The first of seed 1, as its JavaScript prints them."""
    draw = mulberry32(1)
    assert [draw() for _ in range(3)] == [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]


def test_they_are_uniform() -> None:
    """Ten bins of 10,000 numbers, each within four standard deviations of its share."""
    draw = mulberry32(7)
    bins = [0] * 10
    for _ in range(10_000):
        bins[int(draw() * 10)] += 1
    assert all(abs(count - 1000) < 4 * 30 for count in bins)
