"""Later pages of the same providers: what they say otherwise is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

from harness.docs.against import drift
from harness.docs.between import changes_of_documents
from harness.docs.claims import Document
from harness.docs.read import read_document
from harness.finding import Finding
from harness.spec.store import SpecStore
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"


def document(name: str) -> Document:
    """A page of the shared folder."""
    path = (SHARED or Path()) / name
    return read_document(path.read_bytes(), path.name)


def reference(name: str) -> Document:
    """A page of the shared reference pages."""
    return document(f"sources/reference/{name}")


def told(findings: tuple[Finding, ...]) -> set[tuple[str, str | None, str, str | None]]:
    """Rule, operation, field and facet of each."""
    return {(f.rule.id, f.operation, f.field, f.facet) for f in findings}


def test_two_defaults_are_gone_from_the_model_page(store: SpecStore) -> None:
    """In both calls, and nothing else."""
    found = drift(store.get(OXEN), document(f"corpus/{OXEN}/2026-07-01-94c48c3e.mdx"))
    assert told(found) == {
        ("diff.request-default", operation, field, "default")
        for operation in ("submit", "generate")
        for field in ("/prompt", "/negative_prompt")
    }
    assert all(f.observed is None and f.expected for f in found)


def test_editions_with_the_same_tables_say_nothing_new(store: SpecStore) -> None:
    """Their samples and their prose differ."""
    for name in ("2026-04-21-97eb4b7d", "2026-05-16-c4dce07a", "2026-06-26-348b5aa4"):
        assert drift(store.get(OXEN), document(f"corpus/{OXEN}/{name}.mdx")) == ()


def test_a_parameter_is_added_to_the_file(store: SpecStore) -> None:
    """And nothing else; the earlier file and the one for polling agree with the baseline."""
    later = reference("aimlapi/video-v2-6-pro-text-to-video.2026-06-12.json")
    assert told(drift(store.get(AIMLAPI), later)) == {
        ("diff.request-property-added", "submit", "/provider", "presence")
    }
    for name in ("video-v2-6-pro-text-to-video.2026-01-16.json", "universal-video-fetch.json"):
        assert drift(store.get(AIMLAPI), reference(f"aimlapi/{name}")) == ()
    assert drift(store.get(AIMLAPI), reference("aimlapi/video-v2-6-pro-text-to-video.md")) == ()


def test_the_create_page_asks_for_more(store: SpecStore) -> None:
    """Another key, a version, another path, another body of an error."""
    assert told(drift(store.get(EACHLABS), reference("eachlabs/create-prediction.mdx"))) == {
        ("diff.auth", None, "/auth", "auth"),
        ("diff.path", "submit", "", "path"),
        ("diff.request-required", "submit", "/version", "required"),
        ("diff.response-property-renamed", "submit", "/message", "name"),
        ("diff.response-property-removed", "submit", "/status", "presence"),
        ("diff.response-property-removed", "submit", "/details", "presence"),
    }


def test_the_get_page_knows_more_statuses_and_another_id(store: SpecStore) -> None:
    """Three words, `id` in place of `predictionID`, and what else its table has."""
    found = drift(store.get(EACHLABS), reference("eachlabs/get-prediction.mdx"))
    words = {f.field for f in found if f.rule.id == "diff.status-word-added"}
    assert words == {"/created", "/starting", "/cancelled"}
    (rename,) = [f for f in found if f.facet == "name" and f.field == "/predictionID"]
    assert (rename.expected, rename.observed) == ("predictionID", "id")
    assert {f.field for f in found if f.rule.id == "diff.response-property-added"} == {
        *("/input", "/logs", "/urls", "/metrics/cost", "/metrics/tier"),
        *("/metrics/billed_seconds", "/metrics/output_gb"),
    }
    assert ("diff.auth", None, "/auth", "auth") in told(found)


def test_the_error_page_has_another_body_and_another_429(store: SpecStore) -> None:
    """It counts jobs now, not requests."""
    found = drift(store.get(EACHLABS), reference("eachlabs/errors.mdx"))
    (meaning,) = [f for f in found if f.facet == "meaning"]
    assert (meaning.expected, meaning.observed) == (["concurrency", "rate"], ["concurrency"])
    assert {f.expected for f in found if f.rule.id == "diff.response-status-added"} == {None}
    assert {f.observed for f in found if f.rule.id == "diff.response-status-added"} == {"402", "403"}
    assert ("diff.response-property-renamed", None, "/message", "name") in told(found)
    assert ("diff.limit", None, "/limits/rate", "rate") in told(found)


def test_the_payload_of_a_failed_job_has_another_shape(store: SpecStore) -> None:
    """A list instead of a string."""
    found = drift(store.get(EACHLABS), reference("eachlabs/payload-reference.mdx"))
    (shape,) = [f for f in found if f.facet == "type"]
    assert (shape.field, shape.expected, shape.observed) == (
        "/output",
        "string",
        ["string", "array", "object"],
    )
    assert ("diff.response-property-added", None, "/output/*", "presence") in told(found)
    assert ("diff.response-property-added", None, "/flow_id", "presence") in told(found)


def test_the_revisions_are_what_the_later_pages_say(store: SpecStore) -> None:
    """Nothing is found against the newest revision, but a member that another model's sample shows."""
    latest = store.get(f"{EACHLABS}@latest")
    for name in ("create-prediction", "get-prediction", "errors"):
        assert drift(latest, reference(f"eachlabs/{name}.mdx")) == ()
    payload = drift(latest, reference("eachlabs/payload-reference.mdx"))
    assert told(payload) == {("diff.response-property-added", None, "/output/url", "presence")}
    assert drift(store.get(f"{OXEN}@latest"), document(f"corpus/{OXEN}/2026-07-01-94c48c3e.mdx")) == ()
    file = reference("aimlapi/video-v2-6-pro-text-to-video.2026-06-12.json")
    assert drift(store.get(f"{AIMLAPI}@latest"), file) == ()


def test_pages_for_all_models_agree_with_the_spec_that_rests_on_them(store: SpecStore) -> None:
    """They are its sources."""
    for name in ("async_queue.2026-05-11", "video_generation", "models_overview"):
        assert drift(store.get(OXEN), reference(f"oxen/{name}.mdx")) == (), name


def test_the_queue_keeps_what_is_done() -> None:
    """404 no longer means that a job has ended, and the first status is queued."""
    old, new = (reference(f"oxen/async_queue.{day}.mdx") for day in ("2026-04-15", "2026-05-11"))
    found = {
        (f.operation, f.field, f.facet): (f.expected, f.observed) for f in changes_of_documents(old, new)
    }
    assert found["poll", "", "meaning"] == (["ended", "unknown"], ["unknown"])
    assert found["submit", "/generations/*/status", "enum"] == (["processing"], ["queued"])
