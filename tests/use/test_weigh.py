"""The same change is an error, a warning or information, by what three users do."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.compare.changes import changes
from harness.compare.judge import judge_specs
from harness.finding import Finding, Impact, Judgement, Severity
from harness.rules import RULES
from harness.spec.store import SpecStore
from harness.use.weigh import WEIGHERS, weigh
from tests.minimal import minimal
from tests.use.users import (
    EXAMPLE,
    sent,
    shipped,
    told,
    usage,
    use_of,
    weighed,
    weighed_between,
    written,
)

LONGER = (("default: 5", "default: 10"),)
PINS = "  oxen:\n    requests: [{name: teaser, body: {prompt: a cat, negative_prompt: blur}}]\n"
RELIES = "  oxen:\n    requests: [{name: teaser, body: {prompt: a cat}}]\n"
SAYS_NOTHING = "  oxen: {}\n"


def of(findings: tuple[Finding, ...], rule: str, field: str, operation: str | None = None) -> Finding:
    """The one finding of a rule about a field."""
    (found,) = [
        f for f in findings if (f.rule.id, f.field) == (rule, field) and operation in (None, f.operation)
    ]
    return found


def oxen(store: SpecStore, tmp_path: Path, models: str, rest: str = "") -> Finding:
    """The default of negative_prompt that went between two dates of Oxen's page, to one user."""
    use = written(tmp_path, models, rest=rest, store=store)
    found = changes(store.get("oxen"), store.get("oxen@2026-07-01"))
    judged = weigh(Judgement(findings=found), use, shipped(store))
    return of(judged.findings, "diff.request-default", "/negative_prompt", "submit")


@pytest.mark.parametrize(
    ("models", "severity", "words"),
    [
        (
            RELIES,
            "error",
            'teaser leaves /negative_prompt out and relied on "blur, distort, and low quality"; no '
            "default is "
            "documented now (warning in general)",
        ),
        (SAYS_NOTHING, "warning", None),
        (
            PINS,
            "info",
            "the one request that you send sets /negative_prompt, so no default of it reaches you "
            "(warning in general)",
        ),
    ],
)
def test_a_default_that_went_at_oxen(
    store: SpecStore, tmp_path: Path, models: str, severity: str, words: str | None
) -> None:
    """Error to whoever relies on it, a warning to whoever does not say, information to whoever pins it."""
    found = oxen(store, tmp_path, models)
    assert told(found) == (severity, words)
    assert found.message == (
        'request of submit, /negative_prompt: default was "blur, distort, and low quality", is documented as '
        "absent; there is no default any more: the parameter may have to be sent"
    )


def test_weighing_leaves_what_changed_as_it_is(store: SpecStore, tmp_path: Path) -> None:
    """Both are shown: fingerprint, message and values do not depend on the user."""
    relies, pins = oxen(store, tmp_path, RELIES), oxen(store, tmp_path, PINS)
    assert relies.fingerprint == pins.fingerprint
    assert (relies.message, relies.expected, relies.impact) == (pins.message, pins.expected, pins.impact)


def test_the_policy_says_how_loud_an_impact_is(store: SpecStore, tmp_path: Path) -> None:
    """What concerns the user is as loud as they want; what does not stays information."""
    policy = "policy: {output: warning}\n"
    assert oxen(store, tmp_path, RELIES, policy).severity is Severity.WARNING
    assert oxen(store, tmp_path, PINS, policy).severity is Severity.INFO
    louder = "policy: {output: error}\n"
    assert told(oxen(store, tmp_path, SAYS_NOTHING, louder)) == ("error", None)


def test_a_policy_of_one_impact_does_not_quieten_another() -> None:
    """A default of the duration changes the bill as well."""
    use = use_of(usage(sent("clip", {"prompt": "x"})), policy={Impact.OUTPUT: Severity.INFO})
    (found,) = weighed_between((), LONGER, use)
    assert found.severity is Severity.ERROR


EACHLABS = """\
  eachlabs:
    requests:
      - {name: clip, body: {model: kling-v2-6-pro-text-to-video, VERSION input: {prompt: a cat}}}
    reads: {submit: [/predictionID], poll: [READS], errors: []}
    status_words: [processing, success, error]
"""


def eachlabs(store: SpecStore, tmp_path: Path, *, version: str = "", reads: str = "") -> tuple[Finding, ...]:
    """What changed at Eachlabs from the seed to the newest revision, to one user."""
    models = EACHLABS.replace("VERSION", version).replace("READS", reads)
    use = written(tmp_path, models, store=store)
    found = changes(store.get("eachlabs"), store.get("eachlabs@latest"))
    return weigh(Judgement(findings=found), use, shipped(store)).findings


def test_a_field_that_is_called_otherwise_at_eachlabs(store: SpecStore, tmp_path: Path) -> None:
    """An error to whoever reads it, information to whoever does not."""
    reads = eachlabs(store, tmp_path, reads="/predictionID")
    assert told(of(reads, "diff.response-property-renamed", "/predictionID")) == (
        "error",
        'you read /predictionID of the answers of poll; it is called "id" now',
    )
    does_not = eachlabs(store, tmp_path, reads="/status")
    assert told(of(does_not, "diff.response-property-renamed", "/predictionID")) == (
        "info",
        "you do not read /predictionID of the answers of poll (error in general)",
    )


def test_a_version_that_is_required_at_eachlabs(store: SpecStore, tmp_path: Path) -> None:
    """An error to whoever leaves it out."""
    without = eachlabs(store, tmp_path)
    assert told(of(without, "diff.request-required", "/version")) == (
        "error",
        "clip leaves /version out and will be refused",
    )
    with_it = eachlabs(store, tmp_path, version="version: 0.0.1,")
    assert told(of(with_it, "diff.request-required", "/version")) == (
        "info",
        "the one request that you send sets /version already (error in general)",
    )


def test_a_call_and_its_key_concern_everyone_who_calls(store: SpecStore, tmp_path: Path) -> None:
    """Path and auth of Eachlabs."""
    found = eachlabs(store, tmp_path)
    assert told(of(found, "diff.path", "")) == ("error", "you call submit")
    assert told(of(found, "diff.auth", "/auth")) == ("error", "every call that you make of this model")


def test_a_new_parameter_of_aimlapi_is_information_to_all(store: SpecStore, tmp_path: Path) -> None:
    """`provider` is optional."""
    use = written(tmp_path, "  aimlapi:\n    requests: [{body: {prompt: a cat}}]\n", store=store)
    found = changes(store.get("aimlapi"), store.get("aimlapi@2026-06-12"))
    judged = weigh(Judgement(findings=found), use, shipped(store)).findings
    assert [(f.rule.id, told(f)) for f in judged] == [("diff.request-property-added", ("info", None))]


def test_a_model_that_is_not_used_is_information(store: SpecStore, tmp_path: Path) -> None:
    """Nothing that Oxen changes concerns whoever buys at Eachlabs alone."""
    found = oxen(store, tmp_path, "  eachlabs: {}\n")
    assert found.severity is Severity.INFO
    expected = f"{tmp_path / 'harness.yaml'} does not name this model: you do not use it (warning in general)"
    assert found.consequence == expected


def test_of_a_model_that_no_spec_knows_nothing_is_concluded() -> None:
    """Two documents of something else: that harness.yaml does not name it says nothing."""
    old, new = minimal(), minimal(*LONGER)
    (found,) = weighed(changes(old, new), use_of(usage(model="other/model")), lambda _: None)
    assert told(found) == ("error", None)


def test_what_is_inconclusive_or_a_violation_is_not_weighed() -> None:
    """A message that breaks its spec does so for everyone."""
    violation = next(rule for rule in RULES if rule.id == "request.enum")
    unseen = next(rule for rule in RULES if rule.inconclusive)
    findings = tuple(Finding(rule=rule, message="m", field="", model="a/b") for rule in (violation, unseen))
    use = use_of(usage())
    assert weigh(Judgement(findings=findings), use, lambda _: None).findings == findings


def test_weighing_twice_is_weighing_once() -> None:
    """What has been weighed has its words."""
    use = use_of(usage(sent("clip", {"prompt": "x"})))
    once = weighed_between((), LONGER, use)
    again = weigh(Judgement(findings=tuple(once)), use, lambda _: None)
    assert list(again.findings) == once


def test_every_weigher_is_of_a_rule_that_exists() -> None:
    """A rule that was renamed would never be weighed again."""
    assert set(WEIGHERS) <= {rule.id for rule in RULES}


def test_rules_that_can_be_loud_are_weighed_or_concern_everyone() -> None:
    """Each rule of a change that is a warning or an error has a judge, or a reason to have none."""
    without = {
        "diff.request-other-properties": "needs the schema of a request, which a document may not give whole",
        "diff.model-name": "the model itself: whoever uses it asks for it",
        "diff.model-version": "the model itself",
        "diff.limit": "harness.yaml does not say how often the user calls",
        "diff.estimate": "harness.yaml does not say how long the user waits",
        "diff.container": "whoever fetches the video has it",
        "diff.resolution": "whoever fetches the video has it",
        "diff.url-lifetime": "whoever fetches the video has it",
        "diff.output-lifetime": "whoever fetches the video has it",
        "diff.lifetime": "whoever fetches the video has it",
        "diff.response-billing": "whoever sends anything may be answered so",
    }
    loud = {r.id for r in RULES if r.area == "diff" and r.severity is not Severity.INFO}
    assert loud - set(WEIGHERS) - set(without) == set()


def discrepancy(store: SpecStore, tmp_path: Path, models: str) -> Finding:
    """How the sellers of one model differ in the default of the duration, to one user."""
    use = written(tmp_path, models, store=store)
    judged = weigh(judge_specs(store), use, shipped(store))
    return of(judged.findings, "compare.discrepancy", "/duration_s/default")


def test_a_difference_between_sellers_concerns_whoever_uses_both(store: SpecStore, tmp_path: Path) -> None:
    """A warning at most; information to whoever uses one seller, or pins the parameter at both."""
    one = discrepancy(store, tmp_path, "  oxen: {}\n")
    assert told(one) == (
        "info",
        "you use oxen/kling-video-v2-6-pro-text-to-video alone; it matters when you switch "
        "(warning in general)",
    )
    both = discrepancy(store, tmp_path, "  oxen: {}\n  eachlabs: {}\n")
    assert told(both) == (
        "warning",
        'you use eachlabs/kling-v2-6-pro-text-to-video ("10") and '
        "oxen/kling-video-v2-6-pro-text-to-video (5)",
    )
    pinned = (
        "  oxen:\n    requests: [{body: {duration: 5}}]\n"
        '  eachlabs:\n    requests: [{body: {input: {duration: "5"}}}]\n'
    )
    assert told(discrepancy(store, tmp_path, pinned)) == (
        "info",
        "all requests that you send set duration_s (warning in general)",
    )
    same = discrepancy(store, tmp_path, "  oxen: {}\n  aimlapi: {}\n")
    assert same.severity is Severity.INFO
    none = discrepancy(store, tmp_path, "  novita/kling-v1.6-t2v: {}\n")
    assert told(none) == ("info", "you use none of these sellers (warning in general)")


def test_the_id_of_the_small_spec_is_the_one_that_the_users_use() -> None:
    """Else nothing would be weighed in the tests of its weighers."""
    (found,) = weighed_between((), LONGER, use_of(usage()))
    assert found.model == EXAMPLE
    assert told(found) == ("info", "you send no request to submit (error in general)")
