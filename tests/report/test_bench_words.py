"""What a benchmark found, in words: every number with what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.measurement.job import Mismatch, Phase, Provenance
from harness.measurement.summary import ComparisonVerdict, Quantile
from harness.report.bench_words import (
    evidence_text,
    mismatch_text,
    model_names,
    percent,
    polls_text,
    proportion_text,
    quantile_text,
    ratio_text,
    seller_names,
    total_of,
    unequal_text,
    verdict_text,
)
from tests.report.bench_example import (
    ACME,
    AUDIO,
    BETA,
    GAMMA,
    bench,
    comparison,
    latency,
    proportion,
    provider,
)

NAMES = {ACME: "acme", BETA: "beta", GAMMA: "gamma"}
NBSP, DASH = "\u00a0", "\u2013"


def _plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(DASH, "-")


def test_the_evidence_comes_first():
    """Nobody takes a simulator's time for a provider's."""
    assert evidence_text(bench()) == (
        "Simulated: no provider was measured. These times are the simulator's own. 150 jobs in 2 runs."
    )
    live = bench(provenance=Provenance.LIVE, runs=("run-1",), providers=(provider(ACME, 150, jobs=1),))
    assert evidence_text(live) == "Live: measured at the providers. 1 job in 1 run."


def test_names_are_as_short_as_they_can_be():
    """The provider where it has one model here; the mode where a model has several."""
    assert seller_names(bench()) == {(ACME, "poll"): "acme", (BETA, "poll"): "beta", (GAMMA, "poll"): "gamma"}
    both = (provider("acme/one", 150), provider("acme/two", 150), provider("acme/two", 150, mode="blocking"))
    assert seller_names(bench(providers=both)) == {
        ("acme/one", "poll"): "acme/one",
        ("acme/two", "poll"): "acme/two, poll",
        ("acme/two", "blocking"): "acme/two, blocking",
    }
    assert model_names(bench(providers=both)) == {"acme/one": "acme/one", "acme/two": "acme/two"}


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.96, "96 %"),
        (0.9549, "95.5 %"),
        (0.9999, "over 99.9 %"),
        (0.0004, "0.04 %"),
    ],
)
def test_a_share_is_a_percentage(share: float, text: str):
    """Only all is 100 %."""
    assert _plain(percent(share)) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "152 s (145-160 s with 95 % confidence; 50 jobs, 25 days)"),
        ({"days": 1}, "152 s (145-160 s with 95 % confidence; 50 jobs)"),
        (
            {"value_s": 0.42, "low_s": 0.3, "high_s": 0.5},
            "0.42 s (0.3-0.5 s with 95 % confidence; 50 jobs, 25 days)",
        ),
        (
            {"high_s": None, "beyond_s": 300},
            "152 s (145 to over 300 s with 95 % confidence; 50 jobs, 25 days)",
        ),
        (
            {"value_s": None, "high_s": None, "beyond_s": 300},
            "> 300 s (145 to over 300 s with 95 % confidence; 50 jobs, 25 days)",
        ),
        ({"low_s": None, "high_s": None, "jobs": 1, "days": 1}, "152 s (no interval; 1 job)"),
        ({"value_s": None, "low_s": None, "high_s": None}, "unknown (no interval; 50 jobs, 25 days)"),
        ({"low_s": None}, "152 s (unknown to 160 s with 95 % confidence; 50 jobs, 25 days)"),
    ],
)
def test_a_quantile_has_its_interval_and_its_jobs(changes: dict[str, Any], text: str):
    """What giving up hides is said as more than the wait, never as a number."""
    quantile = Quantile(
        p=0.5, value_s=152, low_s=145, high_s=160, beyond_s=None, jobs=50, days=25, method="bootstrap of days"
    )
    assert _plain(quantile_text(replace(quantile, **changes))) == text


def test_a_brief_quantile_leaves_the_confidence_to_the_figure():
    """Where it is said once for all."""
    (median, _) = latency(152.0).quantiles
    assert _plain(quantile_text(median, brief=True)) == "152 s (144-161 s; 50 jobs, 25 days)"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (proportion(48, 50, 0.865, 0.989), "96 % (48 of 50; 86.5-98.9 % with 95 % confidence)"),
        (proportion(48.25, 50, 0.865, 0.989), "96.5 % (48.25 of 50; 86.5-98.9 % with 95 % confidence)"),
        (proportion(11_999, 12_000, None, None), "over 99.9 % (of 12,000)"),
        (proportion(0, 0, None, None), "no data"),
    ],
)
def test_a_proportion_has_its_trials(share: Any, text: str):
    """Nothing tried is no data, not 0 %."""
    assert _plain(proportion_text(share)) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "0.853 (0.79-0.921 with 95 % confidence; 50 pairs in 25 nights)"),
        ({"level": 0.0294}, "0.853 (0.79-0.921 with 97.1 % confidence; 50 pairs in 25 nights)"),
        (
            {"low": None, "pairs": 1, "unit": "block", "units": 1},
            "0.853 (unknown to 0.921 with 95 % confidence; 1 pair in 1 block)",
        ),
        ({"ratio": None, "pairs": 0, "units": 0}, "unknown (0 pairs in 0 nights)"),
    ],
)
def test_a_ratio_has_its_interval_and_its_pairs(changes: dict[str, Any], text: str):
    """With the confidence of its own look."""
    assert _plain(ratio_text(comparison(ACME, BETA, **changes))) == text


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("faster", "acme is faster than beta"),
        ("slower", "beta is faster than acme"),
        (
            "faster in this sitting",
            "acme was faster than beta in this sitting, another day may say otherwise",
        ),
        (
            "slower in this sitting",
            "beta was faster than acme in this sitting, another day may say otherwise",
        ),
        ("no meaningful difference", "acme and beta: no meaningful difference"),
        (
            "no meaningful difference in this sitting",
            "acme and beta: no meaningful difference in this sitting, another day may say otherwise",
        ),
        ("insufficient data", "acme and beta: insufficient data to say which is faster"),
    ],
)
def test_every_verdict_is_a_sentence(verdict: str, text: str):
    """One sitting never speaks of more than itself."""
    assert verdict_text(comparison(ACME, BETA, verdict=ComparisonVerdict(verdict)), NAMES) == text


def test_every_verdict_has_its_sentence():
    """None is forgotten."""
    for verdict in ComparisonVerdict:
        assert verdict_text(comparison(ACME, BETA, verdict=verdict), NAMES)


def test_requests_that_are_not_equal_are_part_of_the_verdict():
    """Whoever reads the sentence alone reads that too."""
    both = (AUDIO, Mismatch(parameter="guidance", values={ACME: 0.5, BETA: None}))
    one = comparison(ACME, BETA, mismatches=both)
    assert verdict_text(one, NAMES) == (
        "acme is faster than beta; but the two requests were not equal (audio) and may not have been equal "
        "(guidance)"
    )
    assert unequal_text(one, NAMES) == (
        "NOT EQUAL: audio: acme true, beta false; MAY DIFFER: guidance: acme 0.5, beta unknown"
    )
    assert unequal_text(comparison(ACME, BETA), NAMES) == "no difference known"


def test_numbers_on_two_ranges_may_be_equal():
    """No document says how one reads on the other."""
    one = Mismatch(
        parameter="guidance",
        values={ACME: 0.5, BETA: {"value": 0.5, "range": [0, 10]}, GAMMA: {"value": 1, "range": None}},
    )
    text = unequal_text(comparison(ACME, BETA, mismatches=(one,)), NAMES)
    assert text == "MAY DIFFER: guidance: acme 0.5, beta 0.5 of 0 to 10"
    assert mismatch_text(one, (GAMMA,), NAMES) == "guidance: gamma 1 of a range that is not documented"
    other = replace(one, values={ACME: {"value": 0.5}, BETA: 1})
    assert mismatch_text(other, (ACME,), NAMES) == 'guidance: acme {"value": 0.5}'


def test_a_mismatch_says_why_a_value_is_unknown():
    """And a value that has a reason keeps both."""
    one = Mismatch(
        parameter="guidance",
        values={ACME: {"value": 5, "range": [0, 10]}, BETA: None},
        reasons={BETA: "default undocumented", ACME: "other range"},
    )
    assert mismatch_text(one, (ACME, BETA), NAMES) == (
        "guidance: acme 5 of 0 to 10 (other range), beta unknown (default undocumented)"
    )
    assert mismatch_text(one, (GAMMA,), {}) == f"guidance: {GAMMA} unknown"


def test_the_whole_time_is_found_among_the_phases():
    """None where it was never observed."""
    one = provider(ACME, 150)
    assert total_of(one) is one.latencies[1]
    assert total_of(replace(one, latencies=(latency(1, phase=Phase.QUEUE),))) is None


def test_no_polls_are_not_zero_polls():
    """A blocking call is not polled."""
    assert polls_text(provider(ACME, 150)) == "4.9"
    assert polls_text(provider(ACME, 150, polls_per_job=None)) == "no polls"
