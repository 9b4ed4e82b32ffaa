"""One simulated job: its course, which is settled when it is created, and what was seen of it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from harness.spec.model import JobState, Spec

__all__ = ["Failure", "JobPlan", "Look", "SimulatedJob", "VideoOrder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job fails: a word for programs, words for a person."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPlan:
    """The course of a job on the simulator's timeline. `ended_s` is infinite for one that never ends."""

    submitted_s: float
    started_s: float
    ended_s: float
    outcome: JobState
    failure: Failure | None = None

    def state_at(self, now_s: float) -> JobState:
        """The true state at a moment."""
        if now_s >= self.ended_s:
            return self.outcome
        return JobState.RUNNING if now_s >= self.started_s else JobState.QUEUED

    def fraction_at(self, now_s: float) -> float:
        """How much of the run is done, from 0 to 1."""
        run_s = self.ended_s - self.started_s
        done = (now_s - self.started_s) / run_s if run_s > 0 else 1.0
        return min(1.0, max(0.0, done))

    def cancelled(self, now_s: float) -> JobPlan:
        """The course of a job that somebody stopped."""
        return replace(
            self,
            started_s=min(self.started_s, now_s),
            ended_s=now_s,
            outcome=JobState.CANCELLED,
            failure=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoOrder:
    """What the video is made by. `kind` is `video`, or `garbage` for bytes that are none."""

    duration_s: float
    aspect_ratio: str
    has_audio: bool
    kind: str = "video"


@dataclass(slots=True, kw_only=True)
class SimulatedJob:
    """A job and its history. `ordinal` counts the jobs of its model from 1; `owner` is a hash of the key."""

    id: str
    ordinal: int
    spec: Spec
    operation: str
    request: Mapping[str, Any]
    owner: str
    plan: JobPlan
    video: VideoOrder
    submitted_utc: str
    polls: int = 0
    downloads: int = 0
    shown: JobState | None = None
    events_sent: list[dict[str, float]] = field(default_factory=list)
    webhooks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one answer is to show of a job. Times are provider seconds; `None` where there is none yet."""

    job: SimulatedJob
    id: str
    state: JobState
    fraction: float
    eta_s: float
    submitted_s: float
    started_s: float | None
    ended_s: float | None
    output_url: str | None
    output_ttl_s: float | None
    failure: Failure | None
