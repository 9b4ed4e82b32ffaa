"""What measured jobs allow to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from harness.bench.conclude import conclude, conclude_joined
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, Design, JobOutcome, MeasuredJob, Mismatch, Phase, Provenance
from harness.measurement.summary import BenchSummary, Comparison, ComparisonVerdict, ProviderSummary
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.stats.estimate import EstimateVerdict
from harness.stats.interval import Interval
from harness.stats.rates import wilson
from tests.bench.runs import START, a_job, a_run

NOVITA = "novita/kling-v2.6-pro-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
AIML = "aimlapi/klingai-video-v2-6-pro-text-to-video"
OLD = "novita/kling-v1.6-t2v"
NIGHTLY, SITTING = Design.NIGHTLY, Design.SITTING
Change = Callable[[int, str], dict[str, Any]]


@cache
def specs() -> dict[str, Spec]:
    return {ref: SpecStore().get(ref) for ref in (NOVITA, OXEN, AIML, OLD)}


def interval(time_s: float, cap_s: float = 900.0, step_s: float = 10.0) -> Interval:
    if time_s > cap_s:
        return Interval(low_s=cap_s, high_s=None)
    low_s = step_s * (time_s // step_s)
    return Interval(low_s=low_s, high_s=low_s + step_s)


def measured(
    medians: dict[str, float],
    *,
    design: Design = NIGHTLY,
    blocks: int = 50,
    a_night: int = 2,
    sigma: float = 0.1,
    cap_s: float = 900.0,
    change: Change = lambda block, model: {},
    **changes: Any,
) -> BenchRecord:
    """A run in which each model takes about as long as is said; the plan declares as many as it has."""
    rng = np.random.default_rng(7)
    jobs: list[MeasuredJob] = []
    for block in range(blocks):
        day = block // a_night if design is NIGHTLY else 0
        for place, (model, median_s) in enumerate(medians.items()):
            time_s = float(median_s * np.exp(rng.normal(0, sigma)))
            found = a_job(
                block,
                id=f"{changes.get('id', 'run')}-{block}-{place}",
                model=model,
                place=place,
                submitted_at=START + timedelta(days=day, minutes=5 * block + place),
                outcome=JobOutcome.SUCCEEDED if time_s <= cap_s else JobOutcome.UNFINISHED,
                intervals={Phase.TOTAL: interval(time_s, cap_s)},
            )
            jobs.append(replace(found, **change(block, model)))
    declared = {"nights": blocks // a_night} if design is NIGHTLY else {"blocks": blocks}
    record = replace(
        a_run("run"),
        design=design,
        cap_s=cap_s,
        plan=declared,
        models=tuple(medians),
        requests={},
        mismatches=(),
        jobs=tuple(jobs),
    )
    return replace(record, **changes)


def concluded(*records: BenchRecord) -> BenchSummary:
    return conclude_joined(records, specs(), resamples=100)


def only(record: BenchRecord) -> Comparison:
    (comparison,) = concluded(record).comparisons
    return comparison


def provider(record: BenchRecord) -> ProviderSummary:
    return concluded(record).providers[0]


class TestGrouping:
    def test_one_summary_for_each_plan_and_provenance(self):
        """Simulated jobs of a plan are never beside live ones of it."""
        one = measured({NOVITA: 150}, blocks=6)
        live = measured({NOVITA: 150}, blocks=6, id="live", provenance=Provenance.LIVE)
        more = measured({NOVITA: 150}, blocks=6, id="more", created_at=START + timedelta(days=60))
        found = conclude([one, live, more], specs(), resamples=50)
        assert [(summary.runs, summary.provenance) for summary in found] == [
            (("run", "more"), Provenance.SIMULATED),
            (("live",), Provenance.LIVE),
        ]
        assert [summary.providers[0].jobs for summary in found] == [12, 6]

    def test_joining_simulated_and_live_runs_is_refused(self):
        """An operator's error, in one sentence."""
        with pytest.raises(OperatorError) as caught:
            concluded(
                measured({NOVITA: 150}, blocks=6),
                measured({NOVITA: 150}, id="live", provenance=Provenance.LIVE),
            )
        assert str(caught.value) == (
            "run run is simulated and run live is live: simulated and live jobs are never joined"
        )

    def test_a_run_that_was_cut_short_has_no_end(self):
        """And is named."""
        found = concluded(measured({NOVITA: 150}, blocks=6, finished_at=None))
        assert found.ended_at is None
        assert "cut short: run" in found.notes

    def test_other_requests_in_another_run_are_said(self):
        """Their times are pooled all the same, the plan being one."""
        runs = [
            measured(
                {NOVITA: 150}, blocks=6, id=name, requests={NOVITA: {"prompt": "a fox", "duration": duration}}
            )
            for name, duration in (("a", "5"), ("b", "10"))
        ]
        assert f"{NOVITA}: 2 different requests were sent in these runs" in concluded(*runs).notes

    def test_regions_and_caps_that_differ_are_said(self):
        """A median over two regions is nobody's."""
        runs = [
            measured({NOVITA: 150}, blocks=6, id="a", region="eu"),
            measured({NOVITA: 150}, blocks=6, id="b", cap_s=600.0),
        ]
        notes = concluded(*runs).notes
        assert "several regions are joined: eu, unnamed" in notes
        assert "the runs gave up jobs at different times" in notes

    def test_no_jobs_are_no_providers(self):
        """A run that sent nothing concludes nothing."""
        found = concluded(replace(a_run("empty"), jobs=()))
        assert (found.providers, found.comparisons) == ((), ())


class TestComparisons:
    def test_a_clear_difference_over_nights(self):
        """25 nights of 2: 30 % is found, in both directions."""
        found = only(measured({NOVITA: 150, OXEN: 195}))
        assert (found.verdict, found.first, found.second) == (ComparisonVerdict.FASTER, NOVITA, OXEN)
        assert (found.pairs, found.days, found.units, found.unit, found.look, found.looks) == (
            50,
            25,
            25,
            "night",
            1,
            1,
        )
        assert found.ratio == pytest.approx(150 / 195, rel=0.05)
        assert found.median_ratio == pytest.approx(150 / 195, rel=0.08)
        assert only(measured({NOVITA: 195, OXEN: 150})).verdict is ComparisonVerdict.SLOWER

    def test_the_same_pairs_in_one_sitting_say_no_more_than_that(self):
        """Whatever the difference."""
        found = only(measured({NOVITA: 150, OXEN: 195}, design=SITTING))
        assert found.verdict is ComparisonVerdict.FASTER_IN_SITTING
        assert (found.days, found.units, found.unit) == (1, 50, "block")
        found = only(measured({NOVITA: 150, OXEN: 150}, design=SITTING))
        assert found.verdict is ComparisonVerdict.NO_DIFFERENCE_IN_SITTING

    def test_nights_that_are_one_night_are_not_nights(self):
        """A plan of nights that was run in one go has one unit, not 50."""
        found = only(measured({NOVITA: 150, OXEN: 195}, a_night=50, plan={"nights": 1}))
        assert found.verdict is ComparisonVerdict.INSUFFICIENT
        assert found.reason == "1 night with a pair; 6 are needed"

    def test_equal_providers_have_no_meaningful_difference(self):
        """With a narrow spread, 50 pairs are enough to say so."""
        assert only(measured({NOVITA: 150, OXEN: 150}, sigma=0.05)).verdict is ComparisonVerdict.NO_DIFFERENCE

    def test_the_margin_is_the_plans(self):
        """A plan that declares a margin of 1 % cannot be answered with 50 pairs."""
        plan = {"nights": 25, "equivalence_margin": 0.01}
        found = only(measured({NOVITA: 150, OXEN: 150}, sigma=0.2, plan=plan))
        assert (found.verdict, found.equivalence_margin) == (ComparisonVerdict.INSUFFICIENT, 0.01)

    def test_before_the_declared_number_of_nights_there_is_no_verdict(self):
        """However clear it looks: that would be one look of many. The ratio is shown."""
        found = only(measured({NOVITA: 150, OXEN: 300}, blocks=24, plan={"nights": 25}))
        assert found.verdict is ComparisonVerdict.INSUFFICIENT
        assert found.reason == "12 of 25 nights: the plan declares no earlier look"
        assert (found.look, found.looks) == (0, 1)
        assert found.ratio == pytest.approx(0.5, rel=0.1)

    def test_a_declared_first_look_has_its_own_level(self):
        """13 of 25 nights: 0.3 % is what it may spend."""
        plan = {"nights": 25, "first_look": 13}
        found = only(measured({NOVITA: 150, OXEN: 300}, blocks=26, plan=plan))
        assert (found.verdict, found.look, found.looks) == (ComparisonVerdict.FASTER, 1, 2)
        assert found.level == pytest.approx(0.0038, abs=1e-4)
        between = only(measured({NOVITA: 150, OXEN: 300}, blocks=40, plan=plan))
        assert (between.look, between.units, between.pairs) == (1, 13, 26)
        last = only(measured({NOVITA: 150, OXEN: 300}, blocks=60, plan=plan))
        assert (last.look, last.units, last.pairs) == (2, 25, 50)
        assert last.level == pytest.approx(0.049, abs=1e-3)

    def test_more_machines_sit_through_more_blocks(self):
        """The declared number is that of each of them."""
        runs = [
            measured({NOVITA: 150, OXEN: 195}, design=SITTING, blocks=8, id=name, machine=name)
            for name in ("a", "b")
        ]
        (found,) = concluded(*runs).comparisons
        assert (found.units, found.verdict) == (16, ComparisonVerdict.FASTER_IN_SITTING)

    def test_another_run_on_the_same_machine_adds_nothing_to_a_sitting(self):
        """Else one could sit on until it shows what one likes."""
        runs = [
            measured({NOVITA: 150, OXEN: 195}, design=SITTING, blocks=8, id="a"),
            measured({NOVITA: 150, OXEN: 195}, design=SITTING, blocks=8, id="b"),
        ]
        (found,) = concluded(*runs).comparisons
        assert found.units == 8

    def test_a_block_without_both_times_is_left_out_and_counted(self):
        """A failed job has no time; one that was not sent is no block at all."""

        def change(block: int, model: str) -> dict[str, Any]:
            if model == NOVITA and block in (3, 4, 9):
                return {"outcome": JobOutcome.FAILED}
            return {"outcome": JobOutcome.UNSENT, "intervals": {}} if block >= 45 else {}

        found = only(measured({NOVITA: 150, OXEN: 195}, design=SITTING, change=change, plan={"blocks": 45}))
        assert (found.pairs, found.left_out) == (42, 3)

    def test_providers_that_never_delivered_together_say_nothing(self):
        """No pair, no ratio."""
        found = only(measured({NOVITA: 150, OXEN: 150}, change=lambda b, m: {"outcome": JobOutcome.FAILED}))
        assert (found.verdict, found.reason) == (
            ComparisonVerdict.INSUFFICIENT,
            "no block has a time of both",
        )
        assert (found.ratio, found.p_value, found.p_adjusted, found.pairs) == (None, None, None, 0)

    def test_jobs_that_were_given_up_are_in_the_comparison(self):
        """A provider half of whose jobs do not end is slower, not faster by those that do."""

        def change(block: int, model: str) -> dict[str, Any]:
            if model == OXEN and block % 2:
                return {
                    "outcome": JobOutcome.UNFINISHED,
                    "intervals": {Phase.TOTAL: Interval(low_s=300.0, high_s=None)},
                }
            return {}

        found = only(
            measured({NOVITA: 150, OXEN: 145}, sigma=0.05, cap_s=300.0, design=SITTING, change=change)
        )
        assert found.verdict is ComparisonVerdict.FASTER_IN_SITTING

    def test_holm_is_over_all_pairs_of_the_summary(self):
        """Three providers make three pairs; the smallest p-value is tripled."""
        compared = concluded(measured({NOVITA: 150, OXEN: 195, AIML: 150})).comparisons
        assert [(one.first, one.second) for one in compared] == [(NOVITA, OXEN), (NOVITA, AIML), (OXEN, AIML)]
        raw = [one.p_value or 0.0 for one in compared]
        assert min(one.p_adjusted or 0.0 for one in compared) == pytest.approx(3 * min(raw))
        assert all((one.p_adjusted or 0.0) >= (one.p_value or 0.0) for one in compared)

    def test_models_of_another_version_are_never_compared(self):
        """It is said, and no ratio is shown."""
        found = concluded(measured({NOVITA: 150, OLD: 195}))
        assert found.comparisons == ()
        assert found.notes == (
            f"{NOVITA} and {OLD} are not compared: "
            "kling 2.6 pro text-to-video is not kling 1.6 standard text-to-video",
        )

    def test_a_blocking_request_is_not_compared_with_a_queue(self):
        """They are different operations."""
        run = measured(
            {NOVITA: 150, OXEN: 195}, change=lambda b, m: {"mode": "blocking"} if m == OXEN else {}
        )
        found = concluded(run)
        assert found.comparisons == ()
        assert found.notes == (
            f"{NOVITA} and {OXEN} are not compared: poll and blocking are different operations",
        )

    def test_a_model_without_a_spec_is_not_compared(self):
        """Nobody knows its version."""
        found = concluded(measured({NOVITA: 150, "nobody/knows": 195}))
        assert found.comparisons == ()
        assert found.notes[0] == (
            f"{NOVITA} and nobody/knows are not compared: "
            "there is no spec of nobody/knows, and so no word of its version"
        )

    def test_a_sitting_of_no_declared_size_says_so(self):
        """Its verdict is that of one look; another run declares the nights."""
        found = concluded(measured({NOVITA: 150, OXEN: 195}, design=SITTING, plan={}))
        assert found.comparisons[0].verdict is ComparisonVerdict.FASTER_IN_SITTING
        assert found.notes == (
            "the plan declares no number of blocks: the verdicts hold for one look, not the best of many",
        )


class TestMismatches:
    def test_an_audio_flag_that_was_changed_stands_beside_the_ratio(self):
        """Though the plan does not know of it."""
        requests = {
            NOVITA: {
                "prompt": "a fox",
                "duration": "5",
                "sound": True,
                "aspect_ratio": "16:9",
                "cfg_scale": 0.5,
                "negative_prompt": "",
            },
            OXEN: {
                "prompt": "a fox",
                "duration": 5,
                "generate_audio": False,
                "aspect_ratio": "16:9",
                "cfg_scale": 0.5,
                "negative_prompt": "",
            },
        }
        plan = {"nights": 25, "guidance_scale": "same"}
        found = concluded(measured({NOVITA: 150, OXEN: 195}, requests=requests, plan=plan))
        audio = Mismatch(parameter="audio", values={NOVITA: True, OXEN: False})
        assert found.comparisons[0].mismatches == (audio,)
        assert found.mismatches == (audio,)
        requests[NOVITA]["sound"] = False
        found = concluded(measured({NOVITA: 150, OXEN: 195}, requests=requests, plan=plan))
        assert (found.comparisons[0].mismatches, found.mismatches) == ((), ())

    def test_what_the_plan_declares_stands_beside_the_pairs_that_it_touches(self):
        """Not beside the others."""
        audio = Mismatch(parameter="audio", values={NOVITA: True, OXEN: False, AIML: False})
        found = concluded(measured({NOVITA: 150, OXEN: 195, AIML: 195}, mismatches=(audio,)))
        assert [one.mismatches for one in found.comparisons] == [(audio,), (audio,), ()]
        assert found.mismatches == (audio,)


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


def test_the_same_records_give_the_same_summary():
    """To the last digit: what is drawn is drawn by the run's seed."""
    run = measured({NOVITA: 150, OXEN: 195}, blocks=20)
    assert concluded(run) == concluded(run)
