"""The body of one answer as a sample shows it."""

from __future__ import annotations

from typing import Any

from harness.docs.claims import Basis, Place, Scope
from harness.docs.ledger import Ledger
from harness.docs.samples import say_body
from harness.finding import Direction

__all__ = ["is_present", "say_answer"]


def is_present(ledger: Ledger, scope: Scope, place: Place) -> None:
    """The page speaks of this answer."""
    ledger.say(scope, "", "presence", True, place)


def say_answer(ledger: Ledger, scope: Scope, body: Any, place: Place, *, required: bool | None) -> None:
    """A body that is shown. `required`: whether it is the whole of it, each member always there."""
    if scope.direction is not Direction.EVENT:
        ledger.say(scope, "", "presence", True, place, basis=Basis.SAMPLE)
    if scope.direction is Direction.RESPONSE:
        ledger.say(scope, "", "content_type", "application/json", place, basis=Basis.READ)
    say_body(ledger, scope, body, place, required=required)
    status = body.get("status") if isinstance(body, dict) else None
    if (scope.status or "")[:1] in ("4", "5") and isinstance(status, str):
        ledger.say(scope, "/status", "enum", [status], place, basis=Basis.SAMPLE)
    if required:
        ledger.listing(scope, "", ("type",), place)
