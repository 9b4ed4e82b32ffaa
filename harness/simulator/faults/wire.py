"""Faults of sending: the request has done its work, and the answer does not arrive as it should."""

from __future__ import annotations

import json

from harness.simulator.answer import Answer, Ending
from harness.simulator.faults.fault import Fault, WireFault

__all__ = ["FLOOD_HEADERS", "HUGE_BYTES", "SLOW_S", "WIRE_FAULTS"]

SLOW_S = 45.0
HUGE_BYTES = 100 * 1024 * 1024
FLOOD_HEADERS = 1500
_SOME_POLLS = (2, 3)
_UNREADABLE = "an answer that cannot be read; the interval widens, the job is not failed"


def _slow(answer: Answer) -> Answer:
    return answer.but(delay_s=SLOW_S)


def _stalled(answer: Answer) -> Answer:
    return answer.but(ending=Ending.STALL)


def _reset(answer: Answer) -> Answer:
    return answer.but(ending=Ending.RESET)


def _truncated(answer: Answer) -> Answer:
    return answer.but(body=answer.body[: len(answer.body) * 2 // 3])


def _mislabelled(answer: Answer) -> Answer:
    return answer.but(content_type="text/plain")


def _not_utf8(answer: Answer) -> Answer:
    """An odd byte inside the first string value, or at the end where there is none."""
    at = answer.body.find(b':"')
    at = at + 2 if at >= 0 else len(answer.body)
    return answer.but(body=answer.body[:at] + b"\xff" + answer.body[at:])


def _duplicated(answer: Answer) -> Answer:
    """The first member of the object stands in it twice, first with null."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return answer
    if not isinstance(document, dict) or not document:
        return answer
    first = json.dumps(next(iter(document))).encode()
    return answer.but(body=b"{" + first + b":null," + answer.body.lstrip()[1:])


def _huge(answer: Answer) -> Answer:
    return answer.but(padding_bytes=HUGE_BYTES)


def _flooded(answer: Answer) -> Answer:
    flood = tuple((f"x-flood-{number:04}", "0123456789abcdef") for number in range(FLOOD_HEADERS))
    return answer.but(headers=(*answer.headers, *flood))


WIRE_FAULTS: tuple[Fault, ...] = (
    WireFault(
        name="slow-first-byte",
        does=f"poll 2 is answered {SLOW_S:g} provider seconds late",
        sees="a time-out of its own, or patience; the job is not failed",
        operations=("poll",),
        nth=(2,),
        apply=_slow,
    ),
    WireFault(
        name="stalled-body",
        does="poll 2 gets half of its body, then nothing while the connection stays open",
        sees="a time-out of its own; the job is not failed",
        operations=("poll",),
        nth=(2,),
        apply=_stalled,
    ),
    WireFault(
        name="reset-after-read",
        does="polls 2 and 3 are read and met by a TCP reset in place of the answer",
        sees="a wider interval; a submit met by it (reset-after-read.submit) is possibly billed",
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_reset,
    ),
    WireFault(
        name="truncated-json",
        does="the bodies of polls 2 and 3 end after two thirds, well-formed as HTTP",
        sees=_UNREADABLE,
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_truncated,
    ),
    WireFault(
        name="wrong-content-type",
        does="every poll is answered as text/plain",
        sees="the body read by what it is, and a finding",
        operations=("poll",),
        apply=_mislabelled,
    ),
    WireFault(
        name="invalid-utf8",
        does="the bodies of polls 2 and 3 hold a byte that is not UTF-8",
        sees=_UNREADABLE,
        operations=("poll",),
        nth=_SOME_POLLS,
        apply=_not_utf8,
    ),
    WireFault(
        name="duplicate-keys",
        does="the first member of each poll's body stands in it twice, first as null",
        sees="a finding; the last one counts",
        operations=("poll",),
        apply=_duplicated,
    ),
    WireFault(
        name="100mb-body",
        does="the body of poll 2 is preceded by 100 MB of blanks, of no stated length",
        sees="an answer given up at the reader's own limit; the job is not failed",
        operations=("poll",),
        nth=(2,),
        apply=_huge,
    ),
    WireFault(
        name="header-flood",
        does=f"poll 2 is answered with {FLOOD_HEADERS} more headers",
        sees="an answer refused at the reader's own limit; the job is not failed",
        operations=("poll",),
        nth=(2,),
        apply=_flooded,
    ),
)
