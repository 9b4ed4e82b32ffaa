"""Findings and whole runs as GitHub-flavoured Markdown.

Text of strangers comes in through `harness.report.markdown_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import groupby

from harness.compare.matrix import Row
from harness.decision.model import Decision
from harness.finding import Finding, Judgement, Verdict
from harness.record import EstimateLine, ModelRecord, RecordingLine, RunRecord
from harness.report.decision_markdown import answer_markdown, decision_markdown
from harness.report.markdown_text import cell, code, prose, table
from harness.report.page import Group, ModelPage, Page, conformance_text, counts_text, page_of, short_names
from harness.report.since import Since
from harness.report.since_markdown import since_markdown
from harness.report.values import cost_text, facet_text, parameter_text
from harness.report.visible import compact
from harness.report.words import (
    counted,
    estimate_text,
    interval_text,
    joined,
    location_text,
    median_text,
    statement_text,
    summary_line,
)
from harness.spec.model import State

__all__ = ["findings_markdown", "record_markdown"]

# --- findings


def findings_markdown(judgement: Judgement) -> str:
    """The verdict, every finding as an item of a list, and what was not judged."""
    lines = [f"**{judgement.verdict.value}**: {summary_line(judgement).partition(': ')[2]}", ""]
    lines += [line for finding in judgement.findings for line in _finding(finding)]
    if judgement.findings:
        lines.append("")
    if judgement.observed.skipped:
        lines += ["Not judged:", ""]
        lines += [f"- {prose(skipped.what)}: {prose(skipped.why)}" for skipped in judgement.observed.skipped]
        lines.append("")
    return "\n".join(lines)


def _finding(finding: Finding) -> Iterator[str]:
    waived = ", waived" if finding.waived else ""
    unseen = ", inconclusive" if finding.verdict is Verdict.INCONCLUSIVE else ""
    yield f"- **{finding.severity.value}**{waived}{unseen} `{finding.rule.id}`: {prose(finding.message)}"
    about = ", ".join(part for part in (finding.model, finding.operation) if part)
    pairs = (
        ("endpoint", about),
        ("at", finding.pointer or ("the whole body" if finding.pointer is not None else "")),
        ("expected", "" if finding.expected is None else compact(finding.expected)),
        ("observed", "" if finding.observed is None else compact(finding.observed)),
        ("in", location_text(finding.subject)),
        ("by", location_text(finding.source)),
    )
    told = [f"{label} {code(text)}" for label, text in pairs if text]
    if finding.consequence is not None:
        yield f"  - for you: {prose(finding.consequence)}"
    if told:
        yield f"  - {'; '.join(told)}"


# --- a run


def record_markdown(
    record: RunRecord, decision: Decision | None = None, *, since: Since | None = None
) -> str:
    """A run, in the order of the HTML page; the figures are those that stand in `figures/` beside it.

    `decision` is what the page shows besides the run, right after its verdict; `since` is what changed since
    an earlier run, and comes after the answer.
    """
    page = page_of(record)
    answered = () if decision is None else answer_markdown(decision)
    decided = () if decision is None else decision_markdown(record, decision)
    sections = (
        _unknowns,
        _comparison,
        _times,
        _contradictions,
        _conformance,
        _endpoints,
        _found,
        _method,
    )
    changed = () if since is None else since_markdown(since)
    lines = (
        *_head(page),
        *answered,
        *changed,
        *decided,
        *(line for section in sections for line in section(page)),
    )
    return "\n".join(lines).rstrip() + "\n"


def _head(page: Page) -> Iterator[str]:
    made = f"{page.record.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield from (f"**{page.evidence}**", "", "# Video APIs side by side", "")
    yield from (f"**{page.verdict.value.capitalize()}.** {page.sentence}", "")
    yield from (f"Made {made} by harness {prose(page.record.version)}.", "")


def _unknowns(page: Page) -> Iterator[str]:
    yield from ("## What cannot be said yet", "")
    yield from (f"- {prose(line)}" for line in page.unknowns or ("Nothing that was looked for is unknown.",))
    yield ""


def _comparison(page: Page) -> Iterator[str]:
    yield from ("## Where the sellers differ", "")
    yield from (
        "By what their documents say; what costs a buyer most who switches without knowing it comes first. "
        "*none*: the document says that there is none. *undocumented*: no statement was found.",
        "",
    )
    for group in page.groups:
        yield from _group(page.record, group)


def _group(record: RunRecord, group: Group) -> Iterator[str]:
    yield from (f"### {prose(group.name)}", "")
    if not group.rows:
        sellers = joined([prose(model.provider) for model in group.models])
        yield from (f"{counted(len(group.models), 'seller')}, {sellers}: there is nothing to compare.", "")
        return
    yield from (f"![Where the sellers differ, as in the tables below](figures/{group.figure}.svg)", "")
    names = short_names(group.models)
    head = ["What", *(prose(name) for name in names.values())]
    for cost, rows in groupby(group.discrepant, key=lambda row: row.cost_rank):
        yield from (f"#### {cost_text(cost)}", "")
        meanings = record.meanings
        yield from table(
            [*head, "What it means to a buyer"],
            ([*_cells(row, names), prose(meanings.get((row.group, row.key), ""))] for row in rows),
        )
    if group.agreeing:
        yield from (f"#### {counted(len(group.agreeing), 'row')} in which all say the same", "")
        yield from table(head, (_cells(row, names) for row in group.agreeing))


def _cells(row: Row, models: Iterable[str]) -> list[str]:
    what = f"{prose(parameter_text(row.parameter))}: {prose(facet_text(row.parameter, row.facet))}"
    return [what, *(cell(row, row.cells.get(model)) for model in models)]


def _times(page: Page) -> Iterator[str]:
    yield from ("## How long a job takes", "")
    if "estimates" in page.figures:
        yield from ("![Documented times and recorded intervals](figures/estimates.svg)", "")
    head = ("Seller", "Documented", "Of what", "Recorded jobs", "Interval of the median", "Verdict", "Remark")
    for group in page.groups:
        if group.estimates:
            names = short_names(group.models)
            yield from (f"### {prose(group.name)}", "")
            yield from table(head, (_estimate(line, names[line.model]) for line in group.estimates))


def _estimate(line: EstimateLine, name: str) -> list[str]:
    jobs = ", ".join(interval_text(job) for job in line.jobs[:8]) + (", …" if len(line.jobs) > 8 else "")
    source = f" ({code(line.source)})" if line.source else ""
    return [
        prose(name),
        estimate_text(line.min_s, line.max_s, open_ended=line.open_ended) + source,
        prose(statement_text(line.kind, line.mode)),
        f"{len(line.jobs):,} {prose(line.provenance or 'unknown')}: {jobs}" if line.jobs else "none",
        median_text(line.median),
        line.verdict.value,
        prose(line.remark),
    ]


def _contradictions(page: Page) -> Iterator[str]:
    yield from ("## Contradictions inside one provider", "")
    for model in page.models:
        if model.contradictions:
            yield from (f"### {prose(model.record.title)}", "")
            for finding in model.contradictions:
                yield f"- {prose(finding.message)} {code(location_text(finding.source))}".rstrip()
            yield ""
    if not page.contradictions:
        yield from ("None is known.", "")


def _conformance(page: Page) -> Iterator[str]:
    yield from ("## Do the recorded exchanges conform?", "")
    if "conformance" in page.figures:
        yield from ("![Recorded messages judged, by endpoint and provenance](figures/conformance.svg)", "")
    yield from (f"- {prose(model.record.id)}: {conformance_text(model.record)}" for model in page.models)
    yield ""
    head = ("Recording", "Endpoint", "Provenance", "Messages", "Findings", "Times")
    if page.record.recordings:
        yield from table(head, (_recording(line) for line in page.record.recordings))


def _recording(line: RecordingLine) -> list[str]:
    other = f" (shows another model, {prose(line.other_model)})" if line.other_model else ""
    numbers = (f"{line.messages:,}", f"{line.findings:,}")
    what = f"{prose(line.title or '')} {code(line.file)}".strip()
    return [
        what,
        prose(line.model or "none known") + other,
        line.provenance,
        *numbers,
        line.timeline or "none",
    ]


def _endpoints(page: Page) -> Iterator[str]:
    yield from ("## Endpoint by endpoint", "")
    for model in page.models:
        yield from _endpoint(model)


def _endpoint(model: ModelPage) -> Iterator[str]:
    record = model.record
    yield from (f"### {prose(record.title)}", "")
    yield from (f"{code(record.id)}; {model.standing}; {counts_text(record.fact_counts)}.", "")
    for source in record.sources:
        known = [
            source.kind,
            source.date or "date unknown",
            (source.digest or "no digest")[:19],
            source.url or "",
        ]
        told = ", ".join(code(part) for part in known if part)
        yield f"- {code(source.id)}: {prose(source.title)} ({told})"
    yield ""
    yield from _silences(record)


def _silences(record: ModelRecord) -> Iterator[str]:
    """What is absent or undocumented, by name; what is documented stands in report.html and report.json."""
    for state, words in ((State.ABSENT, "Documented as absent"), (State.UNDOCUMENTED, "Undocumented")):
        told = [code(f"{fact.subject}: {fact.facet}") for fact in record.facts if fact.state == state.value]
        if told:
            yield from (f"{words}: {', '.join(told)}.", "")


def _found(page: Page) -> Iterator[str]:
    yield from ("## Findings", "")
    yield from (line for finding in page.findings for line in _finding(finding))
    if not page.findings:
        yield "No message and no spec breaks a rule."
    differences = counted(page.discrepancies, "difference")
    contradictions = counted(page.contradictions, "contradiction")
    yield from ("", f"{differences} between sellers and {contradictions} stand above.", "")


def _method(page: Page) -> Iterator[str]:
    yield from ("## Method and provenance", "")
    yield from (f"- **{term}.** {prose(meaning)}" for term, meaning in page.notes)
