"""All that the evidence says of the sellers, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.compare.matrix import Row
from harness.decision.documented import completion, documentation, fit
from harness.decision.editions import editions_of, stability
from harness.decision.fit import completion_states, fit_of
from harness.decision.measured import conformance, measured_evidence, place_of, provenance_of
from harness.decision.model import (
    Decision,
    Edition,
    Evidence,
    Fit,
    GroupDecision,
    ProfileRanking,
    Sheet,
    Wish,
)
from harness.decision.price import stated_price
from harness.decision.questions import questions
from harness.decision.switches import switches
from harness.finding import Kind
from harness.measurement.job import Provenance
from harness.measurement.summary import BenchSummary
from harness.measurement.trial_read import TrialJob
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import Profile
from harness.ranking.rank import rank
from harness.record import ModelRecord, RunRecord
from harness.spec.model import Spec, State
from harness.spec.store import SpecStore
from harness.use.model import Use

__all__ = ["decide"]


def decide(
    record: RunRecord,
    store: SpecStore,
    wishes: Sequence[Wish],
    profiles: Sequence[Profile],
    *,
    measured: Sequence[BenchSummary] = (),
    trials: Sequence[TrialJob] = (),
    use: Use | None = None,
) -> Decision:
    """The decision as far as the evidence carries it.

    `profiles` begin with the one that was asked for; of `use`, the prices are taken.
    """
    given = _Given(record=record, store=store, wishes=tuple(wishes), measured=tuple(measured), use=use)
    names = dict.fromkeys(model.group for model in record.models)
    return Decision(
        wishes=given.wishes,
        groups=tuple(
            _group(_Group(given=given, name=name, index=index), profiles) for index, name in enumerate(names)
        ),
        measured=tuple(measured),
        trials=tuple(trials),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What is decided from."""

    record: RunRecord
    store: SpecStore
    wishes: tuple[Wish, ...]
    measured: tuple[BenchSummary, ...]
    use: Use | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One group of a record. `index` is its place in report.json."""

    given: _Given
    name: str
    index: int

    @property
    def places(self) -> tuple[int, ...]:
        """The places of its sellers among all endpoints."""
        return tuple(
            place for place, model in enumerate(self.given.record.models) if model.group == self.name
        )

    @property
    def provenance(self) -> Provenance:
        """Whose figures speak for its sellers."""
        records = [self.given.record.models[place] for place in self.places]
        return provenance_of(records, self.given.measured)

    @property
    def rows(self) -> Mapping[str, Row]:
        """Its rows of the matrix by key."""
        return {row.key: row for row in self.given.record.matrix if row.group == self.name}


def _group(group: _Group, profiles: Sequence[Profile]) -> GroupDecision:
    rows, given = group.rows, group.given
    sheets = tuple(_sheet(group, rows, number, place) for number, place in enumerate(group.places))
    specs = [given.store.get(sheet.model) for sheet in sheets]
    vendors = [sheet.vendor for sheet in sheets]
    return GroupDecision(
        name=group.name,
        sheets=sheets,
        rankings=tuple(
            ProfileRanking(profile=profile, ranking=rank(vendors, profile.weights)) for profile in profiles
        ),
        switches=switches(specs, [fit for sheet in sheets for fit in sheet.fits]),
        questions=questions(
            [sheet.model for sheet in sheets], tuple(rows.values()), given.record.judgement.findings
        ),
    )


def _sheet(group: _Group, rows: Mapping[str, Row], number: int, place: int) -> Sheet:
    given = group.given
    own = given.record.models[place]
    spec = given.store.get(own.id)
    states = completion_states(spec, rows)
    making = _Making(
        given=given,
        provenance=group.provenance,
        own=own,
        spec=spec,
        at=f"/decision/groups/{group.index}/vendors/{number}",
        endpoint=f"/endpoints/{place}",
        states=states,
        fits=tuple(fit_of(spec, wish, states) for wish in given.wishes if wish.is_for(group.name)),
        editions=editions_of(spec, given.store.later_revisions(spec)),
    )
    return Sheet(
        model=own.id,
        provider=own.provider,
        title=own.title,
        fits=making.fits,
        evidence=tuple(making.evidence(index, row.id) for index, row in enumerate(CRITERIA)),
        editions=making.editions,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """All that the evidence on one seller is made of. `at` and `endpoint` are pointers into report.json."""

    given: _Given
    provenance: Provenance
    own: ModelRecord
    spec: Spec
    at: str
    endpoint: str
    states: Mapping[str, State]
    fits: tuple[Fit, ...]
    editions: tuple[Edition, ...]

    def evidence(self, number: int, criterion: str) -> Evidence:
        """The evidence by one criterion, the `number`th."""
        source = f"{self.at}/evidence/{number}"
        match criterion:
            case "fit":
                fits = [f"{self.at}/fits/{place}" for place in range(len(self.fits))]
                return fit(self.fits, source=source, where=fits)
            case "completion":
                return completion(self.states, source=source, where=self.endpoint)
            case "stability":
                return stability(self.editions, source=source, where=f"{self.at}/editions")
            case "documentation":
                where = f"{self.endpoint}/fact_counts"
                return documentation(self.own, self._contradictions(), source=source, where=where)
            case "conformance":
                return conformance(self.own, source=source, where=f"{self.endpoint}/messages")
            case _:
                return self._measured(criterion, source)

    def _contradictions(self) -> int:
        findings = self.given.record.judgement.findings
        return sum(f.kind is Kind.CONTRADICTION and f.model == self.own.id for f in findings)

    def _measured(self, criterion: str, source: str) -> Evidence:
        """What was measured; of a price, what is stated where nothing was."""
        modes = [need.mode for one in self.fits for need in one.needs]
        place = place_of(self.own.id, self.given.measured, self.provenance, modes)
        found = measured_evidence(place, criterion, source)
        if criterion != "price" or found.figure is not None:
            return found
        stated = stated_price(self.spec, self.given.use, self.fits, source=source, where=self.endpoint)
        return stated or found
