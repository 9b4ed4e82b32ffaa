"""What the documents let expect of one seller's jobs: how long they take, how often to ask."""

from __future__ import annotations

from random import Random

from harness.bench.plan import Plan
from harness.bench.poller import FLOOR_S, NextPoll, PollerKind, poller
from harness.bench.predict import Predictor
from harness.client.results import Mode
from harness.client.watch import documented_interval_s
from harness.spec.model import Latency, Spec

__all__ = ["NEVER_S", "capped", "estimate_of", "floor_of", "poller_of"]

NEVER_S = 1e9
"""Longer than any wait."""

_KINDS = ("estimate", "observed_once", "range")


def estimate_of(spec: Spec, mode: Mode) -> tuple[float, float | None] | None:
    """`(min_s, max_s)` of the documented estimate that fits a mode best, max_s None for an open end.

    A statement about this model goes before one about all, one about the mode before one about any, an
    estimate before a single observation before a range. None where nothing fits.
    """
    of_mode = ("blocking",) if mode is Mode.BLOCKING else ("poll", "events")
    fitting = [latency for latency in spec.latency.value or () if latency.mode in (*of_mode, "any")]

    def weight(latency: Latency) -> tuple[bool, bool, int]:
        return latency.scope != "model", latency.mode == "any", _KINDS.index(latency.kind)

    best = min(fitting, key=weight, default=None)
    return None if best is None else (best.min_s, None if best.open_ended else best.max_s)


def floor_of(spec: Spec, jobs_at_once: int) -> float:
    """The shortest time between two polls of one job that keeps all of them within the documented rate."""
    rate = spec.limits.rate.value
    if rate is None or rate.operation not in (None, "poll"):
        return FLOOR_S
    return max(FLOOR_S, rate.per_s / rate.requests * jobs_at_once)


def poller_of(plan: Plan, spec: Spec, predictor: Predictor, rng: Random) -> NextPoll:
    """The polls of one job of a plan, within its cap."""
    floor_s = floor_of(spec, plan.at_once)
    interval_s = documented_interval_s(spec) if plan.interval_s is None else plan.interval_s
    placed = poller(PollerKind(plan.poller), predictor, rng, interval_s=interval_s, floor_s=floor_s)
    return capped(placed, plan.cap_s, floor_s)


def capped(placed: NextPoll, cap_s: float, floor_s: float) -> NextPoll:
    """The same polls with a last one at the cap: what is given up then was unfinished then, not before."""

    def next_poll(elapsed_s: float) -> float:
        left_s = cap_s - elapsed_s
        if left_s <= 0:
            return NEVER_S
        pause_s = placed(elapsed_s)
        return pause_s if pause_s <= left_s - floor_s else left_s

    return next_poll
