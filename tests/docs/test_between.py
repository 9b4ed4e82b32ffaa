"""Documents against documents."""

from __future__ import annotations

import pytest

from harness.docs.between import changes_of_documents, judge_documents
from harness.finding import Severity, Verdict
from tests.docs.said import PAGES, edited_page, page


def told(name: str, *edits: tuple[str, str]) -> list[tuple[str, str, str | None, object, object]]:
    """What changed from the page to the edited page."""
    found = changes_of_documents(page(name), edited_page(name, *edits))
    return [(f.rule.id, f.field, f.facet, f.expected, f.observed) for f in found]


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir()))
def test_a_page_has_not_changed_from_itself(name: str) -> None:
    """Nor has what only its prose says."""
    assert changes_of_documents(page(name), page(name)) == ()


def test_a_changed_default_is_an_error_with_both_places() -> None:
    """The rules are those for specs."""
    (finding,) = changes_of_documents(page("novita.md"), edited_page("novita.md", ("default:4", "default:8")))
    assert (finding.severity, finding.expected, finding.observed) == (Severity.ERROR, 4, 8)
    assert finding.source is not None
    assert finding.subject is not None
    assert (finding.source.file, finding.source.line, finding.subject.line) == ("novita.md", 84, 84)
    assert finding.model == "dolly-v2.6-pro-t2v"


def test_an_unrelated_schema_changes_nothing() -> None:
    """Only what an operation reaches counts."""
    assert told("bundle.json", ('"a": {"type": "string"}', '"a": {"type": "integer"}, "b": {}')) == []


def test_a_change_in_a_referenced_schema_is_found() -> None:
    """Wherever it stands."""
    edit = ('"tune": {"type": "string"}', '"tune": {"type": "string", "maxLength": 9}')
    assert [entry[1:] for entry in told("bundle.json", edit)] == [("/tune", "maxLength", None, 9)]


def test_the_same_call_is_the_same_under_another_name() -> None:
    """A call that is put before it does not take its place."""
    first = '"/v2/films": {'
    before = '"/v1/films": {"post": {"responses": {"200": {"description": ""}}}}, "/v2/films": {'
    assert told("bundle.json", (first, before)) == [("diff.operation-added", "", "presence", None, True)]


def test_a_status_word_of_a_document_is_a_change_of_its_enum() -> None:
    """What it means, the document did not say."""
    assert told("get.mdx", ("`created`, ", ""), ("| `created` | Waits |\n", "")) == [
        (
            "diff.response-enum-narrowed",
            "/status",
            "enum",
            ["created", "processing", "success", "error", "cancelled"],
            ["processing", "success", "error", "cancelled"],
        )
    ]


def test_how_code_reads_an_answer_is_not_what_the_page_says() -> None:
    """A sample that was rewritten is no change of the provider's."""
    assert told("model.mdx", ('data["status"] in {"succeeded", "failed"}', 'data["state"] == {"done"}')) == []


def test_a_rename_is_one_finding_where_the_job_shows_it() -> None:
    """The id has another name."""
    assert told(
        "get.mdx", ('{"id": "abc"', '{"jobID": "abc"'), ("| `id` | string | The", "| `jobID` | string | The")
    ) == [("diff.response-property-renamed", "/id", "name", "id", "jobID")]


def test_the_first_status_of_a_job_is_another() -> None:
    """As the sample shows it."""
    assert told(
        "queue.mdx", ('[{"job_id": "a", "status": "queued"}]}', '[{"job_id": "a", "status": "processing"}]}')
    ) == [("diff.response-enum-widened", "/jobs/*/status", "enum", ["queued"], ["processing"])]


def test_pages_of_two_forms_differ_in_what_both_can_show() -> None:
    """The rendered page shows no nesting, the source no samples."""
    found = changes_of_documents(page("novita.md"), page("novita-source.mdx"))
    fields = {(f.field, f.facet) for f in found}
    assert ("/camera", "presence") in fields
    assert ("/duration", "presence") in fields
    assert ("/prompt", "type") not in fields
    assert all(f.operation != "poll" for f in found)


def test_the_judgement_is_inconclusive_where_a_side_says_nothing() -> None:
    """Nothing to compare is not the same as nothing changed."""
    from dataclasses import replace

    bare = replace(page("get.mdx"), claims=())
    assert judge_documents(page("get.mdx"), bare).verdict is not Verdict.CONFORMS
    assert judge_documents(page("get.mdx"), page("get.mdx")).verdict is Verdict.CONFORMS
