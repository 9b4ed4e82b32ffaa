"""The decision as JSON: the member `decision` of `harness.run/1`, to whose pointers a page links.

The shape never depends on a flag: every member is always there, null where nothing is known. What a figure of
a page shows stands at its pointer, digit for digit before rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.decision.model import (
    Decision,
    Edition,
    Evidence,
    Fit,
    GroupDecision,
    ProfileRanking,
    Question,
    Sheet,
    Switch,
    Wish,
    WordFit,
)
from harness.measurement.trial_read import TrialJob
from harness.ranking.criteria import BY_ID, CRITERIA
from harness.ranking.rank import DRAWS, LIKELY, SEED, Flip, Standing
from harness.report.bench_json import bench_json
from harness.report.decision_words import (
    answer,
    decision_evidence,
    edition_text,
    flip_text,
    headline,
    question_text,
    reason_text,
    standings_caption,
    switch_text,
    wish_choice,
    wish_verdict,
)
from harness.report.json import finding_json
from harness.report.visible import plain

__all__ = ["decision_json"]


def decision_json(decision: Decision | None) -> dict[str, Any] | None:
    """All of it; null for a run that nothing was decided from."""
    if decision is None:
        return None
    return {
        "headline": headline(decision),
        "evidence": decision_evidence(decision),
        "draws": {"number": DRAWS, "seed": SEED, "likely": LIKELY},
        "criteria": [
            {
                "id": row.id,
                "title": row.title,
                "unit": row.unit,
                "worst": row.worst,
                "best": row.best,
                "basis": row.basis,
                "meaning": row.meaning,
            }
            for row in CRITERIA
        ],
        "wishes": [_wish(wish) for wish in decision.wishes],
        "groups": [_group(decision, group) for group in decision.groups],
        "measured": [bench_json(summary) for summary in decision.measured],
        "trials": [_trial(job) for job in decision.trials],
    }


def _wish(wish: Wish) -> dict[str, Any]:
    return {
        "name": wish.name,
        "words": plain(dict(wish.words)),
        "needs": list(wish.needs),
        "origin": wish.origin,
        "assumed": wish.assumed,
        "group": wish.group,
    }


def _group(decision: Decision, group: GroupDecision) -> dict[str, Any]:
    names = {sheet.model: sheet.provider for sheet in group.sheets}
    return {
        "name": group.name,
        "answers": [_answer(group, wish) for wish in decision.wishes if wish.is_for(group.name)],
        "vendors": [_sheet(group, sheet) for sheet in group.sheets],
        "rankings": [_ranking(group, ranking) for ranking in group.rankings],
        "switches": [_switch(switch) for switch in group.switches],
        "questions": [_question(question, names) for question in group.questions],
    }


def _answer(group: GroupDecision, wish: Wish) -> dict[str, Any]:
    fits = {sheet.provider: fit for sheet in group.sheets for fit in sheet.fits if fit.wish == wish.name}
    return {
        "wish": wish.name,
        "verdict": wish_verdict(fits),
        "choice": wish_choice(group, wish, group.rankings[0]) if group.rankings else None,
    }


def _sheet(group: GroupDecision, sheet: Sheet) -> dict[str, Any]:
    return {
        "model": sheet.model,
        "provider": sheet.provider,
        "title": sheet.title,
        "fits": [_fit(fit) for fit in sheet.fits],
        "evidence": [_evidence(line) for line in sheet.evidence],
        "editions": [_edition(edition) for edition in sheet.editions],
        "questions": sum(question.model == sheet.model for question in group.questions),
    }


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        "wish": fit.wish,
        "asked": fit.asked,
        "kept": fit.kept,
        "undocumented": fit.silent,
        "request": plain(dict(fit.body)),
        "words": [_word(word) for word in fit.words],
        "needs": [{"mode": need.mode, "state": need.state.value} for need in fit.needs],
        "others": [finding_json(finding) for finding in fit.others],
    }


def _word(word: WordFit) -> dict[str, Any]:
    return {
        "word": word.word,
        "asked": plain(word.asked),
        "native": word.native,
        "written": plain(word.written),
        "kept": word.kept,
        "loss": None if word.loss is None else finding_json(word.loss),
    }


def _evidence(line: Evidence) -> dict[str, Any]:
    figure = line.figure
    return {
        "criterion": line.criterion,
        "unit": BY_ID[line.criterion].unit,
        "value": None if figure is None else figure.value,
        "low": None if figure is None else figure.low,
        "high": None if figure is None else figure.high,
        "basis": None if figure is None else figure.basis,
        "counts": dict(line.counts),
        "why": line.why,
        "where": list(line.where),
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "ref": edition.ref,
        "date": edition.date,
        "summary": edition_text(edition),
        "changes": [finding_json(change) for change in edition.changes],
    }


def _ranking(group: GroupDecision, one: ProfileRanking) -> dict[str, Any]:
    return {
        "profile": one.profile.id,
        "title": one.profile.title,
        "weights": dict(one.profile.weights),
        "status": one.ranking.status.value,
        "answer": answer(group, one),
        "reason": reason_text(group, one),
        "caption": standings_caption(one),
        "standings": [_standing(s) for s in one.ranking.standings if one.ranking.status.has_scores],
        "flips": [_flip(group, flip) for flip in one.ranking.flips],
        "deciding": list(one.ranking.deciding),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "model": standing.vendor,
        "score": standing.score,
        "low": standing.low,
        "high": standing.high,
        "first": standing.first,
        "first_any_weights": standing.first_any_weights,
        "dominated_by": list(standing.dominated_by),
        "unknown": list(standing.unknown),
    }


def _flip(group: GroupDecision, flip: Flip) -> dict[str, Any]:
    return {
        "model": flip.vendor,
        "criterion": flip.criterion,
        "kind": flip.kind,
        "now": flip.now,
        "then": flip.then,
        "text": flip_text(group, flip),
    }


def _switch(switch: Switch) -> dict[str, Any]:
    return {
        "wish": switch.wish,
        "from": switch.source,
        "to": switch.target,
        "summary": switch_text(switch),
        "request": plain(dict(switch.body)),
        "losses": [finding_json(loss) for loss in switch.losses],
    }


def _question(question: Question, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "text": question_text(question, names),
        "model": question.model,
        "parameter": question.parameter,
        "facet": question.facet,
        "cost_rank": question.cost_rank,
        "others": plain(dict(question.others)),
        "contradiction": question.contradiction,
        "fingerprint": question.fingerprint,
    }


def _trial(job: TrialJob) -> dict[str, Any]:
    return {
        "model": job.model,
        "provenance": job.provenance,
        "made_at": job.made_at,
        "outcome": job.outcome,
        "low_s": job.low_s,
        "high_s": job.high_s,
        "video": None if job.video is None else plain(dict(job.video)),
        "findings": list(job.findings),
        "note": job.note,
        "file": job.file,
    }
