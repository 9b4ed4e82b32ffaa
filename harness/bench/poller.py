"""When to look at a job next.

`fixed` and `backoff` are what clients do. `adaptive` looks where looking tells most: at unit steps of the
integral of sqrt(h(t) / 2c), h being the hazard of the law that is predicted for the job's time. Between two
polls a job ends unseen for half of their distance, on average; polls so placed have the least of that lag for
their number when `LAG_S` seconds of it are worth one poll. Each job has a random phase: a grid that is common
to all jobs would hide where in its cells they end.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import StrEnum
from math import inf, lgamma, pi

import numpy as np
from numpy.typing import NDArray

from harness.bench.predict import Law, Predictor

__all__ = ["CEILING_S", "FLOOR_S", "NextPoll", "PollerKind", "Schedule", "poller"]

NextPoll = Callable[[float], float]
"""Elapsed provider seconds since the submit -> seconds until the next poll."""

FLOOR_S = 1.0
CEILING_S = 30.0
LAG_S = 2.5
BACKOFF_FIRST_S = 1.0
BACKOFF_FACTOR = 1.5

POINTS = 400
REACH = 12.0  # of the law's table, in scales on both sides of its centre


class PollerKind(StrEnum):
    """How polls are placed."""

    FIXED = "fixed"
    BACKOFF = "backoff"
    ADAPTIVE = "adaptive"


class Schedule:
    """The integral of sqrt(h(t) / 2c) of a law, and its inverse."""

    def __init__(self, law: Law) -> None:
        logs, rate = _rates(law)
        steps = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * np.diff(logs))])
        self._times_s = np.exp(logs)
        self._steps: NDArray[np.float64] = steps

    def polls(self, elapsed_s: float) -> float:
        """How many polls (not a whole number) the law asks for until then."""
        return float(np.interp(elapsed_s, self._times_s, self._steps))

    def time_s(self, polls: float) -> float:
        """The time until which the law asks for so many polls; infinite where it never does."""
        return float(np.interp(polls, self._steps, self._times_s, right=inf))


def _rates(law: Law) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points in log time, and there the polls for each unit of log time.

    With z = sqrt(freedom) tan(angle) the density of Student's t is that of cos(angle)**(freedom - 1): the
    tail beyond the last point is integrated over a finite range.
    """
    freedom = law.freedom
    root = freedom**0.5
    last = np.arctan(REACH / root)
    angles = np.linspace(-last, last, POINTS)
    tail = np.linspace(last, pi / 2, 20)
    constant = np.exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / pi**0.5
    density, beyond = constant * np.cos(angles) ** (freedom - 1), constant * np.cos(tail) ** (freedom - 1)
    pieces = (density[1:] + density[:-1]) / 2 * np.diff(angles)
    rest = ((beyond[1:] + beyond[:-1]) / 2 * np.diff(tail)).sum()
    left = np.concatenate([np.cumsum(pieces[::-1])[::-1], [0.0]]) + rest
    logs = law.centre + law.scale * root * np.tan(angles)
    hazard = density * np.cos(angles) ** 2 / (root * law.scale) / left  # of log time
    return logs, np.sqrt(hazard * np.exp(logs) / (2 * LAG_S))


def poller(
    kind: PollerKind,
    predictor: Predictor,
    rng: random.Random,
    *,
    interval_s: float = 5.0,
    floor_s: float = FLOOR_S,
    ceiling_s: float = CEILING_S,
) -> NextPoll:
    """The poller of one job: to be asked at its submit, and after each poll that did not end it.

    `interval_s` is that of `fixed`. `floor_s` is the shortest time between two polls that the provider
    allows, and it wins over all else. The phase is drawn here, once: for a generator in the same state, the
    same questions have the same answers. What the predictor learns later concerns later jobs.
    Raises `ValueError` where a time is not positive.
    """
    for name, time_s in (("interval", interval_s), ("floor", floor_s), ("ceiling", ceiling_s)):
        if not 0 < time_s < inf:
            raise ValueError(f"the {name} between polls: expected seconds above 0, got {time_s}")
    phase = 1.0 - rng.random()
    ceiling_s = max(ceiling_s, floor_s)
    if kind is PollerKind.FIXED:
        return _fixed(max(interval_s, floor_s), floor_s, phase)
    if kind is PollerKind.BACKOFF:
        return _backoff(floor_s, ceiling_s)
    return _adaptive(predictor.law, phase, floor_s, ceiling_s)


def _fixed(interval_s: float, floor_s: float, phase: float) -> NextPoll:
    """A grid that begins within the first interval, or in the next one where that is too soon."""
    first_s = phase * interval_s
    first_s += interval_s if first_s < floor_s else 0.0
    first = True

    def next_poll(elapsed_s: float) -> float:
        nonlocal first
        gap_s, first = (first_s if first else interval_s), False
        return gap_s

    return next_poll


def _backoff(floor_s: float, ceiling_s: float) -> NextPoll:
    """Each wait is longer than the one before, up to the ceiling."""
    wait_s = BACKOFF_FIRST_S

    def next_poll(elapsed_s: float) -> float:
        nonlocal wait_s
        gap_s = min(max(wait_s, floor_s), ceiling_s)
        wait_s = min(wait_s * BACKOFF_FACTOR, ceiling_s)
        return gap_s

    return next_poll


def _adaptive(law: Law, phase: float, floor_s: float, ceiling_s: float) -> NextPoll:
    """One step of the integral from poll to poll, the first after a part of one.

    The ceiling counts from the time by which half of the jobs are expected to have ended: to look at a job
    that can hardly have ended yet tells nothing, and would cost most of the polls.
    """
    schedule = Schedule(law)
    first = True

    def next_poll(elapsed_s: float) -> float:
        nonlocal first
        step, from_s = (phase, max(law.median_s, elapsed_s)) if first else (1.0, elapsed_s)
        due_s = min(schedule.time_s(schedule.polls(elapsed_s) + step), from_s + ceiling_s)
        first = False
        return max(due_s - elapsed_s, floor_s)

    return next_poll
