"""Rules of what only a client sees: what was lost on the way, who called, what stayed open."""

from __future__ import annotations

from collections.abc import Mapping

from harness.finding import Direction, Impact, Rule, Severity

__all__ = ["RULES", "rule"]

_WARNING, _INFO = Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        id="traffic.over-limit",
        severity=_WARNING,
        direction=Direction.RESPONSE,
        summary="An answer is larger than the client reads (body, headers), or packed as it did not ask for.",
        advice="Raise the limit if you trust the provider; what was cut off was not judged.",
        inconclusive=True,
    ),
    Rule(
        id="traffic.redirect-refused",
        severity=_WARNING,
        direction=Direction.RESPONSE,
        summary="A redirect was not followed: of a POST, to a host that is not bound, or in a loop.",
        advice="Ask the provider. If the new host is theirs, bind it; no key has gone there.",
        inconclusive=True,
    ),
    Rule(
        id="job.possibly-billed",
        severity=_WARNING,
        direction=Direction.RESPONSE,
        impact=(Impact.BILL,),
        summary="A request that makes a job had no usable answer: the job may exist, and may be billed.",
        advice="Look for it in the provider's own list; it is counted as spent and never sent again.",
        inconclusive=True,
    ),
    Rule(
        id="job.unfinished",
        severity=_WARNING,
        direction=Direction.RESPONSE,
        summary="A job had not ended when the time to wait for it was over.",
        advice="It is paid for and in the journal: `harness resume` goes on waiting.",
        inconclusive=True,
    ),
    Rule(
        id="job.not-found",
        severity=_WARNING,
        direction=Direction.RESPONSE,
        impact=(Impact.BREAKS,),
        summary="The provider said that it does not know a job that it had made.",
        advice="Ask again for a while before you give a paid job up; then show the provider its own answer.",
    ),
    Rule(
        id="event.stream-lost",
        severity=_INFO,
        direction=Direction.EVENT,
        summary="The stream of events broke off, or could not be opened; the job was polled instead.",
        advice="Nothing to do: what fires while nobody listens may be lost, so the job is polled.",
    ),
    Rule(
        id="event.missing",
        severity=_WARNING,
        direction=Direction.EVENT,
        impact=(Impact.BREAKS,),
        summary="A job ended and its event did not come, though somebody listened all the time.",
        advice="Poll as well; a client that waits for events alone waits for ever.",
    ),
    Rule(
        id="webhook.missing",
        severity=_WARNING,
        direction=Direction.WEBHOOK,
        impact=(Impact.BREAKS,),
        summary="A job ended and its webhook call did not come in time.",
        advice="See that the public URL leads to the receiver; poll as well.",
    ),
    Rule(
        id="webhook.forged",
        severity=_WARNING,
        direction=Direction.WEBHOOK,
        summary="A call to the webhook's address did not carry the secret; it was refused.",
        advice="Somebody else knows the address, or the provider does not send the secret it was given.",
    ),
    Rule(
        id="webhook.duplicate",
        severity=_INFO,
        direction=Direction.WEBHOOK,
        summary="A webhook call came again.",
        advice="Nothing to do here; see that your own receiver takes a call twice without harm.",
    ),
    Rule(
        id="webhook.late",
        severity=_INFO,
        direction=Direction.WEBHOOK,
        summary="A webhook call came after the end of the job had been seen otherwise.",
        advice="Nothing to do; do not rely on calls to come in time.",
    ),
    Rule(
        id="webhook.oversized",
        severity=_WARNING,
        direction=Direction.WEBHOOK,
        summary="A webhook call was larger than the receiver reads; it was refused.",
        advice="The job is polled instead.",
    ),
    Rule(
        id="webhook.malformed",
        severity=_WARNING,
        direction=Direction.WEBHOOK,
        impact=(Impact.BREAKS,),
        summary="A webhook call does not name its job.",
        advice="The job is polled instead.",
    ),
)
_BY_ID: Mapping[str, Rule] = {row.id: row for row in RULES}


def rule(rule_id: str) -> Rule:
    """The rule with this id."""
    return _BY_ID[rule_id]
