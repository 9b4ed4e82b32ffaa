"""Secrets out of JSON text, token by token."""

from __future__ import annotations

import pytest

from harness.cassette.scrub_json import NIL_UUID, scrub_json, stand_in

UUID = "2c1e6c0a-94f1-4a37-9a8b-0c60cf5c5b0b"


def scrubbed(text: str) -> str:
    return scrub_json(
        text, is_secret=lambda name: name == "secret", clean=lambda value: value.replace("KEY", "*")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"secret": "a", "b": "a"}', '{"secret": "REDACTED", "b": "a"}'),
        ('{"secret" : 12.5e3, "b": 1}', '{"secret" : 0, "b": 1}'),
        ('{"secret": true, "b": null, "secret": null}', '{"secret": true, "b": null, "secret": null}'),
        ('{"secret": {"x": ["a", {"y": "b"}], "n": 1}, "b": "a"}', None),
        (
            '{"a": {"secret": "x"}, "b": ["x", "secret", "x"]}',
            '{"a": {"secret": "REDACTED"}, "b": ["x", "secret", "x"]}',
        ),
        ('{"s\\u0065cret": "a"}', '{"s\\u0065cret": "REDACTED"}'),
        (f'{{"secret": "{UUID}"}}', f'{{"secret": "{NIL_UUID}"}}'),
        ('{"secret": "0123456"}', '{"secret": "0000000"}'),
        ('{"secret": ""}', '{"secret": ""}'),
        ('{"secret": "Bearer abc"}', '{"secret": "Bearer REDACTED"}'),
        ('{"a": "x KEY y", "KEY": 1}', '{"a": "x * y", "*": 1}'),
        ('{"a": "\\u004bEY"}', '{"a": "*"}'),
        ('{"a": "äKEY"}', '{"a": "ä*"}'),
        ('{"a": "\\u00e4KEY"}', '{"a": "\\u00e4*"}'),
    ],
)
def test_names_and_texts_are_scrubbed_at_any_depth(text, expected):
    """The type of a value stays what it was, and so does everything around it."""
    expected = expected or '{"secret": {"x": ["REDACTED", {"y": "REDACTED"}], "n": 0}, "b": "a"}'
    assert scrubbed(text) == expected
    assert scrubbed(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"a": 1, "a": 2, "n": NaN, "m": 1.0e0,\n\t"secret":"x" }',
            '{"a": 1, "a": 2, "n": NaN, "m": 1.0e0,\n\t"secret":"REDACTED" }',
        ),
        ('{"secret": "cut of', '{"secret": "REDACTED'),
        ('{"secret": "cut\\', '{"secret": "REDACTED'),
        ('{"a": "KE\\u00', '{"a": "KE\\u00'),
        ('{"secret": "a\nb"}', '{"secret": "REDACTED"}'),
        ('{"a": "\\q KEY"}', '{"a": "\\\\q *"}'),
        (']]}{"secret": "x"', ']]}{"secret": "REDACTED"'),
        ('"secret": "x"', '"secret": "REDACTED"'),
        ('error: {"secret": "x"} in line 5', 'error: {"secret": "REDACTED"} in line 5'),
        ("5 apples", "5 apples"),
        ("", ""),
    ],
)
def test_what_is_no_json_is_scrubbed_all_the_same(text, expected):
    """A body that breaks off, or has a key twice, comes out as it went in but for its secrets."""
    assert scrubbed(text) == expected


def test_a_number_that_is_a_secret_becomes_another_number():
    """Some keys are made of digits."""
    assert (
        scrub_json("[5, 123456]", is_secret=lambda _: False, clean=lambda v: v.replace("123456", "*"))
        == "[5, 0]"
    )


def test_depth_costs_no_stack():
    """A hostile answer is nested as deep as it likes."""
    deep = '{"secret":[' * 50_000
    assert scrubbed(deep + '"x"') == deep + '"REDACTED"'


@pytest.mark.parametrize("value", ["hunter swordfish", "mysecretREDACTED", "x" * 100])
def test_nothing_of_a_secret_text_stays(value):
    """Not even the first word of it."""
    assert stand_in(value) == "REDACTED"
