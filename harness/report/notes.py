"""What a run cannot say, and how what it says was found: for every format the same words."""

from __future__ import annotations

from collections.abc import Iterator

from harness.record import RunRecord
from harness.report.visible import visible
from harness.report.words import counted, joined
from harness.stats.estimate import EstimateVerdict

__all__ = ["method_notes", "unknowns"]


def unknowns(record: RunRecord) -> Iterator[str]:
    """What nobody should read into the run, one sentence or two each."""
    if not record.messages.get("live"):
        yield (
            "Whether any live API does what its documents say: no live exchange was recorded, so no message "
            "of a provider was judged."
        )
    yield from _times(record)
    yield from _silent_models(record)
    undocumented = sum(model.fact_counts.get("undocumented", 0) for model in record.models)
    asked = sum(sum(model.fact_counts.values()) for model in record.models)
    if undocumented:
        yield (
            f"What the documents are silent about: {undocumented:,} of the {counted(asked, 'fact')} that "
            "were looked for are undocumented. Each is named below, and none is guessed."
        )
    yield from _unjudged(record)


def _unjudged(record: RunRecord) -> Iterator[str]:
    """What was passed over, once for each reason: a dozen videos are one sentence."""
    by_reason: dict[str, list[str]] = {}
    for skipped in record.judgement.observed.skipped:
        by_reason.setdefault(skipped.why, []).append(skipped.what)
    for why, what in by_reason.items():
        names = what[0] if len(what) == 1 else f"{len(what):,} messages, {what[0]} first"
        yield f"Not judged: {visible(names)} ({visible(why)})."


def _times(record: RunRecord) -> Iterator[str]:
    judged = [line for line in record.estimates if line.min_s is not None]
    undecided = [line for line in judged if line.verdict is EstimateVerdict.INSUFFICIENT]
    if undecided:
        most = max(len(line.jobs) for line in undecided)
        yield (
            "Whether jobs take as long as documented: the recorded jobs do not decide it for "
            f"{len(undecided):,} of {counted(len(judged), 'documented figure')} (at most "
            f"{counted(most, 'recorded job')} for one figure; a verdict needs six)."
        )
    timeless = [model for model in record.models if not any(e.model == model.id for e in judged)]
    if timeless:
        names = joined([model.id for model in timeless])
        yield f"How long a job takes at {visible(names)}: no document gives a time."


def _silent_models(record: RunRecord) -> Iterator[str]:
    unseen = [model.id for model in record.models if not sum(model.messages.values())]
    if unseen:
        yield f"Whether recorded exchanges of {visible(joined(unseen))} conform: there are none."


def method_notes(record: RunRecord) -> tuple[tuple[str, str], ...]:
    """How to read the page: pairs of a term and what it means."""
    margin = f"{record.margin:.0%}"
    return tuple((term, meaning.replace("MARGIN", margin)) for term, meaning in _NOTES)


_NOTES = (
    (
        "Three states of a fact",
        "Documented with a value; documented as absent (the document says that there is none); undocumented "
        "(no statement was found). An undocumented default is not null, and none is copied from another "
        "seller.",
    ),
    (
        "Provenance",
        "Live: recorded at the provider. Simulated: made by a simulator from the same specs; it can show "
        "that tools work, never how a provider behaves. Documented: transcribed from what the provider's own "
        "documents show, with typed values in place of placeholders. They are counted apart and never "
        "pooled.",
    ),
    (
        "Sources",
        "Each fact stands in a spec file with the document and the place in it. A document that was read has "
        "a digest; one that is only reported is known at second hand and has none.",
    ),
    (
        "Conformance",
        "Every recorded message is judged by the JSON Schema of its operation and status, and each job by "
        "its life cycle: legal transitions, final states stay, progress does not fall, the id does not "
        "change. An unknown property is an error in a request and information in a response.",
    ),
    (
        "Verdicts",
        "Violates: at least one error. Inconclusive: nothing was observed, or something could not be. "
        "Conforms: something was observed, and no error was found. Differences between sellers and "
        "contradictions inside one are facts, not faults.",
    ),
    (
        "Comparison",
        "Only sellers of one model version and tier stand in one table. A row differs when values or states "
        "do. Rows are ranked by what the difference costs a buyer who switches without knowing it, in the "
        "order of what is noticed last: the bill, the video, lost jobs, refused requests.",
    ),
    (
        "Times",
        "A job's time is an interval: it was unfinished at the lower end, when the last poll that found it "
        "so was sent, and done at the upper end, when the first answer that said so came. The verdict holds "
        "a 95% interval of the median (sign test, no distribution assumed, six jobs at least) against the "
        "documented time widened by MARGIN on both sides. One observation is never more than insufficient "
        "data.",
    ),
)
