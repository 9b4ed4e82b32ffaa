"""Findings, their fingerprints, and what a judgement comes to."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from harness.finding import (
    Direction,
    Finding,
    Impact,
    Judgement,
    Kind,
    Location,
    Observed,
    Rule,
    Severity,
    Skipped,
    Verdict,
    wildcard,
)

ENUM = Rule(id="request.enum", severity=Severity.ERROR, summary="s", advice="a", impact=(Impact.BREAKS,))
HINT = Rule(id="request.hint", severity=Severity.INFO, summary="s", advice="a")
LOOSE = Rule(id="request.loose", severity=Severity.WARNING, summary="s", advice="a")
DRIFTED = Rule(id="drift.default", severity=Severity.ERROR, summary="s", advice="a", kind=Kind.DRIFT)
DIFFERS = Rule(id="compare.range", severity=Severity.WARNING, summary="s", advice="a", kind=Kind.DISCREPANCY)
AGAINST_ITSELF = Rule(
    id="spec.two-words", severity=Severity.WARNING, summary="s", advice="a", kind=Kind.CONTRADICTION
)
UNSEEN = Rule(id="wire.down", severity=Severity.ERROR, summary="s", advice="a", inconclusive=True)

SEEN = Observed(exchanges=1)


def finding(rule: Rule = ENUM, **members: Any) -> Finding:
    return Finding(**{"rule": rule, "message": "m", "field": "/duration", "model": "a/b", **members})


class TestSeverity:
    def test_rank_grows_with_loudness(self):
        """Severities can be compared by rank."""
        assert [severity.rank for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)] == [0, 1, 2]


class TestLocation:
    @pytest.mark.parametrize(
        ("location", "text"),
        [
            (Location(file="a.yaml", line=3, column=7), "a.yaml:3:7"),
            (Location(file="a.yaml", line=3), "a.yaml:3"),
            (Location(file="a.yaml"), "a.yaml"),
            (Location(file="a.yaml", index=2), "a.yaml#2"),
            (Location(index=0), "#0"),
            (Location(document="seed#Request body"), "seed#Request body"),
            (Location(file="a.yaml", line=1, column=1, document="seed#x"), "a.yaml:1:1"),
            (Location(), ""),
        ],
    )
    def test_text_is_what_is_known(self, location: Location, text: str):
        """The text holds the parts that are known, in the form that editors open."""
        assert str(location) == text


class TestRule:
    def test_area_is_what_stands_before_the_first_dot(self):
        """The area groups rules in reports."""
        assert ENUM.area == "request"

    def test_a_rule_is_a_violation_unless_it_says_otherwise(self):
        """Most rules hold a message against its spec."""
        assert ENUM.kind is Kind.VIOLATION


class TestWildcard:
    @pytest.mark.parametrize(
        ("pointer", "field"),
        [
            ("", ""),
            ("/duration", "/duration"),
            ("/videos/0/video_url", "/videos/*/video_url"),
            ("/a/0/1/12", "/a/*/*/*"),
            ("/v2/1a", "/v2/1a"),
        ],
    )
    def test_array_indices_become_stars(self, pointer: str, field: str):
        """Any element of an array is the same field."""
        assert wildcard(pointer) == field


class TestFinding:
    def test_it_is_frozen(self):
        """A finding is not changed after it was made."""
        with pytest.raises(FrozenInstanceError):
            finding().message = "other"  # type: ignore[misc]

    def test_severity_and_impact_are_the_rules(self):
        """Without a word of its own, a finding weighs what its rule weighs."""
        assert (finding().severity, finding().impact) == (Severity.ERROR, (Impact.BREAKS,))

    def test_severity_and_impact_can_be_its_own(self):
        """A finding may weigh less for this user; no impact at all is a value, too."""
        lighter = finding(severity_override=Severity.INFO, impact_override=())

        assert (lighter.severity, lighter.impact) == (Severity.INFO, ())

    def test_but_gives_a_changed_copy(self):
        """`but` changes what is named and keeps the rest."""
        before = finding()
        after = before.but(waived=True)

        assert (before.waived, after.waived, after.message) == (False, True, "m")

    @pytest.mark.parametrize(
        ("rule", "verdict"),
        [
            (ENUM, Verdict.VIOLATES),
            (LOOSE, Verdict.VIOLATES),
            (DRIFTED, Verdict.VIOLATES),
            (HINT, Verdict.CONFORMS),
            (DIFFERS, Verdict.CONFORMS),
            (AGAINST_ITSELF, Verdict.CONFORMS),
            (UNSEEN, Verdict.INCONCLUSIVE),
        ],
    )
    def test_verdict_follows_from_rule_and_kind(self, rule: Rule, verdict: Verdict):
        """Facts and information violate nothing; what could not be seen is inconclusive."""
        assert finding(rule).verdict is verdict

    def test_a_finding_made_light_violates_nothing(self):
        """The verdict follows the severity that holds, not the rule's."""
        assert finding(severity_override=Severity.INFO).verdict is Verdict.CONFORMS


class TestFingerprint:
    def test_it_is_the_digest_that_the_contract_names(self):
        """First 12 hex digits of SHA-256 over the canonical JSON of what identifies the fault."""
        canonical = (
            '{"direction":"request","expected":[5,10],"facet":"enum","field":"/duration",'
            '"model":"novita/kling-v2.6-pro-t2v","operation":"submit","rule":"request.enum"}'
        )
        found = finding(
            model="novita/kling-v2.6-pro-t2v",
            operation="submit",
            direction=Direction.REQUEST,
            facet="enum",
            expected=[5, 10],
            observed=7,
        )

        assert found.fingerprint == hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def test_the_observed_value_counts_for_drift(self):
        """Two changes of one default are two faults."""
        canonical = (
            '{"direction":null,"expected":5,"facet":"default","field":"/duration","model":"a/b",'
            '"observed":10,"operation":null,"rule":"drift.default"}'
        )
        found = finding(DRIFTED, facet="default", expected=5, observed=10)

        assert found.fingerprint == hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @pytest.mark.parametrize(
        "changes",
        [
            {"message": "other words"},
            {"pointer": "/input/duration"},
            {"observed": 7},
            {"source": Location(file="a.yaml", line=9)},
            {"subject": Location(file="b.json", line=1)},
            {"severity_override": Severity.INFO},
            {"waived": True},
        ],
    )
    def test_wording_and_place_do_not_change_it(self, changes: dict[str, Any]):
        """The same fault keeps its fingerprint when lines move or words get better."""
        assert finding(**changes).fingerprint == finding().fingerprint

    @pytest.mark.parametrize(
        "changes",
        [
            {"rule": HINT},
            {"model": None},
            {"operation": "poll"},
            {"direction": Direction.RESPONSE},
            {"field": "/prompt"},
            {"facet": "type"},
            {"expected": 5},
        ],
    )
    def test_what_identifies_the_fault_changes_it(self, changes: dict[str, Any]):
        """Another rule, model, operation, direction, field, facet or expectation is another fault."""
        assert finding(**changes).fingerprint != finding().fingerprint

    @pytest.mark.parametrize(
        ("expected", "canonical"),
        [
            (2**64 - 1, '"0xffffffffffffffff"'),
            (-(2**53), '"-0x20000000000000"'),
            (2**53 - 1, "9007199254740991"),
            (float("nan"), '"nan"'),
            (float("-inf"), '"-inf"'),
            (True, "true"),
            ((1.0, None), "[1,null]"),
            ({"a\ud800": {1: "x"}}, '{"a\\\\ud800":{"1":"x"}}'),
        ],
    )
    def test_what_canonical_json_has_no_words_for_has_one_all_the_same(self, expected: Any, canonical: str):
        """Numbers beyond 2**53, NaN and half surrogates stand in documents and in traffic."""
        text = (
            f'{{"direction":null,"expected":{canonical},"facet":null,"field":"/duration","model":"a/b",'
            '"operation":null,"rule":"request.enum"}'
        )

        assert finding(expected=expected).fingerprint == hashlib.sha256(text.encode()).hexdigest()[:12]


class TestObserved:
    def test_nothing_is_nothing(self):
        """What was skipped was not observed."""
        assert not Observed(skipped=(Skipped(what="a.har", why="no exchange"),)).anything

    @pytest.mark.parametrize("member", ["exchanges", "operations", "facts"])
    def test_one_of_anything_is_something(self, member: str):
        """One exchange, operation or fact is enough to rest on."""
        assert Observed(**{member: 1}).anything

    def test_sums_keep_everything(self):
        """Two observations together rest on both."""
        one, two = Skipped(what="a", why="x"), Skipped(what="b", why="y")
        total = Observed(exchanges=1, facts=2, skipped=(one,)) + Observed(
            exchanges=3, operations=4, facts=5, skipped=(two,)
        )

        assert total == Observed(exchanges=4, operations=4, facts=7, skipped=(one, two))


class TestJudgement:
    def test_nothing_observed_is_inconclusive(self):
        """No traffic is never green."""
        assert Judgement().verdict is Verdict.INCONCLUSIVE

    def test_observed_and_silent_conforms(self):
        """No finding on something seen is a pass."""
        assert Judgement(observed=SEEN).verdict is Verdict.CONFORMS

    @pytest.mark.parametrize(
        ("findings", "verdict"),
        [
            ((finding(),), Verdict.VIOLATES),
            ((finding(), finding(UNSEEN)), Verdict.VIOLATES),
            ((finding(UNSEEN),), Verdict.INCONCLUSIVE),
            ((finding(UNSEEN, waived=True),), Verdict.CONFORMS),
            ((finding(waived=True),), Verdict.CONFORMS),
            ((finding(LOOSE), finding(HINT), finding(DIFFERS)), Verdict.CONFORMS),
        ],
    )
    def test_the_worst_standing_finding_decides(self, findings: tuple[Finding, ...], verdict: Verdict):
        """An error violates, then what was not seen is inconclusive; what is waived does not count."""
        assert Judgement(findings=findings, observed=SEEN).verdict is verdict

    def test_an_error_violates_even_if_nothing_else_was_seen(self):
        """A fault that was found stands, whatever it rests on."""
        assert Judgement(findings=(finding(),)).verdict is Verdict.VIOLATES

    def test_each_model_has_its_own_verdict(self):
        """A model without findings has one too, and so has one that only a finding names."""
        judgement = Judgement(
            findings=(finding(model="a/bad"), finding(UNSEEN, model="a/late"), finding(model=None)),
            observed=SEEN,
            models=("a/good", "a/bad", "a/unseen"),
            unobserved=frozenset({"a/unseen"}),
        )

        assert judgement.model_verdicts == {
            "a/good": Verdict.CONFORMS,
            "a/bad": Verdict.VIOLATES,
            "a/unseen": Verdict.INCONCLUSIVE,
            "a/late": Verdict.INCONCLUSIVE,
        }

    def test_worst_is_the_loudest_that_counts(self):
        """Waived and inconclusive findings never fail a run."""
        findings = (finding(HINT), finding(LOOSE), finding(waived=True), finding(UNSEEN))

        assert Judgement(findings=findings).worst() is Severity.WARNING

    def test_worst_of_nothing_is_none(self):
        """No finding has no severity."""
        assert Judgement(findings=(finding(UNSEEN),)).worst() is None

    def test_sums_keep_findings_models_and_what_rests_on_them(self):
        """Two judgements together name each model once."""
        one = Judgement(findings=(finding(HINT),), observed=Observed(facts=1), models=("a", "b"))
        two = Judgement(findings=(finding(),), observed=Observed(facts=2), models=("b", "c"))

        assert one + two == Judgement(
            findings=(finding(HINT), finding()), observed=Observed(facts=3), models=("a", "b", "c")
        )

    def test_a_model_seen_by_either_side_was_seen(self):
        """Unobserved in a sum are those that no judgement saw."""
        one = Judgement(models=("a", "b", "c"), unobserved=frozenset({"a", "b"}))
        two = Judgement(models=("b", "c", "d"), unobserved=frozenset({"b", "c", "d"}))

        assert (one + two).unobserved == {"a", "b", "d"}


def test_what_was_looked_at_adds_up() -> None:
    """Two pages are both; a page and everything are everything."""
    one, other = (
        Judgement(subjects=frozenset({("submit", "request", field)})) for field in ("/prompt", "/duration")
    )
    assert one.subjects is not None
    assert other.subjects is not None
    assert (one + other).subjects == one.subjects | other.subjects
    assert (one + Judgement()).subjects is None
