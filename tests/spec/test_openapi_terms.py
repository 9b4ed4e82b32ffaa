"""What OpenAPI has no words for: the job, streams, webhooks and the terms of an endpoint."""

from __future__ import annotations

import pytest

from tests.spec.documents import REMOVED
from tests.spec.exports import AIMLAPI, EACHLABS, NOVITA, NOVITA_1_6, OXEN, exported, faults


def test_the_job_of_an_answer() -> None:
    """`x-job` says where the job stands in the body, and what the native words mean there."""
    answer = exported(NOVITA_1_6)["paths"]["/v3/async/task-result"]["get"]["responses"]["200"]
    assert answer["x-job"] == {
        "id": "/task/task_id",
        "status": "/task/status",
        "states": {
            "TASK_STATUS_QUEUED": "queued",
            "TASK_STATUS_PROCESSING": "running",
            "TASK_STATUS_SUCCEED": "succeeded",
            "TASK_STATUS_FAILED": "failed",
        },
        "output": "/videos/0/video_url",
        "error": ["/task/reason"],
        "progress_percent": "/task/progress_percent",
        "eta_s": "/task/eta",
        "output_ttl_s": "/videos/0/video_url_ttl",
        "evidence": {
            "queued_at": "/extra/debug_info/submit_time_ms",
            "started_at": "/extra/debug_info/execute_time_ms",
            "completed_at": "/extra/debug_info/complete_time_ms",
        },
    }
    created = exported(EACHLABS)["paths"]["/v1/prediction/"]["post"]["responses"]["2XX"]
    assert created["x-job"] == {"id": "/predictionID"}  # its own status is not the job's
    blocking = exported(OXEN)["paths"]["/api/ai/videos/generate"]["post"]["responses"]["2XX"]
    assert blocking["x-job"] == {
        "state": "succeeded",
        "output": "/videos/0/url",
        "output_inline": "/videos/0/b64_json",
    }


def test_event_stream() -> None:
    """Oxen's stream: media type, terms, and under `x-events` the payload of each event with its job."""
    operation = exported(OXEN)["paths"]["/api/events"]["get"]
    answer = operation["responses"]["2XX"]
    assert answer["x-stream"] == {
        "keep_alive_s": 15,
        "buffered": False,
        "subscribe": "before_submit",
        "other_events": True,
        "states_without_event": ["cancelled"],
    }
    assert list(answer["content"]) == ["text/event-stream"]
    media = answer["content"]["text/event-stream"]
    assert list(media) == ["x-events"]
    event = media["x-events"]["media_generation_completed"]
    assert event["schema"]["required"] == ["generation_id", "status", "media_type"]
    assert event["x-job"]["states"] == {"succeeded": "succeeded", "failed": "failed"}
    assert event["examples"]["failed"]["value"]["error"] == "Insufficient credits"


def test_a_stream_of_an_unstated_media_type_is_one_all_the_same() -> None:
    """Server-sent events have one media type."""
    at = "/operations/events/responses/2XX/content_type"
    answer = exported(OXEN, (at, REMOVED))["paths"]["/api/events"]["get"]["responses"]["2XX"]
    assert list(answer["content"]) == ["text/event-stream"]


def test_webhook() -> None:
    """Eachlabs' callback, with its own vocabulary of states and its terms; the buyer's key stays at home."""
    operation = exported(EACHLABS)["webhooks"]["job"]["post"]
    assert operation["security"] == []
    assert "parameters" not in operation
    assert "responses" not in operation
    media = operation["requestBody"]["content"]["application/json"]
    assert media["schema"]["required"] == ["exec_id", "status", "output", "error"]
    assert media["examples"]["succeeded"]["value"]["status"] == "succeeded"
    assert operation["x-job"] == {
        "id": "/exec_id",
        "status": "/status",
        "states": {"succeeded": "succeeded", "failed": "failed"},
        "output": "/output",
        "error": ["/error"],
    }
    assert operation["x-webhook"] == {
        "request_field": "/webhook_url",
        "secret_field": "/webhook_secret",
        "answer_within_s": 30,
    }


def test_webhook_of_a_later_revision() -> None:
    """The secret's header, the retries and the silent states came with the payload reference."""
    operation = exported(f"{EACHLABS}@2026-07-07")["webhooks"]["job"]["post"]
    assert operation["parameters"] == [
        {"name": "X-Webhook-Secret", "in": "header", "schema": {"type": "string"}}
    ]
    assert operation["x-webhook"] == {
        "request_field": "/webhook_url",
        "secret_field": "/webhook_secret",
        "secret_header": "X-Webhook-Secret",
        "answer_within_s": 30,
        "retries": {"attempts": 3, "spacing_s": 10},
        "states_without_delivery": ["cancelled"],
    }


@pytest.mark.parametrize("reference", [NOVITA, NOVITA_1_6, AIMLAPI, OXEN])
def test_no_webhook_where_none_is_documented(reference: str) -> None:
    """Three of the providers say nothing of callbacks."""
    assert "webhooks" not in exported(reference)


def test_a_webhook_with_an_undocumented_payload_has_no_body() -> None:
    """That there is a call is documented; what it brings is not."""
    at = "/webhook/payload"
    operation = exported(EACHLABS, (at, {"schema": "undocumented"}))["webhooks"]["job"]["post"]
    assert "requestBody" not in operation
    assert "x-job" not in operation


def test_terms_of_the_endpoint_stand_where_they_are_documented() -> None:
    """Limits, latency, intervals, output and price of Eachlabs, absent as absent; nothing of Novita's."""
    document = exported(EACHLABS)
    assert document["x-limits"] == {
        "rate": {"requests": 100, "per_s": 60, "operation": "submit", "scope": "key"},
        "concurrency": {"jobs": 10, "scope": "key"},
    }
    page = {
        "kind": "estimate",
        "mode": "any",
        "min_s": 170,
        "max_s": 170,
        "open_ended": False,
        "scope": "model",
    }
    assert document["x-latency"] == {"page": page}
    assert document["x-output"] == {"resolution": "1080p"}
    assert document["x-price"] == {"absent": True}
    assert "x-poll-interval" not in document
    silent = exported(NOVITA)
    assert [name for name in silent if name.startswith("x-")] == ["x-mapping", "x-contradictions"]
    assert silent["x-mapping"]["audio"] == "/sound"


def test_more_terms() -> None:
    """A price that the API tells, a limit that is documented as absent, when parameters are judged."""
    document = exported(OXEN)
    assert document["x-price"] == {"operation": "model", "pointer": "/pricing"}
    assert document["x-limits"] == {"concurrency": {"absent": True}}
    assert document["x-poll-interval"]["queue_page"] == {"min_s": 10, "max_s": 30}
    assert document["paths"]["/api/ai/queue"]["post"]["x-validation"] == {
        "at_submit": ["/model", "/num_generations"],
        "at_run": ["*"],
    }
    assert document["paths"]["/api/ai/videos/generate"]["post"]["x-validation"] == {"at_submit": ["*"]}


def test_contradictions_are_told() -> None:
    """What is contradicted, by which statements, and what it means; a broken example by its name."""
    document = exported(AIMLAPI)
    assert document["x-contradictions"]["sample-duration"] == {
        "meaning": "The provider may take both; only the integer is documented as right.",
        "statements": [
            {
                "says": 'the sample sends duration as the string "5"',
                "sources": ["page#Code Example, generate_video"],
            },
            {
                "says": "duration is an integer",
                "sources": ["seed#Create a video generation task, Body, duration"],
            },
        ],
        "example": "submit.request.python",
    }
    submit = document["paths"]["/v2/video/generations"]["post"]
    assert list(submit["requestBody"]["content"]["application/json"]["examples"]) == ["curl"]


def test_a_default_that_breaks_its_schema_does_not_make_the_file_invalid() -> None:
    """It is a fact all the same, and stands under `x-default`."""
    at = "/operations/submit/request/schema/properties/duration/default"
    document = exported(AIMLAPI, (at, "5"))
    body = document["paths"]["/v2/video/generations"]["post"]["requestBody"]
    duration = body["content"]["application/json"]["schema"]["properties"]["duration"]
    assert duration["x-default"] == "5"
    assert "default" not in duration
    assert faults(document) == []
