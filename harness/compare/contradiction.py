"""The contradictions that specs declare: one provider against itself."""

from __future__ import annotations

from collections.abc import Iterator

from harness.finding import Direction, Finding, Kind, Rule, Severity, wildcard
from harness.spec.facts import facts
from harness.spec.model import Contradiction, Spec, Statement
from harness.spec.pointer import join

__all__ = ["RULES", "check_contradictions"]

CONTRADICTION = Rule(
    id="compare.contradiction",
    kind=Kind.CONTRADICTION,
    severity=Severity.WARNING,
    summary="Two statements of one provider cannot both hold.",
    advice="Rely on neither until the provider, or a request, has shown which one holds.",
)
RULES: tuple[Rule, ...] = (CONTRADICTION,)

_DIRECTIONS = {"webhook": Direction.WEBHOOK, "events": Direction.EVENT}


def check_contradictions(spec: Spec) -> Iterator[Finding]:
    """One finding for each contradiction that a spec declares, in the order of the file."""
    for contradiction in spec.contradictions:
        yield _finding(spec, contradiction)


def _finding(spec: Spec, contradiction: Contradiction) -> Finding:
    field, facet, operation, direction = _about(spec, contradiction)
    first, *others = (_said(statement) for statement in contradiction.statements)
    statements = f"{first}; but {'; and '.join(others)}"
    return Finding(
        rule=CONTRADICTION,
        message=f"{spec.provider.name}: {statements}. {contradiction.meaning.strip()}",
        field=field,
        model=spec.ref,
        operation=operation,
        direction=direction,
        facet=facet,
        # The name, not the words: a statement that is put better is the same contradiction.
        observed=contradiction.id,
        source=spec.location_at(contradiction.at),
        subject=spec.location_at(contradiction.about or contradiction.at),
    )


def _said(statement: Statement) -> str:
    return f"{statement.says} ({'; '.join(str(ref) for ref in statement.sources)})"


def _about(spec: Spec, contradiction: Contradiction) -> tuple[str, str | None, str | None, Direction | None]:
    """The field, facet, operation and direction that a contradiction is about, as far as it names them."""
    if contradiction.violates:
        pointer, facet = contradiction.violates[0]
        owner, _, rest = (contradiction.example or "").partition(".")
        direction = _DIRECTIONS.get(owner, Direction.RESPONSE)
        if rest.startswith("request."):
            direction = Direction.REQUEST
        return wildcard(pointer), facet, owner if owner in spec.operations else None, direction
    if contradiction.about is not None:
        for fact in facts(spec):
            if fact.at == contradiction.about:
                address = fact.address
                return address.field, address.facet, address.operation, address.direction
        return contradiction.about, None, None, Direction.SPEC
    return join([contradiction.id], "/contradictions"), None, None, Direction.SPEC
