"""Output URLs: the video itself, with expiry, byte ranges, HEAD and ETag."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from harness.simulator.answer import OWN_HEADER, Own
from harness.simulator.job import SimulatedJob
from harness.simulator.timeline import Timeline
from harness.simulator.video import VideoFiles
from harness.spec.model import Spec, State

__all__ = ["OUTPUT_PREFIX", "OWN_LIFETIME_S", "Outputs", "lifetime_of"]

OUTPUT_PREFIX = "/__output__/"

OWN_LIFETIME_S = 3600.0
"""How long an output URL lives where no document gives a number: the simulator's own choice."""


def lifetime_of(spec: Spec) -> tuple[float | None, bool]:
    """`(seconds, whether that is the simulator's own choice)`; None for URLs that never expire."""
    stated = spec.output.url_lifetime_s
    if isinstance(stated.value, (int, float)):
        return float(stated.value), False
    if stated.state is State.ABSENT:
        return None, False
    return OWN_LIFETIME_S, True


@dataclass(slots=True, kw_only=True)
class Outputs:
    """The files of finished jobs, under addresses that the job's id does not give away."""

    files: VideoFiles
    timeline: Timeline
    seed: int
    full_resolution: bool
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    def signature(self, job: SimulatedJob) -> str:
        """What an output URL names its job by."""
        return hashlib.sha256(f"{self.seed}|{job.spec.id}|{job.id}".encode()).hexdigest()[:32]

    def path_of(self, job: SimulatedJob) -> str:
        """The path of a job's output."""
        return f"{OUTPUT_PREFIX}{self.signature(job)}/video.mp4"

    async def file(self, job: SimulatedJob) -> Path:
        """The job's video, made on first demand."""
        resolution = (job.spec.output.resolution.value or "") if self.full_resolution else None
        async with self._making:
            return await asyncio.to_thread(self.files.path, job.video, resolution)

    async def response(self, job: SimulatedJob, request: Request) -> Response:
        """The video, a part of it, or its head."""
        path = await self.file(job)
        etag = f'"{path.stem}"'  # the name says all that the bytes depend on
        modified = self.timeline.utc_at(job.plan.ended_s)
        headers = {"etag": etag, "last-modified": format_datetime(modified, usegmt=True)}
        if lifetime_of(job.spec)[1]:
            headers[OWN_HEADER] = Own.EXPIRY
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return FileResponse(path, media_type="video/mp4", headers=headers)
