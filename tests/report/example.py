"""A small run made by hand: two sellers of one model, one of another, and every kind of line once."""

from __future__ import annotations

from collections.abc import Callable
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
from harness.stats import EstimateVerdict, Interval, MedianInterval

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
            "messages_violating": 0,
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


def example(**members: Any) -> RunRecord:
    """The run; `members` replace parts of it."""
    jobs = (Interval(low_s=135, high_s=152), Interval(low_s=600, high_s=None))
    return RunRecord(
        **{
            "created_at": datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
            "version": "0.1.0",
            "messages": {"documented": 14, "simulated": 0, "live": 0, "unknown": 0},
            "models": (
                model(ACME, "Acme", GROUP, messages={"documented": 12}, messages_violating=1),
                model(BOLT, "Bolt", GROUP, messages={"documented": 2}, revisions=("2026-07-01",)),
                model(OLD, "Acme", OLD_GROUP),
            ),
            "matrix": (
                row("duration_s", "default", documented(5), documented("10"), cost=0, impact=(Impact.BILL,)),
                row("prompt", "maxLength", documented(2500), ABSENT, cost=3, impact=(Impact.BREAKS,)),
                row("limits", "rate", UNDOCUMENTED, documented({"requests": 100, "per_s": 60}), cost=4),
                row("prompt", "name", documented("prompt"), documented("prompt")),
            ),
            "recordings": (
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
            ),
            "jobs": (
                JobLine(
                    model=ACME,
                    file="cassettes/documented/acme/run.yaml",
                    provenance="documented",
                    job="job-1:acme/clip",
                    state="succeeded",
                    polls=10,
                    interval=jobs[0],
                    timeline="derived",
                ),
            ),
            "estimates": (
                estimate(ACME, kind="observed_once", mode="poll", min_s=152, max_s=152, jobs=jobs[:1],
                         provenance="documented", remark="1 documented job"),
                estimate(BOLT, kind="range", mode="blocking", min_s=60, max_s=600, open_ended=True, jobs=jobs,
                         provenance="live", median=MedianInterval(low_s=135, high_s=None, jobs=6, coverage=0.96875)),
                estimate(OLD, name=None, kind=None, min_s=None, max_s=None, source=None,
                         verdict=EstimateVerdict.UNDOCUMENTED),
            ),
            "margin": 0.2,
            "judgement": Judgement(
                findings=(
                    finding(UNKNOWN, message="/seed is not documented", pointer="/seed", field="/seed", observed=3,
                            expected=None, facet="presence", direction=Direction.RESPONSE, operation="poll"),
                    finding(),
                    finding(CONTRADICTION, message="Acme: duration is 5; but duration is \"5\". Send 5.",
                            pointer=None, observed="two-types", expected=None),
                    finding(DISCREPANCY, message="duration_s, default: 5 at Acme; \"10\" at Bolt", model=None,
                            pointer=None, field="/duration_s/default", operation=None),
                ),
                observed=Observed(exchanges=14, facts=9, skipped=(Skipped(what="x.har", why="not JSON"),)),
                models=(ACME, BOLT, OLD),
            ),
            "meanings": {(GROUP, "duration_s.default"): MEANING},
            **members,
        }
    )  # fmt: skip


def with_text(text: str) -> RunRecord:
    """The run with a stranger's text in every place that can hold one."""
    return _mapped(example(), lambda _: text)


def _mapped(record: RunRecord, change: Callable[[str], str]) -> RunRecord:
    own = record.judgement
    return replace(
        record,
        models=tuple(
            replace(
                one,
                title=change(one.title),
                provider=change(one.provider),
                sources=tuple(replace(s, title=change(s.title), url=change("")) for s in one.sources),
                facts=tuple(replace(f, subject=change(f.subject), value=[change("")]) for f in one.facts),
            )
            for one in record.models
        ),
        matrix=tuple(
            replace(one, cells={name: replace(cell, value=change("")) for name, cell in one.cells.items()})
            for one in record.matrix
        ),
        recordings=tuple(
            replace(one, file=change(""), title=change(""), source=change(""), other_model=change(""))
            for one in record.recordings
        ),
        jobs=tuple(replace(one, job=change("")) for one in record.jobs),
        estimates=tuple(replace(one, source=change(""), remark=change("")) for one in record.estimates),
        judgement=replace(
            own,
            findings=tuple(
                one.but(
                    message=change(one.message),
                    observed={change("k"): change("")},
                    pointer=f"/{change('')}",
                    subject=Location(file=change(""), line=1, column=1),
                )
                for one in own.findings
            ),
            observed=replace(own.observed, skipped=(Skipped(what=change(""), why=change("")),)),
        ),
        meanings={key: change("") for key in record.meanings},
    )
