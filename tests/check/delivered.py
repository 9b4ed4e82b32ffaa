"""Recordings of jobs whose videos were looked at, and of outputs' addresses, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from harness.check.traffic import RecordingCheck
from harness.finding import Finding
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.message import Exchange
from harness.wire.video import DeliveredVideo, VideoFacts, VideoProblem
from tests.check.recorded import NOVITA, PROMPT, Judge, exchange, poll, submit

__all__ = ["EXAMPLES", "FACTS", "checked", "delivered", "fetched"]

FACTS = VideoFacts(
    size_bytes=9000,
    container="mp4",
    duration_s=5.04,
    width=960,
    height=960,
    fps=24.0,
    video_codec="h264",
    has_audio=True,
    audio_codec="aac",
    tracks=2,
)
"""What the documented defaults of Novita's 2.6 make."""

_OLD = "kling-v1.6-t2v"
_OLD_FACTS = replace(FACTS, width=1280, height=720, has_audio=False)
Fires = Callable[[Spec, Judge], list[Finding]]


def fetched(status: int, *, at_s: float = 10.0, url: str = "https://x") -> Exchange:
    """A request for an output."""
    return exchange("GET", url, None, "x", status=status, content_type="video/mp4", at=(at_s, at_s + 1))


def delivered(
    *changes: Exchange,
    body: Any = None,
    facts: VideoFacts | None = FACTS,
    model: str | None = None,
    **more: Any,
) -> RecordingCheck:
    """A job at Novita, its video as it is said to be, and what came of its address."""
    asked = {**PROMPT, **(body or {})}
    messages: tuple[Exchange, ...] = (submit(at=(0.0, 1.0)), poll("SUCCEED", at=(5.0, 6.0)))
    made = exchange(
        "POST", f"{NOVITA}/{model or 'kling-v2.6-pro-t2v'}", asked, {"task_id": "t"}, at=(0.0, 1.0)
    )
    spec = SpecStore().get(f"novita/{model or 'kling-v2.6-pro-t2v'}")
    videos = () if facts is None else (DeliveredVideo(job="t", facts=facts),)
    return Judge([spec])(made, *messages[1:], *(changes or (fetched(200),)), videos=videos, **more)


def checked(**options: Any) -> list[Finding]:
    """The findings of `delivered`."""
    return list(delivered(**options).judgement.findings)


def _of(*visits: Exchange, **options: Any) -> Fires:
    return lambda spec, novita: list(delivered(*visits, **options).judgement.findings)


def _but(**changes: Any) -> VideoFacts:
    return replace(FACTS, **changes)


def _broken(problem: VideoProblem) -> tuple[Fires, Fires]:
    return _of(facts=VideoFacts(problem=problem, note="it is so")), _of()


EXAMPLES: Mapping[str, tuple[Fires, Fires]] = {
    "video.not-a-video": _broken(VideoProblem.NOT_A_VIDEO),
    "video.truncated": _broken(VideoProblem.TRUNCATED),
    "video.unreadable": _broken(VideoProblem.UNREADABLE),
    "video.over-limit": (_of(facts=_but(duration_s=2.0**40)), _of()),
    "video.container": (
        _of(facts=replace(_OLD_FACTS, container="webm"), model=_OLD),
        _of(facts=_OLD_FACTS, model=_OLD),
    ),
    "video.duration": (
        _of(body={"duration": 10}, facts=_but(duration_s=8.0)),
        _of(body={"duration": 10}, facts=_but(duration_s=9.5)),
    ),
    "video.aspect-ratio": (
        _of(body={"aspect_ratio": "16:9"}, facts=_but(width=1080, height=1920)),
        _of(body={"aspect_ratio": "16:9"}, facts=_but(width=1920, height=1088)),
    ),
    "video.resolution": (
        _of(facts=replace(_OLD_FACTS, width=1920, height=1080), model=_OLD),
        _of(facts=_OLD_FACTS, model=_OLD),
    ),
    "video.audio": (
        _of(body={"sound": True}, facts=_but(has_audio=False)),
        _of(body={"sound": False}, facts=_but(has_audio=False)),
    ),
    "video.parameter-ignored": (
        _of(body={"duration": 10}),
        _of(body={"duration": 5}),
    ),
    "video.default-changed": (_of(facts=_but(duration_s=10.0)), _of(facts=_but(duration_s=5.5))),
    "video.url-dead": (
        _of(fetched(404), facts=None),
        _of(fetched(404), fetched(206, at_s=20.0), facts=None),
    ),
    "video.url-lifetime": (
        _of(fetched(200), fetched(403, at_s=3000.0), facts=None, model=_OLD),
        _of(fetched(200), fetched(403, at_s=4000.0), facts=None, model=_OLD),
    ),
}
"""Rule -> (what fires it, what is next to it and does not)."""
