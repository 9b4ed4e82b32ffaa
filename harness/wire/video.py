"""What is known of a delivered video, as values and as JSON: what it is, never what is in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

__all__ = ["DeliveredVideo", "VideoFacts", "VideoProblem", "facts_json", "read_facts"]


class VideoProblem(StrEnum):
    """Why a file cannot be judged as the video that it should be."""

    NOT_A_VIDEO = "not-a-video"
    OTHER_CONTAINER = "other-container"  # a container that is not read here
    TRUNCATED = "truncated"  # it ends before what it says that it holds
    UNREADABLE = "unreadable"  # broken, or more than the reader's limits allow
    OVER_LIMIT = "over-limit"  # larger than any video here may be


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """What a file is. What it does not say is None.

    `container` is `mp4`, `mov`, `webm`, `matroska` or another word for what its first bytes show. Width and
    height are those that a player shows, turned and stretched as the file says. `fps` are frames per second.
    `problem` says why there is no more, `note` the same in words.
    """

    size_bytes: int | None = None
    container: str | None = None
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    video_codec: str | None = None
    has_audio: bool | None = None
    audio_codec: str | None = None
    tracks: int | None = None
    problem: VideoProblem | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredVideo:
    """The video of one job. `job` is None where the job has no id: it lived and ended in one call."""

    job: str | None
    facts: VideoFacts


def facts_json(facts: VideoFacts) -> dict[str, Any]:
    """The facts that there are, as JSON."""
    plain = {**asdict(facts), "problem": None if facts.problem is None else facts.problem.value}
    return {name: value for name, value in plain.items() if value is not None}


_TEXTS = frozenset({"container", "video_codec", "audio_codec", "note"})
_WHOLE = frozenset({"size_bytes", "width", "height", "tracks"})
_NAMES = frozenset(field.name for field in fields(VideoFacts))


def read_facts(value: Any) -> VideoFacts:
    """The facts in a JSON value. Raises ValueError, saying what is wrong with it."""
    if not isinstance(value, Mapping):
        raise ValueError("expected an object")
    for name, member in value.items():
        if name not in _NAMES:
            raise ValueError(f"unknown member {name!r}")
        if not _fits(name, member):
            raise ValueError(f"{name}: got {member!r}")
    problem = value.get("problem")
    return VideoFacts(**{**value, "problem": None if problem is None else VideoProblem(problem)})


def _fits(name: str, member: Any) -> bool:
    if name in _TEXTS:
        return isinstance(member, str)
    if name == "problem":
        return member in tuple(VideoProblem)
    if name == "has_audio":
        return isinstance(member, bool)
    if isinstance(member, bool) or not isinstance(member, (int, float)) or member < 0:
        return False
    return isinstance(member, int) if name in _WHOLE else math.isfinite(member)
