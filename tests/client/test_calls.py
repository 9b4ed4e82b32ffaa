"""From an operation to a request."""

from __future__ import annotations

import pytest

from harness.client.calls import Call, Endpoints, build, json_body, with_values
from harness.client.keys import Binding, Keyring
from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.client.specs import full
from tests.minimal import minimal

KEY = "sk-planted-0123456789"


def call(spec: Spec, operation: str, **options: object) -> Call:
    """A request with the key set and every shipped host bound."""
    slot, host = spec.provider.credential, spec.server.removeprefix("https://")
    keyring = Keyring.from_environment(
        {"K": KEY}, (Binding(slot=slot, variable="K", hosts=(host, "127.0.0.1")),)
    )
    endpoints = options.pop("endpoints", Endpoints())
    return build(spec, operation, endpoints=endpoints, keyring=keyring, **options)  # type: ignore[arg-type]


def test_a_submit():
    """Address, content type, key; a body as it is, unpacked answers."""
    made = call(minimal(), "submit", body=b"{}")

    assert (made.method, made.url, made.body) == ("POST", "https://api.example.com/v1/videos", b"{}")
    headers = dict(made.headers)
    assert headers.pop("user-agent").startswith("video-api-harness/")
    assert headers == {
        "accept": "application/json",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "Authorization": f"Bearer {KEY}",
    }


@pytest.mark.parametrize(
    ("job_id", "segment"),
    [
        ("job-1", "job-1"),
        ("a/b:c d?e#f", "a%2Fb%3Ac%20d%3Fe%23f"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("../../etc", "..%2F..%2Fetc"),
        ("{id}", "%7Bid%7D"),
        ("ä", "%C3%A4"),
    ],
)
def test_a_job_id_in_the_path(job_id: str, segment: str):
    """Whatever the provider calls it, it stays one segment."""
    assert call(minimal(), "poll", job_id=job_id).url == f"https://api.example.com/v1/videos/{segment}"


def test_a_job_id_in_the_query():
    """Percent-encoded, its slash and colon too."""
    spec = SpecStore().get("aimlapi")

    url = call(spec, "poll", job_id="a:b/c&d=e").url
    assert url == "https://api.aimlapi.com/v2/video/generations?generation_id=a%3Ab%2Fc%26d%3De"


def test_a_model_by_its_name():
    """A metadata call names the provider's own word; optional parameters are left out."""
    spec = SpecStore().get("oxen")

    url = call(spec, "model").url
    assert url == "https://hub.oxen.ai/api/ai/models/kling-video-v2-6-pro-text-to-video"
    given = call(spec, "model", parameters={"deployment_status": "live"}).url
    assert given == f"{url}?deployment_status=live"


def test_a_required_header_with_one_value():
    """It is sent where the documents demand it."""
    made = call(SpecStore().get("novita/kling-v2.6"), "submit", body=b"{}")

    assert [value for name, value in made.headers if name == "content-type"] == ["application/json"]


def test_a_stream_is_asked_for_as_such():
    """And not to be kept on the way."""
    headers = dict(call(full(), "events").headers)

    assert (headers["accept"], headers["cache-control"]) == ("text/event-stream", "no-store")


def test_what_is_missing():
    """An operation, or a value."""
    with pytest.raises(OperatorError) as caught:
        call(minimal(), "cancel")
    assert str(caught.value) == (
        "example/video-1-text-to-video documents no operation 'cancel'; it documents: submit, poll"
    )
    with pytest.raises(OperatorError) as caught:
        call(minimal(), "poll")
    assert str(caught.value) == "example/video-1-text-to-video: poll needs a value for 'id'"


def test_repr_shows_no_key():
    """Nor the body, which may hold a secret."""
    assert KEY not in repr(call(minimal(), "submit", body=KEY.encode()))


class TestEndpoints:
    def test_an_override_replaces_the_host(self):
        """The base path stays; the documented form can be had back."""
        spec = minimal(("url: https://api.example.com,", "url: https://api.example.com/base,"))
        endpoints = Endpoints(overrides={"example": "http://127.0.0.1:4000/"})

        url = f"{endpoints.server(spec)}/v1/videos?x=1"
        assert url == "http://127.0.0.1:4000/base/v1/videos?x=1"
        assert endpoints.documented(spec, url) == "https://api.example.com/base/v1/videos?x=1"
        assert endpoints.documented(spec, "https://cdn.example/x") == "https://cdn.example/x"

    def test_without_one(self):
        """The documented server."""
        assert Endpoints().server(minimal()) == "https://api.example.com"
        assert Endpoints().documented(minimal(), "https://a/b") == "https://a/b"

    @pytest.mark.parametrize("url", ["http://h/path", "http://h?x=1", "ftp://h", "h", "http://u:p@h"])
    def test_what_is_no_base_url(self, url: str):
        """It is the operator's error."""
        with pytest.raises(OperatorError):
            Endpoints(overrides={"example": url})


class TestBodies:
    def test_json(self):
        """UTF-8, nothing escaped that need not be."""
        assert json_body({"prompt": "süß"}) == '{"prompt": "süß"}'.encode()

    @pytest.mark.parametrize("value", [{"x": float("nan")}, {"x": {1, 2}}])
    def test_what_json_cannot_say(self, value: object):
        """It is not sent as something else."""
        with pytest.raises(OperatorError, match="the body cannot be written as JSON"):
            json_body(value)

    def test_values_at_pointers(self):
        """The body that was given stays as it was."""
        body = {"input": {"prompt": "x"}}

        changed = with_values(body, {"/input/url": "u", "/secret": "s", "/new/deep": 1})
        assert changed == {"input": {"prompt": "x", "url": "u"}, "secret": "s", "new": {"deep": 1}}
        assert body == {"input": {"prompt": "x"}}

    def test_values_in_the_way(self):
        """What is the client's to fill in is not overwritten in silence."""
        for body in ({"url": "mine"}, {"input": "text"}):
            with pytest.raises(OperatorError, match="is this client's to fill in; leave it out of the body"):
                with_values(body, {"/url": "u", "/input/url": "u"})
