"""What the pytest plugin adds to a pytest start that does not use it, side by side with and without it.

    python perf/plugin_start.py            # 61 rounds
    python perf/plugin_start.py --quick    # 15 rounds

Whole processes of `pytest` in a directory with one empty test, in turn, in both orders. Without the plugin
is `-p no:harness` where the package is installed; from a checkout, the plugin is named, or not.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

MOST_MS = 30.0
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Prints the table and the line that says whether the claim holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 15 if parser.parse_args().quick else 61
    is_installed = bool(entry_points(group="pytest11", name="harness"))
    with_it = [] if is_installed else ["-p", "harness.pytest_plugin.plugin"]
    without = ["-p", "no:harness"] if is_installed else []
    base = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    commands = {"without the plugin": [*base, *without], "with it, unused": [*base, *with_it]}
    times: dict[str, list[Times]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "test_empty.py").write_text("def test_nothing(): pass\n", encoding="utf-8")
        for number in range(rounds + 1):
            for name, command in list(commands.items())[:: 1 if number % 2 else -1]:
                taken = timed(command, directory)
                if number:  # the first round warms the disk
                    times[name].append(taken)
    return report(times)


class Times(NamedTuple):
    """Seconds of one process: on the wall, and of a processor."""

    wall_s: float
    cpu_s: float


def timed(command: list[str], directory: str) -> Times:
    """What one process takes, which must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=directory, env=environment)
    wall_s, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Times(wall_s, cpu_s)


def interval(differences_s: list[float]) -> tuple[float, float]:
    """A 95 % interval of the median difference, by 2,000 resamples of the rounds."""
    rng = random.Random(1)
    medians = sorted(statistics.median(rng.choices(differences_s, k=len(differences_s))) for _ in range(2000))
    return medians[49], medians[1949]


def report(times: dict[str, list[Times]]) -> int:
    """The table, the verdict, the exit code."""
    added: dict[str, float] = {}
    print(f"{'ms':8}{'runs':>5}{'without':>9}{'with it':>9}{'added':>8}  95 % interval of what is added")
    for kind, index in (("wall", 0), ("CPU", 1)):
        without, with_it = ([taken[index] * 1e3 for taken in values] for values in times.values())
        differences = [b - a for a, b in zip(without, with_it, strict=True)]
        added[kind], (low, high) = statistics.median(differences), interval(differences)
        medians = f"{statistics.median(without):9.1f}{statistics.median(with_it):9.1f}"
        print(f"{kind:8}{len(without):5}{medians}{added[kind]:8.1f}  {low:.1f} to {high:.1f}")
    ratio = statistics.median(t.cpu_s for t in times["with it, unused"]) / statistics.median(
        t.cpu_s for t in times["without the plugin"]
    )
    print(f"ratio of CPU time: {ratio:.3f}")
    holds = max(added.values()) <= MOST_MS
    verdict = "holds" if holds else "falls short"
    print(f"{verdict}: at most {MOST_MS:g} ms are added to a pytest start that does not use the plugin")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
