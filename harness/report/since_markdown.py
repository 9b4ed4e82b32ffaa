"""What changed since an earlier report, as a section of a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harness.report.markdown_text import code, prose, table
from harness.report.since import FindingLine, Since, Stated
from harness.report.since_words import (
    change_text,
    criterion_name,
    fact_name,
    known_text,
    moment_text,
    placed_text,
    provenances,
    ranking_name,
    since_notes,
    since_sentence,
    stated_text,
)
from harness.report.visible import visible

__all__ = ["since_markdown"]

_LONGEST_CELL = 160
_MANY = 100  # rows of one table


def since_markdown(since: Since) -> Iterator[str]:
    """The lines of the section; one sentence where nothing changed."""
    yield from ("## What changed since the earlier report", "", prose(since_sentence(since)), "")
    yield from (line for note in since_notes(since) for line in (prose(note), ""))
    if not since.is_unchanged:
        yield from _both(since)
        yield from _came_and_went(since)
        yield from _findings("New findings", since.new)
        yield from _findings("Findings that are gone", since.gone)
        yield from _changed(since)


def _both(since: Since) -> Iterator[str]:
    then, now = since.then, since.now
    rows = [
        ["Made", *(_brief(moment_text(one.created_at)) for one in (then, now))],
        ["By harness", _brief(then.version), _brief(now.version)],
        ["Verdict", _brief(then.verdict), _brief(now.verdict)],
        *(
            [f"Messages, {_brief(name)}", *(f"{one.messages.get(name, 0):,}" for one in (then, now))]
            for name in provenances(since)
        ),
    ]
    yield from table(("What", "Then", "Now"), rows)


def _came_and_went(since: Since) -> Iterator[str]:
    for title, models in (("Endpoints that came", since.came), ("Endpoints that went", since.went)):
        if models:
            yield from (f"{title}: {', '.join(code(model) for model in models)}.", "")


def _findings(title: str, lines: Sequence[FindingLine]) -> Iterator[str]:
    rows = (
        [prose(line.severity), code(line.rule), code(line.model or ""), prose(line.message)] for line in lines
    )
    yield from _part(title, ("Severity", "Rule", "Endpoint", "What"), rows)


def _changed(since: Since) -> Iterator[str]:
    facts = (
        [code(one.model), prose(fact_name(one)), change_text(one), *map(_value, (one.then, one.now))]
        for one in since.facts
    )
    yield from _part("Facts that changed", ("Endpoint", "Fact", "How", "Then", "Now"), facts)
    figures = (
        [
            code(one.model),
            prose(criterion_name(one.criterion)),
            *(_brief(known_text(one.criterion, known)) for known in (one.then, one.now)),
        ]
        for one in since.figures
    )
    yield from _part("Figures that changed", ("Seller", "What", "Then", "Now"), figures)
    rankings = (
        [_brief(one.group), _brief(ranking_name(one)), *(prose(placed_text(p)) for p in (one.then, one.now))]
        for one in since.rankings
    )
    yield from _part("Rankings that changed", ("Model", "Profile", "Then", "Now"), rankings)


def _value(stated: Stated | None) -> str:
    return _brief(stated_text(stated))


def _part(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    listed = list(rows)
    if listed:
        yield from (f"### {title}", "")
        yield from table(head, listed[:_MANY])
        if len(listed) > _MANY:
            yield from (f"{len(listed) - _MANY:,} more stand in report.json.", "")


def _brief(text: str) -> str:
    return prose(visible(text, _LONGEST_CELL))
