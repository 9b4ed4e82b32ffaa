"""T0: generated requests against the check, in process."""

from __future__ import annotations

import pytest

from harness.check.body import Judges
from harness.conform.offline import disagreement, judge_offline
from harness.errors import OperatorError
from harness.generate.case import Case, Kind
from tests.generate.wide import WIDE, spec_of
from tests.minimal import minimal


def test_a_spec_that_holds_together_has_no_finding() -> None:
    """Every small case and the drawn ones are judged as they were meant."""
    found = judge_offline(spec_of(WIDE), count=20, seed_number=0)
    assert found.findings == found.examples == ()
    assert found.valid > 60
    assert found.invalid > 300
    assert found.facets > 80


def test_a_schema_that_contradicts_itself_is_found_with_its_smallest_request() -> None:
    """A member that must be there, and that the documents do not name: no request is right."""
    found = judge_offline(minimal(("[prompt]", "[prompt, seed]")), count=20, seed_number=0)
    (finding,) = found.findings
    assert finding.rule.id == "conform.check-disagrees"
    assert finding.message == "generated: expected nothing from the check, got request.unknown-property"
    assert finding.operation == "submit"
    case = dict(found.examples)[finding.fingerprint]
    assert set(case.body) == {"prompt", "seed"}


def test_a_schema_that_allows_nothing_is_refused() -> None:
    """Nothing can be generated of it, and that is said."""
    spec = minimal(("enum: [5, 10]", 'enum: ["5"]'), ("[prompt]", "[duration]"))
    with pytest.raises(OperatorError) as caught:
        judge_offline(spec, count=5, seed_number=0)
    assert str(caught.value).startswith("no request can be generated: nothing fits the schema {")


def test_a_case_that_is_not_what_it_says_is_told() -> None:
    """What the check says instead is given back, and a body that is no JSON is told as well."""
    spec, judges = minimal(), Judges()
    valid = Case(body={"prompt": "a fox", "duration": 7}, kind=Kind.VALID, why="wrong")
    assert disagreement(spec, "submit", valid, judges) == (("request.enum", "/duration", "enum"),)
    right = Case(body={"prompt": "a fox"}, kind=Kind.VALID, why="right")
    assert disagreement(spec, "submit", right, judges) is None
    invalid = Case(
        body={"prompt": "a fox"}, kind=Kind.INVALID, why="not invalid", rule="request.enum", facet="enum"
    )
    assert disagreement(spec, "submit", invalid, judges) == ()
