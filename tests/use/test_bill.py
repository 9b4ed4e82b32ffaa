"""What a changed default does to the bill, in figures."""

from __future__ import annotations

import pytest

from harness.use.bill import money
from harness.use.model import Usage
from tests.compare.drift import SOUND, Edit
from tests.use.users import price, sent, told, usage, use_of, weighed_between

LONGER: tuple[Edit, ...] = (("default: 5", "default: 10"),)
TEASER = sent("teaser", {"prompt": "a cat"}, per_month=2000)
NO_PRICE: Edit = (
    "price: {currency: USD, unit: video, amount: 0.35, source: page#Price}",
    "price: undocumented",
)


def words(use: Usage, old: tuple[Edit, ...] = (), new: tuple[Edit, ...] = LONGER) -> str | None:
    """What the change does to the user."""
    (found,) = weighed_between(old, new, use_of(use))
    assert found.severity.value == "error"
    return found.consequence


def test_seconds_that_are_billed() -> None:
    """A price per second, 5 s that become 10 s: what a video costs, and what it comes to in a month."""
    assert words(usage(TEASER, prices=(price(0.07),))) == (
        "teaser leaves /duration out and gets 10 instead of 5; the bill: teaser costs 0.70 USD a video "
        "instead "
        "of 0.35, +100% (0.07 USD a second, 5 s becomes 10 s); a month: +700.00 USD"
    )


def test_requests_that_pin_it_are_left_out_of_the_figures() -> None:
    """Only those that rely on the default cost more."""
    pinned = sent("pinned", {"prompt": "x", "duration": 5}, per_month=9)
    assert words(usage(TEASER, pinned, prices=(price(0.1),))) == (
        "teaser leaves /duration out and gets 10 instead of 5; the bill: teaser costs 1.00 USD a video "
        "instead "
        "of 0.50, +100% (0.10 USD a second, 5 s becomes 10 s); a month: +1,000.00 USD"
    )


def test_a_price_for_each_video_stays() -> None:
    """The documented price is taken where the user gives none."""
    assert words(usage(sent("clip", {"prompt": "x"}))) == (
        "clip leaves /duration out and gets 10 instead of 5; the bill: clip costs 0.35 USD a video as before"
    )


def test_without_a_price_the_factor_is_said() -> None:
    """No figure is invented."""
    assert words(usage(TEASER), old=(NO_PRICE,), new=(*LONGER, NO_PRICE)) == (
        "teaser leaves /duration out and gets 10 instead of 5; the bill: where seconds are billed, 2 "
        "times what "
        "it was; what it does to the bill cannot be said in figures: harness.yaml has no price of this model"
    )


def test_a_default_that_is_gone_has_no_figures() -> None:
    """What holds now is not documented, so nobody can say what it costs."""
    gone = (("            default: 5\n", ""),)
    assert words(usage(TEASER, prices=(price(0.07),)), new=gone) == (
        "teaser leaves /duration out and relied on 5; no default is documented now; what it does to the bill "
        "cannot be said in figures"
    )


def test_a_price_that_depends_on_another_parameter() -> None:
    """The first line whose conditions hold, defaults included: sound on costs twice as much."""
    lines = (price(0.14, when={"/sound": True}), price(0.07, when={"/sound": False}))
    silent = tuple((a, b.replace("default: true", "default: false")) for a, b in SOUND)
    (found,) = weighed_between(silent, SOUND, use_of(usage(TEASER, prices=lines)))
    assert told(found) == (
        "error",
        "teaser leaves /sound out and gets true instead of false; the bill: teaser costs 0.70 USD a video "
        "instead of 0.35, +100%; a month: +700.00 USD",
    )


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0.35, "0.35"), (0.7, "0.70"), (1250.0, "1,250.00"), (0.0725, "0.0725"), (0, "0.00")],
)
def test_money_has_two_decimals_at_least(amount: float, written: str) -> None:
    """As many as a price needs."""
    assert money(amount) == written
