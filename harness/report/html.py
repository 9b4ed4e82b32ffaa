"""A run as one HTML file that loads nothing; see `harness.report.template` for what goes into it, and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from harness.decision.model import Decision
from harness.record import RunRecord
from harness.report.choice import choice_of
from harness.report.choice_names import choice_names
from harness.report.found import found
from harness.report.html_names import record_names
from harness.report.page import page_of
from harness.report.ranking_data import ranking_data
from harness.report.since import Since
from harness.report.template import asset, environment, markup, policy
from harness.report.words import recorded_line

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["record_html"]

TITLE = "Video APIs side by side"
_CHOOSING: tuple[tuple[str, str], ...] = (
    ("answer", "The answer"),
    ("sellers", "The sellers side by side"),
    ("ranking", "Ranking"),
)
_RUN: tuple[tuple[str, str], ...] = (
    ("unknown", "What cannot be said yet"),
    ("comparison", "Where the sellers differ"),
    ("switching", "Switching"),
    ("timeline", "Changes of the documents"),
    ("questions", "Questions to ask"),
    ("times", "How long a job takes"),
    ("measured", "What was measured"),
    ("contradictions", "Contradictions"),
    ("conformance", "Conformance"),
    ("endpoints", "Endpoint by endpoint"),
    ("findings", "Findings"),
    ("evidence", "What each figure rests on"),
    ("method", "Method and provenance"),
)
_OF_DECISION = ("switching", "timeline", "questions", "measured", "evidence")
_SINCE = (("since", "What changed"),)


def record_html(
    record: RunRecord,
    figures: Mapping[str, str] | None = None,
    decision: Decision | None = None,
    *,
    since: Since | None = None,
) -> str:
    """The page. `figures` are SVG texts as `harness.report.figures.all_figures` gives them, drawn if None.

    `decision` is what it shows besides the run: with one, the page begins with who is to be chosen. `since`
    is what changed since an earlier report.
    """
    from harness.report.figures import all_figures

    page, listed = page_of(record), found(record.judgement.findings)
    choice = None if decision is None else choice_of(record, decision)
    data = None if choice is None else ranking_data(choice)
    drawn = all_figures(page) if figures is None else figures
    is_measured = choice is not None and choice.is_measured
    templates = environment(record_names(record, listed) | choice_names(record))
    return templates.get_template("report.html.j2").render(
        page=page,
        record=record,
        choice=choice,
        found=listed,
        since=since,
        evidence=recorded_line(record.messages) if is_measured else page.evidence,
        title=TITLE,
        contents=_contents(decision, since),
        providers=list(dict.fromkeys(model.provider for model in record.models)),
        contradicted=[model for model in page.models if model.contradictions],
        made=f"{record.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        figures={name: markup(svg) for name, svg in drawn.items()},
        data=None if data is None else markup(data),
        **_assets(templates, has_ranking=data is not None),
    )


def _assets(templates: Environment, *, has_ranking: bool) -> dict[str, Any]:
    """The style and the script of the page, and the policy that allows nothing but them."""
    scripts = ("report.js", "lists.js", *(("ranking.js",) if has_ranking else ()))
    css = asset(templates, "report.css") + asset(templates, "choice.css")
    js = markup("").join(asset(templates, name) for name in scripts)
    return {"css": css, "js": js, "policy": policy(css, js)}


def _contents(decision: Decision | None, since: Since | None) -> tuple[tuple[str, str], ...]:
    """Anchors and names of the sections that there are, in the order of a decision."""
    changed = () if since is None else _SINCE
    if decision is None:
        return changed + tuple(one for one in _RUN if one[0] not in _OF_DECISION)
    has_measured = bool(decision.measured or decision.trials)
    return _CHOOSING + changed + tuple(one for one in _RUN if one[0] != "measured" or has_measured)
