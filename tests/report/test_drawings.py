"""What the three figures show, before anything is rendered."""

from __future__ import annotations

from dataclasses import replace

from harness.report.drawings import draw_conformance, draw_estimates, draw_matrix
from harness.report.page import Group, page_of
from harness.report.sheet import BLUE, ORANGE, Sheet
from harness.stats.interval import Interval
from tests.report.example import ACME, BOLT, GROUP, documented, estimate, example, model, row

DASH = "\u2013"


def texts(sheet: Sheet) -> list[str]:
    """Everything written, in order."""
    return [words.text for words in sheet.words]


def group() -> Group:
    """The group of two sellers."""
    return page_of(example()).groups[0]


def test_the_matrix_shows_every_row_by_seller() -> None:
    """Rows under what they cost; the four standings look different in shape, not in colour alone."""
    sheet = draw_matrix(group())
    assert texts(sheet) == [
        *("the value of most", "another value", "?", "undocumented", "documented as absent"),
        *("Acme", "Bolt"),
        *("The bill changes, without an error", "duration (s): default"),
        *("The request is refused", "prompt: most characters"),
        *("Unknown, or only written differently", "limits: rate", "?"),
        *("All agree", "prompt: name"),
    ]
    shapes = {mark.shape: len(places) for mark, places in sheet.marks.items()}
    assert shapes == {"o": 1 + 4, "s": 1 + 2, "D": 1 + 2}
    assert sheet.title == "Where the sellers of clip 2 pro text-to-video differ"
    assert sheet.description == (
        "4 rows, 3 of them discrepant; the table below the figure holds every value. "
        "Acme: 2 agrees, 1 differs, 1 undocumented and 0 absent; "
        "Bolt: 2 agrees, 1 differs, 0 undocumented and 1 absent."
    )


def test_rows_that_agree_share_a_line_by_parameter() -> None:
    """What is no news takes little room."""
    same = [row("prompt", facet, documented(1), documented(1)) for facet in ("name", "type", "required")]
    assert texts(draw_matrix(replace(group(), discrepant=(), agreeing=tuple(same))))[-2:] == [
        "All agree",
        "prompt: 3 facets",
    ]


def test_a_long_matrix_stands_in_two_blocks() -> None:
    """Broken before a heading that is near the middle, and within all widths."""
    rows = [row("prompt", f"f{n}", documented(1), documented(2), cost=n // 20) for n in range(40)]
    sheet = draw_matrix(replace(group(), discrepant=tuple(rows), agreeing=()))
    heads = [words for words in sheet.words if words.text.startswith("The ")]
    assert [words.text for words in heads] == [
        "The bill changes, without an error",
        "The video changes, without an error",
    ]
    assert heads[0].y == heads[1].y
    assert heads[1].x > 300
    assert max(words.x for words in sheet.words) < sheet.width
    assert max(words.y for words in sheet.words) < sheet.height


def test_a_matrix_that_has_no_heading_near_its_middle_is_halved() -> None:
    """Then the second block goes on with the rows."""
    rows = [row("prompt", f"f{n}", documented(1), documented(2), cost=0) for n in range(40)]
    sheet = draw_matrix(replace(group(), discrepant=tuple(rows), agreeing=()))
    names = [words for words in sheet.words if words.text.startswith("prompt: ")]
    assert {words.x for words in names} == {0, max(words.x for words in names)}
    assert sum(words.x == 0 for words in names) == 20


def test_estimates_and_intervals_are_labelled_with_their_provenance() -> None:
    """A line for each documented time, one for the jobs of each provenance, and silence said."""
    sheet = draw_estimates(page_of(example()).groups)
    said = texts(sheet)
    assert said[said.index(GROUP) :] == [
        GROUP,
        *("Acme, polling, observed once", "152 s, documented"),
        f"1 documented job: 135{DASH}152 s",
        *("Bolt, blocking call", f"60{DASH}600 s or more, documented"),
        "2 live jobs",
        "clip 1 text-to-video",
        *("Acme, any mode", "undocumented"),
    ]
    assert sheet.description == (
        f"Acme, polling, observed once: 152 s. Acme, 1 documented job: 135{DASH}152 s. "
        f"Bolt, blocking call: 60{DASH}600 s or more. "
        f"Bolt, 2 live jobs: 135{DASH}152 s and over 600 s, end not seen. Acme, any mode: undocumented."
    )


def test_one_axis_in_seconds_holds_all_times() -> None:
    """Longer is further right; ticks carry their unit."""
    sheet = draw_estimates(page_of(example()).groups)
    ticks = [(words.text, words.x) for words in sheet.words if words.align == "center"]
    assert [text for text, _ in ticks] == ["60 s", "120 s", "300 s", "600 s"]
    assert [x for _, x in ticks] == sorted(x for _, x in ticks)
    arrows = [place for mark, places in sheet.marks.items() if mark.shape == ">" for place in places]
    assert len(arrows) == 2  # "or more", and the job whose end was not seen


def test_jobs_of_two_provenances_stand_apart() -> None:
    """The documented time is drawn once, the jobs below it by provenance."""
    jobs = (Interval(low_s=1, high_s=2),)
    lines = tuple(estimate(ACME, jobs=jobs, provenance=name) for name in ("live", "simulated"))
    said = texts(draw_estimates([replace(group(), estimates=lines)]))
    assert said[-4:] == [
        "Acme, any mode, estimate",
        "170 s, documented",
        f"1 live job: 1{DASH}2 s",
        f"1 simulated job: 1{DASH}2 s",
    ]


def test_many_jobs_are_summed_up_in_words() -> None:
    """The text alternative names six of them."""
    jobs = tuple(Interval(low_s=n, high_s=n + 1) for n in range(1, 9))
    lines = (estimate(ACME, jobs=jobs, provenance="live"),)
    description = draw_estimates([replace(group(), estimates=lines)]).description
    assert description.endswith(f"5{DASH}6 s and 6{DASH}7 s and more.")


def test_conformance_by_endpoint_and_provenance() -> None:
    """Provenances differ in fill and edge; violating messages have a bar and a number."""
    mixed = {"live": 2, "simulated": 4, "documented": 2, "unknown": 2}
    models = [
        model(ACME, "Acme", GROUP, messages=mixed, violating={"documented": 3}),
        model(BOLT, "Bolt", GROUP, messages={"documented": 5}),
        model("c/d", "C", GROUP),
    ]
    sheet = draw_conformance(models)
    assert texts(sheet)[4:] == [
        *("Acme", "clip-2", "2 live, 4 simulated, 2 documented and 2 unknown; 3 violating"),
        *("Bolt", "clip-2", "5 documented; none violating"),
        *("C", "d", "nothing recorded"),
    ]
    assert sheet.description == (
        "acme/clip-2: 2 live, 4 simulated, 2 documented and 2 unknown messages judged, 3 violating. "
        "bolt/clip-2: 5 documented messages judged, none violating. c/d: Nothing is recorded."
    )
    bars = [box for box in sheet.boxes if box.y > 46]
    assert [(box.fill, round(box.width / sheet.width, 2)) for box in bars if box.fill != "none"] == [
        (BLUE, 0.2),  # two live ones of ten, then four simulated ones
        (BLUE, 0.39),
        (ORANGE, 0.29),
    ]
    assert sheet.width <= 360  # what a phone shows without scrolling
    assert draw_conformance([]).description == ""
