"""Markdown as blocks with places."""

from __future__ import annotations

from harness.docs.blocks import parse_page, plain_text

TEXT = """---
title: "A page"
---

> # Quoted

# Top

<Tabs>
  <Tab title="One">
      Deep *words*.

      ```bash cURL
      curl x
      ```
  </Tab>
</Tabs>

##

[](#part)

Part

| `a\\|b` | x |
|---|---|
| 1 | two |
"""


def test_kinds_places_and_tabs() -> None:
    """Indented text in a tab is text, not code; a quoted heading heads nothing here."""
    page = parse_page(TEXT)
    found = [(b.kind, b.place.line, b.place.headings, b.tabs) for b in page.blocks if b.plain or b.rows]
    assert found == [
        ("heading", 7, ("Top",), ()),
        ("paragraph", 11, ("Top",), ("One",)),
        ("fence", 13, ("Top",), ("One",)),
        ("heading", 23, ("Top", "Part"), ()),
        ("table", 25, ("Top", "Part"), ()),
    ]
    assert page.title == "A page"


def test_cells_know_their_columns() -> None:
    """And a bar that was escaped is a bar."""
    table = parse_page(TEXT).of("table")[0]
    assert [[cell.plain for cell in row] for row in table.rows] == [["a|b", "x"], ["1", "two"]]
    assert (table.rows[1][1].place.line, table.rows[1][1].place.column) == (27, 7)


def test_marks_and_entities_are_taken_off() -> None:
    """Names with underscores stay whole."""
    assert plain_text("**a** `b_c` [d](e) &mdash; f_g_h") == "a b_c d \u2014 f_g_h"
