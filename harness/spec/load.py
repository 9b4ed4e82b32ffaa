"""Located nodes -> a frozen `Spec`; every fault has file, line and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from harness.spec import yaml
from harness.spec.fields import (
    Fields,
    boolean,
    count,
    elements,
    fault,
    kind_of,
    number,
    one_of,
    pointer,
    read_refs,
    text,
)
from harness.spec.load_operations import OPERATIONS, read_errors, read_operations, read_payload, read_states
from harness.spec.model import (
    Auth,
    Concurrency,
    Contradiction,
    Latency,
    Limits,
    Model,
    Output,
    PollInterval,
    Price,
    Provider,
    Rate,
    Retries,
    Source,
    Spec,
    Statement,
    Webhook,
)
from harness.spec.node import Node
from harness.spec.pointer import last
from harness.spec.vocabulary import CANONICAL

__all__ = [
    "MODES",
    "build",
    "check_format",
    "date",
    "load_text",
    "read_auth",
    "read_refs",
    "spec_id",
    "spec_ref",
]

T = TypeVar("T")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*\Z")
_REF = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*(?:@[0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")
_SLOT = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_URL = re.compile(r"https?://[^\s/?#]+[^\s?#]*\Z")
MODES = ("poll", "blocking", "events", "any")


def load_text(content: str, file: str) -> Spec:
    """The baseline spec in a YAML text. Raises SourceError, with the first fault."""
    return build(yaml.parse(content, file), revision=None)


def build(root: Node, *, revision: str | None) -> Spec:
    """The spec in a (merged) spec document. Raises SourceError, with the first fault."""
    fields = Fields(root, "")
    _format(fields)
    spec = Spec(
        id=fields.required("id", spec_id),
        revision=revision,
        title=fields.required("title", text),
        provider=fields.required("provider", _provider),
        model=fields.required("model", _model),
        sources=fields.table("sources", _source, required=True),
        server=fields.required("server", _server),
        auth=fields.stated("auth", read_auth),
        operations=fields.required("operations", lambda node, at: read_operations(node, at, read_auth)),
        webhook=fields.stated("webhook", _webhook),
        errors=fields.stated("errors", read_errors),
        limits=fields.required("limits", _limits),
        latency=fields.stated("latency", _entries(_latency)),
        poll_interval=fields.stated("poll_interval", _entries(_poll_interval)),
        output=fields.required("output", _output),
        price=fields.stated("price", _price),
        mapping=fields.required("mapping", _mapping),
        contradictions=tuple(fields.table("contradictions", _contradiction).values()),
        root=root,
    )
    fields.finish()
    return spec


def _format(fields: Fields) -> None:
    fields.required("format", check_format)


def check_format(node: Node, at: str) -> int:
    """The version of the file format: 1."""
    if node.value != 1 or isinstance(node.value, bool):
        raise fault(f"{at}: expected 1, got {kind_of(node)}", node.mark)
    return 1


def matching(pattern: re.Pattern[str], what: str) -> Callable[[Node, str], str]:
    """A reader for a string of one form."""

    def read(node: Node, at: str) -> str:
        found = text(node, at)
        if not pattern.match(found):
            raise fault(f"{at}: expected {what}, got {found!r}", node.mark)
        return found

    return read


spec_id = matching(_ID, "PROVIDER/SLUG in lower case")
spec_ref = matching(_REF, "PROVIDER/SLUG or PROVIDER/SLUG@DATE in lower case")
date = matching(_DATE, "a date such as 2026-01-08")


def _provider(node: Node, at: str) -> Provider:
    fields = Fields(node, at)
    provider = Provider(
        name=fields.required("name", text),
        credential=fields.required("credential", matching(_SLOT, "a credential slot in lower case")),
    )
    fields.finish()
    return provider


def _model(node: Node, at: str) -> Model:
    fields = Fields(node, at)
    tier = fields.required("tier", text)
    model = Model(
        family=fields.required("family", text),
        version=fields.required("version", text),
        tier=None if tier == "undocumented" else tier,
        task=fields.required("task", text),
        name=fields.required("name", text),
    )
    fields.finish("source")
    return model


def _source(node: Node, at: str) -> Source:
    fields = Fields(node, at)
    kind = fields.required("kind", one_of(("document", "reported")))
    when = fields.required("date", text)
    digest = fields.maybe("digest", matching(_DIGEST, "sha256: and 64 hex digits"))
    if (digest is None) == (kind == "document"):
        rule = "a document needs a digest" if kind == "document" else "what is reported has no digest"
        raise fault(f"{at}: {rule}", node.name_mark)
    if when != "undocumented":
        fields.required("date", date)
    source = Source(
        id=last(at),
        kind=kind,
        title=fields.required("title", text),
        date=None if when == "undocumented" else when,
        digest=digest,
        url=fields.maybe("url", text),
    )
    fields.finish()
    return source


def _server(node: Node, at: str) -> str:
    fields = Fields(node, at)
    url = fields.required("url", matching(_URL, "a URL such as https://api.example.com"))
    fields.finish("source")
    return url.rstrip("/")


def read_auth(node: Node, at: str) -> Auth:
    """How a key travels."""
    fields = Fields(node, at)
    auth = Auth(
        scheme=fields.required("scheme", one_of(("bearer", "api_key"))),
        header=fields.required("header", text),
    )
    fields.finish("source")
    return auth


def _webhook(node: Node, at: str) -> Webhook:
    fields = Fields(node, at)
    webhook = Webhook(
        request_field=fields.required("request_field", pointer),
        secret_field=fields.stated("secret_field", _member("pointer", pointer)),
        secret_header=fields.stated("secret_header", _member("value", text)),
        answer_within_s=fields.stated("answer_within_s", _member("value", number)),
        retries=fields.stated("retries", _retries),
        states_without_delivery=fields.stated("states_without_delivery", _member("value", read_states)),
        payload=fields.required("payload", read_payload),
        at=at,
    )
    fields.finish("source")
    return webhook


def _retries(node: Node, at: str) -> Retries:
    fields = Fields(node, at)
    retries = Retries(
        attempts=fields.required("attempts", count), spacing_s=fields.maybe("spacing_s", number)
    )
    fields.finish("source")
    return retries


def _member(name: str, read: Callable[[Node, str], T]) -> Callable[[Node, str], T]:
    """A reader for a mapping of one member and its source."""

    def read_member(node: Node, at: str) -> T:
        fields = Fields(node, at)
        value = fields.required(name, read)
        fields.finish("source")
        return value

    return read_member


def _limits(node: Node, at: str) -> Limits:
    fields = Fields(node, at)
    limits = Limits(rate=fields.stated("rate", _rate), concurrency=fields.stated("concurrency", _concurrency))
    fields.finish("source")
    return limits


def _rate(node: Node, at: str) -> Rate:
    fields = Fields(node, at)
    rate = Rate(
        requests=fields.required("requests", count),
        per_s=fields.required("per_s", number),
        operation=fields.maybe("operation", one_of(OPERATIONS)),
        scope=fields.maybe("scope", text),
    )
    fields.finish("source")
    return rate


def _concurrency(node: Node, at: str) -> Concurrency:
    fields = Fields(node, at)
    limit = Concurrency(jobs=fields.required("jobs", count), scope=fields.maybe("scope", text))
    fields.finish("source")
    return limit


def _entries(read: Callable[[Node, str], T]) -> Callable[[Node, str], tuple[T, ...]]:
    """A reader for a table of named entries."""

    def read_all(node: Node, at: str) -> tuple[T, ...]:
        fields = Fields(node, at)
        names = [name for name in node.mapping if name != "source"]
        entries = tuple(fields.required(name, read) for name in names)
        fields.finish("source")
        return entries

    return read_all


def _span(fields: Fields) -> tuple[float, float]:
    """`value_s`, or `min_s` and `max_s`."""
    value_s = fields.maybe("value_s", number)
    if value_s is not None:
        return value_s, value_s
    min_s, max_s = fields.required("min_s", number), fields.required("max_s", number)
    if min_s > max_s:
        raise fault(f"{fields.at}: min_s {min_s} is above max_s {max_s}", fields.node.mapping["min_s"].mark)
    return min_s, max_s


def _latency(node: Node, at: str) -> Latency:
    fields = Fields(node, at)
    min_s, max_s = _span(fields)
    latency = Latency(
        name=last(at),
        kind=fields.required("kind", one_of(("estimate", "observed_once", "range"))),
        mode=fields.required("mode", one_of(MODES)),
        min_s=min_s,
        max_s=max_s,
        open_ended=fields.optional("open_ended", boolean, False),
        scope=fields.optional("scope", text, "model"),
        at=at,
    )
    fields.finish("source")
    return latency


def _poll_interval(node: Node, at: str) -> PollInterval:
    fields = Fields(node, at)
    min_s, max_s = _span(fields)
    fields.finish("source")
    return PollInterval(name=last(at), min_s=min_s, max_s=max_s, at=at)


def _output(node: Node, at: str) -> Output:
    fields = Fields(node, at)
    output = Output(
        container=fields.stated("container", _member("value", text)),
        resolution=fields.stated("resolution", _member("value", text)),
        url_lifetime_s=fields.stated("url_lifetime_s", _member("value", _lifetime)),
    )
    fields.finish("source")
    return output


def _lifetime(node: Node, at: str) -> float | str:
    if node.value == "limited":
        return "limited"
    if isinstance(node.value, str):
        raise fault(f"{at}: expected a number of seconds or the word limited, got {kind_of(node)}", node.mark)
    return number(node, at)


def _price(node: Node, at: str) -> Price:
    fields = Fields(node, at)
    if "obtainable" in node.mapping:
        operation, where = fields.required("obtainable", _obtainable)
        fields.finish("source")
        return Price(currency=None, unit=None, amount=None, operation=operation, pointer=where)
    price = Price(
        currency=fields.required("currency", text),
        unit=fields.required("unit", one_of(("video", "second"))),
        amount=fields.required("amount", number),
        operation=None,
        pointer=None,
    )
    fields.finish("source")
    return price


def _obtainable(node: Node, at: str) -> tuple[str, str]:
    fields = Fields(node, at)
    found = fields.required("operation", one_of(OPERATIONS)), fields.required("pointer", pointer)
    fields.finish("source")
    return found


def _mapping(node: Node, at: str) -> dict[str, str]:
    fields = Fields(node, at)
    found = {word: fields.maybe(word, pointer) for word in CANONICAL}
    fields.finish()
    return {word: where for word, where in found.items() if where is not None}


def _contradiction(node: Node, at: str) -> Contradiction:
    fields = Fields(node, at)
    found_by = fields.required("found_by", one_of(("example", "reader")))
    by_example = found_by == "example"
    contradiction = Contradiction(
        id=last(at),
        found_by=found_by,
        meaning=fields.required("meaning", text),
        statements=fields.required("statements", _statements),
        about=fields.maybe("about", pointer),
        example=fields.required("example", text) if by_example else None,
        violates=fields.required("violates", _violates) if by_example else (),
        at=at,
    )
    fields.finish()
    return contradiction


def _statements(node: Node, at: str) -> tuple[Statement, ...]:
    if len(node.sequence) < 2:
        raise fault(f"{at}: expected at least two statements", node.name_mark)
    return tuple(_statement(child, f"{at}/{index}") for index, child in enumerate(node.sequence))


def _statement(node: Node, at: str) -> Statement:
    fields = Fields(node, at)
    statement = Statement(says=fields.required("says", text), sources=fields.required("source", read_refs))
    fields.finish()
    return statement


def _violates(node: Node, at: str) -> tuple[tuple[str, str], ...]:
    return tuple(_violation(child, f"{at}/{index}") for index, child in enumerate(elements(node, at)))


def _violation(node: Node, at: str) -> tuple[str, str]:
    fields = Fields(node, at)
    where = fields.required("pointer", lambda child, path: "" if child.value == "" else pointer(child, path))
    facet = fields.required("facet", text)
    fields.finish()
    return where, facet
