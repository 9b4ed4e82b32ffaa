"""A decision in words: the same in every format. Plain text; each format escapes it as its syntax needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.decision.editions import costs
from harness.decision.model import (
    Decision,
    Edition,
    Evidence,
    Fit,
    GroupDecision,
    ProfileRanking,
    Switch,
    Wish,
)
from harness.finding import Severity
from harness.measurement.job import Provenance
from harness.ranking.criteria import BY_ID
from harness.ranking.rank import Flip, Status
from harness.record import EstimateLine
from harness.report.question_words import question_text
from harness.report.values import parameter_text
from harness.report.visible import compact, visible
from harness.report.words import counted, estimate_text, joined, seconds, statement_text
from harness.spec.model import State

__all__ = [
    "ANSWERS",
    "CAPTIONS",
    "FLIPS",
    "answer",
    "criterion_title",
    "decision_evidence",
    "documented_times",
    "edition_text",
    "figure_range",
    "figure_text",
    "flip_text",
    "headline",
    "lacks_text",
    "question_text",
    "reason_text",
    "share_text",
    "standings_caption",
    "status_text",
    "switch_text",
    "wish_choice",
    "wish_text",
    "wish_verdict",
]

ANSWERS: Mapping[str, str] = {
    "ranked": (
        "{group}, {profile}: {first} comes first in {share} of the draws over what is uncertain, and in "
        "{any} where the weights are drawn too."
    ),
    "close": "{group}, {profile}: {why}; first in the draws: {shares}.",
    "unknowns": "{group}, {profile}: {why}: {unknown}.",
    "none": "{group}: {why}.",
}
"""The sentences of `answer`: the page fills them in again where a reader moves a weight."""

_SCORES = "Scores from 0 to 1 by the weights of {profile}"
_RANGE = "A range spans the intervals of the figures, and all that is unknown."
CAPTIONS: Mapping[str, str] = {
    "ranked": f"{_SCORES}. {_RANGE}",
    "open": f"{_SCORES}; nobody is placed, because there is no order. {_RANGE}",
}
"""Of a table of standings, where there is an order and where there is none."""

_STATUS: Mapping[Status, str] = {
    Status.NO_LIVE_DATA: (
        "no job was run live at any of these sellers, so how fast, how reliable and how dear they are is "
        "unknown; nothing is ranked"
    ),
    Status.SIMULATED: (
        "the only measured figures are simulated; they show that tools work, never how a seller behaves, so "
        "nothing is ranked"
    ),
    Status.ONE_VENDOR: "there is one seller of it here, so there is nothing to choose",
    Status.UNKNOWNS: "what is unknown decides who comes first",
    Status.CLOSE: "the sellers are too close for an order",
}


def status_text(status: Status) -> str:
    """Why there is no order; empty where there is one."""
    return _STATUS.get(status, "")


def headline(decision: Decision) -> str:
    """What stands first on the page about choosing: that there is an answer, or that there is none."""
    ranked = [g for g in decision.groups if g.rankings and g.rankings[0].ranking.status is Status.RANKED]
    if not ranked:
        return "No vendor can be chosen by measured figures yet."
    first = [f"{_provider(g, g.rankings[0].ranking.standings[0].vendor)} for {g.name}" for g in ranked]
    return f"The evidence puts first: {joined(first)}."


def decision_evidence(decision: Decision) -> str:
    """What was measured, and of which days the documents are: the first thing that a reader must know."""
    measured = [_measured(decision, provenance) for provenance in (Provenance.LIVE, Provenance.SIMULATED)]
    live, simulated = measured
    if live:
        told = f"Live: {live}."
    elif _has_live_figure(decision):
        told = "Live: recorded messages alone; no job was measured at any seller."
    elif simulated:
        told = (
            f"No live data: no job was run at any seller. Simulated: {simulated}; they tell nothing of one."
        )
    else:
        told = "No live data: no job was run at any seller."
    dates = [
        edition.date
        for group in decision.groups
        for sheet in group.sheets
        for edition in sheet.editions
        if edition.date
    ]
    span = " to ".join(dict.fromkeys((min(dates), max(dates)))) if dates else ""
    return f"{told} Documents dated {span}." if span else told


def _has_live_figure(decision: Decision) -> bool:
    sheets = [sheet for group in decision.groups for sheet in group.sheets]
    figures = [figure for sheet in sheets for figure in sheet.figures.values()]
    return any(figure.basis == Provenance.LIVE.value for figure in figures)


def _measured(decision: Decision, provenance: Provenance) -> str:
    """`120 jobs at 3 endpoints, 2026-03-01 to 2026-03-20 and 2 trial jobs`; empty where there are none."""
    summaries = [summary for summary in decision.measured if summary.provenance is provenance]
    lines = [line for summary in summaries for line in summary.providers]
    days = [
        f"{moment:%Y-%m-%d}"
        for summary in summaries
        for moment in (summary.started_at, summary.ended_at)
        if moment is not None
    ]
    jobs, trials = (
        sum(line.jobs for line in lines),
        sum(job.provenance == provenance.value for job in decision.trials),
    )
    where = counted(len({line.model for line in lines}), "endpoint")
    parts = (
        [f"{counted(jobs, 'job')} at {where}, {' to '.join(dict.fromkeys((min(days), max(days))))}"]
        if jobs
        else []
    )
    parts += [counted(trials, "trial job")] if trials else []
    return joined(parts)


def answer(group: GroupDecision, chosen: ProfileRanking) -> str:
    """The answer of one profile in one sentence with how sure it is, or why there is none."""
    ranking, title = chosen.ranking, visible(chosen.profile.title)
    if len(group.sheets) == 1:
        return ANSWERS["none"].format(group=group.name, why=status_text(Status.ONE_VENDOR))
    if ranking.status is Status.RANKED:
        best = ranking.standings[0]
        return ANSWERS["ranked"].format(
            group=group.name,
            profile=title,
            first=_provider(group, best.vendor),
            share=share_text(best.first),
            any=share_text(best.first_any_weights),
        )
    if ranking.status is Status.CLOSE:
        likely = sorted(ranking.standings, key=lambda one: (-one.first, one.vendor))[:2]
        shares = joined([f"{_provider(group, one.vendor)} in {share_text(one.first)}" for one in likely])
        why = status_text(ranking.status)
        return ANSWERS["close"].format(group=group.name, profile=title, why=why, shares=shares)
    if ranking.status is Status.UNKNOWNS:
        unknown = joined([criterion_title(criterion) for criterion in ranking.deciding])
        why = status_text(ranking.status)
        return ANSWERS["unknowns"].format(group=group.name, profile=title, why=why, unknown=unknown)
    return ANSWERS["none"].format(group=group.name, why=status_text(ranking.status))


def standings_caption(chosen: ProfileRanking) -> str:
    """What a table of standings shows, and that it places nobody where there is no order."""
    which = "ranked" if chosen.ranking.status is Status.RANKED else "open"
    return CAPTIONS[which].format(profile=visible(chosen.profile.title))


def reason_text(group: GroupDecision, chosen: ProfileRanking) -> str:
    """The figures by the criterion that weighs most, of those measured; empty where nothing is ranked."""
    if chosen.ranking.status not in (Status.RANKED, Status.CLOSE, Status.UNKNOWNS):
        return ""
    weights = chosen.profile.weights
    told = {
        line.criterion: weights.get(line.criterion, 0.0)
        for sheet in group.sheets
        for line in sheet.evidence
        if line.figure is not None and line.figure.basis == Provenance.LIVE.value
    }
    criterion = max(told, key=lambda one: told[one], default=None)
    if criterion is None or not told[criterion]:
        return ""
    by_model = {s.model: line for s in group.sheets for line in s.evidence if line.criterion == criterion}
    figures = [
        f"{_provider(group, one.vendor)} {figure_text(by_model[one.vendor])}"
        + (f" ({figure_range(by_model[one.vendor])})" if figure_range(by_model[one.vendor]) else "")
        for one in chosen.ranking.standings
    ]
    return f"What was measured and weighs most, {criterion_title(criterion)}: {'; '.join(figures)}."


def _provider(group: GroupDecision, model: str) -> str:
    return next((visible(sheet.provider) for sheet in group.sheets if sheet.model == model), visible(model))


def criterion_title(criterion: str) -> str:
    """`time of a job, median`: a criterion inside a sentence."""
    title = BY_ID[criterion].title
    return title[0].lower() + title[1:]


def share_text(share: float) -> str:
    """`93%`; what is not quite all or nothing never reads as 100% or 0%."""
    rounded = round(share * 100)
    if rounded == 100 and share < 1:
        return "over 99%"
    return "under 1%" if rounded == 0 and share > 0 else f"{rounded}%"


# ---- figures


def figure_text(line: Evidence) -> str:
    """The figure in its unit: `152 s`, `75%`, `2`, `0.12 USD a second`; `unknown` where there is none."""
    if line.figure is None:
        return "unknown"
    return _number(line.criterion, line.figure.value)


def figure_range(line: Evidence) -> str:
    """The interval of a figure: `140-165 s` with a dash; empty where it has none."""
    figure = line.figure
    if figure is None or figure.low == figure.high:
        return ""
    return f"{_number(line.criterion, figure.low)} to {_number(line.criterion, figure.high)}"


def _number(criterion: str, value: float) -> str:
    unit = BY_ID[criterion].unit
    if unit == "s":
        return f"{seconds(value)} s"
    if unit.startswith("share"):
        return f"{value:.1%}" if 0.9 <= value < 1 else f"{value:.0%}"
    if unit.startswith("USD"):
        return f"{_short(value)} USD a second"
    if criterion == "stability":
        return f"{seconds(value)} a year"
    return f"{value:g}"


def _short(value: float) -> str:
    """Three digits of a number, never as a power of ten: `0.0123`, `1230`."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value + 0.0:.3g}"  # -0.0 is 0


def documented_times(model: str, lines: Sequence[EstimateLine]) -> str:
    """What the documents say of how long a job takes: `60-300 s (polling)`; `undocumented`."""
    stated = {
        (line.min_s, line.max_s, line.open_ended, line.kind, line.mode)
        for line in lines
        if line.model == model and line.min_s is not None
    }
    told = [
        f"{estimate_text(low, high, open_ended=is_open)} ({statement_text(kind, mode)})"
        for low, high, is_open, kind, mode in sorted(stated, key=str)
    ]
    return "; ".join(told) or "undocumented"


# ---- wishes


def wish_text(wish: Wish) -> str:
    """What a wish asks for: `prompt "…", duration (s) 5, audio false; told by webhook`."""
    words = ", ".join(f"{parameter_text(word)} {compact(value, 60)}" for word, value in wish.words.items())
    return f"{words}; the end told by {joined(list(wish.needs))}" if wish.needs else words


def wish_verdict(fits: Mapping[str, Fit]) -> str:
    """Who documents all of a wish, and what the others lack. `fits` are by the provider's name."""
    whole = [visible(name) for name, fit in fits.items() if fit.kept == fit.asked]
    parts = [f"{joined(whole)} {'documents' if len(whole) == 1 else 'document'} all of it"] if whole else []
    lacking: dict[str, list[str]] = {}
    for name, fit in fits.items():
        if fit.kept < fit.asked:
            lacking.setdefault(joined(list(_lacks(fit))), []).append(visible(name))
    parts += [f"{joined(names)}: {what}" for what, names in lacking.items()]
    return "; ".join(parts) or "nobody was asked"


def wish_choice(group: GroupDecision, wish: Wish, chosen: ProfileRanking) -> str:
    """Which seller to choose for one wish, of those whose documents take all of it; or what is unknown."""
    whole = [sheet.model for sheet in group.sheets for fit in sheet.fits if _is_whole(fit, wish)]
    if len(group.sheets) == 1:
        return "There is one seller of it here."
    if not whole:
        return "No seller documents all of it: ask before you choose."
    if len(whole) == 1:
        return (
            f"By the documents, {_provider(group, whole[0])} alone; what the others do is a question to them."
        )
    status = chosen.ranking.status
    if status in (Status.NO_LIVE_DATA, Status.SIMULATED):
        return (
            "Which of them is the fastest, the most reliable or the cheapest is unknown until jobs run live."
        )
    title = visible(chosen.profile.title)
    first = chosen.ranking.standings[0].vendor
    if status is not Status.RANKED or first not in whole:  # of the others, no order is said to hold
        return f"Which of them comes first by the weights of {title} is open."
    return f"Of those, {_provider(group, first)} comes first by the weights of {title}."


def _is_whole(fit: Fit, wish: Wish) -> bool:
    return fit.wish == wish.name and fit.kept == fit.asked


def lacks_text(fit: Fit) -> str:
    """What a seller does not document or take of a wish; empty where it takes all of it."""
    return joined(list(_lacks(fit)))


def _lacks(fit: Fit) -> Iterator[str]:
    for word in fit.words:
        if not word.kept:
            yield f"{parameter_text(word.word)} cannot be asked for as it is"
    for need in fit.needs:
        if need.state is State.UNDOCUMENTED:
            yield f"no document speaks of {_MODES.get(need.mode, need.mode)}"
        elif need.state is State.ABSENT:
            yield f"the documents say that there is no {need.mode}"


_MODES: Mapping[str, str] = {
    "webhook": "a webhook",
    "events": "an event stream",
    "blocking": "a blocking call",
    "poll": "polling",
}


# ---- what would change, what is lost, what to ask


FLIPS: Mapping[str, str] = {
    "weight": "{who} would be level with the weight of {title} at {then} instead of {now}",
    "figure": "{who} would be level with its {title} at {then} (now: {now})",
}


def flip_text(group: GroupDecision, flip: Flip) -> str:
    """What would put another vendor level with the first."""
    if flip.kind == "weight":
        now, then = "0" if flip.now is None else f"{flip.now:g}", _short(flip.then)
    else:
        now = "unknown" if flip.now is None else _number(flip.criterion, flip.now)
        then = _number(flip.criterion, flip.then)
    who, title = _provider(group, flip.vendor), criterion_title(flip.criterion)
    return FLIPS[flip.kind].format(who=who, title=title, then=then, now=now)


def edition_text(edition: Edition) -> str:
    """`24 changes, 14 of them cost a client something`; `first edition known` for what nothing preceded."""
    number, costly = len(edition.changes), sum(costs(change) for change in edition.changes)
    if "@" not in edition.ref:
        return "the first edition known"
    if not costly:
        return f"{counted(number, 'change')}, none of which costs a client anything"
    cost = "costs" if costly == 1 else "cost"
    return f"{counted(number, 'change')}, {costly:,} of them {cost} a client something"


def switch_text(switch: Switch) -> str:
    """How many losses there are, by severity: `1 error, 2 warnings`; `nothing is lost`."""
    counts = [
        (sum(loss.severity is severity for loss in switch.losses), word)
        for severity, word in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
    ]
    return ", ".join(counted(number, word) for number, word in counts if number) or "nothing is lost"
