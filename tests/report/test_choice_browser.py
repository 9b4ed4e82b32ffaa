"""The page to choose by in a real browser: quiet, readable, accessible, and found again by its address."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.report.choosing import KINDS, decided, report_of
from tests.report.looking import CONTRAST, LOOKS, OPEN_ALL, OVERFLOW, Visit

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """(levels) => axe.run(document, {
  runOnly: { type: "tag", values: levels }, resultTypes: ["violations"],
}).then((found) => found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""
SHOWN = "() => [...document.querySelectorAll('#findings-table tbody tr')].filter((r) => !r.hidden).length"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A page for each state of the evidence."""
    return {kind: report_of(kind, tmp_path_factory.mktemp(kind)) for kind in KINDS}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, where HARNESS_AXE names it."""
    path = Path(os.environ.get("HARNESS_AXE", ""))
    if path.is_file():
        return path.read_text(encoding="utf-8")
    if os.environ.get("HARNESS_REQUIRE_AXE") == "1":
        pytest.fail("HARNESS_AXE names no axe.min.js, and HARNESS_REQUIRE_AXE=1 demands it")
    pytest.skip("HARNESS_AXE names no axe.min.js; the page is not judged by axe-core")


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("kind", ["unmeasured", "ranked"])
def test_the_page_is_quiet_fits_and_can_be_read(
    visit: Callable[..., Visit], reports: Mapping[str, Path], kind: str, width: int, theme: str
) -> None:
    """No console message, no request, no scrolling sideways, enough contrast: open and closed."""
    look = visit(width, theme)
    page = look.open(reports[kind])
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert page.evaluate(CONTRAST) == []
    assert look.said == []
    assert look.asked == [reports[kind].as_uri()]


@pytest.mark.parametrize(
    ("kind", "width", "theme"),
    [
        *(("ranked", 1280, "light"), ("ranked", 400, "dark")),  # with every part open
        *(("unmeasured", 1280, "dark"), ("unknowns", 400, "light")),  # as they are first seen
    ],
)
def test_axe_finds_no_violation(
    visit: Callable[..., Visit], reports: Mapping[str, Path], axe: str, kind: str, width: int, theme: str
) -> None:
    """By the rules for WCAG 2.2 AA, at both widths and in both themes."""
    look = visit(width, theme)
    page = look.open(reports[kind])
    if kind == "ranked":
        page.evaluate(OPEN_ALL)
    page.evaluate(axe)
    assert page.evaluate(AXE, LEVELS) == []
    assert look.said == []


def test_findings_are_filtered_and_the_address_says_how(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """By severity, kind, provider and text; what is shown is announced, and opened again by its address."""
    look = visit()
    page = look.open(reports["ranked"])
    form = page.get_by_role("search", name="Filter the findings")
    everything = page.evaluate(SHOWN)
    form.get_by_label("Severity").select_option("warning")
    form.get_by_label("Provider").select_option("Novita")
    form.get_by_label("Kind").select_option("contradiction")
    form.get_by_label("Search").fill("Novita")
    few = page.evaluate(SHOWN)
    assert 0 < few < everything
    assert form.get_by_role("status").inner_text() == f"{few} of {everything} findings are shown."
    assert page.locator("#list").get_attribute("open") is not None
    hash_ = page.evaluate("() => location.hash")
    assert hash_ == "#findings?kind=contradiction&provider=Novita&q=Novita&severity=warning"
    again = visit().open(reports["ranked"], hash_)
    assert again.evaluate(SHOWN) == few
    assert again.get_by_role("search", name="Filter the findings").get_by_label("Search").input_value() == (
        "Novita"
    )
    form.get_by_role("button", name="Show all").click()
    assert page.evaluate(SHOWN) == everything
    assert page.evaluate("() => location.hash") == "#findings"
    assert look.said == []


def test_questions_are_filtered_by_vendor(visit: Callable[..., Visit], reports: Mapping[str, Path]) -> None:
    """A vendor's list is what one sends to it; the others' lists are gone."""
    page = visit().open(reports["unmeasured"], "#questions?questions.provider=Novita&questions.q=webhook")
    shown = "() => [...document.querySelectorAll('#questions ~ .filtered li')].filter((i) => i.offsetParent)"
    texts = page.evaluate(f"() => ({shown})().map((item) => item.textContent)")
    assert texts
    assert all("webhook" in text.lower() for text in texts)
    assert page.locator("#questions ~ .filtered details:visible").count() == 1


def test_tables_are_sorted_by_their_headings(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """Up, down, as it was; said by aria-sort, kept in the address, by keyboard."""
    page = visit().open(reports["ranked"])
    page.locator("#list > summary").click()
    first = "() => document.querySelector('#findings-table tbody tr').id"
    before = page.evaluate(first)
    heading = page.locator("#findings-table thead th").nth(1)
    for direction in ("ascending", "descending"):
        heading.get_by_role("button").focus()
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == direction
        assert page.evaluate("() => location.hash") == f"#findings?sort=1.{direction}"
    after = page.evaluate(first)
    assert after != before
    assert visit().open(reports["ranked"], "#findings?sort=1.descending").evaluate(first) == after
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") is None
    assert page.evaluate(first) == before


def test_every_figure_leads_to_what_it_rests_on(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """A click on a figure of the comparison opens the closed part with its record, and marks it."""
    page = visit().open(reports["ranked"])
    page.locator("[id='kling-2.6-pro-text-to-video.latency'] .fig a").first.click()
    row = page.locator("[id='decision.groups.0.vendors.0.evidence.1']")
    assert row.is_visible()
    assert "here" in str(row.get_attribute("class"))
    row.get_by_role("link", name="the measured quantile").click()
    measured = page.locator("tr.here")
    assert measured.is_visible()
    assert "median" not in measured.inner_text()  # it is the 50 % quantile there
    assert "169 s" in measured.inner_text()


def test_a_finding_has_an_address(visit: Callable[..., Visit], reports: Mapping[str, Path]) -> None:
    """Its rule is a link to itself; the address opens the list at it."""
    page = visit().open(reports["unmeasured"])
    name = page.evaluate("() => document.querySelectorAll('#findings-table tbody tr')[7].id")
    again = visit().open(reports["unmeasured"], f"#{name}")
    assert again.locator(f"#{name}").is_visible()
    assert again.evaluate(f"() => document.getElementById('{name}').getBoundingClientRect().top") < 900


def test_a_broken_address_breaks_nothing(visit: Callable[..., Visit], reports: Mapping[str, Path]) -> None:
    """Half an escape, weights that are none, a column that is not there."""
    look = visit()
    part = "#ranking-kling-2.6-pro-text-to-video"
    for fragment in (
        "#%E0%A4",
        f"{part}?profile=custom&weights=a,b",
        "#findings?sort=9.up&severity=<b>",
        "#?",
    ):
        page = look.open(reports["ranked"], fragment)
        assert page.get_by_label("Profile").input_value() in ("mine", "custom")
        page.goto("about:blank")
    assert look.said == []


@pytest.mark.parametrize("kind", ["ranked", "unmeasured"])
def test_the_page_prints_whole(visit: Callable[..., Visit], reports: Mapping[str, Path], kind: str) -> None:
    """Open, black on white, without what only a screen can do."""
    page = visit(1280, "dark").open(reports[kind])
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("nav:visible, form:visible").count() == 0
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(OVERFLOW)["page"] == 0


FIRST_SCREENS = "(id) => document.getElementById(id).getBoundingClientRect().top"


@pytest.mark.parametrize(("width", "screens"), [(1280, 1), (400, 2)])
def test_the_answer_and_the_sellers_stand_on_the_first_screens(
    visit: Callable[..., Visit], reports: Mapping[str, Path], width: int, screens: int
) -> None:
    """The answer on the first, the comparison for one's own requests right after it."""
    page = visit(width).open(reports["unmeasured"])
    assert page.evaluate(FIRST_SCREENS, "answer") < 900
    assert page.evaluate(FIRST_SCREENS, "sellers") < 900 * screens


def test_without_javascript_the_choice_is_there(
    visit: Callable[..., Visit], reports: Mapping[str, Path]
) -> None:
    """The table of every profile that ranks, every finding; no control that does nothing."""
    look = visit(java_script_enabled=False)
    page = look.open(reports["ranked"])
    assert page.locator("form:visible, nav button").count() == 0
    page.locator("details", has_text="By each profile").last.locator("> summary").click()
    scored = [one for one in decided("ranked").groups[0].rankings if one.ranking.status.has_scores]
    assert page.locator("table.standings:visible").count() == 1 + len(scored)
    assert look.said == []


def state(page: Any) -> str:
    """Everything that a reader sees."""
    return str(page.inner_text("body"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_evidence_is_comes_first(
    visit: Callable[..., Visit], reports: Mapping[str, Path], kind: str
) -> None:
    """Live or not, before anything else."""
    first = state(visit().open(reports[kind])).split("\n", maxsplit=1)[0]
    live = "Live: "
    none = "No live data: no job was run at any seller."
    assert first.startswith(live if kind in ("ranked", "close", "unknowns") else none)
