"""What is to be drawn: strokes on paper measured in pixels, x to the right, y downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.report.visible import visible

__all__ = ["BLUE", "GREY", "INK", "ORANGE", "Box", "Line", "Mark", "Sheet", "Words", "fitted"]

# Dark enough on white, light enough on black (3:1 or more on both), and apart for colour-blind eyes.
BLUE = "#2f7fc1"
ORANGE = "#d1600a"
GREY = "#7d8590"
INK = "#010203"  # stands for the colour of the text around the figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text on its base line; `align` says what of it stands at x: `left`, `center` or `right`."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    align: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Straight lines from point to point; `dashes` are lengths of strokes and gaps, none for a whole line."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    colour: str
    width: float
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a marker looks; `shape` as matplotlib names markers."""

    shape: str
    colour: str
    size: float
    hollow: bool
    alpha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle with its upper left corner at (x, y); `none` for no fill or no edge."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str
    alpha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A drawing while it is made: boxes lie below lines, lines below marks, marks below words."""

    width: float
    height: float
    title: str
    description: str  # what a reader who does not see the figure is told
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: dict[Mark, list[tuple[float, float]]] = field(default_factory=dict)
    words: list[Words] = field(default_factory=list)

    def text(
        self, x: float, y: float, text: str, *, size: float = 12, bold: bool = False, align: str = "left"
    ) -> None:
        """Writes text on its base line."""
        self.words.append(Words(x=x, y=y, text=text, size=size, bold=bold, align=align))

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        colour: str = INK,
        width: float = 1,
        dashes: tuple[float, ...] = (),
    ) -> None:
        """Draws a line through the points (xs[0], ys[0]), (xs[1], ys[1]), …"""
        self.lines.append(Line(xs=tuple(xs), ys=tuple(ys), colour=colour, width=width, dashes=dashes))

    def mark(
        self,
        at: tuple[float, float],
        shape: str,
        *,
        colour: str,
        size: float = 7,
        hollow: bool = False,
        alpha: float = 1,
    ) -> None:
        """Draws a marker; those that look alike are kept together."""
        mark = Mark(shape=shape, colour=colour, size=size, hollow=hollow, alpha=alpha)
        self.marks.setdefault(mark, []).append(at)

    def box(
        self,
        at: tuple[float, float],
        size: tuple[float, float],
        *,
        fill: str = "none",
        edge: str = "none",
        alpha: float = 1,
    ) -> None:
        """Draws a rectangle."""
        (x, y), (width, height) = at, size
        self.boxes.append(Box(x=x, y=y, width=width, height=height, fill=fill, edge=edge, alpha=alpha))


def fitted(text: str, room: float, size: float = 12) -> str:
    """The text, made visible and cut so that it takes about `room` pixels at most."""
    most = max(int(room / (0.56 * size)), 1)
    shown = visible(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
