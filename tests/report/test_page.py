"""How a run is arranged for a reader."""

from __future__ import annotations

from typing import Any

import pytest

from harness.finding import Verdict
from harness.report.page import Standing, conformance_text, counts_text, page_of, short_names, slug, standings
from tests.report.example import (
    ABSENT,
    ACME,
    BOLT,
    GROUP,
    OLD_GROUP,
    UNDOCUMENTED,
    UNKNOWN,
    documented,
    example,
    finding,
    judgement,
    model,
    row,
)


def test_groups_never_mix_and_the_dearest_row_comes_first() -> None:
    """Sellers of one version and tier, ranked by cost; another version stands apart."""
    page = page_of(example(matrix=tuple(reversed(example().matrix))))
    first, second = page.groups
    assert (first.name, second.name) == (GROUP, OLD_GROUP)
    assert [one.key for one in first.discrepant] == [
        "duration_s.default",
        "prompt.maxLength",
        "limits.rate",
    ]
    assert [one.key for one in first.agreeing] == ["prompt.name"]
    assert (second.rows, [line.model for line in second.estimates]) == ((), ["acme/clip-1"])


def test_findings_are_loudest_first_without_what_stands_elsewhere() -> None:
    """Errors before information, waived ones last; discrepancies and contradictions are counted."""
    waived = finding(waived=True)
    page = page_of(example(judgement=judgement(waived, finding(UNKNOWN), finding())))
    assert [(f.severity.value, f.waived) for f in page.findings] == [
        ("error", False),
        ("info", False),
        ("error", True),
    ]
    page = page_of(example())
    assert (len(page.findings), page.discrepancies, page.contradictions) == (2, 1, 1)
    assert [len(one.contradictions) for one in page.models] == [1, 0, 0]


def test_each_endpoint_has_its_verdict() -> None:
    """As the judgement has it; none for one that was not judged."""
    page = page_of(example())
    assert [one.verdict for one in page.models] == [
        Verdict.VIOLATES,
        Verdict.CONFORMS,
        Verdict.CONFORMS,
    ]
    assert page_of(example(judgement=judgement())).models[1].verdict is None


def test_nothing_recorded_is_never_called_conforming() -> None:
    """An endpoint whose spec alone was judged has no good word of its traffic."""
    standings_shown = [one.standing for one in page_of(example()).models]
    assert standings_shown == ["violates", "conforms", "nothing recorded"]
    unjudged = page_of(example(judgement=judgement())).models
    assert [one.standing for one in unjudged] == ["conforms", "not judged", "nothing recorded"]


def test_the_names_of_the_figures() -> None:
    """One for each group that is compared, and one for each kind of data that is there."""
    assert page_of(example()).figures == (
        "discrepancies-clip-2-pro-text-to-video",
        "estimates",
        "conformance",
    )
    assert page_of(example(matrix=(), estimates=(), models=())).figures == ()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((documented(1), documented(1.0), documented(True)), ("agrees", "agrees", "differs")),
        ((documented(1), documented(2), UNDOCUMENTED), ("differs", "differs", "undocumented")),
        ((documented("a"), ABSENT, UNDOCUMENTED), ("agrees", "absent", "undocumented")),
        ((ABSENT, ABSENT, UNDOCUMENTED), ("absent", "absent", "undocumented")),
        (
            (documented(["a", "b"]), documented(["b", "a"]), documented(["c"])),
            ("agrees", "agrees", "differs"),
        ),
    ],
)
def test_how_one_seller_stands_to_the_others(cells: tuple[Any, ...], expected: tuple[str, ...]) -> None:
    """The value of most agrees; in a tie all differ; what is not stated neither agrees nor differs."""
    names = ("a/1", "b/1", "c/1")
    one = row("prompt", "enum", ABSENT, ABSENT, cells=dict(zip(names, cells, strict=True)))
    assert standings(one) == {name: Standing(word) for name, word in zip(names, expected, strict=True)}


def test_words_of_one_state_are_a_set() -> None:
    """As in the comparison, their order says nothing."""
    one = row("status", "queued", documented(["a", "b"]), documented(["b", "a"]))
    assert set(standings(one).values()) == {Standing.AGREES}


def test_providers_stand_for_their_endpoints_where_they_sell_one() -> None:
    """A provider with two endpoints in a group is told apart by id."""
    one, two = model(ACME, "Acme", GROUP), model(BOLT, "Bolt", GROUP)
    assert short_names((one, two)) == {ACME: "Acme", BOLT: "Bolt"}
    assert short_names((one, model("acme/clip-2b", "Acme", GROUP))) == {
        ACME: ACME,
        "acme/clip-2b": "acme/clip-2b",
    }


def test_slugs_are_fit_for_files_and_anchors() -> None:
    """No separators, no leading dot, never empty."""
    assert slug("Kling 2.6 pro/../text to video") == "kling-2.6-pro-..-text-to-video"
    assert slug("../../etc") == "etc"
    assert slug("視頻") == "x"


def test_how_many_messages_of_an_endpoint_conform() -> None:
    """By provenance, and said where there are none."""
    none = model("a/b", "A", "g")
    one = model("a/b", "A", "g", messages={"documented": 1})
    some = model(
        "a/b", "A", "g", messages={"documented": 2, "live": 0, "simulated": 3}, violating={"documented": 4}
    )
    assert conformance_text(none) == "Nothing is recorded"
    assert conformance_text(one) == "1 documented message judged, none violating"
    assert conformance_text(some) == "2 documented and 3 simulated messages judged, 4 violating"


def test_how_much_is_known_of_an_endpoint() -> None:
    """The three states, counted."""
    counts = {"documented": 1300, "absent": 2, "undocumented": 0}
    assert counts_text(counts) == "1,300 facts documented, 2 absent, 0 undocumented"
    assert counts_text({}) == "no facts"
