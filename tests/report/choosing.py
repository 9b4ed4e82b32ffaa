"""Reports to choose from, one for each thing that the evidence can come to, written to disk."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from harness.decision.model import Decision
from harness.measurement.job import Provenance
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import Profile
from harness.report.files import write_report
from tests.decision.made import AIML, EACH, NOVITA, OXEN, PROFILES, decision_of, live_runs, run_record

__all__ = ["KINDS", "LEAST_DELAY", "MEDIANS", "decided", "report_of", "weights_of"]

MEDIANS = {NOVITA: 150.0, OXEN: 120.0, AIML: 170.0, EACH: 180.0}
KINDS = ("unmeasured", "ranked", "close", "unknowns", "simulated")


def weights_of(**weights: float) -> dict[str, float]:
    """Weights of all criteria, in their order; what is not named weighs nothing."""
    return {row.id: float(weights.get(row.id, 0.0)) for row in CRITERIA}


LEAST_DELAY = Profile(id="mine", title="Least delay", weights=weights_of(latency=5, tail=3, success=2))


@cache
def decided(kind: str) -> Decision:
    """What is decided from the shipped evidence and, of each kind, other measured jobs."""
    own = (LEAST_DELAY, *PROFILES)
    match kind:
        case "ranked":
            return decision_of(live_runs(MEDIANS), profiles=own)
        case "close":
            return decision_of(live_runs(dict.fromkeys(MEDIANS, 150.0)), profiles=own)
        case "unknowns":
            return decision_of(live_runs({name: MEDIANS[name] for name in (NOVITA, OXEN, AIML)}))
        case "simulated":
            return decision_of(live_runs(MEDIANS, provenance=Provenance.SIMULATED))
        case _:
            return decision_of()


def report_of(kind: str, directory: Path) -> Path:
    """The report on disk: its page."""
    write_report(run_record(), directory, decided(kind))
    return directory / "report.html"
