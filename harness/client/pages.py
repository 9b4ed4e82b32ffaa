"""Fetching a provider's public page, politely: no key, one at a time, not again what has not changed.

A page that cannot be had says nothing of the contract: that is a `Missed` with its rule, never drift.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx

from harness import __version__
from harness.client.bodies import read_body
from harness.client.keys import origin
from harness.client.transport import Network, words_of
from harness.errors import OperatorError
from harness.finding import Direction, Finding, Kind, Location, Rule, Severity

__all__ = ["MAX_BYTES", "RULES", "Fetched", "Known", "Missed", "PageFetcher", "page_finding", "rule"]

MAX_BYTES = 5_000_000
_CONNECT_S, _FIRST_BYTE_S, _BETWEEN_S, _WHOLE_S = 10.0, 20.0, 10.0, 60.0
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GUARDED = frozenset({403, 429, 503})
_NAMED_FORMS = (".md", ".mdx", ".txt", ".json", ".yaml", ".yml", ".html", ".htm")
_AGENT = f"video-api-harness/{__version__} (drift docs)"
_ACCEPT = "text/markdown, text/plain;q=0.9, application/json;q=0.9, application/yaml;q=0.9, */*;q=0.5"
_LOGIN = re.compile(
    r"(^|[./_-])(log[-_]?in|sign[-_]?in|sso|oauth2?|auth|accounts?)([./_?-]|$)", re.IGNORECASE
)
_CHALLENGE = re.compile(
    rb"just a moment|cf-chl|captcha|verify (that )?you are (a )?human|challenge-platform|are you a robot",
    re.IGNORECASE,
)

_PASSWORD = re.compile(rb"<input[^>]{0,500}type=[\"']?password", re.IGNORECASE)


def _row(name: str, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"drift.document-{name}",
        kind=Kind.DRIFT,
        severity=Severity.WARNING,
        direction=Direction.DOCUMENT,
        summary=summary,
        advice=advice,
        inconclusive=True,
    )


RULES: tuple[Rule, ...] = (
    _row("gone", "A document is no longer at its address (404, 410).", "Find its new address."),
    _row(
        "login", "A document's address leads to a login, or asks for one.", "Save the page and give the file."
    ),
    _row(
        "guarded",
        "A document is guarded against robots: 403, 429 or 503, or a page that asks who is there.",
        "Save the page and give the file, or ask the provider; the guard is not worked around.",
    ),
    _row(
        "unreadable",
        "A document came and no reader knows its form any more, or it is larger than what is read.",
        "Look at the page: its form may have changed. Nothing was compared.",
    ),
    _row(
        "unreachable",
        "A document could not be fetched: no answer, or an outage of its server.",
        "Try again later: an outage says nothing about the contract.",
    ),
)
_BY_ID: Mapping[str, Rule] = {row.id: row for row in RULES}


def rule(rule_id: str) -> Rule:
    """The rule with this id."""
    return _BY_ID[rule_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a page from before: where it really was, what the server calls this edition."""

    url: str
    etag: str | None
    last_modified: str | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page. `content` is None where the server says that it is the edition that is known already."""

    known: Known
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Why there is no page, for a person, and the rule that it falls under."""

    rule: Rule
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One answer, after redirects, at the address where it was given."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    cut: str | None


def page_finding(rule_id: str, url: str, why: str, model: str | None) -> Finding:
    """The finding on a page that was not observed."""
    return Finding(
        rule=rule(rule_id),
        message=f"{url}: {why}; nothing can be said of the contract",
        field="",
        model=model,
        direction=Direction.DOCUMENT,
        facet="document",
        expected=url,
        subject=Location(document=url),
    )


class PageFetcher:
    """Fetches pages, one at a time. To be used inside `async with`."""

    def __init__(self, network: Network) -> None:
        self._client = httpx.AsyncClient(
            transport=network.transport,
            verify=network.verify,
            proxy=network.proxy,
            trust_env=False,
            follow_redirects=False,
            headers={"user-agent": _AGENT, "accept": _ACCEPT, "accept-encoding": "identity"},
            timeout=httpx.Timeout(_BETWEEN_S, connect=_CONNECT_S, read=_FIRST_BYTE_S),
        )

    async def __aenter__(self) -> PageFetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def fetch(self, url: str, known: Known | None = None) -> Fetched | Missed:
        """The page at an address: its Markdown variant where there is one, else as it is.

        Raises OperatorError for what is no http(s) URL.
        """
        origin(url)
        missed: Missed | None = None
        for candidate in _candidates(url, known):
            usable = known if known is not None and known.url == candidate else None
            found = await self._one(candidate, usable)
            if isinstance(found, Fetched) and _is_wanted(candidate, url, found):
                return found
            if isinstance(found, Missed):
                missed = found
        return missed or Missed(rule=rule("drift.document-unreadable"), why="no variant of it can be read")

    async def _one(self, url: str, known: Known | None) -> Fetched | Missed:
        headers = {}
        if known is not None and known.etag:
            headers["if-none-match"] = known.etag
        if known is not None and known.last_modified:
            headers["if-modified-since"] = known.last_modified
        try:
            async with asyncio.timeout(_WHOLE_S):
                answer = await self._answer(url, headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError) as fault:
            return Missed(rule=rule("drift.document-unreachable"), why=words_of(fault))
        if isinstance(answer, Missed):
            return answer
        if answer.status == 304 and known is not None:
            return Fetched(known=known, content=None)
        return _judged(answer, url)

    async def _answer(self, url: str, headers: Mapping[str, str]) -> _Answer | Missed:
        """The answer after redirects: to an address of the same or another host, but never to a login."""
        here = url
        for _ in range(_MOST_REDIRECTS + 1):
            request = self._client.build_request("GET", here, headers=dict(headers))
            response = await self._client.send(request, stream=True)
            try:
                if response.status_code not in _REDIRECTS:
                    body, cut = await read_body(response, limit_bytes=MAX_BYTES, between_s=_BETWEEN_S)
                    return _Answer(
                        url=here, status=response.status_code, headers=response.headers, body=body, cut=cut
                    )
            finally:
                await response.aclose()
            target = str(httpx.URL(here).join(response.headers.get("location", "")))
            if _is_login(target):
                return Missed(rule=rule("drift.document-login"), why=f"sent on to {_place(target)}")
            try:
                origin(target)
            except OperatorError as error:
                return Missed(rule=rule("drift.document-unreachable"), why=f"sent on: {error}")
            here = target
        return Missed(rule=rule("drift.document-unreachable"), why=f"more than {_MOST_REDIRECTS} redirects")


def _candidates(url: str, known: Known | None) -> Iterator[str]:
    """The Markdown variant of a page's address, then the address itself; what worked before comes first."""
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2].lower()
    variant = None
    if name and not name.endswith(_NAMED_FORMS):
        variant = urlunsplit(parts._replace(path=f"{parts.path}.md"))
    both = [each for each in (variant, url) if each is not None]
    if known is not None and known.url == url:
        both.reverse()
    yield from dict.fromkeys(both)


def _is_wanted(candidate: str, url: str, found: Fetched) -> bool:
    """Whether the variant is one: a server that answers anything with its start page has none."""
    if candidate == url or found.content is None:
        return True
    return not _is_html(found.content)


def _is_html(content: bytes) -> bool:
    return content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html"))


def _judged(answer: _Answer, url: str) -> Fetched | Missed:
    status = answer.status
    if status in (404, 410):
        return Missed(rule=rule("drift.document-gone"), why=f"status {status}")
    if status == 401 or (_is_html(answer.body) and _PASSWORD.search(answer.body)):
        return Missed(rule=rule("drift.document-login"), why=f"status {status}, and it asks for a login")
    if status in _GUARDED or (_is_html(answer.body) and _CHALLENGE.search(answer.body[:20_000])):
        return Missed(rule=rule("drift.document-guarded"), why=f"status {status}, guarded against robots")
    if status != 200:
        return Missed(rule=rule("drift.document-unreachable"), why=f"status {status}")
    if answer.cut is not None:
        return Missed(rule=rule("drift.document-unreadable"), why=answer.cut)
    digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    edition = Known(
        url=url,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        digest=digest,
    )
    return Fetched(known=edition, content=answer.body)


def _is_login(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOGIN.search(parts.path) or _LOGIN.match(parts.hostname or ""))


def _place(url: str) -> str:
    """The address without what it carries: a redirect to a login holds tokens."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))
