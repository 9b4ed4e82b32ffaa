"""Novita's page as it is rendered."""

from __future__ import annotations

from harness.docs.claims import Basis
from tests.docs.said import edited_page, hold_of, page, said


def test_the_endpoint_is_put_together_from_its_parts() -> None:
    """POST, /, v3, … each stand in a paragraph of their own."""
    found = said(page("novita.md"))
    assert found["submit request method"] == "POST"
    assert found["submit request path"] == "/v3/async/dolly-v2.6-pro-t2v"


def test_each_paragraph_after_an_anchor_is_a_facet() -> None:
    """Type, required, default, range, values."""
    found = hold_of(page("novita.md"), "submit request ")
    assert found["/prompt required"] is True
    assert found["/prompt maxLength"] == 300
    assert found["/duration default"] == 4
    assert found["/duration enum"] == [4, 8]
    assert found["/duration required"] is False
    assert found["/mode enum"] == ["Fast"]
    assert found["/mode default"] == "Fast"
    assert (found["/scale minimum"], found["/scale maximum"]) == (0, 1)
    assert "/scale default" not in found


def test_the_key_and_the_content_type_are_taken_from_the_headers() -> None:
    """The placeholder in the sample says nothing of the scheme."""
    found = said(page("novita.md"))
    assert found["auth auth"] == {"scheme": "bearer", "header": "Authorization"}
    assert found["submit request content_type"] == "application/json"
    assert found["submit request {header}/Content-Type enum"] == ["application/json"]


def test_the_example_shows_the_other_call() -> None:
    """Its query, its answer, and where the job stands in it."""
    found = said(page("novita.md"))
    assert found["poll request path"] == "/v3/async/task-result"
    assert found["poll request {query}/task_id required"] is True
    assert found["poll response 200 job.status"] == "/task/status"
    assert found["poll response 200 job.output"] == "/videos/0/video_url"
    assert found["poll response 200 /task/eta type"] == "number"
    assert found["output/container container"] == "mp4"
    assert found["output/url_lifetime_s lifetime"] == 900


def test_what_one_sample_shows_is_marked_as_such() -> None:
    """It is no list of all that there can be."""
    claim = page("novita.md").first("enum", field="/task/status")
    assert claim is not None
    assert (claim.value, claim.basis) == (["TASK_STATUS_SUCCEED"], Basis.SAMPLE)


def test_title_date_and_model() -> None:
    """At the top, at the end, and in the path."""
    document = page("novita.md")
    assert document.title == "Dolly V2.6 Pro Text-to-Video - Documentation"
    assert document.date == "2026-03-03"
    assert hold_of(document, "model/") == {
        "name name": "dolly-v2.6-pro-t2v",
        "family name": "dolly",
        "version name": "2.6",
        "tier name": "pro",
    }


def test_a_place_names_the_heading_above() -> None:
    """The heading is the paragraph after the empty one."""
    claim = page("novita.md").first("default", field="/duration")
    assert claim is not None
    assert claim.place.headings == ("Dolly V2.6 Pro Text-to-Video", "Request Body")
    assert (claim.place.line, claim.place.column) == (84, 1)


def test_what_has_no_known_section_is_listed() -> None:
    """Nothing is dropped in silence."""
    document = edited_page("novita.md", ("Request Body", "Something Else"))
    assert [each.what for each in document.unplaced] == [
        "parameter prompt",
        "parameter duration",
        "parameter mode",
        "parameter scale",
    ]


def test_what_the_rendering_folds_into_another_is_listed() -> None:
    """Nothing says what is inside and what comes next; so nothing is said to be gone."""
    document = edited_page("novita.md", ("`4`, `8`\n", "`4`, `8`\n\nShow properties\n"))
    assert [each.what for each in document.unplaced] == ["parameter mode", "parameter scale"]
    assert [each for each in document.listings if each.scope.direction.value == "request"] == []
