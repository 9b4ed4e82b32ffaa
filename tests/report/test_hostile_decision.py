"""Text of strangers in a decision, in every format but the page: shown as text, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.decision.model import Decision
from harness.finding import Finding, Judgement, Observed
from harness.report.decision_json import decision_json
from harness.report.figures import all_pictures
from harness.report.github import findings_github
from harness.report.junit import findings_junit
from harness.report.markdown import record_markdown
from harness.report.page import page_of
from harness.report.sarif import sarif_text
from harness.report.since import since
from harness.report.since_json import since_json
from harness.report.since_markdown import since_markdown
from harness.report.text import findings_text
from harness.report.visible import as_json, shortened, visible
from tests.decision.hostile import hostile_decision
from tests.report.example import ACME, GROUP, OLD_GROUP, with_text
from tests.report.since_example import changed, hostile
from tests.report.test_hostile import TEXTS, core

NOW = datetime(2026, 11, 20, tzinfo=UTC)
INLINE = {"text", "code_inline", "strong_open", "strong_close", "em_open", "em_close", "image"}


@pytest.fixture(params=sorted(TEXTS), scope="module")
def text(request: pytest.FixtureRequest) -> str:
    """One of the texts."""
    return TEXTS[request.param]


def _pages(text: str) -> Iterator[str]:
    """As Markdown: with jobs and without, and with a model's name that is the text, too."""
    for live, group in ((True, GROUP), (False, GROUP), (True, text)):
        yield record_markdown(with_text(text), hostile_decision(text, group=group, live=live))
    yield "\n".join(since_markdown(since(hostile(text), changed())))
    yield "\n".join(since_markdown(since(changed(), hostile(text))))


def _parsed(written: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(written)


def test_markdown(text: str) -> None:
    """Rendered, it holds no link, picture, HTML or heading of its own, and no table loses a cell."""
    for written, harmless in zip(_pages(text), _pages("word"), strict=True):
        tokens = _parsed(written)
        assert [token.type for token in tokens] == [token.type for token in _parsed(harmless)]
        children = [child for token in tokens for child in token.children or ()]
        assert {child.type for child in children} <= INLINE
        pictures = [str(child.attrs["src"]) for child in children if child.tag == "img"]
        assert not [source for source in pictures if not source.startswith("figures/")]
        shown = " ".join("".join(child.content for child in children).split())
        assert core(text) in shown or core(text).replace("\\|", "\\\\x7c") in shown
        assert all(char.isprintable() or char in "\n\u00a0" for char in written)
        assert len(written) < 200 * len(harmless)


def test_markdown_links_nothing_that_a_forge_would(text: str) -> None:
    """Outside of code there is no address, mention, issue number or short name of a picture."""
    for written in _pages(text):
        plain = [c.content for t in _parsed(written) for c in t.children or () if c.type == "text"]
        assert not [s for s in plain if "@" in s or "://" in s or "#1" in s or ":tada:" in s]


def test_json(text: str) -> None:
    """It reads back as it was, up to where it says that it was cut."""
    decision = hostile_decision(text)
    written = as_json(
        {"decision": decision_json(decision), "since": since_json(since(hostile(text), changed()))}
    )
    written.encode("utf-8")
    assert all(char.isprintable() or char in "\n\u00a0" for char in written)
    read_back = json.loads(written)
    first = read_back["decision"]["groups"][0]
    assert first["vendors"][0]["provider"] == first["vendors"][0]["title"] == text
    assert first["rankings"][0]["title"] == text
    assert first["questions"][0]["others"][ACME] == [text]
    assert first["questions"][1]["contradiction"] == text
    assert first["switches"][0]["losses"][0]["message"] == shortened(text)
    assert first["vendors"][0]["editions"][1]["changes"][0]["message"] == shortened(text)
    assert read_back["decision"]["trials"][0]["note"] == text
    assert read_back["decision"]["measured"][0]["providers"][0]["cost_note"] == text
    assert read_back["since"]["gone"][0]["message"] == text


def _findings(decision: Decision) -> Iterator[Finding]:
    """Every loss and every change."""
    for group in decision.groups:
        for sheet in group.sheets:
            yield from (change for edition in sheet.editions for change in edition.changes)
            yield from (loss for fit in sheet.fits for loss in fit.others)
        yield from (loss for switch in group.switches for loss in switch.losses)


@pytest.fixture(scope="module")
def judgement(text: str) -> Judgement:
    """What a decision is made of, as findings."""
    return Judgement(findings=tuple(_findings(hostile_decision(text))), observed=Observed(operations=1))


def test_terminal(judgement: Judgement, text: str) -> None:
    """Nothing that a terminal or a CI runner obeys."""
    for width in (None, 80):
        written = findings_text(judgement, width=width)
        assert all(char.isprintable() or char in "\n\u00a0" for char in written)
        assert "##" not in written
        assert not [line for line in written.splitlines() if line.lstrip().startswith("::")]
    whole = " ".join(findings_text(judgement).split())
    assert core(text).replace("##", "#\\x23").lstrip(":") in whole


def test_junit(judgement: Judgement, text: str) -> None:
    """Well-formed, with the elements that it always has, and the text in each failure."""
    written = findings_junit(judgement, now=NOW)
    root = ElementTree.fromstring(written.encode("utf-8"))
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "properties", "testcase", "failure", "system-out", "system-err"),
    }
    messages = [str(failure.get("message")) for failure in root.iter("failure")]
    assert messages
    shown = visible(text, 100).split("…")[0].replace("##", "#\\x23")
    assert not [message for message in messages if shown not in message]
    assert all(char.isprintable() or char in "\n\u00a0" for char in written)


def test_logs_and_annotations(judgement: Judgement) -> None:
    """Each line is our own command, and SARIF reads back."""
    lines = findings_github(judgement).splitlines()
    assert not [line for line in lines if "::" in line[2:].partition("::")[0]]
    assert json.loads(sarif_text(judgement, "1.0.0"))["runs"]


def test_pictures(text: str) -> None:
    """They are as large as they always are, however long the text."""
    drawn, harmless = (all_pictures(page_of(with_text(one))) for one in (text, "word"))
    assert [png[16:24] for png in drawn.values()] == [png[16:24] for png in harmless.values()]


def test_the_decision_itself_has_something_in_every_section() -> None:
    """What the other tests compare with is an ordinary page."""
    written = record_markdown(with_text("word"), hostile_decision("word"))
    assert [line for line in written.splitlines() if line == f"### {OLD_GROUP}"]
    assert "What would change it:" in written
    assert "word to word" not in written
