"""Pages in Mintlify's own form: `<ParamField body="x" type="number" default={0.5}>`, `<ResponseField>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.docs.blocks import Page, parse_page
from harness.docs.calls import operation_of, path_parameters, request, response
from harness.docs.claims import Document, Place, Scope
from harness.docs.fields import Shown, say_field
from harness.docs.jobs import say_jobs
from harness.docs.jsx import Tag
from harness.docs.ledger import ENDPOINT, Ledger
from harness.docs.novita import SHOWN, say_headers, say_samples
from harness.docs.phrases import type_of
from harness.docs.terms import say_model, say_prose

__all__ = ["is_mintlify", "read_mintlify"]

_FIELDS = ("ParamField", "ResponseField")
_LOCATIONS = ("body", "query", "path", "header")
_API = re.compile(r"(GET|POST|PUT|PATCH|DELETE)\s+(https?://[^/\s]+)?(/\S*)")


@dataclass(slots=True, kw_only=True)
class _Field:
    """One field with what stands in it. `start` and `end` bound its own words."""

    tag: Tag
    start: int
    end: int = 0
    below: list[_Field] = field(default_factory=list)


def is_mintlify(text: str) -> bool:
    """Whether this is such a page."""
    return re.search(r"<(?:ParamField|ResponseField)\s", text) is not None


def read_mintlify(content: bytes, name: str) -> Document:
    """The claims of the page."""
    text = content.decode("utf-8")
    page = parse_page(text)
    ledger = Ledger(name, content, "mintlify-source")
    ledger.title = page.title
    operation, path, place = _endpoint(page, ledger)
    for each in _tree(page):
        _say_top(page, ledger, operation, each)
    say_samples(ledger, page, operation)
    if operation == "submit" and path:
        say_model(ledger, path.rstrip("/").rpartition("/")[2], place, tier=_only_mode(ledger))
        say_prose(
            ledger,
            [block for block in page.of("paragraph") if len(block.place.headings) <= 1 and not block.tabs],
        )
    say_jobs(ledger, place)
    return ledger.document()


def _only_mode(ledger: Ledger) -> str | None:
    modes = ledger.value(request("submit"), "/mode", "enum")
    return str(modes[0]).lower() if isinstance(modes, list) and len(modes) == 1 else None


def _endpoint(page: Page, ledger: Ledger) -> tuple[str, str, Place]:
    """(operation, path, place), out of the front matter's `api` or `openapi`."""
    top = Place(line=1, column=1)
    for key in ("api", "openapi"):
        found = _API.search(page.meta.get(key, ""))
        if found is None:
            continue
        line = next(i for i, text in enumerate(page.text.split("\n"), 1) if text.startswith(f"{key}:"))
        place = Place(line=line, column=1)
        names = tuple(str(tag.attributes["query"]) for tag in page.tags if "query" in tag.attributes)
        path = found[3].rstrip("\"'")
        operation = operation_of(found[1], path, query=names)
        for facet, value in (("presence", True), ("method", found[1]), ("path", path)):
            ledger.say(request(operation), "", facet, value, place)
        if found[2]:
            ledger.say(ENDPOINT, "/server", "server", found[2], place)
        path_parameters(ledger, operation, path, place)
        return operation, path, place
    ledger.unplaced("the endpoint", "the front matter names none", top)
    return "submit", "", top


def _tree(page: Page) -> Iterator[_Field]:
    """The fields, nested as the page nests them; each at the top as soon as it is closed."""
    stack: list[_Field] = []
    for tag in page.tags:
        if tag.name not in _FIELDS:
            continue
        if tag.closes:
            if stack:
                done = stack.pop()
                done.end = tag.start
                if not stack:
                    yield done
            continue
        each = _Field(tag=tag, start=tag.end, end=tag.end)
        if stack:
            stack[-1].below.append(each)
        if not tag.is_empty:
            stack.append(each)
        elif not stack:
            yield each


def _say_top(page: Page, ledger: Ledger, operation: str, each: _Field) -> None:
    attributes, place = each.tag.attributes, page.place(each.tag.start)
    if each.tag.name == "ResponseField":
        _say(page, ledger, response(operation, "200"), "", each)
        ledger.listing(response(operation, "200"), "", SHOWN, place)
        return
    location = next((name for name in _LOCATIONS if name in attributes), None)
    if location is None:
        ledger.unplaced(f"field {attributes}", "it does not say where it belongs", place)
    elif location == "header":
        say_headers(ledger, operation, _shown(page, each, str(attributes["header"])))
    elif location == "body":
        _say(page, ledger, request(operation), "", each)
        ledger.say(request(operation), "", "type", "object", place)
        ledger.listing(request(operation), "", SHOWN, place)
    else:
        say_field(
            ledger,
            request(operation),
            f"{{{location}}}/{attributes[location]}",
            _shown(page, each, str(attributes[location])),
        )


def _say(page: Page, ledger: Ledger, scope: Scope, around: str, each: _Field) -> None:
    attributes = each.tag.attributes
    name = str(attributes.get("name") or attributes.get("body") or "")
    if not name:
        ledger.unplaced(f"field {dict(attributes)}", "it has no name", page.place(each.tag.start))
        return
    below = around
    parts = name.replace("[]", "").split(".")
    # A dotted name repeats the names around it: `task.status` inside `task`.
    known = [part for part in around.split("/")[1:] if part != "*"]
    parts = parts[len(known) :] if parts[: len(known)] == known and len(parts) > len(known) else parts
    for part in parts:
        below = f"{below}/{part}"
    say_field(ledger, scope, below, _shown(page, each, name))
    inside = below
    if each.below and ledger.value(scope, below, "type") == "array":
        inside = f"{below}/*"
        place = page.place(each.tag.start)
        ledger.say(scope, inside, "presence", True, place)
        ledger.say(scope, inside, "type", "object", place)
    for other in each.below:
        _say(page, ledger, scope, inside, other)
    if each.below:
        ledger.listing(scope, inside, SHOWN, page.place(each.tag.start))


def _shown(page: Page, each: _Field, name: str) -> Shown:
    attributes = each.tag.attributes
    end = each.below[0].tag.start if each.below else each.end
    words = re.sub(r"</?\w[^>]*>", " ", page.text[each.start : end]).strip()
    kind = attributes.get("type")
    return Shown(
        name=name,
        place=page.place(each.tag.start),
        kind=str(kind) if kind is not None else None,
        required=attributes.get("required") in (True, "true"),
        default=_written(attributes.get("default"), kind) if "default" in attributes else None,
        description=words,
    )


def _written(value: Any, kind: Any) -> str:
    """A value as a cell would have it."""
    if isinstance(value, str):
        return value if type_of(str(kind))[0] != "string" else f"`{value}`"
    return (
        {True: "true", False: "false", None: "null"}.get(value, str(value))
        if not isinstance(value, (int, float)) or isinstance(value, bool)
        else str(value)
    )
