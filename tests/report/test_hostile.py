"""Text of strangers in every format: shown as text, and nothing more."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from harness.report.figures import all_figures
from harness.report.html import record_html
from harness.report.json import record_json
from harness.report.markdown import findings_markdown, record_markdown
from harness.report.page import page_of
from harness.report.text import findings_text
from harness.report.visible import as_json, visible
from tests.report.example import example, with_text
from tests.report.test_html import read

TEXTS = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "comment": "--><!-- ]]> <![CDATA[ </style></script></svg>",
    "entity": "&lt;b&gt; &#60; &copy;",
    "template": "{{ 7*7 }} {% include 'x' %} ${7*7} {# #}",
    "format": "{0} {record} %s %(x)s",
    "right-to-left": "abc \u202edcba\u202c \u2067x\u2069 \u200f",
    "arabic": "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "long": "long " * 2000,
    "long word": "x" * 10_000,
    "escapes": "\x1b[2J\x1b]8;;http://x\x07 \x9b31m \x00 \x7f \r\n\x08",
    "table": "a | b || c \\| d `e` ``f`` | `",
    "markdown": "# h\n- [x](http://e.com) ![i](http://e.com/i.png) <http://e.com> **b** __c__ ~~d~~",
    "mention": "@everyone fixes #1 https://e.com www.e.com a@b.c :tada: GH-1",
    "runner": "::error::pwned ##[error]x ##vso[task.setvariable]y",
    "surrogate": "half \ud83d \udfff",
    "nonchar": "\ufffe\uffff \ue000 \U000e0041 \u2028",
    "svg": "<svg onload=alert(1)><use href='http://x#y'/>",
    "formula": "=1+1 $\\frac{1}{2}$ \\begin{x}",
}


@pytest.fixture(params=sorted(TEXTS), scope="module")
def text(request: pytest.FixtureRequest) -> str:
    """One of the texts."""
    return TEXTS[request.param]


def core(text: str) -> str:
    """The start of what has to be seen of it, spaces collapsed."""
    return " ".join(visible(text, 100).split("…")[0].split())


def test_html(text: str) -> None:
    """The page has the elements that it always has, and shows the text."""
    page = record_html(with_text(text))
    harmless = record_html(with_text("word"))
    reader = read(page)
    assert len(reader.all("script")) == len(reader.all("style")) == 1
    kinds = {tag for tag, _ in reader.elements}
    assert kinds == {tag for tag, _ in read(harmless).elements}
    assert {name for _, a in reader.elements for name in a} == {
        name for _, a in read(harmless).elements for name in a
    }
    assert core(text) in reader.text
    assert "49" not in reader.text or "7*7" not in text
    assert all(char.isprintable() or char in "\n\u00a0" for char in page)
    page.encode("utf-8")


def test_markdown(text: str) -> None:
    """Rendered, it holds no link, picture, HTML or heading of its own, and no table loses a cell."""
    parser = MarkdownIt("commonmark").enable("table")
    for written, harmless in (
        (record_markdown(with_text(text)), record_markdown(with_text("word"))),
        (
            findings_markdown(with_text(text).judgement),
            findings_markdown(with_text("word").judgement),
        ),
    ):
        tokens, expected = parser.parse(written), parser.parse(harmless)
        blocks = [token.type for token in tokens]
        assert blocks == [token.type for token in expected]
        inline = {child.type for token in tokens for child in token.children or ()}
        assert inline <= {
            "text",
            "code_inline",
            "strong_open",
            "strong_close",
            "em_open",
            "em_close",
            "image",
        }
        pictures = [
            child.attrs["src"] for token in tokens for child in token.children or () if child.tag == "img"
        ]
        assert not [source for source in pictures if not str(source).startswith("figures/")]
        shown = "".join(child.content for token in tokens for child in token.children or ())
        expected_text = core(text).replace("\\|", "\\\\x7c") if "`" in written else core(text)
        assert expected_text in " ".join(shown.split()) or core(text) in " ".join(shown.split())
        written.encode("utf-8")


def test_markdown_links_nothing_that_a_forge_would(text: str) -> None:
    """Outside of code there is no address, mention, issue number or short name of a picture."""
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(record_markdown(with_text(text)))
    plain = [c.content for token in tokens for c in token.children or () if c.type == "text"]
    assert not [line for line in plain if "@" in line or "://" in line or "#1" in line or ":tada:" in line]


def test_terminal_and_log(text: str) -> None:
    """Nothing that a terminal or a CI runner obeys."""
    for width in (None, 80):
        written = findings_text(with_text(text).judgement, width=width)
        assert all(char.isprintable() or char in "\n\u00a0" for char in written)
        assert "##" not in written
        assert not [line for line in written.splitlines() if line.lstrip().startswith("::")]
    assert core(text).replace("##", "#\\x23").lstrip(":") in " ".join(written_whole(text).split())


def written_whole(text: str) -> str:
    """The findings without wrapping."""
    return findings_text(with_text(text).judgement)


def test_json(text: str) -> None:
    """It reads back as it was, up to where it says that it was cut."""
    written = as_json(record_json(with_text(text)))
    written.encode("utf-8")
    assert all(char.isprintable() or char in "\n\u00a0" for char in written)
    read_back = json.loads(written)
    assert read_back["endpoints"][0]["title"] == text
    assert read_back["findings"][0]["message"][:1000] == text[:1000]


def test_svg(text: str) -> None:
    """Well-formed, with the elements that it always has."""
    drawn, harmless = (all_figures(page_of(with_text(t))) for t in (text, "word"))
    for svg, plain in zip(drawn.values(), harmless.values(), strict=True):
        kinds = {element.tag for element in ElementTree.fromstring(svg).iter()}
        assert kinds == {element.tag for element in ElementTree.fromstring(plain).iter()}
        assert all(char.isprintable() or char in "\n\u00a0" for char in svg)
    words = [e.text or "" for e in ElementTree.fromstring(drawn["conformance"]).iter()]
    assert [line for line in words if core(text)[:15] in " ".join(line.split())]


def test_the_example_itself_is_harmless() -> None:
    """What the other tests compare with is the ordinary page."""
    assert read(record_html(example())).all("svg")
