"""Runs put together: provenance, plans, blocks and nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from harness.bench.pool import Seller, join_runs, pools_of, time_of
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, JobOutcome, MeasuredJob, Phase, Provenance
from harness.stats.interval import Interval
from tests.bench.runs import MODEL, OTHER, START, a_job, a_run

LIVE = Provenance.LIVE


def run_of(jobs: tuple[MeasuredJob, ...], name: str = "one") -> BenchRecord:
    return replace(a_run(name), models=(OTHER, MODEL), jobs=jobs)


class TestJoining:
    def test_simulated_and_live_runs_are_never_joined(self):
        """Asking for it is the operator's error."""
        with pytest.raises(OperatorError) as caught:
            join_runs([a_run("one"), a_run("two", provenance=LIVE)])
        assert str(caught.value) == (
            "run one is simulated and run two is live: simulated and live jobs are never joined"
        )

    def test_runs_of_different_plans_are_not_joined(self):
        """Their digests are named."""
        with pytest.raises(OperatorError) as caught:
            join_runs([a_run("one"), a_run("two", plan_digest="e" * 64)])
        assert str(caught.value) == (
            "runs one and two are of different plans (dddddddddddd and eeeeeeeeeeee): "
            "only runs of one plan are joined"
        )

    def test_a_job_belongs_to_one_run(self):
        """Counted twice, it would look like two."""
        with pytest.raises(OperatorError) as caught:
            join_runs([a_run("one", 2), a_run("two", 1)])
        assert str(caught.value) == f"runs one and two both hold job {0:016x}"

    def test_there_must_be_one(self):
        """Nothing is no run."""
        with pytest.raises(OperatorError, match="no runs to join"):
            join_runs([])

    def test_a_run_that_is_given_twice_counts_once(self):
        """The fuller of the two: the other was read while it ran."""
        pool = join_runs([a_run("one", 5), a_run("one", 3, finished_at=None)])
        assert [len(record.jobs) for record in pool.records] == [5]

    def test_groups_are_made_by_plan_and_provenance(self):
        """In the order in which they come."""
        runs = [a_run("a", provenance=LIVE), a_run("b"), a_run("c", plan_digest="e" * 64), a_run("d")]
        found = [[record.id for record in pool.records] for pool in pools_of(runs)]
        assert found == [["a"], ["b", "d"], ["c"]]


class TestBlocks:
    def test_a_block_holds_a_job_of_each_seller(self):
        """Also of one model in two modes; the first where there are two of one."""
        jobs = (
            a_job(0, id="a", model=MODEL),
            a_job(0, id="b", model=OTHER),
            a_job(0, id="c", model=MODEL, mode="blocking"),
            a_job(0, id="d", model=MODEL, submitted_at=START + timedelta(minutes=9)),
        )
        (block,) = join_runs([run_of(jobs)]).blocks
        assert {seller: job.id for seller, job in block.jobs.items()} == {
            Seller(model=MODEL, mode="poll"): "a",
            Seller(model=OTHER, mode="poll"): "b",
            Seller(model=MODEL, mode="blocking"): "c",
        }

    def test_sellers_come_in_the_order_of_the_plan(self):
        """A model that no run names comes last."""
        jobs = (a_job(0, id="a"), a_job(0, id="b", model=OTHER), a_job(0, id="c", model="third/x"))
        pool = join_runs([run_of(jobs)])
        assert [seller.model for seller in pool.sellers()] == [OTHER, MODEL, "third/x"]

    def test_blocks_of_two_runs_are_two_blocks(self):
        """Though they have one number."""
        runs = [run_of((a_job(0, id="a"),)), run_of((a_job(0, id="b"),), "two")]
        assert [(block.run, block.number) for block in join_runs(runs).blocks] == [("one", 0), ("two", 0)]

    @pytest.mark.parametrize(
        ("hours", "nights"),
        [
            ([0, 1, 24, 25], ["2026-03-01", "2026-03-01", "2026-03-02", "2026-03-02"]),
            ([11, 11.9, 12.1, 13], ["2026-03-01"] * 4),  # past midnight, one night still
            ([11, 13, 35, 37], ["2026-03-01", "2026-03-01", "2026-03-02", "2026-03-02"]),
            ([0, 5, 10, 15, 20, 25], ["2026-03-01"] * 6),  # without a pause of 6 h, one sitting
            ([0, 6], ["2026-03-01", "2026-03-01"]),  # one day is one night
        ],
    )
    def test_a_night_is_what_no_pause_divides_and_is_named_by_its_first_day(
        self, hours: list[float], nights: list[str]
    ):
        """The runs of these tests begin at noon."""
        jobs = tuple(a_job(k, submitted_at=START + timedelta(hours=hour)) for k, hour in enumerate(hours))
        assert [block.night for block in join_runs([run_of(jobs)]).blocks] == nights


class TestTimes:
    TOTAL = Interval(low_s=290.0, high_s=None)

    def test_a_job_that_was_given_up_counts_with_what_is_known(self):
        """At the worst that it took more than nothing."""
        job = a_job(0, outcome=JobOutcome.UNFINISHED, intervals={Phase.TOTAL: self.TOTAL})
        assert time_of(job) == self.TOTAL
        assert time_of(replace(job, intervals={})) == Interval(low_s=0.0, high_s=None)
        assert time_of(job, Phase.QUEUE) is None

    @pytest.mark.parametrize(
        "outcome", sorted(set(JobOutcome) - {JobOutcome.SUCCEEDED, JobOutcome.UNFINISHED})
    )
    def test_a_job_that_failed_has_no_time(self, outcome: JobOutcome):
        """How soon it failed says nothing of how long a video takes."""
        assert time_of(a_job(0, outcome=outcome)) is None

    def test_a_delivered_job_has_its_phases(self):
        """Those that were seen."""
        assert time_of(a_job(0)) == Interval(low_s=150.0, high_s=152.0)
        assert time_of(a_job(0), Phase.DELIVERY) is None
