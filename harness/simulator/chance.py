"""Chance that repeats: a random source for each thing that is drawn, whatever is drawn before it."""

from __future__ import annotations

from random import Random

__all__ = ["drawn_for"]


def drawn_for(seed: int, *place: object) -> Random:
    """The random source of one place, which is the same in every run with the same seed."""
    return Random("|".join(map(str, (seed, *place))))  # noqa: S311 - it must repeat, and guards nothing
