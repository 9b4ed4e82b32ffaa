"""Which endpoint and operation a request belongs to, and why none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from harness.spec.model import Spec
from harness.wire.match import Match, Mismatch, NoMatch, match
from harness.wire.message import HttpRequest
from tests.minimal import minimal

NOVITA_16, NOVITA_26 = "novita/kling-v1.6-t2v", "novita/kling-v2.6-pro-t2v"
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
OTHER = (("id: example/video-1-text-to-video", "id: example/video-2"), ("name: video-1,", "name: video-2,"))


def request(method: str, url: str, body: Any = None, **headers: str) -> HttpRequest:
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return HttpRequest(method=method, url=url, body=content, headers=tuple(headers.items()))


def found(specs: Sequence[Spec], asked: HttpRequest, **options: bool) -> Match:
    result = match(specs, asked, **options)
    assert isinstance(result, Match), result
    return result


def refused(specs: Sequence[Spec], asked: HttpRequest) -> tuple[Mismatch, str]:
    result = match(specs, asked)
    assert isinstance(result, NoMatch), result
    return result.cause, result.reason


@pytest.mark.parametrize(
    ("method", "url", "body", "model", "operation"),
    [
        ("POST", "https://api.novita.ai/v3/async/kling-v1.6-t2v", {}, NOVITA_16, "submit"),
        ("POST", "https://api.novita.ai/v3/async/kling-v2.6-pro-t2v", {}, NOVITA_26, "submit"),
        (
            "POST",
            "https://api.aimlapi.com/v2/video/generations",
            {"model": "klingai/video-v2-6-pro-text-to-video"},
            AIMLAPI,
            "submit",
        ),
        (
            "POST",
            "https://api.eachlabs.ai/v1/prediction/",
            {"model": "kling-v2-6-pro-text-to-video"},
            EACHLABS,
            "submit",
        ),
        (
            "POST",
            "https://hub.oxen.ai/api/ai/queue",
            {"model": "kling-video-v2-6-pro-text-to-video"},
            OXEN,
            "submit",
        ),
        (
            "POST",
            "https://hub.oxen.ai/api/ai/videos/generate",
            {"model": "kling-video-v2-6-pro-text-to-video"},
            OXEN,
            "generate",
        ),
        ("GET", "https://hub.oxen.ai/api/events", None, OXEN, "events"),
        (
            "GET",
            "https://hub.oxen.ai/api/ai/models/kling-video-v2-6-pro-text-to-video",
            None,
            OXEN,
            "model",
        ),
    ],
)
def test_each_operation_of_the_shipped_specs_is_known(specs, method, url, body, model, operation):
    """Server, method, path and, where a path is shared, the model in the body lead to one operation."""
    result = found(specs, request(method, url, body))
    assert ([spec.id for spec in result.specs], result.operation) == ([model], operation)
    assert result.job_id is None


@pytest.mark.parametrize(
    ("method", "url", "operation", "job_id", "models"),
    [
        (
            "GET",
            "https://api.novita.ai/v3/async/task-result?task_id=t%2F1",
            "poll",
            "t/1",
            [NOVITA_16, NOVITA_26],
        ),
        (
            "GET",
            "https://api.aimlapi.com/v2/video/generations?generation_id=bfb9%3Aklingai%2Fvideo",
            "poll",
            "bfb9:klingai/video",
            [AIMLAPI],
        ),
        ("GET", "https://api.eachlabs.ai/v1/prediction/a%2Fb%20c", "poll", "a/b c", [EACHLABS]),
        ("GET", "https://hub.oxen.ai/api/ai/queue/7cf9", "poll", "7cf9", [OXEN]),
        ("DELETE", "https://hub.oxen.ai/api/ai/queue/7cf9", "cancel", "7cf9", [OXEN]),
    ],
)
def test_a_poll_gives_the_job_id_and_every_model_that_shares_the_path(
    specs, method, url, operation, job_id, models
):
    """The id is percent-decoded; which of the models it is, only the id can tell."""
    result = found(specs, request(method, url))
    assert (result.operation, result.job_id) == (operation, job_id)
    assert [spec.id for spec in result.specs] == models
    assert result.spec is result.specs[0]


def test_a_poll_without_its_id_is_still_a_poll(specs):
    """That the parameter is missing is for others to judge."""
    result = found(specs, request("GET", "https://api.novita.ai/v3/async/task-result"))
    assert (result.operation, result.job_id) == ("poll", None)


def test_path_and_query_parameters_are_decoded(specs):
    """Of a query parameter that comes twice the first counts; an empty one is there."""
    url = "https://hub.oxen.ai/api/ai/queue/7cf9?a=x+y&a=z&b="
    result = found(specs, request("GET", url))
    assert result.path_parameters == {"generation_id": "7cf9"}
    assert result.query_parameters == {"a": "x y", "b": ""}


def test_case_of_scheme_host_and_method_and_the_default_port_do_not_matter(specs):
    """RFC 3986, section 6.2: these are the same place."""
    result = found(specs, request("get", "HTTPS://Hub.Oxen.AI:443/api/events"))
    assert result.operation == "events"


@pytest.mark.parametrize("body", [{}, {"model": 5}, [], b"{", b"\xff", None])
def test_a_body_that_names_no_model_belongs_to_whoever_has_the_path(specs, body):
    """What is wrong with it is for the check of the request to say."""
    result = found(specs, request("POST", "https://hub.oxen.ai/api/ai/queue", body))
    assert [spec.id for spec in result.specs] == [OXEN]


def test_another_model_on_a_shared_path_has_no_spec(specs):
    """A request for a model that nobody described is nobody's."""
    body = {"model": "kling-video-o3-pro-reference-to-video"}
    asked = request("POST", "https://hub.oxen.ai/api/ai/queue", body)
    assert refused(specs, asked) == (
        Mismatch.MODEL,
        "submit of model 'kling-video-o3-pro-reference-to-video', which has no spec here; "
        "known: kling-video-v2-6-pro-text-to-video",
    )
    assert found(specs, asked, any_model=True).operation == "submit"


def test_metadata_of_another_model_has_no_spec(specs):
    """The model operation names the model in its path."""
    assert refused(specs, request("GET", "https://hub.oxen.ai/api/ai/models/flux-2-dev")) == (
        Mismatch.MODEL,
        "model of model 'flux-2-dev', which has no spec here; known: kling-video-v2-6-pro-text-to-video",
    )


def test_the_model_in_the_body_decides_among_specs_of_one_path():
    """Of several models on one path the named one is meant; without a name it may be any."""
    named = ("mapping:\n  prompt: /prompt", "mapping:\n  model: /model\n  prompt: /prompt")
    ours, theirs = minimal(named), minimal(named, *OTHER)
    url = "https://api.example.com/v1/videos"
    assert found((ours, theirs), request("POST", url, {"model": "video-2"})).specs == (theirs,)
    assert found((ours, theirs), request("POST", url, {"prompt": "x"})).specs == (ours, theirs)


def test_a_name_that_the_schema_allows_is_the_models_own():
    """A provider may take more than one name for a model."""
    spec = minimal(
        ("mapping:\n  prompt: /prompt", "mapping:\n  model: /model\n  prompt: /prompt"),
        (
            "          prompt: {type: string",
            "          model: {enum: [v1, 7]}\n          prompt: {type: string",
        ),
    )
    url = "https://api.example.com/v1/videos"
    assert found((spec,), request("POST", url, {"model": "v1"})).spec is spec
    assert refused((spec,), request("POST", url, {"model": "v2"}))[0] is Mismatch.MODEL


def test_a_slash_at_the_end_is_another_path(specs, store):
    """A POST redirect must not be followed, so the difference is said and not smoothed over."""
    asked = request("POST", "https://api.eachlabs.ai/v1/prediction", {})
    assert refused(specs, asked) == (
        Mismatch.SLASH,
        f"POST /v1/prediction differs from /v1/prediction/ (submit of {EACHLABS}) in the slash at the end",
    )
    latest = store.get(f"{EACHLABS}@latest")
    assert found((latest,), asked).spec is latest
    cause, reason = refused((latest,), request("POST", "https://api.eachlabs.ai/v1/prediction/", {}))
    assert cause is Mismatch.SLASH
    assert reason.startswith("POST /v1/prediction/ differs from /v1/prediction (submit of ")


@pytest.mark.parametrize(
    ("method", "url", "cause", "reason"),
    [
        (
            "GET",
            "https://hub.oxen.ai/api/ai/queue",
            Mismatch.METHOD,
            "GET /api/ai/queue is not documented; at this path: POST (submit)",
        ),
        (
            "PUT",
            "https://hub.oxen.ai/api/ai/queue/7",
            Mismatch.METHOD,
            "PUT /api/ai/queue/7 is not documented; at this path: GET (poll), DELETE (cancel)",
        ),
        (
            "GET",
            "https://hub.oxen.ai/api/elsewhere?key=secret",
            Mismatch.PATH,
            f"no operation of {OXEN} has the path /api/elsewhere",
        ),
        (
            "GET",
            "https://user:secret@api.example.com/api/events",
            Mismatch.SERVER,
            "no spec has the server https://api.example.com",
        ),
        (
            "GET",
            "http://hub.oxen.ai/api/events",
            Mismatch.SERVER,
            "no spec has the server http://hub.oxen.ai",
        ),
        (
            "GET",
            "https://hub.oxen.ai:8443/api/events",
            Mismatch.SERVER,
            "no spec has the server https://hub.oxen.ai:8443",
        ),
        ("GET", "/api/events", Mismatch.URL, "'/api/events' is not an absolute HTTP URL"),
        ("GET", "ftp://hub.oxen.ai/", Mismatch.URL, "'ftp://hub.oxen.ai/' is not an absolute HTTP URL"),
        ("GET", "https://[::1", Mismatch.URL, "'https://[::1' is not a URL: Invalid IPv6 URL"),
    ],
)
def test_what_belongs_nowhere_says_why(specs, method, url, cause, reason):
    """The reason names what was looked for and what there is, and no secret of the URL."""
    assert refused(specs, request(method, url)) == (cause, reason)


def test_the_base_path_of_a_server_is_part_of_every_path():
    """A server may have a path of its own."""
    spec = minimal(("url: https://api.example.com,", "url: https://api.example.com/base/,"))
    asked = request("POST", "https://api.example.com/base/v1/videos", {})
    assert found((spec,), asked).operation == "submit"
    assert refused((spec,), request("POST", "https://api.example.com/v1/videos", {}))[0] is Mismatch.PATH


def test_a_literal_path_goes_before_a_template():
    """`/videos/latest` is not the job whose id is `latest` where both are documented."""
    literal = minimal(
        *OTHER, ("path: /v1/videos/{id}", "path: /v1/videos/latest"), ("{in: path,", "{in: query,")
    )
    asked = request("GET", "https://api.example.com/v1/videos/latest?id=7")
    result = found((minimal(), literal), asked)
    assert (result.specs, result.job_id) == ((literal,), "7")


def test_a_parameter_may_be_part_of_a_segment_and_is_never_empty():
    """`{id}.json` takes `7.8.json`, and not `.json`."""
    spec = minimal(("path: /v1/videos/{id}", 'path: "/v1/videos/{id}.json"'))
    assert found((spec,), request("GET", "https://api.example.com/v1/videos/7%2E8.json")).job_id == "7.8"
    assert refused((spec,), request("GET", "https://api.example.com/v1/videos/.json"))[0] is Mismatch.PATH


def test_a_job_id_may_travel_in_a_header():
    """Wherever the spec says that the id stands, it is found."""
    spec = minimal(("path: /v1/videos/{id}", "path: /v1/video"), ("id: {in: path,", "X-Job: {in: header,"))
    asked = request("GET", "https://api.example.com/v1/video", **{"x-job": "7"})
    assert found((spec,), asked).job_id == "7"
