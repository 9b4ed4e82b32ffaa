"""The ranking that the page draws again for other weights, beside the ranking of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.decision.model import ProfileRanking
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import Profile
from harness.ranking.rank import DRAWS, Status, rank
from harness.report.choice_names import placed
from harness.report.decision_words import answer, flip_text, standings_caption, status_text
from harness.report.ranking_data import CUSTOM
from tests.report.choosing import LEAST_DELAY, decided, report_of, weights_of
from tests.report.looking import Visit

PART = "ranking-kling-2.6-pro-text-to-video"
READ = """() => {
  const part = document.querySelector(".ranking");
  const text = (node) => node.textContent;
  return {
    hidden: part.querySelector("table.standings").hidden,
    answer: text(part.querySelector(".answer")),
    caption: text(part.querySelector("table.standings caption")),
    flips: [...part.querySelectorAll(".flips li")].map(text),
    rows: [...part.querySelector("table.standings").tBodies[0].rows].map((row) => ({...row.dataset})),
    cells: [...part.querySelector("table.standings").tBodies[0].rows].map((row) => [...row.cells].map(text)),
  };
}"""
WEIGHTS: tuple[dict[str, float], ...] = (
    weights_of(latency=5, tail=3, success=2),
    weights_of(latency=0.5),
    weights_of(fit=5),
    weights_of(fit=3.5, documentation=0.5),
    weights_of(fit=1, latency=1, completion=5, documentation=2.5),
    weights_of(stability=5, price=1),
    weights_of(conformance=4, latency=2, tail=2),
    weights_of(price=5, success=1, availability=1),
    {row.id: 5.0 for row in CRITERIA},
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Pages with live figures."""
    return {kind: report_of(kind, tmp_path_factory.mktemp(kind)) for kind in ("ranked", "close", "unknowns")}


def by_hand(kind: str, weights: Mapping[str, float], title: str) -> dict[str, Any]:
    """What the page has to show, by Python."""
    group = decided(kind).groups[0]
    ranking = rank([sheet.vendor for sheet in group.sheets], weights)
    chosen = ProfileRanking(profile=Profile(id="custom", title=title, weights=weights), ranking=ranking)
    return {
        "answer": answer(group, chosen),
        "has_scores": ranking.status.has_scores,
        "caption": standings_caption(chosen),
        "flips": [flip_text(group, flip) for flip in ranking.flips],
        "standings": [standing for _, standing in placed(ranking)],
    }


def check(read: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """The same words, the same order, the same numbers; none where they would be an order of guesses."""
    assert read["answer"] == expected["answer"]
    assert read["flips"] == expected["flips"]
    assert read["hidden"] == (not expected["has_scores"])
    if read["hidden"]:
        return
    assert read["caption"] == expected["caption"]
    assert [row["model"] for row in read["rows"]] == [one.vendor for one in expected["standings"]]
    for row, one in zip(read["rows"], expected["standings"], strict=True):
        for name in ("score", "low", "high"):
            assert float(row[name]) == pytest.approx(getattr(one, name), abs=1e-9)
        assert float(row["first"]) == pytest.approx(one.first, abs=1.01 / DRAWS)
        assert float(row["any"]) == pytest.approx(one.first_any_weights, abs=1.01 / DRAWS)


@pytest.mark.parametrize("kind", ["ranked", "close", "unknowns"])
def test_the_page_ranks_as_python_does(
    visit: Callable[..., Visit], reports: Mapping[str, Path], kind: str
) -> None:
    """Scores, ranges, shares, order, sentence, caption and what would change it, for several weights."""
    look = visit()
    page = look.open(reports[kind])
    statuses = set()
    for weights in WEIGHTS:
        listed = ",".join(f"{weight:g}" for weight in weights.values())
        page.evaluate("(hash) => { location.hash = hash; }", f"{PART}?profile=custom&weights={listed}")
        page.wait_for_function(
            "(told) => [...document.querySelectorAll('.weights input')].map((i) => i.value).join() === told",
            arg=listed,
        )
        check(page.evaluate(READ), by_hand(kind, weights, CUSTOM))
        statuses.add(page.locator(".ranking").get_attribute("data-status"))
    assert statuses <= {status.value for status in Status}
    assert len(statuses) > 1
    assert look.said == []


def test_the_first_table_is_that_of_the_profile_that_was_asked_for(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """Before anything is moved, and without a script, the page shows what Python wrote; the script agrees."""
    for options in ({}, {"java_script_enabled": False}):
        page = visit(**options).open(reports["ranked"])
        rows = page.locator(f"[id='{PART}-standings'] tbody tr")
        expected = by_hand("ranked", LEAST_DELAY.weights, LEAST_DELAY.title)
        assert [row.get_attribute("data-model") for row in rows.all()] == [
            one.vendor for one in expected["standings"]
        ]
        assert page.locator(".ranking .answer").first.inner_text() == expected["answer"]
        assert page.locator("form.weights").is_visible() == (not options)
    page = visit().open(reports["ranked"])
    page.get_by_label("Profile").select_option("safest")
    page.get_by_label("Profile").select_option("mine")
    check(page.evaluate(READ), expected)


def test_a_slider_moves_the_ranking_and_the_address(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """By keyboard; who opens the address sees the same, and every slider says its unit and direction."""
    look = visit()
    page = look.open(reports["ranked"])
    page.get_by_text("Change the weights").click()
    slider = page.get_by_label("Documentation higher is better")
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert slider.input_value() == "4.5"
    assert page.get_by_label("Profile").input_value() == "custom"
    weights = {**LEAST_DELAY.weights, "documentation": 4.5}
    check(page.evaluate(READ), by_hand("ranked", weights, CUSTOM))
    again = visit().open(reports["ranked"], page.evaluate("() => location.hash"))
    check(again.evaluate(READ), by_hand("ranked", weights, CUSTOM))
    assert again.get_by_label("Documentation higher is better").input_value() == "4.5"
    labels = page.locator(".sliders label small").all_inner_texts()
    assert labels[1] == "lower is better, seconds"
    assert len(labels) == len(CRITERIA)
    assert look.said == []


def test_a_profile_sets_the_sliders(visit: Callable[..., Visit], reports: Mapping[str, Path]) -> None:
    """And stands in the address by its name."""
    page = visit().open(reports["ranked"])
    page.get_by_label("Profile").select_option("safest")
    profile = decided("ranked").groups[0].rankings[3].profile
    values = page.evaluate("() => [...document.querySelectorAll('.weights input')].map((i) => +i.value)")
    assert values == list(profile.weights.values())
    assert page.evaluate("() => location.hash") == f"#{PART}?profile=safest"
    check(page.evaluate(READ), by_hand("ranked", profile.weights, profile.title))


def test_without_any_weight_nothing_is_ranked(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """It says so, and shows no table."""
    listed = ",".join("0" for _ in CRITERIA)
    page = visit().open(reports["ranked"], f"#{PART}?profile=custom&weights={listed}")
    assert page.locator(".ranking .answer").first.inner_text() == (
        "No criterion weighs anything, so there is nothing to rank by."
    )
    assert not page.locator(f"[id='{PART}-standings']").is_visible()


@pytest.mark.parametrize("kind", ["unmeasured", "simulated"])
def test_what_cannot_be_ranked_has_no_sliders(visit: Callable[..., Visit], tmp_path: Path, kind: str) -> None:
    """No table of standings, no data to rank by; it says why."""
    look = visit()
    page = look.open(report_of(kind, tmp_path))
    assert page.locator("form.weights, table.standings, #ranking-data").count() == 0
    told = page.locator("section", has=page.locator("#ranking")).inner_text().split("\n")[-1]
    why = status_text(decided(kind).groups[0].rankings[0].ranking.status)
    assert told == (
        f"{why[0].upper()}{why[1:]}. What would tell: live jobs, run by harness bench at each seller with "
        "its own key."
    )
    assert look.said == []
