"""Which job comes when: blocks of one job per model, in random order, all out of one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["Slot", "drawn", "slots_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One job of a plan: the `place`-th of its block, and the `turn`-th of its model in this run; from 0."""

    block: int
    place: int
    turn: int
    model: str


def drawn(seed: int, *what: object) -> Random:
    """A random source for one thing, the same in every run with the same seed."""
    return Random("|".join(map(str, (seed, *what))))  # noqa: S311 - it must repeat, and guards nothing


def slots_of(models: Sequence[str], *, seed: int, blocks: int, first_block: int = 0) -> tuple[Slot, ...]:
    """The jobs of so many blocks, in the order in which they are sent.

    Blocks are numbered over all runs of a plan, so that each night has an order of its own.
    """
    found: list[Slot] = []
    for turn in range(blocks):
        block = first_block + turn
        order = list(models)
        drawn(seed, "order", block).shuffle(order)
        found += [Slot(block=block, place=place, turn=turn, model=model) for place, model in enumerate(order)]
    return tuple(found)
