"""What a record says, in the words that people read: the same in every format.

Plain text only; each format escapes it as its syntax needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from harness.finding import Finding, Impact, Judgement, Kind, Location, Severity, Verdict
from harness.report.visible import visible
from harness.stats.estimate import MedianInterval
from harness.stats.interval import Interval

__all__ = [
    "IMPACTS",
    "PROVENANCES",
    "counted",
    "estimate_text",
    "evidence_line",
    "interval_text",
    "joined",
    "location_text",
    "median_text",
    "place_text",
    "recorded_line",
    "seconds",
    "statement_text",
    "summary_line",
    "told",
    "verdict_sentence",
]

PROVENANCES: tuple[str, ...] = ("live", "simulated", "documented")
"""In the order in which evidence weighs. `unknown` is named only where there is any."""

IMPACTS: Mapping[Impact, str] = {
    Impact.BILL: "changes the bill",
    Impact.OUTPUT: "changes the video",
    Impact.BREAKS: "breaks requests or parsing",
}


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 error`, `2 errors`, `no errors` is `0 errors`; thousands are separated."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def evidence_line(messages: Mapping[str, int]) -> str:
    """How many exchanges of each provenance all of it rests on."""
    measured = "" if messages.get("live") else ": no API was measured"
    return f"Rests on {_exchanges(messages)}{measured}."


def recorded_line(messages: Mapping[str, int]) -> str:
    """How many exchanges of each provenance were recorded, beside what was measured without recording."""
    return f"Recorded: {_exchanges(messages)}."


def _exchanges(messages: Mapping[str, int]) -> str:
    unknown = ("unknown",) if messages.get("unknown") else ()
    counts = [f"{messages.get(name, 0):,} {name}" for name in (*PROVENANCES, *unknown)]
    return f"{joined(counts)} exchanges"


def verdict_sentence(judgement: Judgement) -> str:
    """The verdict's reason, and what else is worth reading, in one sentence."""
    kinds = Counter(finding.kind for finding in judgement.findings)
    facts = [
        counted(kinds[kind], one, many)
        for kind, one, many in (
            (Kind.DISCREPANCY, "difference between sellers", "differences between sellers"),
            (Kind.CONTRADICTION, "contradiction inside one provider", "contradictions inside one provider"),
        )
        if kinds[kind]
    ]
    stand = "stands" if sum(kinds[kind] for kind in (Kind.DISCREPANCY, Kind.CONTRADICTION)) == 1 else "stand"
    below = f"; {joined(facts)} {stand} below" if facts else ""
    return f"{_reason(judgement)}{below}."


def _reason(judgement: Judgement) -> str:
    standing = [finding for finding in judgement.findings if not finding.waived]
    errors = _of(standing, Severity.ERROR, Verdict.VIOLATES)
    warnings = _of(standing, Severity.WARNING, Verdict.VIOLATES)
    if judgement.verdict is Verdict.VIOLATES:
        models = {finding.model for finding in errors if finding.model}
        where = f" at {counted(len(models), 'endpoint')}" if models else ""
        return f"{counted(len(errors), 'error')}{where}"
    if not judgement.observed.anything:
        return "Nothing was observed, so nothing can be said"
    unseen = sum(finding.verdict is Verdict.INCONCLUSIVE for finding in standing)
    if unseen:
        return f"{counted(unseen, 'thing')} could not be observed; in what was, there is no error"
    more = f", {counted(len(warnings), 'warning')}" if warnings else ""
    return f"No recorded message breaks what the documents say{more}"


def _of(findings: Iterable[Finding], severity: Severity, verdict: Verdict) -> list[Finding]:
    return [f for f in findings if f.severity is severity and f.verdict is verdict]


def summary_line(judgement: Judgement) -> str:
    """`violates: 1 error, 0 warnings, 3 info; judged 1 operation, 12 facts`."""
    standing = [finding for finding in judgement.findings if not finding.waived]
    count = {severity: sum(f.severity is severity for f in standing) for severity in Severity}
    parts = [
        counted(count[Severity.ERROR], "error"),
        counted(count[Severity.WARNING], "warning"),
        f"{count[Severity.INFO]:,} info",
    ]
    waived = len(judgement.findings) - len(standing)
    if waived:
        parts.append(f"{waived:,} waived")
    return f"{judgement.verdict.value}: {', '.join(parts)}; judged {_observed(judgement)}"


def _observed(judgement: Judgement) -> str:
    observed = judgement.observed
    counts = [
        counted(number, noun)
        for number, noun in (
            (observed.exchanges, "exchange"),
            (observed.operations, "operation"),
            (observed.facts, "fact"),
        )
        if number
    ]
    return ", ".join(counts) or "nothing"


def told(finding: Finding) -> str:
    """What was found and, where it was judged by what the user uses, what it does to them. Not escaped."""
    if finding.consequence is None:
        return finding.message
    return f"{finding.message}. For you: {finding.consequence}"


def location_text(location: Location | None) -> str:
    """`file:line:column#index (document)`, whatever of it is known; empty where nothing is."""
    if location is None:
        return ""
    place = str(location)
    if location.document and location.document != place:
        return visible(f"{place} ({location.document})")
    return visible(place)


def place_text(finding: Finding) -> str:
    """Where an editor should go: what was judged, else where the expectation stands, else the model."""
    for location in (finding.subject, finding.source):
        if location is not None and str(location):
            return visible(str(location))
    return visible(finding.model or "-")


def seconds(number: float) -> str:
    """`152`, `0.4`, `1,200`: digits without a unit, as many as a reader needs."""
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.2g}"


def estimate_text(min_s: float | None, max_s: float | None, *, open_ended: bool) -> str:
    """`170 s`, `60-300 s`, `60-600 s or more`; `undocumented` where there is no figure."""
    known = [number for number in (min_s, max_s) if number is not None]
    if not known:
        return "undocumented"
    span = _DASH.join(dict.fromkeys(seconds(number) for number in known))
    is_open = open_ended or max_s is None
    return f"{span} s or more" if is_open else f"{span} s"


_DASH = "\u2013"
_MODES: Mapping[str, str] = {
    "any": "any mode",
    "poll": "polling",
    "blocking": "blocking call",
    "events": "event stream",
}


def statement_text(kind: str | None, mode: str) -> str:
    """Of what a documented time is: `polling, observed once`."""
    parts = [_MODES.get(mode, mode), (kind or "").replace("_", " ")]
    return visible(", ".join(part for part in parts if part and part != "range"))


def interval_text(interval: Interval | None) -> str:
    """`137-152 s` with a dash; `over 600 s, end not seen`; `unknown` where there are no times."""
    if interval is None:
        return "unknown"
    return _span(interval.low_s, interval.high_s)


def median_text(median: MedianInterval | None) -> str:
    """The interval of the median with what it rests on; `none` where there are too few jobs."""
    if median is None:
        return "none"
    return f"{_span(median.low_s, median.high_s)} ({counted(median.jobs, 'job')}, {median.coverage:.1%})"


def _span(low_s: float, high_s: float | None) -> str:
    if high_s is None:
        return f"over {seconds(low_s)} s, end not seen"
    span = _DASH.join(dict.fromkeys((seconds(low_s), seconds(high_s))))
    return f"{span} s"
