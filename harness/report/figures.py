"""Figures as SVG text and as PNG pictures, rendered by matplotlib, which is imported late.

The same record gives the same bytes: fixed hash salt, no date, our own settings whatever a user's
matplotlibrc says, text placed without measuring it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from harness.record import ModelRecord
from harness.report.drawings import draw_conformance, draw_estimates, draw_matrix
from harness.report.page import Group, Page
from harness.report.sheet import INK, Sheet
from harness.report.svg import cleaned
from harness.report.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "all_figures",
    "all_pictures",
    "conformance",
    "discrepancy_matrix",
    "estimates",
    "png_of",
    "svg_of",
]

_SETTINGS: Mapping[str, Any] = {"svg.fonttype": "none", "svg.hashsalt": "harness"}
_PNG_DPI = 144
_MARGIN = 12  # of a picture, which may be pasted where there is none


def all_figures(page: Page) -> dict[str, str]:
    """Every figure of a page by name, as SVG text; the names are those of `Page.figures`."""
    return {name: svg_of(sheet, name) for name, sheet in _sheets(page).items()}


def all_pictures(page: Page) -> dict[str, bytes]:
    """The same figures as PNG."""
    return {name: png_of(sheet) for name, sheet in _sheets(page).items()}


def _sheets(page: Page) -> dict[str, Sheet]:
    drawn = {group.figure: draw_matrix(group) for group in page.groups if group.rows}
    if "estimates" in page.figures:
        drawn["estimates"] = draw_estimates(page.groups)
    if "conformance" in page.figures:
        drawn["conformance"] = draw_conformance([model.record for model in page.models])
    return drawn


def discrepancy_matrix(group: Group) -> str:
    """Every row of one group's comparison by seller, dearest first."""
    return svg_of(draw_matrix(group), group.figure)


def estimates(groups: Iterable[Group]) -> str:
    """Documented estimates and recorded intervals on one logarithmic axis of seconds."""
    return svg_of(draw_estimates(groups), "estimates")


def conformance(models: Sequence[ModelRecord]) -> str:
    """Recorded messages by endpoint and provenance, and how many of them violate."""
    return svg_of(draw_conformance(models), "conformance")


def svg_of(sheet: Sheet, prefix: str) -> str:
    """One drawing as SVG text; `prefix` keeps its ids apart from those of other figures on a page."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    with _settings():
        figure = _figure(sheet, "none", 0)
        FigureCanvasSVG(figure)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    return cleaned(
        drawn.getvalue(),
        prefix=prefix,
        title=visible(sheet.title),
        description=visible(sheet.description, None),
    )


def png_of(sheet: Sheet) -> bytes:
    """One drawing as a PNG, dark on white with a margin, two pixels to each of the drawing's."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with _settings():
        figure = _figure(sheet, "white", _MARGIN)
        FigureCanvasAgg(figure)
        drawn = BytesIO()
        figure.savefig(drawn, format="png", dpi=_PNG_DPI, metadata={"Software": None})
    return drawn.getvalue()


def _figure(sheet: Sheet, paper: str, margin: float) -> Figure:
    """The drawing on paper of a colour, which is wider by a margin on each side."""
    from matplotlib.figure import Figure

    width, height = sheet.width + 2 * margin, sheet.height + 2 * margin
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=paper)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(-margin, sheet.width + margin)
    axes.set_ylim(sheet.height + margin, -margin)
    _draw(sheet, axes)
    return figure


@contextmanager
def _settings() -> Iterator[None]:
    """Matplotlib as it comes, but for ours; a user's own settings are put back afterwards."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from", category=UserWarning)
        settings: Any = matplotlib.rcParams
        settings.update({k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith("backend")})
        settings.update(_SETTINGS)
        yield


def _draw(sheet: Sheet, axes: Axes) -> None:
    from matplotlib.patches import Rectangle

    for box in sheet.boxes:
        style: dict[str, Any] = {"facecolor": box.fill, "edgecolor": box.edge, "alpha": box.alpha}
        axes.add_patch(
            Rectangle((box.x, box.y), box.width, box.height, linewidth=1.4, clip_on=False, **style)
        )
    for line in sheet.lines:
        style = {"color": line.colour, "linewidth": line.width, "solid_capstyle": "butt"}
        if line.dashes:  # in points, whatever the width of the line
            style |= {"linestyle": (0, tuple(part / line.width for part in line.dashes))}
        axes.plot(line.xs, line.ys, clip_on=False, **style)
    for mark, places in sheet.marks.items():
        xs, ys = zip(*places, strict=True)
        style = {
            "markerfacecolor": "none" if mark.hollow else mark.colour,
            "markeredgecolor": mark.colour,
            "markeredgewidth": 1.4 if mark.alpha == 1 else 0,
            "alpha": mark.alpha,
        }
        axes.plot(xs, ys, linestyle="none", marker=mark.shape, markersize=mark.size, clip_on=False, **style)
    for words in sheet.words:
        style = {"ha": words.align, "va": "baseline", "fontweight": "bold" if words.bold else "normal"}
        shown = visible(words.text)
        axes.text(words.x, words.y, shown, fontsize=words.size, color=INK, parse_math=False, **style)
