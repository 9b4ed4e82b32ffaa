"""Declared contradictions as findings."""

from __future__ import annotations

import pytest

from harness.compare.contradiction import RULES, check_contradictions
from harness.finding import Direction, Kind, Severity, Verdict
from harness.spec.store import SpecStore
from tests.minimal import MINIMAL, minimal, place_of
from tests.shipped import REFERENCES

BY_EXAMPLE = MINIMAL[MINIMAL.index("  sample-duration:") : MINIMAL.index("  short-videos:")]
BY_READER = MINIMAL[MINIMAL.index("  short-videos:") :]


@pytest.mark.parametrize("reference", REFERENCES)
def test_each_declared_contradiction_is_one_finding(store: SpecStore, reference: str) -> None:
    """As many findings as contradictions, each a warning that names both statements and their sources."""
    spec = store.get(reference)
    found = list(check_contradictions(spec))
    assert [finding.observed for finding in found] == [each.id for each in spec.contradictions]
    assert len({finding.fingerprint for finding in found}) == len(found)
    for finding, contradiction in zip(found, spec.contradictions, strict=True):
        assert finding.rule in RULES
        assert (finding.kind, finding.severity) == (Kind.CONTRADICTION, Severity.WARNING)
        assert finding.verdict is Verdict.CONFORMS
        assert finding.model == reference
        for statement in contradiction.statements:
            assert statement.says in finding.message
            assert all(str(source) in finding.message for source in statement.sources)


def test_found_by_an_example() -> None:
    """The finding is about the place of the body that the example breaks."""
    finding = next(iter(check_contradictions(minimal())))
    assert finding.message == (
        "Example: the sample sends duration 7 (page#Create, sample); but duration is 5 or 10 "
        "(page#Create, body). The sample cannot be sent as it stands."
    )
    assert (finding.field, finding.facet) == ("/duration", "enum")
    assert (finding.operation, finding.direction) == ("submit", Direction.REQUEST)


def test_found_by_a_reader() -> None:
    """The finding is about the fact that the contradiction names, and points at it."""
    finding = list(check_contradictions(minimal()))[1]
    assert (finding.field, finding.facet) == ("/duration", "presence")
    assert (finding.operation, finding.direction) == ("submit", Direction.REQUEST)
    line, column = place_of(MINIMAL, "          ^duration:\n")
    assert str(finding.subject) == f"minimal.yaml:{line}:{column}"
    line, column = place_of(MINIMAL, "  ^short-videos:")
    assert str(finding.source) == f"minimal.yaml:{line}:{column}"


def test_third_statement_is_joined() -> None:
    """The first two stand against each other; what is said beside is added."""
    spec = minimal(
        (
            '      - {says: "videos last five seconds", source: page#Title}\n',
            '      - {says: "videos last five seconds", source: page#Title}\n'
            '      - {says: "they may last ten", source: [page#Title, page#Read]}\n',
        )
    )
    message = list(check_contradictions(spec))[1].message
    assert message == (
        "Example: videos last five seconds (page#Title); but they may last ten (page#Title; page#Read); "
        "and duration is 5 or 10 (page#Create, body). It is unclear whether ten seconds can be had."
    )


@pytest.mark.parametrize(
    ("example", "operation", "direction"),
    [
        ("submit.201.sample", "submit", Direction.RESPONSE),
        ("webhook.sample", None, Direction.WEBHOOK),
        ("events.video_done.sample", None, Direction.EVENT),
    ],
)
def test_direction_of_an_example(example: str, operation: str | None, direction: Direction) -> None:
    """The example's name says which message it is."""
    spec = minimal(("example: submit.request.sample", f"example: {example}"))
    finding = next(iter(check_contradictions(spec)))
    assert (finding.operation, finding.direction) == (operation, direction)


def test_array_index_is_no_part_of_the_field() -> None:
    """A field holds for any element."""
    spec = minimal(("{pointer: /duration, facet: enum}", "{pointer: /videos/0/url, facet: enum}"))
    assert next(iter(check_contradictions(spec))).field == "/videos/*/url"


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ("    about: /limits\n", "/limits"),
        ("", "/contradictions/short-videos"),
    ],
)
def test_about_no_single_fact(about: str, field: str) -> None:
    """A contradiction about a whole section, or about nothing in the spec, is about the spec."""
    spec = minimal(("    about: /operations/submit/request/schema/properties/duration\n", about))
    finding = list(check_contradictions(spec))[1]
    assert (finding.field, finding.facet, finding.direction) == (field, None, Direction.SPEC)


def test_wording_is_no_part_of_the_fingerprint() -> None:
    """A statement that is put better is the same contradiction."""
    reworded = minimal(("It is unclear whether ten seconds can be had.", "Ten seconds may not be had."))
    before, after = (list(check_contradictions(spec))[1] for spec in (minimal(), reworded))
    assert before.message != after.message
    assert before.fingerprint == after.fingerprint


def test_without_contradictions_nothing_is_found() -> None:
    """A spec that declares none has none."""
    assert list(check_contradictions(minimal((f"\ncontradictions:\n{BY_EXAMPLE}{BY_READER}", "")))) == []
