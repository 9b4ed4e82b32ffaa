"""Every consecutive pair of editions, held against a comparison that was made without the package."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from harness.docs.between import changes_of_documents
from harness.docs.import_ import draft
from harness.docs.read import read_document
from harness.errors import OperatorError
from harness.finding import Direction, Finding, Severity
from harness.spec.lint import lint_spec
from harness.spec.load import load_text
from tests.docs.plain import Key, changed, mdx_statements, openapi_statements
from tests.shared import PROJECT, SHARED, needs_shared

pytestmark = needs_shared

CORPUS = (SHARED or Path()) / "corpus"
SHARED_PAGES = {"create-prediction", "errors", "get-prediction", "payload-reference"}


def editions() -> Iterator[tuple[Path, Path]]:
    """Every edition of a page with the next one."""
    for folder in sorted(CORPUS.glob("*/*")):
        files = sorted(folder.iterdir())
        yield from pairwise(files)


def ours(findings: Iterable[Finding]) -> set[Key]:
    """The findings under the addresses of the plain comparison; a rename as its two presences."""
    found: set[Key] = set()
    for finding in findings:
        part = "file" if finding.direction is Direction.SPEC else str(finding.direction)
        facet, field = finding.facet or "", finding.field
        if facet == "name" and part != "file":
            names = (finding.expected, finding.observed)
            around = field.rpartition("/")[0]
            found |= {(part, n if str(n).startswith("/") else f"{around}/{n}", "presence") for n in names}
        elif facet == "presence" and not field:
            if part == "request":
                found.add(("operation", finding.operation or "", facet))
            else:
                found.add((part, str(finding.expected or finding.observed), facet))
        else:
            found.add((part, field, facet))
    return found


def plain(old: Path, new: Path) -> set[Key]:
    """The changes that plain reading finds."""
    read = openapi_statements if old.suffix == ".json" else mdx_statements
    before, after = (path.read_text(encoding="utf-8") for path in (old, new))
    return changed(read(before), read(after))


def package(old: Path, new: Path) -> tuple[Finding, ...]:
    """The changes that the package finds."""
    before, after = (read_document(path.read_bytes(), path.name) for path in (old, new))
    return changes_of_documents(before, after)


def test_precision_and_recall_of_facet_changes() -> None:
    """Both at least 0.98, over every pair; a pair without a reachable change gives no finding."""
    found = expected = both = quiet = 0
    for old, new in editions():
        own, other = ours(package(old, new)), plain(old, new)
        found, expected, both = found + len(own), expected + len(other), both + len(own & other)
        if not other:
            quiet += 1
            assert own == set(), f"{old} {new.name}"
    assert expected > 100
    assert quiet > 100
    assert both / found >= 0.98
    assert both / expected >= 0.98


def test_a_bundled_file_takes_under_a_second() -> None:
    """Read and compared, the largest there is."""
    files = sorted((CORPUS / "aimlapi-bundled").glob("*/*.json"))
    large = [path for path in files if path.stat().st_size > 1_500_000]
    assert len(large) == 2
    start = time.perf_counter()
    package(large[0], large[1])
    assert time.perf_counter() - start < 1


def test_every_model_page_becomes_a_draft_that_lints_without_errors() -> None:
    """And the pages for all models give claims only."""
    made, refused = 0, set()
    for path in sorted(CORPUS.glob("*/*/*")):
        document = read_document(path.read_bytes(), path.name)
        try:
            text = draft(document, f"{path.parts[-3]}/{path.parent.name}")
        except OperatorError:
            refused.add(path.parent.name)
            continue
        made += 1
        spec = load_text(text, path.name)
        assert [f.message for f in lint_spec(spec) if f.severity is Severity.ERROR] == [], path
    assert made > 200
    assert refused == SHARED_PAGES


def test_the_page_on_coverage_is_current() -> None:
    """docs/coverage.md lists what is missed; scripts/make_coverage.py writes it."""
    done = subprocess.run(
        [sys.executable, "scripts/make_coverage.py", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
