"""The page about a benchmark: nothing of a stranger's is markup, and it is quiet in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from harness.measurement.job import Mismatch
from harness.measurement.summary import BenchSummary
from harness.report.bench_figures import bench_figures
from harness.report.bench_files import write_bench
from harness.report.bench_html import bench_html
from harness.report.bench_json import bench_json
from harness.report.bench_markdown import bench_markdown
from harness.report.bench_text import bench_text
from harness.report.visible import as_json
from tests.report.bench_example import ACME, BETA, GAMMA, bench
from tests.report.looking import CONTRAST, LOOKS, OPEN_ALL, OVERFLOW, Visit
from tests.report.test_hostile import TEXTS


def with_text(text: str) -> BenchSummary:
    """The example with a stranger's text wherever there can be one."""
    one = bench()
    mismatch = Mismatch(parameter=text, values={ACME: text, BETA: None}, reasons={BETA: text})
    sellers = tuple(
        replace(
            provider,
            model=text if provider.model == GAMMA else provider.model,
            cost_note=text,
            estimates=tuple(replace(each, source=text, name=text) for each in provider.estimates),
        )
        for provider in one.providers
    )
    compared = tuple(
        replace(
            pair, reason=text, second=text if pair.second == GAMMA else pair.second, mismatches=(mismatch,)
        )
        for pair in one.comparisons
    )
    return replace(
        one, providers=sellers, comparisons=compared, mismatches=(mismatch,), notes=(text,), runs=(text,)
    )


class Seen(HTMLParser):
    """The tags of a page with the names of their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and self.tags == other.tags

    __hash__ = None  # type: ignore[assignment]


def test_the_page_says_everything_of_the_page_model():
    """Every cell and every sentence, and the figures inside."""
    html = bench_html(bench())
    for text in ("acme is faster than beta; but the two requests were not equal (audio).", "0.853 (0.79"):
        assert text in html
    assert 'class="unequal"><bdi>NOT EQUAL: audio: acme true, beta false</bdi>' in html
    assert html.count("<svg ") == 5
    assert html.count("<caption>") == html.count("<table ") == 6
    assert '<span class="label simulated">simulated</span>' in html


def test_it_loads_nothing_and_runs_nothing():
    """Its own policy says so, and names its one style by digest."""
    html = bench_html(bench(), {})
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert len(policy) == 1
    assert policy[0].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "script" not in html.lower().replace("description", "")
    assert "<svg" not in html


@pytest.mark.parametrize("name", TEXTS)
def test_text_of_strangers_is_text_in_every_format(name: str):
    """Neither markup, nor a command to a terminal or a CI runner; the JSON gives it back."""
    summary = with_text(TEXTS[name])
    html, text, markdown = bench_html(summary, {}), bench_text(summary), bench_markdown(summary)
    plain = bench_html(with_text("x"), {})
    assert Seen(html) == Seen(plain)
    for shown in (text, markdown, html):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::") or "##" in line]
    assert as_json(bench_json(summary)).isprintable() is False  # line ends, and nothing else that is hidden
    assert len(markdown.splitlines()) == len(bench_markdown(with_text("x")).splitlines())


@pytest.mark.parametrize("name", ["script", "formula", "escapes", "svg"])
def test_text_of_strangers_is_text_in_figures(name: str):
    """Each figure is one drawing of the same elements, whatever its labels say."""
    for figure in bench_figures(with_text(TEXTS[name])).values():
        tags = {element.tag.partition("}")[2] for element in ElementTree.fromstring(figure).iter()}
        assert tags <= {"svg", "g", "defs", "path", "rect", "use", "clipPath", "text", "title", "desc"}
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", figure)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example, and one full of hostile text, on disk."""
    found = {}
    hostile = "<script>alert(1)</script> {{ 7*7 }} \u202e | `x` " + "x" * 5_000 + " \u8996\u983b" * 50
    for name, summary in (("plain", bench()), ("hostile", with_text(hostile))):
        directory = tmp_path_factory.mktemp(name)
        write_bench(summary, directory)
        found[name] = directory / "bench.html"
    return found


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_the_page_is_quiet_and_fits(
    visit: Callable[..., Visit], pages: dict[str, Path], name: str, width: int, theme: str
):
    """No console message, no request but for the file, no scrolling sideways, text that can be read."""
    look = visit(width, theme)
    page = look.open(pages[name])
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert page.evaluate(CONTRAST) == []
    assert look.said == []
    assert look.asked == [pages[name].as_uri()]


OVERLAPS = """() => {
  const found = [];
  for (const figure of document.querySelectorAll("svg.figure")) {
    const edge = figure.getBoundingClientRect();
    const words = [...figure.querySelectorAll("text")];
    const boxes = words.map((node) => [node.textContent, node.getBoundingClientRect()]);
    boxes.forEach(([text, box], index) => {
      if (box.right > edge.right + 1 || box.left < edge.left - 1) found.push([text, "edge"]);
      for (const [other, there] of boxes.slice(index + 1)) {
        const apart = box.right <= there.left || there.right <= box.left
          || box.bottom <= there.top + 2 || there.bottom <= box.top + 2;
        if (!apart) found.push([text, other]);
      }
    });
  }
  return found;
}"""


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_no_label_of_a_figure_lies_over_another(
    visit: Callable[..., Visit], pages: dict[str, Path], name: str
):
    """As a browser sets them."""
    assert visit().open(pages[name]).evaluate(OVERLAPS) == []


def test_figures_tables_and_headings_have_names(visit: Callable[..., Visit], pages: dict[str, Path]):
    """As assistive technology finds them."""
    page = visit(400).open(pages["plain"])
    page.evaluate(OPEN_ALL)
    assert page.get_by_role("img").count() == 5
    assert page.get_by_role("img", name="Ratios of job times between two sellers").count() == 1
    table = page.get_by_role("table", name="Ratios of the times from request to video, simulated.")
    assert table.get_by_role("rowheader").count() == 3
    assert page.get_by_role("heading", level=1).count() == 1
