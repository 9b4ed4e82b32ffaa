"""Calls and bodies that samples show."""

from __future__ import annotations

from harness.docs.samples import auth_of, calls, json_body


def test_a_command_in_several_lines() -> None:
    """Method, URL, headers and body, up to the pipe."""
    text = (
        'ID=$(curl -s -X POST https://x.example/a/$GEN_ID?q=1 \\\n -H "X-Key: $KEY" \\\n'
        ' -d \'{"a": "b|c"}\' | jq .)'
    )
    (call,) = calls(text)
    assert (call.method, call.server, call.path, call.query) == (
        "POST",
        "https://x.example",
        "/a/{GEN_ID}",
        ("q",),
    )
    assert call.headers == {"X-Key": "$KEY"}
    assert call.body == {"a": "b|c"}


def test_a_command_that_was_put_on_one_line() -> None:
    """The backslashes are still there."""
    (call,) = calls('curl -X POST https://x.example/a \\ -H "A: b" \\ -d \'{"a": 1}\'')
    assert (call.headers, call.body) == ({"A": "b"}, {"a": 1})


def test_what_is_no_call() -> None:
    """No address, no path, a quote that is not closed."""
    assert list(calls("curl --version")) == []
    assert list(calls("curl https://x.example")) == []
    assert list(calls("curl 'https://x.example/a")) == []
    assert list(calls("curl https://[x/a")) == []


def test_json_with_a_comma_too_many_is_forgiven() -> None:
    """It is the provider's, not ours."""
    assert json_body('{"a": [1,],}') == {"a": [1]}
    assert json_body("&lt;x>") is None


def test_how_a_key_travels() -> None:
    """A placeholder says nothing."""
    assert auth_of({"Authorization": "Bearer x"}) == {"scheme": "bearer", "header": "Authorization"}
    assert auth_of({"X-API-Key": "x"}) == {"scheme": "api_key", "header": "X-API-Key"}
    assert auth_of({"Authorization": "<authorization>"}) is None
    assert auth_of({"Accept": "*/*"}) is None
