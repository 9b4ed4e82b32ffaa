"""Figures as SVG text."""

from __future__ import annotations

import struct
import subprocess
import sys
from io import BytesIO
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.image import imread

from harness.report.figures import all_figures, all_pictures, conformance, discrepancy_matrix, estimates
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


def _chunks(png: bytes) -> dict[str, bytes]:
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found[png[at + 4 : at + 8].decode("ascii")] = png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def test_every_figure_is_a_picture_too(figures: dict[str, str]) -> None:
    """Twice as large as the drawing, with a margin; dark and coloured on white; nothing in it of when."""
    pictures = all_pictures(page_of(example()))
    assert tuple(pictures) == tuple(figures)
    for name, png in pictures.items():
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        chunks = _chunks(png)
        assert set(chunks) == {"IHDR", "pHYs", "IDAT", "IEND"}
        svg = ElementTree.fromstring(figures[name])
        size = [2 * (float(svg.get(side, "0")) + 24) for side in ("width", "height")]
        assert list(struct.unpack(">II", chunks["IHDR"][:8])) == pytest.approx(size, abs=1)
        pixels = imread(BytesIO(png))[..., :3]
        assert (pixels[0, :] == 1).all()
        assert (pixels[:, 0] == 1).all()
        dark = (pixels.sum(axis=2) < 1).mean()
        coloured = (pixels.max(axis=2) - pixels.min(axis=2) > 0.3).mean()
        assert dark > 0.005, name
        assert coloured > 0.001, name


def test_the_same_record_gives_the_same_pictures() -> None:
    """Also with a user's own settings; text of strangers warns of nothing."""
    again = all_pictures(page_of(example()))
    with mpl.rc_context({"savefig.dpi": 9, "lines.linewidth": 9, "savefig.facecolor": "red"}):
        assert all_pictures(page_of(example())) == again
    record = example(models=(model(ACME, "$x^2$ 視頻 <g> \x1b[2J \u202e", GROUP),))
    assert set(all_pictures(page_of(record))) == set(again)


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
