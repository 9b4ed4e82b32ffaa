"""The tables of a page that are about answers: members, HTTP statuses, status words, figures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.docs.answer_bodies import is_present, say_answer
from harness.docs.blocks import Block
from harness.docs.calls import response
from harness.docs.claims import Basis, Place, Scope
from harness.docs.fields import Shown, as_field, say_field, split_name
from harness.docs.ledger import ENDPOINT
from harness.docs.phrases import values_of
from harness.docs.reading import Reading
from harness.docs.samples import json_body
from harness.docs.tables import columns, http_status, shown_rows
from harness.docs.terms import estimate, say_limits
from harness.docs.vocabulary import state_of
from harness.docs.webhooks import say_webhook_retries
from harness.finding import Direction
from harness.spec.model import JobState
from harness.spec.pointer import join

__all__ = ["members", "other", "properties", "status_table"]

_CODE = re.compile(r"`([^`]+)`")
_ONLY_WORDS = re.compile(r"\W*`[^`]+`(?:(?:,| or| and|, or|,? and)?\s*`[^`]+`)*\W*(?:\.|$)")
_ALWAYS = re.compile(r"(?:Always|Only these \w+ values appear)?\s*`\"([\w-]+)\"`")
_IDENTIFIER = re.compile(r"[a-z_][a-zA-Z_]*")


def members(reading: Reading, table: Block) -> None:
    """A table of the members of an answer."""
    scope = reading.scope or _event_scope(reading) or _default_scope(reading)
    if scope is None:
        reading.ledger.unplaced(f"table under {table.heading!r}", "which answer it is about", table.place)
        return
    if scope.direction is not Direction.EVENT:
        is_present(reading.ledger, scope, table.place)
    known = reading.ledger.fields(scope)
    reading.ledger.say(scope, "", "type", "object", table.place, basis=Basis.READ)
    for shown in shown_rows(table):
        field = _member_field(shown, known)
        _around(reading, scope, field, shown.place)
        say_field(reading.ledger, scope, field, shown)
        _words_of_member(reading, scope, field, shown)
    facets = ("type",) if "type" in columns(table) else ()
    for around in dict.fromkeys(field.rpartition("/")[0] for field in reading.ledger.fields(scope)):
        reading.ledger.listing(scope, around, facets, table.place)


def _default_scope(reading: Reading) -> Scope | None:
    return response(reading.operation, "2XX") if reading.operation is not None else None


def _event_scope(reading: Reading) -> Scope | None:
    names = [s for s in reading.ledger.messages() if s.direction is Direction.EVENT]
    return names[-1] if names and reading.operation == "events" else None


def _around(reading: Reading, scope: Scope, field: str, place: Place) -> None:
    parts = field.split("/")[1:-1]
    for index, _ in enumerate(parts):
        around = "/" + "/".join(parts[: index + 1])
        reading.ledger.say(scope, around, "presence", True, place, basis=Basis.READ)
        if parts[index] != "*" and parts[index + 1 : index + 2] != ["*"]:
            reading.ledger.say(scope, around, "type", "object", place, basis=Basis.READ)


def _words_of_member(reading: Reading, scope: Scope, field: str, shown: Shown) -> None:
    """The values that a description lists: "`queued`, `done`, or `failed`"."""
    kind = reading.ledger.value(scope, field, "type")
    head = _ONLY_WORDS.match(shown.description) or _ALWAYS.match(shown.description)
    inner = re.search(r"\((`[\w-]+`(?:,? (?:or )?`[\w-]+`)+)\)", shown.description)
    if kind not in (None, "string") or (head is None and inner is None):
        return
    text = inner[1] if head is None and inner is not None else (head[0] if head is not None else "")
    values = [value for value in values_of(text, "string") if value is not None]
    if values and values != ["null"]:
        reading.ledger.say(scope, field, "enum", values, shown.place)


def status_table(reading: Reading, table: Block, kind: str) -> None:
    """A table of HTTP statuses, or of the words of a job's status."""
    if kind == "statuses":
        _statuses(reading, table)
    else:
        _status_words(reading, table)


def _statuses(reading: Reading, table: Block) -> None:
    roles = columns(table)
    spoken = [reading.operation] if reading.operation is not None else reading.endpoints
    is_common = reading.slug is not None or not spoken
    owners: list[str | None] = [None] if is_common else list(dict.fromkeys(spoken))
    for row, owner in ((row, owner) for row in table.rows[1:] for owner in owners):
        status = http_status(row[roles["status"]].plain)
        if status is None:
            continue
        scope, place = response(owner, status), row[roles["status"]].place
        is_present(reading.ledger, scope, place)
        body = json_body(row[roles["body"]].plain) if "body" in roles else None
        if body is not None:
            say_answer(reading.ledger, scope, body, place, required=True)
            reading.own.add(status)
        said = " ".join(cell.plain for index, cell in enumerate(row) if index != roles.get("body"))
        reading.texts.setdefault(scope, []).append((said, place))
        if status == "429":
            say_limits(reading.ledger, said, place)


def _status_words(reading: Reading, table: Block) -> None:
    operation = "poll" if reading.slug is not None else reading.operation
    if operation != "poll":
        reading.ledger.unplaced(f"table under {table.heading!r}", "whose status it is", table.place)
        return
    scope, roles = response("poll", "2XX"), columns(table)
    words = [row[roles["status"]].plain for row in table.rows[1:]]
    is_present(reading.ledger, scope, table.place)
    for facet, value in (("presence", True), ("type", "string"), ("enum", words)):
        reading.ledger.say(scope, "/status", facet, value, table.place)
    reading.ledger.say(scope, "/status", "required", True, table.place, basis=Basis.READ)
    for row in table.rows[1:]:
        meaning = " ".join(cell.text for index, cell in enumerate(row) if index != roles["status"])
        _word(reading, scope, row[roles["status"]].plain, meaning, row[0].place)


def _word(reading: Reading, scope: Scope, word: str, meaning: str, place: Place) -> None:
    """A word, and the members that its row says to read."""
    state = state_of(word)
    if state is not None:
        reading.ledger.say(scope, join([word]), "job.states", state.value, place, basis=Basis.READ)
    read = [name for name in _CODE.findall(meaning) if _IDENTIFIER.fullmatch(name)]
    for name in read:
        reading.ledger.say(scope, f"/{name}", "presence", True, place, basis=Basis.READ)
        reading.ledger.say(scope, f"/{name}", "required", False, place, basis=Basis.READ)
    if read and state is JobState.FAILED:
        pointers = [f"/{name}" for name in read]
        reading.ledger.say(scope, "", "job.error", pointers, place, basis=Basis.READ)


def properties(reading: Reading, table: Block) -> None:
    """A table of names and values about the model."""
    roles = columns(table)
    for row in table.rows[1:]:
        found = re.match(r"(\d+) seconds", row[roles["value"]].plain)
        if found is not None and re.search(r"time|latency|speed", row[roles["name"]].plain, re.IGNORECASE):
            value = estimate(float(found[1]), float(found[1]), kind="estimate", mode="any")
            reading.ledger.say(ENDPOINT, "/latency/page", "estimate", value, row[0].place)


def other(reading: Reading, table: Block) -> None:
    """A table of another kind: attempts of a webhook, or something to be listed."""
    header = [cell.plain.lower() for cell in table.rows[0]]
    if reading.is_webhook and "attempt" in header:
        say_webhook_retries(reading.ledger, table)
    elif header[:1] != ["metric"]:
        reading.ledger.unplaced(f"table {' | '.join(header)}", "not a kind of table known here", table.place)


def _member_field(shown: Shown, known: Iterable[str]) -> str:
    """Where a member stands: at the top, or in the list that the sample has it in."""
    field = as_field(shown.name)
    fields = list(known)
    if field in fields or len(split_name(shown.name)) > 1:
        return field
    below = [each for each in fields if re.fullmatch(rf"/\w+/\*{re.escape(field)}", each)]
    return below[0] if len(below) == 1 else field
