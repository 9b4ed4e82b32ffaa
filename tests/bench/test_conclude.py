"""What measured jobs allow to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from harness.bench.conclude import conclude
from harness.errors import OperatorError
from harness.measurement.job import JobOutcome, Mismatch, Phase, Provenance
from harness.measurement.summary import ComparisonVerdict
from harness.stats.interval import Interval
from tests.bench.measured import AIML, NOVITA, OLD, OXEN, SITTING, concluded, measured, only, specs
from tests.bench.runs import START, a_run


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


def test_the_same_records_give_the_same_summary():
    """To the last digit: what is drawn is drawn by the run's seed."""
    run = measured({NOVITA: 150, OXEN: 195}, blocks=20)
    assert concluded(run) == concluded(run)
