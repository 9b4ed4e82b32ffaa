"""Random numbers that a browser draws, too: the page's sliders give the numbers that this package gives."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["mulberry32"]

_MASK = 0xFFFFFFFF


def mulberry32(seed: int) -> Callable[[], float]:
    """Uniform numbers in [0, 1), 32 bits each, by Tommy Ettinger's generator of that name (public domain).

    It is as good as a ranking over a few thousand draws needs, and its arithmetic is exact in JavaScript.
    """
    state = seed & _MASK

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & _MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & _MASK
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & _MASK)) & _MASK
        return ((mixed ^ (mixed >> 14)) & _MASK) / 4294967296.0

    return draw
