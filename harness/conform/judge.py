"""The verdict on what was sent: accepted though it is invalid, refused though it is valid, or not served."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.check.body import Judges
from harness.check.request import check_request
from harness.client.results import Outcome
from harness.conform.narrow import Narrowed
from harness.conform.plan import Plan
from harness.conform.rules import rule
from harness.conform.run import Ran
from harness.conform.sent import Sent
from harness.finding import Direction, Finding, Judgement, Observed, Severity, Verdict, wildcard
from harness.generate.case import Case, Kind
from harness.spec.model import Spec
from harness.spec.pointer import join, split

__all__ = ["Online", "judge_run"]

_LONGEST_CURL = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """What was found of what was sent, and the verdict of each tier.

    `examples` has, for each finding, the smallest request that shows it.
    """

    judgement: Judgement
    examples: tuple[tuple[str, Case], ...]
    tiers: tuple[tuple[str, Verdict], ...]


_Found = tuple[Finding, Case, set[str]]


def judge_run(plan: Plan, ran: Ran, curl: Callable[[Case], str]) -> Online:
    """Every fault once, with the smallest request that shows it. `curl` writes a request for a shell."""
    judges = Judges()
    best: dict[str, _Found] = {}
    for finding, case, tier in _found(plan, ran, curl, judges):
        known = best.get(finding.fingerprint)
        if known is None or len(case.content) < len(known[1].content):
            best[finding.fingerprint] = (finding, case, {tier, *(known[2] if known is not None else ())})
        else:
            known[2].add(tier)
    tiers = tuple((tier, _verdict(tier, ran, best.values())) for tier in ("T2", "T3"))
    unseen = tuple(
        _nothing_sent(plan, tier) for tier in ("T2", "T3") if plan.of_tier(tier) and not _answered(ran, tier)
    )
    answered = sum(sent.is_answered for sent in ran.sent)
    judgement = Judgement(
        findings=(*(finding for finding, _, _ in best.values()), *unseen),
        observed=Observed(exchanges=answered, skipped=(*plan.skipped, *ran.skipped)),
        models=(plan.spec.ref,),
    )
    examples = tuple((fingerprint, case) for fingerprint, (_, case, _) in best.items())
    return Online(judgement=judgement, examples=examples, tiers=tiers)


def _found(
    plan: Plan, ran: Ran, curl: Callable[[Case], str], judges: Judges
) -> Iterator[tuple[Finding, Case, str]]:
    for sent in ran.sent:
        case, tier = sent.sending.case, sent.sending.tier
        for finding in (*_of_the_answers(sent), *_of_the_request(plan.spec, sent, curl, judges)):
            yield finding, case, tier
    for one in ran.narrowed:
        yield _valid_refused(plan.spec, one, ran.sent, curl), one.case, "T3"


def _of_the_answers(sent: Sent) -> Iterator[Finding]:
    """What the provider's messages show; that the request is invalid was meant."""
    yield from (each for each in sent.result.findings if each.direction is not Direction.REQUEST)
    if sent.cancelled is not None:
        yield from (each for each in sent.cancelled.findings if each.direction is not Direction.REQUEST)


def _of_the_request(spec: Spec, sent: Sent, curl: Callable[[Case], str], judges: Judges) -> Iterator[Finding]:
    result, case = sent.result, sent.sending.case
    if not sent.is_answered:
        if not any(finding.rule.inconclusive for finding in result.findings):
            yield _finding(spec, "conform.unavailable", f"{result.note}; nothing can be said", facet="status")
    elif case.kind is Kind.VALID and result.outcome is Outcome.FAILED:
        words = f"{case.why}: the job {result.handle.job_id} failed: {result.error or 'without a word'}"
        yield _finding(spec, "conform.valid-failed", words, facet="status", observed=result.error)
    elif case.kind is Kind.INVALID and _is_accepted(sent):
        yield _accepted(spec, sent, curl, judges)


def _is_accepted(sent: Sent) -> bool:
    """Whether an invalid request got through: where it is judged late, only a success says so."""
    if sent.result.handle.job_id is None:
        return False
    return not sent.sending.is_late or sent.result.outcome is Outcome.SUCCEEDED


def _accepted(spec: Spec, sent: Sent, curl: Callable[[Case], str], judges: Judges) -> Finding:
    """The fault of the request, as `check request` says it, with what the provider made of it."""
    case, result = sent.sending.case, sent.result
    said = check_request(spec, case.content, file="generated", operation="submit", judges=judges).findings
    fault = next((each for each in said if each.rule.id == case.rule), None)
    if fault is None:  # the check errs, and T0 tells
        fault = _finding(
            spec, "conform.invalid-accepted", case.why, facet=case.facet or "", pointer=case.pointer
        )
    row = "conform.unknown-accepted" if case.facet == "presence" else "conform.invalid-accepted"
    ended = f", which {result.outcome.value}" if sent.sending.is_late else ""
    words = f"{fault.message}; it made the job {result.handle.job_id}{ended}{_of_cancelling(spec, sent)}"
    return fault.but(rule=rule(row), message=_with(words, curl(case)), subject=None)


def _of_cancelling(spec: Spec, sent: Sent) -> str:
    if sent.cancelled is None:
        return ""
    documented = spec.responses_for("cancel", sent.cancelled.status or 0)
    billed = documented.billed if documented is not None else None
    terms = {True: "it is billed", False: "it is not billed", None: "whether it is billed is not documented"}
    said = "accepted" if sent.cancelled.accepted else f"not accepted ({sent.cancelled.note})"
    return f"; to cancel it was {said}, and {terms[billed]}"


def _valid_refused(spec: Spec, one: Narrowed, sent: Sequence[Sent], curl: Callable[[Case], str]) -> Finding:
    refusal = next(each.result for each in sent if each.sending.case is one.case)
    pointer, value = one.culprits[0] if len(one.culprits) == 1 else (None, None)
    what = pointer or ("the minimal request" if not one.culprits else one.case.why)
    words = f"{what}: the documents allow it; {refusal.note}"
    return _finding(
        spec,
        "conform.valid-refused",
        _with(words, curl(one.case)),
        facet="accepted",
        pointer=pointer,
        expected=value if pointer is not None else dict(one.culprits) or None,
        observed=refusal.status,
    )


def _with(words: str, curl: str) -> str:
    """The words and the request, where that is short; the JSON output has it always."""
    return f"{words}; {curl}" if len(curl) <= _LONGEST_CURL else words


def _nothing_sent(plan: Plan, tier: str) -> Finding:
    words = f"{tier}: {len(plan.of_tier(tier))} requests were to be sent, and none was answered"
    return _finding(plan.spec, "conform.nothing-sent", words, facet=tier)


def _finding(
    spec: Spec,
    rule_id: str,
    message: str,
    *,
    facet: str,
    pointer: str | None = None,
    expected: object = None,
    observed: object = None,
) -> Finding:
    row = rule(rule_id)
    return Finding(
        rule=row,
        message=message,
        field=wildcard(pointer or ""),
        pointer=pointer,
        model=spec.ref,
        operation="submit",
        direction=row.direction,
        facet=facet,
        expected=expected,
        observed=observed,
        source=spec.location_at(_place(spec, pointer)),
    )


def _place(spec: Spec, pointer: str | None) -> str:
    """Where the spec speaks of a parameter; of the call, where there is none."""
    submit = spec.operations["submit"]
    if pointer is None or submit.request is None:
        return submit.at
    steps = (("properties", part) for part in split(pointer))
    return join((token for step in steps for token in step), f"{submit.request.at}/schema")


def _answered(ran: Ran, tier: str) -> bool:
    return any(sent.is_answered for sent in ran.sent if sent.sending.tier == tier)


def _verdict(tier: str, ran: Ran, found: Iterable[_Found]) -> Verdict:
    own = [f for f, _, tiers in found if tier in tiers]
    if any(f.verdict is Verdict.VIOLATES and f.severity is Severity.ERROR for f in own):
        return Verdict.VIOLATES
    if not _answered(ran, tier) or any(f.verdict is Verdict.INCONCLUSIVE for f in own):
        return Verdict.INCONCLUSIVE
    return Verdict.CONFORMS
