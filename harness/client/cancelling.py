"""Asking for a job to be cancelled: sent once, and believed only when the job is seen cancelled."""

from __future__ import annotations

from harness.client.results import CancelResult
from harness.client.session import Session
from harness.client.tracked import TrackedJob
from harness.errors import OperatorError

__all__ = ["cancel"]


async def cancel(session: Session, job: TrackedJob) -> CancelResult:
    """Sends the documented request. Raises OperatorError where there is none, or the job has no id."""
    if job.job_id is None:
        raise OperatorError(f"job {job.handle.entry_id} has no id to cancel it by")
    await session.throttle.request(job.spec, "cancel")
    answer = await session.transport.send(session.call(job.spec, "cancel", job_id=job.job_id))
    reading = session.checker.answer(answer, job.findings)
    job.nudge()
    status = answer.response.status if answer.response is not None else None
    accepted = reading.served and status is not None and 200 <= status < 300
    if answer.error is not None:
        note: str | None = answer.error
    else:
        note = None if accepted else f"status {status}"
    redactor = session.keyring.redactor
    findings = tuple(redactor.finding(finding) for finding in job.findings.all)
    return CancelResult(accepted=accepted, status=status, note=note, findings=findings)
