"""Rules of a benchmark beside an earlier one. Light: every command that names rules imports them."""

from __future__ import annotations

from harness.finding import Rule, Severity

__all__ = ["NOT_MEASURED", "OTHER_REQUEST", "RULES", "SLOWER", "SLOWER_NOT_RULED_OUT", "TOO_FEW"]

SLOWER = Rule(
    id="bench.slower-than-before",
    severity=Severity.ERROR,
    summary="The median job time grew, beyond doubt, by more than --max-median-ratio allows.",
    advice="Run once more, at another hour: two sittings differ by their hour and day as well. If it stays, "
    "ask the provider.",
)
SLOWER_NOT_RULED_OUT = Rule(
    id="bench.slower-not-ruled-out",
    severity=Severity.INFO,
    summary="The median job time did not surely grow beyond the limit, but may have.",
    advice="More jobs make the interval narrower; until then this is no verdict either way.",
)
TOO_FEW = Rule(
    id="bench.too-few-to-compare",
    severity=Severity.WARNING,
    summary="There are too few jobs, before or now, to bound the ratio of the medians.",
    advice="An interval needs at least 6 jobs of each run (6 nights of a nightly plan) that ended or were "
    "waited for in full.",
    inconclusive=True,
)
OTHER_REQUEST = Rule(
    id="bench.other-request",
    severity=Severity.WARNING,
    summary="The earlier run sent another request to this model: its times say nothing of these.",
    advice="Compare with a run of the same plan.",
    inconclusive=True,
)
NOT_MEASURED = Rule(
    id="bench.not-measured-before",
    severity=Severity.WARNING,
    summary="The earlier run has no jobs of this model in this mode.",
    advice="Compare with a run that has; the next comparison with this run will.",
    inconclusive=True,
)

RULES: tuple[Rule, ...] = (SLOWER, SLOWER_NOT_RULED_OUT, TOO_FEW, OTHER_REQUEST, NOT_MEASURED)
