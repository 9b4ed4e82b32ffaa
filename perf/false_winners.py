"""How often two providers that are equal are told apart, and how often two that differ are.

Jobs are drawn from lognormal distributions around 150 s. The first provider is polled every 15 s, the second
every 5 s, with a random phase for each job as the poller has it; the rows that say so have fixed phases, as
in recordings of other tools. What is judged is what `harness bench` says: the same functions, with the plan's
equivalence margin of 10 %, and once more without a margin, so that the margin hides nothing. Beside it stands
the naive way: the same permutation test on the times of the first poll that showed the end.

A night's swing is a normal deviation of the logarithm, drawn for each provider and night.

`--quick` draws fewer runs; a bar is then missed only where the rate's Wilson interval is wholly beyond it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import log
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, so that runs beside it keep theirs
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # what is measured is this checkout

import numpy as np
from numpy.typing import NDArray

from harness.bench.terms import EQUIVALENCE_MARGIN, Terms
from harness.bench.verdict import decide
from harness.measurement.job import Design
from harness.measurement.summary import ComparisonVerdict
from harness.stats.compare import Pair, PairedRatio, compare_pairs, flip_test, holm
from harness.stats.interval import Interval
from harness.stats.rates import wilson
from harness.stats.sequential import Spending

MEDIAN_S = 150.0
NIGHTS, PAIRS_A_NIGHT, FIRST_LOOK = 25, 2, 13
WINNERS = frozenset(
    {
        ComparisonVerdict.FASTER,
        ComparisonVerdict.SLOWER,
        ComparisonVerdict.FASTER_IN_SITTING,
        ComparisonVerdict.SLOWER_IN_SITTING,
    }
)
BEYOND_SITTING = frozenset(ComparisonVerdict) - {
    ComparisonVerdict.FASTER_IN_SITTING,
    ComparisonVerdict.SLOWER_IN_SITTING,
    ComparisonVerdict.NO_DIFFERENCE_IN_SITTING,
    ComparisonVerdict.INSUFFICIENT,
}
Array = NDArray[np.float64]
Rng = np.random.Generator


@dataclass(frozen=True)
class Setting:
    """Two providers, and how their pairs are spread."""

    nights: int
    pairs_a_night: int
    sigma: float
    swing: float = 0.0
    factor: float = 1.0  # the first provider's times over the second's
    fixed_phase: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the table. `at_most` and `at_least` are bars on the rate that `counts` counts."""

    name: str
    setting: Setting
    design: Design
    runs: int
    counts: frozenset[ComparisonVerdict] = WINNERS
    at_most: float | None = None
    at_least: float | None = None
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True)
class Rates:
    """What a row found, each over the row's runs."""

    counted: float
    without_margin: float
    naive: float


def main() -> int:
    """Prints the table and the line that says whether the bars hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(f"{'':60}{'runs':>6}{'bar':>9}{'found':>8}{'margin 0':>10}{'naive':>8}")
    failures: list[str] = []
    for number, row in enumerate(rows(quick)):
        rates = measured(row, np.random.default_rng([20, number]))
        bar = f"<= {row.at_most:.0%}" if row.at_most is not None else f">= {row.at_least:.0%}"
        print(
            f"{row.name:60}{row.runs:6}{bar:>9}{rates.counted:8.1%}{rates.without_margin:10.1%}"
            f"{rates.naive:8.1%}",
            flush=True,
        )
        failures += missed(row, rates, quick)
    if failures:
        print(f"falls short: {'; '.join(failures)}")
        return 1
    if quick:
        print("holds as far as so few runs tell: no rate is surely beyond its bar, with a margin or without")
    else:
        print("holds: every bar of the table, with the plan's equivalence margin and without one")
    return 0


def rows(quick: bool) -> Iterator[Row]:
    """The table. In the sitting rows, what is said of the sitting itself is counted as a winner, too."""
    few, many = (120, 150) if quick else (1000, 3000)
    for pairs in (50, 200):
        for sigma in (0.1, 0.25):
            for fixed in (False, True):
                yield Row(
                    name=f"equal, sitting of {pairs}, sigma {sigma}{', fixed phase' if fixed else ''}",
                    setting=Setting(1, pairs, sigma, fixed_phase=fixed),
                    design=Design.SITTING,
                    runs=few,
                    at_most=0.07,
                )
    swinging = Setting(NIGHTS, PAIRS_A_NIGHT, 0.25, swing=0.1)
    yield Row("equal, 25 nights of 2, own swings of 10 %", swinging, Design.NIGHTLY, few, at_most=0.07)
    sitting = Setting(1, NIGHTS * PAIRS_A_NIGHT, 0.25, swing=0.1)
    yield Row(
        "  the same 50 pairs in one sitting: said beyond the sitting",
        sitting,
        Design.SITTING,
        few,
        counts=BEYOND_SITTING,
        at_most=0.0,
    )
    differing = Setting(NIGHTS, PAIRS_A_NIGHT, 0.25, swing=0.05, factor=1.15)
    slower = frozenset({ComparisonVerdict.SLOWER})
    yield Row(
        "15 % slower, 25 nights of 2, own swings of 5 %: found",
        differing,
        Design.NIGHTLY,
        few,
        counts=slower,
        at_least=0.6,
    )
    for spending in Spending:
        terms = Terms(units=NIGHTS, first_look=FIRST_LOOK, spending=spending)
        name = f"equal, looks at 13 and 25 nights of 2, {spending.value}"
        yield Row(name, swinging, Design.NIGHTLY, many, at_most=0.06, terms=terms)


def measured(row: Row, rng: Rng) -> Rates:
    """All runs of a row."""
    counted = without_margin = naive = 0
    for _ in range(row.runs):
        pairs = drawn(row.setting, row.design, rng)
        found = looked_at(pairs, row)
        counted += any(verdict(one, row.design, EQUIVALENCE_MARGIN) in row.counts for one in found)
        without_margin += any(verdict(one, row.design, 0.0) in row.counts for one in found)
        naive += naively_told_apart(pairs)
    return Rates(counted / row.runs, without_margin / row.runs, naive / row.runs)


def looked_at(pairs: list[Pair], row: Row) -> list[PairedRatio]:
    """What each declared look finds."""
    units = list(dict.fromkeys(pair.unit for pair in pairs))
    found = []
    for look in row.terms.looks(len(units)).looks:
        taken = frozenset(units[: look.units])
        found.append(compare_pairs([pair for pair in pairs if pair.unit in taken], level=look.level))
    return found


def verdict(found: PairedRatio, design: Design, margin: float) -> ComparisonVerdict:
    """As a summary has it, of one pair of providers."""
    (p_adjusted,) = holm([found.p_value])
    return decide(found, p_adjusted, margin=margin, design=design)[0]


def naively_told_apart(pairs: list[Pair]) -> bool:
    """The permutation test of the logarithms of naive times, pair by pair."""
    differences = [log(naive_s(pair.first) / naive_s(pair.second)) for pair in pairs]
    return flip_test(differences) <= 0.05


def naive_s(interval: Interval) -> float:
    """The first poll that showed the end."""
    assert interval.high_s is not None
    return interval.high_s


# jobs


def drawn(setting: Setting, design: Design, rng: Rng) -> list[Pair]:
    """The pairs of one run; the unit is the night, in a sitting the pair."""
    nights = np.repeat(np.arange(setting.nights), setting.pairs_a_night)
    times = partial(times_s, setting, nights, rng)
    first = observed(setting.factor * times(), 15.0, setting.fixed_phase, rng)
    second = observed(times(), 5.0, setting.fixed_phase, rng)
    units = nights if design is Design.NIGHTLY else np.arange(len(nights))
    return [
        Pair(first=one, second=other, unit=int(unit))
        for one, other, unit in zip(first, second, units, strict=True)
    ]


def times_s(setting: Setting, nights: NDArray[np.intp], rng: Rng) -> Array:
    """True times of one provider: the night's swing is common to its jobs of that night."""
    swings: Callable[[int], Array] = partial(rng.normal, 0.0, setting.swing)
    return MEDIAN_S * np.exp(swings(setting.nights)[nights] + rng.normal(0.0, setting.sigma, len(nights)))


def observed(times: Array, interval_s: float, fixed_phase: bool, rng: Rng) -> list[Interval]:
    """The last poll before each end, and the first after it."""
    phase = np.zeros(len(times)) if fixed_phase else rng.random(len(times)) * interval_s
    before = np.floor((times - phase) / interval_s)
    lows = np.maximum(phase + before * interval_s, 0.0)
    highs = phase + (before + 1) * interval_s
    return [Interval(low_s=float(low), high_s=float(high)) for low, high in zip(lows, highs, strict=True)]


# bars


def missed(row: Row, rates: Rates, quick: bool) -> list[str]:
    """The bars that a row does not hold."""
    found = []
    for name, rate in (("", rates.counted), (" without a margin", rates.without_margin)):
        low, high = wilson(rate * row.runs, row.runs) if quick else (rate, rate)
        if row.at_most is not None and low > row.at_most:
            found.append(f"{row.name.strip()}{name}: {rate:.1%}, at most {row.at_most:.0%}")
        if row.at_least is not None and high < row.at_least:
            found.append(f"{row.name.strip()}{name}: {rate:.1%}, at least {row.at_least:.0%}")
    return found


if __name__ == "__main__":
    sys.exit(main())
