"""Secrets out of JSON text, token by token.

The text is not parsed into values and written again: what a provider sent is evidence, so that a duplicate
key, a NaN, a number's notation or a missing end must come out as it went in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.cassette.forms import PLACEHOLDER

__all__ = ["NIL_UUID", "scrub_json", "stand_in"]

NIL_UUID = "00000000-0000-0000-0000-000000000000"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SCHEME = re.compile(r"(?:bearer|basic|digest|token|key) +", re.IGNORECASE)
_TOKENS = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*(?:"|\\?\Z))|(?P<number>-?[0-9][0-9.eE+-]*)|(?P<mark>[{}\[\],])', re.DOTALL
)
_IS_KEY = re.compile(r"\s*:")


def stand_in(value: str) -> str:
    """What takes the place of a secret text: a UUID for a UUID, digits for digits, else the placeholder."""
    if _UUID.fullmatch(value):
        return NIL_UUID
    if value.isdecimal():
        return "0" * len(value)
    scheme = _SCHEME.match(value)
    return f"{scheme[0] if scheme else ''}{PLACEHOLDER}" if value else value


@dataclass(slots=True)
class _Level:
    """One object or array that is open; `secret` is what its next value is, by its name."""

    is_object: bool
    inherited: bool
    secret: bool


def scrub_json(text: str, *, is_secret: Callable[[str], bool], clean: Callable[[str], str]) -> str:
    """JSON text, or text with JSON in it, without secrets.

    `is_secret` judges a member's name, `clean` takes secrets out of a text that is no secret by its name.
    """
    levels = [_Level(is_object=True, inherited=False, secret=False)]  # a text may begin inside an object

    def token(found: re.Match[str]) -> str:
        level = levels[-1]
        if found["mark"]:
            _move(levels, found["mark"])
            return found[0]
        if found["number"]:
            plain = clean(found[0])
            return "0" if level.secret or plain != found[0] else found[0]
        if level.is_object and _IS_KEY.match(text, found.end()):
            name, key = _cleaned(found[0], clean)
            level.secret = level.inherited or is_secret(name)
            return key
        if level.secret:
            return _cleaned(found[0], stand_in)[1]
        return _cleaned(found[0], clean)[1]

    return _TOKENS.sub(token, text)


def _move(levels: list[_Level], mark: str) -> None:
    level = levels[-1]
    if mark in "{[":
        levels.append(_Level(is_object=mark == "{", inherited=level.secret, secret=level.secret))
    elif mark == ",":
        level.secret = level.inherited
    elif len(levels) > 1:
        levels.pop()


def _cleaned(token: str, clean: Callable[[str], str]) -> tuple[str, str]:
    """`(the text that a string token stands for, the token with that text cleaned)`."""
    is_whole = len(token) > 1 and token.endswith('"') and not _ends_escaped(token)
    inner = token[1:-1] if is_whole else token[1:]
    try:
        value = json.loads(f'"{inner}"', strict=False)
    except ValueError:
        value = inner  # cut off in an escape, or no JSON: as it stands
    plain = clean(value)
    if plain == value:
        return value, token
    written = json.dumps(plain, ensure_ascii=token.isascii())
    return value, written if is_whole else written[:-1]


def _ends_escaped(token: str) -> bool:
    body = token[:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1
