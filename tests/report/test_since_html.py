"""What changed since an earlier report, on the HTML page."""

from __future__ import annotations

import pytest

from harness.report.html import record_html
from harness.report.json import record_json
from harness.report.since import since
from harness.report.since_json import since_json
from harness.spec.pointer import MISSING, resolve
from tests.report.example import example
from tests.report.since_example import ACME, changed, hostile, report
from tests.report.test_html import read


def test_the_page_without_an_earlier_report_has_no_such_section() -> None:
    """Nor an entry in its contents."""
    page = record_html(example(), {})
    assert 'id="since"' not in page
    assert "What changed" not in page


def test_what_the_page_shows_stands_in_the_json_where_it_says() -> None:
    """Each pointer leads to a value, and those of plain text and numbers to what is shown."""
    found = since(report(), changed())
    page = read(record_html(example(), {}, since=found))
    document = {**record_json(example()), "since": since_json(found)}
    at = [a["data-at"] for _, a in page.elements if str(a.get("data-at")).startswith("/since/")]
    assert len(at) == len(set(at)) == 33
    values = {pointer: resolve(document, str(pointer)) for pointer in at}
    assert MISSING not in values.values()
    assert values["/since/now/messages/live"] == 1200
    assert values["/since/figures/0/now"]["value"] == 152
    assert values["/since/facts/1/then/value"] == 2500
    assert values["/since/rankings/0/now/first"] == ACME
    for shown in ("1,200", "2500", "152 s (140 s to 166 s; live)", "acme/clip-2 first", "cute/clip-2"):
        assert shown in page.text


def test_no_change_is_one_sentence_on_the_page() -> None:
    """No empty table."""
    page = record_html(example(), {}, since=since(report(), report()))
    section = page.partition('<h2 id="since">')[2].partition("</section>")[0]
    assert (
        '<p data-at="/since/sentence">Nothing changed since the report that was made 2026-11-20 12:00 UTC by '
        "harness 0.1.0.</p>" in section
    )
    assert "<table" not in section
    assert '<a href="#since">What changed</a>' in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "\x1b[2J\u202e", "a | b \\| `c`"])
def test_an_earlier_report_is_a_strangers_text(text: str) -> None:
    """Shown on the page as text, whatever stands in it."""
    new = changed()
    pages = [record_html(example(), {}, since=since(hostile(one), new)) for one in (text, "word")]
    kinds = [{tag for tag, _ in read(page).elements} for page in pages]
    assert kinds[0] == kinds[1]
    names = [{name for _, a in read(page).elements for name in a} for page in pages]
    assert names[0] == names[1]
    assert "49" not in read(pages[0]).text or "7*7" not in text
    assert all(char.isprintable() or char == "\n" for char in pages[0])
