"""YAML narrowed to what all of its readers agree on: every trap is refused, at its place."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import SourceError
from harness.spec.node import Mark
from harness.spec.yaml import MAX_BYTES, MAX_DEPTH, dump, parse


def plain(text: str) -> Any:
    return parse(text, "s.yaml").plain()


def message(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        parse(text, "s.yaml")
    return str(caught.value)


class TestValues:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("null", None),
            ("true", True),
            ("false", False),
            ("0", 0),
            ("-12", -12),
            ("0.5", 0.5),
            ("-1.5e-3", -0.0015),
            ("1.0e+16", 1e16),
            ("text", "text"),
            ("/v1/jobs/{id}", "/v1/jobs/{id}"),
            ("v1.6", "v1.6"),
            ("99:99", "99:99"),
            ("2026-1", "2026-1"),
            ("yesterday", "yesterday"),
            ("one\n  two", "one two"),
            ("'on'", "on"),
            ('"16:9"', "16:9"),
            ('"2026-01-08"', "2026-01-08"),
            ("'~'", "~"),
            ("''", ""),
            ('"\\u0001\\x85\\u2028"', "\x01\x85\u2028"),
            ("|\n  on\n  off\n", "on\noff\n"),
            (">-\n  1_000\n", "1_000"),
            ("[]", []),
            ("{}", {}),
            ("[1, [2], {x: 3}]", [1, [2], {"x": 3}]),
        ],
    )
    def test_what_all_readers_agree_on_is_read(self, text: str, value: Any):
        """JSON's scalars, words that are strings to everybody, and whatever is quoted."""
        assert repr(plain(f"a: {text}")) == repr({"a": value})

    def test_json_is_yaml(self):
        """A JSON document is read as it is."""
        assert plain('{"a": [1, 2.5, null, true, "x"], "on": {}}') == {
            "a": [1, 2.5, None, True, "x"],
            "on": {},
        }

    def test_a_comment_is_no_value(self):
        """Comments may stand wherever YAML allows them."""
        assert plain("# one\na: 1 # two\n# three\n") == {"a": 1}

    def test_one_document_may_be_marked(self):
        """A document start and end are allowed once."""
        assert plain("%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


class TestPlaces:
    def test_every_value_and_key_has_its_place(self):
        """Line and column count from 1, in characters."""
        root = parse("é: x\nlist:\n  - {k: 'ä', m: 1}\n", "s.yaml")

        assert [(p, n.mark, n.key) for p, n in root.path("/list/0/m")] == [
            ("", Mark("s.yaml", 1, 1), None),
            ("/list", Mark("s.yaml", 3, 3), Mark("s.yaml", 2, 1)),
            ("/list/0", Mark("s.yaml", 3, 5), None),
            ("/list/0/m", Mark("s.yaml", 3, 17), Mark("s.yaml", 3, 14)),
        ]

    @pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
    def test_every_line_break_counts_once(self, line_break: str):
        """Files from Windows have the same lines."""
        assert message(line_break.join(["a: 1", "b: 2", "a: 3"])) == (
            "s.yaml:3:1: duplicate key 'a': it stands in line 1 already"
        )


class TestDuplicateKeys:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: 1\nb: 2\na: 3\n", "s.yaml:3:1: duplicate key 'a': it stands in line 1 already"),
            ("x:\n  a: 1\n  a: 1\n", "s.yaml:3:3: duplicate key 'a': it stands in line 2 already"),
            ("{a: 1, 'a': 2}", "s.yaml:1:8: duplicate key 'a': it stands in line 1 already"),
            ('"": 1\n"": 2\n', "s.yaml:2:1: duplicate key '': it stands in line 1 already"),
        ],
    )
    def test_a_second_key_is_refused_where_it_stands(self, text: str, expected: str):
        """Most readers keep one of the two silently."""
        assert message(text) == expected


class TestSurprisingWords:
    @pytest.mark.parametrize(
        ("word", "what"),
        [
            *[(word, "a truth value") for word in ("on", "On", "ON", "off", "yes", "Yes", "no", "NO")],
            *[(word, "a truth value") for word in ("y", "Y", "n", "N", "True", "TRUE", "False")],
            *[(word, "null") for word in ("~", "Null", "NULL")],
            *[(word, "a number") for word in ("010", "0o7", "0x1F", "0b101", "08", "00", "1_000", "1__0")],
            *[
                (word, "a number")
                for word in ("+1", ".5", "5.", "-.5", "1e3", "1.5e3", ".inf", "-.INF", ".nan")
            ],
            ("16:9", "the number 969"),
            ("9:16", "the number 556"),
            ("1:1", "the number 61"),
            ("12:30:45", "the number 45045"),
            ("1:30.5", "the number 90.5"),
            *[(word, "a date") for word in ("2026-01-08", "2026-1-8 10:00:00", "2026-01-08T00:00:00Z")],
            ("<<", "a merge key"),
            ("=", "a value key"),
        ],
    )
    def test_a_word_that_readers_disagree_on_is_refused(self, word: str, what: str):
        """Plain, it is one thing to YAML 1.1 and another to YAML 1.2."""
        assert message(f"a:\n  b: {word}\n") == (
            f"s.yaml:2:6: {word} is {what} to some readers of YAML: put quotes around it"
        )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a:\nb: 1\n", "s.yaml:1:3: an empty value is null"),
            ("a: [1, ]\nb: {c}\n", "s.yaml:2:6: an empty value is null"),
            ("- 1\n-\n", "s.yaml:2:2: an empty value is null"),
            ("---\n", "s.yaml:2:1: an empty value is null"),
        ],
    )
    def test_an_empty_value_is_refused(self, text: str, expected: str):
        """Nothing at all is null to YAML, and most often a value that was forgotten."""
        assert message(text) == f"{expected} to some readers of YAML: put quotes around it"

    def test_the_digits_of_a_sexagesimal_that_nobody_converts_are_shown(self):
        """Too many digits for an integer are still said to be a number, not a crash."""
        word = "1" * 5000 + ":30"

        assert message(f"a: {word}") == (
            f"s.yaml:1:4: {word} is the number {word} to some readers of YAML: put quotes around it"
        )


class TestNumbersOutOfRange:
    @pytest.mark.parametrize("digits", ["9" * 400, "-" + "9" * 5000])
    def test_an_integer_beyond_all_range_is_refused(self, digits: str):
        """No double holds it, and Python itself refuses to convert the longest."""
        assert message(f"a: {digits}") == f"s.yaml:1:4: {digits[:20]}... is too large for a number"

    def test_a_float_beyond_all_range_is_refused(self):
        """It would be infinite."""
        assert message("a: 1.0e+400") == "s.yaml:1:4: 1.0e+400 is too large for a number"


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("on: 1", "s.yaml:1:1: on is a truth value to some readers of YAML: put quotes around it"),
            ("a:\n  n: 1", "s.yaml:2:3: n is a truth value to some readers of YAML: put quotes around it"),
            ("16:9: 1", "s.yaml:1:1: 16:9 is the number 969 to some readers of YAML: put quotes around it"),
            ("200: 1", "s.yaml:1:1: expected a string as key, got 200: put quotes around it"),
            ("1.5: 1", "s.yaml:1:1: expected a string as key, got 1.5: put quotes around it"),
            ("true: 1", "s.yaml:1:1: expected a string as key, got true: put quotes around it"),
            ("null: 1", "s.yaml:1:1: expected a string as key, got null: put quotes around it"),
            ("~: 1", "s.yaml:1:1: ~ is null to some readers of YAML: put quotes around it"),
            ("? \n: 1", "s.yaml:1:2: an empty value is null to some readers of YAML: put quotes around it"),
            ("? [a]\n: 1", "s.yaml:1:3: expected a string as key, got a collection"),
            ("? {a: 1}\n: 1", "s.yaml:1:3: expected a string as key, got a collection"),
        ],
    )
    def test_a_key_that_is_no_string_is_refused(self, text: str, expected: str):
        """JSON's keys are strings; a status code needs its quotes."""
        assert message(text) == expected

    def test_a_key_may_be_anything_in_quotes(self):
        """Quoted, each of them is a name."""
        assert plain('{"on": 1, "200": 2, "": 3, "<<": 4}') == {"on": 1, "200": 2, "": 3, "<<": 4}


class TestDecoration:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: &x 1\n", "s.yaml:1:4: anchors are not read: write the value out (&x)"),
            ("a: &x [1]\n", "s.yaml:1:4: anchors are not read: write the value out (&x)"),
            ("&x a: 1\n", "s.yaml:1:1: anchors are not read: write the value out (&x)"),
            ("a: 1\nb: *a\n", "s.yaml:2:4: aliases are not read: write the value out (*a)"),
            ("a: !!str 1\n", "s.yaml:1:4: tags are not read: got 'tag:yaml.org,2002:str'"),
            (
                "a: !!python/object:os.system {}\n",
                "s.yaml:1:4: tags are not read: got 'tag:yaml.org,2002:python/object:os.system'",
            ),
            ("a: !own [1]\n", "s.yaml:1:4: tags are not read: got '!own'"),
            ("a: ! x\n", "s.yaml:1:4: tags are not read: got '!'"),
            ("<<: {a: 1}\n", "s.yaml:1:1: << is a merge key to some readers of YAML: put quotes around it"),
        ],
    )
    def test_anchors_aliases_tags_and_merge_keys_are_refused(self, text: str, expected: str):
        """What a value is must stand where it is read."""
        assert message(text) == expected

    def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(self):
        """Nothing is expanded."""
        lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]

        assert message("\n".join(lines)) == "s.yaml:1:5: anchors are not read: write the value out (&a0)"


class TestDocuments:
    @pytest.mark.parametrize("text", ["", "\n\n", "# nothing but words\n"])
    def test_an_empty_file_is_refused(self, text: str):
        """No document is not an empty document."""
        assert message(text) == "s.yaml:1:1: expected a mapping, got an empty file"

    def test_a_second_document_is_refused(self):
        """What follows would be dropped silently."""
        assert message("a: 1\n---\nb: 2\n") == "s.yaml:2:1: expected one document, got a second"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: b: c\n", "s.yaml:1:5: not YAML: mapping values are not allowed in this context"),
            ("a: [1\n", "s.yaml:2:1: not YAML: did not find expected ',' or ']'"),
            ("a: 'x\n", "s.yaml:2:1: not YAML: found unexpected end of stream"),
            ("a:\n\t- 1\n", "s.yaml:2:1: not YAML: found character that cannot start any token"),
            ("a: @x\n", "s.yaml:1:4: not YAML: found character that cannot start any token"),
            ('a: "\\y"\n', "s.yaml:1:5: not YAML: found unknown escape character"),
            ("a: 1\n b: 2\n", "s.yaml:2:3: not YAML: mapping values are not allowed in this context"),
        ],
    )
    def test_what_is_not_yaml_is_refused_at_its_place(self, text: str, expected: str):
        """The parser's own words, with our place."""
        assert message(text) == expected


class TestSize:
    @pytest.mark.parametrize(("opening", "columns"), [("[", (101, 1001)), ("{a: ", (401,)), ("- ", (201,))])
    def test_nesting_is_limited(self, opening: str, columns: tuple[int, ...]):
        """A hundred thousand levels cost neither a stack nor a crash; newer libyaml has a limit, too."""
        said = {f"s.yaml:1:{column}: nested more than {MAX_DEPTH} deep" for column in columns}
        assert message(opening * 100_000) in said

    def test_nesting_up_to_the_limit_is_read(self):
        """The limit itself is still allowed."""
        value: Any = "x"
        for _ in range(MAX_DEPTH):
            value = [value]

        assert plain("[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH) == value

    def test_a_text_of_megabytes_is_refused(self):
        """No spec is that long."""
        assert message("#" * (MAX_BYTES + 1)) == (
            "s.yaml:1:1: expected at most 4000000 characters, got 4000001"
        )


class TestCharacters:
    @pytest.mark.parametrize(
        "code",
        [0x00, 0x07, 0x0B, 0x1B, 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF],
    )
    @pytest.mark.parametrize("text", ["a: é\nü: 'é{}'", "a: é\n# é {}", "a: é\nü: é{}b"])
    def test_a_character_that_is_not_shown_is_refused(self, code: int, text: str):
        """Control characters, and the line breaks that only YAML 1.1 knows; the column counts characters."""
        content = text.format(chr(code))
        column = content.index(chr(code)) - content.index("\n")

        assert message(content) == (
            f"s.yaml:2:{column}: U+{code:04X} is not read: write it as an escape in double quotes"
        )

    def test_other_characters_are_read(self):
        """Letters of any script, emoji and the tab are text."""
        assert plain("a: 'é ü 中 😀\tx'") == {"a": "é ü 中 😀\tx"}


class TestDump:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ({"a": "on", "b": "16:9"}, 'a: "on"\nb: "16:9"\n'),
            (
                {"a": ["y", "null", "1", "1e3", "0o7", "~", "", "<<", "2026-01-08"]},
                'a:\n- "y"\n- "null"\n- "1"\n- "1e3"\n- "0o7"\n- "~"\n- ""\n- "<<"\n- "2026-01-08"\n',
            ),
            ({"on": 1}, '"on": 1\n'),
            ({"z": None, "a": True}, "z: null\na: true\n"),
            ({"a": "line\nbreak"}, 'a: "line\\nbreak"\n'),
            ({"a": "é \u2028"}, 'a: "é \\L"\n'),
            ({"a": 1e16, "b": 1e-7, "c": 0.5}, "a: 1.0e+16\nb: 1.0e-07\nc: 0.5\n"),
            ({"a": "plain words"}, "a: plain words\n"),
            ({"a": {}, "b": []}, "a: {}\nb: []\n"),
        ],
    )
    def test_it_quotes_what_some_reader_would_misread(self, value: Any, text: str):
        """Block style, keys in their order, quotes where they are needed."""
        assert dump(value) == text

    def test_a_shared_value_is_written_twice(self):
        """No anchors are written, as none are read."""
        shared = [1]

        assert dump({"a": shared, "b": shared}) == "a:\n- 1\nb:\n- 1\n"
