"""One JSON body against one schema: faults of the text, faults of the values, where they are said to be."""

from __future__ import annotations

from typing import Any

import pytest

from harness.check.body import Body, Judges, judge_body, shorten
from harness.finding import Direction, Finding, Location
from harness.spec.json_text import parse_json
from harness.spec.model import Spec
from tests.check.judging import as_bytes, brief, response
from tests.minimal import MINIMAL, minimal, place_of

SUBJECT = Location(file="cassette.yaml", index=3)


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec."""
    return minimal()


def judged(
    spec: Spec,
    schema: dict[str, Any],
    body: Any,
    *,
    direction: Direction = Direction.REQUEST,
    located: bool = False,
) -> list[Finding]:
    at = "/operations/submit/request/schema"
    document = parse_json(as_bytes(body).decode(), "r.json")
    whole = Body(
        spec=spec,
        operation="submit",
        direction=direction,
        schema=schema,
        at=at,
        document=document,
        subject=SUBJECT,
        located=located,
    )
    return list(judge_body(whole, Judges()))


def place(source: Location | None) -> tuple[int | None, int | None]:
    assert source is not None
    return source.line, source.column


def test_a_fault_of_the_whole_body(spec: Spec):
    """It has no pointer, and a name all the same."""
    (finding,) = judged(spec, {}, "NaN")
    assert (finding.pointer, finding.message.partition(":")[0]) == ("", "the body")


def test_a_fault_in_a_list_is_pointed_at_its_members(spec: Spec):
    """The schema of the list speaks of each of them."""
    body = '{"id": "a", "status": "done", "videos": [{"url": "https://x/\\ud83d"}]}'
    (finding,) = response(spec, "poll", body).findings
    assert (finding.rule.id, finding.pointer) == ("response.surrogate", "/videos/0/url")
    assert place(finding.source) == place_of(MINIMAL, "items: {type: object, properties: {^url:")


def test_a_list_at_the_limit_is_kept():
    """Longer ones are told by their number of members."""
    limit = ["x" * 1996]
    assert len(str(limit)) == 2000
    assert shorten(limit) == limit
    assert shorten(["x" * 1997]) == "an array of 1 members"


SCHEMA = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string"},
        "guidance": {"type": "number", "maximum": 1},
        "list": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
    },
}


class TestFinding:
    def test_it_carries_everything_that_the_contract_names(self, spec: Spec):
        """Model, operation, direction, place, facet, both values, and where the expectation stands."""
        (finding,) = judged(spec, SCHEMA, {"prompt": "a", "guidance": 2})
        assert finding.rule.id == "request.maximum"
        assert finding.message == "/guidance: expected at most 1, got 2"
        assert (finding.model, finding.operation) == ("example/video-1-text-to-video", "submit")
        assert finding.direction is Direction.REQUEST
        assert (finding.pointer, finding.field, finding.facet) == ("/guidance", "/guidance", "maximum")
        assert (finding.expected, finding.observed) == (1, 2)
        assert finding.subject == SUBJECT
        assert finding.source is not None
        assert place(finding.source) == place_of(MINIMAL, "guidance: {type: number, minimum: 0, ^maximum: 1")
        assert finding.source.document == "forum#first answer"

    def test_a_missing_property_is_pointed_at_itself(self, spec: Spec):
        """Its source is the property's own line in the spec, not the list of what is required."""
        (finding,) = judged(spec, SCHEMA, {})
        assert (finding.pointer, finding.facet, finding.expected, finding.observed) == (
            "/prompt",
            "required",
            True,
            None,
        )
        assert place(finding.source) == place_of(MINIMAL, "^prompt: {type: string")

    def test_the_field_has_a_star_for_every_index(self, spec: Spec):
        """Elements of an array share one field, and so one fingerprint."""
        findings = judged(spec, SCHEMA, {"prompt": "a", "list": [{"name": 1}, {"name": 2}]})
        assert [(f.pointer, f.field) for f in findings] == [
            ("/list/0/name", "/list/*/name"),
            ("/list/1/name", "/list/*/name"),
        ]
        assert len({f.fingerprint for f in findings}) == 1

    def test_in_a_file_of_the_user_it_points_to_line_and_column(self, spec: Spec):
        """At the key of the value; a missing property is pointed at through what it is missing from."""
        text = '{\n  "list": [\n    {"name": 5}\n  ],\n  "guidance": NaN\n}'
        findings = judged(spec, SCHEMA, text, located=True)
        assert [(f.rule.id, str(f.subject)) for f in findings] == [
            ("request.not-finite", "r.json:5:15"),
            ("request.required", "r.json:1:1"),
            ("request.type", "r.json:3:6"),
        ]

    def test_in_a_recording_it_points_to_the_exchange(self, spec: Spec):
        """Lines of a body inside a recording are of no use to anyone."""
        text = '{"prompt": "a", "prompt": "a", "guidance": 2}'
        assert [f.subject for f in judged(spec, SCHEMA, text)] == [SUBJECT, SUBJECT]

    def test_a_long_value_is_cut_in_the_finding(self, spec: Spec):
        """A finding stays small whatever was sent."""
        (finding,) = judged(spec, {"type": "integer"}, '"' + "x" * 2000 + '"')
        assert finding.observed == "x" * 500 + "… (2000 characters)"


class TestFaultsOfTheText:
    def test_a_key_that_stands_three_times_is_one_fault(self, spec: Spec):
        """It points to the last of them, whose value is read."""
        text = '{"prompt": "a",\n"prompt": "b",\n"prompt": "c"}'
        (finding,) = judged(spec, SCHEMA, text, located=True)
        assert (finding.rule.id, finding.pointer, str(finding.subject), finding.observed) == (
            "request.duplicate-key",
            "/prompt",
            "r.json:3:1",
            "prompt",
        )

    def test_the_last_of_two_values_is_judged(self, spec: Spec):
        """As most readers do; the double key is said besides."""
        findings = judged(spec, SCHEMA, '{"prompt": "a", "guidance": 1, "guidance": 2}')
        assert brief(findings) == [
            ("request.duplicate-key", "/guidance"),
            ("request.maximum", "/guidance"),
        ]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ('"guidance": NaN, "guidance": 2', ["request.duplicate-key", "request.maximum"]),
            ('"guidance": 2, "guidance": NaN', ["request.not-finite", "request.duplicate-key"]),
            ('"list": [NaN], "list": []', ["request.duplicate-key"]),
            ('"list": {"a": 1, "a": 1}, "list": []', ["request.duplicate-key"]),
            ('"list": {"\\ud83d": 1}, "list": []', ["request.duplicate-key"]),
        ],
    )
    def test_a_value_that_is_not_read_has_no_faults(self, spec: Spec, text: str, found: list[str]):
        """That it stands there at all has been said."""
        findings = judged(spec, SCHEMA, f'{{"prompt": "a", {text}}}')
        assert [finding.rule.id for finding in findings] == found

    def test_a_number_that_is_not_finite_has_no_other_fault(self, spec: Spec):
        """Neither its type nor its range are judged: there is no number."""
        (finding,) = judged(spec, SCHEMA, '{"prompt": "a", "guidance": 1e999}')
        assert finding.message == "/guidance: expected a finite number, got 1e999"
        assert (finding.rule.id, finding.facet, finding.observed) == (
            "request.not-finite",
            "not-finite",
            "1e999",
        )
        assert place(finding.source) == place_of(MINIMAL, "^guidance: {type: number")

    @pytest.mark.parametrize("closed", [{}, {"additionalProperties": False}])
    def test_an_unknown_property_is_unknown_whatever_its_value(self, spec: Spec, closed: dict[str, Any]):
        """The name is one fault, the value another."""
        findings = judged(spec, {**SCHEMA, **closed}, '{"prompt": "a", "quality": NaN}')
        assert brief(findings) == [
            ("request.not-finite", "/quality"),
            ("request.unknown-property", "/quality"),
        ]

    def test_half_a_pair_is_a_fault_of_the_text(self, spec: Spec):
        """What else is wrong with the text may come of that alone."""
        schema = {"type": "object", "properties": {"prompt": {"type": "string", "pattern": "^[a-z]*$"}}}
        (finding,) = judged(spec, schema, '{"prompt": "a\\ud83d"}')
        assert finding.message == "/prompt: expected whole characters, got half of a UTF-16 pair"
        assert (finding.rule.id, finding.pointer) == ("request.surrogate", "/prompt")

    def test_two_broken_keys_of_one_object_are_one_fault(self, spec: Spec):
        """A key has no place of its own; its object has."""
        findings = judged(spec, SCHEMA, '{"prompt": "a", "\\ud83d": 1, "\\ud83e": 2}')
        assert brief(findings).count(("request.surrogate", "")) == 1


class TestDirection:
    def test_what_a_provider_sends_falls_under_response_rules(self, spec: Spec):
        """Answers, webhooks and events alike; the finding says which it was."""
        for direction in (Direction.RESPONSE, Direction.WEBHOOK, Direction.EVENT):
            (finding,) = judged(spec, SCHEMA, {"prompt": 1}, direction=direction)
            assert (finding.rule.id, finding.direction) == ("response.type", direction)

    @pytest.mark.parametrize(
        "body", [{"prompt": 5}, {"prompt": "a", "promt": "a"}, {"prompt": "a", "guidance": "1"}]
    )
    def test_hints_are_for_whoever_writes_the_message(self, spec: Spec, body: dict[str, Any]):
        """A request gets one; what the provider sends is not the reader's to correct."""
        (sent,) = judged(spec, SCHEMA, body)
        (received,) = judged(spec, SCHEMA, body, direction=Direction.RESPONSE)
        assert sent.message.startswith(f"{received.message}; ")

    def test_a_misspelt_property_of_an_element_is_compared_with_its_own_siblings(self, spec: Spec):
        """Names of other levels are not offered."""
        (finding,) = judged(spec, SCHEMA, {"prompt": "a", "list": [{"nome": "b"}]})
        assert finding.message == "/list/0/nome: the documents name no such property; did you mean 'name'?"


class TestJudges:
    def test_a_validator_is_built_once_for_each_place(self, spec: Spec):
        """Building one costs more than using it."""
        judges = Judges()
        first = judges.judge(spec, "/a", {"type": "object"})
        assert judges.judge(spec, "/a", {"type": "object"}) is first
        assert judges.judge(spec, "/b", {"type": "object"}) is not first


class TestShorten:
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (5, 5),
            (None, None),
            ("x" * 500, "x" * 500),
            ("x" * 501, "x" * 500 + "… (501 characters)"),
            ({"a": 1}, {"a": 1}),
            ({"a": "x" * 2000}, "an object of 1 members"),
            (["x"] * 1000, "an array of 1000 members"),
        ],
    )
    def test_what_is_long_is_named_by_its_size(self, value: Any, kept: Any):
        """Short values are kept whole."""
        assert shorten(value) == kept
