"""The figures of a benchmark, as strokes.

Every seller has a colour, a dash and a marker of its own, so that none of them is needed alone. Words stand
in columns of their own beside the plot, where nothing is drawn over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from textwrap import wrap

from harness.measurement.summary import BenchSummary, Comparison, Proportion, ProviderSummary
from harness.report.bench_words import (
    evidence_text,
    model_names,
    number,
    percent,
    proportion_text,
    ratio_text,
    seller_names,
    unequal_text,
)
from harness.report.sheet import BLUE, GREY, ORANGE, Sheet, fitted
from harness.report.visible import visible
from harness.report.words import counted, joined
from harness.stats.interval import CONFIDENCE

__all__ = [
    "LEFT",
    "PLOT",
    "RIGHT",
    "STYLES",
    "TOP",
    "Series",
    "draw_availability",
    "draw_polls",
    "draw_ratios",
    "head",
    "series_of",
    "whisker",
]

LEFT, PLOT, RIGHT, ROW = 150, 330, 412, 30
TOP = 40  # the first line says what the figure rests on
_PLACES_MOST = 34
_WIDEST = 0.62  # of the size of a letter: what is wrapped is nobody's to shorten
_MOST_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """How one seller is drawn everywhere."""

    colour: str
    shape: str
    dashes: tuple[float, ...]


_GREEN, _PURPLE, _ROSE = "#0f8b7c", "#8f62c9", "#b8497f"
STYLES: tuple[Series, ...] = (
    Series(colour=BLUE, shape="o", dashes=()),
    Series(colour=ORANGE, shape="s", dashes=(7, 3)),
    Series(colour=_GREEN, shape="^", dashes=(2, 2)),
    Series(colour=_PURPLE, shape="D", dashes=(8, 3, 2, 3)),
    Series(colour=_ROSE, shape="v", dashes=(12, 4)),
    Series(colour=GREY, shape="P", dashes=(4, 2, 1, 2, 1, 2)),
    Series(colour=BLUE, shape="X", dashes=(4, 4)),
    Series(colour=ORANGE, shape="p", dashes=(12, 3, 4, 3)),
    Series(colour=_GREEN, shape="h", dashes=(6, 2, 6, 6)),
    Series(colour=_PURPLE, shape="*", dashes=(16, 8)),
)
"""As many as a benchmark has sellers and modes; what shares a colour has another dash and another marker."""


def series_of(summary: BenchSummary) -> dict[tuple[str, str], Series]:
    """The style of each (model, mode); where there are more than styles, they begin again."""
    keys = [(provider.model, provider.mode) for provider in summary.providers]
    return {key: STYLES[index % len(STYLES)] for index, key in enumerate(keys)}


def head(sheet: Sheet, summary: BenchSummary, sure: float | None = None) -> None:
    """The line that says whether anything was measured at a provider, and what the intervals are."""
    sheet.text(0, 16, evidence_text(summary), size=11.5, bold=True)
    if sure is not None:
        sheet.text(LEFT + PLOT + RIGHT, 16, f"Intervals: {percent(sure)} confidence", size=11, align="right")


# --- ratios


def draw_ratios(summary: BenchSummary) -> Sheet:
    """A row for each pair: the ratio with its interval, over the band of no meaningful difference."""
    pairs = [one for one in summary.comparisons if one.ratio is not None]
    names = model_names(summary)
    axis = _RatioAxis(pairs)
    told = [_told(one, names) for one in pairs]
    heights = [48 + 14 * len(lines) for lines in told]
    bottom = TOP + 26 + sum(heights)
    sheet = Sheet(
        width=LEFT + PLOT + RIGHT,
        height=bottom + 24,
        title="Ratios of job times between two sellers",
        description=" ".join(_ratio_words(one, names) for one in pairs),
    )
    levels = {one.level for one in pairs}
    head(sheet, summary, 1 - levels.pop() if len(levels) == 1 else None)
    axis.draw(sheet, TOP + 26, bottom, [one.equivalence_margin for one in pairs])
    sheet.text(axis.x(1) - 8, bottom + 18, "\u2190 first faster", size=11, align="right")
    sheet.text(axis.x(1) + 8, bottom + 18, "second faster \u2192", size=11)
    y = TOP + 46.0
    for one, lines, height in zip(pairs, told, heights, strict=True):
        _ratio_row(sheet, axis, y, one, names)
        _ratio_text(sheet, y, one, lines)
        y += height
    return sheet


def _told(one: Comparison, names: Mapping[str, str]) -> list[str]:
    """What is said of the two requests, in lines; it stands beside the ratio."""
    told = unequal_text(one, names) if one.mismatches else f"requests: {unequal_text(one, names)}"
    most = int((RIGHT - 30) / (_WIDEST * 11))
    return wrap(told, most, max_lines=_MOST_LINES, placeholder=" \u2026", break_on_hyphens=False)


class _RatioAxis:
    """Ratios, logarithmic, around 1."""

    def __init__(self, pairs: Sequence[Comparison]) -> None:
        ends = [end for one in pairs for end in (one.ratio, one.low, one.high) if end]
        ends += [1 + one.equivalence_margin for one in pairs]
        self.most = max([1.15, *(max(end, 1 / end) for end in ends)]) ** 1.15

    def x(self, ratio: float) -> float:
        """Where a ratio stands; what lies beyond the axis stands at its end."""
        value = min(max(ratio, 1 / self.most), self.most)
        return LEFT + PLOT * (0.5 + 0.5 * log(value) / log(self.most))

    def draw(self, sheet: Sheet, top: float, bottom: float, margins: Sequence[float]) -> None:
        """The bands, one line at 1, and ticks at a distance that leaves them legible."""
        for margin in sorted(set(margins)):
            low, high = self.x(1 / (1 + margin)), self.x(1 + margin)
            sheet.box((low, top), (high - low, bottom - top), fill=GREY, alpha=0.22)
        sheet.line([self.x(1)] * 2, [top, bottom], width=1.4)
        last = -100.0
        for tick in _RATIOS:
            x = self.x(tick)
            if 1 / self.most <= tick <= self.most and x - last > _PLACES_MOST and _clear(x, self.x(1), tick):
                last = x
                sheet.line([x, x], [top - 4, top], colour=GREY)
                sheet.text(x, top - 8, number(tick), size=11, align="center")


_RATIOS = (0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10)


def _clear(x: float, one: float, tick: float) -> bool:
    """The tick at 1 is always there, so its neighbours give way."""
    return tick == 1 or abs(x - one) > _PLACES_MOST


def _ratio_row(sheet: Sheet, axis: _RatioAxis, y: float, one: Comparison, names: Mapping[str, str]) -> None:
    first, second = (names.get(model, visible(model)) for model in (one.first, one.second))
    sheet.text(0, y + 2, fitted(first, LEFT - 10, 11.5), size=11.5, bold=True)
    sheet.text(0, y + 17, fitted(f"/ {second}", LEFT - 10, 11.5), size=11.5)
    ratio = one.ratio or 1
    low = axis.x(one.low) if one.low is not None else axis.x(0.001)
    high = axis.x(one.high) if one.high is not None else axis.x(1000)
    whisker(sheet, (low, high), y, BLUE, (one.low is None, one.high is None))
    sheet.mark((axis.x(ratio), y), "D", colour=BLUE, size=8)


def _ratio_text(sheet: Sheet, y: float, one: Comparison, lines: Sequence[str]) -> None:
    x = LEFT + PLOT + 12
    sheet.text(x, y - 4, fitted(ratio_text(one, brief=True), RIGHT - 12, 11), size=11)
    sheet.text(x, y + 11, fitted(one.verdict.value, RIGHT - 12, 11), size=11, bold=True)
    if one.mismatches:
        sheet.mark((x + 5, y + 22), "X", colour=ORANGE, size=8)
        x += 14
    for index, line in enumerate(lines):
        sheet.text(x, y + 26 + 14 * index, line, size=11)


def whisker(
    sheet: Sheet, ends: tuple[float, float], y: float, colour: str, is_open: tuple[bool, bool]
) -> None:
    """Capped at both ends; an end that is not known is an arrow."""
    sheet.line(ends, [y, y], colour=colour, width=2)
    for x, arrow, opened in zip(ends, "<>", is_open, strict=True):
        if opened:
            sheet.mark((x, y), arrow, colour=colour, size=7)
        else:
            sheet.line([x, x], [y - 5, y + 5], colour=colour, width=2)


def _ratio_words(one: Comparison, names: Mapping[str, str]) -> str:
    first, second = (names.get(model, visible(model)) for model in (one.first, one.second))
    said = f"{ratio_text(one)}, {one.verdict.value}; requests: {unequal_text(one, names)}"
    return f"{first} over {second}: {said}."


# --- polls and availability


def draw_polls(summary: BenchSummary) -> Sheet:
    """A bar for each seller: how often a job was asked for, on average."""
    names = seller_names(summary)
    polled = [one for one in summary.providers if one.polls_per_job is not None]
    most = max((one.polls_per_job or 0 for one in polled), default=1) or 1
    told = [f"{names[one.model, one.mode]}: {one.polls_per_job:.1f}" for one in polled]
    sheet = Sheet(
        width=LEFT + PLOT + RIGHT,
        height=TOP + ROW * len(polled),
        title="Polls for each job",
        description=f"On average, {joined(told)}.",
    )
    head(sheet, summary)
    series = series_of(summary)
    for index, one in enumerate(polled):
        y, style = TOP + ROW * index, series[one.model, one.mode]
        count = one.polls_per_job or 0
        sheet.text(0, y + 15, fitted(names[one.model, one.mode], LEFT - 10, 11.5), size=11.5)
        sheet.box((LEFT, y + 3), (PLOT * count / most, 16), fill=style.colour, alpha=0.35)
        sheet.mark((LEFT + PLOT * count / most, y + 11), style.shape, colour=style.colour)
        said = f"{count:.1f} polls a job, {counted(one.jobs, f'{one.provenance.value} job')}"
        sheet.text(LEFT + PLOT + 14, y + 15, said, size=11.5)
    return sheet


def draw_availability(summary: BenchSummary) -> Sheet:
    """For each seller the share of jobs that were delivered and of polls that were answered."""
    rows = [
        (provider, what, share)
        for provider in summary.providers
        for what, share in (("delivered", provider.success), ("polls answered", provider.poll_availability))
        if share.value is not None
    ]
    names = seller_names(summary)
    told = [f"{names[one.model, one.mode]}, {what}: {proportion_text(share)}." for one, what, share in rows]
    sheet = Sheet(
        width=LEFT + PLOT + RIGHT,
        height=TOP + 26 + ROW * len(rows),
        title="Delivered jobs and answered polls",
        description=" ".join(told),
    )
    head(sheet, summary, CONFIDENCE)
    low = _lowest(share for _, _, share in rows)
    _share_axis(sheet, low, TOP + 20, sheet.height - 4)
    for index, row in enumerate(rows):
        _share_row(sheet, low, TOP + 20 + ROW * (index + 0.5), row, summary, names)
    return sheet


def _lowest(shares: Iterable[Proportion]) -> float:
    """Where the axis begins: at 0, or close below what there is when all of it is high."""
    ends = [share.low if share.low is not None else 0.0 for share in shares]
    least = min(ends, default=0.0)
    return next((start for start in (0.9, 0.8, 0.5) if least > start), 0.0)


def _share_x(share: float, low: float) -> float:
    return LEFT + 16 + (PLOT - 16) * (share - low) / (1 - low)


def _share_axis(sheet: Sheet, low: float, top: float, bottom: float) -> None:
    for step in range(6):
        tick = low + (1 - low) * step / 5
        x = _share_x(tick, low)
        sheet.line([x, x], [top, bottom], colour=GREY, width=0.5)
        sheet.text(x, top - 6, percent(round(tick, 4)), size=11, align="center")


def _share_row(
    sheet: Sheet,
    low: float,
    y: float,
    row: tuple[ProviderSummary, str, Proportion],
    summary: BenchSummary,
    names: Mapping[tuple[str, str], str],
) -> None:
    provider, what, share = row
    style = series_of(summary)[provider.model, provider.mode]
    is_first = what == "delivered"
    if is_first:
        sheet.text(
            0, y + 4, fitted(names[provider.model, provider.mode], LEFT - 10, 11.5), size=11.5, bold=True
        )
    ends = (_share_x(share.low or 0.0, low), _share_x(1.0 if share.high is None else share.high, low))
    whisker(sheet, ends, y, style.colour, (False, False))
    sheet.mark(
        (_share_x(share.value or 0.0, low), y), style.shape, colour=style.colour, size=8, hollow=not is_first
    )
    sheet.text(LEFT + PLOT + 14, y + 4, f"{what}: {proportion_text(share, brief=True)}", size=11)
