"""A request as a line for a shell."""

from __future__ import annotations

import shlex

import pytest

from harness.spec.store import SpecStore
from harness.wire.curl import curl_line, key_variable
from harness.wire.message import HttpRequest

SPECS = SpecStore()


def test_the_key_is_a_variable() -> None:
    """As the spec says that it travels; what the recording has in its place is not shown."""
    spec = SPECS.get("novita/kling-v2.6-pro-t2v")
    request = HttpRequest(
        method="POST",
        url="https://api.novita.ai/v3/async/kling-v2.6-pro-t2v",
        headers=(("Content-Type", "application/json"), ("authorization", "Bearer s3cret"), ("Host", "x")),
        body=b'{"prompt": "it\'s a fox"}',
    )
    line = curl_line(spec, request, operation="submit")
    assert line == (
        "curl -sS https://api.novita.ai/v3/async/kling-v2.6-pro-t2v -H 'Content-Type: application/json' "
        """-H "authorization: Bearer $NOVITA_API_KEY" --data-raw '{"prompt": "it'"'"'s a fox"}'"""
    )
    assert shlex.split(line)[-1] == '{"prompt": "it\'s a fox"}'


def test_a_key_in_a_header_of_its_own() -> None:
    """Without a body the method is curl's own; another one is said."""
    spec = SPECS.get("eachlabs")
    headers = (("X-API-Key", "s3cret"), ("Cookie", "session=s3cret"), ("X-Auth-Token", "s3cret"))
    get = HttpRequest(method="GET", url="https://api.eachlabs.ai/v1/prediction/1?a=1&b=2", headers=headers)
    url = "'https://api.eachlabs.ai/v1/prediction/1?a=1&b=2'"
    assert curl_line(spec, get) == f'curl -sS {url} -H "X-API-Key: $EACHLABS_API_KEY"'
    delete = HttpRequest(method="delete", url="https://api.eachlabs.ai/v1/prediction/1")
    assert curl_line(spec, delete) == "curl -sS -X DELETE https://api.eachlabs.ai/v1/prediction/1"


@pytest.mark.parametrize(("slot", "name"), [("novita", "NOVITA_API_KEY"), ("each-labs", "EACH_LABS_API_KEY")])
def test_the_name_of_the_variable(slot: str, name: str) -> None:
    """The one that the client reads by default."""
    from harness.client.keys import default_variable

    assert key_variable(slot) == name == default_variable(slot)
