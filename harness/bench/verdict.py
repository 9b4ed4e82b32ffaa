"""What may be said of two providers, given what was measured and what the plan had declared."""

from __future__ import annotations

from harness.measurement.job import Design
from harness.measurement.summary import ComparisonVerdict
from harness.stats.compare import MIN_UNITS, PairedRatio

__all__ = ["decide"]

FASTER = (ComparisonVerdict.FASTER_IN_SITTING, ComparisonVerdict.FASTER)
SLOWER = (ComparisonVerdict.SLOWER_IN_SITTING, ComparisonVerdict.SLOWER)
SAME = (ComparisonVerdict.NO_DIFFERENCE_IN_SITTING, ComparisonVerdict.NO_DIFFERENCE)


def decide(
    found: PairedRatio, p_adjusted: float, *, margin: float, design: Design
) -> tuple[ComparisonVerdict, str]:
    """The verdict on the first beside the second, and why.

    No meaningful difference: all of the interval lies within the equivalence margin, 1/(1 + margin) to
    1 + margin. Faster or slower: the adjusted p-value is at most the level, the interval leaves 1 out, and
    the plain ratio of the medians does not point the other way. One sitting says nothing beyond itself: a
    provider's own day may be behind it.
    """
    over_days = design is Design.NIGHTLY
    unit = "night" if over_days else "block"
    if found.units < MIN_UNITS:
        return _insufficient(f"{_count(found.units, unit)} with a pair; {MIN_UNITS} are needed")
    if _is_within(found, margin):
        band = f"{1 / (1 + margin):.3g} to {1 + margin:.3g}"
        return SAME[over_days], f"all of the interval, {_interval(found)}, lies within {band}"
    is_faster = found.high is not None and found.high < 1
    is_slower = found.low is not None and found.low > 1
    if not is_faster and not is_slower:
        return _insufficient(f"the interval, {_interval(found)}, does not say which is faster")
    if p_adjusted > found.level:
        return _insufficient(f"p = {p_adjusted:.2g} over all pairs of providers is above {found.level:.2g}")
    medians = found.median_ratio
    if medians is not None and (medians > 1 if is_faster else medians < 1):
        return _insufficient(
            f"the interval, {_interval(found)}, and the ratio of the medians, {medians:.3g}, disagree"
        )
    verdict = FASTER if is_faster else SLOWER
    return verdict[over_days], f"p = {p_adjusted:.2g}, the interval, {_interval(found)}, leaves 1 out"


def _insufficient(reason: str) -> tuple[ComparisonVerdict, str]:
    return ComparisonVerdict.INSUFFICIENT, reason


def _is_within(found: PairedRatio, margin: float) -> bool:
    if margin <= 0 or found.low is None or found.high is None:
        return False
    return 1 / (1 + margin) <= found.low and found.high <= 1 + margin


def _interval(found: PairedRatio) -> str:
    low = "unknown" if found.low is None else f"{found.low:.3g}"
    high = "unknown" if found.high is None else f"{found.high:.3g}"
    return f"{low} to {high}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
