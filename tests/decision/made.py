"""Runs and decisions over the shipped specs and cassettes, with jobs that tests say were live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from harness.check.body import Judges
from harness.cli.commands.check import judges_for
from harness.decision.decide import decide
from harness.decision.model import Decision, Wish
from harness.decision.wishes import ASSUMED
from harness.measurement.job import BenchRecord, Provenance
from harness.measurement.summary import BenchSummary
from harness.ranking.profile import SHIPPED, Profile, shipped_profile
from harness.record import RunRecord
from harness.run import run, shipped_recordings
from harness.spec.store import SpecStore
from harness.use.model import Use
from tests.bench.measured import concluded, measured

__all__ = [
    "AIML",
    "EACH",
    "NOVITA",
    "OLD",
    "OXEN",
    "PROFILES",
    "decision_of",
    "live_runs",
    "run_record",
    "shipped",
]

NOVITA = "novita/kling-v2.6-pro-t2v"
OLD = "novita/kling-v1.6-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
AIML = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACH = "eachlabs/kling-v2-6-pro-text-to-video"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
PROFILES: tuple[Profile, ...] = tuple(shipped_profile(name) for name in SHIPPED)


@cache
def shipped() -> SpecStore:
    return SpecStore()


@cache
def run_record() -> RunRecord:
    """The main job over what is shipped, as it is today."""
    judges: Judges = judges_for(shipped())
    return run(shipped(), shipped_recordings(), judges, now=NOW)


def live_runs(
    medians: dict[str, float], *, provenance: Provenance = Provenance.LIVE, blocks: int = 40
) -> BenchRecord:
    """A nightly run of so many blocks in which each model takes about as many seconds as is said."""
    return measured(medians, provenance=provenance, blocks=blocks)


def decision_of(
    *runs: BenchRecord,
    record: RunRecord | None = None,
    wishes: Sequence[Wish] = ASSUMED,
    profiles: Sequence[Profile] = PROFILES,
    use: Use | None = None,
) -> Decision:
    """What is decided from the shipped evidence and these runs."""
    found: tuple[BenchSummary, ...] = tuple(concluded(one) for one in runs)
    return decide(record or run_record(), shipped(), wishes, profiles, measured=found, use=use)
