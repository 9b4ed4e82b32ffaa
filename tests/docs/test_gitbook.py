"""AI/ML API's page, rendered and as Markdown."""

from __future__ import annotations

from tests.docs.said import HIDDEN, edited_page, hold_of, page, said


def test_name_type_and_need_are_told_apart() -> None:
    """They stand together without a space."""
    found = hold_of(page("gitbook.txt"), "submit request ")
    assert (found["/prompt type"], found["/prompt required"], found["/prompt maxLength"]) == (
        "string",
        True,
        300,
    )
    assert (found["/duration type"], found["/duration default"]) == ("integer", 4)
    assert (found["/scale type"], found["/scale maximum"]) == ("number", 1)
    assert (found["/sound type"], found["/sound default"], found["/sound required"]) == (
        "boolean",
        True,
        False,
    )


def test_what_is_folded_is_hidden_not_absent() -> None:
    """An empty list of possible values, and a low end that may be zero."""
    found = hold_of(page("gitbook.txt"), "submit request ")
    assert found["/duration enum"] == HIDDEN
    assert found["/scale minimum"] == HIDDEN
    assert "/prompt enum" not in found
    assert "/sound minimum" not in found


def test_values_that_are_open_are_taken() -> None:
    """The list may be unfolded."""
    document = edited_page(
        "gitbook.txt", ("Default: 4Possible values:\n", "Default: 4Possible values: `4`, `8`\n")
    )
    assert said(document)["submit request /duration enum"] == [4, 8]


def test_both_operations_are_read() -> None:
    """With the key that the second asks for."""
    found = said(page("gitbook.txt"))
    assert found["poll request {query}/generation_id required"] is True
    assert found["poll response 200 content_type"] == "application/json"
    assert found["auth auth"] == {"scheme": "bearer", "header": "Authorization"}


def test_figures_below_the_code() -> None:
    """How often it polls, how long it took, what came of it."""
    found = said(page("gitbook.txt"))
    assert found["poll_interval/page interval"] == {"min_s": 15, "max_s": 15}
    assert found["latency/run estimate"]["min_s"] == 65
    assert found["output/resolution resolution"] == "1280x720"
    assert found["model/name name"] == "dolly/video-v2-6-pro-text-to-video"


def test_the_markdown_names_operations_and_leaves_schemas_to_files() -> None:
    """What stands elsewhere is listed."""
    document = page("gitbook.md")
    found = said(document)
    assert (found["submit request path"], found["poll request method"]) == ("/v2/films", "GET")
    assert found["server server"] == "https://api.example.com"
    assert found["poll_interval/sample interval"] == {"min_s": 20, "max_s": 20}
    assert [each.what for each in document.unplaced] == [
        "the schema of POST /v2/films",
        "the schema of GET /v2/films",
    ]


def test_lists_and_null_are_written_after_the_type() -> None:
    """`string · uri[]` is a list of addresses."""
    lines = (
        "linksstring · uri[]Required\nseedinteger · min: 1 · nullableOptional\n"
        "shotsobject[]Optional\nResponses\n"
    )
    document = edited_page("gitbook.txt", ("Default: true\nResponses\n", f"Default: true\n{lines}"))
    found = hold_of(document, "submit request ")
    assert (found["/links type"], found["/links/* type"], found["/links/* format"]) == (
        "array",
        "string",
        "uri",
    )
    assert (found["/seed type"], found["/seed minimum"]) == (["integer", "null"], 1)
    assert found["/shots/* type"] == "object"
    assert [each.what for each in document.unplaced] == ["members of links", "members of shots"]
