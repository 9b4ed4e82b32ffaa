"""The OpenAPI export: valid for other tools, and true to the spec."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.spec.openapi import openapi
from harness.spec.pointer import MISSING, resolve
from harness.spec.store import SpecStore
from tests.spec.documents import REFERENCES, REMOVED, STORE
from tests.spec.exports import AIMLAPI, EACHLABS, NOVITA, NOVITA_1_6, OXEN, exported, faults, members


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_export_is_valid(reference: str) -> None:
    """Every model at every revision is OpenAPI 3.1 to openapi-spec-validator, and JSON as it stands."""
    document = exported(reference)
    assert document["openapi"] == "3.1.0"
    assert faults(document) == []
    assert json.loads(json.dumps(document, allow_nan=False)) == document


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_export_says_no_more_than_the_spec(reference: str) -> None:
    """No invented answer, no provenance of single keywords, no place of this project's files."""
    spec = STORE.get(reference)
    document = openapi(spec)
    common = set(spec.errors.value or {})
    for item in document["paths"].values():
        for operation in item.values():
            stated = set(spec.operations[operation["operationId"]].responses)
            assert stated <= set(operation["responses"]) <= stated | common
    names = {name for name, _ in members(document)}
    assert not names & {"x-source", "x-sources", "at", "line", "column"}
    assert "specs/" not in json.dumps(document)


@pytest.mark.parametrize("reference", REFERENCES)
def test_an_export_is_deterministic(reference: str) -> None:
    """Two exports of one spec are the same text, order included."""
    first, second = openapi(STORE.get(reference)), openapi(SpecStore().get(reference))
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_example_in_an_export_holds_for_its_schema(reference: str) -> None:
    """No mock serves an example that a contradiction is declared of."""
    spec = STORE.get(reference)
    broken = {c.example for c in spec.contradictions if c.example}
    document = openapi(spec)
    shown = {
        f"{operation['operationId']}.{place}.{name}"
        for item in document["paths"].values()
        for operation in item.values()
        for place, message in (
            ("request", operation.get("requestBody", {})),
            *operation["responses"].items(),
        )
        for media in message.get("content", {}).values()
        for name in media.get("examples", {})
    }
    assert shown
    assert not shown & broken


@pytest.mark.parametrize(
    ("reference", "scheme"),
    [
        (NOVITA, {"type": "http", "scheme": "bearer"}),
        (AIMLAPI, {"type": "http", "scheme": "bearer"}),
        (EACHLABS, {"type": "apiKey", "in": "header", "name": "X-API-Key"}),
        (f"{EACHLABS}@2026-07-27", {"type": "http", "scheme": "bearer"}),
        (OXEN, {"type": "http", "scheme": "bearer"}),
    ],
)
def test_security(reference: str, scheme: dict[str, Any]) -> None:
    """The way in which the key travels holds for every operation, and is named by the credential slot."""
    document = exported(reference)
    slot = STORE.get(reference).provider.credential
    assert document["security"] == [{slot: []}]
    assert document["components"] == {"securitySchemes": {slot: scheme}}
    assert all("security" not in o for item in document["paths"].values() for o in item.values())


def test_an_operation_with_an_undocumented_credential_states_none() -> None:
    """Where one operation's credential is undocumented, nothing is inherited and the others say it."""
    document = exported(AIMLAPI, ("/operations/submit/auth", "undocumented"))
    operations = document["paths"]["/v2/video/generations"]
    assert "security" not in document
    assert "security" not in operations["post"]
    assert operations["get"]["security"] == [{"aimlapi": []}]
    assert faults(document) == []


def test_an_operation_with_a_credential_of_its_own_says_so() -> None:
    """A second way in which a key travels is a second scheme."""
    own = {"scheme": "bearer", "header": "X-Token", "source": "seed#Usage"}
    document = exported(EACHLABS, ("/operations/poll/auth", own))
    assert document["security"] == [{"eachlabs": []}]
    assert document["paths"]["/v1/prediction/{id}"]["get"]["security"] == [{"eachlabs-2": []}]
    assert document["components"]["securitySchemes"]["eachlabs-2"] == {
        "type": "apiKey",
        "in": "header",
        "name": "X-Token",
        "description": "Bearer, a space, the key.",
    }
    assert faults(document) == []


@pytest.mark.parametrize(
    ("auth", "security"),
    [("undocumented", MISSING), ({"absent": True, "source": "seed#Usage"}, [])],
)
def test_silence_about_keys_is_not_the_word_that_none_is_needed(auth: Any, security: Any) -> None:
    """Undocumented is no `security` at all; documented as absent is the empty list."""
    document = exported(EACHLABS, ("/auth", auth))
    assert resolve(document, "/security") == security
    assert "components" not in document


def test_servers_and_info() -> None:
    """Title, version and server; the documents that the file rests on, by name and digest."""
    document = exported(f"{EACHLABS}@2026-07-07")
    assert document["servers"] == [{"url": "https://api.eachlabs.ai"}]
    assert document["info"]["title"] == "Kling 2.6 Pro text to video, sold by Eachlabs"
    assert document["info"]["version"] == "2026-07-07"
    assert document["info"]["x-model"] == {
        "id": "eachlabs/kling-v2-6-pro-text-to-video@2026-07-07",
        "family": "kling",
        "version": "2.6",
        "tier": "pro",
        "task": "text-to-video",
        "name": "kling-v2-6-pro-text-to-video",
    }
    assert document["info"]["x-documents"]["overview"] == {
        "kind": "document",
        "title": "Webhooks Overview",
        "digest": "sha256:bece0320a2978464938251575b1b26bdd4999669582fcf8e45819d6140d3cd78",
    }
    assert exported(EACHLABS)["info"]["version"] == "baseline"


def test_operations_are_named_and_tagged() -> None:
    """`operationId` is what `harness check` calls the operation; the tag is the provider's model."""
    document = exported(OXEN)
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    assert [operation["operationId"] for operation in operations] == [
        *("submit", "generate", "poll", "cancel", "events", "model"),
    ]
    assert document["tags"] == [{"name": "kling-video-v2-6-pro-text-to-video"}]
    assert all(operation["tags"] == ["kling-video-v2-6-pro-text-to-video"] for operation in operations)


def test_operations_of_one_path_share_it() -> None:
    """AI/ML API creates and retrieves at one path."""
    item = exported(AIMLAPI)["paths"]["/v2/video/generations"]
    assert [operation["operationId"] for operation in item.values()] == ["submit", "poll"]
    assert list(item) == ["post", "get"]


def test_a_second_operation_of_one_path_and_method_is_kept() -> None:
    """OpenAPI knows one; the other stands beside it under its name."""
    document = exported(OXEN, ("/operations/generate/path", "/api/ai/queue"))
    item = document["paths"]["/api/ai/queue"]
    assert {method: operation["operationId"] for method, operation in item.items()} == {
        "post": "submit",
        "x-generate": "generate",
    }
    assert faults(document) == []


def test_trailing_slash() -> None:
    """Eachlabs' path of the seed ends with a slash, that of the later reference page does not."""
    assert list(exported(EACHLABS)["paths"]) == ["/v1/prediction/", "/v1/prediction/{id}"]
    assert list(exported(f"{EACHLABS}@2026-07-27")["paths"]) == ["/v1/prediction", "/v1/prediction/{id}"]


def test_query_parameter_of_the_job() -> None:
    """AI/ML API's `id` travels as `generation_id`: the parameter is there, and a link that says so."""
    item = exported(AIMLAPI)["paths"]["/v2/video/generations"]
    (parameter,) = item["get"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("generation_id", "query", True)
    assert parameter["schema"]["type"] == "string"
    assert parameter["x-role"] == "job_id"
    assert item["post"]["responses"]["200"]["links"] == {
        "poll": {"operationId": "poll", "parameters": {"query.generation_id": "$response.body#/id"}}
    }


def test_links_lead_to_every_operation_that_takes_the_job() -> None:
    """Oxen's enqueue answer leads to poll and cancel; the blocking answer names no job and leads nowhere."""
    paths = exported(OXEN)["paths"]
    links = paths["/api/ai/queue"]["post"]["responses"]["2XX"]["links"]
    job_id = "$response.body#/generations/0/generation_id"
    assert links == {
        name: {"operationId": name, "parameters": {"path.generation_id": job_id}}
        for name in ("poll", "cancel")
    }
    assert "links" not in paths["/api/ai/videos/generate"]["post"]["responses"]["2XX"]
    assert "links" not in paths["/api/ai/queue/{generation_id}"]["get"]["responses"]["2XX"]


def test_headers_that_openapi_says_elsewhere_are_dropped() -> None:
    """Novita documents Content-Type as a header; in OpenAPI it is the media type of the body."""
    operation = exported(NOVITA)["paths"]["/v3/async/kling-v2.6-pro-t2v"]["post"]
    assert "parameters" not in operation
    assert list(operation["requestBody"]["content"]) == ["application/json"]


@pytest.mark.parametrize("name", ["Authorization", "ACCEPT", "content-type"])
def test_reserved_headers_are_dropped_in_any_case(name: str) -> None:
    """Header names know no case; other headers stay."""
    header = {"in": "header", "required": False, "schema": {"type": "string"}, "source": "seed#Usage"}
    document = exported(EACHLABS, ("/operations/poll/parameters", {name: header, "X-Trace": header}))
    names = [p["name"] for p in document["paths"]["/v1/prediction/{id}"]["get"]["parameters"]]
    assert names == ["X-Trace", "id"]
    assert faults(document) == []


def test_a_path_parameter_that_only_the_path_shows_is_there() -> None:
    """OpenAPI demands each; nothing is said of it but that it is required."""
    document = exported(EACHLABS, ("/operations/poll/parameters", REMOVED))
    (parameter,) = document["paths"]["/v1/prediction/{id}"]["get"]["parameters"]
    assert parameter == {"name": "id", "in": "path", "required": True, "schema": {}}
    assert faults(document) == []


def test_request_body() -> None:
    """Schema with annotations that are facts, `required` because something in it is, the valid examples."""
    body = exported(OXEN)["paths"]["/api/ai/queue"]["post"]["requestBody"]
    assert body["required"] is True
    media = body["content"]["application/json"]
    properties = media["schema"]["properties"]
    assert properties["num_generations"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 4,
        "default": 1,
        "description": "How many jobs one request makes.",
        "x-billing": "multiplies",
    }
    assert properties["target_namespace"]["x-billing"] == "redirects"
    assert {name: example["summary"] for name, example in media["examples"].items()} == {
        "minimal": "minimal",
        "full": "full",
    }
    assert exported(EACHLABS)["paths"]["/v1/prediction/"]["post"]["requestBody"]["content"][
        "application/json"
    ]["schema"]["properties"]["input"]["properties"]["prompt"] == {
        "type": "string",
        "x-absent": ["default", "constraints", "description"],
    }


def test_a_body_that_may_be_empty_is_not_required() -> None:
    """`required` of the body stands only where a member is."""
    body = exported(NOVITA, ("/operations/submit/request/schema/required", []))["paths"][
        "/v3/async/kling-v2.6-pro-t2v"
    ]["post"]["requestBody"]
    assert list(body) == ["content"]


def test_examples_that_cannot_be_sent_are_left_out() -> None:
    """Novita's placeholder samples, and its sample with a trailing comma, which is no JSON."""
    for reference, path in (
        (NOVITA, "/v3/async/kling-v2.6-pro-t2v"),
        (NOVITA_1_6, "/v3/async/kling-v1.6-t2v"),
    ):
        document = exported(reference)
        assert "examples" not in document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        assert "placeholders" in document["x-contradictions"]


def test_examples_given_as_text_are_shown_as_json() -> None:
    """A text that is valid JSON is an example like any other, null included."""
    poll = exported(f"{EACHLABS}@2026-07-07")["paths"]["/v1/prediction/{id}"]["get"]
    example = poll["responses"]["2XX"]["content"]["application/json"]["examples"]["another-model"]
    assert example["value"]["logs"] is None
    assert example["value"]["metrics"] == {"predict_time": 12.5, "cost": 0.05}


def test_substituted_placeholders_are_said() -> None:
    """What was put into an example in place of a placeholder is named."""
    poll = exported(EACHLABS)["paths"]["/v1/prediction/{id}"]["get"]
    example = poll["responses"]["2XX"]["content"]["application/json"]["examples"]["success"]
    assert example["description"] == (
        "Placeholders of the document were replaced at /predictionID, /output, /metrics/predict_time."
    )


def test_nullable_types_are_lists() -> None:
    """OpenAPI 3.1 has no `nullable`: null is one of the types."""
    answer = exported(AIMLAPI)["paths"]["/v2/video/generations"]["get"]["responses"]["200"]
    properties = answer["content"]["application/json"]["schema"]["properties"]
    assert properties["video"]["type"] == ["object", "null"]
    assert properties["meta"]["properties"]["usage"]["type"] == ["object", "null"]
    assert "nullable" not in dict(members(exported(OXEN)))


def test_common_errors_are_merged_into_every_operation() -> None:
    """Eachlabs' error table holds for both operations, with where the words for a person stand."""
    for item in exported(EACHLABS)["paths"].values():
        for operation in item.values():
            assert list(operation["responses"]) == ["2XX", "400", "401", "404", "429", "5XX"]
            assert operation["responses"]["404"]["description"] == "unknown model or prediction id"
            assert operation["responses"]["404"]["x-error-message"] == "/message"


def test_an_operations_own_errors_go_before_the_common_ones() -> None:
    """An own status is not replaced, and an own range takes the place of every common status in it."""
    own = exported(f"{EACHLABS}@2026-07-07")["paths"]["/v1/prediction/{id}"]["get"]["responses"]
    assert own["404"]["description"] == "invalid prediction id"
    assert own["400"]["description"] == "invalid input"
    ranged = {"schema": "undocumented", "source": "seed#Errors"}
    document = exported(EACHLABS, ("/operations/poll/responses/4XX", ranged))
    responses = document["paths"]["/v1/prediction/{id}"]["get"]["responses"]
    assert list(responses) == ["2XX", "4XX", "5XX"]


def test_an_undocumented_body_has_no_content() -> None:
    """Nothing is said of the body, so nothing stands there; the status has the name that HTTP gives it."""
    answer = exported(NOVITA)["paths"]["/v3/async/task-result"]["get"]["responses"]["5XX"]
    assert answer == {"description": "internal server error"}
    model = exported(OXEN)["paths"]["/api/ai/models/{id}"]["get"]["responses"]
    assert model["401"] == {"description": "unauthenticated"}


@pytest.mark.parametrize(
    ("status", "description"),
    [
        ("200", "OK"),
        ("201", "Created"),
        ("299", "Successful"),
        ("4XX", "Client error"),
        ("5XX", "Server error"),
    ],
)
def test_a_status_without_a_meaning_has_the_name_that_http_gives_it(status: str, description: str) -> None:
    """OpenAPI demands a description; the words are HTTP's, not the provider's."""
    answer = {"schema": "undocumented", "source": "seed#Response"}
    document = exported(NOVITA, ("/operations/submit/responses", {status: answer}))
    operation = document["paths"]["/v3/async/kling-v2.6-pro-t2v"]["post"]
    assert operation["responses"] == {status: {"description": description}}
    assert faults(document) == []


def test_a_body_of_an_unstated_media_type_is_json() -> None:
    """A JSON Schema speaks of JSON; a media type that nobody states alone is no reason to drop it."""
    at = "/operations/submit/responses/200/content_type"
    answer = exported(NOVITA, (at, REMOVED))["paths"]["/v3/async/kling-v2.6-pro-t2v"]["post"]["responses"][
        "200"
    ]
    assert list(answer["content"]) == ["application/json"]


def test_an_operation_without_a_documented_answer_has_none() -> None:
    """An empty `responses` is not valid OpenAPI, and a made-up one not true."""
    document = exported(NOVITA, ("/operations/submit/responses", {}))
    assert "responses" not in document["paths"]["/v3/async/kling-v2.6-pro-t2v"]["post"]
    assert faults(document) == []


def test_members_called_like_annotations_stay() -> None:
    """Only keywords of a schema are dropped: a property, or a value in an enum, may have any name."""
    at = "/operations/submit/request/schema"
    schema = {
        "type": "object",
        "properties": {"x-source": {"type": "object", "enum": [{"x-source": "a"}], "x-source": "seed#a"}},
        "anyOf": [{"not": {"x-source": "seed#b", "type": "null"}}],
        "items": False,
        "x-source": "seed#c",
    }
    document = exported(NOVITA, (at, schema), ("/mapping", {}))
    body = document["paths"]["/v3/async/kling-v2.6-pro-t2v"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {
        "type": "object",
        "properties": {"x-source": {"type": "object", "enum": [{"x-source": "a"}]}},
        "anyOf": [{"not": {"type": "null"}}],
        "items": False,
    }


def test_an_export_shares_nothing_with_the_spec() -> None:
    """Whoever changes an export does not change the spec."""
    spec = STORE.get(OXEN)
    before = json.dumps(openapi(spec))
    document = openapi(spec)
    for _, value in list(members(document)):
        if isinstance(value, (dict, list)):
            value.clear()
    assert json.dumps(openapi(spec)) == before
