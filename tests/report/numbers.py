"""Every number that a page shows, beside what stands in report.json at the pointer that it names.

A number of the page is right where it equals, rounded as it is shown, a number in the value at that pointer,
stands in one of its strings, or is the length of the array that the pointer names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from harness.spec.pointer import resolve

__all__ = ["Shown", "shown", "wrong"]

VOID = {"meta", "link", "br", "img", "input", "rect", "circle"}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
CUT = re.compile(r"… \((?P<number>[\d,]+) (?:characters|elements|members) in all\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One text with a digit in it, the nearest pointer, and the address of the link that it stands in."""

    text: str
    at: str | None
    href: str | None


class Walk(HTMLParser):
    """The texts of main, header and the first line, each with what its elements say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[Shown] = []
        self.pointers: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag not in VOID:
            self.open.append((tag, attributes))
        if (name := attributes.get("id")) is not None:
            self.pointers[name] = self._nearest("data-at") or attributes.get("data-at")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stands in it."""

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if re.search(r"\d", data) and self._is_read():
            self.found.append(Shown(text=data, at=self._nearest("data-at"), href=self._nearest("href")))

    def _is_read(self) -> bool:
        """Whether it is the page's own text: figures are drawn from the tables that stand below them."""
        tags = {tag for tag, _ in self.open}
        classes = {attributes.get("class") for _, attributes in self.open}
        return bool(tags & {"main", "header"} or "evidence" in classes) and "svg" not in tags

    def _nearest(self, name: str) -> str | None:
        return next((value[name] for _, value in reversed(self.open) if name in value), None)


def shown(page: str) -> Walk:
    """The page, read to its end."""
    walk = Walk()
    walk.feed(page)
    walk.close()
    return walk


def wrong(page: str, document: Any) -> list[str]:
    """What the page shows and report.json does not hold, each with its pointer."""
    return [
        f"{number} in {' '.join(one.text.split())!r} at {one.at}"
        for one in shown(page).found
        for number in _missing(one, document)
    ]


def _missing(one: Shown, document: Any) -> Iterator[str]:
    value = None if one.at is None else resolve(document, one.at)
    numbers, words = list(_numbers(value)), set(_words(value))
    if isinstance(value, list):
        numbers.append(float(len(value)))
    lengths = {f"{len(text):,}" for text in _strings(value)}
    cut = {found["number"] for found in CUT.finditer(one.text)}
    for found in NUMBER.finditer(one.text):
        text = found.group()
        if text in words or (text in cut and text in lengths) or _is_cut(one.text, found.end(), value):
            continue
        if _is_bound(one.text[: found.end() + 1], numbers):
            continue
        if not _is_one_of(text, numbers, is_percent="%" in one.text):
            yield text


def _is_cut(text: str, end: int, value: Any) -> bool:
    """Whether a number is the end of a text that was cut there: the record has it whole."""
    start = text[:end].rsplit(maxsplit=1)[-1]
    return text[end : end + 1] == "…" and any(start in whole for whole in _strings(value))


def _is_bound(text: str, numbers: list[float]) -> bool:
    """Whether `under 1%` or `over 99%` is true, as a share says that is not quite nothing or all."""
    if text.endswith("under 1%"):
        return any(0 < number < 0.01 for number in numbers)
    return text.endswith("over 99%") and any(0.99 < number < 1 for number in numbers)


def _is_one_of(text: str, numbers: list[float], *, is_percent: bool) -> bool:
    """Whether one of the numbers reads so when it is rounded to as many digits; below ten, two at least."""
    plain = text.replace(",", "")
    if plain.count(".") > 1:
        return False
    told, half = float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2])
    scales = (1.0, 100.0) if is_percent else (1.0,)
    return any(
        abs(abs(number) * scale - told) <= half * (1 + 1e-9)
        for number in numbers
        for scale in scales
        if scale != 1.0 or "." in plain or number.is_integer() or abs(number) >= 10
    )


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for member in value.values():
            yield from _numbers(member)
    elif isinstance(value, list):
        for element in value:
            yield from _numbers(element)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        yield float(value)


def _words(value: Any) -> Iterator[str]:
    for text in _strings(value):
        yield from NUMBER.findall(text)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _strings(member)
    elif isinstance(value, list):
        for element in value:
            yield from _strings(element)
