"""A small run made by hand: two sellers of one model, one of another, and every kind of line once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from harness.compare.matrix import Cell, Row
from harness.finding import (
    Direction,
    Finding,
    Impact,
    Judgement,
    Kind,
    Location,
    Observed,
    Rule,
    Severity,
    Skipped,
)
from harness.record import (
    DocumentedFact,
    EstimateLine,
    JobLine,
    ModelRecord,
    RecordingLine,
    RunRecord,
    SourceLine,
)
from harness.spec.model import State
from harness.stats.estimate import EstimateVerdict, MedianInterval
from harness.stats.interval import Interval

ACME, BOLT, OLD = "acme/clip-2", "bolt/clip-2", "acme/clip-1"
GROUP, OLD_GROUP = "clip 2 pro text-to-video", "clip 1 text-to-video"
MEANING = "Without a duration, Bolt makes twice the video."

ENUM = Rule(
    id="request.enum",
    severity=Severity.ERROR,
    summary="A value is not one of those documented.",
    advice="Send one of them.",
    impact=(Impact.BREAKS,),
)
UNKNOWN = Rule(
    id="response.unknown-property",
    severity=Severity.INFO,
    summary="A member is not documented.",
    advice="None.",
)
DOWN = Rule(
    id="traffic.nothing",
    severity=Severity.WARNING,
    summary="Nothing was seen.",
    advice="Record.",
    inconclusive=True,
)
CONTRADICTION = Rule(
    id="compare.contradiction",
    kind=Kind.CONTRADICTION,
    severity=Severity.WARNING,
    summary="Two statements cannot both hold.",
    advice="Rely on neither.",
)
DISCREPANCY = Rule(
    id="compare.discrepancy",
    kind=Kind.DISCREPANCY,
    severity=Severity.INFO,
    summary="Sellers differ.",
    advice="Read what it means.",
)


def documented(value: Any) -> Cell:
    """A cell with a value."""
    return Cell(state=State.DOCUMENTED, value=value, at="/x", sources=())


ABSENT = Cell(state=State.ABSENT, value=None, at="/x", sources=())
UNDOCUMENTED = Cell(state=State.UNDOCUMENTED, value=None, at="/x", sources=())


def row(parameter: str, facet: str, acme: Cell, bolt: Cell, *, cost: int = 5, **members: Any) -> Row:
    """A row of the comparison of the two sellers; discrepant unless it costs nothing."""
    return Row(
        **{
            "group": GROUP,
            "parameter": parameter,
            "facet": facet,
            "cells": {ACME: acme, BOLT: bolt},
            "discrepant": cost < 5,
            "impact": (),
            "cost_rank": cost,
            **members,
        }
    )


def finding(rule: Rule = ENUM, **members: Any) -> Finding:
    """A finding with every member filled; `members` replace them."""
    return Finding(
        **{
            "rule": rule,
            "message": "/duration is 7, expected one of 5, 10",
            "field": "/duration",
            "pointer": "/duration",
            "model": ACME,
            "operation": "submit",
            "direction": Direction.REQUEST,
            "facet": "enum",
            "expected": [5, 10],
            "observed": 7,
            "source": Location(
                file="specs/acme/clip-2.yaml", line=20, column=13, document="seed#Body, duration"
            ),
            "subject": Location(file="request.json", line=1, column=12),
            **members,
        }
    )


def judgement(*findings: Finding, **members: Any) -> Judgement:
    """A judgement over one operation of one model."""
    return Judgement(
        **{"findings": findings, "observed": Observed(operations=1, facts=12), "models": (ACME,), **members}
    )


def model(model_id: str, provider: str, group: str, **members: Any) -> ModelRecord:
    """An endpoint with one fact in each state."""
    file = f"specs/{model_id}.yaml"
    return ModelRecord(
        **{
            "id": model_id,
            "title": f"Clip, sold by {provider}",
            "provider": provider,
            "group": group,
            "revisions": (),
            "sources": (
                SourceLine(
                    id="seed",
                    kind="document",
                    title="Clip - Documentation",
                    date="2026-01-08",
                    digest="sha256:" + "0123456789abcdef" * 4,
                    url="https://docs.example.com/clip",
                ),
            ),
            "facts": (
                fact("submit request /prompt", "maxLength", "documented", 2500, file),
                fact("submit request /prompt", "default", "absent", None, file),
                fact("price", "price", "undocumented", None, file),
            ),
            "fact_counts": {"documented": 1, "absent": 1, "undocumented": 1},
            "messages": {},
            "violating": {},
            **members,
        }
    )


def fact(subject: str, facet: str, state: str, value: Any, file: str) -> DocumentedFact:
    """A fact on line 7; one that is stated names its source."""
    source = None if state == "undocumented" else "seed#Body, prompt"
    return DocumentedFact(
        subject=subject, facet=facet, state=state, value=value, source=source, file=file, line=7
    )


def estimate(model_id: str, **members: Any) -> EstimateLine:
    """A documented estimate of 170 s without a job."""
    return EstimateLine(
        **{
            "model": model_id,
            "name": "page",
            "kind": "estimate",
            "mode": "any",
            "min_s": 170,
            "max_s": 170,
            "open_ended": False,
            "source": "seed#Times",
            "provenance": None,
            "jobs": (),
            "median": None,
            "verdict": EstimateVerdict.INSUFFICIENT,
            "remark": "no recorded job has a timeline",
            **members,
        }
    )


JOBS = (Interval(low_s=135, high_s=152), Interval(low_s=600, high_s=None))
MATRIX = (
    row("duration_s", "default", documented(5), documented("10"), cost=0, impact=(Impact.BILL,)),
    row("prompt", "maxLength", documented(2500), ABSENT, cost=3, impact=(Impact.BREAKS,)),
    row("limits", "rate", UNDOCUMENTED, documented({"requests": 100, "per_s": 60}), cost=4),
    row("prompt", "name", documented("prompt"), documented("prompt")),
)
MODELS = (
    model(ACME, "Acme", GROUP, messages={"documented": 12}, violating={"documented": 1}),
    model(BOLT, "Bolt", GROUP, messages={"documented": 2}, revisions=("2026-07-01",)),
    model(OLD, "Acme", OLD_GROUP),
)
RECORDINGS = (
    RecordingLine(
        file="cassettes/documented/acme/run.yaml",
        model=ACME,
        other_model=None,
        provenance="documented",
        title="The printed run",
        source="seed#Response",
        messages=12,
        findings=1,
        timeline="derived",
        substituted=("0/response/id",),
    ),
    RecordingLine(
        file="cassettes/documented/bolt/event.yaml",
        model=BOLT,
        other_model="clip-3",
        provenance="documented",
        title=None,
        source=None,
        messages=2,
        findings=0,
        timeline=None,
        substituted=(),
    ),
)
JOB_LINE = JobLine(
    model=ACME,
    file="cassettes/documented/acme/run.yaml",
    provenance="documented",
    job="job-1:acme/clip",
    state="succeeded",
    polls=10,
    interval=JOBS[0],
    timeline="derived",
)
ESTIMATES = (
    estimate(
        ACME,
        kind="observed_once",
        mode="poll",
        min_s=152,
        max_s=152,
        jobs=JOBS[:1],
        provenance="documented",
        remark="1 documented job",
    ),
    estimate(
        BOLT,
        kind="range",
        mode="blocking",
        min_s=60,
        max_s=600,
        open_ended=True,
        jobs=JOBS,
        provenance="live",
        median=MedianInterval(low_s=135, high_s=None, jobs=6, coverage=0.96875),
    ),
    estimate(
        OLD,
        name=None,
        kind=None,
        min_s=None,
        max_s=None,
        source=None,
        verdict=EstimateVerdict.UNDOCUMENTED,
    ),
)
FINDINGS = (
    finding(
        UNKNOWN,
        message="/seed is not documented",
        pointer="/seed",
        field="/seed",
        observed=3,
        expected=None,
        facet="presence",
        direction=Direction.RESPONSE,
        operation="poll",
    ),
    finding(),
    finding(
        CONTRADICTION,
        message='Acme: duration is 5; but duration is "5". Send 5.',
        pointer=None,
        observed="two-types",
        expected=None,
    ),
    finding(
        DISCREPANCY,
        message='duration_s, default: 5 at Acme; "10" at Bolt',
        model=None,
        pointer=None,
        field="/duration_s/default",
        operation=None,
    ),
)


def example(**members: Any) -> RunRecord:
    """The run; `members` replace parts of it."""
    skipped = (Skipped(what="x.har", why="not JSON"),)
    return RunRecord(
        **{
            "created_at": datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
            "version": "0.1.0",
            "messages": {"documented": 14, "simulated": 0, "live": 0, "unknown": 0},
            "models": MODELS,
            "matrix": MATRIX,
            "recordings": RECORDINGS,
            "jobs": (JOB_LINE,),
            "estimates": ESTIMATES,
            "margin": 0.2,
            "judgement": Judgement(
                findings=FINDINGS,
                observed=Observed(exchanges=14, facts=9, skipped=skipped),
                models=(ACME, BOLT, OLD),
            ),
            "meanings": {(GROUP, "duration_s.default"): MEANING},
            **members,
        }
    )


def with_text(text: str) -> RunRecord:
    """The run with a stranger's text in every place that can hold one."""
    record = example()
    where = Location(file=text, line=1, column=1)
    findings = tuple(
        one.but(message=text, observed={text: text}, pointer=f"/{text}", subject=where) for one in FINDINGS
    )
    seen = replace(record.judgement.observed, skipped=(Skipped(what=text, why=text),))
    return replace(
        record,
        models=tuple(_model_with_text(one, text) for one in MODELS),
        matrix=tuple(_row_with_text(one, text) for one in MATRIX),
        recordings=tuple(
            replace(one, file=text, title=text, source=text, other_model=text, substituted=(text,))
            for one in RECORDINGS
        ),
        jobs=(replace(JOB_LINE, job=text),),
        estimates=tuple(replace(one, source=text, remark=text) for one in ESTIMATES),
        judgement=replace(record.judgement, findings=findings, observed=seen),
        meanings=dict.fromkeys(record.meanings, text),
    )


def _model_with_text(one: ModelRecord, text: str) -> ModelRecord:
    sources = tuple(replace(source, title=text, url=text) for source in one.sources)
    facts = tuple(replace(stated, subject=text, value=[text], source=text) for stated in one.facts)
    return replace(one, title=text, provider=text, sources=sources, facts=facts)


def _row_with_text(one: Row, text: str) -> Row:
    return replace(one, cells={name: replace(cell, value=text) for name, cell in one.cells.items()})
