"""What a benchmark found, in the words that people read: every number with how many jobs, and its interval.

Plain text only; each format escapes it as its syntax needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from harness.measurement.job import Mismatch, Phase, Provenance
from harness.measurement.summary import (
    BenchSummary,
    Comparison,
    ComparisonVerdict,
    Latency,
    Proportion,
    ProviderSummary,
    Quantile,
)
from harness.report.visible import compact, visible
from harness.report.words import counted, joined, seconds
from harness.stats.interval import CONFIDENCE

__all__ = [
    "DASH",
    "evidence_text",
    "mismatch_text",
    "model_names",
    "number",
    "percent",
    "polls_text",
    "proportion_text",
    "quantile_text",
    "ratio_text",
    "seller_names",
    "total_of",
    "unequal_text",
    "verdict_text",
]

DASH = "\u2013"
_EVIDENCE: Mapping[Provenance, str] = {
    Provenance.SIMULATED: "Simulated: no provider was measured. These times are the simulator's own.",
    Provenance.LIVE: "Live: measured at the providers.",
}
_LONGEST_VALUE = 60


def model_names(summary: BenchSummary) -> dict[str, str]:
    """A name for each model: its provider where that has one model here, else the model itself."""
    models = dict.fromkeys(provider.model for provider in summary.providers)
    of_provider = Counter(model.partition("/")[0] for model in models)
    shorts = {model: model.partition("/")[0] for model in models}
    return {model: visible(short if of_provider[short] == 1 else model) for model, short in shorts.items()}


def seller_names(summary: BenchSummary) -> dict[tuple[str, str], str]:
    """A name for each (model, mode), with the mode where a model was measured in several."""
    names, modes = model_names(summary), Counter(provider.model for provider in summary.providers)
    return {
        (one.model, one.mode): names[one.model] + (f", {visible(one.mode)}" if modes[one.model] > 1 else "")
        for one in summary.providers
    }


def evidence_text(summary: BenchSummary) -> str:
    """What the figures are, and how many jobs they rest on."""
    jobs = sum(provider.jobs for provider in summary.providers)
    runs = counted(len(summary.runs), "run")
    return f"{_EVIDENCE[summary.provenance]} {counted(jobs, 'job')} in {runs}."


def total_of(provider: ProviderSummary) -> Latency | None:
    """The time from the request to the video; None where it was never observed."""
    return next((one for one in provider.latencies if one.phase is Phase.TOTAL), None)


# --- numbers


def number(value: float) -> str:
    """Three digits of it: `0.853`, `1.2`, `12`."""
    return f"{value:.3g}"


def percent(share: float) -> str:
    """`96 %`, `99.5 %`; 100 % and 0 % are exact."""
    digits = f"{share:.0%}" if share in (0, 1) else f"{share * 100:.3g}%"
    if digits == "100%" and share < 1:
        digits = "over 99.9%"
    return digits.replace("%", "\u00a0%")


def _end(value_s: float | None, beyond_s: float | None) -> str:
    if value_s is not None:
        return seconds(value_s)
    return "unknown" if beyond_s is None else f"over {seconds(beyond_s)}"


def _sure(confidence: float, *, brief: bool) -> str:
    return "" if brief else f" with {percent(confidence)} confidence"


def quantile_text(quantile: Quantile, *, brief: bool = False) -> str:
    """`152 s (145-160 s with 95 % confidence; 50 jobs, 25 days)`, `> 300 s (…)` where giving up hides it.

    `brief` leaves out the confidence, for where it is said once for all.
    """
    rests = [counted(quantile.jobs, "job")]
    rests += [counted(quantile.days, "day")] if quantile.days > 1 else []
    if quantile.value_s is None:
        value = "unknown" if quantile.beyond_s is None else f"> {seconds(quantile.beyond_s)} s"
    else:
        value = f"{seconds(quantile.value_s)} s"
    return f"{value} ({_within(quantile, brief=brief)}; {', '.join(rests)})"


def _within(quantile: Quantile, *, brief: bool) -> str:
    ends = (quantile.low_s, quantile.high_s)
    if ends == (None, None):
        return "no interval"
    low = "unknown" if quantile.low_s is None else seconds(quantile.low_s)
    high = _end(quantile.high_s, quantile.beyond_s)
    return f"{low}{_dash(ends)}{high} s{_sure(CONFIDENCE, brief=brief)}"


def _dash(ends: Sequence[float | None]) -> str:
    return " to " if None in ends else DASH


def proportion_text(share: Proportion, *, brief: bool = False) -> str:
    """`96 % (48 of 50; 87-99 % with 95 % confidence)`; `no data` where nothing was tried."""
    if share.value is None or not share.trials:
        return "no data"
    rests = f"{share.successes:,.4g} of {share.trials:,}" if share.trials < 10_000 else f"of {share.trials:,}"
    if share.low is None or share.high is None:
        return f"{percent(share.value)} ({rests})"
    ends = f"{percent(share.low).split(chr(160))[0]}{DASH}{percent(share.high)}"
    return f"{percent(share.value)} ({rests}; {ends}{_sure(CONFIDENCE, brief=brief)})"


def ratio_text(comparison: Comparison, *, brief: bool = False) -> str:
    """`0.85 (0.79-0.92 with 95 % confidence; 50 pairs in 25 nights)`."""
    rests = f"{counted(comparison.pairs, 'pair')} in {counted(comparison.units, comparison.unit)}"
    if comparison.ratio is None:
        return f"unknown ({rests})"
    ends = ["unknown" if end is None else number(end) for end in (comparison.low, comparison.high)]
    sure = _sure(1 - comparison.level, brief=brief)
    dash = _dash((comparison.low, comparison.high))
    return f"{number(comparison.ratio)} ({dash.join(ends)}{sure}; {rests})"


def polls_text(provider: ProviderSummary) -> str:
    """How often a job was asked for, on average."""
    return "no polls" if provider.polls_per_job is None else f"{provider.polls_per_job:.1f}"


# --- comparisons


_ALIKE = "{first} and {second}: no meaningful difference"
_OTHER_DAY = ", another day may say otherwise"
_VERDICTS: Mapping[ComparisonVerdict, str] = {
    ComparisonVerdict.FASTER: "{first} is faster than {second}",
    ComparisonVerdict.SLOWER: "{second} is faster than {first}",
    ComparisonVerdict.FASTER_IN_SITTING: "{first} was faster than {second} in this sitting" + _OTHER_DAY,
    ComparisonVerdict.SLOWER_IN_SITTING: "{second} was faster than {first} in this sitting" + _OTHER_DAY,
    ComparisonVerdict.NO_DIFFERENCE: _ALIKE,
    ComparisonVerdict.NO_DIFFERENCE_IN_SITTING: _ALIKE + " in this sitting" + _OTHER_DAY,
    ComparisonVerdict.INSUFFICIENT: "{first} and {second}: insufficient data to say which is faster",
}


def verdict_text(comparison: Comparison, names: Mapping[str, str]) -> str:
    """The verdict as a sentence without its full stop; that the requests were not equal is part of it."""
    first, second = (names.get(model, visible(model)) for model in (comparison.first, comparison.second))
    told = _VERDICTS[comparison.verdict].format(first=first, second=second)
    unequal, unsure = _by_certainty(comparison)
    doubts = [f"were not equal ({_parameters(unequal)})"] if unequal else []
    doubts += [f"may not have been equal ({_parameters(unsure)})"] if unsure else []
    return f"{told}; but the two requests {' and '.join(doubts)}" if doubts else told


def _parameters(mismatches: Sequence[Mismatch]) -> str:
    return joined([visible(mismatch.parameter) for mismatch in mismatches])


def _by_certainty(comparison: Comparison) -> tuple[list[Mismatch], list[Mismatch]]:
    """What was asked differently, and what may have been: a value is unknown, or on another range."""
    unequal: list[Mismatch] = []
    unsure: list[Mismatch] = []
    for mismatch in comparison.mismatches:
        values = [mismatch.values.get(model) for model in (comparison.first, comparison.second)]
        is_sure = all(value is not None and not isinstance(value, Mapping) for value in values)
        (unequal if is_sure and values[0] != values[1] else unsure).append(mismatch)
    return unequal, unsure


def unequal_text(comparison: Comparison, names: Mapping[str, str]) -> str:
    """What the two requests do not ask alike, or may not: it belongs beside the ratio."""
    models = (comparison.first, comparison.second)
    told = [
        f"{word}: {'; '.join(mismatch_text(mismatch, models, names) for mismatch in mismatches)}"
        for word, mismatches in zip(("NOT EQUAL", "MAY DIFFER"), _by_certainty(comparison), strict=True)
        if mismatches
    ]
    return "; ".join(told) or "no difference known"


def mismatch_text(mismatch: Mismatch, models: Sequence[str], names: Mapping[str, str]) -> str:
    """`audio: novita true, oxen unknown (default undocumented)`."""
    told = [f"{names.get(model, visible(model))} {_value(mismatch, model)}" for model in models]
    return f"{visible(mismatch.parameter)}: {', '.join(told)}"


def _value(mismatch: Mismatch, model: str) -> str:
    value, reason = mismatch.values.get(model), mismatch.reasons.get(model)
    if value is None:
        return f"unknown ({visible(reason)})" if reason else "unknown"
    shown = _of_range(value) or compact(value, _LONGEST_VALUE)
    return f"{shown} ({visible(reason)})" if reason else shown


def _of_range(value: object) -> str | None:
    """A number on a range of its own, `5 of 0 to 10`; None for any other value."""
    if not isinstance(value, Mapping) or set(value) != {"value", "range"}:
        return None
    of = value["range"]
    if of is None:
        return f"{compact(value['value'])} of a range that is not documented"
    return f"{compact(value['value'])} of {compact(of[0])} to {compact(of[1])}"
