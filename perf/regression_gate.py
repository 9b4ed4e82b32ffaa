"""How often `harness bench --against` fails, with and without a reason.

    python perf/regression_gate.py            # 400 pairs of runs a row
    python perf/regression_gate.py --quick    # 40 pairs a row

Two runs in one sitting each, lognormal job times with a median of 150 s, polled every 5 s; the second run is
slower by a factor. The limit is 1.10: up to there a failure is false, and the lower end of a two-sided 95 %
interval promises at most 2.5 % of them. Beyond, a failure is what the gate is for. The point estimate, which
decides nothing in the gate, stands beside it.
"""

from __future__ import annotations

import argparse
import random
import sys
from datetime import UTC, datetime

from harness.bench.gate import gate
from harness.measurement.job import BenchRecord, Design, JobOutcome, MeasuredJob, Phase, Provenance
from harness.stats.interval import Interval

LIMIT = 1.10
POLL_S = 5.0
SIGMA = 0.25
SIZES = (10, 20, 50)
FACTORS = (1.0, 1.10, 1.25, 1.50)
MODEL = "example/model"
FALSE_ALARMS = 0.025  # at the limit itself
FOUND = 0.90  # of runs of 50 jobs that are 1.5 times as slow
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    """Prints the table and the line that says whether the claims hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    pairs = 40 if parser.parse_args().quick else 400
    print(f"{'jobs':>5} {'factor':>7} {'gate fails':>11} {'point estimate above':>21} {'no interval':>12}")
    short = []
    for jobs in SIZES:
        for factor in FACTORS:
            failed, above, none = row(jobs, factor, pairs)
            print(f"{jobs:>5} {factor:>7.2f} {failed:>10.1%} {above:>20.1%} {none:>11.1%}", flush=True)
            if factor <= LIMIT and failed > FALSE_ALARMS + 2 * chance(FALSE_ALARMS, pairs):
                short.append(f"{jobs} jobs, factor {factor}: {failed:.1%} false failures")
            if (jobs, factor) == (50, 1.50) and failed < FOUND:
                short.append(f"only {failed:.1%} of runs 1.5 times as slow fail")
    words = "; ".join(short) or f"at most {FALSE_ALARMS:.1%} false failures within two standard errors"
    print(f"{'falls short' if short else 'holds'}: {words} ({pairs} pairs of runs a row)")
    return 1 if short else 0


def chance(share: float, pairs: int) -> float:
    """The standard error of a share."""
    return float((share * (1 - share) / pairs) ** 0.5)


def row(jobs: int, factor: float, pairs: int) -> tuple[float, float, float]:
    """Shares of pairs: the gate fails; the point estimate is above the limit; no interval could be made."""
    failed = above = none = 0
    for pair in range(pairs):
        rng = random.Random(f"{jobs} {factor} {pair}")
        old, new = run("old", jobs, 1.0, rng), run("new", jobs, factor, rng)
        rules = [finding.rule.id for finding in gate([new], [old], LIMIT).findings]
        failed += "bench.slower-than-before" in rules
        none += "bench.too-few-to-compare" in rules
        above += middle(new) > LIMIT * middle(old)
    return failed / pairs, above / pairs, none / pairs


def run(name: str, jobs: int, factor: float, rng: random.Random) -> BenchRecord:
    """A run of one sitting."""
    return BenchRecord(
        id=name,
        created_at=START,
        finished_at=START,
        version="",
        provenance=Provenance.SIMULATED,
        design=Design.SITTING,
        machine="",
        region=None,
        seed=1,
        cap_s=900,
        plan={},
        plan_digest="",
        models=(MODEL,),
        requests={},
        jobs=tuple(job(f"{name}-{number}", number, factor, rng) for number in range(jobs)),
    )


def job(name: str, number: int, factor: float, rng: random.Random) -> MeasuredJob:
    """A job that was polled with a random phase."""
    time_s = 150 * factor * rng.lognormvariate(0, SIGMA)
    low_s = max(time_s - rng.uniform(0, POLL_S), 0.0)
    return MeasuredJob(
        id=name,
        model=MODEL,
        mode="poll",
        block=number,
        place=0,
        submitted_at=START,
        outcome=JobOutcome.SUCCEEDED,
        intervals={Phase.TOTAL: Interval(low_s=low_s, high_s=low_s + POLL_S)},
    )


def middle(record: BenchRecord) -> float:
    """The naive median: of the moments at which jobs were seen to have ended."""
    ends = sorted(job.intervals[Phase.TOTAL].high_s or 0.0 for job in record.jobs)
    return (ends[(len(ends) - 1) // 2] + ends[len(ends) // 2]) / 2


if __name__ == "__main__":
    sys.exit(main())
