"""Reading values out of JSON, member by member; a fault's path is composed on the way up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, TypeVar

from harness.errors import OperatorError
from harness.spec.pointer import join

__all__ = [
    "MemberError",
    "a_boolean",
    "a_list",
    "a_number",
    "a_text",
    "an_integer",
    "an_object",
    "member",
    "members",
    "one_of",
    "or_null",
]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_LONGEST = 60  # characters of a value that a message shows


class MemberError(OperatorError):
    """A value that cannot be read. `path` leads to it; the text is `jobs[3].polls: expected …, got …`."""

    def __init__(self, message: str, *, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, part: str | int) -> MemberError:
        """The same fault, seen from one level up."""
        return MemberError(self.message, path=(part, *self.path))

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer."""
        return join(self.path)

    def __str__(self) -> str:
        if not self.path:
            return self.message
        words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return f"{words.lstrip('.')}: {self.message}"


def members(kind: type[T], value: Any, readers: Mapping[str, Callable[[Any], Any]]) -> T:
    """A dataclass out of an object. Members with a default may be missing; unknown ones are a fault."""
    given = an_object(value)
    for name in given:
        if name not in readers:
            raise MemberError("unknown member; was it written by a newer release?", path=(name,))
    read: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in given:
            try:
                read[field.name] = readers[field.name](given[field.name])
            except MemberError as fault:
                raise fault.under(field.name) from None
        elif field.default is MISSING and field.default_factory is MISSING:
            raise MemberError(f"expected a member {field.name!r}, got none")
    return kind(**read)


def member(given: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> T:
    """One member of an object. Raises MemberError where it is not there, or cannot be read."""
    if name not in given:
        raise MemberError(f"expected a member {name!r}, got none")
    try:
        return read(given[name])
    except MemberError as fault:
        raise fault.under(name) from None


def an_object(value: Any) -> dict[str, Any]:
    """An object. Raises MemberError."""
    if isinstance(value, dict):
        return value
    raise _expected("an object", value)


def a_text(value: Any) -> str:
    """A string. Raises MemberError."""
    if isinstance(value, str):
        return value
    raise _expected("a string", value)


def a_boolean(value: Any) -> bool:
    """True or false. Raises MemberError."""
    if isinstance(value, bool):
        return value
    raise _expected("true or false", value)


def an_integer(value: Any) -> int:
    """A whole number, written without a point. Raises MemberError."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _expected("a whole number", value)


def a_number(value: Any) -> float:
    """A number. Raises MemberError."""
    if isinstance(value, (int, float)) and _is_number(value):
        return value
    raise _expected("a number", value)


def _is_number(value: float) -> bool:
    return not isinstance(value, bool) and abs(value) <= sys.float_info.max


def or_null(read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """What `read` takes, or null."""

    def reader(value: Any) -> T | None:
        return None if value is None else read(value)

    return reader


def a_list(read: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """An array of what `read` takes."""

    def reader(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise _expected("an array", value)
        found = []
        for place, element in enumerate(value):
            try:
                found.append(read(element))
            except MemberError as fault:
                raise fault.under(place) from None
        return tuple(found)

    return reader


def one_of(kind: type[E]) -> Callable[[Any], E]:
    """A member of an enumeration, by its value."""

    def reader(value: Any) -> E:
        try:
            return kind(a_text(value))
        except ValueError:
            raise _expected(f"one of {', '.join(kind)}", value) from None

    return reader


def _expected(what: str, value: Any) -> MemberError:
    shown = repr(value)
    got = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    return MemberError(f"expected {what}, got {got}")
