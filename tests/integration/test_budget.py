"""A budget is never exceeded, whoever spends it at once, and what it does not cover is not sent at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.client.entry import EntryState
from harness.simulator.process import running
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.integration.submitters import submit_all
from tests.integration.world import KEY, body_of, entries_of, held_forms, ledger_of, run

ROOT = Path(__file__).resolve().parents[2]
STORE = SpecStore()
HARNESS = (sys.executable, "-m", "harness.cli.main")
SUBMITTERS = 50
UNLIMITED = [model for model in STORE.ids if STORE.get(model).limits.concurrency.value is None]
"""Where a provider documents how many jobs may run at once, submitters wait for places instead."""


@pytest.fixture(scope="module")
def base_urls() -> Iterator[Mapping[str, str]]:
    """One simulator for all."""
    with running("--time-scale", "200", "--seed", "5") as urls:
        yield urls


class Counted:
    """What came to the simulator since a moment."""

    def __init__(self, base_urls: Mapping[str, str]) -> None:
        self._base_urls = base_urls
        self._requests, self._jobs = self._now()

    def _now(self) -> tuple[int, int]:
        ledger = ledger_of(self._base_urls)
        return ledger["requests"], len(ledger["jobs"])

    @property
    def requests(self) -> int:
        return self._now()[0] - self._requests

    @property
    def jobs(self) -> int:
        return self._now()[1] - self._jobs


@pytest.mark.parametrize("model", UNLIMITED)
@pytest.mark.parametrize("max_jobs", [1, 20])
def test_fifty_at_once(base_urls: Mapping[str, str], model: str, max_jobs: int, tmp_path: Path) -> None:
    """Of fifty submitters exactly as many get through as the budget has jobs; the others send nothing."""
    spec, before = STORE.get(model), Counted(base_urls)
    journal = tmp_path / "journal.sqlite"
    passed = run(submit_all(journal, spec, [body_of(spec)] * SUBMITTERS, max_jobs, base_urls))
    assert (passed, before.jobs, before.requests) == (max_jobs, max_jobs, max_jobs)
    assert [entry.state for entry in entries_of(journal)] == [EntryState.SUBMITTED] * max_jobs


@pytest.mark.parametrize("model", UNLIMITED)
def test_negatives_count_as_if_billed(base_urls: Mapping[str, str], model: str, tmp_path: Path) -> None:
    """Requests that break the documents take from the budget what a job would, whatever becomes of them."""
    spec, before = STORE.get(model), Counted(base_urls)
    journal = tmp_path / "journal.sqlite"
    bodies = [_broken(spec) if number % 2 else body_of(spec) for number in range(SUBMITTERS)]
    passed = run(submit_all(journal, spec, bodies, 20, base_urls))
    entries = entries_of(journal)
    refused = [entry for entry in entries if entry.state is EntryState.REFUSED]
    assert (passed, before.requests) == (20, 20)
    assert before.jobs + len(refused) == 20
    assert all(entry.counted for entry in entries)
    assert sum(entry.jobs for entry in entries) == 20
    # Another run under the same name finds the budget spent, though the refused ones made no job.
    assert run(submit_all(journal, spec, [body_of(spec)], 20, base_urls)) == 0
    assert before.requests == 20


def _broken(spec: Spec) -> dict[str, Any]:
    return body_of(spec, prompt=7)


def test_negatives_are_refused_somewhere(base_urls: Mapping[str, str], tmp_path: Path) -> None:
    """The broken request of the test above does break: at least one provider refuses it at once."""
    spec = STORE.get("novita/kling-v2.6-pro-t2v")
    run(submit_all(tmp_path / "journal.sqlite", spec, [_broken(spec)], 1, base_urls))
    assert [entry.state for entry in entries_of(tmp_path / "journal.sqlite")] == [EntryState.REFUSED]


LIMITED = [model for model in STORE.ids if model not in UNLIMITED]


@pytest.mark.parametrize("model", LIMITED)
def test_fifty_at_once_where_few_may_run(base_urls: Mapping[str, str], model: str, tmp_path: Path) -> None:
    """Where a provider documents a limit of jobs at once, submitters wait for a place, not for a budget."""
    spec, before = STORE.get(model), Counted(base_urls)
    journal = tmp_path / "journal.sqlite"
    passed = run(submit_all(journal, spec, [body_of(spec)] * SUBMITTERS, 20, base_urls, waits=True))
    assert (passed, before.jobs) == (20, 20)
    assert [entry.state for entry in entries_of(journal)] == [EntryState.DONE] * 20


def test_several_jobs_in_one_request(base_urls: Mapping[str, str], tmp_path: Path) -> None:
    """A parameter that multiplies the bill is counted: three requests for two jobs each fit into seven."""
    spec, before = STORE.get("oxen"), Counted(base_urls)
    bodies = [body_of(spec, count=2)] * SUBMITTERS
    passed = run(submit_all(tmp_path / "journal.sqlite", spec, bodies, 7, base_urls))
    assert (passed, before.requests, before.jobs) == (3, 3, 6)
    assert sum(entry.jobs for entry in entries_of(tmp_path / "journal.sqlite")) == 6


def test_five_processes_share_a_budget(base_urls: Mapping[str, str], tmp_path: Path) -> None:
    """Ten submitters in each of five processes, one journal: together exactly as many as the budget has."""
    before, journal = Counted(base_urls), tmp_path / "journal.sqlite"
    words = [str(journal), UNLIMITED[0], "20", "10", json.dumps(dict(base_urls))]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.integration.submitters", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    results = [process.communicate(timeout=60) for process in processes]
    assert [errors for _, errors in results] == [""] * 5
    assert sum(int(output) for output, _ in results) == 20
    assert (before.jobs, before.requests) == (20, 20)


@pytest.mark.parametrize("model", STORE.ids)
@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (("--max-jobs", "0"), "the budget does not cover the worst case: 0 of 0 jobs are reserved or spent"),
        (("--max-cost-usd", "1000"), "no price is documented or configured, so its cost cannot be bounded"),
    ],
)
def test_record_refuses_before_anything_is_sent(
    base_urls: Mapping[str, str], model: str, budget: tuple[str, str], words: str, tmp_path: Path
) -> None:
    """Exit code 4, one line that says why, nothing on stdout, no request, no cassette and no job."""
    spec, before = STORE.get(model), Counted(base_urls)
    base_url = f"{spec.provider_id}={base_urls[spec.provider_id]}"
    done = subprocess.run(
        [*HARNESS, "record", model, "--to", "out", "--base-url", base_url, *budget],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), f"{spec.provider.credential.upper()}_API_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"harness: {words}") or f"{spec.ref}: {words}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert held_forms(done.stderr) == []
    assert before.requests == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != ".harness"] == []
    assert entries_of(tmp_path / ".harness" / "journal.sqlite") == []
