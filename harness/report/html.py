"""A run as one HTML file that loads nothing; see `harness.report.template` for what goes into it, and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from harness.decision.model import Decision
from harness.record import RunRecord
from harness.report.choice import choice_of
from harness.report.choice_names import choice_names
from harness.report.found import found
from harness.report.html_names import record_names
from harness.report.page import page_of
from harness.report.ranking_data import ranking_data
from harness.report.template import asset, environment, markup, policy
from harness.report.words import recorded_line

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


def record_html(
    record: RunRecord, figures: Mapping[str, str] | None = None, decision: Decision | None = None
) -> str:
    """The page. `figures` are SVG texts as `harness.report.figures.all_figures` gives them, drawn if None.

    `decision` is what it shows besides the run: with one, the page begins with who is to be chosen.
    """
    from harness.report.figures import all_figures

    page, listed = page_of(record), found(record.judgement.findings)
    choice = None if decision is None else choice_of(record, decision)
    templates = environment(record_names(record, listed) | choice_names(record))
    css = asset(templates, "report.css") + asset(templates, "choice.css")
    js = asset(templates, "report.js") + asset(templates, "lists.js")
    data = None if choice is None else ranking_data(choice)
    if data is not None:
        js += asset(templates, "ranking.js")
    drawn = all_figures(page) if figures is None else figures
    return templates.get_template("report.html.j2").render(
        page=page,
        record=record,
        choice=choice,
        found=listed,
        evidence=page.evidence if choice is None else recorded_line(record.messages),
        title=TITLE,
        contents=_contents(decision),
        providers=list(dict.fromkeys(model.provider for model in record.models)),
        contradicted=[model for model in page.models if model.contradictions],
        made=f"{record.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        figures={name: markup(svg) for name, svg in drawn.items()},
        data=None if data is None else markup(data),
        css=css,
        js=js,
        policy=policy(css, js),
    )


def _contents(decision: Decision | None) -> tuple[tuple[str, str], ...]:
    """Anchors and names of the sections that there are, in the order of a decision."""
    if decision is None:
        return tuple(one for one in _RUN if one[0] not in _OF_DECISION)
    has_measured = bool(decision.measured or decision.trials)
    return _CHOOSING + tuple(one for one in _RUN if one[0] != "measured" or has_measured)
