"""A run that begins, and one that is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.bench.compiled import compile_plan, plan_digest
from harness.bench.plan import Plan, plan_of, specs_of
from harness.bench.plan_values import Values
from harness.bench.records import (
    Machine,
    begun,
    earlier_nights,
    first_block_of,
    plan_in,
    refuse_second_night,
)
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, Design, Provenance
from harness.measurement.json import record_json, record_of
from harness.spec.store import SpecStore

STORE = SpecStore()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def plan(**values: Any) -> Plan:
    return plan_of(Values(of=values), STORE)


def run(now: datetime = NOW, *, provenance: Provenance = Provenance.LIVE, **values: Any) -> BenchRecord:
    """A run of a plan that begins at a moment."""
    made = plan(**values)
    compiled = compile_plan(made, specs_of(made, STORE))
    machine = Machine(version="0.1.0", name="here", region="eu")
    return begun(made, compiled, provenance=provenance, machine=machine, now=now, first_block=6)


def test_what_a_run_says_of_itself():
    """Everything that is needed to go on with it, and to join it with others."""
    made, record = plan(), run()

    assert record.id.startswith("20260301T120000Z-")
    assert (record.created_at, record.finished_at, record.jobs) == (NOW, None, ())
    assert (record.design, record.machine, record.region, record.seed) == (Design.NIGHTLY, "here", "eu", 1)
    assert record.plan_digest == plan_digest(made, compile_plan(made, specs_of(made, STORE)))
    assert set(record.requests) == set(record.models) == set(made.models)
    assert {one.parameter for one in record.mismatches} == {"negative_prompt", "guidance"}
    assert (plan_in(record, STORE), first_block_of(record)) == (made, 6)


def test_it_comes_back_from_a_file():
    """As JSON and read again, plan included."""
    record = run(overrides={"oxen": {"audio": True}}, modes={"oxen": "events"})
    again = record_of(record_json(record), "a file")

    assert again == record
    assert plan_in(again, STORE) == plan(overrides={"oxen": {"audio": True}}, modes={"oxen": "events"})


def test_earlier_nights_are_of_the_same_plan_and_provenance():
    """Simulated nights are none of a live plan."""
    now, before = run(), run(NOW - timedelta(days=1))
    others = (before, now, run(provenance=Provenance.SIMULATED), run(cap_s=100.0))
    assert earlier_nights(now, others) == (before,)


class TestOneNightADay:
    def test_the_next_day(self):
        """Another night."""
        refuse_second_night(run(), [run(NOW - timedelta(days=1))])

    def test_the_same_day(self):
        """Makes no second day."""
        done = replace(run(), finished_at=NOW)
        with pytest.raises(OperatorError) as caught:
            refuse_second_night(run(NOW + timedelta(hours=3)), [done])
        assert str(caught.value) == (
            f"this plan has run today, 2026-03-01 UTC (run {done.id}): a second run would make no second day "
            "(--again adds to the same one)"
        )

    def test_one_that_was_cut_short(self):
        """Is to be finished."""
        cut = run()
        with pytest.raises(OperatorError) as caught:
            refuse_second_night(run(), [cut])
        assert str(caught.value) == (
            f"this plan's run {cut.id} of today was cut short: finish it (--resume {cut.id}), "
            "or add to the same day (--again)"
        )

    def test_a_sitting(self):
        """Knows no nights."""
        once = run(design=Design.SITTING, blocks=2)
        refuse_second_night(run(design=Design.SITTING, blocks=2), [once])
