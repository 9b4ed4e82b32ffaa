"""What a page says of the provider's calls back: the parameter, the payload, the terms."""

from __future__ import annotations

import re

from harness.docs.blocks import Block
from harness.docs.calls import request, response
from harness.docs.claims import Basis, Scope
from harness.docs.ledger import Ledger
from harness.docs.phrases import type_of, values_of
from harness.docs.reading import Reading
from harness.finding import Direction

__all__ = ["PAYLOAD", "say_webhook", "say_webhook_retries"]

PAYLOAD = Scope(operation=None, direction=Direction.WEBHOOK)
"""The scope of the body that the provider sends."""

_FIELD = re.compile(r"`\"?(webhook_url|callback_url)\"?(?:\"?:[^`]*)?`")
_SENDS = re.compile(r"POSTs? (?:this payload|to your|the result)|payload", re.IGNORECASE)
_WITHIN = re.compile(r"within (\d+) seconds", re.IGNORECASE)
_ATTEMPTS = re.compile(
    r"(?:attempted|up to) (?:up to )?(\d+) times?\b.*?(?:spaced\D*(\d+) seconds)?(?:\.|$)", re.DOTALL
)
_SPACED = re.compile(r"spaced\D*(\d+) seconds")
_SECRET_HEADER = re.compile(r"`(X-[\w-]*(?:Secret|Signature))` header")
_WORDS = re.compile(r"(?:`status` is|status vocabulary:)\s*((?:`\"?\w+\"?`(?:,| or)?\s*)+)")
_EQUALS = re.compile(r"`(\w+)` (?:equals|is) the `(\w+)`")
_SHAPES = re.compile(r"`(\w+)`.*\((string(?:, ?| ?or |, or |array|object)+)\)")


def say_webhook(reading: Reading, block: Block) -> Scope | None:
    """Takes what a sentence says of webhooks; the payload's scope where the payload comes next."""
    ledger, text, place = reading.ledger, block.text, block.place
    named = _FIELD.search(text)
    if named is not None and not ledger.value(PAYLOAD, "", "request_field"):
        field = f"/{named[1]}"
        ledger.say(PAYLOAD, "", "presence", True, place)
        ledger.say(PAYLOAD, "", "request_field", field, place)
        if reading.slug is not None and re.search(r"create request", text):
            ledger.say(request("submit"), field, "presence", True, place)
            ledger.say(request("submit"), field, "required", False, place)
    _say_terms(ledger, block)
    _say_members(ledger, block)
    if reading.is_webhook:
        return None
    return PAYLOAD if named is not None and _SENDS.search(block.plain) else None


def _say_terms(ledger: Ledger, block: Block) -> None:
    within, times = _WITHIN.search(block.plain), _ATTEMPTS.search(block.plain)
    if within is not None:
        ledger.say(PAYLOAD, "", "answer_within_s", float(within[1]), block.place)
    if times is not None:
        spaced = _SPACED.search(block.plain)
        spacing = {"spacing_s": float(spaced[1])} if spaced is not None else {}
        ledger.say(PAYLOAD, "", "retries", {"attempts": int(times[1]), **spacing}, block.place)
    header = _SECRET_HEADER.search(block.text)
    if header is not None:
        ledger.say(PAYLOAD, "", "secret_header", header[1], block.place)
    if re.search(r"cancell?ations? do(?:es)? not trigger", block.plain):
        ledger.say(PAYLOAD, "", "states_without_delivery", ["cancelled"], block.place)


def _say_members(ledger: Ledger, block: Block) -> None:
    words = _WORDS.search(block.text)
    if words is not None:
        ledger.say(PAYLOAD, "/status", "enum", values_of(words[1], "string"), block.place)
    same = _EQUALS.search(block.text)
    if same is not None:
        submit = response("submit", "2XX")
        ledger.say(submit, "", "job.id", f"/{same[2]}", block.place, basis=Basis.READ)
    shapes = _SHAPES.search(block.text)
    if shapes is not None:
        kind = type_of(re.sub(r",? or ", " | ", shapes[2]))[0]
        ledger.say(PAYLOAD, f"/{shapes[1]}", "type", kind, block.place)


def say_webhook_retries(ledger: Ledger, table: Block) -> None:
    """A table of retries: one row each, after the first attempt."""
    retries = [row for row in table.rows[1:] if "retry" in row[0].plain.lower()]
    attempts = len(retries) + 1 if retries else len(table.rows) - 1
    ledger.say(PAYLOAD, "", "retries", {"attempts": attempts}, table.place)
