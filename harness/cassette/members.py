"""Reading plain JSON values member by member, with the place of a fault in its message."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from harness.errors import OperatorError

__all__ = ["Members", "NotARecordingError", "seconds_at", "shorten", "utc_at"]


class NotARecordingError(Exception):
    """A well-formed file that is something else than a recording; the text says what was missed."""


def shorten(value: Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _is_duration(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= sys.float_info.max


class Members:
    """One JSON object that is being read: in `file` (with its line, if need be), at `path` inside.

    Every reader raises OperatorError where the value is not what is asked for.
    """

    def __init__(self, value: Any, file: str, path: str = "") -> None:
        self.file = file
        self.path = path
        self.place = f"{file}: {path}" if path else file
        if not isinstance(value, Mapping):
            raise OperatorError(f"{self.place}: expected an object, got {shorten(value)}")
        self.value: Mapping[str, Any] = value
        self._asked: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        self._asked.add(name)
        return self.value.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A string; the default where it is missing or null, if there is one."""
        if not self.has(name) and default is not None:
            return default
        value = self._required(name)
        if not isinstance(value, str):
            raise self.fault(name, "a string")
        return value

    def maybe_text(self, name: str) -> str | None:
        """A string, or None where it is missing or null."""
        return self.text(name) if self.has(name) else None

    def one_of(self, name: str, words: tuple[str, ...]) -> str:
        """One of the given words."""
        word = self.text(name)
        if word not in words:
            raise self.fault(name, f"one of {', '.join(words)}")
        return word

    def integer(self, name: str) -> int:
        """A whole number."""
        value = self._required(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(name, "a whole number")
        return value

    def maybe_seconds(self, name: str) -> float | None:
        """A finite number that is not negative, or None where it is missing or null."""
        if not self.has(name):
            return None
        if not _is_duration(self.value[name]):
            raise self.fault(name, "a number of at least 0")
        return float(self.value[name])

    def items(self, name: str) -> list[Any]:
        """The elements of an array; none where it is missing or null."""
        if not self.has(name):
            return []
        value = self.value[name]
        if not isinstance(value, list):
            raise self.fault(name, "an array")
        return value

    def objects(self, name: str) -> Iterator[Members]:
        """The elements of an array of objects."""
        return (
            Members(item, self.file, self._path_of(name, index))
            for index, item in enumerate(self.items(name))
        )

    def object(self, name: str) -> Members:
        """An object."""
        return Members(self._required(name), self.file, self._path_of(name))

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A mapping of names to strings, as pairs; none where it is missing or null."""
        if not self.has(name):
            return ()
        inner = self.object(name)
        return tuple((key, inner.text(key)) for key in inner.value)

    def finish(self) -> None:
        """Refuses every member that was not asked for."""
        for name in self.value:
            if name not in self._asked:
                near = difflib.get_close_matches(str(name), self._asked, n=1)
                known = ", ".join(sorted(self._asked))
                hint = f"did you mean {near[0]!r}?" if near else f"known here: {known}"
                raise OperatorError(f"{self.place}: unknown member {name!r}; {hint}")

    def fault(self, name: str, expected: str, index: int | None = None) -> OperatorError:
        """The exception for a member, or an element of one, that is not what was expected."""
        value = self.value.get(name)
        got = shorten(value if index is None or value is None else value[index])
        return OperatorError(f"{self.file}: {self._path_of(name, index)}: expected {expected}, got {got}")

    def _path_of(self, name: str, index: int | None = None) -> str:
        path = f"{self.path}.{name}" if self.path else name
        return path if index is None else f"{path}[{index}]"

    def _required(self, name: str) -> Any:
        self._asked.add(name)
        if name not in self.value:
            raise OperatorError(f"{self.place}: missing member {name!r}")
        return self.value[name]


def utc_at(members: Members, name: str) -> datetime | None:
    """A moment in ISO 8601 with its offset from UTC, or None where it is missing or null."""
    if not members.has(name):
        return None
    try:
        moment = datetime.fromisoformat(members.text(name))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise members.fault(name, "a date and time with its offset from UTC")
    return moment.astimezone(UTC)


def seconds_at(members: Members, name: str) -> tuple[float, ...]:
    """An array of finite numbers that are not negative; none where it is missing or null."""
    numbers = members.items(name)
    for index, number in enumerate(numbers):
        if not _is_duration(number):
            raise members.fault(name, "a number of at least 0", index)
    return tuple(float(number) for number in numbers)
