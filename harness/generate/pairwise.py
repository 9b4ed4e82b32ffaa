"""Combinations of values in which every pair of values of two factors stands together at least once."""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeVar

__all__ = ["pairwise"]

_ATTEMPTS = 60

Name = TypeVar("Name", bound=Hashable)
_Pair = tuple[int, int, int, int]  # factor, level, a later factor, its level


def pairwise(factors: Mapping[Name, Sequence[Any]]) -> list[dict[Name, Any]]:
    """Rows with one level of each factor, together with every pair; always the same ones.

    Greedy: a row starts from a pair that no row has yet and takes, factor by factor, the level that brings
    most new pairs. Of some attempts that decide ties otherwise, the one with fewest rows is given: few rows,
    not always the fewest. Without two factors, each level has a row.
    """
    names = list(factors)
    if len(names) < 2:
        return [{name: level} for name in names for level in factors[name]]
    sizes = [len(factors[name]) for name in names]
    attempts = (_rows(sizes, random.Random(attempt)) for attempt in range(_ATTEMPTS))  # noqa: S311 - no secret
    best = min(attempts, key=len)
    return [{name: factors[name][row[at]] for at, name in enumerate(names)} for row in best]


def _rows(sizes: Sequence[int], rng: random.Random) -> list[dict[int, int]]:
    missing: dict[_Pair, None] = {
        (one, a, two, b): None
        for one, two in combinations(range(len(sizes)), 2)
        for a in range(sizes[one])
        for b in range(sizes[two])
    }
    rows = []
    while missing:
        row = _row(sizes, missing, rng)
        for pair in [pair for pair in missing if row[pair[0]] == pair[1] and row[pair[2]] == pair[3]]:
            del missing[pair]
        rows.append(row)
    return rows


def _row(sizes: Sequence[int], missing: Mapping[_Pair, None], rng: random.Random) -> dict[int, int]:
    one, a, two, b = next(iter(missing))
    row = {one: a, two: b}
    for factor in rng.sample(range(len(sizes)), len(sizes)):
        if factor not in row:
            levels = rng.sample(range(sizes[factor]), sizes[factor])
            gains = [_gain(row, factor, level, missing) for level in levels]
            row[factor] = levels[gains.index(max(gains))]
    return row


def _gain(row: Mapping[int, int], factor: int, level: int, missing: Mapping[_Pair, None]) -> int:
    """How many missing pairs a level brings beside what the row has."""
    pairs = (
        (factor, level, other, chosen) if factor < other else (other, chosen, factor, level)
        for other, chosen in row.items()
    )
    return sum(pair in missing for pair in pairs)
