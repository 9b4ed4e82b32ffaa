"""Looking at data twice without finding more than there is: a group-sequential plan of two looks.

A plan is declared before the first job and names how many units (nights, or blocks of a sitting) each look
takes. The false positives that are allowed in all are spent on the looks by a function of the share of the
data that each has (Lan and DeMets, Biometrika 70, 1983).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import e, erfc, log, sqrt
from statistics import NormalDist

__all__ = ["Look", "SequentialPlan", "Spending", "declare"]

NORMAL = NormalDist()
STEPS = 400  # of the integration over the first look
ALPHA = 0.05
SMALLEST = 1e-300  # of a level, for its bound to be a number


class Spending(StrEnum):
    """How the false positives are spent."""

    OBRIEN_FLEMING = "obrien_fleming"  # hardly any on the first look
    POCOCK = "pocock"  # much on the first look


def _beyond(z: float) -> float:
    """P(|Z| > z), exact where it is tiny."""
    return erfc(z / sqrt(2))


def _obrien_fleming(alpha: float, share: float) -> float:
    """Lan and DeMets' function with bounds close to those of O'Brien and Fleming (Biometrics 35, 1979)."""
    side = alpha / 2  # each side of the test spends its half
    return 2 * _beyond(-NORMAL.inv_cdf(side / 2) / sqrt(share))


def _pocock(alpha: float, share: float) -> float:
    """Lan and DeMets' function with bounds close to those of Pocock (Biometrika 64, 1977)."""
    return alpha * log(1 + (e - 1) * share)


SPENT: Mapping[Spending, Callable[[float, float], float]] = {
    Spending.OBRIEN_FLEMING: _obrien_fleming,
    Spending.POCOCK: _pocock,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look: at how many units, and the two-sided level at which it may find a difference."""

    number: int
    units: int
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialPlan:
    """The looks that were declared, in order; the last one is at all the data."""

    looks: tuple[Look, ...]

    def at(self, units: int) -> Look | None:
        """The latest look that this many units allow, None before the first."""
        return next((look for look in reversed(self.looks) if look.units <= units), None)


def declare(
    units: int, first_look: int | None = None, *, spending: Spending, alpha: float = ALPHA
) -> SequentialPlan:
    """A plan for `units` in all, with a look at `first_look` of them where that is given.

    `alpha` bounds the probability of a false difference over both looks. Raises `ValueError` for a first
    look that does not come before the last.
    """
    if first_look is None:
        return SequentialPlan(looks=(Look(number=1, units=units, level=alpha),))
    if not 0 < first_look < units:
        raise ValueError(f"a first look at {first_look} of {units}")
    share = first_look / units
    first = SPENT[spending](alpha, share)
    bound = -NORMAL.inv_cdf(max(first, SMALLEST) / 2)
    second = min(alpha, _level(alpha - first, bound, share))
    return SequentialPlan(
        looks=(
            Look(number=1, units=first_look, level=first),
            Look(number=2, units=units, level=second),
        )
    )


def _level(rest: float, first_bound: float, share: float) -> float:
    """The level of the second look that spends `rest` where the first has found nothing; by bisection."""
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        if _crossing(middle, first_bound, share) > rest:
            low = middle
        else:
            high = middle
    return _beyond((low + high) / 2)


def _crossing(bound: float, first_bound: float, share: float) -> float:
    """P(|Z1| < first_bound and |Z2| >= bound), corr(Z1, Z2) = sqrt(share), by Simpson's rule over Z1."""
    root, rest = sqrt(share), sqrt(1 - share)
    width = 2 * first_bound / STEPS
    total = 0.0
    for step in range(STEPS + 1):
        z1 = -first_bound + step * width
        beyond = NORMAL.cdf((-bound - root * z1) / rest) + 1 - NORMAL.cdf((bound - root * z1) / rest)
        weight = 1 if step in (0, STEPS) else 4 if step % 2 else 2
        total += weight * NORMAL.pdf(z1) * beyond
    return total * width / 3
