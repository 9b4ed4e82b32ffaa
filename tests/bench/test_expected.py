"""What the documents let expect, and the polls that come of it."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from harness.bench.expected import NEVER_S, capped, estimate_of, floor_of, poller_of
from harness.bench.plan import Plan, plan_of
from harness.bench.plan_values import Values
from harness.bench.predict import Predictor
from harness.client.results import Mode
from harness.spec.store import SpecStore
from tests.client.specs import full

STORE = SpecStore()
OXEN = STORE.get("oxen")


def plan(**values: Any) -> Plan:
    return plan_of(Values(of={"models": ("oxen",), **values}), STORE)


class TestEstimates:
    def test_of_each_model(self):
        """The statement that fits the mode; none where nobody says anything."""
        found = {spec.id: estimate_of(spec, Mode.POLL) for spec in STORE.all()}
        assert found == {
            "aimlapi/klingai-video-v2-6-pro-text-to-video": (152, 152),
            "eachlabs/kling-v2-6-pro-text-to-video": (170, 170),
            "novita/kling-v1.6-t2v": None,
            "novita/kling-v2.6-pro-t2v": None,
            "oxen/kling-video-v2-6-pro-text-to-video": (60, 300),
        }

    def test_a_blocking_call_is_another_thing(self):
        """Its estimate is not that of the queue."""
        assert estimate_of(OXEN, Mode.BLOCKING) == (300, 900)
        assert estimate_of(OXEN, Mode.EVENTS) == estimate_of(OXEN, Mode.POLL)


class TestFloors:
    def test_documented_rates(self):
        """Polls of all jobs together keep within a rate that counts them."""
        counted = full(
            ("rate: {requests: 100, per_s: 60, operation: submit,", "rate: {requests: 30, per_s: 60,")
        )
        submits = STORE.get("eachlabs")

        assert floor_of(counted, 1) == 2.0
        assert floor_of(counted, 4) == 8.0
        assert floor_of(submits, 10) == 1.0  # that rate is one of submits
        assert floor_of(OXEN, 10) == 1.0


class TestCaps:
    def test_the_last_poll_is_at_the_cap(self):
        """However far the next one would be; after it there is none."""
        placed = capped(lambda _: 30.0, 100.0, 1.0)

        assert [placed(at) for at in (0.0, 69.0, 69.5, 99.0)] == [30.0, 30.0, 30.5, 1.0]
        assert placed(100.0) == placed(200.0) == NEVER_S

    @pytest.mark.parametrize("kind", ["adaptive", "fixed", "backoff"])
    def test_each_poller(self, kind: str):
        """Polls until the cap, and not beyond."""
        one = plan(poller=kind, cap_s=400.0)
        placed = poller_of(one, OXEN, Predictor((60, 300)), Random(1))
        at, polls = 0.0, []
        while (pause_s := placed(at)) < NEVER_S:
            at += pause_s
            polls.append(at)
        assert polls[-1] == pytest.approx(400.0)
        assert all(later - earlier >= 1.0 for earlier, later in pairwise(polls))

    def test_fixed_as_documented_or_as_said(self):
        """The slowest interval that the documents name, else the plan's."""
        for interval_s, expected_s in ((None, 10.0), (7.0, 7.0)):
            one = plan(poller="fixed") if interval_s is None else plan(poller="fixed", interval_s=interval_s)
            placed = poller_of(one, OXEN, Predictor(None), Random(1))
            placed(0.0)
            assert placed(20.0) == expected_s
