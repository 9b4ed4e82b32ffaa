"""Text and values of strangers -> one line that shows what is there and does nothing.

A provider's words may hold terminal escapes, marks that turn the direction of writing, or a megabyte of
`a`. Every format writes them through here first, and then escapes what its own syntax needs.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["LONGEST_TEXT", "as_json", "compact", "disarmed", "plain", "shortened", "visible"]

LONGEST_TEXT = 1000  # characters of one string that are shown
LONGEST_LIST = 100  # elements of one array, members of one object
DEEPEST = 20  # levels of one value
LARGEST_INTEGER_BITS = 1300  # about 390 digits: what the readers take for an integer

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, limit: int | None = LONGEST_TEXT) -> str:
    r"""The text on one line, with nothing hidden in it and at most `limit` characters of its own.

    Control and format characters, halves of surrogate pairs, private and unassigned characters stand as
    `\n`, `\x1b`, `\u202e`, `\U000e0041`. Where text was left out, its end says how long it was.
    """
    short = text if limit is None else _cut(text, limit)
    if short.isprintable():
        return short
    return "".join(char if _shows(char) else _escaped(char) for char in short)


def disarmed(text: str) -> str:
    """`##[…]` and `##vso[…]` are commands to CI runners wherever they stand in a line."""
    return text.replace("##", "#\\x23")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters in all)"


def _shows(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _escaped(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def plain(value: Any) -> Any:
    """The value as strict JSON: tuples are arrays, a number that is not finite is its name as a string."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _name_of(value)
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [plain(element) for element in value]
    return str(value)


def _name_of(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def shortened(value: Any, limit: int = LONGEST_TEXT) -> Any:
    """`plain(value)`, with what is huge in it cut, and how much there was said in its place.

    A string keeps its first `limit` characters and ends in `… (N characters in all)`; an array keeps 100
    elements and ends in the string `… (N elements in all)`; an object keeps 100 members and gains the
    member `…` with `(N members in all)`; what is nested deeper than 20 levels is the string `…`.
    """
    return _shortened(value, limit, DEEPEST)


def _shortened(value: Any, limit: int, depth: int) -> Any:
    if isinstance(value, str):
        return _cut(str(value), limit)
    if isinstance(value, int) and value.bit_length() > LARGEST_INTEGER_BITS:
        return f"… (an integer of {value.bit_length():,} bits)"
    if isinstance(value, Mapping):
        return _shortened_members(value, limit, depth) if depth else "…"
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return _shortened_elements(tuple(value), limit, depth) if depth else "…"
    return plain(value)


def _shortened_members(members: Mapping[Any, Any], limit: int, depth: int) -> dict[str, Any]:
    kept = list(members.items())[:LONGEST_LIST]
    short = {_cut(str(key), limit): _shortened(member, limit, depth - 1) for key, member in kept}
    if len(members) > len(kept):
        short["…"] = f"({len(members):,} members in all)"
    return short


def _shortened_elements(elements: tuple[Any, ...], limit: int, depth: int) -> list[Any]:
    kept = [_shortened(element, limit, depth - 1) for element in elements[:LONGEST_LIST]]
    more = [f"… ({len(elements):,} elements in all)"] if len(elements) > len(kept) else []
    return [*kept, *more]


def compact(value: Any, limit: int = LONGEST_TEXT) -> str:
    """The value as JSON on one visible line of about `limit` characters."""
    text = json.dumps(shortened(value, limit), ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    return visible(text, limit)


def as_json(document: Mapping[str, Any]) -> str:
    r"""Strict JSON text, indented, with a line end. Characters that do not show are `\u` escapes.

    So is the second of two `#`, which a CI runner would read as the start of a command.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2).replace("##", "#\\u0023")
    return "".join(f"{_ascii_where_hidden(line)}\n" for line in text.split("\n"))


def _ascii_where_hidden(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(char if _shows(char) else json.dumps(char)[1:-1] for char in line)
