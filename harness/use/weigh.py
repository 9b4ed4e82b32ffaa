"""Judged by use: the severity of a finding becomes what it is to this user, and says so in words.

What changed stays as it was found: rule, message, values, fingerprint. Severity becomes that of the
user, and `consequence` tells why. Where `harness.yaml` does not say what is sent or read, nothing is
concluded: the general severity stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.finding import Finding, Judgement, Kind, Severity
from harness.spec.model import Spec
from harness.use import answers, requests, terms
from harness.use.case import Case, Weighed
from harness.use.model import Use

__all__ = ["WEIGHERS", "weigh", "weigh_finding"]

SpecOf = Callable[[str], "Spec | None"]

WEIGHERS: Mapping[str, Callable[[Case], Weighed | None]] = {
    **requests.WEIGHERS,
    **answers.WEIGHERS,
    **terms.WEIGHERS,
}
"""The judge of each rule; a rule that is not here keeps its severity."""

_TOLD_EVEN_AS_INFO = frozenset({"diff.price"})


def weigh(judgement: Judgement, use: Use, spec_of: SpecOf) -> Judgement:
    """The judgement with each change and each difference between sellers weighed for the user."""
    return replace(judgement, findings=tuple(weigh_finding(f, use, spec_of) for f in judgement.findings))


def weigh_finding(finding: Finding, use: Use, spec_of: SpecOf) -> Finding:
    """One finding as it is to the user. `spec_of` gives the spec of a reference, None where there is none."""
    if finding.rule.inconclusive or finding.consequence is not None:
        return finding
    if finding.kind is Kind.DISCREPANCY:
        weighed = terms.weigh_discrepancy(finding, use, spec_of)
        return finding if weighed is None else _with(finding, weighed)
    if finding.kind is not Kind.DRIFT or finding.model is None:
        return finding
    usage = use.models.get(finding.model.partition("@")[0])
    if finding.severity is Severity.INFO and (usage is None or finding.rule.id not in _TOLD_EVEN_AS_INFO):
        return finding
    spec = spec_of(finding.model)
    if usage is None and spec is None:  # a document or a file of another model: nothing is known of its use
        return finding
    if usage is None:
        words = f"{use.file} does not name this model: you do not use it"
        return _with(finding, Weighed(severity=Severity.INFO, words=words))
    judge = WEIGHERS.get(finding.rule.id)
    case = Case(finding=finding, usage=usage, spec=spec)
    weighed = judge(case) if judge is not None else None
    if weighed is None:
        severity = _by_policy(finding, finding.severity, use)
        return finding if severity is finding.severity else finding.but(severity_override=severity)
    return _with(finding, replace(weighed, severity=_by_policy(finding, weighed.severity, use)))


def _by_policy(finding: Finding, severity: Severity, use: Use) -> Severity:
    """What the user wants it to be, by impact; what does not concern them stays information."""
    if severity is Severity.INFO or not any(impact in use.policy for impact in finding.impact):
        return severity
    wanted = (use.policy.get(impact, severity) for impact in finding.impact)
    return max(wanted, key=lambda each: each.rank)


def _with(finding: Finding, weighed: Weighed) -> Finding:
    """The finding with the user's severity; where that differs from the general one, both are told."""
    general = finding.severity
    words = weighed.words
    if weighed.severity is not general:
        words += f" ({general.value} in general)"
    return finding.but(severity_override=weighed.severity, consequence=words)
