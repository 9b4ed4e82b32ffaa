"""A sheet of paper measured in pixels, on which matplotlib draws and which comes out as clean SVG."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any

from harness.report.svg import INK, cleaned
from harness.report.visible import visible

__all__ = ["BLUE", "GREY", "ORANGE", "Canvas"]

# Dark enough on white, light enough on black (3:1 or more on both), and apart for colour-blind eyes.
BLUE = "#2f7fc1"
ORANGE = "#d1600a"
GREY = "#7d8590"


class Canvas:
    """x grows to the right, y downwards, both in pixels. Text is placed by its base line."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
        FigureCanvasSVG(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)

    def text(self, x: float, y: float, text: str, *, size: float = 12, bold: bool = False, align: str = "left") -> None:
        """`align` says what stands at x: the text's `left`, `center` or `right`."""
        self._axes.text(
            x,
            y,
            visible(text, 120),
            fontsize=size,
            fontweight="bold" if bold else "normal",
            ha=align,
            va="baseline",
            color=INK,
            parse_math=False,
        )

    def line(self, xs: Sequence[float], ys: Sequence[float], *, colour: str = INK, width: float = 1, dash: str = "-") -> None:
        """Through the points; `dash` as matplotlib writes line styles."""
        self._axes.plot(xs, ys, color=colour, linewidth=width, linestyle=dash, solid_capstyle="butt")

    def mark(self, x: float, y: float, shape: str, *, colour: str = INK, size: float = 8, hollow: bool = False) -> None:
        """One marker; `shape` as matplotlib names markers."""
        fill = "none" if hollow else colour
        self._axes.plot([x], [y], marker=shape, markersize=size, markerfacecolor=fill, markeredgecolor=colour, markeredgewidth=1.4)

    def box(self, x: float, y: float, width: float, height: float, *, fill: str | None = None, edge: str | None = None, alpha: float = 1) -> None:
        """A rectangle with its upper left corner at (x, y)."""
        from matplotlib.patches import Rectangle

        style: dict[str, Any] = {"facecolor": fill or "none", "edgecolor": edge or "none", "linewidth": 1.4, "alpha": alpha}
        self._axes.add_patch(Rectangle((x, y), width, height, **style))

    def svg(self, *, prefix: str, title: str, description: str) -> str:
        """The sheet as an `<svg>` element; the same strokes give the same text."""
        sheet = StringIO()
        self._figure.savefig(sheet, format="svg", metadata={"Date": None, "Creator": None})
        return cleaned(
            sheet.getvalue(),
            prefix=prefix,
            title=visible(title),
            description=visible(description),
        )
