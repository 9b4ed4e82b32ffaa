"""What may be said of two providers: every verdict fires, and stays silent where it must."""

from __future__ import annotations

import pytest

from harness.bench.verdict import decide
from harness.measurement.job import Design
from harness.measurement.summary import ComparisonVerdict as V
from harness.stats.compare import PairedRatio

NIGHTLY, SITTING = Design.NIGHTLY, Design.SITTING


def found(
    low: float | None = 0.8,
    high: float | None = 0.95,
    *,
    p: float = 0.01,
    median: float | None = 0.87,
    units: int = 25,
    level: float = 0.05,
) -> PairedRatio:
    return PairedRatio(
        ratio=0.87, low=low, high=high, p_value=p, median_ratio=median, level=level, pairs=50, units=units
    )


@pytest.mark.parametrize(
    ("given", "p_adjusted", "nightly", "sitting", "reason"),
    [
        (found(), 0.01, V.FASTER, V.FASTER_IN_SITTING, "p = 0.01, the interval, 0.8 to 0.95, leaves 1 out"),
        (
            found(1.05, 1.4, median=1.2),
            0.0123,
            V.SLOWER,
            V.SLOWER_IN_SITTING,
            "p = 0.012, the interval, 1.05 to 1.4, leaves 1 out",
        ),
        (
            found(0.95, 1.08, median=1.0),
            0.6,
            V.NO_DIFFERENCE,
            V.NO_DIFFERENCE_IN_SITTING,
            "all of the interval, 0.95 to 1.08, lies within 0.909 to 1.1",
        ),
        (  # a difference that is sure, and too small to matter
            found(0.93, 0.98),
            0.001,
            V.NO_DIFFERENCE,
            V.NO_DIFFERENCE_IN_SITTING,
            "all of the interval, 0.93 to 0.98, lies within 0.909 to 1.1",
        ),
        (
            found(0.9, 1.05, median=0.97),
            0.4,
            V.INSUFFICIENT,
            V.INSUFFICIENT,
            "the interval, 0.9 to 1.05, does not say which is faster",
        ),
        (
            found(None, 1.05),
            0.4,
            V.INSUFFICIENT,
            V.INSUFFICIENT,
            "the interval, unknown to 1.05, does not say which is faster",
        ),
        (
            found(),
            0.06,
            V.INSUFFICIENT,
            V.INSUFFICIENT,
            "p = 0.06 over all pairs of providers is above 0.05",
        ),
        (
            found(level=0.0031),
            0.01,
            V.INSUFFICIENT,
            V.INSUFFICIENT,
            "p = 0.01 over all pairs of providers is above 0.0031",
        ),
        (
            found(median=1.02),
            0.01,
            V.INSUFFICIENT,
            V.INSUFFICIENT,
            "the interval, 0.8 to 0.95, and the ratio of the medians, 1.02, disagree",
        ),
        (
            found(1.05, 1.4, median=0.99),
            0.01,
            V.INSUFFICIENT,
            V.INSUFFICIENT,
            "the interval, 1.05 to 1.4, and the ratio of the medians, 0.99, disagree",
        ),
        (
            found(1.05, None, median=None),
            0.01,
            V.SLOWER,
            V.SLOWER_IN_SITTING,
            "p = 0.01, the interval, 1.05 to unknown, leaves 1 out",
        ),
    ],
)
def test_each_verdict_and_its_reason(
    given: PairedRatio, p_adjusted: float, nightly: V, sitting: V, reason: str
):
    """Of one sitting, nothing is said beyond it."""
    assert decide(given, p_adjusted, margin=0.1, design=NIGHTLY) == (nightly, reason)
    assert decide(given, p_adjusted, margin=0.1, design=SITTING) == (sitting, reason)


@pytest.mark.parametrize(
    ("design", "units", "reason"),
    [
        (NIGHTLY, 1, "1 night with a pair; 6 are needed"),
        (SITTING, 5, "5 blocks with a pair; 6 are needed"),
    ],
)
def test_too_few_units_say_nothing(design: Design, units: int, reason: str):
    """However far the providers are apart."""
    assert decide(found(units=units), 0.001, margin=0.1, design=design) == (V.INSUFFICIENT, reason)


def test_without_a_margin_nothing_is_the_same():
    """A plan may declare that every difference matters."""
    verdict, _ = decide(found(1.0, 1.0), 1.0, margin=0.0, design=NIGHTLY)
    assert verdict is V.INSUFFICIENT
    assert decide(found(0.97, 0.99), 0.01, margin=0.0, design=NIGHTLY)[0] is V.FASTER


@pytest.mark.parametrize("units", [6, 25, 400])
def test_no_number_of_blocks_lifts_a_sitting_beyond_itself(units: int):
    """The words of every verdict on a sitting say so, or say nothing."""
    for low, high, median in ((0.5, 0.6, 0.55), (1.5, 1.6, 1.55), (0.99, 1.01, 1.0), (0.5, 1.5, 1.0)):
        verdict, _ = decide(found(low, high, median=median, units=units), 0.0002, margin=0.1, design=SITTING)
        assert verdict is V.INSUFFICIENT or verdict.value.endswith("in this sitting")
