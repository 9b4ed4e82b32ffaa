"""Ten thousand findings over five models: a page that one can send and open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.finding import Direction, Finding, Judgement, Location, Severity
from harness.record import RunRecord
from harness.report.files import write_report
from tests.decision.made import run_record
from tests.report.choosing import decided
from tests.report.example import ENUM, UNKNOWN
from tests.report.looking import Visit
from tests.report.test_html import read

NUMBER = 10_000


def many() -> RunRecord:
    """The shipped run, with so many faults more, each another one."""
    record = run_record()
    models = [model.id for model in record.models]
    findings = tuple(_fault(number, models[number % len(models)]) for number in range(NUMBER))
    judgement = replace(record.judgement, findings=record.judgement.findings + findings)
    assert isinstance(judgement, Judgement)
    return replace(record, judgement=judgement)


def _fault(number: int, model: str) -> Finding:
    is_loud, field = number % 4 == 0, f"/data/videos/{number}/resolution"
    return Finding(
        rule=ENUM if is_loud else UNKNOWN,
        severity_override=Severity.ERROR if is_loud else None,
        message=f"{field} is 9999p, expected one of 720p, 1080p, 2160p, as documented",
        field=field,
        pointer=field,
        model=model,
        operation="poll",
        direction=Direction.RESPONSE,
        facet="enum",
        expected=["720p", "1080p", "2160p"],
        observed="9999p",
        source=Location(file=f"specs/{model}.yaml", line=120, column=7, document="seed#Response, resolution"),
        subject=Location(file=f"cassettes/live/{model}/nightly-{number}.yaml", index=number % 40),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on disk."""
    directory = tmp_path_factory.mktemp("large")
    write_report(many(), directory, decided("ranked"))
    return directory / "report.html"


def test_the_page_is_small_and_counts_what_it_leaves_out(report: Path) -> None:
    """Under 3 MB: the loudest have rows, the rest is counted by rule and endpoint."""
    text = report.read_text(encoding="utf-8")
    assert len(text.encode()) < 3_000_000
    assert text.count('<tr role="row" id="finding-') == 2500
    words = read(text).text
    assert "2,500 rows stand for the loudest of 10,082 findings. All of them stand in report.json." in words
    assert "info response.unknown-property novita/kling-v2.6-pro-t2v 1,500" in words


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_opens_without_a_word(visit: Callable[..., Visit], report: Path, width: int) -> None:
    """Nothing is said on the console; how soon it is painted, `perf/page_paint.py` measures."""
    look = visit(width)
    look.open(report)
    assert look.said == []
