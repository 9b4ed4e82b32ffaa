"""The SVG that matplotlib writes -> SVG that may stand inside a page with a strict content security policy.

Only drawing elements and drawing attributes pass. Style attributes become plain attributes (a policy
without `unsafe-inline` forbids the former), ids are numbered behind a prefix so that several figures can
stand in one document, ink becomes `currentColor`, and a title and a description are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from harness.report.sheet import INK

__all__ = ["PLATE", "cleaned"]

PLATE = "#fdfeff"  # the plate behind a figure; a page may make it transparent

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = frozenset({"svg", "g", "defs", "path", "rect", "use", "clipPath", "text", "tspan"})
_ATTRIBUTES = frozenset(
    {
        *("viewBox", "width", "height", "x", "y", "d", "transform", "clip-path", "id", "href"),
        *("fill", "fill-opacity", "opacity", "font-size", "font-weight", "text-anchor", "stroke"),
        *("stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset"),
        *("stroke-linejoin", "stroke-linecap"),
    }
)
_GEOMETRY = frozenset({"x", "y", "d", "transform", "width", "height"})
_LONG_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{3,}")
_POINTLESS = {"stroke-dashoffset": "0", "font-weight": "400", "transform": "rotate(-0"}
_FONT = re.compile(r"(?:(?P<weight>bold|[1-9]00) )?(?P<size>[0-9.]+px)")
_URL = re.compile(r"url\(#([^)]+)\)")


def cleaned(svg: str, *, prefix: str, title: str, description: str) -> str:
    """The figure as one `<svg>` element, without a declaration; raises ValueError if it is not SVG."""
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - written by matplotlib a moment ago
    except ElementTree.ParseError as error:
        raise ValueError(f"not SVG: {error}") from error
    cleaner = _Cleaner(prefix)
    figure = next(cleaner.elements(root), None)
    if figure is None or figure.tag != "svg":
        raise ValueError(f"not SVG: the root is {root.tag!r}")
    _name(figure, prefix, title, description)
    ElementTree.indent(figure, space=" ")
    return ElementTree.tostring(figure, encoding="unicode") + "\n"


class _Cleaner:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.ids: dict[str, str] = {}

    def elements(self, source: ElementTree.Element) -> Iterator[ElementTree.Element]:
        """What of it may pass: itself, its children alone where it adds nothing, or nothing."""
        tag = source.tag.removeprefix(f"{{{_SVG}}}")
        if tag not in _ELEMENTS:
            return
        copy = ElementTree.Element(tag, dict(self._attributes(source, tag)))
        copy.text = source.text if tag in ("text", "tspan") else None
        copy.extend(kept for child in source for kept in self.elements(child))
        if tag in ("g", "defs") and not copy.attrib:
            yield from copy if tag == "g" or not len(copy) else (copy,)
        elif copy.get("fill") != "none" or copy.get("stroke"):
            yield copy

    def _attributes(self, source: ElementTree.Element, tag: str) -> Iterator[tuple[str, str]]:
        found = dict(source.attrib)
        found.update(_declarations(found.pop("style", "")))
        if _XLINK in found:
            found["href"] = found.pop(_XLINK)
        for name, value in found.items():
            if name not in _ATTRIBUTES or value.startswith(_POINTLESS.get(name, "\0")):
                continue
            if name == "id" and tag not in ("path", "clipPath"):
                continue  # names of groups that nothing refers to
            yield name, self._value(name, value)

    def _value(self, name: str, value: str) -> str:
        if name == "id":
            return self._id(value)
        if name == "href":
            return f"#{self._id(value.removeprefix('#'))}"
        if value == INK:
            return "currentColor"
        if name in _GEOMETRY:
            return _LONG_NUMBER.sub(_rounded, " ".join(value.split()))
        return _URL.sub(lambda found: f"url(#{self._id(found.group(1))})", value)

    def _id(self, name: str) -> str:
        return self.ids.setdefault(name, f"{self.prefix}-{len(self.ids) + 1}")


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found.group()):.2f}".rstrip("0").rstrip(".")


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":  # how older releases write size and weight
            found = _FONT.search(value)
            yield from (
                (f"font-{key}", part) for key, part in (found.groupdict() if found else {}).items() if part
            )
        elif name:
            yield name, value


def _name(figure: ElementTree.Element, prefix: str, title: str, description: str) -> None:
    x, y, width, height = figure.get("viewBox", "0 0 0 0").split()
    names = {"title": title, "desc": description}
    for index, (tag, text) in enumerate(names.items()):
        element = ElementTree.Element(tag, {"id": f"{prefix}-{tag}"})
        element.text = text
        figure.insert(index, element)
    figure.insert(
        2, ElementTree.Element("rect", {"class": "plate", "width": width, "height": height, "fill": PLATE})
    )
    figure.attrib = {
        "xmlns": _SVG,
        "class": "figure",
        "viewBox": f"{x} {y} {width} {height}",
        "width": width,
        "height": height,
        "color": "#1b1d21",
        "font-family": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
        "stroke-linejoin": "round",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
    }
