"""How fast the command line starts and works, as ratios and times beside a bare interpreter, in one run.

    python perf/start_up.py            # 15 rounds
    python perf/start_up.py --quick    # 5 rounds

Commands are whole processes, run in turn (A B C A B C ...), so that a machine that drifts drifts for all.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VERSION_RATIO = 5.0
CHECK_S = 0.150
RUN_S = 10.0
REQUEST = '{"prompt": "A dog in the rain", "duration": 5, "sound": false}'


def main() -> int:
    """Prints the table and the line that says whether the claims hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 5 if parser.parse_args().quick else 15
    harness = [sys.executable, "-m", "harness"]
    script = Path(sys.executable).with_name("harness")
    if script.exists():
        harness = [str(script)]
    with tempfile.TemporaryDirectory() as directory:
        request = Path(directory) / "request.json"
        request.write_text(REQUEST, encoding="utf-8")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "harness --version": [*harness, "--version"],
            "harness check request": [
                *harness,
                "check",
                "request",
                "novita/kling-v2.6-pro-t2v",
                str(request),
            ],
            "harness run": [*harness, "run", "--output-dir", f"{directory}/reports"],
        }
        times_s = {name: [] for name in commands}
        for round_number in range(rounds + 1):
            for name, command in commands.items():
                if name == "harness run" and round_number > 3:
                    continue
                elapsed_s = timed(command)
                if round_number:  # the first round warms the disk
                    times_s[name].append(elapsed_s)
    return report(times_s)


def timed(command: list[str]) -> float:
    """Wall seconds of one process, which must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def report(times_s: dict[str, list[float]]) -> int:
    """The table, the verdict, the exit code."""
    medians = {name: statistics.median(values) for name, values in times_s.items()}
    bare = medians["python -c pass"]
    print(f"{'command':24}{'runs':>5}{'min ms':>9}{'median ms':>11}{'max ms':>9}{'x bare':>8}")
    for name, values in times_s.items():
        row = (min(values) * 1e3, medians[name] * 1e3, max(values) * 1e3, medians[name] / bare)
        print(f"{name:24}{len(values):5}{row[0]:9.1f}{row[1]:11.1f}{row[2]:9.1f}{row[3]:8.1f}")
    failures = [
        claim
        for claim, holds in (
            (
                f"--version within {VERSION_RATIO:g} times a bare interpreter",
                medians["harness --version"] <= VERSION_RATIO * bare,
            ),
            (f"check request within {CHECK_S * 1e3:g} ms", medians["harness check request"] <= CHECK_S),
            (f"run within {RUN_S:g} s", medians["harness run"] <= RUN_S),
        )
        if not holds
    ]
    print(f"falls short: {'; '.join(failures)}" if failures else "holds: all three start-up claims")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
