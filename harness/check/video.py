"""One delivered video against what was asked for, and against what the documents promise of every video.

What the request leaves out is its documented default; where no document states one, nothing is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.check.rules import rule
from harness.finding import Direction, Finding, Impact, Location, Skipped
from harness.spec.model import Request, Spec, State
from harness.spec.pointer import MISSING, resolve, split
from harness.wire.video import VideoFacts, VideoProblem

__all__ = ["ASPECT_TOLERANCE", "DURATION_TOLERANCE_S", "VideoCase", "video_findings", "wanted"]

DURATION_TOLERANCE_S = 0.5
"""How far a video's length may be from the one that was asked for, inclusive."""

ASPECT_TOLERANCE = 0.02
"""How far width by height may be from the ratio that was asked for, as a part of it: sides are even numbers,
and coders round them to multiples of 8 or 16."""

_LONGEST_S = 24 * 3600.0
_LARGEST_PX = 16_384
_LONGEST_TOLD = 60
_RATIO = re.compile(r"([1-9][0-9]{0,3}):([1-9][0-9]{0,3})")
_LINES = re.compile(r"([1-9][0-9]{2,3})p")
_SIZE = re.compile(r"([1-9][0-9]{1,4})x([1-9][0-9]{1,4})")
_RULE_OF = {"duration_s": "video.duration", "aspect_ratio": "video.aspect-ratio", "audio": "video.audio"}
_PROBLEMS = {
    VideoProblem.NOT_A_VIDEO: "video.not-a-video",
    VideoProblem.TRUNCATED: "video.truncated",
    VideoProblem.UNREADABLE: "video.unreadable",
    VideoProblem.OVER_LIMIT: "video.over-limit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCase:
    """One video, and the request that it answers. `is_simulated` says that the simulator made it."""

    spec: Spec
    operation: str
    request: Any
    facts: VideoFacts
    subject: Location
    is_simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request says of one canonical word: `value` and whether it was sent or is the default.

    `default` is the documented one, MISSING where there is none; `at` leads to the schema in the spec.
    """

    word: str
    pointer: str
    at: str
    value: Any
    is_sent: bool
    default: Any


def wanted(spec: Spec, operation: str, request: Any, word: str) -> Wanted | None:
    """What a request asks for by a word; None where the documents have no such parameter, or no default."""
    pointer = spec.mapping.get(word)
    described = spec.operations[operation].request if operation in spec.operations else None
    if pointer is None or described is None:
        return None
    found = _schema(described, pointer)
    if found is None:
        return None
    schema, at = found
    default = schema.get("default", MISSING)
    sent = resolve(request, pointer)
    value = default if sent is MISSING else sent
    if value is MISSING:
        return None
    return Wanted(
        word=word, pointer=pointer, at=at, value=value, is_sent=sent is not MISSING, default=default
    )


def _schema(described: Request, pointer: str) -> tuple[Mapping[str, Any], str] | None:
    schema, at = described.schema, f"{described.at}/schema"
    for part in split(pointer):
        below = schema.get("properties", {})
        if part not in below:
            return None
        schema, at = below[part], f"{at}/properties/{part}"
    return schema, at


def video_findings(case: VideoCase) -> Iterator[Finding | Skipped]:
    """Everything that is wrong with a video, and what could not be judged."""
    facts = case.facts
    if facts.problem is VideoProblem.OTHER_CONTAINER:
        yield from _container(case)
        yield _skip(case, f"its container ({facts.container}) is not read here")
        return
    if facts.problem is not None:
        message = f"the video: {facts.note}" if facts.note else "the video cannot be read"
        yield _finding(case, _PROBLEMS[facts.problem], message, facet="video", observed=facts.note)
        return
    beyond = dict(_beyond(facts))
    for facet, (words, value) in beyond.items():
        yield _finding(case, "video.over-limit", f"the video says {words}", facet=facet, observed=value)
    yield from _container(case)
    if "duration_s" not in beyond:
        yield from _duration(case)
    if "size" not in beyond:
        yield from _aspect(case)
        yield from _resolution(case)
    yield from _audio(case)


def _beyond(facts: VideoFacts) -> Iterator[tuple[str, tuple[str, Any]]]:
    """What a file says of itself that no video sold here can be."""
    if facts.duration_s is not None and facts.duration_s > _LONGEST_S:
        yield "duration_s", (f"that it lasts {facts.duration_s:g} s", facts.duration_s)
    sides = (facts.width or 0, facts.height or 0)
    if max(sides) > _LARGEST_PX:
        yield "size", (f"that it is {sides[0]}x{sides[1]} pixels large", f"{sides[0]}x{sides[1]}")


def _skip(case: VideoCase, why: str) -> Skipped:
    return Skipped(what=f"{case.subject}, the video", why=why)


def _finding(case: VideoCase, rule_id: str, message: str, *, facet: str, **values: Any) -> Finding:
    return Finding(
        rule=rule(rule_id),
        message=message,
        field=values.pop("field", ""),
        model=case.spec.ref,
        operation="output",
        direction=Direction.RESPONSE,
        facet=facet,
        source=values.pop("source", None),
        subject=case.subject,
        **values,
    )


def _container(case: VideoCase) -> Iterator[Finding | Skipped]:
    stated, came = case.spec.output.container, case.facts.container
    if stated.state is not State.DOCUMENTED:
        yield _skip(case, "no document says which container it comes in")
    elif came is not None and str(stated.value).lower() != came:
        message = f"container: the documents say {stated.value}, got {came}"
        yield _finding(
            case,
            "video.container",
            message,
            facet="container",
            expected=stated.value,
            observed=came,
            source=case.spec.location_at("/output/container"),
        )


def _judged(case: VideoCase, word: str, came: Any, fits: Any, shown: Any) -> Iterator[Finding | Skipped]:
    """One word: `fits(value)` says whether what came is that value (None: the value cannot be understood)."""
    asked = wanted(case.spec, case.operation, case.request, word)
    if asked is None:
        has = "states a default for it" if word in case.spec.mapping else "has a parameter for it"
        yield _skip(case, f"{word}: it was not asked for, and no document {has}")
        return
    if came is None:
        yield _skip(case, f"{word}: the file does not say")
        return
    verdict = fits(asked.value)
    if verdict is None:
        yield _skip(case, f"{word}: what {_told(asked.value)} asks for is not known")
    elif not verdict:
        yield _unlike(case, asked, came, shown(came), fits)


def _unlike(case: VideoCase, asked: Wanted, came: Any, shown: str, fits: Any) -> Finding:
    """Not what was asked for: ignored, where the default came instead; changed, where that was relied on."""
    place = f"{asked.word} ({asked.pointer})"
    if not asked.is_sent:
        rule_id = "video.default-changed"
        message = f"{place}: left out, the documented default is {_told(asked.value)}, got {shown}"
    elif asked.default is not MISSING and asked.default != asked.value and fits(asked.default):
        rule_id = "video.parameter-ignored"
        default = _told(asked.default)
        message = f"{place}: asked for {_told(asked.value)}, got {shown}, as the default {default} makes it"
    else:
        rule_id = _RULE_OF[asked.word]
        message = f"{place}: asked for {_told(asked.value)}, got {shown}"
    finding = _finding(
        case,
        rule_id,
        message,
        facet=asked.word,
        field=asked.pointer,
        expected=asked.value,
        observed=came,
        source=case.spec.location_at(asked.at),
    )
    return finding.but(impact_override=(Impact.OUTPUT,)) if asked.word == "aspect_ratio" else finding


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_TOLD else f"{text[: _LONGEST_TOLD - 1]}…"


def _duration(case: VideoCase) -> Iterator[Finding | Skipped]:
    came = case.facts.duration_s

    def fits(value: Any) -> bool | None:
        seconds = _number(value)
        if seconds is None or came is None:
            return None
        return abs(came - seconds) <= DURATION_TOLERANCE_S

    yield from _judged(case, "duration_s", came, fits, lambda seconds: f"{seconds:g} s")


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _aspect(case: VideoCase) -> Iterator[Finding | Skipped]:
    width, height = case.facts.width, case.facts.height
    came = f"{width}x{height}" if width and height else None

    def fits(value: Any) -> bool | None:
        ratio = _ratio(value)
        if ratio is None or not width or not height:
            return None
        return abs(width / height - ratio) <= ASPECT_TOLERANCE * ratio

    yield from _judged(case, "aspect_ratio", came, fits, lambda size: f"{size} pixels")


def _ratio(value: Any) -> float | None:
    found = _RATIO.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) / int(found[2]) if found else None


def _audio(case: VideoCase) -> Iterator[Finding | Skipped]:
    came = case.facts.has_audio

    def fits(value: Any) -> bool | None:
        return value == came if isinstance(value, bool) else None

    yield from _judged(case, "audio", came, fits, lambda has: "an audio track" if has else "no audio track")


def _resolution(case: VideoCase) -> Iterator[Finding | Skipped]:
    """Only where this provider documents it; `1080p` says nothing of the size of a square video."""
    stated, width, height = case.spec.output.resolution, case.facts.width, case.facts.height
    if stated.state is not State.DOCUMENTED:
        yield _skip(case, "no document states its resolution")
        return
    if case.is_simulated:
        yield _skip(case, "resolution: the simulator makes small videos")
        return
    if not width or not height:
        return
    verdict = _has_size(str(stated.value), width, height)
    if verdict is None:
        yield _skip(case, f"what {stated.value} means for {width}x{height} pixels is not documented")
    elif not verdict:
        message = f"resolution: the documents say {stated.value}, got {width}x{height} pixels"
        yield _finding(
            case,
            "video.resolution",
            message,
            facet="resolution",
            expected=stated.value,
            observed=f"{width}x{height}",
            source=case.spec.location_at("/output/resolution"),
        )


def _has_size(stated: str, width: int, height: int) -> bool | None:
    """Whether a size is the stated one, upright or lying; None where that cannot be said."""
    long, short = max(width, height), min(width, height)
    is_wide = abs(long / short - 16 / 9) <= ASPECT_TOLERANCE * 16 / 9
    size, lines = _SIZE.search(stated), _LINES.search(stated)
    if size:
        sides = sorted((int(size[1]), int(size[2])))
        alike = abs(long / short - sides[1] / sides[0]) <= ASPECT_TOLERANCE * sides[1] / sides[0]
        return [short, long] == sides if alike else None
    return short == int(lines[1]) if lines and is_wide else None
