"""A Markdown or MDX page as a flat list of blocks, each with its place and the headings and tabs above it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.docs.claims import Place
from harness.docs.jsx import Tag, blanked, line_column, line_starts, tags

__all__ = ["Block", "Cell", "Page", "frontmatter", "parse_page", "plain_text"]

_FRONTMATTER = re.compile(r"\A---\n(?P<body>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^(?P<key>[\w-]+):\s*(?P<value>.*)$", re.MULTILINE)
_CODE_SPAN = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_TITLED = ("Tab", "Accordion", "Step", "tab", "ParamField", "ResponseField")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table: its Markdown and where it stands."""

    text: str
    place: Place

    @property
    def plain(self) -> str:
        """The text without marks."""
        return plain_text(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, paragraph, fence or table. `info` is a fence's language; `rows` a table's, header first."""

    kind: str
    text: str
    place: Place
    level: int = 0
    info: str = ""
    tabs: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def plain(self) -> str:
        """The text without marks."""
        return plain_text(self.text)

    @property
    def heading(self) -> str:
        """The nearest heading above, in lower case; empty where there is none."""
        return self.place.headings[-1].lower() if self.place.headings else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The blocks of a page, its front matter, its tags."""

    text: str
    meta: dict[str, str]
    blocks: tuple[Block, ...]
    tags: tuple[Tag, ...]

    def of(self, *kinds: str) -> list[Block]:
        """The blocks of some kinds."""
        return [block for block in self.blocks if block.kind in kinds]

    @property
    def title(self) -> str:
        """The title in the front matter, else the first heading."""
        heading = next((block.plain for block in self.of("heading") if block.plain), "")
        return self.meta.get("title") or heading

    def place(self, offset: int) -> Place:
        """The place of an offset, with the headings above it."""
        line, column = line_column(line_starts(self.text), offset)
        above: tuple[str, ...] = ()
        for block in self.blocks:
            if block.place.line > line:
                break
            above = block.place.headings
        return Place(line=line, column=column, headings=above)


def plain_text(text: str) -> str:
    """Markdown as plain text: code spans, links and emphasis without their marks, entities resolved."""
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    return html.unescape(_CODE_SPAN.sub(r"\2", text)).strip()


def frontmatter(text: str) -> dict[str, str]:
    """The plain members of a page's front matter."""
    found = _FRONTMATTER.match(text)
    if found is None:
        return {}
    return {match["key"]: match["value"].strip().strip("\"'") for match in _KEY.finditer(found["body"])}


def parse_page(text: str) -> Page:
    """The page. Tags are not Markdown: what stands between them is."""
    from markdown_it import MarkdownIt

    found = _FRONTMATTER.match(text)
    body = re.sub(r"[^\n]", " ", found.group()) + text[found.end() :] if found is not None else text
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "html_block", "lheading"])
    tokens = parser.parse(blanked(body))
    all_tags = tuple(tags(body))
    reader = _Reader(text, tokens, all_tags)
    return Page(text=text, meta=frontmatter(text), blocks=tuple(reader.blocks()), tags=all_tags)


class _Reader:
    """Turns the parser's tokens into blocks."""

    def __init__(self, text: str, tokens: list[Any], all_tags: tuple[Tag, ...]) -> None:
        self.lines = text.split("\n")
        self.starts = line_starts(text)
        self.tokens = tokens
        self.headings: list[tuple[int, str]] = []
        self.untitled = 0
        self.titled = _open_titles(all_tags, self.starts)

    def blocks(self) -> Iterator[Block]:
        index, quoted = 0, 0
        while index < len(self.tokens):
            token = self.tokens[index]
            quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
            if token.type == "heading_open" and not quoted:
                inline, level = self.tokens[index + 1], int(token.tag[1])
                yield self._heading(inline.content, level, token.map[0])
                self.untitled = level if not inline.content.strip() else 0
            elif token.type == "fence":
                yield self._block("fence", token.content, token.map[0], info=token.info.strip())
            elif token.type == "table_open":
                end = next(i for i in range(index, len(self.tokens)) if self.tokens[i].type == "table_close")
                yield self._table(self.tokens[index:end])
                index = end
            elif token.type == "inline" and self.tokens[index - 1].type != "heading_open":
                yield self._text(index, token)
            index += 1

    def _text(self, index: int, token: Any) -> Block:
        """A paragraph; after a heading without a title, the first one with text is that title."""
        title = plain_text(token.content)
        if self.untitled and title:
            level, self.untitled = self.untitled, 0
            return self._heading(title, level, token.map[0])
        return self._block(self._kind(index), token.content, token.map[0])

    def _kind(self, index: int) -> str:
        return "item" if self.tokens[index - 2].type == "list_item_open" else "paragraph"

    def _heading(self, text: str, level: int, line: int) -> Block:
        self.headings = [(depth, title) for depth, title in self.headings if depth < level]
        title = plain_text(text)
        if title:
            self.headings.append((level, title))
        return self._block("heading", text, line, level=level)

    def _place(self, line: int, column: int = 1) -> Place:
        return Place(line=line + 1, column=column, headings=tuple(title for _, title in self.headings))

    def _block(self, kind: str, text: str, line: int, *, level: int = 0, info: str = "") -> Block:
        source = self.lines[line]
        column = len(source) - len(source.lstrip()) + 1
        place = self._place(line, column)
        return Block(
            kind=kind, text=text, place=place, level=level, info=info, tabs=self.titled.get(line, ())
        )

    def _table(self, tokens: list[Any]) -> Block:
        rows: list[tuple[Cell, ...]] = []
        cells: list[Cell] = []
        line, column, first = 0, 0, tokens[0].map[0]
        for token in tokens:
            if token.type == "tr_open":
                cells, line, column = [], token.map[0] if token.map else first + 2 * bool(rows), 0
            elif token.type == "inline":
                column = self._cell_column(line, token.content, column)
                place = self._place(line, column + 1)
                cells.append(Cell(text=token.content.replace("\\|", "|"), place=place))
                column += len(token.content)
            elif token.type == "tr_close":
                rows.append(tuple(cells))
        return Block(
            kind="table",
            text="",
            place=self._place(first),
            rows=tuple(rows),
            tabs=self.titled.get(first, ()),
        )

    def _cell_column(self, line: int, content: str, after: int) -> int:
        source = self.lines[line] if line < len(self.lines) else ""
        found = source.find(content, after) if content else -1
        return found if found >= 0 else after


def _open_titles(all_tags: tuple[Tag, ...], starts: list[int]) -> dict[int, tuple[str, ...]]:
    """Line (from 0) -> the titles of the tabs that are open there."""
    found: dict[int, tuple[str, ...]] = {}
    stack: list[Tag] = []
    position = 0
    for tag in all_tags:
        line = line_column(starts, tag.start)[0] - 1
        titles = tuple(str(each.attributes.get("title", "")) for each in stack if each.name in _TITLED)
        found.update(dict.fromkeys(range(position, line + 1), titles))
        position = line + 1
        if tag.closes:
            if any(each.name == tag.name for each in stack):
                while stack.pop().name != tag.name:
                    pass
        elif not tag.is_empty:
            stack.append(tag)
    return found
