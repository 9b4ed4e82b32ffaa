"""Changes of the price, in figures of the requests that are sent."""

from __future__ import annotations

from tests.compare.drift import Edit
from tests.use.users import sent, told, usage, use_of, weighed_between

PRICE = "price: {currency: USD, unit: video, amount: 0.35, source: page#Price}"
DEARER: tuple[Edit, ...] = (
    (PRICE, "price: {currency: USD, unit: second, amount: 0.08, source: page#Price}"),
)
RISES: tuple[Edit, ...] = ((PRICE, PRICE.replace("0.35", "0.42")),)
FALLS: tuple[Edit, ...] = ((PRICE, PRICE.replace("0.35", "0.30")),)
CLIP = sent("clip", {"prompt": "x", "duration": 10}, per_month=100)


def test_a_price_that_rises() -> None:
    """What each request costs now, and what it comes to in a month."""
    (found,) = weighed_between((), RISES, use_of(usage(CLIP)))
    assert told(found) == (
        "error",
        "the bill: clip costs 0.42 USD a video instead of 0.35, +7.00 USD a month",
    )


def test_a_price_that_is_counted_otherwise() -> None:
    """Ten seconds at 0.08 are 0.80."""
    (found,) = weighed_between((), DEARER, use_of(usage(CLIP)))
    assert told(found) == (
        "error",
        "the bill: clip costs 0.80 USD a video instead of 0.35, +45.00 USD a month",
    )


def test_a_price_that_falls_is_told_too() -> None:
    """Good news stays information."""
    (found,) = weighed_between((), FALLS, use_of(usage(CLIP)))
    assert told(found) == (
        "info",
        "the bill: clip costs 0.30 USD a video instead of 0.35, -5.00 USD a month",
    )


def test_a_price_concerns_nobody_who_sends_nothing() -> None:
    """Where it is not said what is sent, the general severity stands."""
    (found,) = weighed_between((), RISES, use_of(usage()))
    assert told(found) == ("info", "you send no request to this model (error in general)")
    (found,) = weighed_between((), RISES, use_of(usage(silent=True)))
    assert told(found) == ("error", None)
