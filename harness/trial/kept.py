"""What came of one job, as a value that survives the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.client.rules import RULES as CLIENT_RULES
from harness.finding import Direction, Finding
from harness.recorder.record import RecordedJob
from harness.recorder.rules import RULES as RECORDER_RULES
from harness.wire.video import VideoFacts, facts_json, read_facts

__all__ = ["Ran", "ran_of"]

_RULES = {rule.id: rule for rule in (*CLIENT_RULES, *RECORDER_RULES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of one seller's job. `findings` are those that its recording does not show; `why` says why
    there is no video.
    """

    model: str
    outcome: str
    status: int | None = None
    note: str | None = None
    job: str | None = None
    seen_by: str | None = None
    video: VideoFacts | None = None
    why: str | None = None
    files: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()
    frame_png: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, model: str, job: RecordedJob, late: tuple[Finding, ...], files: tuple[Path, ...]) -> Ran:
        """The same of a job that was just recorded. `late` may have what was found since."""
        own = {finding.rule.id: finding for finding in job.findings}
        for finding in late:
            if finding.rule in CLIENT_RULES:
                own.setdefault(finding.rule.id, finding)
        delivered = job.delivered
        return cls(
            model=model,
            outcome=job.result.outcome.value,
            status=job.result.status,
            note=job.result.note,
            job=job.result.handle.job_id,
            seen_by=job.result.seen_by,
            video=delivered.facts if delivered is not None else None,
            why=delivered.why if delivered is not None else None,
            files=files,
            findings=tuple(own.values()),
            frame_png=delivered.frame_png if delivered is not None else None,
        )

    def told(self) -> dict[str, Any]:
        """It as JSON, without the picture."""
        return {
            "outcome": self.outcome,
            "status": self.status,
            "note": self.note,
            "job": self.job,
            "seen_by": self.seen_by,
            "video": None if self.video is None else facts_json(self.video),
            "why": self.why,
            "files": [str(file) for file in self.files],
            "findings": [
                {
                    "rule": finding.rule.id,
                    "message": finding.message,
                    "operation": finding.operation,
                    "direction": None if finding.direction is None else finding.direction.value,
                    "observed": finding.observed,
                }
                for finding in self.findings
            ],
        }


def ran_of(model: str, told: Mapping[str, Any], frame_png: bytes | None) -> Ran:
    """The value of what `Ran.told` gave."""
    return Ran(
        model=model,
        outcome=told["outcome"],
        status=told["status"],
        note=told["note"],
        job=told["job"],
        seen_by=told["seen_by"],
        video=None if told["video"] is None else read_facts(told["video"]),
        why=told["why"],
        files=tuple(Path(file) for file in told["files"]),
        findings=tuple(_finding(model, one) for one in told["findings"] if one["rule"] in _RULES),
        frame_png=frame_png,
    )


def _finding(model: str, told: Mapping[str, Any]) -> Finding:
    direction = told["direction"]
    return Finding(
        rule=_RULES[told["rule"]],
        message=told["message"],
        field="",
        model=model,
        operation=told["operation"],
        direction=None if direction is None else Direction(direction),
        observed=told["observed"],
    )
