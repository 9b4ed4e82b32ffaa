"""JSON Pointers (RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["MISSING", "Missing", "array_index", "join", "last", "matches", "resolve", "split"]

# RFC 6901, section 4: no leading zeros. Longer than this is beyond any array, and slow to convert.
_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")


class Missing:
    """The type of `MISSING`: nothing stands at a pointer (JSON's null is something)."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped reference tokens: `/a~1b/0` -> `("a/b", "0")`. The empty pointer has none.

    Raises ValueError if the pointer is neither empty nor starts with a slash.
    """
    if pointer == "":
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"not a JSON Pointer: {pointer!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


def join(parts: Iterable[str | int], base: str = "") -> str:
    """The pointer of the given tokens below `base`."""
    return base + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def last(pointer: str) -> str:
    """The last token, unescaped: the name of what the pointer leads to."""
    return split(pointer)[-1]


def array_index(part: str) -> int | None:
    """The array index that a reference token stands for, if it stands for one."""
    return int(part) if _INDEX.match(part) else None


def resolve(value: Any, pointer: str) -> Any:
    """The value at the pointer, or `MISSING`. `*` as a token means the first element of an array."""
    for part in split(pointer):
        if isinstance(value, Mapping):
            value = value.get(part, MISSING)
        elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
            value = _element(value, part)
        else:
            return MISSING
        if value is MISSING:
            return MISSING
    return value


def matches(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Every concrete `(pointer, value)` that a pointer with `*` for array indices stands for."""
    parts = split(pointer)
    if "*" not in parts:
        found = resolve(value, pointer)
        if found is not MISSING:
            yield pointer, found
        return
    at = parts.index("*")
    head, tail = join(parts[:at]), join(parts[at + 1 :])
    array = resolve(value, head)
    if isinstance(array, list):
        for index, element in enumerate(array):
            for rest, found in matches(element, tail):
                yield f"{head}/{index}{rest}", found


def _element(array: Sequence[Any], part: str) -> Any:
    index = 0 if part == "*" else array_index(part)
    return array[index] if index is not None and index < len(array) else MISSING
