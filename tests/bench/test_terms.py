"""What a plan declares of the conclusions."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench.terms import NIGHTS, Terms, terms_of
from harness.errors import OperatorError
from harness.measurement.job import Design
from harness.stats.sequential import Spending

NIGHTLY, SITTING = Design.NIGHTLY, Design.SITTING


def test_an_empty_plan_has_the_defaults():
    """A margin of 10 % between providers, 20 % on an estimate; of nights, 25 and one look."""
    assert terms_of({}, SITTING) == Terms(equivalence_margin=0.1, estimate_margin=0.2)
    assert terms_of({"nights": None}, NIGHTLY) == Terms(units=NIGHTS)


def test_all_is_read():
    """Blocks belong to a sitting, nights to the other design."""
    plan = {
        "equivalence_margin": 0.05,
        "estimate_margin": 0,
        "nights": 30,
        "blocks": 12,
        "first_look": 10,
        "spending": "pocock",
    }
    margins = {
        "equivalence_margin": 0.05,
        "estimate_margin": 0.0,
        "spending": Spending.POCOCK,
        "first_look": 10,
    }
    assert terms_of(plan, NIGHTLY) == Terms(units=30, **margins)  # type: ignore[arg-type]
    assert terms_of(plan, SITTING) == Terms(units=12, **margins)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "design", "message"),
    [
        ({"nights": 0}, NIGHTLY, "plan: nights: expected a whole number from 1, got 0"),
        ({"blocks": 2.5}, SITTING, "plan: blocks: expected a whole number from 1, got 2.5"),
        ({"blocks": True}, SITTING, "plan: blocks: expected a whole number from 1, got True"),
        (
            {"first_look": 10},
            SITTING,
            "plan: first_look: expected fewer than all, got 10 of no number of blocks",
        ),
        (
            {"first_look": 9, "nights": 9},
            NIGHTLY,
            "plan: first_look: expected fewer than all, got 9 of 9 nights",
        ),
        (
            {"equivalence_margin": 1},
            SITTING,
            "plan: equivalence_margin: expected a number from 0, below 1, got 1",
        ),
        (
            {"estimate_margin": "x"},
            SITTING,
            "plan: estimate_margin: expected a number from 0, below 1, got 'x'",
        ),
        ({"spending": "all"}, SITTING, "plan: spending: expected one of obrien_fleming, pocock, got 'all'"),
    ],
)
def test_what_cannot_be_is_refused(plan: dict[str, Any], design: Design, message: str):
    """With its place, what was expected, and what was there."""
    with pytest.raises(OperatorError) as caught:
        terms_of(plan, design)
    assert str(caught.value) == message


def test_without_a_declared_size_there_is_one_look_at_what_there_is():
    """As many units as came."""
    (look,) = Terms().looks(17).looks
    assert (look.units, look.level) == (17, 0.05)


def test_a_declared_size_holds_whatever_came():
    """A look is where the plan has it."""
    assert [look.units for look in Terms(units=25, first_look=13).looks(17).looks] == [13, 25]
