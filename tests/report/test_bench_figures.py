"""The figures of a benchmark: what they show, and that nothing lies over anything else."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from xml.etree import ElementTree

import pytest

from harness.measurement.job import Provenance
from harness.measurement.summary import BenchSummary
from harness.report.bench_curves import draw_days, draw_survival
from harness.report.bench_drawings import (
    STYLES,
    draw_availability,
    draw_polls,
    draw_ratios,
    series_of,
)
from harness.report.bench_figures import bench_figures
from harness.report.sheet import GREY, Sheet
from tests.report.bench_example import ACME, BETA, bench, comparison, estimate, latency, provider

DRAW: tuple[Callable[[BenchSummary], Sheet], ...] = (
    draw_survival,
    draw_ratios,
    draw_days,
    draw_polls,
    draw_availability,
)
MANY = tuple(
    provider(
        f"a-seller-with-a-long-name-{n}/model-{n}",
        100.0 + 45 * n,
        total=latency(100.0 + 45 * n, censored=10 * n),
        estimates=(estimate(min_s=60 * n + 60, max_s=None), estimate(min_s=300, max_s=900)),
    )
    for n in range(8)
)
CROWDED = bench(
    providers=MANY,
    comparisons=tuple(
        comparison(one.model, other.model, ratio=0.3 + n / 9, low=0.2 + n / 12, high=0.4 + n / 6)
        for n, (one, other) in enumerate(combinations(MANY, 2))
    ),
)


def _texts(sheet: Sheet) -> list[str]:
    return [words.text for words in sheet.words]


def _boxes(sheet: Sheet) -> list[tuple[float, float, float, float, str]]:
    """About where each text stands: left, top, right, bottom."""
    found = []
    for words in sheet.words:
        width = len(words.text) * words.size * (0.6 if words.bold else 0.56)
        left = words.x - {"left": 0, "center": width / 2, "right": width}[words.align]
        found.append(
            (left, words.y - 0.75 * words.size, left + width, words.y + 0.2 * words.size, words.text)
        )
    return found


@pytest.mark.parametrize("draw", DRAW, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("summary", [bench(), CROWDED], ids=["three", "eight"])
def test_no_text_lies_over_another_or_beyond_the_edge(
    draw: Callable[[BenchSummary], Sheet], summary: BenchSummary
):
    """With few sellers and with many of long names."""
    sheet = draw(summary)
    boxes = _boxes(sheet)
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)
    for left, top, right, bottom, text in boxes:
        assert (left >= 0, right <= sheet.width, top >= 0, bottom <= sheet.height) == (True,) * 4, text


@pytest.mark.parametrize("draw", DRAW, ids=lambda draw: draw.__name__)
def test_each_figure_says_whether_anything_was_measured(draw: Callable[[BenchSummary], Sheet]):
    """In its first line, wherever it is pasted."""
    assert _texts(draw(bench()))[0].startswith("Simulated: no provider was measured.")
    assert _texts(draw(bench(provenance=Provenance.LIVE)))[0].startswith("Live: measured at the providers.")


def test_sellers_differ_by_more_than_colour():
    """Dash and marker are enough."""
    assert len({style.dashes for style in STYLES}) == len({style.shape for style in STYLES}) == len(STYLES)
    assert len({(style.shape, style.dashes) for style in series_of(bench()).values()}) == 3


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("colour", [*(style.colour for style in STYLES), GREY])
@pytest.mark.parametrize("paper", ["#ffffff", "#14161a"])
def test_every_colour_can_be_told_from_the_paper(colour: str, paper: str):
    """3 to 1 at least, in both themes (WCAG 2.2, 1.4.11)."""
    light, dark = sorted((_light(colour), _light(paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_the_curves_have_what_is_documented_and_what_was_given_up():
    """The estimate through the curves and in its row, the jobs that were given up as strokes on the curve."""
    sheet = draw_survival(bench())
    texts = [text.replace("\u2013", "-") for text in _texts(sheet)]
    assert "simulated median 148 s (141-157 s; 50 jobs, 25 days)" in texts
    assert "documented 170 s: consistent" in texts
    assert "documented 60-300 s: consistent" in texts
    assert "simulated median > 300 s (290 to over 300 s; 50 jobs, 25 days)" in texts
    assert "no time is documented" in texts
    assert "given up: 31 jobs in all" in texts
    strokes = [place for mark, places in sheet.marks.items() if mark.shape == "|" for place in places]
    assert len(strokes) == 2  # on the curve, and in the legend
    upright = [line for line in sheet.lines if line.dashes == (1, 3)]
    assert len(upright) == 1 + 2 + 1  # acme's figure, beta's range, the legend
    assert (
        sheet.description.replace("\u00a0", " ")
        .replace("\u2013", "-")
        .startswith(
            "acme: median 148 s (141-157 s with 95 % confidence; 50 jobs, 25 days); 0 of 50 not ended; "
            "documented 170 s. beta: "
        )
    )


def test_a_curve_falls_from_all_jobs_to_none():
    """From left to right and never up; each with its own dashes."""
    sheet = draw_survival(bench())
    curves = [line for line in sheet.lines if len(line.xs) > 5]
    assert [line.dashes for line in curves] == [style.dashes for style in STYLES[:3]]
    for curve in curves:
        assert list(curve.xs) == sorted(curve.xs)
        assert list(curve.ys) == sorted(curve.ys)  # y grows downwards
    fallen = [curve.ys[-1] - curve.ys[0] for curve in curves]
    assert fallen[0] > 205
    assert fallen[2] < 100


def test_a_time_without_a_median_is_said():
    """Not drawn."""
    none = provider(ACME, 150, total=latency(150.0, quantiles=()), estimates=())
    assert "simulated in too few jobs for a median" in _texts(draw_survival(bench(providers=(none,))))


def test_beside_each_ratio_stands_what_was_not_equal():
    """With a mark of its own, in every figure that is cut out of the page."""
    sheet = draw_ratios(bench())
    texts = _texts(sheet)
    assert "NOT EQUAL: audio: acme true, beta false" in texts
    assert "requests: no difference known" in texts
    assert sum(len(places) for mark, places in sheet.marks.items() if mark.shape == "X") == 2
    assert "requests: NOT EQUAL: audio: acme true, beta false." in sheet.description


def test_the_band_and_the_ratios_share_an_axis():
    """The band lies around the line at 1 (1/(1 + margin) to 1 + margin); an unknown end is an arrow."""
    sheet = draw_ratios(bench())
    (band,) = sheet.boxes
    (one,) = {line.xs[0] for line in sheet.lines if line.xs[0] == line.xs[1] and line.width == 1.4}
    assert one - band.x == pytest.approx(band.x + band.width - one)
    diamonds = next(places for mark, places in sheet.marks.items() if mark.shape == "D")
    assert diamonds[0][0] < band.x
    assert band.x < diamonds[2][0] < band.x + band.width
    assert [len(places) for mark, places in sheet.marks.items() if mark.shape == "<"] == [1]


def test_days_have_their_medians_and_what_is_hidden():
    """A day on which giving up hides the median is an open mark at the top."""
    sheet = draw_days(bench())
    hollow = [places for mark, places in sheet.marks.items() if mark.hollow]
    assert sorted(len(places) for places in hollow) == [1, 25]
    assert "longer than was waited for" in _texts(sheet)
    assert sheet.description == (
        "25 days. acme: from 136 s to 160 s. beta: from 159 s to 187 s. gamma: no median of any day."
    )


def test_polls_and_shares_are_told_beside_their_marks():
    """As numbers with what they rest on."""
    assert "4.9 polls a job, 50 simulated jobs" in _texts(draw_polls(bench()))
    assert draw_polls(bench()).description == "On average, acme: 4.9, beta: 10.8 and gamma: 4.9."
    texts = [
        text.replace("\u00a0", " ").replace("\u2013", "-") for text in _texts(draw_availability(bench()))
    ]
    assert "delivered: 38 % (19 of 50; 25.9-51.8 %)" in texts
    assert "polls answered: 97.6 % (241 of 247; 94.8-98.9 %)" in texts


def test_the_axis_of_shares_begins_where_the_data_do():
    """At 0, or close below where all of it is high."""
    high = bench(providers=bench().providers[:2])
    assert "80\u00a0%" in _texts(draw_availability(high))
    assert "0\u00a0%" in _texts(draw_availability(bench()))
    assert "0\u00a0%" not in _texts(draw_availability(high))


def test_the_same_summary_gives_the_same_bytes():
    """Text stays text, ids stay apart, nothing but drawing."""
    drawn = bench_figures(bench())
    assert list(drawn) == [
        "bench-survival",
        "bench-ratios",
        "bench-days",
        "bench-polls",
        "bench-availability",
    ]
    assert bench_figures(bench()) == drawn
    ids = [e.get("id") for svg in drawn.values() for e in ElementTree.fromstring(svg).iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for name, svg in drawn.items():
        root = ElementTree.fromstring(svg)
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert not [part for part in ("style", "<script", "http://www.w3.org/1999") if part in svg]
        assert "stroke-dasharray" in svg or name in ("bench-ratios", "bench-polls", "bench-availability")


def test_what_lies_beyond_the_axis_stands_at_its_end():
    """A documented time without an upper end is an arrow."""
    open_end = provider(ACME, 150, estimates=(estimate(min_s=600, max_s=None),))
    sheet = draw_survival(bench(providers=(open_end, provider(BETA, 150))))
    assert [len(places) for mark, places in sheet.marks.items() if mark.shape == ">"] == [1]
    assert "documented 600 s or more: consistent" in _texts(sheet)
