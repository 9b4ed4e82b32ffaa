"""How sample code reads answers: which members it takes for the id, the status, the video, the error."""

from __future__ import annotations

import re

from harness.docs.blocks import Block
from harness.docs.calls import response
from harness.docs.claims import Basis, Place, Scope
from harness.docs.jobs import say_states
from harness.docs.ledger import Ledger
from harness.docs.vocabulary import STATE_WORDS

__all__ = ["say_code"]

_STEPS = re.compile(r"\.json\(\)(?P<steps>(?:\[(?:\"\w+\"|'\w+'|\d+)\]){2,})")
_STEP = re.compile(r"\[[\"']?(\w+)[\"']?\]")
_SET = re.compile(r"\b(?:in|==)\s*[({\[](?P<words>(?:\s*[\"']\w+[\"'],?)+)\s*[)}\]]")
_CASE = re.compile(r"case \$\w+ in ([\w|]+)\)")
_READS = re.compile(r"\b(?:data|response_data|job|result|d)(?:\.get\()?\[?\(?[\"'](?P<name>\w+)[\"']")


def say_code(ledger: Ledger, block: Block, submit: str, poll: str) -> None:
    """What a sample in Python or in a shell reads out of the answers of two calls."""
    submitted, polled = response(submit, "2XX"), response(poll, "2XX")
    for found in _STEPS.finditer(block.text):
        _say_steps(ledger, submitted, _STEP.findall(found["steps"]), block.place)
    words = [word for text in _words(block.text) for word in re.findall(r"\w+", text)]
    known = [word for word in words if word in STATE_WORDS]
    if not known:
        return
    ledger.say(polled, "", "presence", True, block.place, basis=Basis.READ)
    ledger.say(polled, "", "content_type", "application/json", block.place, basis=Basis.READ)
    _say_read(ledger, polled, block)
    say_states(ledger, polled, known, block.place)


def _words(text: str) -> list[str]:
    return [found["words"] for found in _SET.finditer(text)] + _CASE.findall(text)


def _say_steps(ledger: Ledger, scope: Scope, steps: list[str], place: Place) -> None:
    pointer = "".join(f"/{step}" for step in steps)
    field = "".join(f"/{'*' if step.isdecimal() else step}" for step in steps)
    for facet, value in (("presence", True), ("required", True), ("type", "string")):
        ledger.say(scope, field, facet, value, place, basis=Basis.READ)
    ledger.say(scope, "", "job.id", pointer, place, basis=Basis.READ)


def _say_read(ledger: Ledger, scope: Scope, block: Block) -> None:
    names = {found["name"] for found in _READS.finditer(block.text)}
    for facet, candidates in (
        ("job.status", ("status",)),
        ("job.output", ("result_url", "output", "video_url")),
        ("job.error", ("error_message", "logs")),
    ):
        name = next((each for each in candidates if each in names), None)
        if name is not None:
            value = [f"/{name}"] if facet == "job.error" else f"/{name}"
            ledger.say(scope, "", facet, value, block.place, basis=Basis.READ)
