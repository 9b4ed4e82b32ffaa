"""Figures as SVG text."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from harness.report.figures import all_figures, conformance, discrepancy_matrix, estimates
from harness.report.page import page_of
from tests.report.example import ACME, GROUP, example, model

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def figures() -> dict[str, str]:
    """The figures of the example."""
    return all_figures(page_of(example()))


def test_every_figure_of_the_page_is_drawn(figures: dict[str, str]) -> None:
    """By the names that the page gives, and none for an empty run."""
    assert tuple(figures) == page_of(example()).figures
    assert all_figures(page_of(example(matrix=(), estimates=(), models=()))) == {}


def test_the_same_record_gives_the_same_bytes(figures: dict[str, str]) -> None:
    """Also with a user's own settings, which stay as they were."""
    with mpl.rc_context({"svg.fonttype": "path", "lines.linewidth": 9, "path.sketch": (1, 100, 2)}):
        page = page_of(example())
        again = {
            **{group.figure: discrepancy_matrix(group) for group in page.groups if group.rows},
            "estimates": estimates(page.groups),
            "conformance": conformance([one.record for one in page.models]),
        }
        assert mpl.rcParams["lines.linewidth"] == 9
    assert again == figures


def test_text_is_text_and_ink_follows_the_page(figures: dict[str, str]) -> None:
    """Words can be read and searched; no black that a dark page would swallow, no style, no date."""
    for name, svg in figures.items():
        root = ElementTree.fromstring(svg)
        words = list(root.iter(f"{SVG}text"))
        assert [element for element in words if (element.text or "").startswith("Acme")]
        assert {element.get("fill") for element in words} == {"currentColor"}
        assert not [part for part in ("style", "#000", "2026", "http://www.w3.org/1999") if part in svg]
        assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"


def test_ids_of_all_figures_are_apart(figures: dict[str, str]) -> None:
    """Three figures can stand on one page."""
    ids = [e.get("id") for svg in figures.values() for e in ElementTree.fromstring(svg).iter() if e.get("id")]
    assert len(ids) == len(set(ids)) > 6
    for svg in figures.values():
        root = ElementTree.fromstring(svg)
        own = {element.get("id") for element in root.iter()}
        assert {use.get("href", "")[1:] for use in root.iter(f"{SVG}use")} <= own


def test_text_of_strangers_is_shown_as_it_is() -> None:
    """Dollars are no formula, letters without a glyph no warning, controls visible."""
    svg = conformance([model(ACME, "$x^2$ 視頻 <g> \x1b[2J \u202e", GROUP)])
    root = ElementTree.fromstring(svg)
    assert "$x^2$ 視頻 <g> \\x1b[…" in [element.text for element in root.iter(f"{SVG}text")]


def test_the_library_is_loaded_late_and_without_its_window_system() -> None:
    """Importing the module costs nothing; drawing does not touch pyplot."""
    code = (
        "import sys, harness.report.figures as f, harness.report.html, harness.report.text\n"
        "heavy = {'matplotlib', 'jinja2', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "from harness.report.sheet import Sheet\n"
        "f.conformance([])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
