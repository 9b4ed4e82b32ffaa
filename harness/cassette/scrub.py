"""Secrets out of recorded messages: by the values that were used, by name, and by how they look.

What takes their place keeps its type, and scrubbing what was scrubbed changes nothing: vcrpy's hooks run on
loading as well as on saving.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from harness.cassette.forms import PLACEHOLDER, usable, without
from harness.cassette.scrub_json import scrub_json, stand_in
from harness.cassette.secret_names import is_secret_name, normal, without_looks
from harness.spec.model import Spec
from harness.spec.pointer import split
from harness.wire.message import Delivery, Event, Exchange, HttpRequest, HttpResponse

__all__ = ["Scrubber"]

_MAX_ROUNDS = 8
_COOKIE = re.compile(r"(^|;\s*|,\s*)([^=;,\s]+)=([^;,]*)")
_COOKIE_TERMS = frozenset({"domain", "expires", "maxage", "path", "samesite", "version"})
_PART = re.compile(
    r'(name="(?P<name>[^"]*)"[^\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)(?P<value>.*?)(?=\r?\n--|\Z)', re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubber:
    """Takes secrets out of messages. `secrets` are the values in use; shown nowhere.

    `names` are further names of members and headers that hold secrets, as they are written.
    """

    secrets: tuple[str, ...] = field(default=(), repr=False)
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, specs: Iterable[Spec] = (), secrets: Iterable[str] = ()) -> Scrubber:
        """A scrubber that knows which headers and members of these specs carry keys and webhook secrets."""
        names = {normal(name) for spec in specs for name in _named_by(spec)}
        return cls(secrets=usable(secrets), names=frozenset(names))

    def exchange(self, exchange: Exchange) -> Exchange:
        """One request and its answer."""
        response = exchange.response
        return replace(
            exchange,
            request=self.request(exchange.request),
            response=None if response is None else self.response(response),
            error=None if exchange.error is None else self.text(exchange.error),
        )

    def request(self, request: HttpRequest) -> HttpRequest:
        """The request as anyone may see it."""
        return replace(
            request,
            url=self.text(request.url),
            headers=self.headers(request.headers),
            body=self.body(request.body, request.header("content-type")),
        )

    def response(self, response: HttpResponse) -> HttpResponse:
        """The answer as anyone may see it."""
        return replace(
            response,
            headers=self.headers(response.headers),
            body=self.body(response.body, response.header("content-type")),
        )

    def delivery(self, delivery: Delivery) -> Delivery:
        """The webhook call as anyone may see it."""
        headers = self.headers(delivery.headers)
        content_type = next((value for name, value in headers if name.lower() == "content-type"), None)
        return replace(delivery, headers=headers, body=self.body(delivery.body, content_type))

    def event(self, event: Event) -> Event:
        """The event as anyone may see it."""
        return replace(event, name=self.text(event.name), data=self.text(event.data))

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers, by name and by value."""
        return tuple((self.text(name), self._header(name, value)) for name, value in headers)

    def body(self, body: bytes, content_type: str | None = None) -> bytes:
        """A body of any kind; unchanged to the byte where nothing in it is secret."""
        try:
            text, coding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, coding = body.decode("latin-1"), "latin-1"
        if (content_type or "").lower().startswith("multipart/form-data"):
            cleaned = self.text(_PART.sub(self._part, text))
        else:
            cleaned = self.text(text)
        return body if cleaned == text else cleaned.encode(coding, "backslashreplace")

    def text(self, text: str) -> str:
        """Any text: an error message, a URL, JSON, a form, or a mixture of them."""
        return _settled(self._once, text)

    def _once(self, text: str) -> str:
        for secret in self.secrets:
            text = without(text, secret)
        if '"' in text:
            text = scrub_json(text, is_secret=self._is_secret, clean=self._inner)
        return without_looks(text, self.names)

    def _inner(self, text: str) -> str:
        """The content of a JSON string, which may be JSON again."""
        return self._once(text)

    def _is_secret(self, name: str) -> bool:
        return is_secret_name(name, self.names)

    def _header(self, name: str, value: str) -> str:
        if normal(name) in ("cookie", "setcookie"):
            return self.text(_COOKIE.sub(_cookie, value))
        return stand_in(value) if self._is_secret(name) else self.text(value)

    def _part(self, found: re.Match[str]) -> str:
        return found[1] + (stand_in(found["value"]) if self._is_secret(found["name"]) else found["value"])


def _settled(clean: Callable[[str], str], text: str) -> str:
    """Cleaned until nothing changes any more: what one step puts in, another may find."""
    for _ in range(_MAX_ROUNDS):
        cleaned = clean(text)
        if cleaned == text:
            return text
        text = cleaned
    return PLACEHOLDER


def _cookie(found: re.Match[str]) -> str:
    before, name, value = found.groups()
    return found[0] if normal(name) in _COOKIE_TERMS or not value else f"{before}{name}={PLACEHOLDER}"


def _named_by(spec: Spec) -> Iterable[str]:
    """The headers and members that a spec says carry a secret."""
    own = [operation.auth for operation in spec.operations.values() if operation.auth is not None]
    for auth in (spec.auth, *own):
        if auth.value is not None:
            yield auth.value.header
    webhook = spec.webhook.value
    if webhook is not None:
        if webhook.secret_header.value is not None:
            yield webhook.secret_header.value
        if webhook.secret_field.value is not None:
            yield split(webhook.secret_field.value)[-1]
