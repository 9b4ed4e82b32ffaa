"""The page in a real browser: nothing complains, nothing is asked for, nothing runs off the side."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from harness.report.files import write_report
from harness.report.trial import trial_html
from tests.report.example import example, with_text
from tests.report.looking import CONTRAST, LOOKS, OPEN_ALL, OVERFLOW, Visit
from tests.report.test_trial import trial

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \u202e | `x` ::error:: " + "x" * 10_000 + " " + "視頻" * 100


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example on disk."""
    directory = tmp_path_factory.mktemp("report")
    write_report(example(), directory)
    return directory / "report.html"


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with hostile text everywhere, on disk."""
    directory = tmp_path_factory.mktemp("hostile")
    write_report(with_text(HOSTILE), directory)
    return directory / "report.html"


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("kind", ["report", "hostile_report"])
def test_the_page_is_quiet_and_fits(
    visit: Callable[..., Visit], request: pytest.FixtureRequest, kind: str, width: int, theme: str
) -> None:
    """No console message, no dialog, no request but for the file, no scrolling sideways, open or closed."""
    path = request.getfixturevalue(kind)
    look = visit(width, theme)
    page = look.open(path)
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert look.said == []
    assert look.asked == [path.as_uri()]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("bad", ["", HOSTILE], ids=["plain", "hostile"])
def test_the_page_of_a_trial_is_quiet_and_fits(
    visit: Callable[..., Visit], tmp_path: Path, bad: str, width: int, theme: str
) -> None:
    """As the report; its pictures are shown, and all of its text can be read."""
    path = tmp_path / "trial.html"
    path.write_text(trial_html(trial(bad)), encoding="utf-8")
    look = visit(width, theme)
    page = look.open(path)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("() => [...document.images].map((image) => image.naturalWidth)") == [2]
    assert look.said == []
    assert [url for url in look.asked if not url.startswith("data:image/png;")] == [path.as_uri()]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_can_be_read_in_both_themes(visit: Callable[..., Visit], report: Path, theme: str) -> None:
    """A contrast of 4.5 to 1 at least; the page and its figures follow the theme."""
    page = visit(1280, theme).open(report)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(CONTRAST) == []
    paper, ink = page.evaluate(
        "() => [getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('svg.figure text')).fill]"
    )
    expected = ("rgb(255, 255, 255)", "rgb(27, 29, 33)")
    assert ((paper, ink) == expected) == (theme == "light")


def test_headings_captions_and_names_are_there(visit: Callable[..., Visit], report: Path) -> None:
    """As assistive technology finds them: headings in order, named figures and tables."""
    page = visit().open(report)
    page.evaluate(OPEN_ALL)
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => +h.tagName[1])")
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert page.get_by_role("img").count() == 3
    assert page.get_by_role("img", name="Documented estimates and recorded job times").count() == 1
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        table = page.get_by_role("table", name="Findings, loudest first.")
        assert table.get_by_role("rowheader").count() == 4
        assert page.get_by_role("columnheader", name="Acme").count() == 3


def test_everything_is_reached_by_keyboard(visit: Callable[..., Visit], report: Path) -> None:
    """Tab passes the skip link, every link, the figures, what opens and what filters; Enter opens it."""
    page = visit().open(report)
    reached: list[str] = []
    while reached.count("skip") < 2:  # after the last one it begins again
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("() => document.activeElement.className || document.activeElement.tagName")
        )
    assert reached[0] == "skip"
    assert reached.count("A") == page.locator("a:visible:not(.skip)").count()
    assert reached.count("box") == 2  # the third stands in a part that is closed
    assert reached.count("SUMMARY") == page.locator("summary:visible").count()
    assert (reached.count("INPUT"), reached.count("SELECT")) == (1, 3)
    assert "tool" in reached
    page.locator("#acme-clip-2 > summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("Facts by subject").first.is_visible()


def test_one_button_opens_and_closes_every_part(visit: Callable[..., Visit], report: Path) -> None:
    """And says what it will do next."""
    page = visit().open(report)
    button = page.get_by_role("button", name="Open all parts")
    button.click()
    assert page.locator("details:not([open])").count() == 0
    page.get_by_role("button", name="Close all parts").click()
    assert page.locator("details[open]").count() == 0


def test_a_link_into_a_closed_part_opens_it(visit: Callable[..., Visit], report: Path) -> None:
    """The page can be cited to the row and to the endpoint."""
    page = visit().open(report, "#bolt-clip-2")
    assert page.locator("#bolt-clip-2").get_attribute("open") is not None
    page = visit().open(report, "#clip-2-pro-text-to-video.prompt.name")
    assert page.locator("[id='clip-2-pro-text-to-video.prompt.name']").is_visible()


def test_without_javascript_everything_is_there(visit: Callable[..., Visit], report: Path) -> None:
    """Closed parts open by themselves; no button stands there that does nothing."""
    look = visit(java_script_enabled=False)
    page = look.open(report)
    assert page.get_by_role("button", name="Open all parts").count() == 0
    page.locator("#acme-clip-2 > summary").click()
    assert page.get_by_text("Facts by subject").first.is_visible()
    assert look.said == []


def test_on_paper_everything_is_open_and_the_contents_are_gone(
    visit: Callable[..., Visit], report: Path
) -> None:
    """Dark ink on white, whatever the theme."""
    page = visit(1280, "dark").open(report)
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("nav").is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_figures_on_disk_open_by_themselves(visit: Callable[..., Visit], report: Path) -> None:
    """An SVG file is well-formed to a browser and asks for nothing."""
    look = visit()
    for figure in sorted((report.parent / "figures").glob("*.svg")):
        page = look.open(figure)
        assert page.evaluate("() => document.documentElement.tagName") == "svg"
    assert look.said == []
    assert len(look.asked) == 3
