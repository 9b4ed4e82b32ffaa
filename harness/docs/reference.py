"""Pages of Markdown or MDX with tables: model pages and reference pages, whoever's they are.

The page is read block by block. An endpoint line, a heading or a sample says which message the next table
is about; the heading of a table says which part of it.
"""

from __future__ import annotations

import re

from harness.docs import answer_tables, answers
from harness.docs.blocks import Block, Page, parse_page
from harness.docs.calls import operation_of, path_parameters, request, say_call, settled_path
from harness.docs.claims import Basis, Document, Place, Scope
from harness.docs.code import say_code
from harness.docs.fields import Shown, as_field, say_field, split_name
from harness.docs.jobs import say_jobs
from harness.docs.ledger import ENDPOINT, Ledger
from harness.docs.reading import Reading
from harness.docs.samples import Call, auth_of, calls, same_path
from harness.docs.tables import columns, kind_of_table, shown_rows
from harness.docs.terms import (
    say_auth,
    say_interval,
    say_latency,
    say_model,
    say_observed,
    say_price,
    say_prose,
    say_sleep,
)
from harness.finding import Direction

__all__ = ["is_reference", "read_page", "read_reference"]

_ENDPOINT = re.compile(r"(GET|POST|PUT|PATCH|DELETE)\s+(https?://[^/\s]+)?(/\S*)")
_MODEL_ID = re.compile(r"\*{0,2}Model (?:ID|Slug):?\*{0,2}:?\s*`?([\w./-]+)`?")
_OPTIONAL_INPUT = re.compile(r"\bsome models\b", re.IGNORECASE)


def is_reference(text: str) -> bool:
    """Whether this is such a page: a table that is known, a call, or the payload of a webhook."""
    page = parse_page(text)
    tables = any(kind_of_table(table) for table in page.of("table"))
    has_calls = any(next(calls(fence.text), None) is not None for fence in page.of("fence"))
    has_payload = "webhook" in text.lower() and any("json" in fence.info for fence in page.of("fence"))
    return tables or has_calls or has_payload


def read_reference(content: bytes, name: str) -> Document:
    """The claims of such a page."""
    return read_page(parse_page(content.decode("utf-8")), content, name, "markdown-tables")


def read_page(page: Page, content: bytes, name: str, form: str) -> Document:
    """The same for a page that is parsed already."""
    ledger = Ledger(name, content, form)
    ledger.title = page.title
    slug, named_at = _slug(page)
    reading = Reading(page=page, ledger=ledger, slug=slug, named_at=named_at)
    reading.is_webhook = bool(re.search(r"webhook", page.title, re.IGNORECASE))
    ledger.shared = reading.slug is None
    _calls(reading)
    for block in page.blocks:
        if block.kind == "heading":
            _heading(reading, block)
            answers.heading(reading, block)
        elif block.kind == "fence":
            if not _endpoint(reading, block):
                answers.sample(reading, block)
        elif block.kind == "table":
            _table(reading, block)
        else:
            reading.paragraph = block
            _sentence(reading, block)
            answers.sentence(reading, block)
    answers.finish(reading)
    _bodies(reading)
    place = page.blocks[0].place if page.blocks else Place(line=1, column=1)
    say_jobs(ledger, place)
    return ledger.document()


def _slug(page: Page) -> tuple[str | None, Place]:
    """The provider's name of the one model that the page is about, if any, and where it says so."""
    for block in page.of("paragraph", "item"):
        found = _MODEL_ID.match(block.text)
        if found is not None:
            return found[1], block.place
    for table in page.of("table"):
        if kind_of_table(table) == "properties":
            roles = columns(table)
            for row in table.rows[1:]:
                if row[roles["name"]].plain.lower() in ("slug", "model slug", "model id"):
                    return row[roles["value"]].plain, row[roles["value"]].place
    return None, Place(line=1, column=1)


# ---- calls


def _calls(reading: Reading) -> None:
    """The calls of the shell samples: what they say, and which bodies they send."""
    blocking = any(re.search(r"\bblocks? until\b", block.plain) for block in reading.page.of("paragraph"))
    for block in reading.page.of("fence"):
        if re.match(r"python|js|javascript|ts", block.info, re.IGNORECASE):
            say_sleep(reading.ledger, block.text, block.place)
            _auth_in_code(reading, block)
            if reading.slug is not None and "poll" in reading.calls:
                say_code(reading.ledger, block, "submit", "poll")
            continue
        for call in calls(block.text):
            _call(reading, block, call, blocking=blocking)
        if re.search(r"\bcurl\b", block.text):
            say_sleep(reading.ledger, block.text, block.place)
    if reading.slug is not None:
        _model(reading)


def _call(reading: Reading, block: Block, call: Call, *, blocking: bool) -> None:
    path = call.path
    if reading.slug is not None and reading.slug in path:
        path = path.replace(reading.slug, "{id}")
    path = settled_path(path, reading.page)
    is_sync = any(re.fullmatch(r"(?i)sync(?:hronous)?", tab) for tab in block.tabs)
    is_sync = is_sync or (blocking and not block.tabs and reading.slug is None)
    name = operation_of(call.method, path, blocking=is_sync, query=call.query)
    place = Place(
        line=block.place.line + call.offset + 1,
        column=block.place.column,
        headings=(*block.place.headings, *block.tabs),
    )
    auth = auth_of(call.headers)
    if auth is not None:
        reading.ledger.say(ENDPOINT, "/auth", "auth", auth, place, basis=Basis.SAMPLE)
    reading.ledger.say(ENDPOINT, "/server", "server", call.server, place, basis=Basis.SAMPLE)
    if reading.slug is None:
        return  # what a reference page says of its calls, its endpoint lines say
    found = Call(
        method=call.method,
        server=call.server,
        path=_literal_id(path, name),
        query=(),
        headers=call.headers,
        body=call.body,
        offset=call.offset,
    )
    known = reading.ledger.value(request(name), "", "path")
    if known is not None and not same_path(known, found.path):
        reading.ledger.unplaced(f"{call.method} {path}", f"another path of {name} is known", place)
        return
    say_call(reading.ledger, name, found, place)
    reading.calls.setdefault(name, found)


def _literal_id(path: str, name: str) -> str:
    """A sample may poll a made-up id: its last part is what varies."""
    if name == "poll" and "{" not in path:
        return f"{path.rpartition('/')[0]}/{{id}}"
    return path


def _auth_in_code(reading: Reading, block: Block) -> None:
    found = re.search(
        r"[\"'](?P<name>Authorization|X-[\w-]*Key)[\"']:\s*f?[\"'`](?P<value>[^\"'`]*)", block.text
    )
    auth = auth_of({found["name"]: found["value"]}) if found is not None else None
    if auth is not None:
        reading.ledger.say(ENDPOINT, "/auth", "auth", auth, block.place, basis=Basis.READ)


def _model(reading: Reading) -> None:
    slug, place = reading.slug or "", reading.named_at
    say_model(reading.ledger, slug, place)
    for name in ("submit", "generate"):
        call = reading.calls.get(name)
        scope = request(name)
        if call is not None and isinstance(call.body, dict) and call.body.get("model") == slug:
            reading.ledger.say(scope, "/model", "presence", True, place, basis=Basis.SAMPLE)
            reading.ledger.say(scope, "/model", "enum", [slug], place)


# ---- headings, endpoint lines, sentences


def _heading(reading: Reading, block: Block) -> None:
    reading.paragraph = None
    if block.level <= 2 and reading.endpoints and reading.slug is None:
        reading.operation = reading.operation if len(reading.endpoints) == 1 else None


def _endpoint(reading: Reading, block: Block) -> bool:
    """Takes a fence that is an endpoint line: `POST /api/ai/queue`."""
    lines = block.text.strip().splitlines()
    found = _ENDPOINT.fullmatch(lines[0].strip()) if lines else None
    if found is None or (len(lines) > 1 and not re.match(r"[\w-]+:", lines[1])):
        return False
    say_endpoint(reading, found[1], found[2], found[3], block.place)
    return True


def say_endpoint(reading: Reading, method: str, server: str | None, path: str, place: Place) -> None:
    """What an endpoint line says, and that what follows is about it."""
    ledger = reading.ledger
    path = settled_path(path, reading.page)
    blocking = bool(re.search(r"\bsynchronous|blocks? until|/generate$", path + _after(reading.page, place)))
    name = operation_of(method, path, blocking=blocking)
    reading.operation = name
    reading.endpoints.append(name)
    if server:
        ledger.say(ENDPOINT, "/server", "server", server, place)
    for facet, value in (("presence", True), ("method", method), ("path", path)):
        ledger.say(request(name), "", facet, value, place)
    path_parameters(ledger, name, path, place)


def _after(page: Page, place: Place) -> str:
    """The first paragraph after a place."""
    later = (block.plain for block in page.of("paragraph") if block.place.line > place.line)
    return next(later, "")


def _sentence(reading: Reading, block: Block) -> None:
    ledger, text = reading.ledger, block.plain
    tabs = " ".join(block.tabs).lower()
    is_model = reading.slug is not None
    if re.search(r"block|long-running|synchronous", text):
        scope = "model" if is_model else "all_video_models"
        say_latency(ledger, text, block.place, mode="blocking", name="blocking", scope=scope)
    elif re.match(r"video generation", text, re.IGNORECASE) or "sync" in tabs:
        scope = "model" if is_model else "all_video_models"
        say_latency(ledger, text, block.place, mode="poll", name="queue", scope=scope)
    if not re.match(r"image generation", text, re.IGNORECASE):
        say_interval(ledger, text, block.place)
    say_observed(ledger, text, block.place)
    say_auth(ledger, block)
    if is_model:
        say_price(ledger, block)
    is_intro = len(block.place.headings) <= 1 or block.heading in ("overview", "model overview")
    if is_model and not block.tabs and is_intro:
        say_prose(ledger, [block])


# ---- tables


def _table(reading: Reading, table: Block) -> None:
    kind = kind_of_table(table)
    if kind == "parameters":
        section = _section(reading, table)
        if section == "answer":
            answer_tables.members(reading, table)
        elif section == "request":
            _request_table(reading, table)
        elif section in ("path", "query", "header"):
            _parameter_table(reading, table, section)
        elif section:
            reading.ledger.unplaced(f"table under {table.heading!r}", section, table.place)
    elif kind in ("statuses", "words"):
        answer_tables.status_table(reading, table, kind)
    elif kind == "properties":
        answer_tables.properties(reading, table)
    elif table.rows and table.rows[0]:
        answer_tables.other(reading, table)


def _section(reading: Reading, table: Block) -> str:
    """Which part of which message a parameter table lists; of what is not placed, why."""
    heading = table.heading
    for word in ("path", "query", "header"):
        if re.search(rf"\b{word}\b.*param|{word}s?$", heading):
            return word
    name = table.rows[0][columns(table)["name"]].plain.lower()
    if re.search(r"respon|output|return|fields|object|pricing|payload", heading) and "type" in columns(table):
        return "answer"
    if re.search(r"respon|fields|returns", heading):
        return "answer"
    if name == "input field" or _OPTIONAL_INPUT.search(reading.paragraph.plain if reading.paragraph else ""):
        return "of some models only"
    if re.search(r"request|input|param|body|arguments|options|field|schema", heading):
        return "request"
    return "its heading is not known"


def _requests(reading: Reading) -> list[str]:
    """The operations that a table of request parameters is about."""
    if reading.operation is not None:
        return [reading.operation]
    sent = [name for name, call in reading.calls.items() if isinstance(call.body, dict)]
    return sent or (["submit"] if reading.slug is not None or not reading.endpoints else [])


def _request_table(reading: Reading, table: Block) -> None:
    required = {"required": True, "optional": False, "additional": False}.get(table.heading.split(" ")[0])
    rows = list(shown_rows(table, required=required))
    for operation in _requests(reading):
        below = _below(reading, operation, rows)
        scope = request(operation)
        for shown in rows:
            _row(reading.ledger, scope, below, shown)
        passes_on = reading.slug is None and _passes_on(reading.page)
        if not passes_on:
            reading.ledger.listing(scope, below, _facets(reading, table), table.place)


def _passes_on(page: Page) -> bool:
    """Whether other parameters are taken too, as another page has them."""
    pattern = r"passed through to the model|Additional parameters vary|varies by model"
    return any(re.search(pattern, block.plain) for block in page.of("paragraph", "item"))


def _row(ledger: Ledger, scope: Scope, below: str, shown: Shown) -> None:
    parts = split_name(shown.name)
    for index in range(1, len(parts)):
        around = as_field(".".join(parts[:index]).replace(".*", "[]"), below=below)
        ledger.say(scope, around, "presence", True, shown.place, basis=Basis.READ)
    say_field(ledger, scope, as_field(shown.name, below=below), shown)


def _below(reading: Reading, operation: str, rows: list[Shown]) -> str:
    """The object of the body that holds the parameters of a table: `/input`, where the sample has it so."""
    call = reading.calls.get(operation)
    body = call.body if call is not None else None
    names = {shown.name for shown in rows}
    if not isinstance(body, dict) or names & body.keys():
        return ""
    holders = [name for name, value in body.items() if isinstance(value, dict) and names & value.keys()]
    return f"/{holders[0]}" if holders else ("/input" if isinstance(body.get("input"), dict) else "")


def _facets(reading: Reading, table: Block) -> frozenset[str]:
    """What such a table states of a parameter wherever there is one."""
    roles = columns(table)
    found = {"type"} & roles.keys() | {"default"} & roles.keys()
    if "required" in roles or table.heading.split(" ")[0] in ("required", "optional"):
        found.add("required")
    described = re.search(
        r"One of:|Range:|Format:", " ".join(cell.text for row in table.rows for cell in row)
    )
    if "constraints" in roles or described:
        found |= {"enum", "minimum", "maximum", "minLength", "maxLength"}
    return frozenset(found)


def _parameter_table(reading: Reading, table: Block, section: str) -> None:
    if reading.operation is None:
        reading.ledger.unplaced(f"table under {table.heading!r}", "no endpoint above it", table.place)
        return
    for shown in shown_rows(table, required=True if section == "path" else None):
        say_field(reading.ledger, request(reading.operation), f"{{{section}}}/{shown.name}", shown)


def _bodies(reading: Reading) -> None:
    """The objects that a model's page sends around the parameters of its table."""
    for operation, call in reading.calls.items():
        scope = Scope(operation=operation, direction=Direction.REQUEST)
        body = call.body
        if not isinstance(body, dict):
            continue
        place = reading.page.blocks[0].place
        for name, value in body.items():
            if isinstance(value, dict) and any(
                f.startswith(f"/{name}/") for f in reading.ledger.fields(scope)
            ):
                reading.ledger.say(scope, f"/{name}", "presence", True, place, basis=Basis.SAMPLE)
