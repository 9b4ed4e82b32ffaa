"""What an HTTP status means: a facet of documents, which specs state in words of their own."""

from __future__ import annotations

from typing import Any

from harness.compare.change import Side
from harness.compare.changes import changes_of_sides
from harness.compare.rules import meaning
from harness.finding import Direction, Finding, Impact, Location, Severity
from harness.spec.facts import Address, Fact
from harness.spec.model import SourceRef, State

ADDRESS = Address(operation="poll", direction=Direction.RESPONSE, status="404", field="", facet="meaning")


def side(value: Any, facet: str = "meaning") -> Side:
    """A source that says this of the status, or nothing."""
    address = Address(operation="poll", direction=Direction.RESPONSE, status="404", field="", facet=facet)
    source = (SourceRef(document="page", place="Errors"),)
    facts = (Fact(address=address, state=State.DOCUMENTED, value=value, at="/a", sources=source),)
    return Side(
        label="m", facts=facts if value is not None else (), words={}, locate=lambda at: Location(file="p")
    )


def found(old: Any, new: Any) -> tuple[Finding, ...]:
    """What is found between the two."""
    return changes_of_sides(side(old), side(new))


def test_another_meaning_is_an_error() -> None:
    """A client that goes by the old one polls for ever, or gives up too soon."""
    (finding,) = found(["ended", "unknown"], ["unknown"])
    assert finding.rule is meaning.MEANING
    assert (finding.severity, finding.impact) == (Severity.ERROR, (Impact.BREAKS,))
    assert finding.message == (
        'answer 404 of poll: meaning was ["ended", "unknown"], is ["unknown"]; '
        "a client that goes by the old meaning does the wrong thing"
    )


def test_a_meaning_that_is_said_or_no_longer_said_is_information() -> None:
    """Nothing changed that is known of."""
    assert [(f.severity, f.message) for f in (*found(None, ["unknown"]), *found(["unknown"], None))] == [
        (Severity.INFO, 'answer 404 of poll: meaning was undocumented, is ["unknown"]; it is said now'),
        (
            Severity.INFO,
            'answer 404 of poll: meaning was ["unknown"], is undocumented; it is not said any more',
        ),
    ]


def test_the_same_meaning_is_silent() -> None:
    """And another rule fires for another facet."""
    assert found(["unknown"], ["unknown"]) == ()
    other = changes_of_sides(side("a/b", "content_type"), side("c/d", "content_type"))
    assert [f.rule.id for f in other] == ["diff.response-content-type"]
