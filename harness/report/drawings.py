"""The three figures of a report, as strokes. What is told by colour is told by shape or words as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil, log

from harness.compare.matrix import Row
from harness.record import EstimateLine, ModelRecord
from harness.report.page import Group, Standing, conformance_text, short_names, standings
from harness.report.sheet import BLUE, GREY, ORANGE, Sheet, fitted
from harness.report.values import cost_text, facet_text, parameter_text
from harness.report.words import (
    PROVENANCES,
    counted,
    estimate_text,
    interval_text,
    joined,
    statement_text,
)

# --- the comparison


__all__ = ["draw_conformance", "draw_estimates", "draw_matrix"]

_LABEL, _COLUMN, _ROW, _GAP = 218, 66, 19, 28
_MARKS: Mapping[Standing, str] = {
    Standing.AGREES: "the value of most",
    Standing.DIFFERS: "another value",
    Standing.UNDOCUMENTED: "undocumented",
    Standing.ABSENT: "documented as absent",
}


def draw_matrix(group: Group) -> Sheet:
    """Every row of one group's comparison by seller, dearest first, in one block or two side by side."""
    lines = list(_matrix_lines(group))
    blocks = _blocks(lines)
    names = short_names(group.models)
    width = len(blocks) * (_LABEL + _COLUMN * len(names)) + _GAP * (len(blocks) - 1)
    height = 64 + _ROW * max((len(block) for block in blocks), default=0)
    sheet = Sheet(
        width=max(width, 640),
        height=height,
        title=f"Where the sellers of {group.name} differ",
        description=_matrix_description(group),
    )
    _matrix_legend(sheet)
    for index, block in enumerate(blocks):
        _matrix_block(sheet, index * (_LABEL + _COLUMN * len(names) + _GAP), names, block)
    return sheet


_Line = str | list[Row]  # a heading, or rows that share one line


def _matrix_lines(group: Group) -> Iterator[_Line]:
    for cost, rows in groupby(group.discrepant, key=lambda row: row.cost_rank):
        yield cost_text(cost)
        yield from ([row] for row in rows)
    if group.agreeing:
        yield "All agree"
        yield from (list(rows) for _, rows in groupby(group.agreeing, key=lambda row: row.parameter))


def _blocks(lines: list[_Line]) -> list[list[_Line]]:
    if len(lines) <= 30:
        return [lines]
    half = ceil(len(lines) / 2)
    headings = [index for index, line in enumerate(lines) if isinstance(line, str)]
    near = min(headings, key=lambda index: abs(index - half))
    middle = near if abs(near - half) <= len(lines) / 8 else half
    return [lines[:middle], lines[middle:]]


def _matrix_legend(sheet: Sheet) -> None:
    x = 0.0
    for standing, meaning in _MARKS.items():
        _standing_mark(sheet, x + 12, 12, standing)
        sheet.text(x + 28, 16, meaning, size=11.5)
        x += 52 + 6.8 * len(meaning)


def _standing_mark(sheet: Sheet, x: float, y: float, standing: Standing) -> None:
    if standing is Standing.AGREES:
        sheet.mark((x, y), "o", colour=BLUE, size=6)
    elif standing is Standing.DIFFERS:
        sheet.mark((x, y), "s", colour=ORANGE, size=16, alpha=0.22)
        sheet.mark((x, y), "D", colour=ORANGE, size=6)
    elif standing is Standing.UNDOCUMENTED:
        sheet.text(x, y + 4, "?", size=12, align="center")
    else:
        sheet.line([x - 6, x + 6], [y, y], width=1.6)


def _matrix_block(sheet: Sheet, x: float, names: Mapping[str, str], lines: list[_Line]) -> None:
    right = x + _LABEL + _COLUMN * len(names)
    for column, name in enumerate(names.values()):
        middle = x + _LABEL + _COLUMN * (column + 0.5)
        sheet.text(middle, 44, fitted(name, _COLUMN - 4, 11), size=11, bold=True, align="center")
    for index, line in enumerate(lines):
        y = 52 + _ROW * (index + 0.5)
        if isinstance(line, str):
            sheet.text(x, y + 5, line, size=11.5, bold=True)
            sheet.line([x, right], [y + 9, y + 9], colour=GREY, width=0.8)
            continue
        sheet.text(x, y + 4, fitted(_row_name(line), _LABEL - 8, 11.5), size=11.5)
        stand = standings(line[0])
        for column, model in enumerate(names):
            if model in stand:
                _standing_mark(sheet, x + _LABEL + _COLUMN * (column + 0.5), y, stand[model])


def _row_name(rows: list[Row]) -> str:
    first = rows[0]
    if len(rows) > 1:
        return f"{parameter_text(first.parameter)}: {len(rows):,} facets"
    return f"{parameter_text(first.parameter)}: {facet_text(first.parameter, first.facet)}"


def _matrix_description(group: Group) -> str:
    rows = group.rows
    parts = []
    for model, name in short_names(group.models).items():
        count = [standings(row).get(model) for row in rows]
        said = [f"{count.count(standing)} {standing.value}" for standing in Standing]
        parts.append(f"{name}: {joined(said)}")
    return (
        f"{counted(len(rows), 'row')}, {len(group.discrepant):,} of them discrepant; the table below the "
        f"figure holds every value. {'; '.join(parts)}."
    )


# --- times

_TICKS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600, 7200, 21600, 86400)
_LEFT, _PLOT, _RIGHT, _LINE = 236, 320, 210, 22


def draw_estimates(groups: Iterable[Group]) -> Sheet:
    """Documented estimates and recorded intervals on one logarithmic axis of seconds, group by group."""
    listed = [group for group in groups if group.estimates]
    count = sum(len(list(_time_lines(group))) + 1 for group in listed)
    sheet = Sheet(
        width=_LEFT + _PLOT + _RIGHT,
        height=58 + _LINE * count,
        title="Documented estimates and recorded job times",
        description=" ".join(_time_descriptions(listed)),
    )
    axis = _Axis([line for group in listed for line in group.estimates])
    axis.draw(sheet, 50, sheet.height - 6)
    _time_legend(sheet)
    y = 50.0
    for group in listed:
        y += _LINE
        sheet.text(0, y - 4, fitted(group.name, _LEFT + 60), bold=True)
        for name, line, jobs in _time_lines(group):
            y += _LINE
            _time_line(sheet, axis, y - _LINE / 2, name, line, jobs=jobs)
    return sheet


class _Axis:
    """Seconds, logarithmic, over all that is to be shown."""

    def __init__(self, lines: Iterable[EstimateLine]) -> None:
        ends = [end for line in lines for end in _ends(line) if end]
        self.low_s, self.high_s = min(ends, default=30) / 1.6, max(ends, default=600) * 1.6

    def x(self, value_s: float) -> float:
        """Where a time stands; what lies beyond the axis stands at its end."""
        value = min(max(value_s, self.low_s), self.high_s)
        return _LEFT + _PLOT * log(value / self.low_s) / log(self.high_s / self.low_s)

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Ticks with their times, at a distance that leaves them legible."""
        last = -100.0
        for tick in _TICKS_S:
            if self.low_s <= tick <= self.high_s and self.x(tick) - last > 40:
                last = self.x(tick)
                sheet.line([last, last], [top, bottom], colour=GREY, width=0.4)
                sheet.text(last, top - 6, f"{tick:,} s", size=11, align="center")


def _ends(line: EstimateLine) -> Iterator[float | None]:
    yield from (line.min_s, line.max_s)
    for job in line.jobs:
        yield from (job.low_s, job.high_s)


def _time_lines(group: Group) -> Iterator[tuple[str, EstimateLine, bool]]:
    """A row for each documented figure, then one for each provenance of jobs set against it."""
    names = short_names(group.models)
    shown: set[tuple[str, str | None, str]] = set()
    for line in group.estimates:
        key = (line.model, line.name, line.mode)
        if key not in shown:
            yield names[line.model], line, False
            shown.add(key)
        if line.jobs:
            yield names[line.model], line, True


def _time_legend(sheet: Sheet) -> None:
    sheet.mark((6, 12), "D", colour=BLUE, size=7)
    sheet.text(18, 16, "documented figure", size=11.5)
    sheet.line([146, 170], [12, 12], colour=BLUE, width=5)
    sheet.text(177, 16, "documented range", size=11.5)
    _interval_mark(sheet, 302, 326, 12)
    sheet.text(334, 16, "when a recorded job ended: within this interval", size=11.5)


def _time_line(sheet: Sheet, axis: _Axis, y: float, name: str, line: EstimateLine, *, jobs: bool) -> None:
    if jobs:
        for job in line.jobs:
            _interval_mark(sheet, axis.x(job.low_s), None if job.high_s is None else axis.x(job.high_s), y)
        said = counted(len(line.jobs), f"{line.provenance or 'unknown'} job")
        said += f": {interval_text(line.jobs[0])}" if len(line.jobs) == 1 else ""
    else:
        sheet.text(
            0, y + 4, fitted(f"{name}, {statement_text(line.kind, line.mode)}", _LEFT - 6, 11), size=11.5
        )
        _figure_mark(sheet, axis, y, line)
        said = estimate_text(line.min_s, line.max_s, open_ended=line.open_ended)
        said += ", documented" if line.min_s is not None else ""
    sheet.text(_LEFT + _PLOT + 10, y + 4, said, size=11.5)


def _figure_mark(sheet: Sheet, axis: _Axis, y: float, line: EstimateLine) -> None:
    if line.min_s is None:
        return
    low, high = axis.x(line.min_s), axis.x(line.max_s if line.max_s is not None else axis.high_s)
    if high - low < 2:
        sheet.mark((low, y), "D", colour=BLUE, size=7)
    else:
        sheet.line([low, high], [y, y], colour=BLUE, width=5)
    if line.open_ended or line.max_s is None:
        sheet.mark((high + 6, y), ">", colour=BLUE, size=7)


def _interval_mark(sheet: Sheet, low: float, high: float | None, y: float) -> None:
    """Capped at both ends; an end that was not seen is an arrow."""
    end = low + 18 if high is None else max(high, low + 2)
    sheet.line([low, end], [y, y], colour=ORANGE, width=1.6)
    sheet.line([low, low], [y - 5, y + 5], colour=ORANGE, width=1.6)
    if high is None:
        sheet.mark((end, y), ">", colour=ORANGE, size=6, hollow=True)
    else:
        sheet.line([end, end], [y - 5, y + 5], colour=ORANGE, width=1.6)


def _time_descriptions(groups: Iterable[Group]) -> Iterator[str]:
    for group in groups:
        for name, line, jobs in _time_lines(group):
            if jobs:
                times = joined([interval_text(job) for job in line.jobs[:6]])
                more = " and more" if len(line.jobs) > 6 else ""
                yield f"{name}, {counted(len(line.jobs), f'{line.provenance} job')}: {times}{more}."
            else:
                figure = estimate_text(line.min_s, line.max_s, open_ended=line.open_ended)
                yield f"{name}, {statement_text(line.kind, line.mode)}: {figure}."


# --- conformance


_BAR, _ENDPOINT, _LEGEND = 352, 72, 52  # narrow enough for a phone


def draw_conformance(models: Sequence[ModelRecord]) -> Sheet:
    """Recorded messages by endpoint: how many were judged, of which provenance, and how many violate."""
    most = max((sum(model.messages.values()) for model in models), default=0) or 1
    sheet = Sheet(
        width=_BAR + 8,
        height=_LEGEND + _ENDPOINT * len(models),
        title="Recorded messages judged, by endpoint",
        description=" ".join(f"{model.id}: {conformance_text(model)}." for model in models),
    )
    _conformance_legend(sheet)
    for index, model in enumerate(models):
        _conformance_bar(sheet, _LEGEND + _ENDPOINT * index, model, _BAR / most)
    return sheet


def _conformance_legend(sheet: Sheet) -> None:
    x = 4.0
    for name in PROVENANCES:
        _provenance_box(sheet, (x, 6), (24, 12), name)
        sheet.text(x + 31, 16, name, size=11.5)
        x += 58 + 6.8 * len(name)
    sheet.box((4, 29), (24, 6), fill=ORANGE)
    sheet.text(35, 36, "of these, violating", size=11.5)


def _provenance_box(sheet: Sheet, at: tuple[float, float], size: tuple[float, float], name: str) -> None:
    """Live is solid, simulated is pale with an edge, documented is an edge alone, unknown a grey edge."""
    alpha = {"live": 1.0, "simulated": 0.35}.get(name)
    if alpha is not None:
        sheet.box(at, size, fill=BLUE, alpha=alpha)
    sheet.box(at, size, edge=GREY if name == "unknown" else BLUE)


def _conformance_bar(sheet: Sheet, y: float, model: ModelRecord, scale: float) -> None:
    sheet.text(4, y + 14, fitted(model.provider, 130), bold=True)
    sheet.text(_BAR + 4, y + 14, fitted(model.id.split("/", 1)[-1], 210, 11), size=11, align="right")
    x = 4.0
    for name in (*PROVENANCES, "unknown"):
        width = model.messages.get(name, 0) * scale
        if width:
            _provenance_box(sheet, (x, y + 22), (width, 12), name)
            x += width
    if model.messages_violating:
        sheet.box((4, y + 37), (model.messages_violating * scale, 6), fill=ORANGE)
    sheet.text(4, y + 57 if model.messages_violating else y + 49, _judged_text(model), size=11.5)


def _judged_text(model: ModelRecord) -> str:
    counts = [f"{number:,} {name}" for name, number in model.messages.items() if number]
    violating = f"{model.messages_violating:,}" if model.messages_violating else "none"
    return f"{joined(counts)}; {violating} violating" if counts else "nothing recorded"
