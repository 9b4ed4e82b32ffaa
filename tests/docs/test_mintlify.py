"""Pages in Mintlify's own form."""

from __future__ import annotations

from tests.docs.said import edited_page, hold_of, page, said


def test_attributes_and_words_are_the_facets() -> None:
    """Braces hold values, quotes hold text."""
    found = hold_of(page("novita-source.mdx"), "submit request ")
    assert found["/prompt required"] is True
    assert (found["/prompt minLength"], found["/prompt maxLength"]) == (1, 300)
    assert found["/scale default"] == 0.5
    assert found["/size default"] == "wide"
    assert found["/size enum"] == ["wide", "tall"]


def test_nesting_is_taken_over() -> None:
    """Of an object, of the elements of a list, and with the name around repeated."""
    found = hold_of(page("novita-source.mdx"), "submit request ")
    assert found["/camera/zoom minimum"] == -10
    assert found["/images/* type"] == "object"
    assert found["/images/*/url required"] is True


def test_the_front_matter_names_the_endpoint() -> None:
    """Method, server and path."""
    found = said(page("novita-source.mdx"))
    assert found["submit request method"] == "POST"
    assert found["server server"] == "https://api.example.com"
    assert found["submit response 200 job.id"] == "/task_id"


def test_a_field_that_belongs_nowhere_is_listed() -> None:
    """It does not become a parameter of the body."""
    document = edited_page("novita-source.mdx", ('<ParamField body="prompt"', '<ParamField cookie="prompt"'))
    assert [each.why for each in document.unplaced] == ["it does not say where it belongs"]
    assert "submit request /prompt presence" not in said(document)


def test_the_two_forms_of_a_page_agree() -> None:
    """What both have is the same."""
    rendered, source = said(page("novita.md")), said(page("novita-source.mdx"))
    shared = [key for key in rendered if key in source and "/scale default" not in key]
    assert len(shared) > 20
    assert {key: rendered[key] for key in shared} == {key: source[key] for key in shared}
