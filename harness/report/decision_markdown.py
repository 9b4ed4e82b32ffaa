"""A decision as sections of a Markdown page, in its order: the answer, the sellers side by side, what to ask.

What is long is cut, and says so; report.json holds all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
from harness.finding import Finding
from harness.measurement.summary import BenchSummary, ProviderSummary
from harness.measurement.trial_read import TrialJob
from harness.ranking.criteria import BY_ID
from harness.ranking.rank import Standing, Status
from harness.record import RunRecord
from harness.report.bench_words import number, percent, proportion_text, quantile_text, total_of
from harness.report.decision_words import (
    answer,
    criterion_title,
    documented_times,
    figure_range,
    figure_text,
    flip_text,
    headline,
    question_text,
    share_text,
    status_text,
    switch_text,
    wish_text,
    wish_verdict,
)
from harness.report.markdown_text import cell, code, prose, table
from harness.report.values import facet_text, parameter_text
from harness.report.visible import compact, visible
from harness.report.words import IMPACTS, counted, interval_text, joined
from harness.stats.interval import CONFIDENCE, Interval

__all__ = ["answer_markdown", "decision_markdown"]

_LONGEST_CELL = 160
_MANY = 20  # items of one list that are shown
_FEATURES: tuple[tuple[str, str], ...] = (("job", "cancel"), ("completion", "*"), ("*", "presence"))


def answer_markdown(decision: Decision) -> Iterator[str]:
    """The lines of its first section: who comes first, or why nobody does."""
    yield from ("## Which seller?", "", f"**{prose(headline(decision))}**", "")
    told = [answer(group, ranking) for group in decision.groups for ranking in group.rankings]
    yield from (f"- {prose(line)}" for line in dict.fromkeys(told))
    yield ""


def decision_markdown(record: RunRecord, decision: Decision) -> Iterator[str]:
    """The lines of its sections but the first; `record` is the run that it was made from."""
    yield from _wishes(decision)
    yield from _sellers(record, decision)
    yield from _rankings(decision)
    yield from _switching(decision)
    yield from _editions(decision)
    yield from _questions(decision)
    yield from _measured(decision)
    yield from _trials(decision)


def _wishes(decision: Decision) -> Iterator[str]:
    yield from ("## What the sellers are compared for", "")
    if any(wish.assumed for wish in decision.wishes):
        yield from ("No request of your own was given, so these are assumed.", "")
    for wish in decision.wishes:
        yield f"- **{_brief(wish.name)}** ({_brief(wish.origin)}): {prose(wish_text(wish))}"
        for group in decision.groups:
            if wish.is_for(group.name):
                yield from _wish_in(group, wish)
    yield ""


def _wish_in(group: GroupDecision, wish: Wish) -> Iterator[str]:
    names = group.names
    fits = {sheet.model: fit for sheet in group.sheets for fit in sheet.fits if fit.wish == wish.name}
    verdict = wish_verdict({names[model]: fit for model, fit in fits.items()})
    yield f"  - {prose(group.name)}: {prose(verdict)}"
    for model, fit in fits.items():
        lost = [word.loss for word in fit.words if word.loss is not None]
        yield from (
            f"    - {prose(names[model])}: {prose(message)}"
            for message in dict.fromkeys(loss.message for loss in (*lost, *fit.others))
        )


def _brief(text: str) -> str:
    """Text of a stranger, no longer than fits beside others."""
    return prose(visible(text, _LONGEST_CELL))


# --- side by side


def _sellers(record: RunRecord, decision: Decision) -> Iterator[str]:
    yield from ("## The sellers side by side", "")
    yield from (
        "A figure has its interval and what it rests on in brackets: *documented*, *live*, *simulated*, or "
        "*declared* by you. "
        "What is *unknown* counts as anything from the worst to the best.",
        "",
    )
    for group in decision.groups:
        names = group.names
        yield from (f"### {prose(group.name)}", "")
        yield from table(("What", *map(_brief, names.values())), _seller_rows(record, decision, group))


def _seller_rows(record: RunRecord, decision: Decision, group: GroupDecision) -> Iterator[list[str]]:
    for wish in decision.wishes:
        if wish.is_for(group.name):
            fits = ([one for one in sheet.fits if one.wish == wish.name] for sheet in group.sheets)
            yield [f"Asked for and documented: {_brief(wish.name)}", *(_fit(*own) for own in fits)]
    times = [documented_times(sheet.model, record.estimates) for sheet in group.sheets]
    yield ["Time of a job, documented", *(_brief(told) for told in times)]
    for lines in zip(*(sheet.evidence for sheet in group.sheets), strict=True):
        yield [prose(BY_ID[lines[0].criterion].title), *(_figure(line) for line in lines)]
    for row in record.matrix:
        if row.group == group.name and _is_feature(row.parameter, row.facet):
            what = f"{prose(parameter_text(row.parameter))}: {prose(facet_text(row.parameter, row.facet))}"
            yield [what, *(cell(row, row.cells.get(sheet.model)) for sheet in group.sheets)]


def _is_feature(parameter: str, facet: str) -> bool:
    return any(own in (parameter, "*") and of in (facet, "*") for own, of in _FEATURES)


def _fit(fit: Fit) -> str:
    silent = f" ({fit.silent} undocumented)" if fit.silent else ""
    return f"{fit.kept} of {fit.asked}{silent}"


def _figure(line: Evidence) -> str:
    if line.figure is None:
        return f"*unknown*: {_brief(line.why)}"
    rests = [part for part in (figure_range(line), line.figure.basis) if part]
    return f"{figure_text(line)} ({'; '.join(rests)})"


# --- rankings


def _rankings(decision: Decision) -> Iterator[str]:
    yield from ("## Rankings", "")
    for group in decision.groups:
        yield from (f"### {prose(group.name)}", "")
        for one in group.rankings:
            if one.ranking.status.has_scores and len(group.sheets) > 1:
                yield from _ranking(group, one)
        yield from _unranked(group)
    if not decision.groups:
        yield from ("There is nothing to rank.", "")


def _unranked(group: GroupDecision) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for one in group.rankings:
        alone = len(group.sheets) == 1
        if alone or not one.ranking.status.has_scores:
            why = status_text(Status.ONE_VENDOR if alone else one.ranking.status)
            by_reason.setdefault(why, []).append(_brief(one.profile.title))
    for why, titles in by_reason.items():
        yield from (f"Not ranked by {joined(titles)}: {prose(why)}.", "")


def _ranking(group: GroupDecision, one: ProfileRanking) -> Iterator[str]:
    names = group.names
    yield from (f"#### {_brief(one.profile.title)}", "")
    weights = [f"{criterion_title(name)} {w:g}" for name, w in one.profile.weights.items() if w]
    yield from (f"Weights: {'; '.join(weights)}. A score goes from 0 to 1.", "")
    is_ranked = one.ranking.status is Status.RANKED
    if not is_ranked:
        yield from (f"No order: {status_text(one.ranking.status)}.", "")
    head = ("", "Seller", "Score", "Range", "First", "First, any weights", "Never better than", "Unknown")
    places = enumerate(one.ranking.standings, start=1)
    rows = (_standing(str(place) if is_ranked else "", own, names) for place, own in places)
    yield from table(head, rows)
    if one.ranking.flips:
        yield from ("What would change it:", "")
        yield from _listed(prose(flip_text(group, flip)) for flip in one.ranking.flips)


def _standing(place: str, standing: Standing, names: Mapping[str, str]) -> list[str]:
    return [
        place,
        _brief(names[standing.vendor]),
        f"{standing.score:.2f}",
        f"{standing.low:.2f} to {standing.high:.2f}",
        share_text(standing.first),
        share_text(standing.first_any_weights),
        joined([_brief(names[other]) for other in standing.dominated_by]),
        joined([criterion_title(criterion) for criterion in standing.unknown]),
    ]


def _listed(items: Iterable[str]) -> Iterator[str]:
    """A list, and how much of it was left out."""
    given = list(items)
    yield from (f"- {item}" for item in given[:_MANY])
    if len(given) > _MANY:
        yield f"- … {len(given) - _MANY:,} more stand in report.json"
    yield ""


# --- switching


def _switching(decision: Decision) -> Iterator[str]:
    yield from ("## Switching from one seller to another", "")
    groups = [group for group in decision.groups if group.switches]
    if not groups:
        yield from ("Nowhere are there two sellers of one model.", "")
    for group in groups:
        yield from (f"### {prose(group.name)}", "")
        names, wishes = group.names, list(dict.fromkeys(switch.wish for switch in group.switches))
        pairs: dict[tuple[str, str], list[Switch]] = {}
        for switch in group.switches:
            pairs.setdefault((switch.source, switch.target), []).append(switch)
        rows = ([*(_brief(names[one]) for one in pair), *_lost(own, wishes)] for pair, own in pairs.items())
        yield from table(("From", "To", *map(_brief, wishes)), rows)
        for (source, target), own in pairs.items():
            items = list(_losses(own, len(wishes)))
            if items:
                yield from (f"{_brief(names[source])} to {_brief(names[target])}:", "", *_listed(items))


def _lost(switches: Iterable[Switch], wishes: Iterable[str]) -> Iterator[str]:
    told = {switch.wish: switch_text(switch) for switch in switches}
    yield from (told.get(wish, "") for wish in wishes)


def _losses(switches: Iterable[Switch], wishes: int) -> Iterator[str]:
    """Each loss of a pair once, with the wishes that it touches where these are not all."""
    touched: dict[str, tuple[Finding, dict[str, None]]] = {}
    for switch in switches:
        for loss in switch.losses:
            touched.setdefault(loss.message, (loss, {}))[1][switch.wish] = None
    for loss, named in touched.values():
        of = "" if len(named) == wishes else f" ({joined([_brief(name) for name in named])})"
        yield f"**{loss.severity.value}** `{loss.rule.id}`: {prose(loss.message)}{of}"


# --- editions and questions


def _editions(decision: Decision) -> Iterator[str]:
    yield from ("## How the documents changed", "")
    yield from (
        "Counted apart: changes that break requests or parsing, or change the bill or the video.",
        "",
    )
    for group in decision.groups:
        names = group.names
        told = [(names[sheet.model], edition) for sheet in group.sheets for edition in sheet.editions]
        told.sort(key=lambda line: line[1].date or "")
        yield from (f"### {prose(group.name)}", "")
        head = ("Date", "Seller", "Edition", "Changes", "Of these, costly")
        yield from table(head, (_edition(name, edition) for name, edition in told))
        for name, edition in told:
            dear = [_change(change) for change in edition.changes if costs(change)]
            if dear:
                yield from (f"{_brief(name)}, {edition.date or 'date unknown'}:", "", *_listed(dear))


def _edition(name: str, edition: Edition) -> list[str]:
    dear = sum(costs(change) for change in edition.changes)
    date = edition.date or "unknown"
    return [date, _brief(name), code(edition.ref), str(len(edition.changes)), str(dear)]


def _change(change: Finding) -> str:
    does = joined([IMPACTS[impact] for impact in change.impact])
    return f"{does}: {prose(change.message)}"


def _questions(decision: Decision) -> Iterator[str]:
    yield from ("## What to ask each seller", "")
    for group in decision.groups:
        names = group.names
        for sheet in group.sheets:
            own = [question for question in group.questions if question.model == sheet.model]
            yield from (f"### {_brief(sheet.title)}", "")
            yield from (f"- {prose(question_text(question, names))}" for question in own)
            yield "" if own else "Nothing that matters is unknown.\n"


# --- measured


def _measured(decision: Decision) -> Iterator[str]:
    yield from ("## What was measured", "")
    if not decision.measured:
        yield from ("No run of a benchmark was given.", "")
        return
    yield from (f"Intervals are those of {percent(CONFIDENCE)} confidence.", "")
    names = {model: name for group in decision.groups for model, name in group.names.items()}
    head = (
        *("Seller", "Mode", "Provenance", "Days", "Jobs", "Median", "90th percentile", "Success"),
        *("Polls answered", "USD a delivered second"),
    )
    rows = (_line(run, line, names) for run in decision.measured for line in run.providers)
    yield from table(head, rows)


def _line(run: BenchSummary, line: ProviderSummary, names: Mapping[str, str]) -> list[str]:
    total = total_of(line)
    shown = {} if total is None else {one.p: quantile_text(one, brief=True) for one in total.quantiles}
    known = None if line.cost_usd_per_delivered_s is None else number(line.cost_usd_per_delivered_s)
    ended = run.started_at if run.ended_at is None else run.ended_at
    days = dict.fromkeys((f"{run.started_at:%Y-%m-%d}", f"{ended:%Y-%m-%d}"))
    return [
        _brief(names.get(line.model.partition("@")[0], line.model)),
        _brief(line.mode),
        line.provenance.value,
        " to ".join(days),
        f"{line.jobs:,}",
        shown.get(0.5, "*unknown*"),
        shown.get(0.9, "*unknown*"),
        proportion_text(line.success, brief=True),
        proportion_text(line.poll_availability, brief=True),
        f"{known or '*unknown*'} ({_brief(line.cost_note)})" if line.cost_note else known or "*unknown*",
    ]


def _trials(decision: Decision) -> Iterator[str]:
    yield from ("## Trials", "")
    if not decision.trials:
        yield from ("No trial was given.", "")
        return
    head = ("Endpoint", "Provenance", "Made", "Outcome", "Time", "Video", "Findings", "Remark", "Record")
    yield from table(head, (_trial(job) for job in decision.trials))


def _trial(job: TrialJob) -> list[str]:
    known = None if job.low_s is None else Interval(low_s=job.low_s, high_s=job.high_s)
    return [
        _brief(job.model),
        job.provenance,
        _brief(job.made_at),
        _brief(job.outcome),
        interval_text(known),
        "none" if job.video is None else code(compact(dict(job.video), _LONGEST_CELL)),
        counted(len(job.findings), "finding"),
        _brief(job.note or ""),
        code(job.file, _LONGEST_CELL),
    ]
