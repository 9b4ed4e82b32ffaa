"""Which operation a call is, and what its method, path, headers and body say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harness.docs.blocks import Page
from harness.docs.claims import Basis, Place, Scope
from harness.docs.ledger import ENDPOINT, Ledger
from harness.docs.samples import Call, auth_of, same_path
from harness.finding import Direction

__all__ = ["NAMED", "operation_of", "path_parameters", "request", "response", "say_call", "settled_path"]

NAMED: tuple[str, ...] = ("submit", "generate", "poll", "events", "cancel", "model")
"""The operations that a spec has names for."""

_VARIABLE = re.compile(r"\{([^{}]+)\}")
_COLON = re.compile(r"(?<=/):([a-zA-Z_]\w*)")


def request(operation: str) -> Scope:
    """What is sent."""
    return Scope(operation=operation, direction=Direction.REQUEST)


def response(operation: str | None, status: str) -> Scope:
    """An answer; of no operation when any may give it."""
    return Scope(operation=operation, direction=Direction.RESPONSE, status=status)


def operation_of(method: str, path: str, *, blocking: bool = False, query: tuple[str, ...] = ()) -> str:
    """The name of a call: one that specs know, or `METHOD path`."""
    last = path.rstrip("/").rpartition("/")[2]
    by_id = bool(_VARIABLE.search(path)) or any(re.fullmatch(r"(?:\w+_)?id", name) for name in query)
    if method == "GET":
        if last == "events":
            return "events"
        if re.search(r"/models?/", path) and by_id:
            return "model"
        return "poll" if by_id else f"GET {path}"
    if method == "DELETE" or (method == "POST" and last == "cancel"):
        return "cancel" if by_id else f"{method} {path}"
    if method == "POST" and not by_id:
        return "generate" if blocking else "submit"
    return f"{method} {path}"


def settled_path(path: str, page: Page) -> str:
    """The path with the names that the page gives to what is variable, wherever it shows it in lower case."""
    path = _COLON.sub(r"{\1}", path)
    for name in _VARIABLE.findall(path):
        if name.islower():
            continue
        before = re.escape(path.partition(f"{{{name}}}")[0])
        found = re.search(rf"{before}(?:\{{([a-z_]+)\}}|:([a-z_]+)\b)", page.text)
        if found is not None:
            path = path.replace(f"{{{name}}}", f"{{{found[1] or found[2]}}}")
    return path


def path_parameters(ledger: Ledger, operation: str, path: str, place: Place) -> None:
    """What is variable in a path is a parameter, and required."""
    for name in _VARIABLE.findall(path):
        field = f"{{path}}/{name}"
        for facet, value in (("presence", True), ("required", True), ("type", "string")):
            ledger.say(request(operation), field, facet, value, place, basis=Basis.SAMPLE)


def say_call(ledger: Ledger, operation: str, call: Call, place: Place) -> None:
    """What one call of a sample says."""
    scope = request(operation)
    if not any(same_path(call.path, known) for known in (ledger.value(scope, "", "path") or "",)):
        ledger.say(scope, "", "path", call.path, place, basis=Basis.SAMPLE)
    ledger.say(scope, "", "presence", True, place, basis=Basis.SAMPLE)
    ledger.say(scope, "", "method", call.method, place, basis=Basis.SAMPLE)
    path_parameters(ledger, operation, ledger.value(scope, "", "path"), place)
    for name in call.query:
        field = f"{{query}}/{name}"
        for facet, value in (("presence", True), ("required", True), ("type", "string")):
            ledger.say(scope, field, facet, value, place, basis=Basis.SAMPLE)
    ledger.say(ENDPOINT, "/server", "server", call.server, place, basis=Basis.SAMPLE)
    auth = auth_of(call.headers)
    if auth is not None:
        ledger.say(ENDPOINT, "/auth", "auth", auth, place, basis=Basis.SAMPLE)
    _content_type(ledger, scope, call.headers, call.body, place)


def _content_type(ledger: Ledger, scope: Scope, headers: Mapping[str, str], body: Any, place: Place) -> None:
    if body is None:
        return
    named = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
    if named is not None and "/" in named and "<" not in named:
        ledger.say(scope, "", "content_type", named, place, basis=Basis.SAMPLE)
    if isinstance(body, Mapping):
        ledger.say(scope, "", "type", "object", place, basis=Basis.SAMPLE)
