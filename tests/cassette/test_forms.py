"""The forms in which a value can stand in a text."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from harness.cassette.forms import PLACEHOLDER, found_forms, usable, without

KEY = "sk+a/b=C&d~1234"


def forms_of(text: str, secret: str = KEY) -> list[str]:
    return list(found_forms(text, secret))


def b64(before: bytes, after: bytes = b"", alphabet: bytes = b"+/") -> str:
    return base64.b64encode(before + KEY.encode() + after, alphabet).decode()


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (KEY, "raw"),
        (KEY.upper(), "raw"),
        (quote(KEY, safe=""), "escaped"),
        (quote_plus(KEY), "escaped"),
        (quote(KEY, safe="").lower(), "escaped"),
        (quote(quote(KEY, safe=""), safe=""), "escaped"),
        ("".join(f"%{byte:02x}" for byte in KEY.encode()), "escaped"),
        ("".join(f"\\u{ord(c):04x}" for c in KEY), "escaped"),
        ("".join(f"\\\\u{ord(c):04X}" for c in KEY), "escaped"),
        (json.dumps(KEY).replace("/", "\\/"), "escaped"),
        (html.escape(KEY), "escaped"),
        ("".join(f"&#{ord(c)};" for c in KEY), "escaped"),
        ("".join(f"&#x{ord(c):x};" for c in KEY), "escaped"),
        (f"{KEY[:5]}\\\n    \\{KEY[5:]}", "escaped"),
        (b64(b""), "base64"),
        (b64(b"u"), "base64"),
        (b64(b"us"), "base64"),
        (b64(b"user:", b"tail"), "base64"),
        (b64(b"", alphabet=b"-_"), "base64"),
        (quote(b64(b"u", b"x"), safe=""), "base64"),
        (base64.encodebytes(b"x" * 70 + KEY.encode()).decode(), "base64"),
        (KEY.encode().hex(), "hex"),
        (KEY.encode().hex().upper(), "hex"),
    ],
)
def test_a_form_is_found_named_and_taken_out(written, form):
    """Nothing is left of the value, and what stands around it stays."""
    text = f"before |{written}| after"
    assert form in forms_of(text)
    cleaned = without(text, KEY)
    assert forms_of(cleaned) == []
    assert cleaned.startswith("before |")
    assert cleaned.endswith("| after")
    assert PLACEHOLDER in cleaned
    assert without(cleaned, KEY) == cleaned


@pytest.mark.parametrize("text", ["", "sk+a/b=C&d~123", "REDACTED", b64(b"").swapcase(), "%41%42"])
def test_other_text_is_left_alone(text):
    """A value but for its end is another value."""
    assert forms_of(text) == []
    assert without(text, KEY) is text


def test_a_value_beyond_ascii_is_found_however_its_bytes_are_written():
    """Escaped by character or by byte of its UTF-8."""
    secret = "schlüssel-é"
    for text in ("schlüssel-é", quote(secret), secret.encode().decode("latin-1"), json.dumps(secret)):
        assert forms_of(text, secret), text
        assert forms_of(without(text, secret), secret) == []


def test_what_no_pattern_reaches_is_given_up_as_a_whole():
    """A value that someone has set in two words is gone all the same, and what stood around it."""
    text = "x sk+a/b= C&d~1234"
    assert forms_of(text) == ["escaped"]
    assert without(text, KEY) == PLACEHOLDER


def test_only_values_that_can_be_told_from_words_are_used():
    """Short ones stand in every text, and the placeholder is no secret."""
    assert usable(["short", "abcdef", "abcdefgh", "abcdef", "REDACTED", "edacte", ""]) == (
        "abcdefgh",
        "abcdef",
    )


def test_the_forms_do_not_show_their_value():
    """A traceback with local variables shows no key."""
    from harness.cassette.forms import _forms

    assert KEY not in repr(_forms(KEY))
