"""Documents as draft specs."""

from __future__ import annotations

import pytest

from harness.docs.import_ import draft, fill_in
from harness.errors import OperatorError
from harness.finding import Severity
from harness.spec.lint import lint_spec
from harness.spec.load import load_text
from tests.docs.said import edited_page, page
from tests.docs.test_against import MODEL_PAGES


@pytest.mark.parametrize("name", MODEL_PAGES)
def test_a_draft_lints_without_errors(name: str) -> None:
    """Whatever the page leaves out."""
    spec = load_text(draft(page(name), "example/dolly"), "dolly.yaml")
    assert [f.message for f in lint_spec(spec) if f.severity is Severity.ERROR] == []
    assert spec.id == "example/dolly"
    assert spec.sources["page"].digest == page(name).digest


def test_silence_is_undocumented() -> None:
    """Nothing is made up."""
    spec = load_text(draft(page("novita.md"), "example/dolly"), "dolly.yaml")
    assert spec.webhook.value is None
    assert spec.price.value is None
    assert spec.limits.rate.value is None


def test_what_a_spec_needs_and_the_page_lacks_is_plainly_a_placeholder() -> None:
    """Under a source of its own, and on the list."""
    document = page("bundle.json", model="dolly-1")
    text = draft(document, "example/dolly")
    spec = load_text(text, "dolly.yaml")
    poll = spec.operations["poll"]
    assert poll.path == "/to-be-filled-in/{id}"
    assert {ref.document for ref in spec.sources_at(poll.at)} == {"fill-in"}
    assert spec.sources["fill-in"].kind == "reported"
    head = text.split("format: 1")[0]
    assert "# - /operations/poll: how a job is asked after, and its words for done and failed\n" in head
    assert "# - /status: which state odd name; no enum until then\n" in head


def test_a_default_that_breaks_its_type_is_declared() -> None:
    """Both statements, with their places."""
    spec = load_text(draft(page("bundle.json", model="dolly-1"), "example/dolly"), "dolly.yaml")
    (found,) = spec.contradictions
    assert found.about == "/operations/submit/request/schema/properties/duration/default"
    assert [each.says for each in found.statements] == [
        "the default of /duration is '4'",
        "its type is 'integer'",
    ]


def test_what_is_hidden_is_on_the_list() -> None:
    """A person may unfold it."""
    assert "/duration: enum is hidden on the page (line 18)" in fill_in(page("gitbook.txt"), "example/dolly")


def test_the_mapping_has_what_the_request_has() -> None:
    """Canonical word to native parameter."""
    spec = load_text(draft(page("flat.md"), "example/dolly"), "dolly.yaml")
    assert spec.mapping == {
        "model": "/model",
        "prompt": "/input/prompt",
        "duration_s": "/input/duration",
        "webhook_url": "/webhook_url",
    }


@pytest.mark.parametrize("name", ["create.mdx", "get.mdx", "errors.mdx", "payload.mdx", "queue.mdx"])
def test_a_page_for_all_models_gives_claims_only(name: str) -> None:
    """It describes no one model."""
    with pytest.raises(OperatorError) as caught:
        draft(page(name), "example/dolly")
    assert str(caught.value) == (
        f"{name}: it does not describe one model's job from its creation on; it gives claims, not a draft"
    )


def test_words_of_the_page_cannot_leave_their_comment() -> None:
    """A title with a line break or a control character stays on its line."""
    document = edited_page("bundle.json", ('"All models"', '"All\\nmodels: x \\u0007"'))
    text = draft(document, "example/dolly")
    assert load_text(text, "dolly.yaml").title == "All models: x"
    assert "\x07" not in text
