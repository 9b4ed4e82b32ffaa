"""Whatever a provider writes, every output for CI shows it and obeys none of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.util import find_spec
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.finding import Finding, Judgement, Location, Observed, Skipped
from harness.report.github import findings_github
from harness.report.json import findings_json
from harness.report.junit import findings_junit
from harness.report.markdown import findings_markdown
from harness.report.sarif import sarif_text
from harness.report.text import findings_text
from harness.report.visible import as_json
from tests.report.example import DOWN, UNKNOWN, finding
from tests.report.test_hostile import TEXTS
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 20, tzinfo=UTC)
COMMAND = re.compile(r"\s*::")
ANNOTATION = re.compile(r"::(error|warning|notice) ((file|line|col|title)=[^:,]*,?)+::")

_PIECES = st.sampled_from(
    [
        *("::error::x", "\n::warning file=a::b", "\r::stop-commands::t\r\n", "##[group]", "##vso[task.x]y"),
        *("<img src=x onerror=alert(1)>", "</text>", "]]>", "<!--", "&lt;", "[a](javascript:b)", "![i](u)"),
        *("`", "``", "|", "\\|", "*b*", "_i_", "~~s~~", "# h", "- item", "1. one", "> q", "---", "$x$"),
        *("@team", "#12", "https://e.com", "GH-1", ":tada:", "{0}", "%0A", "%", ",", ":", "\x00", "\x1b[2J"),
        *("\u202e", "\u2028", "\ud800", "\ufffe", "\U000e0041", "\x85", "\x9b", "\t", "\x0b", "\x7f"),
    ]
)
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=8).map("".join),
    st.sampled_from(sorted(TEXTS.values())),
)


def judged(text: str) -> Judgement:
    """A judgement with a stranger's text wherever one can stand."""
    where = Location(file=text or None, line=3, column=1, document=text)
    members: dict[str, Any] = {
        "message": text,
        "field": f"/{text}",
        "pointer": f"/{text}",
        "model": text or None,
        "expected": [text],
        "observed": {text: text},
        "source": where,
        "subject": where,
        "consequence": text,
    }
    findings: list[Finding] = [finding(**members), finding(UNKNOWN, **members), finding(DOWN, **members)]
    findings += [finding(**{**members, "waived": True}), finding(**{**members, "model": None})]
    seen = Observed(exchanges=1, skipped=(Skipped(what=text, why=text),))
    return Judgement(findings=tuple(findings), observed=seen, models=("a/b",))


def outputs(text: str) -> dict[str, str]:
    """Every format that a CI job reads or keeps."""
    judgement = judged(text)
    return {
        "text": findings_text(judgement),
        "json": as_json(findings_json(judgement)),
        "markdown": findings_markdown(judgement),
        "github": findings_github(judgement),
        "sarif": sarif_text(judgement, "1.0.0"),
        "junit": findings_junit(judgement, now=NOW),
    }


def hostile(test: Any) -> Any:
    """The test over drawn texts, and over every text that has ever been thought of."""
    for text in TEXTS.values():
        test = example(text)(test)
    return given(TEXT)(test)


@hostile
def test_no_control_character_and_no_hidden_one(text: str) -> None:
    """Line ends are our own; all else is printable, and can be encoded."""
    for name, written in outputs(text).items():
        written.encode("utf-8")
        odd = [char for char in written if not (char.isprintable() or char == "\n")]
        assert [
            char for char in odd if not char.isspace() or ord(char) < 0xA0 or char in "\u2028\u2029"
        ] == [], name


@hostile
def test_no_workflow_command_but_our_own(text: str) -> None:
    """No line begins with `::` except annotations of this tool, and `##` stands nowhere."""
    for name, written in outputs(text).items():
        commands = [line for line in written.split("\n") if COMMAND.match(line)]
        if name == "github":
            assert len(commands) == 5
            assert all(ANNOTATION.match(line) for line in commands)
        else:
            assert commands == [], name
        if name != "markdown":  # it is a file, and rendered
            assert "##" not in written, name


@hostile
def test_xml_has_the_elements_that_it_always_has(text: str) -> None:
    """And shows the text as text."""
    tags = [element.tag for element in ElementTree.fromstring(outputs(text)["junit"]).iter()]
    harmless = [element.tag for element in ElementTree.fromstring(outputs("word")["junit"]).iter()]
    assert (tags == harmless) or not text  # without a text there is no model of that name


@hostile
def test_markdown_has_no_link_picture_or_html_of_a_stranger(text: str) -> None:
    """In the summary, and in what SARIF gives as Markdown."""
    log = json.loads(outputs(text)["sarif"])
    (run,) = log["runs"]
    messages = [result["message"]["markdown"] for result in run["results"]]
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for written in (outputs(text)["markdown"], *messages):
        tokens = parser.parse(written)
        kinds = {token.type for token in tokens} | {c.type for t in tokens for c in t.children or ()}
        assert (
            kinds & {"link_open", "image", "html_block", "html_inline", "heading_open", "table_open"} == set()
        )
        plain = [c.content for t in tokens for c in t.children or () if c.type == "text"]
        assert not [line for line in plain if "@" in line or "://" in line]


@hostile
def test_sarif_makes_no_link_and_no_html(text: str) -> None:
    """Plain text of SARIF links by brackets; a page that has the log in it sees no tag."""
    written = outputs(text)["sarif"]
    seen: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: seen.append(tag)  # type: ignore[method-assign]
    parser.feed(written)
    assert seen == []
    for result in json.loads(written)["runs"][0]["results"]:
        assert not re.search(r"\]\(", result["message"]["text"])
        for location in result.get("locations", []):
            uri = location.get("physicalLocation", {}).get("artifactLocation", {}).get("uri", "x")
            assert re.fullmatch(r"[A-Za-z0-9%/._~:-]+", uri)


@needs_shared
def test_whatever_a_stranger_writes_sarif_validates() -> None:
    """Every text that has been thought of, in every place that can hold one."""
    assert SHARED is not None
    schema = json.loads((SHARED / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for text in TEXTS.values():
        errors = [e.message for e in validator.iter_errors(json.loads(outputs(text)["sarif"]))]
        assert errors == [], text


@needs_shared
@pytest.mark.skipif(find_spec("xmlschema") is None, reason="needs xmlschema")
def test_whatever_a_stranger_writes_junit_validates() -> None:
    """The same for JUnit."""
    import xmlschema

    assert SHARED is not None
    schema = xmlschema.XMLSchema(str(SHARED / "schemas" / "JUnit.xsd"))
    for text in TEXTS.values():
        schema.validate(outputs(text)["junit"])


@pytest.mark.parametrize("name", ["text", "json", "markdown", "github", "sarif", "junit"])
def test_the_text_is_shown(name: str) -> None:
    """Nothing above holds because the words are missing."""
    assert "a plain word" in outputs("a plain word")[name]
