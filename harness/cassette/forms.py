"""The forms in which one secret value can stand in a text: as it is, escaped, in base64, in hexadecimal.

Finding is done on the text with its escapes undone, so that no mixture of them hides a value; replacing is
done by a pattern that allows each character each escape. Where the second cannot reach what the first has
found, the whole text is given up: nothing is kept that still holds the value.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["MIN_LENGTH", "PLACEHOLDER", "Form", "found_forms", "usable", "without"]

PLACEHOLDER = "REDACTED"
"""What stands where a secret stood."""

MIN_LENGTH = 6
"""Shorter values are words of every other text; they are looked for by name alone."""

_ROUNDS = 4  # how often escapes may be nested
_ESCAPE = re.compile(
    r"%(?:25)*(?P<percent>[0-9A-Fa-f]{2})"
    r"|\\+(?:u00|x)(?P<hex>[0-9A-Fa-f]{2})|\\+u(?P<wide>[0-9A-Fa-f]{4})"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[a-z]{2,6});)"
    r"|\\+(?P<plain>[\"'/])|\\(?P<backslash>\\)"
)
_CONTINUED = re.compile(r"\\\r?\n[ \t]*\\?")  # how a double-quoted text of YAML goes on
_SPACE = re.compile(r"\s+|\\+[rn]")
_BREAK = r"(?:\\*\r?\n[ \t]*\\?|\\+r\\+n|\\+n|(?:\\|%(?:25)*5[cC])+)?"
_SEXTET = "[A-Za-z0-9+/_-]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way of writing the value; `name` is for people, and says nothing of the value."""

    name: str
    text: str
    ignores_case: bool
    pattern: re.Pattern[str]

    def __repr__(self) -> str:
        return f"Form({self.name!r})"


def usable(secrets: Iterable[str]) -> tuple[str, ...]:
    """The values that can be looked for: long enough, each once, the longest first."""
    values = {value for value in secrets if len(value.replace("\\", "")) >= MIN_LENGTH}
    return tuple(sorted((v for v in values if v.lower() not in PLACEHOLDER.lower()), key=len, reverse=True))


def found_forms(text: str, secret: str) -> Iterator[str]:
    """The names of the forms in which a text holds a value: `raw`, `escaped`, `base64`, `hex`."""
    readings = _readings(text)
    names = dict.fromkeys(form.name for form in _forms(secret) if any(_holds(r, form) for r in readings))
    if "raw" in names and not _holds(text, _forms(secret)[0]):
        names = {"escaped": None, **{name: None for name in names if name != "raw"}}
    yield from names


def without(text: str, secret: str) -> str:
    """The text with the placeholder in place of the value in every form; of the whole text, if need be."""
    if not any(found_forms(text, secret)):
        return text
    cleaned = text
    for form in _forms(secret):
        cleaned = form.pattern.sub(PLACEHOLDER, cleaned)
    return PLACEHOLDER if any(found_forms(cleaned, secret)) else cleaned


def _holds(text: str, form: Form) -> bool:
    return form.text in (text.lower() if form.ignores_case else text)


def _readings(text: str) -> tuple[str, ...]:
    """A text as it stands, with its escapes undone, and without the white space that may break a value."""
    plain = _unescaped(text)
    # How many backslashes an escape has depends on how often it was written; so none of them counts.
    bare = (plain.replace("\\", ""), _SPACE.sub("", text), _SPACE.sub("", plain).replace("\\", ""))
    return tuple(dict.fromkeys((text, plain, *bare)))


def _unescaped(text: str) -> str:
    text = _CONTINUED.sub("", text)
    for _ in range(_ROUNDS):
        if not any(mark in text for mark in "%\\&"):
            break
        plain = _ESCAPE.sub(_character, text)
        if plain == text:
            break
        text = plain
    return text


def _character(found: re.Match[str]) -> str:
    number = found["percent"] or found["hex"] or found["wide"]
    if number:
        return chr(int(number, 16))
    return html.unescape(found["entity"]) if found["entity"] else found["plain"] or found["backslash"]


@lru_cache(maxsize=64)
def _forms(secret: str) -> tuple[Form, ...]:
    raw = secret.encode()
    forms = [_form("raw", secret.lower(), "", secret, "", ignores_case=True)]
    bytewise = raw.decode("latin-1")  # as escapes byte by byte read, and a text that is not UTF-8
    others = dict.fromkeys((bytewise, secret.replace("\\", ""), bytewise.replace("\\", "")))
    forms += [_form("escaped", v.lower(), "", v, "", ignores_case=True) for v in others if v != secret]
    for offset in range(3):
        forms += _base64_forms(raw, offset)
    forms.append(_form("hex", raw.hex(), "", raw.hex(), "", ignores_case=True))
    return tuple(forms)


def _base64_forms(raw: bytes, offset: int) -> Iterator[Form]:
    """The part of a base64 text that the value alone decides, when `offset` bytes stand before its group."""
    first = -(-offset * 8 // 6)
    bits = (offset + len(raw)) * 8
    for alphabet in (b"+/", b"-_"):
        core = base64.b64encode(bytes(offset) + raw, alphabet).decode()[first : bits // 6]
        # The characters at the edges share their bits with what stands before and behind.
        before = f"{_SEXTET}?" if offset else ""
        after = f"{_SEXTET}?" if bits % 6 else ""
        yield _form("base64", core, before, core, f"{after}={{0,2}}", ignores_case=False)


def _form(name: str, text: str, before: str, value: str, after: str, *, ignores_case: bool) -> Form:
    characters = _BREAK.join(_escapable(character, ignores_case=ignores_case) for character in value)
    return Form(
        name=name, text=text, ignores_case=ignores_case, pattern=re.compile(f"{before}{characters}{after}")
    )


def _escapable(character: str, *, ignores_case: bool) -> str:
    """A pattern for one character in any of its escapes."""
    letters = {character.lower(), character.upper()} if ignores_case else {character}
    return f"(?:{'|'.join(way for letter in sorted(letters) for way in _ways(letter))})"


def _ways(text: str) -> Iterator[str]:
    """Usually one character; a few have an upper case of two."""
    yield re.escape(text)
    codes = [format(byte, "02x") for byte in text.encode()]
    yield "".join(f"%(?:25)*{_any_case(code)}" for code in codes)
    if len(text) > 1:
        return
    number = ord(text)
    if number < 0x100:
        yield rf"\\+x{_any_case(format(number, '02x'))}"
        yield f"%(?:25)*{_any_case(format(number, '02x'))}"
    if number < 0x10000:
        yield rf"\\+u{_any_case(format(number, '04x'))}"
    yield rf"&#(?:0*{number}|[xX]0*{_any_case(format(number, 'x'))});"
    if html.escape(text) != text:
        yield re.escape(html.escape(text))
    if text in "\"'/\\":
        yield rf"\\+{re.escape(text)}"


def _any_case(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)
