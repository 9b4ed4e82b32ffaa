"""Model pages and reference pages with tables."""

from __future__ import annotations

from tests.docs.said import ABSENT, HIDDEN, edited_page, hold_of, page, said


def test_the_table_is_about_every_call_that_sends_the_model() -> None:
    """The blocking one and the one with a queue."""
    found = said(page("model.mdx"))
    for operation in ("submit", "generate"):
        assert found[f"{operation} request /prompt required"] is True
        assert found[f"{operation} request /prompt default"] == ABSENT
        assert found[f"{operation} request /duration enum"] == [4, 8]
        assert found[f"{operation} request /ratio default"] == "16:9"
        assert found[f"{operation} request /scale maximum"] == 10
        assert found[f"{operation} request /images/* type"] == "string"
        assert found[f"{operation} request /video format"] == "uri"
        assert found[f"{operation} request /model enum"] == ["dolly-v2-6-pro"]
    assert found["generate request path"] == "/api/films/generate"


def test_words_for_a_default_are_listed_and_hidden() -> None:
    """`random` without a mark of code is no value."""
    document = page("model.mdx")
    assert said(document)["submit request /seed default"] == HIDDEN
    assert [each.what for each in document.unplaced] == ["default of seed: random"]


def test_code_says_where_the_job_stands() -> None:
    """In the answer to the call, and in that to the next."""
    found = said(page("model.mdx"))
    assert found["submit response 2XX job.id"] == "/jobs/0/job_id"
    assert found["poll request path"] == "/api/queue/{job_id}"
    assert found["poll response 2XX job.output"] == "/result_url"
    assert found["poll response 2XX job.error"] == ["/error_message"]
    assert found["poll response 2XX /failed job.states"] == "failed"
    assert found["poll_interval/sample interval"] == {"min_s": 5, "max_s": 5}


def test_sentences_of_a_model_page() -> None:
    """How long it takes, and what the model's own call is."""
    found = said(page("model.mdx"))
    assert found["latency/blocking estimate"]["max_s"] == 900
    assert found["model request path"] == "/api/models/{id}"
    assert found["model response 2XX /schema_of_requests presence"] is True
    assert found["output/resolution resolution"] == "1080p"


def test_a_reference_page_speaks_of_its_endpoint() -> None:
    """The table is complete, but for what the model brings."""
    document = page("create.mdx")
    found = said(document)
    assert document.shared
    assert found["submit request path"] == "/v1/jobs"
    assert found["submit request /version required"] is True
    assert found["auth auth"] == {"scheme": "bearer", "header": "Authorization"}
    assert found["submit response 2XX /status enum"] == ["success"]
    assert "submit response 2XX job.status" not in found, "a create answer's success is not the job's"
    assert found["submit response 400 /error required"] is True
    assert [each.why for each in document.unplaced] == ["of some models only"]


def test_members_of_an_answer() -> None:
    """Dotted names nest; an object that the table leaves open stays open, whatever a sample shows in it."""
    found = hold_of(page("get.mdx"), "poll response 2XX ")
    assert found["/metrics/predict_time type"] == "number"
    assert found["/metrics type"] == "object"
    assert found["/output type"] == ["string", "array", "object"]
    assert found["/logs type"] == ["string", "null"]
    assert "/input/prompt presence" not in found
    assert found["/status enum"] == ["created", "processing", "success", "error", "cancelled"]
    assert found["/created job.states"] == "queued"
    assert found["job.id"] == "/id"


def test_errors_share_a_body_but_for_those_with_their_own() -> None:
    """And 429 means what the words say."""
    found = said(page("errors.mdx"))
    assert found["response 400 /error required"] is True
    assert "response 400 /details presence" not in found
    assert found["response 429 /details required"] is True
    assert found["response 429 meaning"] == ["concurrency"]
    assert found["limits/rate rate"] == ABSENT
    assert found["limits/concurrency concurrency"]["jobs"] == 10


def test_the_payload_of_a_webhook() -> None:
    """Both shapes of it, and the terms."""
    found = hold_of(page("payload.mdx"), "webhook ")
    assert found["request_field"] == "/webhook_url"
    assert found["/status enum"] == ["succeeded", "failed"]
    assert found["/output type"] == ["string", "array", "object"]
    assert found["/output/*/error presence"] is True
    assert found["secret_header"] == "X-Webhook-Secret"
    assert found["retries"] == {"attempts": 3, "spacing_s": 10}
    assert found["states_without_delivery"] == ["cancelled"]


def test_a_page_of_several_endpoints() -> None:
    """Each table and sample belongs to the endpoint above it; a call without a name here keeps its own."""
    found = said(page("queue.mdx"))
    assert found["submit request /num_generations maximum"] == 4
    assert found["submit response 2XX /jobs/*/status enum"] == ["queued"]
    assert found["GET /api/queue response 2XX /jobs/*/job_id required"] is True
    assert found["poll request path"] == "/api/queue/{job_id}"
    assert found["poll request {path}/job_id format"] == "uuid"
    assert found["poll response 404 meaning"] == ["unknown"]
    assert found["events event job_done /url presence"] is True
    assert found["latency/queue estimate"]["max_s"] == 300
    assert found["poll_interval/page interval"] == {"min_s": 10, "max_s": 30}


def test_a_status_that_means_more_is_told_apart() -> None:
    """A job that has ended is not one that never was."""
    later = (
        "Returns 404 when the job ID does not exist:",
        "Returns 404 when the job has reached a terminal state:",
    )
    document = edited_page("queue.mdx", later, ("(not found)", "(completed)"))
    assert said(document)["poll response 404 meaning"] == ["ended"]
