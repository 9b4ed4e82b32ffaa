"""The rules of `harness lint` where a broken file of one edit does not show them.

Each rule's firing example is in `tests/examples/invalid`, its silent one in `tests/examples/valid`.
"""

from __future__ import annotations

import pytest

from harness.finding import Direction, Location, Severity
from harness.spec.examples import example_sites
from harness.spec.lint import RULES, example_faults, lint_spec
from harness.spec.load import build
from harness.spec.model import Spec
from harness.spec.revision import apply, load_patch
from harness.spec.store import SpecStore
from tests.minimal import MINIMAL, edited, minimal, place_of, revision
from tests.shipped import REFERENCES

ID = "example/video-1-text-to-video"


def linted(spec: Spec) -> list[tuple[str, str]]:
    return [(finding.rule.id, finding.message) for finding in lint_spec(spec)]


class TestRules:
    def test_ids_are_unique_and_of_one_area(self):
        """A rule is a row: its id is its name everywhere."""
        ids = [rule.id for rule in RULES]

        assert len(set(ids)) == len(ids)
        assert {rule.area for rule in RULES} == {"spec"}

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_each_says_what_it_means_and_what_to_do(self, rule):
        """In sentences."""
        assert (rule.summary[-1], rule.advice[-1], rule.direction) == (".", ".", Direction.SPEC)


class TestShippedSpecs:
    @pytest.mark.parametrize("reference", REFERENCES)
    def test_they_are_clean(self, store: SpecStore, reference: str):
        """What is delivered breaks no rule, revisions included."""
        assert linted(store.get(reference)) == []


class TestSources:
    def test_a_document_that_nothing_rests_on_is_information(self):
        """It fails nothing, and is pointed at."""
        edits = (("x-sources: {maximum: forum#first answer}", "x-sources: {maximum: page#Create}"),)
        (found,) = lint_spec(minimal(*edits))
        line, column = place_of(edited(*edits), "^forum:\n")

        assert (found.rule.id, found.severity) == ("spec.unused-source", Severity.INFO)
        assert found.message == "nothing rests on document 'forum'"
        assert found.subject == Location(file="minimal.yaml", line=line, column=column)

    def test_one_list_with_two_unknown_documents_is_one_finding(self):
        """One place, one finding; the second shows when the first is corrected."""
        spec = minimal(("source: page#Price", "source: [a#Price, page#Price, b#Price]"))

        assert linted(spec) == [
            ("spec.unknown-source", "/price/source: no document 'a' under sources; known: page, forum")
        ]

    def test_a_property_called_source_is_no_source(self):
        """Names of the provider's own mean nothing to us."""
        spec = minimal(
            (
                "callback_url: {type: string, format: uri}",
                "callback_url: {type: string, format: uri}\n"
                "          source: {type: object, properties: {value: {type: string}}}",
            ),
            ("value: {prompt: a fox}", "value: {prompt: a fox, source: {value: nothing#here}}"),
        )

        assert linted(spec) == []

    def test_a_silence_needs_no_source(self):
        """Only what is stated rests on something."""
        spec = minimal(
            ("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth: undocumented")
        )

        assert linted(spec) == []


class TestPointers:
    def test_a_secret_field_must_be_in_the_request(self):
        """The pointer leads into the submit body."""
        spec = minimal(
            ("secret_field: undocumented", "secret_field: {pointer: /secret, source: page#Webhooks}")
        )

        assert linted(spec) == [
            (
                "spec.pointer-unresolved",
                "/webhook/secret_field/pointer: /secret leads to nothing that the schema describes",
            )
        ]

    def test_a_body_without_a_schema_resolves_everything(self):
        """What is not described cannot be contradicted."""
        spec = minimal(
            (
                "5XX: {source: page#Errors, schema: undocumented}",
                "5XX: {source: page#Errors, schema: undocumented, error_message: /anything}",
            )
        )

        assert linted(spec) == []

    def test_a_branch_describes_what_it_names(self):
        """Alternatives and array elements are looked into."""
        spec = minimal(
            (
                "videos: {type: array, items: {type: object, properties: {url: {type: string}}}}",
                "videos: {anyOf: [{type: array, items: {type: object, properties: {url: {type: string}}}}, "
                "{type: string}]}",
            )
        )

        assert linted(spec) == []

    def test_a_word_of_the_blocking_call_alone_is_described_there(self):
        """The mapping holds for submit and generate; one of them is enough."""
        generate = (
            "  generate:\n    method: POST\n    path: /v1/videos/generate\n    source: page#Create\n"
            "    request:\n      content_type: application/json\n"
            "      schema: {type: object, properties: {format: {type: string}}}\n"
            '    responses: {"200": {schema: undocumented, job: {state: succeeded}}}\n'
        )
        edits = (
            ("\nwebhook:\n", f"{generate}\nwebhook:\n"),
            ("  guidance: /guidance\n", "  guidance: /guidance\n  response_format: /format\n"),
        )

        assert linted(minimal(*edits)) == []
        assert linted(minimal(edits[0], (edits[1][0], edits[1][1].replace("/format", "/form")))) == [
            (
                "spec.pointer-unresolved",
                "/mapping/response_format: /form leads to nothing that the schema describes",
            )
        ]

    def test_nothing_is_said_where_validation_has_no_body(self):
        """Operations without a body have nothing to point into."""
        spec = minimal(
            (
                "    path: /v1/videos/{id}\n    source: page#Read\n",
                "    path: /v1/videos/{id}\n    source: page#Read\n    validation: {at_submit: [/id]}\n",
            )
        )

        assert linted(spec) == []


class TestLifeCycle:
    def test_everything_that_is_missing_is_one_finding(self):
        """A job without output, success and failure is incomplete once."""
        spec = minimal(
            ("done: succeeded", "done: running"),
            ("broken: failed", "broken: running"),
            ("          output: /videos/0/url\n", ""),
        )

        assert linted(spec) == [
            (
                "spec.life-cycle-incomplete",
                "poll: the job has no output and no word for succeeded and no word for failed",
            )
        ]

    def test_states_without_an_enum_are_what_the_documents_show(self):
        """A status that the schema leaves free is not undocumented."""
        spec = minimal(("status: {type: string, enum: [waiting, done, broken]}", "status: {type: string}"))

        assert linted(spec) == []


class TestDefaults:
    def test_a_declared_contradiction_covers_a_default(self):
        """What a document really says may be wrong, if it is said to be."""
        spec = minimal(
            ("default: 5", 'default: "5"'),
            (
                "about: /operations/submit/request/schema/properties/duration\n",
                "about: /operations/submit/request/schema/properties/duration/default\n",
            ),
        )

        assert linted(spec) == []


class TestExamples:
    @pytest.mark.parametrize(
        ("text", "faults"),
        [
            ('{"prompt": "a fox"}', []),
            ('{"prompt": "a fox",}', [("", "json")]),
            ("{}", [("/prompt", "required")]),
            ('{"prompt": "", "seed": 1}', [("/prompt", "minLength"), ("/seed", "presence")]),
        ],
    )
    def test_a_text_is_judged_like_a_value(self, text: str, faults: list[tuple[str, str]]):
        """If it is JSON at all."""
        spec = minimal(("{role: minimal, value: {prompt: a fox}", f"{{role: minimal, text: '{text}'"))
        site = next(iter(example_sites(spec)))

        assert list(example_faults(site)) == faults

    def test_an_answer_may_hold_more_than_is_described(self):
        """Unknown properties count in requests alone."""
        assert (
            linted(minimal(("value: {id: job-1, status: done,", "value: {id: job-1, status: done, eta: 0,")))
            == []
        )

    def test_an_example_of_an_invalid_schema_is_not_judged(self):
        """One fault is one finding: what follows from it is not said."""
        spec = minimal(
            ("maxLength: 500", 'maxLength: 500, pattern: "["'), ("value: {prompt: a fox}", "value: {}")
        )

        assert [rule for rule, _ in linted(spec)] == ["spec.schema-invalid"]


class TestPlaces:
    def test_a_fault_that_a_revision_brings_is_found_in_its_file(self):
        """Whoever reads the finding is sent to the line that was changed."""
        patch = load_patch(revision(ID, "2026-02-01", "{mapping: {guidance: /cfg}}"), "r.yaml")
        spec = build(apply(minimal().root, patch), revision=patch.date)

        (found,) = lint_spec(spec)
        assert (found.model, found.subject) == (
            f"{ID}@2026-02-01",
            Location(file="r.yaml", line=5, column=21),
        )

    def test_an_expected_id_is_compared_only_where_there_is_one(self):
        """A file outside of a specs directory may have any id."""
        assert [f.message for f in lint_spec(minimal(), expected_id="a/b")] == [f"expected a/b, got {ID}"]
        assert list(lint_spec(minimal(), expected_id=ID)) == []


def test_an_empty_file_of_sources_makes_every_fact_unknown():
    """Nothing can rest on documents that are not listed."""
    sources = MINIMAL[MINIMAL.index("  page:\n    kind") : MINIMAL.index("\nserver:")]
    spec = minimal((f"sources:\n{sources}", "sources: {}\n"))

    assert {rule for rule, _ in linted(spec)} == {"spec.unknown-source"}
