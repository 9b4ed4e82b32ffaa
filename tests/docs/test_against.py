"""Claims against a spec: the draft of a page stands for the spec that was made from it."""

from __future__ import annotations

import pytest

from harness.docs.against import coverage, drift, judge, source_of
from harness.docs.claims import Document
from harness.docs.import_ import draft
from harness.finding import Finding, Kind, Verdict
from harness.spec.load import load_text
from harness.spec.model import Spec
from tests.docs.said import edited_page, page

MODEL_PAGES = (
    "novita.md",
    "novita-source.mdx",
    "gitbook.txt",
    "flat.md",
    "model.mdx",
    "api.yaml",
    "bundle.json",
)


def spec_of(name: str) -> Spec:
    """The spec that the page makes."""
    return load_text(draft(page(name), "example/dolly"), "dolly.yaml")


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str | None, object, object]]:
    """Rule, field, facet, old and new value of each."""
    return [(f.rule.id, f.field, f.facet, f.expected, f.observed) for f in findings]


def against(name: str, *edits: tuple[str, str]) -> list[tuple[str, str, str | None, object, object]]:
    """What the edited page says otherwise than the page did."""
    return told(drift(spec_of(name), edited_page(name, *edits)))


@pytest.mark.parametrize("name", MODEL_PAGES[:-1])
def test_a_page_says_nothing_against_what_was_made_from_it(name: str) -> None:
    """Fact by fact; the last page has a status word that no draft can map."""
    spec = spec_of(name)
    assert drift(spec, page(name)) == ()
    assert source_of(spec, page(name)) == "page"
    counted = coverage(spec, page(name))
    assert counted.covered >= 0.9 * counted.facts


def test_a_changed_default_has_both_places() -> None:
    """Where the spec says it, and where the page does now."""
    (finding,) = drift(spec_of("novita.md"), edited_page("novita.md", ("default:4", "default:8")))
    assert (finding.rule.id, finding.kind, finding.field) == ("diff.request-default", Kind.DRIFT, "/duration")
    assert (finding.expected, finding.observed) == (4, 8)
    assert finding.source is not None
    assert finding.source.file == "dolly.yaml"
    assert finding.subject is not None
    assert (finding.subject.file, finding.subject.line) == ("novita.md", 84)
    assert finding.subject.document == "Dolly V2.6 Pro Text-to-Video, Request Body"


def test_what_a_complete_list_no_longer_has_is_gone() -> None:
    """A parameter, a facet."""
    lost = ("[](#param-scale)\n\nscale\n\nnumber\n\nValue range: [0, 1]\n", "")
    assert against("novita.md", lost) == [("diff.request-property-removed", "/scale", "presence", True, None)]
    assert against("novita.md", ("default:4\n\n", "")) == [
        ("diff.request-default", "/duration", "default", 4, None)
    ]


def test_what_is_hidden_is_no_change() -> None:
    """The list of values is folded on the page as it was; where it is open, it is new."""
    spec = spec_of("gitbook.txt")
    assert drift(spec, page("gitbook.txt")) == ()
    opened = edited_page("gitbook.txt", ("Default: 4Possible values:", "Default: 4Possible values: `4`, `8`"))
    assert told(drift(spec, opened)) == [("diff.request-enum-narrowed", "/duration", "enum", None, [4, 8])]


def test_a_dash_in_place_of_a_value_says_that_there_is_none() -> None:
    """Documented as absent."""
    assert against("flat.md", ("| No | 8 | 4,8 |", "| No | - | 4,8 |")) == [
        ("diff.request-default", "/input/duration", "default", "8", None)
    ]


def test_a_default_in_quotes_is_the_same_default() -> None:
    """Where the type beside it has none."""
    spec = spec_of("model.mdx")
    assert drift(spec, edited_page("model.mdx", ("`integer` | `4`", '`integer` | `"4"`'))) == ()


def test_a_new_parameter_is_new_as_a_whole() -> None:
    """Its type and its range go with it."""
    row = "| `scale` | `number` | `0.5` | Range: 0 \u2013 10. |\n"
    found = against("model.mdx", (row, f"{row}| `sharp` | `number` | `1` | Range: 0 \u2013 2. |\n"))
    assert found == [("diff.request-property-added", "/sharp", "presence", None, True)] * 2


def test_a_new_status_word_is_one_finding() -> None:
    """Not one of the enum as well."""
    assert against("flat.md", ("| `processing` | Wait |", "| `processing` | Wait | | `queued` | Wait |")) == [
        ("diff.status-word-added", "/queued", "job.states", None, "queued")
    ]


def test_path_key_and_limits() -> None:
    """What stands around the parameters."""
    assert against("flat.md", ("/v1/jobs/ ", "/v2/jobs/ ")) == [
        ("diff.path", "", "path", "/v1/jobs/", "/v2/jobs/")
    ]
    key = [("X-API-Key: YOUR", "Authorization: Bearer YOUR")]
    assert [entry[0] for entry in against("flat.md", *key)] == ["diff.auth"]
    assert [entry[0] for entry in against("flat.md", ("60 creates", "30 creates"))] == ["diff.limit"]
    assert [entry[0] for entry in against("flat.md", ("90 seconds", "80 seconds"))] == ["diff.estimate"]
    assert [entry[0] for entry in against("flat.md", ("within 20 seconds", "within 9 seconds"))] == [
        "diff.webhook-terms"
    ]


def test_a_status_that_means_less_is_a_change() -> None:
    """429 of a rate and 429 of a number of jobs are to be handled otherwise."""
    spec = load_text(
        draft(page("flat.md"), "example/dolly").replace(
            '  "429":\n', '  "429":\n    meaning: over the rate or the concurrency limit\n'
        ),
        "dolly.yaml",
    )
    later = edited_page(
        "flat.md", ("Rate limit — 60 creates / min, 5 concurrent per key", "5 concurrent per key")
    )
    assert ("diff.response-meaning", "", "meaning", ["concurrency", "rate"], ["concurrency"]) in told(
        drift(spec, later)
    )


def test_a_page_for_all_models_says_nothing_of_what_one_has() -> None:
    """It passes on what it does not know, and knows what others take."""
    spec = spec_of("model.mdx")
    document = page("queue.mdx")
    assert document.shared
    found = drift(spec, document)
    assert [f.field for f in found if f.rule.id.startswith("diff.request-property")] == []
    assert [f.field for f in found if f.facet == "default"] == []


def test_the_judgement_counts_and_lists() -> None:
    """How much it rests on, and what no claim covers or no reader places."""
    found = judge(spec_of("model.mdx"), page("model.mdx"))
    assert found.verdict is Verdict.CONFORMS
    assert found.observed.facts > 60
    assert [each.what for each in found.observed.skipped][-1] == "default of seed: random (model.mdx:73)"


def test_nothing_claimed_is_inconclusive() -> None:
    """Never green."""
    empty: Document = page("model.mdx")
    from dataclasses import replace

    bare = replace(empty, claims=(), listings=(), unplaced=(), digest="sha256:0", title="other")
    assert judge(spec_of("model.mdx"), bare).verdict is Verdict.INCONCLUSIVE
