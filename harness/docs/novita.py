"""Novita's page as it is rendered to Markdown: each parameter an anchor, then a paragraph a facet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.docs.blocks import Block, Page, parse_page
from harness.docs.calls import operation_of, path_parameters, request, response, say_call
from harness.docs.claims import Basis, Document, Scope
from harness.docs.fields import Shown, say_field
from harness.docs.jobs import say_jobs
from harness.docs.ledger import ENDPOINT, Ledger
from harness.docs.phrases import type_of, values_of
from harness.docs.samples import Call, calls, json_body, same_path, say_body
from harness.docs.terms import say_model, say_prose

__all__ = ["SHOWN", "is_novita", "read_novita", "say_headers", "say_samples"]

SHOWN: frozenset[str] = frozenset(
    ("type", "required", "default", "enum", "minimum", "maximum", "minLength", "maxLength")
)
"""What such a page states of a parameter wherever there is one."""

_ANCHOR = re.compile(r"\[\]\(#param-([\w-]+)\)\Z")
_DEFAULT = re.compile(r"default:(.*)\Z", re.DOTALL)
_SHOWS = re.compile(r"(?:show|hide) (?:child attributes|properties|\w+)", re.IGNORECASE)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_LAST_MODIFIED = re.compile(r"Last modified on (\w+) (\d+), (\d{4})")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_CONTAINER = re.compile(r"mp4|webm|mov|gif")


@dataclass(slots=True, kw_only=True)
class _Parameter:
    """The blocks of one parameter."""

    anchor: Block
    blocks: list[Block] = field(default_factory=list)


def is_novita(text: str) -> bool:
    """Whether this is a page of this kind."""
    return re.search(r"^\[\]\(#param-[\w-]+\)$", text, re.MULTILINE) is not None


def read_novita(content: bytes, name: str) -> Document:
    """The claims of the page."""
    page = parse_page(content.decode("utf-8"))
    ledger = Ledger(name, content, "novita-markdown")
    headings = [block for block in page.of("heading") if block.level == 1 and block.plain]
    ledger.title = headings[0].plain if headings else ""
    ledger.date = _date(page.text)
    operation, path = _endpoint(page)
    start = page.blocks[0].place
    for facet, value in (("presence", True), ("method", _method(page)), ("path", path)):
        ledger.say(request(operation), "", facet, value, start)
    path_parameters(ledger, operation, path, start)
    nested: set[str] = set()
    for parameter in _parameters(page):
        section = parameter.anchor.heading
        if section in nested:
            _say_nested(ledger, parameter)
        else:
            _say_parameter(ledger, operation, parameter)
        if any(_SHOWS.fullmatch(block.plain) for block in parameter.blocks):
            nested.add(section)
            scope, _ = section_scope(section, operation)
            ledger.open_listing(scope)
    say_samples(ledger, page, operation)
    slug = path.rpartition("/")[2]
    if operation == "submit":
        _say_model(ledger, page, slug)
    say_jobs(ledger, start)
    return ledger.document()


def _endpoint(page: Page) -> tuple[str, str]:
    """(operation, path), out of the paragraphs POST, /, v3, /, … at the top."""
    texts = [block.plain for block in page.blocks if block.kind in ("paragraph", "item")]
    for index, word in enumerate(texts):
        if word in _METHODS:
            parts: list[str] = []
            for part in texts[index + 1 :]:
                if not re.fullmatch(r"/|[\w.{}:-]+", part) or (parts and parts[-1] != "/" and part != "/"):
                    break
                parts.append(part)
            path = "".join(parts)
            query = tuple(re.findall(r"\[\]\(#param-([\w-]+)\)", page.text))
            names = tuple(each.replace("-", "_") for each in query)
            return operation_of(word, path, query=names if word == "GET" else ()), path
    return "submit", "/"


def _method(page: Page) -> str:
    return next((block.plain for block in page.blocks if block.plain in _METHODS), "POST")


def _parameters(page: Page) -> Iterator[_Parameter]:
    current: _Parameter | None = None
    for block in page.blocks:
        anchor = _ANCHOR.match(block.text.strip()) if block.kind == "paragraph" else None
        if anchor is None and block.kind != "heading":
            if current is not None:
                current.blocks.append(block)
            continue
        if current is not None:
            yield current
        current = _Parameter(anchor=block) if anchor is not None else None
    if current is not None:
        yield current


def _say_nested(ledger: Ledger, parameter: _Parameter) -> None:
    """What stands after "Show properties" is inside of something, or after it: the rendering hides which."""
    name = parameter.blocks[0].plain if parameter.blocks else parameter.anchor.text
    ledger.unplaced(f"parameter {name}", "it may be inside of the one above", parameter.anchor.place)


def _say_parameter(ledger: Ledger, operation: str, parameter: _Parameter) -> None:
    texts = [block for block in parameter.blocks if block.kind != "fence"]
    if not texts:
        ledger.unplaced(parameter.anchor.text, "an anchor without a parameter", parameter.anchor.place)
        return
    name, rest = texts[0].plain, texts[1:]
    section = parameter.anchor.heading
    scope, prefix = section_scope(section, operation)
    if scope is None:
        ledger.unplaced(f"parameter {name}", f"section {section!r} is not known", texts[0].place)
        return
    shown = _shown(name, texts[0], rest)
    if section == "request headers" or prefix == "{header}":
        say_headers(ledger, operation, shown)
        return
    say_field(ledger, scope, f"{prefix}/{name}", shown)
    if not prefix:
        ledger.say(scope, "", "type", "object", shown.place)
        ledger.listing(scope, "", SHOWN, shown.place)


def section_scope(section: str, operation: str) -> tuple[Scope | None, str]:
    """(the message, the prefix of its fields) of a section of the page."""
    if "header" in section:
        return request(operation), "{header}"
    if "query" in section:
        return request(operation), "{query}"
    if "path" in section:
        return request(operation), "{path}"
    if "request" in section or "body" in section:
        return request(operation), ""
    if "response" in section:
        return response(operation, "200"), ""
    return None, ""


def _shown(name: str, first: Block, rest: list[Block]) -> Shown:
    kind, default, required = None, None, False
    words: list[str] = []
    for index, block in enumerate(rest):
        bare = block.plain
        found = _DEFAULT.match(bare)
        if index == 0 and type_of(bare)[0] is not None:
            kind = bare
        elif bare == "required":
            required = True
        elif found is not None and not words:
            default = found[1].strip()
        else:
            words.append(f"- {block.text}" if block.kind == "item" else block.text)
    return Shown(
        name=name,
        place=first.place,
        kind=kind,
        required=required,
        default=default,
        description="\n".join(words),
    )


def say_headers(ledger: Ledger, operation: str, shown: Shown) -> None:
    """A header: the key's is the endpoint's auth, the content type is the request's."""
    if shown.name.lower() == "authorization":
        if "bearer" in shown.description.lower():
            value = {"scheme": "bearer", "header": shown.name}
            ledger.say(ENDPOINT, "/auth", "auth", value, shown.place)
        else:
            ledger.unplaced(f"header {shown.name}", "its scheme is not named", shown.place)
        return
    scope = request(operation)
    say_field(ledger, scope, f"{{header}}/{shown.name}", shown)
    listed = re.search(r"Supports:\s*(.*)|Enum:\s*(.*)", shown.description)
    if shown.name.lower() == "content-type" and listed is not None:
        values = values_of(listed[1] or listed[2], "string")
        ledger.say(scope, f"{{header}}/{shown.name}", "enum", values, shown.place)
        if values and operation != "poll":
            ledger.say(scope, "", "content_type", values[0], shown.place)


def say_samples(ledger: Ledger, page: Page, operation: str) -> None:
    """The calls that the page makes and the answers that it shows after each."""
    current, last = operation, None
    for block in page.blocks:
        if block.kind != "fence":
            last = block.plain if block.kind == "paragraph" else last
            continue
        found = next(calls(block.text), None)
        if found is not None:
            current = _operation_of_call(ledger, operation, found)
            say_call(ledger, current, found, block.place)
            continue
        body = json_body(block.text)
        if body is not None:
            status = last if last is not None and re.fullmatch(r"\d{3}", last) else "200"
            _say_answer(ledger, response(current, status), body, block)
    _say_statuses(ledger, page, operation)


def _operation_of_call(ledger: Ledger, operation: str, call: Call) -> str:
    known = ledger.value(request(operation), "", "path")
    if known is not None and same_path(call.path, known):
        return operation
    return operation_of(call.method, call.path, query=call.query)


def _say_answer(ledger: Ledger, scope: Scope, body: object, block: Block) -> None:
    ledger.say(scope, "", "presence", True, block.place, basis=Basis.SAMPLE)
    ledger.say(scope, "", "content_type", "application/json", block.place, basis=Basis.SAMPLE)
    say_body(ledger, scope, body, block.place, required=False)
    if isinstance(body, dict):
        _say_delivered(ledger, body, block)


def _say_delivered(ledger: Ledger, body: dict[str, object], block: Block) -> None:
    videos = body.get("videos")
    video = videos[0] if isinstance(videos, list) and videos else None
    if not isinstance(video, dict):
        return
    kind, ttl = video.get("video_type"), video.get("video_url_ttl")
    if isinstance(kind, str) and _CONTAINER.fullmatch(kind):
        ledger.say(ENDPOINT, "/output/container", "container", kind, block.place, basis=Basis.SAMPLE)
    if isinstance(ttl, (str, int)) and str(ttl).isdecimal():
        ledger.say(ENDPOINT, "/output/url_lifetime_s", "lifetime", int(ttl), block.place, basis=Basis.SAMPLE)


def _say_statuses(ledger: Ledger, page: Page, operation: str) -> None:
    """Ranges of statuses that a sentence gives a meaning."""
    for block in page.of("paragraph"):
        if re.search(r"5xx range indicate", block.plain):
            ledger.say(response(None, "5XX"), "", "presence", True, block.place)
    scope = response(operation, "200")
    if ledger.fields(scope):
        place = page.blocks[0].place
        ledger.say(scope, "", "presence", True, place)
        ledger.say(scope, "", "content_type", "application/json", place, basis=Basis.READ)
        ledger.say(scope, "", "type", "object", place)


def _say_model(ledger: Ledger, page: Page, slug: str) -> None:
    modes = ledger.value(request("submit"), "/mode", "enum")
    tier = str(modes[0]).lower() if isinstance(modes, list) and len(modes) == 1 else None
    say_model(ledger, slug, page.blocks[0].place, tier=tier)
    say_prose(ledger, [block for block in page.of("paragraph") if block.heading and not _is_listed(block)])


def _is_listed(block: Block) -> bool:
    return any(word in block.heading for word in ("request", "response", "body", "header"))


def _date(text: str) -> str | None:
    found = _LAST_MODIFIED.search(text)
    if found is None or found[1] not in _MONTHS:
        return None
    return f"{found[3]}-{_MONTHS.index(found[1]) + 1:02d}-{int(found[2]):02d}"
