"""The `x-` members of an OpenAPI export: documented facts that OpenAPI has no words for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.spec.facts import plain
from harness.spec.model import Contradiction, Spec, State, Stated, Webhook

__all__ = ["endpoint_terms", "fact", "webhook_terms", "without_empty"]


def endpoint_terms(spec: Spec) -> dict[str, Any]:
    """What is documented of the endpoint as a whole and has no place in OpenAPI."""
    limits: dict[str, Stated[Any]] = {"rate": spec.limits.rate, "concurrency": spec.limits.concurrency}
    output = {name: getattr(spec.output, name) for name in ("container", "resolution", "url_lifetime_s")}
    contradictions = {c.id: _contradiction(c) for c in spec.contradictions}
    return {
        **({"x-mapping": dict(spec.mapping)} if spec.mapping else {}),
        **_group("x-limits", limits),
        **fact("x-latency", spec.latency, _by_name),
        **fact("x-poll-interval", spec.poll_interval, _by_name),
        **_group("x-output", output),
        **fact("x-price", spec.price),
        **({"x-contradictions": contradictions} if contradictions else {}),
    }


def _contradiction(contradiction: Contradiction) -> dict[str, Any]:
    statements = [
        {"says": statement.says, "sources": [str(ref) for ref in statement.sources]}
        for statement in contradiction.statements
    ]
    example = {"example": contradiction.example} if contradiction.example else {}
    return {"meaning": contradiction.meaning, "statements": statements, **example}


def fact(name: str, stated: Stated[Any] | None, shape: Callable[[Any], Any] = plain) -> dict[str, Any]:
    """A member for a fact that is documented, with a value or as absent; none for one that is not."""
    if stated is None or stated.state is State.UNDOCUMENTED:
        return {}
    return {name: {"absent": True} if stated.state is State.ABSENT else shape(stated.value)}


def _group(name: str, members: Mapping[str, Stated[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member, stated in members.items():
        found.update(fact(member, stated))
    return {name: found} if found else {}


def _by_name(entries: Iterable[Any]) -> dict[str, Any]:
    return {entry.name: plain(entry) for entry in entries}


def without_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that say something."""
    return {name: value for name, value in members.items() if value not in (None, {}, [])}


def webhook_terms(webhook: Webhook) -> dict[str, Any]:
    """On what terms the provider calls back, as far as they are documented."""
    names = ("secret_field", "secret_header", "answer_within_s", "retries", "states_without_delivery")
    terms: dict[str, Any] = {"request_field": webhook.request_field}
    for name in names:
        terms.update(fact(name, getattr(webhook, name)))
    return terms
