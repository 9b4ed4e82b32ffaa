"""What a delivered second cost."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench.costs import cost_per_delivered_s
from harness.measurement.job import JobOutcome, MeasuredJob
from tests.bench.runs import a_job

FAILED, REFUSED, OPEN = JobOutcome.FAILED, JobOutcome.REFUSED_PROMPT, JobOutcome.POSSIBLY_BILLED


def jobs(*changes: dict[str, Any]) -> list[MeasuredJob]:
    """Jobs of 10 s for 0.70 dollars that were billed and delivered, but for the changes."""
    return [a_job(number, **change) for number, change in enumerate(changes)]


@pytest.mark.parametrize(
    ("each", "cost", "note"),
    [
        ([{}, {}], 0.07, "every billed job was delivered"),
        ([{}, {"outcome": FAILED}], 0.14, "1 of 2 billed jobs delivered nothing"),
        ([{}, {"outcome": FAILED, "billed": False}], 0.07, "every billed job was delivered"),
        (
            [{}, {"outcome": FAILED, "billed": None}, {"outcome": OPEN, "billed": None}],
            0.21,
            "2 of 3 billed jobs delivered nothing; "
            "of 2 nobody says whether they were billed, and they are counted",
        ),
        ([{}, {"outcome": REFUSED, "billed": None}], 0.07, "every billed job was delivered"),
        ([{}, {"outcome": REFUSED, "billed": True}], 0.14, "1 of 2 billed jobs delivered nothing"),
        (
            [{}, {"outcome": FAILED, "billed": False, "cost_usd": None}],
            0.07,
            "every billed job was delivered",
        ),
        ([{"asked_s": 5}, {}], 1.4 / 15, "every billed job was delivered"),
        ([{}, {"cost_usd": None}], None, "no price is known for 1 of 2 billed jobs"),
        ([{}, {"asked_s": None}], None, "no length is known for 1 of 2 videos"),
        ([{"outcome": FAILED}], None, "nothing was delivered"),
        ([], None, "nothing was delivered"),
    ],
)
def test_the_cost_and_what_is_in_it(each: list[dict[str, Any]], cost: float | None, note: str):
    """Billed jobs that delivered nothing are; where a figure is missing, there is none."""
    found, said = cost_per_delivered_s(jobs(*each))
    assert said == note
    assert found == (None if cost is None else pytest.approx(cost))
