"""What is concluded of one provider: success, cost, polls, and its documented estimates."""

from __future__ import annotations

from typing import Any

import pytest

from harness.measurement.job import JobOutcome, Phase
from harness.stats.estimate import EstimateVerdict
from harness.stats.interval import Interval
from harness.stats.rates import wilson
from tests.bench.measured import NOVITA, OXEN, SITTING, concluded, interval, measured, provider


class TestProviders:
    def test_the_median_with_its_interval_by_days(self):
        """Whole nights are resampled."""
        total = provider(measured({NOVITA: 150})).latencies[0]
        assert (total.phase, total.jobs, total.censored, total.days) == (Phase.TOTAL, 50, 0, 25)
        median, p90 = total.quantiles
        assert (median.p, median.jobs, median.days, median.method) == (0.5, 50, 25, "bootstrap of days")
        assert (median.low_s or 0) < (median.value_s or 0) < (median.high_s or 0)
        assert median.value_s == pytest.approx(150, rel=0.05)
        assert (p90.p, median.beyond_s) == (0.9, None)
        assert len(total.by_day) == 25
        assert total.by_day[0].day == "2026-03-01"
        assert sum(day.jobs for day in total.by_day) == 50

    @pytest.mark.parametrize(
        ("blocks", "shown"),
        [(5, [0.5]), (9, [0.5]), (10, [0.5, 0.9]), (99, [0.5, 0.9]), (100, [0.5, 0.9, 0.95])],
    )
    def test_no_quantile_of_too_few_jobs(self, blocks: int, shown: list[float]):
        """p95 from 100 jobs on; each with its number of jobs."""
        total = provider(measured({NOVITA: 150}, blocks=blocks, design=SITTING)).latencies[0]
        assert [quantile.p for quantile in total.quantiles] == shown
        assert all(quantile.jobs == blocks for quantile in total.quantiles)

    def test_few_jobs_have_no_interval(self):
        """Five do not cover the median in 95 % of cases."""
        median = provider(measured({NOVITA: 150}, blocks=5, design=SITTING)).latencies[0].quantiles[0]
        assert median.value_s is not None
        assert (median.low_s, median.high_s, median.method) == (None, None, "too few jobs for an interval")

    def test_a_few_days_are_too_few_to_draw_from(self):
        """Jobs are drawn then, and it is said."""
        median = provider(measured({NOVITA: 150}, blocks=10)).latencies[0].quantiles[0]
        assert median.method == "bootstrap of jobs: 5 days are too few to draw from"

    def test_a_quantile_past_the_cap_is_said_as_beyond_it(self):
        """Jobs that were given up count: p90 of a wide distribution is not that of those that ended."""
        run = measured({NOVITA: 250}, sigma=0.5, cap_s=300.0, design=SITTING, blocks=60)
        total = provider(run).latencies[0]
        assert total.censored > 10
        assert total.censored_s == (300.0,) * total.censored
        p90 = total.quantiles[1]
        assert (p90.value_s, p90.high_s, p90.beyond_s) == (None, None, 300.0)
        assert total.survival[-1][1] == pytest.approx(total.censored / 60, abs=0.02)

    def test_phases_that_were_not_seen_are_not_there(self):
        """Those that were come in their order."""
        phases = {Phase.TOTAL: interval(150), Phase.SUBMIT: Interval(low_s=0.2, high_s=0.3)}
        run = measured({NOVITA: 150}, blocks=8, change=lambda b, m: {"intervals": phases})
        assert [latency.phase for latency in provider(run).latencies] == [Phase.SUBMIT, Phase.TOTAL]

    def test_success_leaves_refusals_of_the_prompt_apart(self):
        """As it does jobs that nobody knows of; a job that did not end was not delivered."""
        outcomes = [
            *([JobOutcome.SUCCEEDED] * 7),
            JobOutcome.FAILED,
            JobOutcome.UNFINISHED,
            JobOutcome.REFUSED,
            JobOutcome.REFUSED_PROMPT,
            JobOutcome.REFUSED_PROMPT,
            JobOutcome.POSSIBLY_BILLED,
            JobOutcome.UNSENT,
        ]
        found = provider(measured({NOVITA: 150}, blocks=14, change=lambda b, m: {"outcome": outcomes[b]}))
        assert (found.success.successes, found.success.trials, found.success.value) == (7, 10, 0.7)
        assert (found.success.low, found.success.high) == wilson(7, 10)
        assert (found.jobs, found.refused_prompts, found.possibly_billed) == (14, 2, 1)

    def test_polls_and_their_availability(self):
        """Of jobs that were polled; without any there is no rate."""
        found = provider(
            measured({NOVITA: 150}, blocks=8, change=lambda b, m: {"polls": 5, "poll_errors": int(b < 4)})
        )
        assert (found.polls_per_job, found.poll_availability.value) == (5.0, 0.9)
        found = provider(measured({NOVITA: 150}, blocks=8, change=lambda b, m: {"polls": 0}))
        assert found.polls_per_job is None
        assert (found.poll_availability.value, found.poll_availability.low) == (None, None)

    def test_outages_of_whole_days_widen_the_rates(self):
        """10 of 100 jobs that fail in one night of 10 say less than 10 that fail one by one."""
        one_night = provider(
            measured(
                {NOVITA: 150},
                blocks=100,
                a_night=10,
                change=lambda b, m: {"outcome": JobOutcome.FAILED} if b < 10 else {},
            )
        )
        spread = provider(
            measured(
                {NOVITA: 150},
                blocks=100,
                a_night=10,
                change=lambda b, m: {"outcome": JobOutcome.FAILED} if b % 10 == 3 else {},
            )
        )
        assert one_night.success.value == spread.success.value == 0.9
        assert (spread.success.low, spread.success.high) == wilson(90, 100)
        assert spread.success.method == "Wilson"
        assert one_night.success.method == "Wilson; days differ: 100 count as 9"
        assert (one_night.success.low or 1) < 0.7

    def test_delivered_jobs_without_a_time_are_said(self):
        """They count as delivered, and for no latency."""
        found = concluded(
            measured({NOVITA: 150}, blocks=8, change=lambda b, m: {"intervals": {}} if b < 2 else {})
        )
        assert f"{NOVITA}: 2 delivered jobs have no time and are left out of it" in found.notes
        assert found.providers[0].success.value == 1.0
        assert found.providers[0].latencies[0].jobs == 6


class TestEstimates:
    @pytest.mark.parametrize(
        ("median_s", "verdict"),
        [
            (150, EstimateVerdict.CONSISTENT),
            (30, EstimateVerdict.FASTER),
            (500, EstimateVerdict.SLOWER),
            (360, EstimateVerdict.INSUFFICIENT),
        ],
    )
    def test_the_queue_is_judged_by_what_is_said_of_the_queue(
        self, median_s: float, verdict: EstimateVerdict
    ):
        """Oxen documents 60 to 300 s for it, and 5 to 15 min for a blocking request."""
        (found,) = provider(measured({OXEN: median_s}, blocks=20)).estimates
        assert (found.name, found.mode, found.min_s, found.max_s) == ("queue_page", "poll", 60, 300)
        assert (found.verdict, found.margin) == (verdict, 0.2)
        assert found.source is not None

    def test_a_blocking_request_is_judged_by_what_is_said_of_one(self):
        """150 s are faster than 5 to 15 min, and within 1 to 10 min and more."""
        run = measured({OXEN: 150}, blocks=20, change=lambda b, m: {"mode": "blocking"})
        found = {estimate.name: estimate for estimate in provider(run).estimates}
        assert found.keys() == {"model_page", "video_page"}
        assert found["model_page"].verdict is EstimateVerdict.FASTER
        assert found["video_page"].verdict is EstimateVerdict.CONSISTENT
        assert found["video_page"].max_s is None  # open-ended
        assert found["video_page"].within is None

    def test_who_documents_nothing_is_judged_so(self):
        """One line, so that it is not overlooked."""
        (found,) = provider(measured({NOVITA: 150}, blocks=10)).estimates
        assert (found.name, found.verdict, found.within) == (None, EstimateVerdict.UNDOCUMENTED, None)

    def test_too_few_jobs_judge_nothing(self):
        """Five, however fast they are."""
        (found,) = provider(measured({OXEN: 10}, blocks=5)).estimates
        assert found.verdict is EstimateVerdict.INSUFFICIENT

    def test_the_probability_to_meet_it_allows_for_jobs_that_straddle_its_end(self):
        """2 of 10 ended between 295 and 305 s: from 6 to 8 of 10 were in time."""
        times = [interval(150)] * 6 + [Interval(low_s=295, high_s=305)] * 2 + [interval(400)] * 2
        run = measured({OXEN: 150}, blocks=10, change=lambda b, m: {"intervals": {Phase.TOTAL: times[b]}})
        within = provider(run).estimates[0].within
        assert within is not None
        assert 6 < within.successes < 8
        assert (within.trials, within.value) == (10, within.successes / 10)
        assert (within.low, within.high) == (wilson(6, 10)[0], wilson(8, 10)[1])
        assert within.method == "Wilson; 2 straddle the bound: late in the low end, in time in the high one"

    def test_a_job_that_was_given_up_beyond_the_end_was_late(self):
        """One that was given up before it may have been in time."""
        times = [interval(150)] * 8 + [Interval(low_s=300, high_s=None), Interval(low_s=100, high_s=None)]
        outcome = JobOutcome.UNFINISHED
        run = measured(
            {OXEN: 150},
            blocks=10,
            change=lambda b, m: {
                "intervals": {Phase.TOTAL: times[b]},
                **({"outcome": outcome} if b > 7 else {}),
            },
        )
        within = provider(run).estimates[0].within
        assert within is not None
        assert (within.low, within.high) == (wilson(8, 10)[0], wilson(9, 10)[1])

    def test_the_margin_is_the_plans(self):
        """360 s are within 300 s and a half more."""
        (found,) = provider(measured({OXEN: 360}, blocks=20, plan={"estimate_margin": 0.5})).estimates
        assert (found.verdict, found.margin) == (EstimateVerdict.CONSISTENT, 0.5)

    def test_days_that_differ_make_a_verdict_harder_to_reach(self):
        """Jobs of a day are alike: 60 of them in 6 days are no 60 jobs."""
        slow = {0, 1, 2}

        def change(block: int, model: str) -> dict[str, Any]:
            return {"intervals": {Phase.TOTAL: interval(340 if block // 10 in slow else 420)}}

        alike = provider(measured({OXEN: 400}, blocks=60, sigma=0.02)).estimates[0]
        by_day = provider(measured({OXEN: 400}, blocks=60, a_night=10, change=change)).estimates[0]
        assert (alike.verdict, by_day.verdict) == (EstimateVerdict.SLOWER, EstimateVerdict.INSUFFICIENT)
