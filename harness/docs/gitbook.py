"""AI/ML API's page: as the text that a browser shows, and as Markdown with `openapi-operation` blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.docs.blocks import Page, parse_page
from harness.docs.calls import operation_of, path_parameters, request, response
from harness.docs.claims import Basis, Document, Place, Scope
from harness.docs.code import say_code
from harness.docs.fields import Shown, say_field
from harness.docs.jobs import say_jobs
from harness.docs.ledger import ENDPOINT, Ledger
from harness.docs.phrases import facets_of, type_of
from harness.docs.samples import auth_of
from harness.docs.terms import say_interval, say_model, say_observed, say_prose, say_sleep

__all__ = ["is_gitbook_markdown", "is_gitbook_text", "read_gitbook_markdown", "read_gitbook_text"]

SHOWN: frozenset[str] = frozenset(
    ("type", "required", "default", "enum", "format", "maximum", "maxLength", "minimum", "minLength")
)
"""What the rendered page states of a parameter wherever there is one, unless it is hidden."""

_TYPE = r"(?:string|integer|number|boolean|object|array|any of|one of|any|null)(?:\[\])?"
_PARAMETER = re.compile(
    rf"(?P<name>[A-Za-z_][\w.-]*?)(?P<type>{_TYPE})(?P<facets>(?:\s*·\s*[^·]+?)*?)"
    r"(?P<need>Required|Optional)(?P<rest>.*)"
)
_METHODS = ("get", "post", "put", "patch", "delete")
_SECTIONS = {
    "body": "",
    "authorizations": "authorizations",
    "query parameters": "{query}",
    "path parameters": "{path}",
    "header parameters": "{header}",
}
_DEFAULT = re.compile(r"Default:\s*(.*?)(?=Possible values:|Example:|$)")
_POSSIBLE = re.compile(r"Possible values:\s*(.*)")
_STATUS = re.compile(r"(\d{3})(?:\s*\w.*)?")
_MODEL = re.compile(r"\s*[•*]\s*`?([\w.-]+/[\w./-]+)`?\s*")
_BASE_URL = re.compile(r"base_url\s*=\s*[\"'](https?://[^/\"']+)([^\"']*)")
_HEADER = re.compile(r"[\"'](Authorization)[\"']:\s*f?[\"'](Bearer )")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of the text and its number, from 1."""

    text: str
    number: int

    def place(self, *headings: str) -> Place:
        """Its place."""
        return Place(line=self.number, column=1, headings=headings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    """One operation of the page: its lines, from its method's to its path's and the answer after that."""

    method: str
    path: str
    title: str
    lines: tuple[_Line, ...]


def is_gitbook_text(text: str) -> bool:
    """Whether this is the rendered page: parameters written together with their types."""
    found = [line for line in text.splitlines() if _PARAMETER.fullmatch(line.strip())]
    return bool(found) and re.search(r"^(?:get|post)$", text, re.MULTILINE) is not None


def is_gitbook_markdown(text: str) -> bool:
    """Whether this is the Markdown source."""
    return "{% openapi-operation" in text


def read_gitbook_text(content: bytes, name: str) -> Document:
    """The claims of the rendered page."""
    text = content.decode("utf-8")
    lines = [_Line(text=line.strip(), number=index + 1) for index, line in enumerate(text.split("\n"))]
    ledger = Ledger(name, content, "gitbook-text")
    ledger.title = next((line.text for line in lines if line.text), "")
    for operation in _operations(lines):
        _say_operation(ledger, operation)
    _say_model(ledger, lines)
    page = parse_page(text)
    for block in page.of("paragraph"):
        say_interval(ledger, block.plain, block.place)
        say_observed(ledger, block.plain, block.place)
    say_prose(ledger, [block for block in page.of("paragraph") if "Generated video" in block.plain])
    say_jobs(ledger, Place(line=1, column=1))
    return ledger.document()


def _operations(lines: list[_Line]) -> Iterator[_Operation]:
    """Each operation: from the line with its method alone to the line with its path."""
    index, title = 0, ""
    while index < len(lines):
        line = lines[index]
        if line.text in _METHODS:
            end = next((i for i in range(index + 1, len(lines)) if lines[i].text.startswith("/")), None)
            if end is None:
                return
            last = end + 2 if end + 1 < len(lines) and _STATUS.match(lines[end + 1].text) else end + 1
            yield _Operation(
                method=line.text.upper(),
                path=lines[end].text,
                title=title,
                lines=tuple(lines[index + 1 : last]),
            )
            index = last
            continue
        if line.text and len(line.text) < 80 and not line.text.endswith("."):
            title = line.text
        index += 1


def _say_operation(ledger: Ledger, operation: _Operation) -> None:
    query = [m["name"] for line in operation.lines if (m := _PARAMETER.fullmatch(line.text))]
    names = tuple(query) if operation.method == "GET" else ()
    name = operation_of(operation.method, operation.path, query=names)
    scope, start = request(name), operation.lines[0].place(operation.title)
    for facet, value in (("presence", True), ("method", operation.method), ("path", operation.path)):
        ledger.say(scope, "", facet, value, start)
    path_parameters(ledger, name, operation.path, start)
    section, in_responses = "", False
    for index, line in enumerate(operation.lines):
        word = line.text.lower()
        if word in _SECTIONS:
            section = _SECTIONS[word]
        elif word == "responses":
            in_responses = True
        elif in_responses:
            _say_response(ledger, name, operation, index)
        elif (found := _PARAMETER.fullmatch(line.text)) is not None:
            _say_parameter(ledger, name, section, found, operation, index)
    if any(line.text.lower() == "body" for line in operation.lines):
        ledger.hide(scope, "", ("content_type", "type"), start)
        ledger.listing(scope, "", SHOWN, start)


def _say_parameter(
    ledger: Ledger, name: str, section: str, found: re.Match[str], operation: _Operation, index: int
) -> None:
    place = operation.lines[index].place(operation.title, found["name"])
    after = " ".join(_until_next(operation.lines[index + 1 :]))
    if section == "authorizations":
        if re.search(r"\bbearer\b", after, re.IGNORECASE):
            value = {"scheme": "bearer", "header": found["name"]}
            ledger.say(ENDPOINT, "/auth", "auth", value, place)
        return
    scope, field = request(name), f"{section}/{found['name']}"
    rest = f"{found['rest']} {after}"
    default = _DEFAULT.search(rest)
    written = f"{found['type']}[]" if "[]" in found["facets"] else found["type"]
    kind = type_of(written)[0]
    shown = Shown(
        name=found["name"],
        place=place,
        kind=f"{written} | null" if "nullable" in found["facets"] and kind != "array" else written,
        required=found["need"] == "Required",
        default=default[1].strip() if default is not None and default[1].strip() else None,
    )
    say_field(ledger, scope, field, shown)
    inner = f"{field}/*" if "[]" in found["facets"] else field
    for facet, number in _written_facets(found["facets"].replace("[]", ""), kind).items():
        ledger.say(scope, inner if facet == "format" else field, facet, number, place)
    listed = _POSSIBLE.search(rest)
    values = facets_of(f"Possible values: {listed[1]}", kind) if listed is not None and listed[1] else {}
    if "enum" in values:
        ledger.say(scope, field, "enum", values["enum"], place)
    _hide(ledger, scope, field, found["facets"] + rest, place)
    if kind in ("array", "object"):
        ledger.unplaced(f"members of {found['name']}", "folded on the page", place)


def _hide(ledger: Ledger, scope: Scope, field: str, text: str, place: Place) -> None:
    """What is folded: a list of values, unless it is open, and a low end that is zero."""
    kind = ledger.value(scope, field, "type")
    low = {"string": "minLength", "array": "minItems"}.get(str(kind), "minimum")
    if kind != "boolean":
        ledger.hide(scope, field, (low,), place)
    if re.search(r"\benum\b|Possible values:", text):
        ledger.hide(scope, field, ("enum",), place)


def _until_next(lines: tuple[_Line, ...]) -> Iterator[str]:
    """The lines of one parameter."""
    for line in lines:
        if _PARAMETER.fullmatch(line.text) or line.text.lower() in (*_SECTIONS, "responses"):
            return
        yield line.text


def _written_facets(text: str, kind: object) -> dict[str, object]:
    """`· max: 2500` of a string is its length, of a number its end."""
    found: dict[str, object] = {}
    suffix = {"string": "Length", "array": "Items"}.get(str(kind), "imum")
    for part in text.split("·"):
        name, colon, value = part.strip().partition(":")
        if name in ("min", "max") and colon:
            number = float(value)
            found[f"{name}{suffix}"] = int(number) if number.is_integer() else number
        elif name in ("uri", "uuid", "date-time", "email"):
            found["format"] = name
    return found


def _say_response(ledger: Ledger, name: str, operation: _Operation, index: int) -> None:
    line = operation.lines[index]
    found = re.fullmatch(r"(\d{3})\s*(?:[A-Z].*)?", line.text)
    if found is None:
        return
    scope, place = response(name, found[1]), line.place(operation.title, "Responses")
    ledger.say(scope, "", "presence", True, place)
    following = operation.lines[index + 1].text if index + 1 < len(operation.lines) else ""
    if re.fullmatch(r"[\w.+-]+/[\w.+-]+", following) and not following.startswith("/"):
        ledger.say(scope, "", "content_type", following, operation.lines[index + 1].place(operation.title))


def _say_model(ledger: Ledger, lines: list[_Line]) -> None:
    for line in lines:
        found = _MODEL.fullmatch(line.text)
        if found is not None:
            say_model(ledger, found[1], line.place())
            return


# ---- the Markdown source


def read_gitbook_markdown(content: bytes, name: str) -> Document:
    """The claims of the Markdown source: the schemas stand in OpenAPI files that it names."""
    page = parse_page(content.decode("utf-8"))
    ledger = Ledger(name, content, "gitbook-markdown")
    ledger.title = page.title
    for tag in page.tags:
        if tag.name == "openapi-operation" and not tag.closes:
            _say_block(ledger, page, dict(tag.attributes), page.place(tag.start))
    _say_model(ledger, [_Line(text=b.text, number=b.place.line) for b in page.of("item", "paragraph")])
    _say_model(ledger, [_Line(text=f"* {b.text}", number=b.place.line) for b in page.of("item", "paragraph")])
    for block in page.of("paragraph"):
        say_interval(ledger, block.plain, block.place)
        say_observed(ledger, block.plain.replace("*", ""), block.place)
    say_prose(ledger, [block for block in page.of("paragraph") if "Generated video" in block.plain])
    for block in page.of("fence"):
        _say_sample(ledger, block.text, block.place)
        if re.match(r"python|js", block.info):
            say_code(ledger, block, "submit", "poll")
            say_sleep(ledger, block.text, block.place)
    return ledger.document()


def _say_block(ledger: Ledger, page: Page, attributes: dict[str, str], place: Place) -> None:
    method, path = str(attributes.get("method", "")).upper(), str(attributes.get("path", ""))
    if not method or not path.startswith("/"):
        ledger.unplaced("an openapi-operation block", "it names no method and path", place)
        return
    query = ("id",) if method == "GET" else ()
    name = operation_of(method, path, query=query)
    for facet, value in (("presence", True), ("method", method), ("path", path)):
        ledger.say(request(name), "", facet, value, place)
    path_parameters(ledger, name, path, place)
    ledger.unplaced(
        f"the schema of {method} {path}", "it stands in the OpenAPI file that the page names", place
    )


def _say_sample(ledger: Ledger, code: str, place: Place) -> None:
    server, header = _BASE_URL.search(code), _HEADER.search(code)
    if server is not None:
        ledger.say(ENDPOINT, "/server", "server", server[1], place, basis=Basis.SAMPLE)
    if header is not None:
        auth = auth_of({header[1]: f"{header[2]}KEY"})
        ledger.say(ENDPOINT, "/auth", "auth", auth, place, basis=Basis.SAMPLE)
