"""YAML that somebody else wrote: read as YAML 1.2 has it, with places."""

from __future__ import annotations

import pytest

from harness.errors import SourceError
from harness.spec.yaml import parse_foreign

TEXT = """\
openapi: 3.1.0
on: yes
200: {ratio: 16:9, day: 2020-01-01, n: 0x1F, f: 1.5, i: -3, t: True, z: ~, e: }
base: &base [a, b]
again: *base
tagged: !!str 5
"""


def test_words_are_what_the_core_schema_says() -> None:
    """No sexagesimal numbers, no dates, no other truth values; keys are text."""
    assert parse_foreign(TEXT, "f").plain() == {
        "openapi": "3.1.0",
        "on": "yes",
        "200": {
            "ratio": "16:9",
            "day": "2020-01-01",
            "n": "0x1F",
            "f": 1.5,
            "i": -3,
            "t": True,
            "z": None,
            "e": None,
        },
        "base": ["a", "b"],
        "again": ["a", "b"],
        "tagged": "5",
    }


def test_places_are_kept() -> None:
    """Those of the keys."""
    mark = parse_foreign(TEXT, "f").nearest("/200/day").name_mark
    assert (mark.file, mark.line, mark.column) == ("f", 3, 20)


def test_aliases_cannot_grow_beyond_all_bounds() -> None:
    """Each line ten times the one before."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(SourceError, match="its aliases make it larger than can be read"):
        parse_foreign("\n".join(lines), "f")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f:1:1: expected a mapping, got an empty file"),
        ("a: *none", "f:1:4: nothing is anchored as none"),
        ("a: ]", "f:1:4: not YAML: did not find expected node content"),
        ("[" * 101, "f:1:101: nested more than 100 deep"),
        ("? [a]\n: b", "f:1:5: expected a string as key, got a collection"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, message: str) -> None:
    """At its place."""
    with pytest.raises(SourceError) as caught:
        parse_foreign(text, "f")
    assert str(caught.value).startswith(message)
