"""Text of strangers on one line, values as strict JSON, and where they are cut."""

from __future__ import annotations

import json

import pytest

from harness.report.visible import as_json, compact, plain, shortened, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, with é and 視頻", "plain, with é and 視頻"),
        ("two\nlines\tand\rmore", "two\\nlines\\tand\\rmore"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202edcba\u2066x\u2069", "abc\\u202edcba\\u2066x\\u2069"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half \ud83d", "half \\ud83d"),
        ("no\u00a0break and\u2003em", "no\u00a0break and\u2003em"),
        ("line\u2028end", "line\\u2028end"),
        ("", ""),
    ],
)
def test_what_does_not_show_is_made_visible(text: str, shown: str) -> None:
    """Everything that is no letter, mark, sign or space stands as an escape."""
    assert visible(text) == shown


def test_long_text_is_cut_and_says_how_long_it_was() -> None:
    """The limit counts the text's own characters; None keeps all of it."""
    assert visible("a" * 10_000) == "a" * 1000 + "… (10,000 characters in all)"
    assert visible("abcdef", 3) == "abc… (6 characters in all)"
    assert visible("a" * 10_000, None) == "a" * 10_000


def test_plain_is_strict_json() -> None:
    """Tuples are arrays; numbers that are not finite are their names."""
    value = {"a": (1, 2.5, True, None), 3: [float("nan"), float("inf"), float("-inf")], "b": b"x"}
    assert plain(value) == {
        "a": [1, 2.5, True, None],
        "3": ["NaN", "Infinity", "-Infinity"],
        "b": "b'x'",
    }


def test_huge_values_are_shortened_as_stated() -> None:
    """Strings, arrays, objects, depth and integers each say what was left out."""
    assert shortened("x" * 2_000_000) == "x" * 1000 + "… (2,000,000 characters in all)"
    assert shortened(list(range(1000))) == [*range(100), "… (1,000 elements in all)"]
    short = shortened({str(n): n for n in range(101)})
    assert (len(short), short["…"]) == (101, "(101 members in all)")
    assert shortened(10**500) == "… (an integer of 1,661 bits)"
    assert shortened(10**300) == 10**300
    nested: object = 1
    for _ in range(30):
        nested = [nested]
    text = json.dumps(shortened(nested), ensure_ascii=False)
    assert text == "[" * 20 + '"…"' + "]" * 20


def test_what_is_small_is_kept_whole() -> None:
    """Nothing changes but tuples."""
    assert shortened({"a": [1, "b", None, (2,)]}) == {"a": [1, "b", None, [2]]}


def test_compact_is_json_on_one_line() -> None:
    """A value in a sentence."""
    assert compact({"a": [1, "é\n"], "b": None}) == '{"a": [1, "é\\n"], "b": null}'
    assert compact("\u202e") == '"\\u202e"'
    assert compact(["ab"] * 90, 10) == '["ab", "ab… (540 characters in all)'


def test_as_json_hides_nothing_and_reads_back() -> None:
    """Characters that do not show are escapes of JSON, half a surrogate pair included."""
    document = {"a": "\x1b\x7f\x9b\u202e\U000e0041é視", "b": ["\ud800", "\u00a0"], "c": "<script>"}
    text = as_json(document)
    assert text == (
        '{\n  "a": "\\u001b\\u007f\\u009b\\u202e\\udb40\\udc41é視",\n'
        '  "b": [\n    "\\ud800",\n    "\u00a0"\n  ],\n  "c": "<script>"\n}\n'
    )
    assert json.loads(text) == document


def test_as_json_refuses_what_is_not_json() -> None:
    """NaN never passes."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"a": float("nan")})
