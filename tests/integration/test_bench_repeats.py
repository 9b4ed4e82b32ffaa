"""The same plan and seed: the same order, and against the same simulator the same true job times."""

from __future__ import annotations

from pathlib import Path

from harness.measurement.job import Design
from tests.integration.bench_world import Bench, run_plan
from tests.simulator.serving import serving

SCALE = 400.0


def played(path: Path, seed: int = 4) -> Bench:
    """Four blocks, three of them under way together, on a simulator that starts anew."""
    values = {"design": Design.SITTING, "blocks": 4, "at_once": 3, "seed": seed, "fetch": False}
    with serving(time_scale=SCALE, seed=8) as served:
        return run_plan(served.base_urls, values, path, scale=SCALE)


def true_times(bench: Bench) -> dict[tuple[str, int], float]:
    """How long the job of each slot truly took."""
    took_s = {job["id"]: job["due_s"] - job["submitted_s"] for job in bench.ledger["jobs"]}
    return {(job.model, job.block): round(took_s[job.job_id or ""], 6) for job in bench.jobs}


def test_twice(tmp_path: Path):
    """The blocks hold the same jobs in the same places, whichever happens to end first."""
    one, other, another = played(tmp_path), played(tmp_path), played(tmp_path, seed=5)

    def places(bench: Bench) -> list[tuple[int, int, str]]:
        return sorted((job.block, job.place, job.model) for job in bench.jobs)

    assert places(one) == places(other) != places(another)
    assert len(one.jobs) == 16
    assert true_times(one) == true_times(other)
    for model in one.plan.models:
        sent = [slot.block for slot in one.order if slot.model == model]
        assert sent == [0, 1, 2, 3]
