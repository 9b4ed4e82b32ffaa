"""Judges the mutants that mutmut has written to `mutants/`. docs/mutation.md says how it is used.

python scripts/judge_mutants.py RESULTS TESTS... [--only NAMES] [--fresh]

The tests are collected once and each mutant has a fork of that process: that takes a fraction of a second. A
mutant has the tests that reach its function, found out in forks as well: what one test has cached hides
nothing from the next. With `--fresh`, a mutant has a process that has imported nothing of ours yet, for what
is made while modules are imported; that takes some seconds.

One JSON object per mutant is added to RESULTS; what stands there already is not judged again. NAMES is a file
of mutants, one a line.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import pickle
import random
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

MUTANTS = Path(__file__).resolve().parents[1] / "mutants"
OPTIONS = ("--rootdir=.", "-q", "-x", "--tb=native", "--assert=plain", "-o", "tmp_path_retention_policy=none")
NOT_NEEDED = ("cacheprovider", "xdist", "pytest_cov", "playwright")
TEST_CPU_S = 10.0
"""A test that computes for longer is in a loop: the slowest takes less than a second."""

ACTIVE = MUTANTS / "active"
READER = "harness.check.video_reader"
PROBE = "harness.check.video_probe.x_probe"
IMPORT = "from mutmut.mutation.trampoline import wrap_in_trampoline as _mutmut_mutated, MutantDict\n"
ALONE = f"""\
if sys.flags.isolated:
    with open({str(ACTIVE)!r}) as _active:
        _mutant = _active.read()
    def _mutmut_mutated(mutants, is_classmethod=False):
        def wrapped(function):
            return lambda *given, **named: mutants.get(_mutant, function)(*given, **named)
        return wrapped
else:
    {IMPORT}"""
"""The reader of videos runs without the environment that names a mutant: there, a file does."""


class Specs:
    """What no mutant touches is made once, before the forks: specs and their facts."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}
        self.asked: list[tuple[Any, ...]] = []

    def keep(self) -> None:
        """From now on; what imports these functions must not have been imported yet."""
        from harness.spec import facts, load, store

        self._load, self._list, self._build = load.load_text, facts.facts, store.SpecStore._build
        self._store = store.SpecStore()
        load.load_text = self._text
        facts.facts = lambda spec: iter(self._facts(spec))

        def build(asked: Any, model_id: str, revision: str | None) -> Any:
            return self._built(asked, model_id, revision)

        store.SpecStore._build = build

    def warm(self, asked: Iterable[tuple[Any, ...]]) -> None:
        """Makes what a fork has asked for."""
        for kind, *key in asked:
            with suppress(Exception):  # a text that is refused is refused again
                self._facts(self._text(*key) if kind == "text" else self._built(self._store, *key))

    def _text(self, content: str, file: str) -> Any:
        return self._get(("text", content, file), lambda: self._load(content, file))

    def _built(self, asked: Any, model_id: str, revision: str | None) -> Any:
        files, shipped = asked._files, self._store._files
        if files.baselines != shipped.baselines or files.overlays or files.directories:
            return self._build(asked, model_id, revision)
        return self._get(("shipped", model_id, revision), lambda: self._build(asked, model_id, revision))

    def _facts(self, spec: Any) -> tuple[Any, ...]:
        if id(spec) not in self._known:
            self._known[id(spec)] = spec, tuple(self._list(spec))  # held, so that no other takes its id
        return self._known[id(spec)][1]

    def _get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self.asked.append(key)
            self._known[key] = make()
        return self._known[key]


class Judge:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, results: Path, names: list[str]) -> None:
        self._results, self._names = results, names
        self._specs = Specs()
        self._failed: list[str] = []
        self._seconds: dict[pytest.Item, float] = {}
        self._tests: dict[str, set[pytest.Item]] = defaultdict(set)

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self) -> None:
        """Before any module that is judged is imported."""
        self._specs.keep()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What a test came to, in whichever process."""
        if report.failed:
            self._failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learns what each test reaches, then judges each mutant."""
        session.config.pluginmanager.unregister(name="terminalreporter")
        self._warm(session)
        for item in session.items:
            self._learn(item)
        gc.freeze()  # what is collected in a fork is copied first
        for name in self._names:
            write(self._results, self._judged(name))
        return True

    def _warm(self, session: pytest.Session) -> None:
        """What lasts for the whole session is made once."""
        set_mutant_under_test("")
        session.config._tmp_path_factory.getbasetemp()
        with_specs = (item for item in session.items if "specs" in getattr(item, "fixturenames", ()))
        self._run([item for item in [next(with_specs, None)] if item])
        signal.setitimer(signal.ITIMER_PROF, 0.0)

    def _run(self, items: list[pytest.Item]) -> list[str]:
        self._failed.clear()
        for item in items:
            signal.setitimer(signal.ITIMER_PROF, TEST_CPU_S)
            # With the session as the next item, what is made for the session stays.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=item.session)
            if self._failed:
                break
        return list(self._failed)

    def _learn(self, item: pytest.Item) -> None:
        ACTIVE.write_text("", encoding="utf-8")
        learned = in_fork(lambda: self._reached(item), 300.0)
        if not isinstance(learned, dict):
            raise SystemExit(f"without a mutant, {item.nodeid} fails: {learned}")
        self._specs.warm(learned["asked"])
        self._seconds[item] = learned["seconds"]
        for function in learned["reached"]:
            self._tests[function].add(item)

    def _reached(self, item: pytest.Item) -> Any:
        set_mutant_under_test("stats")
        state()._stats.clear()
        self._specs.asked.clear()
        start_s = time.monotonic()
        failed = self._run([item])
        taken_s = time.monotonic() - start_s
        return failed or {"seconds": taken_s, "reached": set(state()._stats), "asked": self._specs.asked}

    def _judged(self, name: str) -> dict[str, Any]:
        is_reader = name.startswith(READER)
        function, mirror = name.rpartition("__mutmut_")[0], f"/test_{name.split('.')[-2]}.py"
        chosen = self._tests[function] | (self._tests[PROBE] if is_reader else set())
        items = sorted(chosen, key=lambda item: (mirror not in item.nodeid, self._seconds[item]))
        if not items:
            return {"mutant": name, "status": "no tests"}
        ACTIVE.write_text(name.rpartition(".")[2] if is_reader else "", encoding="utf-8")
        limit_s = 30 + 5 * sum(self._seconds[item] for item in items)
        return verdict(name, in_fork(lambda: self._with(name, items), limit_s), len(items))

    def _with(self, name: str, items: list[pytest.Item]) -> list[str]:
        set_mutant_under_test(name)
        return self._run(items)


def verdict(name: str, failed: list[str] | None, tests: int) -> dict[str, Any]:
    """A line of the results."""
    status = "timeout" if failed is None else "killed" if failed else "survived"
    return {"mutant": name, "status": status, "by": failed[0] if failed else None, "tests": tests}


def write(results: Path, line: dict[str, Any]) -> None:
    """Adds a line to the results."""
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def in_fork(work: Callable[[], Any], limit_s: float) -> Any:
    """What the work gives in a process of its own; None where it takes too long; a crash is a failure."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        gc.disable()
        try:
            answer = work()
        except BaseException as error:
            answer = [repr(error)]
        os.write(writing, pickle.dumps(answer))
        os._exit(0)
    os.close(writing)
    got = read_within(reading, limit_s)
    if got is None:
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if got is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF):
        return None
    return pickle.loads(got) if got else ["the process ended"]


def read_within(descriptor: int, limit_s: float) -> bytes | None:
    """All that comes until the other end is closed; None where it is not closed in time."""
    end_s, got = time.monotonic() + limit_s, b""
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while (left_s := end_s - time.monotonic()) > 0:
            if select.select([file], [], [], left_s)[0]:
                piece = file.read(1 << 16)
                if not piece:
                    return got
                got += piece
    return None


def run_pytest(tests: list[str], temporary: Path, plugins: list[Any]) -> int:
    """Pytest over the mutated tree."""
    off = [word for name in NOT_NEEDED for word in ("-p", f"no:{name}")]
    return int(pytest.main([*OPTIONS, f"--basetemp={temporary}", *off, *tests], plugins=plugins))


def judge_fresh(results: Path, names: list[str], tests: list[str], temporary: Path) -> None:
    """Each mutant in a process in which pytest alone has been imported."""

    def work(name: str) -> list[str]:
        for descriptor in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
        set_mutant_under_test(name)
        code = run_pytest(tests, temporary, [])
        return [f"pytest ended with {code}"] if code else []

    for name in names:
        write(results, verdict(name, in_fork(lambda name=name: work(name), 300.0), len(tests)))


def names_to_judge(results: Path, only: Path | None) -> list[str]:
    """In an order that is random and always the same: a run that is stopped has judged a sample."""
    lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    done = {json.loads(line)["mutant"] for line in lines}
    metas = [json.loads(path.read_bytes()) for path in sorted(MUTANTS.rglob("*.meta"))]
    every = [name for meta in metas for name in meta["exit_code_by_key"]]
    wanted = every if only is None else only.read_text(encoding="utf-8").split()
    names = [name for name in wanted if name not in done]
    random.Random(1).shuffle(names)
    return names


def enter_mutants() -> None:
    """From here on the mutated tree is the one that is imported, by subprocesses, too."""
    reader = MUTANTS / "harness" / "check" / "video_reader.py"
    text = reader.read_text(encoding="utf-8").replace(f"\n{IMPORT}", f"\n{ALONE}")
    reader.write_text(text, encoding="utf-8")
    os.chdir(MUTANTS)
    os.environ["PYTHONPATH"] = str(MUTANTS)
    sys.path[:] = [str(MUTANTS), *(path for path in sys.path if Path(path).resolve() != MUTANTS.parent)]


def main() -> int:
    """Judges what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--only", type=Path)
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    results = given.results.resolve()
    names, temporary = names_to_judge(results, given.only), results.with_suffix(".tmp")
    enter_mutants()
    if given.fresh:
        judge_fresh(results, names, given.tests, temporary)
        return 0
    set_mutant_under_test("stats")
    return run_pytest(given.tests, temporary, [Judge(results, names)])


if __name__ == "__main__":
    sys.exit(main())
