"""What the templates call to show a decision."""

from __future__ import annotations

from typing import Any

import pytest

from harness.measurement.trial_read import TrialJob
from harness.report.choice import choice_of
from harness.report.choice_names import choice_names, placed, where_text
from tests.decision.made import EACH, NOVITA, OXEN, run_record
from tests.report.choosing import decided


def called(name: str, *values: Any) -> Any:
    return choice_names(run_record())[name](*values)


def test_standings_are_placed_only_where_there_is_an_order() -> None:
    """Else they stand by name, each with its place in report.json."""
    ranked = decided("ranked").groups[0].rankings[0].ranking
    assert [index for index, _ in placed(ranked)] == [0, 1, 2, 3]
    open_ = decided("close").groups[0].rankings[0].ranking
    assert [one.vendor for _, one in placed(open_)] == sorted(one.vendor for one in open_.standings)
    assert all(open_.standings[index] is one for index, one in placed(open_))


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/decision/groups/0/vendors/1/fits/1", "10 s, with sound, told by webhook, word by word"),
        ("/decision/measured/0/providers/1/latencies/0/quantiles/1", "the measured quantile"),
        ("/decision/measured/0/providers/1/success", "the jobs that ended"),
        ("/decision/measured/0/providers/1", "the measured jobs"),
        ("/endpoints/2/fact_counts", "the facts"),
        ("/endpoints/2", "the endpoint"),
        ("/elsewhere", "the record"),
    ],
)
def test_a_pointer_is_said_in_words(pointer: str, text: str) -> None:
    """What stands there."""
    assert where_text(pointer, decided("unmeasured").groups[0].sheets[1]) == text


def test_every_ordered_pair_of_sellers_has_its_own_part() -> None:
    """With each wish, and what the two document differently that costs something, dearest first."""
    view = choice_of(run_record(), decided("unmeasured")).contested[0]
    pairs = called("pairs", view)
    assert len({pair.id for pair in pairs}) == len(pairs) == 12
    pair = next(one for one in pairs if (one.source, one.target) == ("Novita", "Oxen.ai"))
    assert [(taken.switch.wish, taken.switch.source, taken.switch.target) for taken in pair.switches] == [
        ("5 s, silent", NOVITA, OXEN),
        ("10 s, with sound, told by webhook", NOVITA, OXEN),
    ]
    document = decided("unmeasured").groups[0].switches
    for taken in pair.switches:
        assert document[int(taken.at.rpartition("/")[2])] is taken.switch
    keys = [row.key for row in pair.rows]
    assert keys[:2] == ["prompt.default", "audio.name"]
    assert "price.price" not in keys


def test_why_nothing_is_ranked_is_a_sentence() -> None:
    """Once for each reason."""
    choice = choice_of(run_record(), decided("unmeasured"))
    assert called("unranked_text", choice) == (
        "No job was run live at any of these sellers, so how fast, how reliable and how dear they are is "
        "unknown; nothing is ranked."
    )


@pytest.mark.parametrize(
    ("count", "text"), [(1200, "1,200"), (39.5, "39.5"), (40.0, "40"), ("2026-01-16", "2026-01-16")]
)
def test_what_a_figure_was_made_of_is_said_with_its_digits(count: Any, text: str) -> None:
    """Whole numbers whole, weighted ones with four digits, dates as they are."""
    assert called("count_text", count) == text


def test_measured_sellers_have_the_names_of_the_report() -> None:
    """The same as in the comparison beside them."""
    names = called("measured_models", decided("ranked").measured[0])
    assert (names[NOVITA], names[OXEN], names[EACH]) == ("Novita", "Oxen.ai", "Eachlabs")


@pytest.mark.parametrize(
    ("low", "high", "text"), [(None, None, "not known"), (120.0, 135.0, "120\u2013135 s")]
)
def test_the_time_of_a_single_job_is_an_interval(low: float | None, high: float | None, text: str) -> None:
    """Or not known."""
    job = TrialJob(
        model=NOVITA, provenance="live", made_at="2026-11-20T00:00:00Z", outcome="succeeded", low_s=low,
        high_s=high, video=None, findings=(), note=None, file="trial.json",
    )  # fmt: skip
    assert called("took_text", job) == text
