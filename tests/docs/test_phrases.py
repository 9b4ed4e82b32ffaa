"""Facets out of the words beside one parameter."""

from __future__ import annotations

from typing import Any

import pytest

from harness.docs.phrases import default_of, facets_of, is_dash, required_of, type_of


@pytest.mark.parametrize(
    ("words", "kind", "facets"),
    [
        ("Seconds One of: 5, 10.", "integer", {"enum": [5, 10]}),
        ("The ratio. One of: auto, 16:9, 9:16.", "string", {"enum": ["auto", "16:9", "9:16"]}),
        (
            "How close. Default value: 0.5 Range: 0 \u2013 10.",
            "number",
            {"minimum": 0, "maximum": 10, "default": 0.5},
        ),
        ("Text.Range: `1 <= x <= 2000`.", "string", {"minLength": 1, "maxLength": 2000}),
        ("Value range: [0, 1]", "number", {"minimum": 0, "maximum": 1}),
        ("Text; max 2,500 characters.", "string", {"maxLength": 2500}),
        ("Between 2 and so on: 3-40 characters", "string", {"minLength": 3, "maxLength": 40}),
        (
            "How.Supports:\n\n- `Fast`: at once.\n\nDefault: `Fast`.",
            "string",
            {"enum": ["Fast"], "default": "Fast"},
        ),
        ("How many. Range: 1-4. Call again for more.", "integer", {"minimum": 1, "maximum": 4}),
        ("Pictures. Range: 1-4.", "array", {"minItems": 1, "maxItems": 4}),
        ("A film. Format: uri.", "string", {"format": "uri"}),
        ("Supports Chinese and English.", "boolean", {}),
        ("Use it or `other`, not both.", "string", {}),
        ("", "string", {}),
    ],
)
def test_a_description_states(words: str, kind: str, facets: dict[str, Any]) -> None:
    """No more than this."""
    assert facets_of(words, kind) == facets


@pytest.mark.parametrize(
    ("cell", "kind", "facets"),
    [
        ("0\u20131", "number", {"minimum": 0, "maximum": 1}),
        ("5,10", "string", {"enum": ["5", "10"]}),
        ("16:9,9:16", "string", {"enum": ["16:9", "9:16"]}),
        ("max: 300", "string", {"maxLength": 300}),
        ("max 3", "integer", {"maximum": 3}),
        ("see below", "string", {}),
    ],
)
def test_a_cell_of_constraints_states(cell: str, kind: str, facets: dict[str, Any]) -> None:
    """A range, a list, an end."""
    assert facets_of(cell, kind, is_constraint=True) == facets


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("`array<string>`", ("array", None, "string")),
        ("string[]", ("array", None, "string")),
        ("string | array | object", (["string", "array", "object"], None, None)),
        ("string/null", (["string", "null"], None, None)),
        ("string (UUID)", ("string", "uuid", None)),
        ("string (URL)", ("string", "uri", None)),
        ("float", ("number", None, None)),
        ("magic", (None, None, None)),
    ],
)
def test_the_words_for_a_type(cell: str, found: tuple[Any, str | None, str | None]) -> None:
    """Those of pages -> those of JSON Schema."""
    assert type_of(cell) == found


def test_defaults_are_as_their_type_has_them() -> None:
    """10 of a string is "10", "5" of a number is 5."""
    assert default_of("10", "string") == "10"
    assert default_of("`5`", "integer") == 5
    assert default_of("True", "boolean") is True
    assert default_of('`"16:9"`', "string") == "16:9"
    assert default_of("blur, distort", "string") == "blur, distort"


def test_what_says_that_there_is_none_and_what_is_needed() -> None:
    """Dashes, and the words of the column Required."""
    assert is_dash("&mdash;")
    assert is_dash("--")
    assert not is_dash("0")
    assert [required_of(word) for word in ("**yes**", "No", "if submitted", "**one of**")] == [
        True,
        False,
        False,
        None,
    ]
