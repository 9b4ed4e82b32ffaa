"""What a delivered second of video cost."""

from __future__ import annotations

from collections.abc import Sequence

from harness.measurement.job import JobOutcome, MeasuredJob

__all__ = ["cost_per_delivered_s"]

NEVER_BILLED = frozenset({JobOutcome.UNSENT, JobOutcome.REFUSED, JobOutcome.REFUSED_PROMPT})


def cost_per_delivered_s(jobs: Sequence[MeasuredJob]) -> tuple[float | None, str]:
    """US dollars for each second of delivered video, and a note; None where a price or a length is unknown.

    Jobs that were billed and delivered nothing are in it. So are those of which nobody says whether they were
    billed: the note tells how many. A refused job was not, unless its record says so.
    """
    delivered = [job for job in jobs if job.outcome is JobOutcome.SUCCEEDED]
    if not delivered:
        return None, "nothing was delivered"
    billed = [job for job in jobs if _is_billed(job)]
    unpriced = sum(job.cost_usd is None for job in billed)
    if unpriced:
        return None, f"no price is known for {unpriced} of {len(billed)} billed jobs"
    seconds = [job.asked_s for job in delivered if job.asked_s]
    if len(seconds) < len(delivered):
        return None, f"no length is known for {len(delivered) - len(seconds)} of {len(delivered)} videos"
    cost = sum(job.cost_usd or 0.0 for job in billed) / sum(seconds)
    return cost, _note(billed)


def _is_billed(job: MeasuredJob) -> bool:
    if job.billed is not None:
        return job.billed
    return job.outcome not in NEVER_BILLED


def _note(billed: Sequence[MeasuredJob]) -> str:
    lost = [job for job in billed if job.outcome is not JobOutcome.SUCCEEDED]
    if not lost:
        return "every billed job was delivered"
    note = f"{len(lost)} of {len(billed)} billed jobs delivered nothing"
    unsure = sum(job.billed is None for job in lost)
    if not unsure:
        return note
    return f"{note}; of {unsure} nobody says whether they were billed, and they are counted"
