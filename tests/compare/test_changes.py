"""What changed from one spec to another."""

from __future__ import annotations

import itertools

import pytest

from harness.compare.change import Side, side_of
from harness.compare.changes import changes, changes_of_sides
from harness.finding import Direction, Finding, Kind, Location, Severity
from harness.spec.facts import Address, Fact
from harness.spec.model import State
from harness.spec.store import SpecStore
from tests.compare.drift import CANCEL, ONE_EVENT, Edit, added, between
from tests.minimal import minimal
from tests.shipped import BASELINES, REFERENCES

CREATED = '      "201":\n        meaning: created\n'
ACCEPTED_ID = (
    '      "202":\n        source: page#Create\n'
    f"        schema: {{type: object, properties: {{id: {{type: string}}}}}}\n{CREATED}"
)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str, str | None]]:
    """Rule, severity, field and facet of each finding."""
    return [(f.rule.id, f.severity.value, f.field, f.facet) for f in findings]


def fields(*new: Edit) -> list[tuple[str, str | None]]:
    """Field and facet of what changed."""
    return [(f.field, f.facet) for f in between((), new)]


# ---- the shipped specs


@pytest.fixture(scope="session")
def eachlabs(store: SpecStore) -> tuple[Finding, ...]:
    """What Eachlabs' pages of July and August 2026 changed."""
    return changes(store.get("eachlabs"), store.get("eachlabs@latest"))


@pytest.mark.parametrize(
    ("rule", "severity", "field", "facet"),
    [
        ("diff.auth", "error", "/auth", "auth"),
        ("diff.path", "error", "", "path"),
        ("diff.request-required", "error", "/version", "required"),
        ("diff.status-word-added", "error", "/created", "job.states"),
        ("diff.status-word-added", "error", "/starting", "job.states"),
        ("diff.status-word-added", "error", "/cancelled", "job.states"),
        ("diff.response-property-renamed", "error", "/predictionID", "name"),
        ("diff.response-property-renamed", "error", "/message", "name"),
        ("diff.response-property-removed", "error", "/details", "presence"),
        ("diff.response-property-removed", "error", "/status", "presence"),
        ("diff.response-status-added", "info", "", "presence"),
        ("diff.limit", "info", "/limits/rate", "rate"),
        ("diff.limit", "warning", "/limits/concurrency", "concurrency"),
        ("diff.response-type", "error", "/output", "type"),
        ("diff.job-place", "warning", "", "job.error"),
        ("diff.webhook-terms", "info", "", "secret_header"),
        ("diff.webhook-terms", "info", "", "retries"),
        ("diff.webhook-terms", "info", "", "states_without_delivery"),
    ],
)
def test_eachlabs_of_2026(
    eachlabs: tuple[Finding, ...], rule: str, severity: str, field: str, facet: str
) -> None:
    """Bearer keys, a required version, three more states, other names, limits and webhooks are reported."""
    assert (rule, severity, field, facet) in told(eachlabs)


def test_eachlabs_of_2026_is_reported_once(eachlabs: tuple[Finding, ...]) -> None:
    """No fingerprint twice, all of kind drift, all of the new revision."""
    assert len({finding.fingerprint for finding in eachlabs}) == len(eachlabs)
    assert {finding.kind for finding in eachlabs} == {Kind.DRIFT}
    assert {finding.model for finding in eachlabs} == {"eachlabs/kling-v2-6-pro-text-to-video@2026-08-17"}


def test_eachlabs_new_statuses(eachlabs: tuple[Finding, ...]) -> None:
    """402 and 403 are new; 500 was one of the 5XX before."""
    assert [f.observed for f in eachlabs if f.rule.id == "diff.response-status-added"] == ["402", "403"]


def test_eachlabs_error_body_changed_for_all_operations(eachlabs: tuple[Finding, ...]) -> None:
    """The same change in every error answer, own or common, is one finding."""
    (finding,) = [f for f in eachlabs if f.field == "/message" and f.facet == "name"]
    assert finding.message == (
        "answer 400, 401, 404, 5XX, 500 of any operation, /message: called /error now; "
        "a client that reads the old name finds nothing"
    )


def test_eachlabs_limit_is_on_another_status_now(eachlabs: tuple[Finding, ...]) -> None:
    """Where 429 meant a rate there is none; the concurrency counts otherwise."""
    found = {f.field: f.message for f in eachlabs if f.rule.id == "diff.limit"}
    assert found["/limits/rate"] == (
        '/limits/rate: rate was {"requests": 100, "per_s": 60, "operation": "submit", "scope": "key"}, '
        "is documented as absent; there is no such limit"
    )
    assert found["/limits/concurrency"] == (
        '/limits/concurrency: scope was "key", is "account with a balance of 10 US dollars or less"; '
        "it counts otherwise"
    )


def test_places_are_in_baseline_and_revision(eachlabs: tuple[Finding, ...]) -> None:
    """The old statement stands in the baseline, the new one in the revision that brought it."""
    (finding,) = [f for f in eachlabs if f.rule.id == "diff.auth"]
    assert finding.source is not None
    assert finding.subject is not None
    assert finding.source.file == "specs/eachlabs/kling-v2-6-pro-text-to-video.yaml"
    assert finding.subject.file == "specs/eachlabs/kling-v2-6-pro-text-to-video@2026-07-27.yaml"
    assert finding.subject.document == ("create-prediction#Code Examples; get-prediction#Code Examples")


def test_oxen_of_2026_lost_two_defaults(store: SpecStore) -> None:
    """Both defaults became dashes, in both calls that take them."""
    found = changes(store.get("oxen"), store.get("oxen@latest"))
    assert [(f.operation, *row) for f, row in zip(found, told(found), strict=True)] == [
        (operation, "diff.request-default", "warning", field, "default")
        for operation in ("submit", "generate")
        for field in ("/prompt", "/negative_prompt")
    ]


def test_aimlapi_of_2026_has_a_new_parameter(store: SpecStore) -> None:
    """A new optional parameter is information."""
    found = changes(store.get("aimlapi"), store.get("aimlapi@latest"))
    assert told(found) == [("diff.request-property-added", "info", "/provider", "presence")]


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(BASELINES, 2)))
def test_any_two_models(store: SpecStore, old: str, new: str) -> None:
    """Specs of different sellers and versions can be compared: one finding for each change."""
    found = changes(store.get(old), store.get(new))
    assert found
    assert len({finding.fingerprint for finding in found}) == len(found)
    for finding in found:
        assert finding.source is not None
        assert finding.subject is not None
        assert finding.source.line is not None
        assert finding.subject.line is not None
        assert (finding.expected, finding.observed) != (None, None) or finding.rule.id == "diff.absence"


@pytest.mark.parametrize("reference", REFERENCES)
def test_nothing_changed(store: SpecStore, reference: str) -> None:
    """A spec is equal to itself."""
    spec = store.get(reference)
    assert changes(spec, spec) == ()


# ---- one real change is one finding


def test_new_object_stands_for_all_below() -> None:
    """Its members, their types and defaults are part of its being new."""
    assert fields(*added("size: {type: object, properties: {width: {type: integer, default: 1}}}")) == [
        ("/size", "presence")
    ]


def test_new_member_of_a_known_object() -> None:
    """Below what both sides have, the new member itself is reported."""
    assert fields(("properties: {url: {type: string}}", "properties: {url: {type: string}, ttl: {}}")) == [
        ("/videos/*/ttl", "presence")
    ]


def test_new_operation_stands_for_its_answers() -> None:
    """Path, parameters and answers come with the call."""
    assert [(f.operation, f.facet) for f in between((), (CANCEL,))] == [("cancel", "presence")]


def test_event_stream_stands_for_its_events() -> None:
    """Types of events come with the stream."""
    assert [(f.operation, f.facet) for f in between((), (ONE_EVENT,))] == [("events", "presence")]


def test_answer_stands_for_its_content() -> None:
    """A status that is gone takes its body along."""
    assert [(f.field, f.facet, f.expected) for f in between(((CREATED, ACCEPTED_ID),), ())] == [
        ("", "presence", "202")
    ]


def test_status_word_stands_for_the_enum() -> None:
    """A word that the states and the enum both have is one finding."""
    new = (
        ("broken: failed", "broken: failed\n            lost: failed"),
        ("done, broken]", "done, broken, lost]"),
    )
    assert fields(*new) == [("/lost", "job.states")]


def test_enum_of_the_status_beyond_the_states_is_reported() -> None:
    """A word that only the enum has is not explained by the states."""
    assert fields(("done, broken]", "done, broken, lost]")) == [("/status", "enum")]
    both = (
        ("broken: failed", "broken: failed\n            lost: failed"),
        ("done, broken]", "done, broken, odd]"),
    )
    assert fields(*both) == [("/status", "enum"), ("/lost", "job.states")]


def test_enum_of_the_status_that_is_new_is_reported() -> None:
    """Where there was no list before, the list is the change."""
    without = (("status: {type: string, enum: [waiting, done, broken]}", "status: {type: string}"),)
    assert [(f.field, f.facet) for f in between(without, ())] == [("/status", "enum")]


def test_slug_in_the_request_stands_for_the_slug() -> None:
    """The model's name changes once, where it is sent."""
    old = added("model: {type: string, enum: [video-1]}", "model: /model")
    new = (
        *added("model: {type: string, enum: [video-one]}", "model: /model"),
        ("name: video-1,", "name: video-one,"),
    )
    assert [(f.field, f.facet) for f in between(old, new)] == [("/model", "enum")]


def test_same_change_in_several_answers_is_one_finding() -> None:
    """Several statuses of one operation that change alike are told together."""
    old = ((CREATED, ACCEPTED_ID),)
    new = (
        (CREATED, ACCEPTED_ID.replace("{type: string}", "{type: integer}")),
        ("properties: {id: {type: string}}\n        job", "properties: {id: {type: integer}}\n        job"),
    )
    (finding,) = between(old, new)
    assert finding.message == (
        'answer 202, 201 of submit, /id: type was "string", is "integer"; a client of the old type fails'
    )


def test_different_changes_of_several_answers_are_told_apart() -> None:
    """What changes otherwise is a finding of its own."""
    old = ((CREATED, ACCEPTED_ID),)
    new = (
        (CREATED, ACCEPTED_ID.replace("{type: string}", "{type: number}")),
        ("properties: {id: {type: string}}\n        job", "properties: {id: {type: integer}}\n        job"),
    )
    assert [f.observed for f in between(old, new)] == ["number", "integer"]


def test_absence_that_nobody_looks_for_is_not_reported() -> None:
    """`constraints` says that a text has no maximum; only a limit that one would look for is a finding."""
    new = (
        "callback_url: {type: string, format: uri}",
        "callback_url: {type: string, format: uri, x-absent: [constraints]}",
    )
    assert fields(new) == [("/callback_url", "maxLength")]


def test_branches_of_a_schema_are_one_place() -> None:
    """What branches say of one property is one set of values."""
    one = "error: {anyOf: [{type: string}, {type: 'null'}]}".replace("'", '"')
    two = "error: {anyOf: [{type: string}, {type: object}]}"
    before = ("            error: {type: string}\n", f"            {one}\n")
    after = ("            error: {type: string}\n", f"            {two}\n")
    assert [(f.rule.id, f.observed) for f in between((before,), (after,))] == [
        ("diff.response-type", ["string", "object"])
    ]
    assert between((before,), (before,)) == ()


def test_two_facets_are_two_findings() -> None:
    """Range and default of one parameter change independently."""
    assert fields(("minimum: 0, maximum: 1,", "minimum: 0, maximum: 10, default: 5,")) == [
        ("/guidance", "default"),
        ("/guidance", "maximum"),
    ]


# ---- other sources of facts


def claim(facet: str, value: object) -> Fact:
    """A statement that some document makes of a request parameter."""
    address = Address(
        operation="submit", direction=Direction.REQUEST, status=None, field="/guidance", facet=facet
    )
    return Fact(address=address, state=State.DOCUMENTED, value=value, at="line 3", sources=())


def test_claims_of_a_document_can_be_compared() -> None:
    """Facts need no spec: an address, a state and a value will do."""
    page = Location(file="page.mdx", line=3)
    old = Side(label="old", facts=(claim("maximum", 1),), words={}, locate=lambda _: page)
    new = Side(
        label="new",
        facts=(claim("maximum", 10),),
        words={("submit", "guidance"): "/guidance"},
        locate=lambda _: page,
    )
    (finding,) = changes_of_sides(old, new)
    assert (finding.rule.id, finding.severity) == ("diff.request-scale", Severity.ERROR)
    assert (finding.model, str(finding.subject)) == ("new", "page.mdx:3")


def test_spec_against_claims() -> None:
    """A spec is one side, a document the other."""
    spec = side_of(minimal())
    document = Side(
        label="page",
        facts=(*(fact for fact in spec.facts if fact.address.field != "/guidance"), claim("presence", True)),
        words=spec.words,
        locate=lambda at: Location(document=at),
    )
    found = changes_of_sides(spec, document)
    assert {finding.facet for finding in found} == {"type", "required", "minimum", "maximum"}


def test_status_words_are_not_said_twice() -> None:
    """Of all the words that changed, and beside other changes, the enum says nothing of its own."""
    price = ("currency: USD", "currency: EUR")
    words = ("enum: [waiting, done, broken]", "enum: [queueing, finished, broken]")
    states = (("waiting: running", "queueing: running"), ("done: succeeded", "finished: succeeded"))
    found = [finding.rule.id for finding in between((), (price, words, *states))]
    assert sorted(found) == ["diff.price", "diff.status-word-renamed", "diff.status-word-renamed"]
    more = (("[waiting, done, broken]", "[waiting, going, done, broken]"), ("waiting: running", MORE))
    assert [f.rule.id for f in between((), (price, *more))] == ["diff.price", "diff.status-word-added"]


MORE = "waiting: running\n            going: running"
