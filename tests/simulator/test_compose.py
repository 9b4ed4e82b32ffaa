"""Bodies out of known values, examples and schemas."""

from __future__ import annotations

from typing import Any

from harness.simulator.compose import Composer, Part
from harness.simulator.metadata import OWN_PRICE, bare_schema, metadata_values
from harness.spec.model import Example, Job, JobState
from tests.minimal import minimal
from tests.simulator.serving import STORE

SPEC = minimal()
BASE_URL = "http://127.0.0.1:1"
SCHEMA = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": "string"},
        "status": {"type": "string"},
        "kind": {"type": "string"},
        "model": {"type": "string"},
        "link": {"type": "string"},
        "url": {"type": "string"},
    },
}
JOB = Job(at="", id="/id", status="/status", states={"done": JobState.SUCCEEDED}, output="/url", evidence={})


def part(value: Any, **job: Any) -> Part:
    """A body with one documented example."""
    example = Example(name="e", role="sample", has_value=True, value=value, text=None, substituted=(), at="")
    return Part(at="/x", schema=SCHEMA, job=job.get("job", JOB), examples=(example,))


def composed(value: Any, known: dict[str, Any], state: JobState = JobState.SUCCEEDED) -> Any:
    """The body for these known values."""
    composer = Composer(spec=SPEC, base_url=BASE_URL)
    return composer.compose(part(value), known, state=state).document


KNOWN = {"/id": "ours", "/status": "done"}


def test_what_an_example_shows_besides():
    """Its optional members come along; what is known stays; the id and the server in its words are ours."""
    shown = {
        "id": "theirs",
        "status": "done",
        "kind": "movie",
        "link": f"{SPEC.server}/v1/videos/theirs",
        "url": "https://cdn.example.com/1.mp4",
    }
    assert composed(shown, KNOWN | {"/url": "u"}) == {
        "id": "ours",
        "status": "done",
        "kind": "movie",
        "link": f"{BASE_URL}/v1/videos/ours",
        "url": "u",
    }


def test_the_jobs_own_places_are_not_taken_from_it():
    """Without an output of our own there is none, whatever the example has."""
    assert composed({"id": "theirs", "status": "done", "url": "https://x.example/"}, KNOWN) == {
        "id": "ours",
        "status": "done",
    }


def test_an_example_of_another_state_or_model_does_not_count():
    """Nor one that the schema would not have."""
    assert "kind" not in composed({"id": "t", "status": "other", "kind": "movie"}, KNOWN)
    known = KNOWN | {"/model": SPEC.model.name}
    assert "kind" not in composed({"id": "t", "status": "done", "kind": "movie", "model": "else"}, known)
    assert "kind" not in composed({"id": "t", "status": "done", "kind": 5}, KNOWN)


def test_each_body_is_a_document_of_its_own():
    """Changing one changes no other."""
    composer = Composer(spec=SPEC, base_url=BASE_URL)
    first = composer.compose(part({}), {"/id": "a", "/status": "done"}).document
    first["id"] = "spoilt"
    assert composer.compose(part({}), {"/id": "b", "/status": "done"}).document["id"] == "b"


class TestMetadata:
    def test_request_schema_and_price(self):
        """Under the names that a model's metadata has for them."""
        schema = {
            "properties": {
                "request_schema": {"type": "object"},
                "pricing": {
                    "properties": {
                        "method": {"enum": ["per_image", "per_video_second"]},
                        "cost_per_image": {"type": "number"},
                        "cost_per_second": {"type": ["number", "null"]},
                    }
                },
            }
        }
        found = metadata_values(STORE.get("oxen"), schema)
        assert found["/request_schema"]["required"] == ["model", "prompt"]
        assert found["/pricing/method"] == "per_video_second"
        assert found["/pricing/cost_per_second"] == OWN_PRICE
        assert "/pricing/cost_per_image" not in found

    def test_no_price_where_none_can_be_had(self):
        """A spec that does not say where its price stands gets none."""
        assert metadata_values(STORE.get("novita/kling-v2.6"), {"properties": {"pricing": {}}}) == {}

    def test_our_annotations_do_not_go_out(self):
        """The schema as the provider would have it."""
        assert bare_schema({"x-source": "d", "items": [{"x-billing": "b", "type": "string"}]}) == {
            "items": [{"type": "string"}]
        }
