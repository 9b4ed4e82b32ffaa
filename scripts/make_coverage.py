"""Writes docs/coverage.md: how much of the baselines the readers find in their documents, and what they miss.

    python scripts/make_coverage.py            # write it
    python scripts/make_coverage.py --check    # exit 1 if it is not current

It needs the folder of source documents: `../shared` beside the project, or HARNESS_SHARED.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from harness.docs.against import coverage, drift  # noqa: E402
from harness.docs.read import read_document  # noqa: E402
from harness.spec.store import SpecStore  # noqa: E402
from tests.docs.test_corpus import editions, ours, package, plain  # noqa: E402
from tests.shared import SHARED  # noqa: E402

PAGE = ROOT / "docs" / "coverage.md"
GENERATED = "<!-- Made by scripts/make_coverage.py; edit the code, not this page. -->"


def page(shared: Path) -> str:
    """The whole page."""
    return "\n".join([*_head(), *_seeds(shared), *_corpus()]) + "\n"


def _head() -> Iterator[str]:
    yield from ("# What the document readers cover", "", GENERATED, "")
    yield (
        "A fact counts as covered when a claim that a reader made says the same at the same address, or when "
        "the page has a place for it and hides it. What is not covered is listed: no reader sees it there."
    )


def _seeds(shared: Path) -> Iterator[str]:
    by_digest = {spec.sources["seed"].digest: spec for spec in SpecStore().all()}
    yield from ("", "## The five documents of the baselines", "")
    yield "| model | form | facts sourced to the document | covered | findings |"
    yield "|---|---|---|---|---|"
    missed, total, covered = [], 0, 0
    for path in sorted((shared / "sources" / "seeds").iterdir()):
        document = read_document(path.read_bytes(), path.name)
        spec = by_digest[document.digest]
        counted = coverage(spec, document)
        total, covered = total + counted.facts, covered + counted.covered
        findings = len(drift(spec, document))
        yield f"| `{spec.id}` | {document.format} | {counted.facts} | {counted.covered} | {findings} |"
        missed += [f"- `{spec.id}`: {fact.address.subject}, {fact.address.facet}" for fact in counted.missed]
    yield f"| all | | {total} | {covered} ({covered / total:.1%}) | |"
    yield from ("", "Not covered:", "", *missed)


def _corpus() -> Iterator[str]:
    found = expected = both = pairs = quiet = 0
    misses, extras = [], []
    for old, new in editions():
        own, other = ours(package(old, new)), plain(old, new)
        pairs, quiet = pairs + 1, quiet + (not other)
        found, expected, both = found + len(own), expected + len(other), both + len(own & other)
        name = f"{old.parent.name}, {old.stem} to {new.stem}"
        misses += [f"- missed: {name}: {' '.join(key)}" for key in sorted(other - own)]
        extras += [f"- not there: {name}: {' '.join(key)}" for key in sorted(own - other)]
    yield from ("", "## Changes between consecutive editions of a page", "")
    yield (
        "`harness diff` against a comparison made by plain dereferencing (OpenAPI) and plain table reading "
        "(MDX); a rename counts as its two presences."
    )
    yield ""
    yield "| pairs | without a change | changes there | found | right | precision | recall |"
    yield "|---|---|---|---|---|---|---|"
    rates = f"{both / found:.3f} | {both / expected:.3f}"
    yield f"| {pairs} | {quiet} | {expected} | {found} | {both} | {rates} |"
    yield from ("", *(misses or ["Nothing is missed."]), *(extras or ["Nothing is found that is not there."]))


def main() -> int:
    """Writes or checks the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    if SHARED is None:
        print("no folder of source documents: ../shared beside the project, or HARNESS_SHARED")
        return 2
    text = page(SHARED)
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print("docs/coverage.md is not current; run python scripts/make_coverage.py")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print("wrote docs/coverage.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
