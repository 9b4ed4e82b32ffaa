"""Two hundred jobs over real sockets: the estimates are those of the simulator's truth."""

from __future__ import annotations

import pytest

from harness.measurement.job import Design, Phase
from harness.simulator.process import running
from harness.stats.censored import fit
from harness.stats.interval import Interval
from tests.integration.bench_world import Bench, run_plan, truths

pytestmark = pytest.mark.alone

SCALE = 75.0
BLOCKS = 100


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A hundred jobs of each of the two sellers that state when a job ended."""
    values = {
        "models": ("oxen", "kling-v2.6-pro-t2v"),
        "design": Design.SITTING,
        "blocks": BLOCKS,
        "at_once": 25,
        "fetch": False,
    }
    with running("--time-scale", str(SCALE), "--seed", "1") as base_urls:
        return run_plan(base_urls, values, tmp_path_factory.mktemp("bench"), scale=SCALE)


def test_the_estimates_are_right(bench: Bench):
    """The median within 1 % of that of the true times, which are the ledger's, brought to the client's clock.

    That correction is one constant for all jobs, which their submits bound to a fraction of a second.
    """
    true = truths(bench)
    assert len(bench.jobs) == len(true) == 2 * BLOCKS
    assert max(one.slack_s for one in true.values()) < 0.5
    for model in bench.plan.models:
        jobs = [job for job in bench.jobs if job.model == model]
        exact = [Interval(low_s=at, high_s=at) for at in (true[job.job_id or ""].total_s for job in jobs)]
        found = fit([job.intervals[Phase.TOTAL] for job in jobs]).quantile(0.5)
        expected = fit(exact).quantile(0.5)
        assert found == pytest.approx(expected, rel=0.01)


def test_every_true_time_lies_in_its_interval(bench: Bench):
    """Not one of two hundred is outside."""
    true = truths(bench)
    for job in bench.jobs:
        one, total = true[job.job_id or ""], job.intervals[Phase.TOTAL]
        assert total.high_s is not None
        assert total.low_s - one.slack_s <= one.total_s <= total.high_s + one.slack_s, (job, one)


def test_few_polls(bench: Bench):
    """As few as the law of the poller promises."""
    assert sum(job.polls for job in bench.jobs) / len(bench.jobs) <= 5.5
