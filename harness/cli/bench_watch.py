"""A benchmark while it runs: a table on a terminal, plain lines everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from harness.measurement.job import JobOutcome, MeasuredJob, Phase

if TYPE_CHECKING:
    from harness.bench.run import Watcher
    from harness.bench.schedule import Slot

__all__ = ["Lines", "took", "watching"]


def took(job: MeasuredJob) -> str:
    """How long a job took, in words."""
    total = job.intervals.get(Phase.TOTAL)
    if total is None:
        return "no time"
    if total.high_s is None:
        return f"more than {total.low_s:.1f} s"
    if total.high_s - total.low_s < 0.1:
        return f"{total.high_s:.1f} s"
    return f"{total.low_s:.1f} to {total.high_s:.1f} s"


class Lines:
    """One line for each job that has ended."""

    def __init__(self, jobs: int, kept: int, say: Callable[[str], None]) -> None:
        self._jobs = jobs
        self._kept = kept
        self._say = say

    def submitted(self, slot: Slot, job_id: str | None) -> None:
        """Says nothing: the end of the job will be told."""

    def measured(self, slot: Slot, job: MeasuredJob) -> None:
        """Tells the end of a job."""
        self._kept += 1
        words = f"{job.outcome.value.replace('_', ' ')}, {took(job)}, {job.polls} polls"
        tail = "" if job.outcome is JobOutcome.SUCCEEDED or job.note is None else f"; {job.note}"
        self._say(f"[{self._kept}/{self._jobs}] block {job.block}: {job.model}: {words}{tail}")


class _Table:
    """Each model's jobs so far, in place."""

    def __init__(self, models: Sequence[str], jobs: int, kept: int) -> None:
        from rich.console import Console
        from rich.live import Live

        self._models = tuple(models)
        self._jobs, self._kept = jobs, kept
        self._under_way: dict[str, int] = dict.fromkeys(models, 0)
        self._ended: dict[str, list[MeasuredJob]] = {model: [] for model in models}
        self.live = Live(self._drawn(), console=Console(stderr=True), refresh_per_second=4)

    def submitted(self, slot: Slot, job_id: str | None) -> None:
        """One more is under way."""
        self._under_way[slot.model] += 1
        self.live.update(self._drawn())

    def measured(self, slot: Slot, job: MeasuredJob) -> None:
        """One more has ended; a job of an earlier process was not seen to begin."""
        self._kept += 1
        self._under_way[slot.model] = max(0, self._under_way[slot.model] - 1)
        self._ended[slot.model].append(job)
        self.live.update(self._drawn())

    def _drawn(self) -> Any:
        from rich.table import Table

        table = Table(title=f"{self._kept} of {self._jobs} jobs are measured", title_justify="left")
        for name in ("model", "under way", "ended", "polls", "last"):
            table.add_column(name, justify="left" if name in ("model", "last") else "right")
        for model in self._models:
            ended = self._ended[model]
            last = f"{ended[-1].outcome.value.replace('_', ' ')}, {took(ended[-1])}" if ended else ""
            polls = sum(job.polls for job in ended)
            table.add_row(model, str(self._under_way[model]), str(len(ended)), str(polls), last)
        return table


def watching(
    models: Sequence[str], jobs: int, kept: int, say: Callable[[str], None]
) -> tuple[Watcher, AbstractContextManager[Any]]:
    """Whoever looks on, and what has to be open meanwhile.

    The table is drawn on standard error, where that is a terminal and rich is installed; `say` writes a line.
    """
    if sys.stderr is not None and sys.stderr.isatty() and find_spec("rich") is not None:
        table = _Table(models, jobs, kept)
        return table, table.live
    return Lines(jobs, kept, say), nullcontext()
