"""Pages fetched over real sockets: conditional, as Markdown where there is some, without keys, bounded."""

from __future__ import annotations

import asyncio

import pytest

from harness.client.pages import MAX_BYTES, RULES, Fetched, Known, Missed, PageFetcher
from harness.client.transport import Network
from harness.errors import OperatorError
from tests.answering import Asked, Reply, answering

PAGE = b"# A page\n\nwith words\n"
MARKDOWN = {"content-type": "text/markdown"}
HTML = {"content-type": "text/html"}


def fetch(url: str, known: Known | None = None) -> Fetched | Missed:
    """One page."""

    async def one() -> Fetched | Missed:
        async with PageFetcher(Network()) as fetcher:
            return await fetcher.fetch(url, known)

    return asyncio.run(one())


def only(path: str, *, status: int = 200, body: bytes = PAGE, headers: dict[str, str] | None = None):
    """A server with one page."""

    def reply(asked: Asked) -> Reply:
        if asked.path == path:
            return status, headers or MARKDOWN, body
        return 404, HTML, b"<html>no such page</html>"

    return answering(reply)


def test_the_markdown_variant_comes_first() -> None:
    """Where the provider offers one, the page itself is not asked for."""
    with only("/docs/model-v2.6.md") as served:
        found = fetch(f"{served.base_url}/docs/model-v2.6")
    assert isinstance(found, Fetched)
    assert (found.content, found.known.url) == (PAGE, f"{served.base_url}/docs/model-v2.6.md")
    assert served.paths == ["/docs/model-v2.6.md"]
    assert served.asked[0].headers["accept"].startswith("text/markdown")


def test_without_a_variant_the_page_as_it_is() -> None:
    """A 404 of the variant says nothing of the page."""
    with only("/docs/model") as served:
        found = fetch(f"{served.base_url}/docs/model")
    assert isinstance(found, Fetched)
    assert served.paths == ["/docs/model.md", "/docs/model"]


@pytest.mark.parametrize("name", ["model.md", "model.json", "openapi.yaml", "llms.txt"])
def test_a_name_that_says_its_form_has_no_variant(name: str) -> None:
    """It is asked for once."""
    with only(f"/{name}") as served:
        assert isinstance(fetch(f"{served.base_url}/{name}"), Fetched)
    assert served.paths == [f"/{name}"]


def test_what_did_not_change_is_not_sent_again() -> None:
    """Both validators are sent back, to the address that worked; 304 brings no body."""

    def reply(asked: Asked) -> Reply:
        if asked.path != "/page":
            return 404, HTML, b""
        if asked.headers.get("if-none-match") == '"one"':
            return 304, {}, b""
        return 200, {**MARKDOWN, "etag": '"one"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT"}, PAGE

    with answering(reply) as served:
        first = fetch(f"{served.base_url}/page")
        assert isinstance(first, Fetched)
        second = fetch(f"{served.base_url}/page", first.known)
    assert second == Fetched(known=first.known, content=None)
    assert served.paths == ["/page.md", "/page", "/page"]
    assert served.asked[-1].headers["if-modified-since"] == "Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("rule", "status", "headers", "body", "why"),
    [
        ("drift.document-gone", 404, HTML, b"", "status 404"),
        ("drift.document-gone", 410, HTML, b"", "status 410"),
        ("drift.document-guarded", 403, HTML, b"", "status 403, guarded against robots"),
        ("drift.document-guarded", 429, HTML, b"", "status 429, guarded against robots"),
        ("drift.document-guarded", 503, HTML, b"", "status 503, guarded against robots"),
        (
            "drift.document-guarded",
            200,
            HTML,
            b"<html><title>Just a moment...</title></html>",
            "status 200, guarded against robots",
        ),
        ("drift.document-login", 401, HTML, b"", "status 401, and it asks for a login"),
        (
            "drift.document-login",
            200,
            HTML,
            b'<html><input name="p" type="password"></html>',
            "status 200, and it asks for a login",
        ),
        ("drift.document-unreachable", 500, HTML, b"", "status 500"),
        ("drift.document-unreachable", 204, {}, b"", "status 204"),
        (
            "drift.document-unreadable",
            200,
            MARKDOWN,
            b"#" * (MAX_BYTES + 1),
            "the body is larger than 5000000 bytes",
        ),
    ],
)
def test_what_cannot_be_had_has_its_rule(
    rule: str, status: int, headers: dict[str, str], body: bytes, why: str
) -> None:
    """And its reason; all of them are inconclusive."""
    with only("/page.md", status=status, headers=headers, body=body) as served:
        found = fetch(f"{served.base_url}/page.md")
    assert isinstance(found, Missed)
    assert (found.rule.id, found.why) == (rule, why)


def test_every_rule_is_inconclusive() -> None:
    """A page that cannot be seen is never drift."""
    assert all(row.inconclusive for row in RULES)


@pytest.mark.parametrize("target", ["/login?next=%2Fpage", "/users/sign_in", "/auth/start?token=abc"])
def test_a_redirect_to_a_login_is_not_followed(target: str) -> None:
    """What it carries stands in no message."""

    def reply(asked: Asked) -> Reply:
        return (302, {"location": target}, b"") if asked.path == "/page.md" else (200, HTML, b"<html>")

    with answering(reply) as served:
        found = fetch(f"{served.base_url}/page.md")
    assert isinstance(found, Missed)
    assert found.rule.id == "drift.document-login"
    assert found.why == f"sent on to {served.base_url}{target.partition('?')[0]}"
    assert served.paths == ["/page.md"]


def test_other_redirects_are_followed_but_not_for_ever() -> None:
    """To the page's new place; a loop ends."""

    def reply(asked: Asked) -> Reply:
        if asked.path == "/new.md":
            return 200, MARKDOWN, PAGE
        return 301, {"location": "/new.md" if asked.path == "/old.md" else "/loop.md"}, b""

    with answering(reply) as served:
        assert isinstance(fetch(f"{served.base_url}/old.md"), Fetched)
        looped = fetch(f"{served.base_url}/loop.md")
    assert isinstance(looped, Missed)
    assert (looped.rule.id, looped.why) == ("drift.document-unreachable", "more than 5 redirects")


def test_nobody_there_is_inconclusive() -> None:
    """A closed port."""
    with only("/x") as served:
        base_url = served.base_url
    found = fetch(f"{base_url}/page.md")
    assert isinstance(found, Missed)
    assert found.rule.id == "drift.document-unreachable"


@pytest.mark.parametrize(
    "url", ["ftp://example.com/page", "file:///etc/passwd", "https://user:pw@example.com/"]
)
def test_only_http_without_a_password(url: str) -> None:
    """Anything else is a fault of the operator's."""
    with pytest.raises(OperatorError):
        fetch(url)
