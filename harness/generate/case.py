"""One generated request, and what must be said of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.spec.pointer import join

__all__ = ["Case", "Kind", "text_of"]


class Kind(StrEnum):
    """What a case is."""

    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request body. Of an invalid one, `rule`, `pointer` and `facet` are what must be reported, alone.

    `why` says in words what the case tries. `twice` points to the member that is written two times in the
    text, which no value can show.
    """

    body: Any
    kind: Kind
    why: str
    rule: str | None = None
    pointer: str | None = None
    facet: str | None = None
    twice: str | None = None

    @property
    def content(self) -> bytes:
        """The body as it is sent: UTF-8, not always strict JSON."""
        return text_of(self.body, self.twice).encode("utf-8")

    @property
    def is_strict(self) -> bool:
        """Whether the body is JSON to every reader: no key twice, no NaN, no half of a UTF-16 pair."""
        return self.facet not in ("duplicate-key", "not-finite", "surrogate")


def text_of(value: Any, twice: str | None = None) -> str:
    """JSON as Python writes it, NaN and Infinity included; the member at `twice` stands there two times."""
    if twice is not None:
        return _written(value, "", twice)
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a UTF-16 pair can be written as an escape alone
        return json.dumps(value)
    return text


def _written(value: Any, at: str, twice: str) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_written(each, join([i], at), twice) for i, each in enumerate(value))}]"
    if not isinstance(value, dict):
        return text_of(value)
    members = []
    for name, member in value.items():
        below = join([name], at)
        members += [f"{text_of(name)}: {_written(member, below, twice)}"] * (2 if below == twice else 1)
    return f"{{{', '.join(members)}}}"
