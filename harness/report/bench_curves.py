"""The figures of a benchmark that have times on an axis: survival curves, and the medians day by day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from harness.measurement.summary import BenchSummary, EstimateJudgement, Latency, ProviderSummary
from harness.report.bench_drawings import LEFT, PLOT, RIGHT, TOP, Series, head, series_of, whisker
from harness.report.bench_words import percent, quantile_text, seller_names, total_of
from harness.report.sheet import GREY, Sheet, fitted
from harness.report.words import counted, estimate_text, seconds
from harness.stats.interval import CONFIDENCE

__all__ = ["draw_days", "draw_survival"]

_PANEL, _LINE = 220, 20
_STEPS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400)
_STATED = (1, 3)  # the dashes of what is documented; no seller has them
_CLOSEST = 0.7  # points of a curve that lie nearer to each other than this are one


class _Seconds:
    """Seconds from left to right, evenly."""

    def __init__(self, most_s: float) -> None:
        self.most_s = max(most_s, 1.0) * 1.04

    def x(self, value_s: float) -> float:
        """Where a time stands; what lies beyond the axis stands at its end."""
        return LEFT + PLOT * min(max(value_s, 0.0), self.most_s) / self.most_s

    def ticks(self) -> Iterator[float]:
        """At most eight times, evenly apart."""
        step = next((step for step in _STEPS_S if self.most_s / step <= 8), _STEPS_S[-1])
        yield from range(0, int(self.most_s) + 1, step)


# --- survival


def draw_survival(summary: BenchSummary) -> Sheet:
    """The share of jobs not done by a time, and below it what is documented and what was measured."""
    timed = [(one, total) for one in summary.providers if (total := total_of(one)) is not None]
    names, series = seller_names(summary), series_of(summary)
    axis = _Seconds(_most_s(summary, timed))
    rows = [row for one, total in timed for row in _rows(one, total)]
    sheet = Sheet(
        width=LEFT + PLOT + RIGHT,
        height=TOP + _PANEL + 46 + _LINE * len(rows),
        title="The share of jobs that are not done yet, by time",
        description=" ".join(_survival_words(one, total, names) for one, total in timed),
    )
    head(sheet, summary, CONFIDENCE)
    bottom = TOP + _PANEL
    _panel(sheet, axis)
    for index, (one, total) in enumerate(timed):
        key = (one.model, one.mode)
        _curve(sheet, axis, total, series[key], cap_s=summary.cap_s)
        label = f"{names[key]}, {counted(total.jobs, f'{one.provenance.value} job')}"
        _legend(sheet, TOP + 10 + _LINE * index, series[key], label)
    _legend_of_marks(sheet, TOP + 20 + _LINE * len(timed), timed)
    for index, (one, what, detail) in enumerate(rows):
        y = bottom + 46 + _LINE * (index + 0.5)
        key = (one.model, one.mode)
        name = names[key] if index == 0 or rows[index - 1][0] is not one else ""
        _row(sheet, axis, y, (fitted(name, LEFT - 8, 11.5), what, detail), series[key])
    return sheet


_Detail = Latency | EstimateJudgement
_Row = tuple[ProviderSummary, str, _Detail]


def _rows(provider: ProviderSummary, total: Latency) -> Iterator[_Row]:
    """What was measured of a seller, then each of its documented times, or that there is none."""
    yield provider, provider.provenance.value, total
    for estimate in provider.estimates:
        yield provider, "documented" if estimate.min_s is not None else "", estimate


def _most_s(summary: BenchSummary, timed: Sequence[tuple[ProviderSummary, Latency]]) -> float:
    ends = [60.0]
    for provider, total in timed:
        ends += [t_s for t_s, share in total.survival if share > 0.005]
        ends += [summary.cap_s] if total.censored else []
        ends += [end for one in provider.estimates for end in (one.min_s, one.max_s) if end]
        ends += [end for one in total.quantiles[:1] for end in (one.value_s, one.high_s) if end]
    return max(ends)


def _panel(sheet: Sheet, axis: _Seconds) -> None:
    bottom = TOP + _PANEL
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = bottom - (_PANEL - 10) * share
        sheet.line([LEFT, LEFT + PLOT], [y, y], colour=GREY, width=0.5)
        sheet.text(LEFT - 8, y + 4, percent(share), size=11, align="right")
    for tick in axis.ticks():
        x = axis.x(tick)
        sheet.line([x, x], [bottom, bottom + 5], colour=GREY)
        sheet.text(x, bottom + 18, seconds(tick), size=11, align="center")
    sheet.text(LEFT + PLOT / 2, bottom + 34, "seconds from the request", size=11, align="center")
    sheet.text(0, TOP + 14, "not done yet", size=11)


def _curve(sheet: Sheet, axis: _Seconds, total: Latency, style: Series, *, cap_s: float) -> None:
    points = [(0.0, 1.0), *total.survival]
    if total.censored and points[-1][0] < cap_s:
        points.append((cap_s, points[-1][1]))
    places = _thinned([(axis.x(t_s), _share_y(share)) for t_s, share in points])
    xs, ys = zip(*places, strict=True)
    sheet.line(xs, ys, colour=style.colour, width=2, dashes=style.dashes)
    middle = next((t_s for t_s, share in points if share <= 0.5), None)
    if middle is not None:
        sheet.mark((axis.x(middle), _share_y(_share_at(points, middle))), style.shape, colour=style.colour)
    for t_s in sorted(set(total.censored_s)):
        sheet.mark((axis.x(t_s), _share_y(_share_at(points, t_s))), "|", colour=style.colour, size=14)


def _share_y(share: float) -> float:
    return TOP + _PANEL - (_PANEL - 10) * min(max(share, 0.0), 1.0)


def _share_at(points: Sequence[tuple[float, float]], t_s: float) -> float:
    """Between two points of the curve, on the straight line between them."""
    at = bisect_left([when for when, _ in points], t_s)
    if at == 0 or at == len(points):
        return points[min(at, len(points) - 1)][1]
    (before, high), (after, low) = points[at - 1], points[at]
    return high if after == before else high + (low - high) * (t_s - before) / (after - before)


def _thinned(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points that can be told apart, and the last one."""
    kept = [places[0]]
    for x, y in places[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _CLOSEST:
            kept.append((x, y))
    return [*kept, places[-1]] if len(places) > 1 else [*kept, places[0]]


def _legend(sheet: Sheet, y: float, style: Series, label: str) -> None:
    x = LEFT + PLOT + 16
    sheet.line([x, x + 36], [y, y], colour=style.colour, width=2, dashes=style.dashes)
    sheet.mark((x + 18, y), style.shape, colour=style.colour)
    sheet.text(x + 46, y + 4, fitted(label, RIGHT - 66, 11.5), size=11.5)


def _legend_of_marks(sheet: Sheet, y: float, timed: Sequence[tuple[ProviderSummary, Latency]]) -> None:
    x = LEFT + PLOT + 16
    given_up = sum(total.censored for _, total in timed)
    if given_up:
        sheet.mark((x + 18, y), "|", colour=GREY, size=14)
        sheet.text(x + 46, y + 4, f"given up: {counted(given_up, 'job')} in all", size=11.5)
        y += _LINE
    if any(one.min_s is not None for provider, _ in timed for one in provider.estimates):
        sheet.line([x + 18, x + 18], [y - 8, y + 8], colour=GREY, width=0.9, dashes=_STATED)
        sheet.text(x + 46, y + 4, "documented time", size=11.5)


def _row(sheet: Sheet, axis: _Seconds, y: float, told: tuple[str, str, _Detail], style: Series) -> None:
    name, what, detail = told
    if isinstance(detail, Latency):
        sheet.text(0, y + 4, name, size=11.5, bold=True)
        said = _median_mark(sheet, axis, y, detail, style)
    else:
        said = _documented_mark(sheet, axis, y, detail, style)
    sheet.text(LEFT + PLOT + 16, y + 4, fitted(f"{what} {said}".strip(), RIGHT - 16, 11), size=11)


def _median_mark(sheet: Sheet, axis: _Seconds, y: float, total: Latency, style: Series) -> str:
    median = next((one for one in total.quantiles if one.p == 0.5), None)
    if median is None:
        return "in too few jobs for a median"
    if median.low_s is not None or median.high_s is not None:
        ends = (
            axis.x(median.low_s if median.low_s is not None else 0),
            axis.x(median.high_s if median.high_s is not None else axis.most_s),
        )
        whisker(sheet, ends, y, style.colour, (median.low_s is None, median.high_s is None))
    if median.value_s is not None:
        sheet.mark((axis.x(median.value_s), y), style.shape, colour=style.colour, size=8)
    return f"median {quantile_text(median, brief=True)}"


def _documented_mark(
    sheet: Sheet, axis: _Seconds, y: float, estimate: EstimateJudgement, style: Series
) -> str:
    """The mark in its row, and up through the curves a thin line at each end."""
    if estimate.min_s is None:
        return "no time is documented"
    high_s = estimate.max_s if estimate.max_s is not None else axis.most_s
    low, high = axis.x(estimate.min_s), axis.x(high_s)
    for x in dict.fromkeys((low, high) if estimate.max_s is not None else (low,)):
        sheet.line([x, x], [TOP + 4, TOP + _PANEL], colour=style.colour, width=0.9, dashes=_STATED)
    if high - low > 2:
        sheet.box((low, y - 5), (high - low, 10), fill=style.colour, alpha=0.35)
    else:
        sheet.mark((low, y), style.shape, colour=style.colour, size=9, hollow=True)
    if estimate.max_s is None:
        sheet.mark((high, y), ">", colour=style.colour, size=7)
    figure = estimate_text(estimate.min_s, estimate.max_s, open_ended=estimate.max_s is None)
    return f"{figure}: {estimate.verdict.value}"


def _survival_words(provider: ProviderSummary, total: Latency, names: Mapping[tuple[str, str], str]) -> str:
    median = next((one for one in total.quantiles if one.p == 0.5), None)
    told = "no median" if median is None else f"median {quantile_text(median)}"
    stated = [
        f"documented {estimate_text(one.min_s, one.max_s, open_ended=one.max_s is None)}"
        for one in provider.estimates
        if one.min_s is not None
    ]
    ends = f"{total.censored:,} of {total.jobs:,} not ended"
    return f"{names[provider.model, provider.mode]}: {'; '.join([told, ends, *stated])}."


# --- day by day


def draw_days(summary: BenchSummary) -> Sheet:
    """The median of each day, for each seller."""
    timed = [
        (one, total) for one in summary.providers if (total := total_of(one)) is not None and total.by_day
    ]
    days = sorted({day.day for _, total in timed for day in total.by_day})
    names, series = seller_names(summary), series_of(summary)
    medians = [day.median_s for _, total in timed for day in total.by_day if day.median_s is not None]
    scale = _Scale(medians)
    sheet = Sheet(
        width=LEFT + PLOT + RIGHT,
        height=TOP + _PANEL + 30,
        title="The median of each day",
        description=f"{counted(len(days), 'day')}. "
        + " ".join(_day_words(one, total, names) for one, total in timed),
    )
    head(sheet, summary)
    _day_panel(sheet, days, scale)
    for index, (one, total) in enumerate(timed):
        key = (one.model, one.mode)
        _day_line(sheet, days, (scale, TOP + 4 + 4 * (index % 5)), total, series[key])
        _legend(sheet, TOP + 10 + _LINE * index, series[key], f"{names[key]}, {one.provenance.value}")
    if any(day.median_s is None for _, total in timed for day in total.by_day):
        y = TOP + 20 + _LINE * len(timed)
        sheet.mark((LEFT + PLOT + 34, y), "^", colour=GREY, hollow=True)
        sheet.text(LEFT + PLOT + 62, y + 4, "longer than was waited for", size=11.5)
    return sheet


def _day_x(days: Sequence[str], day: str) -> float:
    return LEFT + 10 + (PLOT - 20) * days.index(day) / max(len(days) - 1, 1)


class _Scale:
    """Seconds upwards, from a step below the least median to above the greatest."""

    def __init__(self, medians: Sequence[float]) -> None:
        least, most = min(medians, default=0.0), max(medians, default=60.0)
        span = max(most - least, most * 0.1, 1.0)
        self.step = next((step for step in _STEPS_S if span / step <= 5), _STEPS_S[-1])
        self.low_s = max(least // self.step - 1, 0) * self.step
        self.high_s = most + 0.1 * span

    def y(self, value_s: float) -> float:
        return TOP + _PANEL - (_PANEL - 24) * (value_s - self.low_s) / (self.high_s - self.low_s)

    def ticks(self) -> Iterator[float]:
        yield from range(int(self.low_s), int(self.high_s) + 1, self.step)


def _day_panel(sheet: Sheet, days: Sequence[str], scale: _Scale) -> None:
    bottom = TOP + _PANEL
    for tick in scale.ticks():
        y = scale.y(tick)
        sheet.line([LEFT, LEFT + PLOT], [y, y], colour=GREY, width=0.5)
        sheet.text(LEFT - 8, y + 4, f"{seconds(tick)} s", size=11, align="right")
    last = -100.0
    for day in days:
        x = _day_x(days, day)
        if x - last > 78:
            last = x
            sheet.line([x, x], [bottom, bottom + 5], colour=GREY)
            sheet.text(x, bottom + 18, day, size=11, align="center")


def _day_line(
    sheet: Sheet, days: Sequence[str], at: tuple[_Scale, float], total: Latency, style: Series
) -> None:
    """Its medians; a hidden one stands at the top, each seller's at a height of its own."""
    (scale, top), places = at, []
    for day in total.by_day:
        x = _day_x(days, day.day)
        if day.median_s is None:
            sheet.mark((x, top), "^", colour=style.colour, hollow=True)
            continue
        places.append((x, scale.y(day.median_s)))
        sheet.mark(places[-1], style.shape, colour=style.colour, size=6)
    if len(places) > 1:
        xs, ys = zip(*places, strict=True)
        sheet.line(xs, ys, colour=style.colour, width=1.4, dashes=style.dashes)


def _day_words(provider: ProviderSummary, total: Latency, names: Mapping[tuple[str, str], str]) -> str:
    medians = [day.median_s for day in total.by_day if day.median_s is not None]
    name = names[provider.model, provider.mode]
    if not medians:
        return f"{name}: no median of any day."
    hidden = len(total.by_day) - len(medians)
    more = f", and {counted(hidden, 'day')} longer than was waited for" if hidden else ""
    return f"{name}: from {seconds(min(medians))} s to {seconds(max(medians))} s{more}."
