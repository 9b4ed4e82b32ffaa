"""Faults of the job itself: its course, its video, where the video is had, and the clock it is timed by."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from harness.simulator.faults.fault import ClockFault, Fault, OutputFault, PlanFault, VideoFault, VideoSite
from harness.simulator.job import Failure, JobPlan, VideoOrder
from harness.simulator.shape import schema_at
from harness.spec.model import JobState, Spec
from harness.spec.pointer import MISSING, resolve

__all__ = ["JOB_FAULTS", "SKEW_S"]

SKEW_S = 3600.0
_FAILURE = Failure(code="simulated_failure", message="simulated: the job failed")
_SHORTER_S = 2.0
_SHAPING = ("duration_s", "aspect_ratio", "audio")


def _fails(plan: JobPlan) -> JobPlan:
    return replace(plan, outcome=JobState.FAILED, failure=_FAILURE)


def _never_ends(plan: JobPlan) -> JobPlan:
    return replace(plan, ended_s=math.inf)


def _shorter(order: VideoOrder, _site: VideoSite) -> VideoOrder:
    return replace(order, duration_s=max(1.0, order.duration_s - _SHORTER_S))


def _turned(order: VideoOrder, _site: VideoSite) -> VideoOrder:
    wide, _, high = order.aspect_ratio.partition(":")
    return replace(order, aspect_ratio=f"{high}:{wide}" if wide != high else "16:9")


def _silent(order: VideoOrder, _site: VideoSite) -> VideoOrder:
    return replace(order, has_audio=False)


def _garbage(order: VideoOrder, _site: VideoSite) -> VideoOrder:
    return replace(order, kind="garbage")


def _other_default(order: VideoOrder, site: VideoSite) -> VideoOrder:
    """What the request leaves to the first documented default gets another value that is documented, too."""
    for word in _SHAPING:
        pointer = site.spec.mapping.get(word)
        if pointer is None or resolve(site.request, pointer) is not MISSING:
            continue
        schema = _submit_schema(site.spec, pointer)
        if "default" not in schema:
            continue
        if word == "audio":
            return replace(order, has_audio=not order.has_audio)
        others = [value for value in schema.get("enum", ()) if value != schema["default"]]
        if word == "duration_s" and others:
            return replace(order, duration_s=float(others[0]))
        if word == "aspect_ratio" and others:
            return replace(order, aspect_ratio=str(others[0]))
    return order


def _ignored(order: VideoOrder, site: VideoSite) -> VideoOrder:
    """What shapes the video is taken from the defaults, whatever was sent."""
    return replace(
        order,
        duration_s=site.default.duration_s,
        aspect_ratio=site.default.aspect_ratio,
        has_audio=site.default.has_audio,
    )


def _submit_schema(spec: Spec, pointer: str) -> dict[str, Any]:
    request = spec.operations["submit"].request
    return dict(schema_at(request.schema, pointer)) if request is not None else {}


def _has_default(spec: Spec) -> str | None:
    pointers = [spec.mapping[word] for word in _SHAPING if word in spec.mapping]
    stated = any("default" in _submit_schema(spec, pointer) for pointer in pointers)
    return None if stated else "it documents no default that shapes the video"


def _takes_audio(spec: Spec) -> str | None:
    return None if "audio" in spec.mapping else "it has no parameter for audio"


JOB_FAULTS: tuple[Fault, ...] = (
    PlanFault(
        name="job-failed",
        does="the job fails at the end of its time",
        sees="a failed job with the provider's words; it was billed",
        apply=_fails,
    ),
    PlanFault(
        name="job-stuck",
        does="the job never ends, and its answers say so",
        sees="the end of its own patience, and a job that stays in the journal as unfinished",
        apply=_never_ends,
    ),
    VideoFault(
        name="default-changed",
        does="a parameter that is left out gets another value than the documented default",
        sees="a video that is not what the documents promise for the request",
        needs=_has_default,
        apply=_other_default,
    ),
    VideoFault(
        name="parameter-ignored",
        does="duration, aspect ratio and audio are taken from the defaults, whatever was sent",
        sees="a video that is not what was asked for, if that was not the default",
        apply=_ignored,
    ),
    VideoFault(
        name="wrong-duration",
        does=f"the video is {_SHORTER_S:g} s shorter than asked",
        sees="a video of another duration",
        apply=_shorter,
    ),
    VideoFault(
        name="wrong-aspect",
        does="the video is turned, a square one wide",
        sees="a video of another shape",
        apply=_turned,
    ),
    VideoFault(
        name="no-audio",
        does="the video has no audio track",
        sees="a video without the audio that was asked for",
        needs=_takes_audio,
        apply=_silent,
    ),
    VideoFault(
        name="not-a-video",
        does="the output is text, labelled as MP4",
        sees="a file that is no video",
        apply=_garbage,
    ),
    OutputFault(
        name="dead-url",
        does="the output URL leads nowhere (404)",
        sees="an output that cannot be had; the job is paid",
        is_expired=False,
    ),
    OutputFault(
        name="expired-url",
        does="the output URL has expired when it is given out (403)",
        sees="an output that cannot be had; the job is paid",
        is_expired=True,
    ),
    ClockFault(
        name="clock-skew",
        does=f"the provider's clock is {SKEW_S:g} s ahead, in the Date header and in bodies",
        sees="nothing: durations come from the client's own monotonic clock",
        skew_s=SKEW_S,
    ),
)
