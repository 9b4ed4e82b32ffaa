"""Schemathesis at the same simulated providers, by its command, with the shipped specs as OpenAPI."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seeded.catalogue import Seed
from seeded.ours import Seen, ledger

from harness.simulator.process import running
from harness.spec.openapi import openapi
from harness.spec.store import SpecStore

PIN = "schemathesis==4.32.5"
MOST_S = 1800
_HEADERS: Mapping[str, str] = {"eachlabs": "X-API-Key: a-key"}

Failure = tuple[str, str]
"""(operation, kind of failure), as Schemathesis names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: what failed, how many jobs were created, how long it took; `failures` is None where it did
    not end in `MOST_S`, or not well.
    """

    failures: frozenset[Failure] | None
    jobs: int
    took_s: float


def installed() -> Path:
    """Schemathesis's own command, in a virtual environment of its own, made where there is none.

    Raises CalledProcessError when it cannot be installed.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "video-api-harness" / PIN.replace("==", "-")
    command = home / "bin" / "schemathesis"
    if not command.exists():
        venv.create(home, with_pip=True, clear=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", PIN], check=True)
    return command


def run(command: Path, seed: Seed, *, number: int, time_scale: float, options: Sequence[str] = ()) -> Run:
    """One run at a provider, with its default settings but for `options`; `number` seeds both."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        (home / "openapi.json").write_text(json.dumps(openapi(SpecStore().get(seed.model))), encoding="utf-8")
        arguments = [*seed.arguments(home / "served"), "--time-scale", str(time_scale)]
        with running(*arguments, "--seed", str(number)) as base_urls:
            start = time.monotonic()
            failures = _failures(command, seed, base_urls[seed.provider], home, number, options)
            took_s = time.monotonic() - start
            return Run(failures=failures, jobs=len(ledger(base_urls[seed.provider])), took_s=took_s)


def _failures(
    command: Path, seed: Seed, base_url: str, home: Path, number: int, options: Sequence[str]
) -> frozenset[Failure] | None:
    report = home / "report.json"
    header = _HEADERS.get(seed.provider, "Authorization: Bearer a-key")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            [
                *(str(command), "run", str(home / "openapi.json"), "--url", base_url, "--header", header),
                *("--seed", str(number), "--report", "json", "--report-json-path", str(report)),
                *("--request-timeout", "30", "--no-color", *_without_streams(seed), *options),
            ],
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=MOST_S,
        )
    except subprocess.TimeoutExpired:
        return None
    if not report.exists():
        raise RuntimeError(f"schemathesis wrote no report: {done.stdout[-500:]}{done.stderr[-500:]}")
    found = json.loads(report.read_text(encoding="utf-8"))
    return frozenset(
        (operation, failure["type"]) for failure in found["failures"] for operation in failure["operations"]
    )


def _without_streams(seed: Seed) -> list[str]:
    """A stream of events does not end: each of its requests would last as long as the time limit."""
    events = SpecStore().get(seed.model).operations.get("events")
    return [] if events is None else ["--exclude-path", events.path]


def compared(seed: Seed, found: Run, usual: frozenset[Failure]) -> Seen:
    """A change counts as found when a run fails in a way that no run at the unchanged provider did."""
    new = sorted((found.failures or frozenset()) - usual)
    return Seen(
        name=seed.name,
        found=bool(new),
        by=", ".join(f"{kind} at {operation}" for operation, kind in new),
        unseen=() if found.failures is not None else ("it did not end",),
        jobs=found.jobs,
        took_s=found.took_s,
    )
