"""Secrets by name and by look."""

from __future__ import annotations

import pytest

from harness.cassette.secret_names import is_query_name, is_secret_name, normal, without_looks


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "proxy-authorization",
        "X-API-Key",
        "api_key",
        "apiKey",
        "x-goog-api-key",
        "token",
        "access_token",
        "webhook_secret",
        "X-Webhook-Secret",
        "X-Hub-Signature",
        "Cookie",
        "set-cookie",
        "password",
        "AWS_SECRET_ACCESS_KEY",
        "X-Amz-Security-Token",
        "api%5Fkey",
    ],
)
def test_a_name_of_a_secret_is_known_in_every_spelling(name):
    """Capitals, dashes and underscores do not matter."""
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "task_id",
        "status",
        "max_tokens",
        "tokens",
        "author",
        "key",
        "keyword",
        "sign",
        "duration",
        "",
        "se",
    ],
)
def test_other_names_are_not(name):
    """Counting tokens is not one, and a job's id is none."""
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "X-Amz-Signature",
        "X-Amz-Credential",
        "Signature",
        "sig",
        "se",
        "sp",
        "Key-Pair-Id",
        "Policy",
        "q-ak",
        "key",
    ],
)
def test_parameters_of_signed_urls_are_secret_in_a_query(name):
    """What lets anyone with the URL in, lets anyone with the cassette in."""
    assert is_query_name(name)


@pytest.mark.parametrize("name", ["generation_id", "X-Amz-Expires", "X-Amz-Date", "Expires", "task_id"])
def test_other_parameters_are_not(name):
    """How long a URL lives is a fact worth keeping."""
    assert not is_query_name(name)


def test_a_spec_can_name_more():
    """Compared in the one spelling of all."""
    assert is_secret_name("X-Door", {normal("x_door")})
    assert is_query_name("xDoor", {normal("x_door")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bearer abcdefgh1", "Bearer REDACTED"),
        ("got bearer  eW91IHNhdyBtZQ== there", "got bearer  REDACTED there"),
        ("Basic dXNlcjpwYXNzd29yZA==", "Basic REDACTED"),
        ("key sk-proj-AbCdEfGhIjKlMnOp is bad", "key REDACTED is bad"),
        ("ghp_AbCdEfGhIjKlMnOpQrStUv", "REDACTED"),
        ("AKIAIOSFODNN7EXAMPLE", "REDACTED"),
        ("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl y", "x REDACTED y"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----!", "REDACTED!"),
        ("-----BEGIN PRIVATE KEY-----\nabc", "REDACTED"),
        ("https://user:pass@example.com/a", "https://REDACTED@example.com/a"),
        ("https:\\/\\/user@example.com", "https:\\/\\/REDACTED@example.com"),
        ("Incorrect API key provided: sk-ab***yz. See", "Incorrect API key provided: REDACTED. See"),
        ("invalid api_key 'f00ba7f00ba7'", "invalid api_key 'REDACTED'"),
        ("id=1&api_key=x&n=2", "id=1&api_key=REDACTED&n=2"),
        (
            "/v?a=1&X-Amz-Signature=ab12#access_token=q",
            "/v?a=1&X-Amz-Signature=REDACTED#access_token=REDACTED",
        ),
        ("?a=1\\u0026sig=x%2By\\u0026b=2", "?a=1\\u0026sig=REDACTED\\u0026b=2"),
        ("?a=1&amp;sig=x", "?a=1&amp;sig=REDACTED"),
        ("to=https%3A%2F%2Fx%3Ftoken%3Dabc%26a%3D1", "to=https%3A%2F%2Fx%3Ftoken%3DREDACTED%26a%3D1"),
        ("{'api_key': 'abc', 'n': 1}", "{'api_key': 'REDACTED', 'n': 1}"),
        ("Host: a\nX-Api-Key: abc\n", "Host: a\nX-Api-Key: REDACTED\n"),
        ('token="abc"', 'token="REDACTED"'),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text, expected):
    """The words around it stay, and a second time changes nothing."""
    assert without_looks(text) == expected
    assert without_looks(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "user said: token authentication failed",
        "Bearer realm",
        "a task-risk-assessment of this",
        "task_id=2c1e6c0a-94f1-4a37-9a8b-0c60cf5c5b0b&n=2",
        "https://example.com/a@b",
        "generation_id=69f1:klingai/video",
        "the secret of the old house",
        "data: {}",
        "c2stYWJjZGVmZ2g",
    ],
)
def test_other_text_stays(text):
    """Prompts, ids and addresses are evidence."""
    assert without_looks(text) == text
