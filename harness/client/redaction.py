"""Taking secrets out of whatever leaves the client: messages, logs, recorded exchanges.

A secret is found as it is, percent-encoded, as a JSON string writes it, and in base64 at any of the three
alignments at which longer text may hold it.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from harness.finding import Finding
from harness.wire.message import Delivery, Event, Exchange, HttpRequest, HttpResponse

__all__ = ["MARK", "Redactor", "forms"]

MARK = "REDACTED"
"""What stands where a secret stood."""

_SHORTEST = 8
"""Shorter texts are no secrets and stand in too many words to be taken out of bodies."""

_LEFT_AS_THEY_ARE = ("", "/", "/:", "/:@", "~", "/~", "!*'()", "!$&'()*+,;=:@/?")
"""Characters that one or the other writer of URLs does not encode."""

_ESCAPE = re.compile("%[0-9A-F]{2}")


def forms(secret: str) -> Iterator[str]:
    """Every form in which a secret is looked for, the longest first."""
    raw = secret.encode()
    written = json.dumps(secret)[1:-1]
    found = {secret, quote_plus(secret), written, written.replace("/", "\\/")}
    for safe in _LEFT_AS_THEY_ARE:
        upper = quote(secret, safe=safe)
        found |= {upper, _ESCAPE.sub(lambda escape: escape[0].lower(), upper)}
    for coded in (base64.b64encode, base64.urlsafe_b64encode):
        found.add(coded(raw).decode().rstrip("="))
        for shift in (0, 1, 2):
            found.add(_core(coded(b"\0" * shift + raw).decode(), shift, len(raw)))
    yield from sorted((form for form in found if len(form) >= _SHORTEST), key=len, reverse=True)


def _core(coded: str, shift: int, length: int) -> str:
    """The base64 digits that depend on the secret alone, whatever stands before and after it."""
    first = -(-shift * 8 // 6)
    return coded[first : (shift + length) * 8 // 6]


class Redactor:
    """Knows the secrets in use, and tells nobody."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._texts: tuple[str, ...] = ()
        self._contents: tuple[bytes, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """From now on this one is taken out, too."""
        if len(secret) < _SHORTEST or secret in self._secrets:
            return
        self._secrets.add(secret)
        every = {form for known in self._secrets for form in forms(known)}
        self._texts = tuple(sorted(every, key=len, reverse=True))
        self._contents = tuple(text.encode() for text in self._texts)

    def text(self, text: str) -> str:
        """The text with every secret replaced."""
        for form in self._texts:
            if form in text:
                text = text.replace(form, MARK)
        return text

    def content(self, content: bytes) -> bytes:
        """The bytes with every secret replaced."""
        for form in self._contents:
            if form in content:
                content = content.replace(form, MARK.encode())
        return content

    def value(self, value: Any) -> Any:
        """A JSON value with every secret in its texts and names replaced."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(name)): self.value(member) for name, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(member) for member in value]
        return value

    def finding(self, finding: Finding) -> Finding:
        """The finding as anyone may see it: a provider may echo a key in the value at fault."""
        return finding.but(message=self.text(finding.message), observed=self.value(finding.observed))

    def headers(
        self, headers: Iterable[tuple[str, str]], secret_names: frozenset[str] = frozenset()
    ) -> tuple[tuple[str, str], ...]:
        """Headers without secrets; those whose lower-case name is secret lose all of their value."""
        return tuple(
            (self.text(name), MARK if name.lower() in secret_names else self.text(value))
            for name, value in headers
        )

    def exchange(self, exchange: Exchange, secret_names: frozenset[str] = frozenset()) -> Exchange:
        """The exchange as anyone may see it. `secret_names` are request headers in lower case."""
        request, response = exchange.request, exchange.response
        return replace(
            exchange,
            request=HttpRequest(
                method=request.method,
                url=self.text(request.url),
                headers=self.headers(request.headers, secret_names),
                body=self.content(request.body),
            ),
            response=None if response is None else self._response(response),
            error=None if exchange.error is None else self.text(exchange.error),
        )

    def _response(self, response: HttpResponse) -> HttpResponse:
        return replace(response, headers=self.headers(response.headers), body=self.content(response.body))

    def event(self, event: Event) -> Event:
        """The event as anyone may see it."""
        return replace(event, name=self.text(event.name), data=self.text(event.data))

    def delivery(self, delivery: Delivery, secret_names: frozenset[str] = frozenset()) -> Delivery:
        """The webhook call as anyone may see it."""
        return replace(
            delivery,
            body=self.content(delivery.body),
            headers=self.headers(delivery.headers, secret_names),
        )

    def filter(self, record: logging.LogRecord) -> bool:
        """Takes secrets out of a log record, so that this is a filter for any logging handler."""
        record.msg, record.args = self.text(record.getMessage()), ()
        if record.exc_info:
            shown = "".join(traceback.format_exception(*record.exc_info))
            record.exc_text, record.exc_info = self.text(shown).rstrip("\n"), None
        return True

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} secrets)"
