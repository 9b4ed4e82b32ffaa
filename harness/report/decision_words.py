"""A decision in words: the same in every format. Plain text; each format escapes it as its syntax needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.decision.model import (
    Decision,
    Evidence,
    Fit,
    GroupDecision,
    ProfileRanking,
    Question,
    Switch,
    Wish,
)
from harness.finding import Severity
from harness.ranking.criteria import BY_ID
from harness.ranking.rank import Flip, Status
from harness.record import EstimateLine
from harness.report.values import cell_text, facet_text, parameter_text
from harness.report.visible import compact, visible
from harness.report.words import counted, estimate_text, joined, seconds, statement_text
from harness.spec.model import State

__all__ = [
    "answer",
    "criterion_title",
    "documented_times",
    "figure_range",
    "figure_text",
    "flip_text",
    "headline",
    "question_text",
    "share_text",
    "status_text",
    "switch_text",
    "wish_text",
    "wish_verdict",
]

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


def answer(group: GroupDecision, chosen: ProfileRanking) -> str:
    """The answer of one profile in one sentence with how sure it is, or why there is none."""
    ranking, title = chosen.ranking, visible(chosen.profile.title)
    if len(group.sheets) == 1:
        return f"{group.name}: {status_text(Status.ONE_VENDOR)}."
    if ranking.status is Status.RANKED:
        best = ranking.standings[0]
        return (
            f"{group.name}, {title}: {_provider(group, best.vendor)} comes first in "
            f"{share_text(best.first)} of the draws over what is uncertain, and in "
            f"{share_text(best.first_any_weights)} where the weights are drawn too."
        )
    if ranking.status is Status.CLOSE:
        likely = sorted(ranking.standings, key=lambda one: (-one.first, one.vendor))[:2]
        shares = joined([f"{_provider(group, one.vendor)} in {share_text(one.first)}" for one in likely])
        return f"{group.name}, {title}: {status_text(ranking.status)}; first in the draws: {shares}."
    if ranking.status is Status.UNKNOWNS:
        unknown = joined([criterion_title(criterion) for criterion in ranking.deciding])
        return f"{group.name}, {title}: {status_text(ranking.status)}: {unknown}."
    return f"{group.name}: {status_text(ranking.status)}."


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
        return f"{value:.3g} USD a second"
    if criterion == "stability":
        return f"{seconds(value)} a year"
    return f"{value:g}"


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


def flip_text(group: GroupDecision, flip: Flip) -> str:
    """What would put another vendor level with the first."""
    who, title = _provider(group, flip.vendor), criterion_title(flip.criterion)
    if flip.kind == "weight":
        now = "0" if flip.now is None else f"{flip.now:g}"
        return f"{who} would be level with the weight of {title} at {flip.then:.3g} instead of {now}"
    now = "unknown" if flip.now is None else _number(flip.criterion, flip.now)
    return f"{who} would be level with its {title} at {_number(flip.criterion, flip.then)} (now: {now})"


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


def question_text(question: Question, names: Mapping[str, str]) -> str:
    """The question in a sentence, with what the others document. `names` are providers by model."""
    if question.contradiction is not None:
        return f"Which of these holds? {visible(question.contradiction)}"
    what = parameter_text(question.parameter)
    asked = _ASKED.get((question.parameter, question.facet)) or _FACETS.get(question.facet)
    text = (asked or "What do your documents say of {what}, {facet}?").format(
        what=what, facet=facet_text(question.parameter, question.facet)
    )
    others = [
        f"{visible(names.get(model, model))}: {cell_text(question.parameter, question.facet, value)}"
        for model, value in question.others.items()
    ]
    told = f" Documented elsewhere: {visible('; '.join(others), 400)}." if others else ""
    return f"{visible(text)}{told}"


_FACETS: Mapping[str, str] = {
    "default": "What does a request get that leaves {what} out?",
    "presence": "Is there a parameter for {what}, and what happens to one that you do not know?",
    "maxLength": "How many characters may {what} have?",
    "minLength": "How many characters must {what} have?",
    "enum": "Which values may {what} have?",
    "minimum": "What is the lowest value of {what}?",
    "maximum": "What is the highest value of {what}?",
}
_ASKED: Mapping[tuple[str, str], str] = {
    (
        "completion",
        "webhook",
    ): "Do you call a webhook when a job ends, with which body, and how often do you retry?",
    ("completion", "events"): "Is there a stream of events for the end of a job?",
    ("completion", "blocking"): "Is there a call that answers when the video is ready?",
    ("job", "cancel"): "Can a job be cancelled, and is it billed then?",
    ("limits", "rate"): "How many requests a minute may be sent, and what does one more get?",
    ("limits", "concurrency"): "How many jobs may run at once, and what happens to one more?",
    (
        "price",
        "price",
    ): "What does a second of video cost, with and without sound, and is a failed job billed?",
    ("latency", "poll"): "How long does a job take as a rule, and how long at most?",
    ("latency", "blocking"): "How long does a blocking call take, if there is one?",
    (
        "validation",
        "time",
    ): "Which parameters are judged when a job is submitted, and is a later refusal billed?",
    ("errors", "statuses"): "Which HTTP statuses report which errors?",
    ("errors", "message"): "Where in an error's body does its message stand?",
    ("status", "queued"): "Which word does the status of a waiting job have?",
}
