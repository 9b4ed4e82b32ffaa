"""Looking through a finished file."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from harness.cassette.scan import Leak, scan

KEY = "k3y+0f/th3=operator"


def cassette(*bodies: str) -> bytes:
    interactions = [
        {
            "request": {"uri": "https://a.example", "body": body},
            "response": {"body": {"string": b"x".decode()}},
        }
        for body in bodies
    ]
    return json.dumps({"interactions": interactions, "version": 1}).encode()


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (KEY, "raw"),
        (quote(KEY, safe=""), "escaped"),
        (base64.b64encode(b"u:" + KEY.encode()).decode(), "base64"),
        (base64.urlsafe_b64encode(KEY.encode()).decode(), "base64"),
    ],
)
def test_a_secret_is_found_where_it_stands(written, form):
    """The form, the interaction and the line; never the value."""
    leaks = scan(b"a\nb " + written.encode() + b"\n", [KEY])
    assert leaks == (Leak(form=form, line=2),)
    assert KEY not in str(leaks)
    (leak,) = scan(cassette("x", written, written), [KEY])
    assert (leak.form, leak.interaction) == (form, 1)


def test_a_secret_over_several_lines_is_found():
    """YAML breaks what is long; so has a body in base64 its lines."""
    lines = base64.encodebytes(b"x" * 50 + KEY.encode() * 2)
    assert [leak.form for leak in scan(lines, [KEY])] == ["base64"]
    import yaml

    text = yaml.safe_dump({"interactions": [{"body": b"\xff" * 50 + KEY.encode()}]}).encode()
    assert scan(text, [KEY]) == (Leak(form="base64", interaction=0),)


def test_a_file_is_read_as_whatever_it_is(tmp_path: Path):
    """Text, bytes, broken YAML: what cannot be parsed is searched all the same."""
    path = tmp_path / "a"
    path.write_bytes(b"\xff\xfe" + KEY.encode())
    assert scan(path, [KEY]) == (Leak(form="raw", line=1),)
    assert scan(b"interactions: [\n" + KEY.encode(), [KEY]) == (Leak(form="raw", line=2),)
    assert scan(b"interactions: 5\n" + KEY.encode(), [KEY]) == (Leak(form="raw", line=2),)


def test_without_a_secret_there_is_nothing():
    """An empty list of secrets finds nothing, and neither do short ones."""
    assert scan(cassette("x"), [KEY]) == ()
    assert scan(cassette("abc"), ["abc", ""]) == ()


@pytest.mark.parametrize(
    ("leak", "expected"),
    [
        (Leak(form="raw"), "a secret as it is"),
        (Leak(form="base64", interaction=3), "a secret in base64 form, interaction 3"),
        (Leak(form="hex", interaction=3, line=7), "a secret in hex form, interaction 3, line 7"),
    ],
)
def test_a_leak_in_words(leak, expected):
    """As an error message says it."""
    assert str(leak) == expected
