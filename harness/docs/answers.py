"""The answers of a page: headings and sentences that say which one is next, and samples of bodies."""

from __future__ import annotations

import re
from typing import Any

from harness.docs.answer_bodies import is_present, say_answer
from harness.docs.blocks import Block
from harness.docs.calls import request, response
from harness.docs.claims import Basis, Place, Scope
from harness.docs.ledger import ENDPOINT
from harness.docs.reading import Reading
from harness.docs.samples import json_body
from harness.docs.tables import http_status
from harness.docs.terms import estimate, say_limits
from harness.docs.vocabulary import status_meaning
from harness.docs.webhooks import PAYLOAD, say_webhook
from harness.finding import Direction

__all__ = ["finish", "heading", "sample", "sentence"]

_CODE = re.compile(r"`([^`]+)`")
_RETURNS = re.compile(r"\b(?:[Rr]eturns?|[Aa]nswers?(?: with)?) (?:a |an )?`?(\d{3})`?\b(.*)", re.DOTALL)
_ENDPOINT = re.compile(r"`(GET|POST|PUT|PATCH|DELETE)\s+(/[^\s`]+)`")
_ERROR_HEADING = re.compile(r"\berrors?\b|status codes")


def heading(reading: Reading, block: Block) -> None:
    """A heading says which answer comes next."""
    text, operation = block.plain.lower(), reading.operation
    status = http_status(text)
    reading.is_error = bool(_ERROR_HEADING.search(" ".join(block.place.headings).lower()))
    if text.startswith("event:"):
        reading.scope = Scope(
            operation=operation, direction=Direction.EVENT, status=block.plain.partition(":")[2].strip()
        )
    elif status is not None:
        reading.scope = response(None, status)
    elif reading.is_webhook and re.search(r"payload|prediction|succe|fail|complete", text):
        reading.scope = PAYLOAD
    elif "webhook" in text:
        reading.scope = None
    elif operation is not None and re.search(r"respon|returns", text) and not reading.is_error:
        reading.scope = response(operation, "404" if "not found" in text else "2XX")
    elif re.search(r"output schema|polling", text) and reading.slug is not None:
        reading.scope = response("poll", "2XX")
    elif block.level <= 2 or not re.search(r"field|values", text):
        reading.scope = None


def sentence(reading: Reading, block: Block) -> None:
    """A sentence that says something of an answer."""
    if reading.is_webhook or "webhook" in block.plain.lower() or reading.scope == PAYLOAD:
        reading.scope = say_webhook(reading, block) or reading.scope
    for method, path in _ENDPOINT.findall(block.text):
        if reading.slug is not None and method == "GET" and "{" in path:
            _shown_by(reading, path, block)
    found = _RETURNS.search(block.plain)
    if found is not None and reading.operation is not None and found[1][0] in "45":
        reading.scope = response(reading.operation, found[1])
        is_present(reading.ledger, reading.scope, block.place)
    _note(reading, block)
    for span in _CODE.findall(block.text):
        _error_body(reading, block, span)
    if reading.slug is not None:
        _model_member(reading, block)
        _estimated(reading, block)


def _shown_by(reading: Reading, path: str, block: Block) -> None:
    scope = response("poll", "2XX")
    known = reading.ledger.value(request("poll"), "", "path")
    if known is None:
        for facet, value in (("presence", True), ("method", "GET"), ("path", path)):
            reading.ledger.say(request("poll"), "", facet, value, block.place)
    if "output" in block.heading or "respon" in block.heading:
        reading.scope = scope
        is_present(reading.ledger, scope, block.place)


def _note(reading: Reading, block: Block) -> None:
    """Keeps what is said under an answer, for what its status means."""
    if reading.scope is None or reading.scope.direction is not Direction.RESPONSE:
        return
    if reading.scope.operation is None:
        reading.texts.setdefault(reading.scope, []).append((block.plain, block.place))
        say_limits(reading.ledger, block.plain, block.place)
    elif (found := _RETURNS.search(block.plain)) is not None and found[1] == reading.scope.status:
        said = f"{block.place.headings[-1] if block.place.headings else ''} {block.plain}"
        reading.texts.setdefault(reading.scope, []).append((said, block.place))


def _error_body(reading: Reading, block: Block, span: str) -> None:
    body = json_body(span)
    if isinstance(body, dict) and re.search(r"[Ee]rror body|errors? (?:is|are|return)", block.plain):
        reading.common = (body, block.place)


def _model_member(reading: Reading, block: Block) -> None:
    found = re.search(r"model object, including its `(\w+)`", block.text)
    if found is not None:
        scope = response("model", "2XX")
        is_present(reading.ledger, scope, block.place)
        for facet in ("presence", "required"):
            reading.ledger.say(scope, f"/{found[1]}", facet, True, block.place, basis=Basis.READ)


def _estimated(reading: Reading, block: Block) -> None:
    found = re.match(r"\**Estimated Processing Time:?\**:?\s*(\d+) seconds", block.plain)
    if found is not None:
        value = estimate(float(found[1]), float(found[1]), kind="estimate", mode="any")
        reading.ledger.say(ENDPOINT, "/latency/page", "estimate", value, block.place)


def sample(reading: Reading, block: Block) -> None:
    """A body that is shown under the answer."""
    if block.text.lstrip().startswith("event:"):
        _events(reading, block)
        return
    if not re.match(r"json|$", block.info, re.IGNORECASE):
        return
    body = json_body(block.text)
    if not isinstance(body, dict):
        return
    if reading.scope is None:
        _common_sample(reading, block, body)
        return
    if reading.scope.operation is None and reading.scope.direction is Direction.RESPONSE:
        reading.own.add(reading.scope.status or "")
    is_whole = reading.scope.direction is Direction.WEBHOOK or (reading.scope.status or "2")[0] in "45"
    say_answer(reading.ledger, reading.scope, body, block.place, required=is_whole or None)
    if not is_whole and reading.scope.operation == "poll" and reading.slug is not None:
        _finished(reading, body, block.place)


def _common_sample(reading: Reading, block: Block, body: dict[str, Any]) -> None:
    if reading.is_error:
        reading.common = (body, block.place)
    elif reading.slug is None:
        reading.ledger.unplaced("a JSON sample", "which message it is, its heading does not say", block.place)


def _finished(reading: Reading, body: dict[str, Any], place: Place) -> None:
    """The answer of a finished job on a model's page: what it holds is not there in every other one."""
    scope = response("poll", "2XX")
    for name in reading.ledger.fields(scope):
        required = name == "/status"
        reading.ledger.say(scope, name, "required", required, place, basis=Basis.READ)
    for name, value in body.items():
        if isinstance(value, str) and re.search(r"\bURL\b", value):
            reading.ledger.say(scope, f"/{name}", "format", "uri", place, basis=Basis.SAMPLE)


def _events(reading: Reading, block: Block) -> None:
    for name, data in re.findall(r"^event: (\S+)\ndata: (.*)$", block.text, re.MULTILINE):
        scope = Scope(operation="events", direction=Direction.EVENT, status=name)
        body = json_body(data)
        reading.ledger.say(scope, "", "presence", True, block.place)
        if body is not None:
            say_answer(reading.ledger, scope, body, block.place, required=None)


def finish(reading: Reading) -> None:
    """The body that all errors share, what statuses mean, and no more of an object than its table has."""
    for scope in reading.ledger.messages():
        if scope.direction is Direction.RESPONSE:
            reading.ledger.prune(scope)
    common = [
        s for s in reading.ledger.messages() if s.operation is None and (s.status or "")[:1] in ("4", "5")
    ]
    for scope in common if reading.common is not None else ():
        body, place = reading.common  # type: ignore[misc]
        if scope.status not in reading.own:
            say_answer(reading.ledger, scope, body, place, required=True)
    for scope, texts in reading.texts.items():
        meaning = status_meaning(scope.status or "", " ".join(text for text, _ in texts))
        if meaning:
            reading.ledger.say(scope, "", "meaning", meaning, texts[0][1], basis=Basis.STATED)
