"""Text of strangers in a decision: shown as text, and nothing more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.decision.model import Decision
from harness.finding import Finding
from harness.measurement.trial_read import TrialJob
from harness.report.files import write_report
from harness.report.html import record_html
from tests.decision.made import NOVITA, run_record
from tests.report.choosing import decided
from tests.report.looking import LOOKS, OPEN_ALL, OVERFLOW, Visit
from tests.report.test_browser import HOSTILE
from tests.report.test_hostile import TEXTS, core
from tests.report.test_html import read

NAMED = {
    "provider",
    "title",
    "origin",
    "why",
    "cost_note",
    "note",
    "contradiction",
    "outcome",
    "reason",
    "file",
}
JOB = TrialJob(
    model=NOVITA, provenance="live", made_at="2026-11-20T00:00:00Z", outcome="succeeded", low_s=1.0,
    high_s=2.0, video=None, findings=(), note="", file="trial.json",
)  # fmt: skip


def with_text(value: Any, text: str) -> Any:
    """The value with a stranger's text in every member that can hold one."""
    if isinstance(value, Finding):
        return value.but(message=text, observed={text: text})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {
            member.name: text
            if member.name in NAMED and isinstance(getattr(value, member.name), str)
            else with_text(getattr(value, member.name), text)
            for member in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **members)
    if isinstance(value, tuple):
        return tuple(with_text(one, text) for one in value)
    if isinstance(value, Mapping) and "prompt" in value:
        return {**value, "prompt": text}
    return value


def hostile(text: str) -> Decision:
    """A decision with live jobs and that text."""
    made: Decision = with_text(dataclasses.replace(decided("ranked"), trials=(JOB,)), text)
    return made


@pytest.fixture(scope="module")
def harmless() -> str:
    """The page with an ordinary word in all of these places."""
    return record_html(run_record(), {}, hostile("word"))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_page_shows_the_text_and_obeys_none_of_it(harmless: str, name: str) -> None:
    """It has the elements and attributes that it always has, two scripts, and nothing that does not show."""
    text = TEXTS[name]
    page = record_html(run_record(), {}, hostile(text))
    reader, plain = read(page), read(harmless)
    assert len(reader.all("script")) == len(plain.all("script")) == 2
    assert {tag for tag, _ in reader.elements} == {tag for tag, _ in plain.elements}
    assert {name for _, a in reader.elements for name in a} == {name for _, a in plain.elements for name in a}
    assert core(text) in reader.text
    assert all(char.isprintable() or char in "\n\u00a0" for char in page)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_in_a_browser_it_is_quiet_and_fits(
    visit: Callable[..., Visit], tmp_path: Path, width: int, theme: str
) -> None:
    """Ten thousand characters without a space included; the weights can be moved."""
    write_report(run_record(), tmp_path, hostile(HOSTILE))
    look = visit(width, theme)
    page = look.open(tmp_path / "report.html")
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    page.get_by_label("Profile").select_option("safest")
    page.evaluate(OPEN_ALL)
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert look.said == []
    assert len(look.asked) == 1
