"""Cases of a schema in which every facet stands: each is what it says, and the small ones are all there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from harness.errors import OperatorError
from harness.generate.case import Case, Kind
from harness.generate.cases import (
    drawn,
    every_fault,
    every_valid,
    invalid_cases,
    smallest_case,
    valid_cases,
)
from tests.generate.second_opinion import SecondOpinion
from tests.generate.wide import WIDE, said, spec_of
from tests.shared import PROJECT

SPEC = spec_of(WIDE)

RULES = {
    "required": "request.required",
    "type": "request.type",
    "enum": "request.enum",
    "const": "request.enum",
    "minimum": "request.minimum",
    "exclusiveMinimum": "request.minimum",
    "maximum": "request.maximum",
    "exclusiveMaximum": "request.maximum",
    "minLength": "request.min-length",
    "maxLength": "request.max-length",
    "pattern": "request.pattern",
    "format": "request.format",
    "multipleOf": "request.constraint",
    "minItems": "request.constraint",
    "maxItems": "request.constraint",
    "uniqueItems": "request.constraint",
    "presence": "request.unknown-property",
    "additionalProperties": "request.unknown-property",
    "duplicate-key": "request.duplicate-key",
    "not-finite": "request.not-finite",
    "surrogate": "request.surrogate",
}


def fault(pointer: str, facet: str) -> list[Case]:
    return [case for case in every_fault(WIDE) if (case.pointer, case.facet) == (pointer, facet)]


def test_every_facet_is_broken_somewhere() -> None:
    """No facet of the schema is left out, and each is reported under its rule."""
    found = {(case.facet, case.rule) for case in every_fault(WIDE)}
    assert found == set(RULES.items())


def test_every_small_case_is_reported_alone() -> None:
    """One rule, at one pointer, for one facet; in members, in objects below and in array elements."""
    for case in every_fault(WIDE):
        assert said(SPEC, case) == [(case.rule, case.pointer, case.facet)], case.why
    pointers = {case.pointer for case in every_fault(WIDE)}
    assert {"", "/shots/0/text", "/shots/0/length", "/tags/0", "/shots/0/harness_unknown"} <= pointers


def test_every_small_valid_case_passes() -> None:
    """Minimal, full, ends and lengths, and combinations."""
    cases = list(every_valid(WIDE))
    assert [said(SPEC, case) for case in cases] == [[] for _ in cases]
    whys = {case.why for case in cases}
    assert {
        "minimal",
        "full",
        "a combination",
        "/seconds: the documented default, stated",
        "/prompt: 9 characters outside the BMP",
        "/prompt: 2 characters",
        "/seed: the end of the range",
    } <= whys
    assert {case.body["seed"] for case in cases if "seed" in case.body} >= {-3, 7}


def test_lengths_count_characters_and_not_utf16_units() -> None:
    """Nine foxes pass where nine characters may stand; ten do not, nor does one where two must."""
    allowed = [case for case in every_valid(WIDE) if case.why == "/prompt: 9 characters outside the BMP"]
    assert [case.body["prompt"] for case in allowed] == ["\U0001f98a" * 9]
    assert len(allowed[0].body["prompt"].encode("utf-16-le")) == 36
    assert [case.body["prompt"] for case in fault("/prompt", "maxLength")] == ["a" * 10, "\U0001f98a" * 10]
    assert [case.body["prompt"] for case in fault("/prompt", "minLength")] == ["a", "\U0001f98a"]


def test_a_number_in_a_text_is_told_from_the_number() -> None:
    """5 where "5" is documented, and "5" where 5 is."""
    assert fault("/seconds", "type")[0].body["seconds"] == 5
    assert fault("/shots/0/length", "type")[0].body["shots"] == [{"text": "", "length": "5"}]


def test_what_is_no_strict_json_is_written_as_it_is() -> None:
    """NaN, a number beyond all range, a key twice, and half of a UTF-16 pair."""
    texts = [case.content.decode() for case in fault("/seed", "not-finite")]
    assert [text[len('{"prompt": "00", "seed": ') :][:9] for text in texts] == [
        "NaN}",
        "Infinity}",
        "-Infinity",
        "100000000",
    ]
    (twice,) = fault("/shots/0/text", "duplicate-key")
    assert twice.content.decode() == '{"prompt": "00", "shots": [{"text": "", "text": ""}]}'
    assert fault("/code", "surrogate")[0].content == rb'{"prompt": "00", "code": "\ud83e"}'
    assert not any(case.is_strict for case in (twice, *fault("/seed", "not-finite")))


def test_what_a_fault_adds_leaves_the_base_as_it_is() -> None:
    """The request to start from is the caller's, and stays it."""
    base = {"prompt": "a fox"}
    bodies = [case.body for case in every_fault(WIDE, base)]
    assert base == {"prompt": "a fox"}
    assert all(body["prompt"] == "a fox" for body in bodies if isinstance(body, dict) and "seed" in body)


def test_where_schemas_are_chosen_between_no_fault_is_named() -> None:
    """Which facet is reported of a value that fits no branch is not for one keyword to say."""
    assert "type" not in {case.facet for case in every_fault(WIDE) if case.pointer == "/choice"}


@pytest.mark.parametrize("kind", list(Kind))
def test_drawn_cases_are_judged_as_meant_and_doubly(kind: Kind) -> None:
    """What is drawn is judged as it says, and jsonschema-rs agrees on what is strict JSON."""
    opinion = SecondOpinion.of(WIDE)
    cases = drawn(valid_cases(WIDE) if kind is Kind.VALID else invalid_cases(WIDE), 150, seed_number=4)
    assert {case.kind for case in cases} == {kind}
    for case in cases:
        wanted = [] if kind is Kind.VALID else [(case.rule, case.pointer, case.facet)]
        assert said(SPEC, case) == wanted, (case.why, case.content)
        assert not case.is_strict or opinion.difference(case) is None


KNOWN = [
    ({"pattern": "^a$"}, "a\n", True, False),
    ({"pattern": "^\\d$"}, "\u0663", True, False),
    ({"multipleOf": 0.01}, 4.35, False, True),
    ({"format": "uri"}, "mailto:a b", False, False),
    ({"format": "uri"}, "http://exa mple", False, False),
    ({"format": "uri"}, "http://example.com/\u00e4", True, False),
    ({"format": "date"}, "never", True, False),
]


@pytest.mark.parametrize(("schema", "value", "ours", "theirs"), KNOWN)
def test_where_the_second_opinion_is_known_to_differ(
    schema: dict[str, Any], value: object, ours: bool, theirs: bool
) -> None:
    """`$` before a line end, digits of other scripts, decimal multiples, formats: each for its own reason."""
    opinion = SecondOpinion.of(schema)
    case = Case(body=value, kind=Kind.VALID, why="known")
    assert (not list(opinion.ours.broken_keywords(value)), opinion.theirs.is_valid(value)) == (ours, theirs)
    assert (opinion.difference(case) is None) == (ours == theirs)


def test_the_same_seed_draws_the_same_cases() -> None:
    """In another process, with other hashes, too; another seed draws others."""
    program = (
        "from harness.generate.cases import drawn, invalid_cases; from tests.generate.wide import WIDE;"
        "print([c.content for c in drawn(invalid_cases(WIDE), 40, seed_number=7)])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=PROJECT,
            env={"PYTHONPATH": str(PROJECT), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    one, other = (drawn(invalid_cases(WIDE), 40, seed_number=seed) for seed in (1, 2))
    assert one == drawn(invalid_cases(WIDE), 40, seed_number=1)
    assert one != other


def test_no_more_is_drawn_than_there_is() -> None:
    """A schema that allows two requests gives two, and does not draw for ever."""
    schema = {"type": "object", "properties": {}, "required": ["a"], "additionalProperties": False}
    schema["properties"] = {"a": {"type": "boolean"}}
    bodies = [case.body for case in drawn(valid_cases(schema), 50, seed_number=0)]
    assert sorted(bodies, key=json.dumps) == [{"a": False}, {"a": True}]
    assert drawn(valid_cases(schema), 0, seed_number=0) == ()


def test_a_schema_that_allows_nothing_is_the_operators() -> None:
    """One clear message, and not the library's."""
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"not": {}}}}
    with pytest.raises(OperatorError) as caught:
        drawn(valid_cases(schema), 5, seed_number=0)
    assert str(caught.value) == (
        "no request can be generated: nothing fits the schema "
        '{"type": "object", "required": ["a"], "properties": {"a": {"not": {}}}}'
    )


def test_the_smallest_case_is_found() -> None:
    """Of all requests with a long prompt and something else, the smallest; of what is not, none."""

    def holds(case: Case) -> bool:
        return len(case.body["prompt"]) > 4 and len(case.body) > 1

    found = smallest_case(valid_cases(WIDE), holds, seed_number=0)
    assert found is not None
    assert len(found.body) == 2
    assert found.body["prompt"] == "00000"
    assert smallest_case(valid_cases(WIDE), lambda _: False, seed_number=0, tries=20) is None


def test_a_check_that_counted_utf16_units_would_be_shown_by_the_shortest_text() -> None:
    """A thousand and one characters outside the BMP: more than 2000 units, and what is asked for."""
    schema = {
        "type": "object",
        "required": ["prompt"],
        "properties": {"prompt": {"type": "string", "maxLength": 2000}, "other": {"type": "string"}},
    }

    def has_too_many_units(case: Case) -> bool:
        return len(case.body["prompt"].encode("utf-16-le")) // 2 > 2000

    found = smallest_case(valid_cases(schema), has_too_many_units, seed_number=0)
    assert found is not None
    assert found.body == {"prompt": "\U00010000" * 1001}
