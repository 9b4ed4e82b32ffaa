"""What came of one call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.client.calls import Call
from harness.finding import Location
from harness.wire.message import HttpResponse

__all__ = ["Answer", "Flaw", "Progress"]


class Flaw(StrEnum):
    """Why an answer is not whole."""

    NO_ANSWER = "no_answer"  # none came, or it broke off
    OVER_LIMIT = "over_limit"  # the client stopped reading it
    HEADERS_CUT = "headers_cut"  # it is whole but for headers beyond the limit
    REDIRECT = "redirect"  # it leads to where the client does not go


@dataclass(slots=True)
class Progress:
    """How far a request got: set to True at the moment before its first byte is written.

    As long as it is False, the request certainly did not reach the provider.
    """

    wrote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One call and its answer, if there is one.

    `error` says in words, without secrets, what `flaw` is. `sent_s` and `received_s` are provider seconds on
    the client's monotonic clock. `reached` is False only when no byte of the request can have been sent.
    """

    call: Call
    response: HttpResponse | None
    subject: Location
    sent_s: float
    received_s: float
    reached: bool = True
    flaw: Flaw | None = None
    error: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether there is an answer and its body was read to the end."""
        return self.response is not None and self.flaw in (None, Flaw.HEADERS_CUT)
