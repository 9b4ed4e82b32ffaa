"""`harness drift docs`, `harness import`, and `harness diff` of documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.docs.said import PAGES

PAGE = PAGES / "flat.md"


@pytest.fixture
def specs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A directory with the spec that the page makes."""
    made = call(capsys, "import", PAGE, "--id", "example/dolly")
    assert made.code == 0
    path = tmp_path / "specs" / "example" / "dolly.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(made.out, encoding="utf-8")
    return path.parent.parent


def later(tmp_path: Path, before: str, after: str) -> Path:
    """The page with one thing changed."""
    path = tmp_path / "later.md"
    path.write_text(PAGE.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    return path


def test_a_page_that_says_the_same_conforms(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And how much of the spec it covers is said."""
    done = call(capsys, "drift", "docs", "--specs", specs, "--format", "json", "example/dolly", PAGE)
    assert done.code == 0
    assert done.json["findings"] == []
    counted = done.json["coverage"]
    assert (counted["source"], counted["facts"] >= counted["covered"] > 100) == ("page", True)
    assert done.json["document"]["format"] == "flat-markdown"
    assert f"{counted['covered']} of {counted['facts']} facts" in done.err


def test_a_changed_default_is_an_error(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With both places."""
    page = later(tmp_path, "| No | 8 | 4,8 |", "| No | 4 | 4,8 |")
    done = call(capsys, "drift", "docs", "--specs", specs, "--format", "json", "example/dolly", page)
    assert done.code == 1
    (finding,) = done.json["findings"]
    assert (finding["rule"], finding["kind"]) == ("diff.request-default", "drift")
    assert (finding["expected"], finding["observed"]) == ("8", "4")
    assert finding["source"]["file"].endswith("example/dolly.yaml")
    assert (finding["subject"]["file"], finding["subject"]["line"]) == (str(page), 1)


def test_the_model_is_told_by_the_document(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its digest, or by the name of the model."""
    done = call(capsys, "drift", "docs", "--specs", specs, "--format", "json", PAGE)
    assert (done.code, done.json["models"]) == (0, {"example/dolly": "conforms"})


def test_a_document_of_no_known_model_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do."""
    done = call(capsys, "drift", "docs", PAGES / "create.mdx")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"harness: {PAGES / 'create.mdx'}: which model's it is, it does not say; give MODEL and FILE\n"
    )


def test_two_documents_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Classified as specs are."""
    page = later(tmp_path, "0\u20131", "0\u201310")
    done = call(capsys, "diff", "--format", "json", PAGE, page)
    assert done.code == 1
    (finding,) = done.json["findings"]
    assert (finding["facet"], finding["expected"], finding["observed"]) == ("maximum", 1, 10)
    assert finding["model"] == "dolly-v2-6-pro"
    assert call(capsys, "diff", PAGE, PAGE).code == 0


def test_a_spec_is_compared_with_a_later_document(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other way round is refused."""
    page = later(tmp_path, "0\u20131", "0\u201310")
    assert call(capsys, "diff", "--specs", specs, "example/dolly", page).code == 1
    assert call(capsys, "diff", "--specs", specs, page, "example/dolly").code == 2


def test_an_openapi_file_in_yaml_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    """A spec has its own form."""
    assert call(capsys, "diff", PAGES / "api.yaml", PAGES / "api.yaml").code == 0


def test_an_id_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Before the document is read."""
    done = call(capsys, "import", "none.md", "--id", "Example")
    assert (done.code, done.out) == (2, "")
    assert done.err == "harness: --id: expected PROVIDER/SLUG in lower case, got 'Example'\n"


def test_an_import_says_how_much_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """The draft alone is on stdout."""
    done = call(capsys, "import", PAGES / "bundle.json", "--id", "example/dolly")
    assert done.code == 0
    assert done.out.startswith(f"# Drafted from {PAGES / 'bundle.json'}. To be filled in by a person:\n# - ")
    assert "places to be filled in by a person; they are listed at the top of the draft" in done.err


def test_a_url_is_not_fetched_here(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is sent."""
    done = call(capsys, "diff", "https://example.com/a.md", PAGE)
    assert (done.code, done.out) == (2, "")
