"""The rows by which vendors are ranked."""

from __future__ import annotations

import pytest

from harness.ranking.criteria import BY_ID, CRITERIA, Criterion


def test_ids_are_unique() -> None:
    """A weight names one criterion."""
    assert len(BY_ID) == len(CRITERIA)


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.id)
def test_a_criterion_has_a_unit_a_meaning_and_a_direction(criterion: Criterion) -> None:
    """The ends of its scale score 0 and 1, and what lies beyond them no more."""
    assert criterion.unit
    assert criterion.meaning.endswith(".")
    assert criterion.basis in ("live", "documented")
    assert (criterion.score(criterion.worst), criterion.score(criterion.best)) == (0.0, 1.0)
    beyond = criterion.best + (criterion.best - criterion.worst)
    assert criterion.score(beyond) == 1.0
    assert criterion.direction == ("higher" if beyond > criterion.worst else "lower")
