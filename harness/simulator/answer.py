"""One answer before it goes out: what it says, and how it is put on the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

__all__ = ["OWN_HEADER", "Answer", "Draft", "Ending", "Own", "as_json"]

OWN_HEADER = "x-simulator-own"
"""Names what in an answer is the simulator's own choice, because no document says it."""


class Own(StrEnum):
    """What an answer may have of the simulator's own; besides these, pointers into the body."""

    STATUS = "status"
    BODY = "error-body"
    VALIDATION_TIME = "validation-time"
    UNKNOWN_PROPERTY = "unknown-property"
    RETRY_AFTER = "retry-after"
    EXPIRY = "expiry"


class Ending(StrEnum):
    """How an answer ends on the wire."""

    COMPLETE = "complete"
    STALL = "stall"  # half of the body, then silence for as long as the client stays
    RESET = "reset"  # a TCP reset in place of the answer


def as_json(document: Any) -> str:
    """The document without blanks, as the samples of event streams show it."""
    return json.dumps(document, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as bytes. `delay_s` provider seconds pass before it, `padding_bytes` blanks precede the body.

    A padded answer has no content-length: the reader must count.
    """

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    padding_bytes: int = 0
    ending: Ending = Ending.COMPLETE

    def but(self, **changes: Any) -> Answer:
        """A copy with other values in the named members."""
        return replace(self, **changes)


@dataclass(slots=True, kw_only=True)
class Draft:
    """An answer as a document, not yet written. `own` names what no document gives."""

    status: int
    document: Any
    content_type: str | None = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    own: tuple[str, ...] = ()

    def written(self) -> Answer:
        """The answer with its document as JSON, in ASCII so that any text of a request can come back."""
        headers = self.headers
        if self.own:
            headers = (*headers, (OWN_HEADER, ", ".join(dict.fromkeys(self.own))))
        body = b"" if self.document is None else as_json(self.document).encode("ascii")
        return Answer(status=self.status, body=body, content_type=self.content_type, headers=headers)
