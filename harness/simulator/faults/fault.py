"""What a fault is: a row with a name, where it strikes, what it does, what a correct client should see.

There is one kind of row for each place of the simulator at which something can go wrong; the place asks the
plan (`order.FaultPlan`) for the rows of its kind that strike there, and applies them in the order of the
command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.simulator.answer import Answer
from harness.simulator.job import JobPlan, Look, VideoOrder
from harness.spec.model import Job, JobState, Spec

__all__ = [
    "CREATING",
    "OPERATIONS",
    "BodyFault",
    "BodySite",
    "ClockFault",
    "EventFault",
    "Fault",
    "LookFault",
    "OutputFault",
    "PlanFault",
    "ReadFault",
    "StatusFault",
    "VideoFault",
    "VideoSite",
    "WebhookFault",
    "WireFault",
]

OPERATIONS: tuple[str, ...] = ("submit", "generate", "poll", "events", "cancel", "model", "output")
"""Where a fault of a request can strike: the operations of a spec, and the download of the output."""

CREATING: tuple[str, ...] = ("submit", "generate")


def _anywhere(_spec: Spec) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row. `does` says what happens, `sees` what a correct client should make of it.

    `operations` are those that it strikes unless the order names another (none: it does not strike requests);
    `nth` are the requests of such an operation that it strikes, counted from 1 for each job (for requests
    that have no job, for each model), None: all. `needs` says why a model cannot show it, or None.
    """

    stage: ClassVar[str] = ""
    reach: ClassVar[tuple[str, ...]] = ()  # the operations that an order may name

    name: str
    does: str
    sees: str
    operations: tuple[str, ...] = ()
    nth: tuple[int, ...] | None = None
    needs: Callable[[Spec], str | None] = _anywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFault(Fault):
    """The connection is reset before the body of the request is read."""

    stage: ClassVar[str] = "connection"
    reach: ClassVar[tuple[str, ...]] = OPERATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFault(Fault):
    """Another answer in place of the right one; nothing is done. `redirect`: `elsewhere` or `itself`."""

    stage: ClassVar[str] = "status"
    reach: ClassVar[tuple[str, ...]] = OPERATIONS

    status: int
    retry_after_s: int | None = None
    redirect: str | None = None
    html: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFault(Fault):
    """The answer speaks of the job as it is not."""

    stage: ClassVar[str] = "job state"
    reach: ClassVar[tuple[str, ...]] = ("poll",)

    apply: Callable[[Look], Look]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySite:
    """The body that a fault is to spoil: how it was meant."""

    spec: Spec
    schema: Mapping[str, Any]
    job: Job | None
    state: JobState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFault(Fault):
    """The document of an answer is not as documented."""

    stage: ClassVar[str] = "body"
    reach: ClassVar[tuple[str, ...]] = ("submit", "generate", "poll", "cancel", "model")

    apply: Callable[[dict[str, Any], BodySite], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFault(Fault):
    """The right answer, badly sent: the request has done its work."""

    stage: ClassVar[str] = "wire"
    reach: ClassVar[tuple[str, ...]] = ("submit", "generate", "poll", "cancel", "model", "output")

    apply: Callable[[Answer], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFault(Fault):
    """The job takes another course."""

    stage: ClassVar[str] = "job"

    apply: Callable[[JobPlan], JobPlan]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSite:
    """What was asked of a video: the request, and what the documents make of an empty one."""

    spec: Spec
    request: Mapping[str, Any]
    default: VideoOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFault(Fault):
    """The video is not what was asked for."""

    stage: ClassVar[str] = "video"

    apply: Callable[[VideoOrder, VideoSite], VideoOrder]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFault(Fault):
    """The output URL does not deliver: it leads nowhere, or has expired when it is given out."""

    stage: ClassVar[str] = "output"

    is_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFault(Fault):
    """The event stream: cut in the middle of an event, or with an event for a job that is not ours."""

    stage: ClassVar[str] = "events"

    cuts: bool = False
    is_strange: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookFault(Fault):
    """The webhook: how often, how late, by whom."""

    stage: ClassVar[str] = "webhook"

    copies: int = 1
    late_s: float = 0.0
    is_forged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFault(Fault):
    """The provider's clock is wrong by this much."""

    stage: ClassVar[str] = "clock"

    skew_s: float
