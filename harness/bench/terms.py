"""What a plan declares of the conclusions, before its first job is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from harness.errors import OperatorError
from harness.measurement.job import Design
from harness.stats.estimate import DEFAULT_MARGIN
from harness.stats.sequential import ALPHA, SequentialPlan, Spending, declare
from harness.translate.values import GuidanceScale

__all__ = ["EQUIVALENCE_MARGIN", "NIGHTS", "Terms", "reading_of", "terms_of"]

T = TypeVar("T", bound=StrEnum)
EQUIVALENCE_MARGIN = 0.10
NIGHTS = 25
"""How many nights a plan declares that does not say: with 2 pairs each, a difference of 15 % is found in most
cases. Were it open, whoever looks every morning would find a difference between equal providers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How much difference matters, and when the data are looked at.

    `units` is how many nights (in a sitting: blocks) were declared, None where nothing says;
    `first_look` after how many of them a first look was declared.
    """

    equivalence_margin: float = EQUIVALENCE_MARGIN
    estimate_margin: float = DEFAULT_MARGIN
    units: int | None = None
    first_look: int | None = None
    spending: Spending = Spending.OBRIEN_FLEMING
    alpha: float = ALPHA

    def looks(self, units: int) -> SequentialPlan:
        """The declared looks; where no size was declared, the one look at all there is."""
        if self.units is None:
            return declare(units, spending=self.spending, alpha=self.alpha)
        return declare(self.units, self.first_look, spending=self.spending, alpha=self.alpha)


def terms_of(plan: Mapping[str, Any], design: Design) -> Terms:
    """The terms in a plan as JSON.

    Its members are `equivalence_margin`, `estimate_margin`, `nights` (of a sitting `blocks`), `first_look`
    and `spending`; what is missing or null has its default. Raises OperatorError for a value that cannot be.
    """
    size = "nights" if design is Design.NIGHTLY else "blocks"
    units = _whole(plan, size) or (NIGHTS if design is Design.NIGHTLY else None)
    first_look = _whole(plan, "first_look")
    if first_look is not None and (units is None or first_look >= units):
        declared = f"{units} {size}" if units is not None else f"no number of {size}"
        raise OperatorError(f"plan: first_look: expected fewer than all, got {first_look} of {declared}")
    return Terms(
        equivalence_margin=_margin(plan, "equivalence_margin", EQUIVALENCE_MARGIN),
        estimate_margin=_margin(plan, "estimate_margin", DEFAULT_MARGIN),
        units=units,
        first_look=first_look,
        spending=_word(plan, "spending", Spending) or Spending.OBRIEN_FLEMING,
    )


def _whole(plan: Mapping[str, Any], name: str) -> int | None:
    value = plan.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise OperatorError(f"plan: {name}: expected a whole number from 1, got {value!r}")
    return value


def _margin(plan: Mapping[str, Any], name: str, default: float) -> float:
    value = plan.get(name)
    if value is None:
        return default
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1:
        raise OperatorError(f"plan: {name}: expected a number from 0, below 1, got {value!r}")
    return float(value)


def reading_of(plan: Mapping[str, Any]) -> GuidanceScale | None:
    """How a plan reads `guidance` on ranges that differ (`guidance_scale`); None where it does not say.

    Raises OperatorError for a word that is none.
    """
    return _word(plan, "guidance_scale", GuidanceScale)


def _word(plan: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    value = plan.get(name)
    if value is None:
        return None
    known = [member.value for member in kind]
    if value not in known:
        raise OperatorError(f"plan: {name}: expected one of {', '.join(known)}, got {value!r}")
    return kind(value)
