"""JSON text with places: what strict JSON forbids is kept as a fault, what is not JSON is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.errors import SourceError
from harness.spec.json_text import MAX_DEPTH, JsonFault, parse_json
from harness.spec.node import Mark


def plain(text: str) -> Any:
    return parse_json(text, "r.json").root.plain()


def faults(text: str) -> list[tuple[str, str, int, int, str]]:
    found = parse_json(text, "r.json").faults
    return [(f.kind, f.pointer, f.mark.line, f.mark.column, f.observed) for f in found]


def message(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        parse_json(text, "r.json")
    return str(caught.value)


class TestValues:
    @pytest.mark.parametrize(
        "text",
        [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1.5e-3",
            "1E+2",
            "1e-999",
            '""',
            '"a\\n\\u00e9\\ud83d\\ude00\\/"',
            '"é 😀"',
            "[]",
            "{}",
            "[ 1 , [ ] , { } ]",
            '\t{ "a" : { "b" : [ null ] } }\r\n',
            "12345678901234567890",
        ],
    )
    def test_valid_json_is_what_the_standard_decoder_reads(self, text: str):
        """On valid JSON both readers agree, type for type."""
        assert repr(plain(text)) == repr(json.loads(text))

    def test_a_byte_order_mark_is_let_pass(self):
        """Some editors put one in front."""
        assert plain('\ufeff{"a": 1}') == {"a": 1}

    def test_valid_json_has_no_faults(self):
        """Nothing is said of what is right."""
        assert faults('{"a": [1, "x", null]}') == []


class TestPlaces:
    def test_every_value_and_key_has_its_place(self):
        """Line and column count from 1."""
        root = parse_json('{\n  "a": [1,\n    {"b": true}]\n}', "r.json").root

        assert [(pointer, node.mark, node.key) for pointer, node in root.path("/a/1/b")] == [
            ("", Mark("r.json", 1, 1), None),
            ("/a", Mark("r.json", 2, 8), Mark("r.json", 2, 3)),
            ("/a/1", Mark("r.json", 3, 5), None),
            ("/a/1/b", Mark("r.json", 3, 11), Mark("r.json", 3, 6)),
        ]


class TestFaults:
    def test_a_duplicate_key_is_seen_where_it_stands_again(self):
        """The last value holds, as it does for most readers, and the fault says so."""
        text = '{"a": 1,\n "a": 2}'

        assert (plain(text), faults(text)) == ({"a": 2}, [("duplicate-key", "/a", 2, 2, "a")])

    def test_a_duplicate_key_deep_down_has_its_pointer(self):
        """Names in the pointer are escaped."""
        assert faults('{"a/b": [{"c": 1, "c": 1, "c": 1}]}') == [
            ("duplicate-key", "/a~1b/0/c", 1, 19, "c"),
            ("duplicate-key", "/a~1b/0/c", 1, 27, "c"),
        ]

    @pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
    def test_a_word_that_is_no_number_is_kept_as_a_string(self, word: str):
        """Python and JavaScript write these; JSON has no such numbers."""
        text = f'{{"a": {word}}}'

        assert (plain(text), faults(text)) == ({"a": word}, [("not-finite", "/a", 1, 7, word)])

    @pytest.mark.parametrize("digits", ["1e999", "-1E400", "9" * 400, "-" + "9" * 5000])
    def test_a_number_beyond_all_range_is_kept_as_a_string(self, digits: str):
        """No double holds it; the digits are cut where they get long."""
        assert (plain(digits), faults(digits)) == (digits[:40], [("not-finite", "", 1, 1, digits[:40])])

    def test_half_a_surrogate_pair_is_replaced(self):
        """A lone surrogate is no character and cannot be sent as UTF-8."""
        text = '["ok", "x\\ud800y"]'

        assert (plain(text), faults(text)) == (["ok", "x\ufffdy"], [("surrogate", "/1", 1, 8, "x\\ud800y")])

    def test_half_a_surrogate_pair_in_a_key_is_the_objects_fault(self):
        """A key without a name to point at is pointed at from outside."""
        assert faults('{"a": {"\\udc00": 1}}') == [("surrogate", "/a", 1, 8, "\\udc00")]

    def test_a_fault_is_a_value(self):
        """Faults carry where and what, for whoever judges them."""
        assert parse_json("NaN", "r.json").faults == (
            JsonFault(kind="not-finite", pointer="", mark=Mark("r.json", 1, 1), observed="NaN"),
        )


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", "r.json:1:1: not JSON: expected a value, got the end"),
            ("\n  \n", "r.json:3:1: not JSON: expected a value, got the end"),
            ("nul", "r.json:1:1: not JSON: expected a value, got 'n'"),
            ("True", "r.json:1:1: not JSON: expected a value, got 'T'"),
            ("'a'", 'r.json:1:1: not JSON: expected a value, got "\'"'),
            ("-", "r.json:1:1: not JSON: expected a value, got '-'"),
            (".5", "r.json:1:1: not JSON: expected a value, got '.'"),
            ("+1", "r.json:1:1: not JSON: expected a value, got '+'"),
            ("01", "r.json:1:2: not JSON: expected the end, got '1'"),
            ("1.", "r.json:1:2: not JSON: expected the end, got '.'"),
            ("1 2", "r.json:1:3: not JSON: expected the end, got '2'"),
            ("{}\n{}", "r.json:2:1: not JSON: expected the end, got '{'"),
            ("[", "r.json:1:2: not JSON: expected a value, got the end"),
            ("[1", "r.json:1:3: not JSON: expected ',' or ']', got the end"),
            ("[1 2]", "r.json:1:4: not JSON: expected ',' or ']', got '2'"),
            ("[1,]", "r.json:1:4: not JSON: expected a value, got ']'"),
            ("{", "r.json:1:2: not JSON: expected a key in double quotes, got the end"),
            ("{1: 2}", "r.json:1:2: not JSON: expected a key in double quotes, got '1'"),
            ('{\n"a": 1,\n}', "r.json:3:1: not JSON: expected a key in double quotes, got '}'"),
            ('{"a" 1}', "r.json:1:6: not JSON: expected ':', got '1'"),
            ('{"a": 1 "b"}', "r.json:1:9: not JSON: expected ',' or '}', got '\"'"),
            ('{"a": }', "r.json:1:7: not JSON: expected a value, got '}'"),
            ('"abc', "r.json:1:1: not JSON: unterminated string, got '\"'"),
            ('"a\nb"', "r.json:1:3: not JSON: invalid control character, got '\\n'"),
            ('"\\x"', "r.json:1:2: not JSON: invalid \\escape, got '\\\\'"),
            ('"\\u12"', "r.json:1:3: not JSON: invalid \\uXXXX escape, got 'u'"),
            ("// x\n1", "r.json:1:1: not JSON: expected a value, got '/'"),
            ("\u00a01", "r.json:1:1: not JSON: expected a value, got '\\xa0'"),
        ],
    )
    def test_what_is_not_json_is_refused_at_its_place(self, text: str, expected: str):
        """The message says what was expected and what stands there."""
        assert message(text) == expected

    def test_nesting_is_limited(self):
        """A bomb of brackets is refused before it costs a stack."""
        assert (
            message("[" * 100_000)
            == f"r.json:1:{MAX_DEPTH + 1}: not JSON: nested more than 200 deep, got '['"
        )

    def test_nesting_up_to_the_limit_is_read(self):
        """The limit itself is still allowed."""
        text = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH

        assert plain(text) == json.loads(text)
