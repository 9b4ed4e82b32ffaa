"""What a violation reads like, and the hints."""

from __future__ import annotations

from typing import Any

import pytest

from harness.check.words import hint, message, shown
from harness.spec.model import Spec
from harness.spec.schema import Violation
from tests.minimal import minimal


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec, which calls the guidance `strength` and keeps the seed one level down."""
    return minimal(
        ("  guidance: /guidance\n", "  guidance: /strength\n  seed: /options/seed\n"),
        (
            "          guidance: {type: number, minimum: 0, maximum: 1, "
            "x-sources: {maximum: forum#first answer}}\n",
            "          strength: {type: number}\n"
            "          options: {type: object, properties: {seed: {type: integer}}}\n",
        ),
    )


def violation(facet: str, expected: Any = None, observed: Any = None, pointer: str = "/x") -> Violation:
    return Violation(pointer=pointer, facet=facet, expected=expected, observed=observed, at="")


class TestShown:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("a", '"a"'),
            ("ü\n", '"ü\\n"'),
            (None, "null"),
            (1.5, "1.5"),
            ({"a": [True]}, '{"a": [true]}'),
            ("x" * 58, '"' + "x" * 58 + '"'),
        ],
    )
    def test_a_short_value_is_json(self, value: Any, text: str):
        """The value stands as it would be sent."""
        assert shown(value) == text

    def test_a_long_value_is_cut(self):
        """Sixty characters are enough to know it again; the length says what is missing."""
        assert shown("x" * 59) == '"' + "x" * 58 + "… (61 characters)"


class TestMessage:
    @pytest.mark.parametrize(
        ("facet", "expected", "observed", "text"),
        [
            ("type", "string", 5, "/x: expected a string, got integer 5"),
            ("type", ["string", "null"], True, "/x: expected a string or null, got boolean true"),
            ("type", "integer", 5.5, "/x: expected an integer, got number 5.5"),
            ("type", "number", "5", '/x: expected a number, got string "5"'),
            ("type", "boolean", None, "/x: expected true or false, got null"),
            ("type", "object", [1], "/x: expected an object, got array [1]"),
            ("type", "array", {"a": 1}, '/x: expected an array, got object {"a": 1}'),
            ("enum", [5, "a"], 7, '/x: expected one of 5, "a", got 7'),
            ("const", "a", "b", '/x: expected "a", got "b"'),
            ("required", True, None, "/x: required, and missing"),
            ("presence", None, 1, "/x: the documents name no such property"),
            ("additionalProperties", False, 1, "/x: the documents name no such property"),
            ("minimum", 0, -1, "/x: expected at least 0, got -1"),
            ("maximum", 1, 1.5, "/x: expected at most 1, got 1.5"),
            ("exclusiveMinimum", 0, 0, "/x: expected more than 0, got 0"),
            ("exclusiveMaximum", 1, 1, "/x: expected less than 1, got 1"),
            ("minLength", 1, 0, "/x: expected at least 1 character, got 0"),
            ("maxLength", 10, 11, "/x: expected at most 10 characters, got 11"),
            ("pattern", "^a$", "b", '/x: expected pattern "^a$", got "b"'),
            ("minItems", 1, 0, "/x: expected minItems 1, got 0"),
        ],
    )
    def test_it_says_where_what_and_what_instead(self, facet: str, expected: Any, observed: Any, text: str):
        """Each facet has its words."""
        assert message(violation(facet, expected, observed)) == text

    def test_the_empty_pointer_is_the_body(self):
        """A message never begins with nothing."""
        assert (
            message(violation("type", "object", 1, pointer=""))
            == "the body: expected an object, got integer 1"
        )


class TestTypeHints:
    @pytest.mark.parametrize(
        ("expected", "observed", "text"),
        [
            ("string", 5, '; this provider wants it in quotes: "5"'),
            (["string", "null"], 0.5, '; this provider wants it in quotes: "0.5"'),
            ("string", True, ""),
            ("string", [5], ""),
            ("integer", "5", "; send it without quotes: 5"),
            ("integer", "-5", "; send it without quotes: -5"),
            ("number", "0.5", "; send it without quotes: 0.5"),
            (["number", "null"], "5", "; send it without quotes: 5"),
            ("boolean", "True", "; send it without quotes: true"),
            ("boolean", "FALSE", "; send it without quotes: false"),
            ("boolean", "yes", ""),
            ("boolean", 1, ""),
            ("array", "5", ""),
        ],
    )
    def test_quotes_are_what_most_often_is_wrong(self, spec: Spec, expected: Any, observed: Any, text: str):
        """`"5"` for an integer and `5` for a string are told apart."""
        assert hint(spec, violation("type", expected, observed), [], dict) == text

    @pytest.mark.parametrize(
        "observed", ["NaN", "inf", "five", " 5", "1_0", "5.5", "05", "", "9" * 2_000_000]
    )
    def test_what_is_no_number_of_json_is_not_offered_without_quotes(self, spec: Spec, observed: str):
        """The advice can be followed: what it says is JSON, of the right type, and short."""
        assert hint(spec, violation("type", "integer", observed), [], dict) == ""


class TestEnumHints:
    @pytest.mark.parametrize(
        ("observed", "text"),
        [("standard", '; the documents write it "Standard"'), ("Std", ""), (5, "")],
    )
    def test_another_case_is_seen(self, spec: Spec, observed: Any, text: str):
        """A value that differs in case alone is named as the documents write it."""
        assert hint(spec, violation("enum", ["Standard", 5], observed), [], dict) == text


class TestNameHints:
    ALIASES = {"cfg_scale": "guidance", "seed": "seed", "strength": "guidance", "sound": "audio"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("pointer", "text"),
        [
            ("/cfg_scale", "; this provider calls it 'strength'"),
            ("/seed", "; this provider wants it at /options/seed"),
            ("/options/strength", "; this provider wants it at /strength"),
            ("/strength", "; only another operation of this provider takes it"),
            ("/sound", "; no parameter of this provider does what it does elsewhere"),
            ("/promt", "; did you mean 'prompt'?"),
            ("/promo", "; did you mean 'prompt'?"),
            ("/profit", ""),
            ("/quality", ""),
        ],
    )
    @pytest.mark.parametrize("facet", ["presence", "additionalProperties"])
    def test_a_name_is_looked_up_among_all_sellers(self, spec: Spec, pointer: str, text: str, facet: str):
        """What another seller calls so goes before what is only spelt alike."""
        unknown = violation(facet, observed=1, pointer=pointer)
        assert hint(spec, unknown, ["prompt", "duration"], lambda: self.ALIASES) == text

    def test_a_word_of_others_may_be_a_typo_of_ours(self, spec: Spec):
        """Where this provider has nothing of the kind, a name that is spelt alike is offered."""
        unknown = violation("presence", observed=1, pointer="/sound")
        assert hint(spec, unknown, ["sounds"], lambda: self.ALIASES) == "; did you mean 'sounds'?"

    def test_aliases_are_read_only_when_a_name_is_unknown(self, spec: Spec):
        """They take every spec to know, and most requests need none."""

        def unwanted() -> dict[str, str]:
            raise AssertionError("aliases were asked for")

        for facet in ("type", "enum", "minimum", "required"):
            assert hint(spec, violation(facet, ["a"], 5), [], unwanted) == ""
