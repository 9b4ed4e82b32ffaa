"""The verdict on one probe's answer. What was not served is inconclusive, never drift."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from harness.check.body import Judges
from harness.check.response import response_findings
from harness.client.answer import Answer, Flaw
from harness.finding import Direction, Finding, Location
from harness.probe.plan import Kind, Probe
from harness.probe.rules import rule
from harness.spec.facts import plain
from harness.spec.model import Auth, Response, Spec
from harness.wire.message import HttpResponse

__all__ = [
    "GONE",
    "body_findings",
    "finding",
    "judge_key",
    "judge_unknown_job",
    "judge_wrong_method",
    "key_elsewhere",
    "unserved",
]

GONE = frozenset({"wire.path-gone", "wire.method-refused", "wire.model-gone"})
"""After one of these, nothing more can be asked of the call."""

_OUTAGE = frozenset({402, 408, 425, 429})
_REFUSED = frozenset({401, 403})
_UNREAD = frozenset({400, 411, 413, 415, 422})  # the body was looked at first; there was none


def finding(
    probe: Probe,
    rule_id: str,
    message: str,
    *,
    facet: str = "status",
    expected: Any = None,
    observed: Any = None,
    at: str | None = None,
) -> Finding:
    """A finding on a probe; `at` is the place of what the spec says of it."""
    spec = probe.spec
    operation = spec.operations.get(probe.operation or "")
    at = at or (operation.at if operation is not None else "/server/url")
    return Finding(
        rule=rule(rule_id),
        message=f"{probe.name}: {message}",
        field="",
        model=spec.ref,
        operation=probe.operation,
        direction=Direction.RESPONSE,
        facet=facet,
        expected=expected,
        observed=observed,
        source=spec.location_at(at),
        subject=Location(document=f"probe {probe.name}"),
    )


def unserved(probe: Probe, answer: Answer) -> Finding | None:
    """The finding where the probe was not served, else None."""
    response = answer.response
    if response is None or answer.flaw in (Flaw.NO_ANSWER, Flaw.OVER_LIMIT):
        return _unavailable(probe, answer.error or "no answer", None)
    status = response.status
    if status in _OUTAGE or status >= 500:
        return _unavailable(probe, f"status {status}", status)
    if probe.kind is Kind.REACH:
        return None
    if 300 <= status < 400:
        return _unavailable(probe, f"status {status}, sent on to another address", status)
    if _is_page(response):
        return _unavailable(probe, f"status {status} with a page for people, not the API's answer", status)
    return None


def _unavailable(probe: Probe, words: str, status: int | None) -> Finding:
    message = f"{words}; nothing can be said of the contract"
    return finding(probe, "wire.unavailable", message, facet="availability", observed=status)


def _is_page(response: HttpResponse) -> bool:
    """Whether a gateway or a guard speaks in place of the API."""
    kind = (response.header("content-type") or "").partition(";")[0].strip().lower()
    return kind == "text/html" or response.body[:200].lstrip().lower().startswith((b"<!doctype", b"<html"))


def judge_key(
    probe: Probe, response: HttpResponse, nowhere: HttpResponse | None, judges: Judges
) -> Iterator[Finding]:
    """A call without a key, or with a wrong one. `nowhere` is how a path that does not exist is answered."""
    status, which = response.status, f"{probe.method} {probe.path}"
    if status in _REFUSED:
        yield from _refusal(probe, response, judges)
    elif status == 405:
        message = f"{which}: status 405, the method is refused"
        yield finding(
            probe, "wire.method-refused", message, facet="method", expected=probe.method, observed=status
        )
    elif status in (404, 410) and (probe.kind is Kind.NO_KEY) and _looks_like(response, nowhere):
        message = f"{which}: status {status}, as any path that does not exist"
        yield finding(probe, "wire.path-gone", message, facet="path", expected=probe.path, observed=status)
    elif status < 300 or status in (404, 410):
        message = f"{which}: expected that the key is refused, got status {status}: nobody asked for it"
        yield finding(
            probe, "wire.key-not-needed", message, facet="auth", expected=_auth(probe), observed=status
        )
    elif not (status in _UNREAD and probe.method == "POST"):
        yield from _refusal(probe, response, judges)


def _auth(probe: Probe) -> Any:
    own = probe.spec.operations[probe.operation or ""].auth
    return plain((own if own is not None else probe.spec.auth).value)


def _refusal(probe: Probe, response: HttpResponse, judges: Judges) -> Iterator[Finding]:
    """The documented refusal, where one is documented; else any that says so."""
    documented = _documented(probe, 401)
    if documented is None or not documented.status.isdecimal():
        return
    if _documented(probe, response.status) is None or response.status not in _REFUSED:
        yield finding(
            probe,
            "wire.refusal-status",
            f"expected status 401 as documented, got {response.status}",
            expected=401,
            observed=response.status,
            at=documented.at,
        )
        return
    yield from body_findings(probe, response, judges)


def judge_unknown_job(probe: Probe, response: HttpResponse, judges: Judges) -> Iterator[Finding]:
    """A job that nobody has, asked for with the operator's key."""
    documented = _documented(probe, 404)
    if documented is None:
        return  # how it is answered is not documented
    if response.status == 404:
        yield from body_findings(probe, response, judges)
    elif documented.status.isdecimal() or response.status // 100 != 4:
        yield finding(
            probe,
            "wire.unknown-job-status",
            f"expected status {documented.status} as documented, got {response.status}",
            expected=documented.status,
            observed=response.status,
            at=documented.at,
        )
    else:
        yield from body_findings(probe, response, judges)


def judge_wrong_method(probe: Probe, response: HttpResponse) -> Iterator[Finding]:
    """A method that no document names, without key and body."""
    if response.status < 300:
        message = f"{probe.method} {probe.path}: status {response.status}; no document names this method"
        yield finding(probe, "wire.wrong-method-accepted", message, facet="method", observed=response.status)


def body_findings(probe: Probe, response: HttpResponse, judges: Judges) -> Iterator[Finding]:
    """Every fault of the body against the documented one."""
    yield from response_findings(
        probe.spec,
        probe.operation or "",
        response.status,
        response.body,
        subject=Location(document=f"probe {probe.name}"),
        judges=judges,
        content_type=response.header("content-type"),
    )


def key_elsewhere(probe: Probe, way: Auth, status: int) -> Finding:
    """The key is taken in another place than documented."""
    spec: Spec = probe.spec
    documented = _auth(probe)
    message = (
        f"the key is refused as {_words(documented)} and taken as {_words(plain(way))} (status {status})"
    )
    at = spec.auth.at
    return finding(
        probe, "wire.key-elsewhere", message, facet="auth", expected=documented, observed=plain(way), at=at
    )


def _words(auth: Any) -> str:
    return f"{auth['scheme']} in {auth['header']}" if isinstance(auth, dict) else "no key"


def _documented(probe: Probe, status: int) -> Response | None:
    return probe.spec.responses_for(probe.operation or "", status)


def _looks_like(response: HttpResponse, nowhere: HttpResponse | None) -> bool:
    """Whether two answers have the same status and bodies of the same form."""
    if nowhere is None or response.status != nowhere.status:
        return False
    return bool(_form(response.body) == _form(nowhere.body))


def _form(body: bytes) -> Any:
    """The names in a JSON body, without its values; of another body that it is none."""
    try:
        return _names(json.loads(body))
    except (ValueError, RecursionError):
        return "no JSON" if body.strip() else "empty"


def _names(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _names(member) for name, member in sorted(value.items())}
    return type(value).__name__
