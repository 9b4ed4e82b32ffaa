"""`harness bench`: what it shows before, what it keeps and says after, and how it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.bench.history.history import History
from harness.measurement.job import Phase
from harness.measurement.json import read_record
from tests.cli.calling import HARNESS, Outcome, call
from tests.shared import PROJECT
from tests.simulator.serving import Served, serving

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
NOVITA = "novita/kling-v2.6-pro-t2v"
TWO = ("--model", "oxen", "--model", "kling-v2.6-pro-t2v")
SITTING = ("--design", "sitting", "--no-fetch")
SCALE = 400


@pytest.fixture(scope="module")
def simulator() -> Iterator[Served]:
    """All providers, in a hurry."""
    with serving(time_scale=SCALE, seed=3) as served:
        yield served


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    return tmp_path


def reach(served: Served, scale: int = SCALE) -> tuple[str, ...]:
    """The options that lead to the simulator."""
    bases = [f"{provider}={url}" for provider, url in served.base_urls.items()]
    return (*(part for base in bases for part in ("--base-url", base)), "--time-scale", str(scale))


def benched(capsys: Any, simulator: Served, *options: object) -> Outcome:
    return call(capsys, "bench", *reach(simulator), *options)


class TestDryRun:
    def test_what_it_would_do(self, capsys):
        """Jobs, cost, time, polls, requests and mismatches; no key, no budget, nothing on the disk."""
        shown = call(capsys, "bench", "--dry-run", *TWO)

        assert (shown.code, shown.err) == (0, "")
        lines = shown.out.splitlines()
        assert lines[:4] == [
            "2 blocks a night, each with one job of 2 models in random order (seed 1)",
            "jobs: 4",
            f"worst cost: no price is known for {OXEN}, {NOVITA}: a live run needs --max-jobs",
            "time: about 4 min, at most 30 min",
        ]
        assert f"{OXEN} (poll)" in lines
        assert any(line.startswith("  2 jobs of about 134 s (documented), ") for line in lines)
        assert any(line.startswith("  2 jobs of about 120 s (nothing is documented), ") for line in lines)
        assert (
            f'not equal: guidance ({OXEN}: {{"value": 0.5, "range": [0, 10]}}; '
            f"{NOVITA}: default undocumented)" in lines
        )
        assert lines[-1] == "nothing was sent"
        assert not list(Path().iterdir())

    def test_as_json(self, capsys):
        """The same for programs, with prices out of harness.yaml."""
        Path("harness.yaml").write_text(
            f"format: 1\nmodels:\n  {OXEN}:\n    prices: [{{per: video, amount: 0.5}}]\n"
            f"  {NOVITA}:\n    prices: [{{per: second, amount: 0.1}}]\n"
        )
        shown = call(capsys, "bench", "--dry-run", *TWO, "--blocks-a-night", 3, "--format", "json").json

        assert shown["schema"] == "harness.bench-plan/1"
        assert (shown["jobs"], shown["worst_cost_usd"], shown["without_price"]) == (6, pytest.approx(3.0), [])
        assert shown["models"][OXEN]["request"]["duration"] == 5
        assert shown["models"][OXEN]["jobs"] == 3
        assert [one["parameter"] for one in shown["mismatches"]] == ["negative_prompt", "guidance"]
        assert len(shown["plan_digest"]) == 64

    def test_a_plan_and_flags_over_it(self, capsys):
        """A file that names what it does not know is refused with the place."""
        Path("plan.yaml").write_text("format: 1\nmodels: [oxen]\ndesign: sitting\nblocks: 7\n")
        shown = call(
            capsys, "bench", "plan.yaml", "--dry-run", "--blocks", 4, "--duration", 10, "--format", "json"
        ).json
        assert (shown["jobs"], shown["models"][OXEN]["request"]["duration"]) == (4, 10)

        Path("plan.yaml").write_text("format: 1\nblock: 7\n")
        refused = call(capsys, "bench", "plan.yaml", "--dry-run")
        assert (refused.code, refused.out) == (2, "")
        assert (
            refused.err == "harness: plan.yaml:2:1: the file: unknown key 'block'; did you mean 'blocks'?\n"
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "code", "said"),
        [
            ((), 2, "bench: jobs out there cost money; say that they may (--live)"),
            (("--live",), 4, "bench: live jobs cost money; give --max-jobs or --max-cost-usd"),
            (
                ("--live", "--max-cost-usd", "5"),
                4,
                f"{OXEN}: no price is documented or configured, so the cost cannot be bounded: "
                "a budget in jobs is required (--max-jobs)",
            ),
            (
                ("--live", "--max-jobs", "1"),
                4,
                "the budget does not cover the worst case: the plan makes up to 10 jobs, and the budget is 1",
            ),
            (
                ("--max-median-ratio", "1.2"),
                2,
                "bench: --max-median-ratio needs the run to compare with: --against LAST or an id",
            ),
            (
                ("--resume", "--dry-run"),
                2,
                "bench: --dry-run shows a plan; a run that was cut short has one already",
            ),
            (
                ("plan.yaml", "--resume", "x"),
                2,
                "bench: --resume goes on with the plan of the run; leave the plan out",
            ),
            (
                ("--resume", "--blocks", "3", "--no-fetch"),
                2,
                "bench: --resume goes on with the plan of the run; leave out --blocks, --fetch",
            ),
            (("--resume",), 2, "bench: sqlite:///.harness/history.sqlite has no run that was cut short"),
            (("--dry-run", "--format", "sarif"), 2, "bench: --dry-run is shown as text or json, not sarif"),
            (("--mode", "events"), 2, "--mode: expected MODEL=MODE, got 'events'"),
            (
                ("--blocks-a-night", "3"),
                2,
                "bench: blocks_a_night: of no meaning in the design sitting; blocks is what it has",
            ),
        ],
    )
    def test_before_anything_is_sent(self, capsys, options: tuple[str, ...], code: int, said: str):
        """One clear message, and nothing on stdout."""
        model = () if "--resume" in options else ("--model", "oxen")
        refused = call(capsys, "bench", *model, *options)
        assert (refused.code, refused.out, refused.err) == (code, "", f"harness: {said}\n")

    def test_some_here_and_some_out_there(self, capsys, simulator):
        """Simulated and live jobs are never compared."""
        base = f"oxen={simulator.base_urls['oxen']}"
        refused = call(capsys, "bench", *TWO, "--base-url", base)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err == (
            f"harness: bench: {NOVITA} would be measured live and the others here (--base-url): "
            "simulated and live jobs are never compared\n"
        )

    def test_no_run_to_compare_with(self, capsys, simulator):
        """Is found out before a job is made."""
        before = len(simulator.ledger()["jobs"])
        refused = benched(capsys, simulator, "--model", "oxen", *SITTING, "--against", "LAST")
        assert (refused.code, refused.out) == (2, "")
        assert len(simulator.ledger()["jobs"]) == before


class TestRuns:
    def test_a_sitting(self, capsys, simulator):
        """Lines on stderr, the conclusions on stdout, the run and the report in files, the run in the store.

        One provider's audio is changed: the comparison says so beside the ratio, wherever it stands.
        """
        Path("plan.yaml").write_text(
            "format: 1\nmodels: [oxen, kling-v2.6-pro-t2v]\ndesign: sitting\nblocks: 2\nfetch: false\n"
            "overrides: {oxen: {audio: true}}\n"
        )
        done = benched(capsys, simulator, "plan.yaml", "--output-dir", "out", "--region", "here")
        assert done.code == 0, done.err
        assert done.out.startswith("Simulated: no provider was measured.")
        assert done.out.endswith("conforms: 0 errors, 0 warnings, 0 info; judged 4 exchanges\n")
        beside = done.out[done.out.index("ratio of times") :].splitlines()
        assert "NOT EQUAL: " in beside[1]
        assert "audio: oxen true, novita false" in beside[1]
        lines = done.err.splitlines()
        assert [line[:5] for line in lines[1:5]] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
        assert all(" succeeded, " in line for line in lines[1:5])

        assert {path.name for path in Path("out").iterdir()} >= {
            "bench.html",
            "bench.md",
            "bench.json",
            "figures",
        }
        (comparison,) = json.loads(Path("out/bench.json").read_text())["comparisons"]
        audio = next(one for one in comparison["mismatches"] if one["parameter"] == "audio")
        assert audio["values"] == {OXEN: True, NOVITA: False}
        marked = Path("out/bench.md").read_text().splitlines()
        assert "audio: oxen true, novita false" in next(line for line in marked if "NOT EQUAL" in line)
        self.assert_kept(next(Path("out").glob("2*.json")))

    def assert_kept(self, file: Path) -> None:
        """The run in a file is whole."""
        record = read_record(file.read_text(), str(file))
        assert (record.provenance, record.design, record.region, record.models) == (
            "simulated",
            "sitting",
            "here",
            (OXEN, NOVITA),
        )
        assert record.finished_at is not None
        assert sorted((job.block, job.model) for job in record.jobs) == sorted(
            (block, model) for block in (0, 1) for model in (OXEN, NOVITA)
        )

    def test_one_night_a_day(self, capsys, simulator):
        """A second run today makes no second night, unless it is asked for; the nights accrue."""
        night = (*TWO, "--no-fetch", "--blocks-a-night", 1)
        first = benched(capsys, simulator, *night, "--format", "github")
        again = benched(capsys, simulator, *night)
        forced = benched(capsys, simulator, *night, "--again", "--format", "json")

        assert first.code == 0, first.err
        assert again.code == 2
        assert "this plan has run today, " in again.err
        assert forced.code == 0
        assert len(forced.json["bench"]["runs"]) == 2
        assert "block 1: " in forced.err

    def test_the_gate_of_a_nightly_plan(self, capsys, simulator):
        """All since the earlier run beside all until then: one night alone says nothing."""
        night = ("--model", "oxen", "--design", "nightly", "--no-fetch", "--blocks-a-night", 1, "--again")
        runs = [benched(capsys, simulator, *night, "--format", "json").json["run"] for _ in range(2)]
        gated = benched(capsys, simulator, *night, "--against", runs[0], "--format", "json")
        assert gated.code == 3, gated.err
        messages = [found["message"] for found in gated.json["findings"]]
        assert messages == [
            "poll: too few to bound the ratio of the medians (2 jobs of 1 night now, 1 job of 1 night before)"
        ]

    def test_the_gate(self, capsys, simulator):
        """Beside an earlier run: a finding where the median is surely more than is allowed."""
        once = ("--model", "oxen", *SITTING, "--blocks", 8, "--at-once", 8)
        assert benched(capsys, simulator, *once, "--format", "github").code == 0
        gated = (*once, "--against", "LAST", "--max-median-ratio", 0.1, "--format", "github")
        slower = benched(capsys, simulator, *gated)

        assert slower.code == 1
        assert slower.out.startswith(f"::error title=bench.slower-than-before::{OXEN}: ")

    def test_nothing_was_observed(self, capsys):
        """Every job was lost on its way: inconclusive, never green."""
        with serving("500.submit", models=("oxen",), time_scale=SCALE) as served:
            done = benched(capsys, served, "--model", "oxen", *SITTING, "--blocks", 1, "--format", "github")
        assert done.code == 3
        assert done.out.startswith("inconclusive: ")


class Cut:
    """A run that is cut short once four of its six jobs are made."""

    def __init__(self, served: Served, path: Path, kind: signal.Signals) -> None:
        self.served, self.path = served, path
        self.command = [*HARNESS, "bench", *reach(served, 100)]
        plan = [*TWO, *SITTING, "--blocks", "3", "--at-once", "2"]
        process = subprocess.Popen(
            [*self.command, *plan],
            cwd=path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until(lambda: len(served.ledger()["jobs"]) >= 4)
        time.sleep(0.3)
        process.send_signal(kind)
        self.out, self.err = process.communicate(timeout=30)
        self.code = process.returncode
        self.made = len(served.ledger()["jobs"])


def test_interrupted(tmp_path: Path):
    """Ctrl-C says what is kept, what remains, and how to go on: 130."""
    with serving(models=("oxen", "kling-v2.6-pro-t2v"), time_scale=100, seed=3) as served:
        cut = Cut(served, tmp_path, signal.SIGINT)

    assert (cut.code, cut.out) == (130, "")
    first, *_, told, last = cut.err.splitlines()
    run = first.removeprefix("harness: run ")
    assert told.startswith(f"harness: run {run}: ")
    assert " of 6 jobs are measured and kept, " in told
    assert told.endswith(
        f" open in the journal, {6 - cut.made} not sent; harness bench --resume {run} goes on"
    )
    assert last == "harness: interrupted"


def test_killed_and_gone_on_with(tmp_path: Path):
    """What is measured is kept, what is open is waited for, what was not sent is; nothing is sent twice."""
    with serving(models=("oxen", "kling-v2.6-pro-t2v"), time_scale=100, seed=3) as served:
        cut = Cut(served, tmp_path, signal.SIGKILL)
        again = subprocess.run(
            [*cut.command, "--resume", "--format", "github"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        ledger = served.ledger()["jobs"]

    assert (cut.code, cut.made < 6) == (-signal.SIGKILL, True)
    assert again.returncode == 0, again.stderr
    assert len(ledger) == 6
    history = History.open(f"sqlite:///{tmp_path}/.harness/history.sqlite", fallback=tmp_path / "lost.jsonl")
    record = history.get("LAST")
    history.close()
    assert sorted((job.block, job.model) for job in record.jobs) == sorted(
        (block, model) for block in range(3) for model in (OXEN, NOVITA)
    )
    assert {job.job_id for job in record.jobs} == {job["id"] for job in ledger}
    took_s = {job["id"]: job["due_s"] - job["submitted_s"] for job in ledger}
    for job in record.jobs:
        total, slack_s = job.intervals[Phase.TOTAL], 100 * 0.2  # the wall clock, and a busy machine
        assert total.high_s is not None
        assert total.low_s - slack_s <= took_s[job.job_id or ""] <= total.high_s


def environment() -> dict[str, str]:
    """That of a process that finds the package from anywhere."""
    return {**os.environ, "PYTHONPATH": str(PROJECT)}


def until(condition: Any) -> None:
    """Waits for something that comes within seconds."""
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)
