"""A catalogue of provider changes, seeded one at a time in the simulator: who finds them, and at what cost.

    nice -n 10 python perf/seeded_changes.py            # all of it, 100 unchanged runs, Schemathesis
    python perf/seeded_changes.py --quick               # a part of each, within a minute

The harness knows the shipped specs; the simulator serves them with one change (`perf/seeded/catalogue.yaml`).
Ours are the commands of `perf/seeded/ours.py`, one after the other until one names the changed facet. Beside
them, at the same providers: Schemathesis, pinned, with its default settings, in an environment of its own
(made once, in the user's cache directory), with `harness openapi` of the shipped specs. There a change counts
as found when a run fails in a way in which no run at the unchanged provider did, whatever it says of it; what
only a page says is out of its reach, and streams of events, which never end, are not asked of it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]  # this checkout, installed or not

from seeded import ours, peer  # noqa: E402
from seeded.catalogue import MODELS, Seed, catalogue, unchanged  # noqa: E402
from seeded.ours import Seen  # noqa: E402

LEAST_SEEDS = 60
UNCHANGED_RUNS = 100
USUAL_RUNS = 3
QUICK = (
    *("key in another header", "name of the output's address", "a new word for success"),
    *("status goes backwards", "how many requests are allowed"),
)
QUICK_PEER = ("a new word for success",)
QUICK_OPTIONS = ("--max-examples", "20")

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run of one tool: `number` seeds the simulator."""

    seed: Seed
    number: int = 0
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that was measured: ours by seed, ours at unchanged providers, Schemathesis by seed."""

    seeds: tuple[Seed, ...]
    found: tuple[Seen, ...]
    quiet: tuple[Seen, ...]
    theirs: Mapping[str, Seen]
    took_s: float

    @property
    def missed(self) -> tuple[str, ...]:
        """The changes that ours did not name."""
        return tuple(seen.name for seen in self.found if not seen.found)

    @property
    def loud(self) -> tuple[Seen, ...]:
        """The unchanged runs in which ours found something."""
        return tuple(seen for seen in self.quiet if seen.other)


def main() -> int:
    """Prints the table and the line that says what holds or falls short."""
    arguments = _arguments()
    quick = arguments.quick
    seeds = tuple(seed for seed in catalogue() if not quick or seed.name in QUICK)
    runs = arguments.unchanged if arguments.unchanged is not None else 2 if quick else UNCHANGED_RUNS
    start = time.monotonic()
    try:
        with ProcessPoolExecutor(arguments.workers, initializer=ours.without_keys) as pool:
            chosen = _for_the_peer(seeds, arguments.schemathesis, quick=quick)
            changed = pool.map(look, [Task(seed=seed) for seed in seeds])  # from here on, they run
            same = pool.map(look, _unchanged(runs))
            peers = _Peers(chosen, 1 if quick else USUAL_RUNS, QUICK_OPTIONS if quick else ())
            peers.start(pool)
            found = tuple(_told(changed, "ours", len(seeds)))
            quiet = tuple(_told(same, "unchanged", runs))
            theirs = peers.results()
    except subprocess.CalledProcessError as error:
        print(f"falls short: {peer.PIN} cannot be installed: {error}")
        return 1
    took_s = time.monotonic() - start
    results = Results(seeds=seeds, found=found, quiet=quiet, theirs=theirs, took_s=took_s)
    _table(results)
    return _verdict(results, quick=quick)


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a part of each, within a minute")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side (default: 2)")
    parser.add_argument("--unchanged", type=int, help=f"unchanged runs (default: {UNCHANGED_RUNS})")
    parser.add_argument(
        "--schemathesis", type=int, metavar="N", help="at N changes, evenly over the catalogue (default: all)"
    )
    return parser.parse_args()


def look(task: Task) -> Seen:
    """Ours at one provider; what stops it is what it saw."""
    try:
        return ours.look(task.seed, task.number)
    except Exception as error:
        return Seen(name=task.seed.name, found=False, other=(f"{type(error).__name__}: {error}",))


def run_peer(task: Task) -> peer.Run:
    """Schemathesis at one provider; where it breaks off, that is all that is known."""
    command, scale = peer.installed(), ours.TIME_SCALE
    try:
        return peer.run(command, task.seed, number=task.number, time_scale=scale, options=task.options)
    except Exception as error:
        print(f"{task.seed.name}: {type(error).__name__}: {error}", file=sys.stderr)
        return peer.Run(failures=None, jobs=0, took_s=0.0)


def _unchanged(runs: int) -> list[Task]:
    """So many runs, over all providers in turn, each with a simulator of another seed."""
    providers = tuple(MODELS)
    return [Task(seed=unchanged(providers[number % len(providers)]), number=number) for number in range(runs)]


def _for_the_peer(seeds: Sequence[Seed], number: int | None, *, quick: bool) -> tuple[Seed, ...]:
    """The changes that Schemathesis is run at."""
    wire = [seed for seed in seeds if seed.is_on_the_wire and (not quick or seed.name in QUICK_PEER)]
    if number is None or number >= len(wire):
        return tuple(wire)
    return tuple(wire[round(index * len(wire) / number)] for index in range(number))


class _Peers:
    """Schemathesis's runs: at the unchanged providers, which show how it fails as usual, and the changed."""

    def __init__(self, seeds: Sequence[Seed], usual_runs: int, options: tuple[str, ...]) -> None:
        providers = tuple(dict.fromkeys(seed.provider for seed in seeds))
        self._usual = [
            Task(seed=unchanged(provider), number=number, options=options)
            for number in range(usual_runs)
            for provider in providers
        ]
        self._changed = [Task(seed=seed, options=options) for seed in seeds]
        self._runs: Iterable[peer.Run] = ()

    def start(self, pool: ProcessPoolExecutor) -> None:
        """Begins all runs. Raises CalledProcessError where it cannot be installed."""
        if self._changed:
            peer.installed()
            self._runs = pool.map(run_peer, [*self._usual, *self._changed])

    def results(self) -> dict[str, Seen]:
        """By change: what it made of it."""
        number = len(self._usual) + len(self._changed)
        runs = list(_told(self._runs, "Schemathesis", number))
        usual: dict[str, frozenset[peer.Failure]] = {}
        for task, run in zip(self._usual, runs, strict=False):
            usual[task.seed.provider] = usual.get(task.seed.provider, frozenset()) | (
                run.failures or frozenset()
            )
        changed = runs[len(self._usual) :]
        return {
            task.seed.name: peer.compared(task.seed, run, usual[task.seed.provider])
            for task, run in zip(self._changed, changed, strict=True)
        }


def _told(results: Iterable[_R], name: str, number: int) -> Iterator[_R]:
    """The results as they come, told of on the way."""
    for count, result in enumerate(results, start=1):
        print(f"{name}: {count} of {number}  ", end="\r", file=sys.stderr, flush=True)
        yield result


def _table(results: Results) -> None:
    cost = f"{'jobs':>5}{'s':>5}"
    print(f"{'area':11}{'change':48}{'ours':22}{'facet':18}{cost}  {'Schemathesis':13}{cost}")
    for seed, seen in zip(results.seeds, results.found, strict=True):
        by = seen.by if seen.found else "MISSED"
        row = f"{seed.area:11}{seed.name[:47]:48}{by[:21]:22}{seen.facet[:17]:18}"
        row += f"{seen.jobs:5}{seen.took_s:5.0f}"
        other = results.theirs.get(seed.name)
        if other is not None:
            word = "found" if other.found else "did not end" if other.unseen else "no"
            row += f"  {word:13}{other.jobs:5}{other.took_s:5.0f}"
        print(row)
    for seen in results.found:
        if not seen.found:
            print(f"missed: {seen.name}: {'; '.join((*seen.other, *seen.unseen)) or 'nothing was said'}")
    for seen in results.loud[:5]:
        print(f"false alarm: {'; '.join(seen.other)}")


def _verdict(results: Results, *, quick: bool) -> int:
    quiet, loud, missed = results.quiet, results.loud, results.missed
    unseen = sum(bool(seen.unseen) for seen in quiet)
    print(_cost("ours", results.found))
    print(
        f"ours, {len(quiet)} unchanged runs: {len(loud)} with a finding, {unseen} in which something could "
        "not be observed (inconclusive: no finding)"
    )
    if results.theirs:
        print(_cost("Schemathesis", tuple(results.theirs.values())))
        alone = [name for name, seen in results.theirs.items() if seen.found and name in missed]
        print(f"found by Schemathesis and not by ours: {', '.join(alone) or 'none'}")
    short = []
    if missed:
        short.append(f"ours misses {len(missed)} of {len(results.seeds)}: {', '.join(missed)}")
    if loud:
        short.append(f"ours finds something in {len(loud)} of {len(quiet)} unchanged runs")
    if not quick and len(results.seeds) < LEAST_SEEDS:
        short.append(f"the catalogue has {len(results.seeds)} of {LEAST_SEEDS} changes")
    if not quick and len(quiet) < UNCHANGED_RUNS:
        short.append(f"{len(quiet)} of {UNCHANGED_RUNS} unchanged runs were made")
    claim = f"ours names all {len(results.seeds)} changes and finds nothing in {len(quiet)} unchanged runs"
    verdict = f"falls short: {'; '.join(short)}" if short else f"holds: {claim}"
    print(f"{verdict} ({results.took_s:.0f} s)")
    return 1 if short else 0


def _cost(name: str, seen: Sequence[Seen]) -> str:
    jobs, times = [each.jobs for each in seen], [each.took_s for each in seen]
    return (
        f"{name}: {sum(each.found for each in seen)} of {len(seen)} found; "
        f"jobs a run: median {statistics.median(jobs):g}, most {max(jobs)}; "
        f"seconds a run: median {statistics.median(times):.0f}, most {max(times):.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
