"""All that the evidence says of the sellers, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.compare.matrix import Row
from harness.decision.documented import completion, documentation, fit
from harness.decision.editions import editions_of, stability
from harness.decision.fit import completion_states, fit_of
from harness.decision.measured import conformance, measured_evidence, place_of
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
from harness.decision.questions import questions
from harness.decision.switches import switches
from harness.finding import Kind
from harness.measurement.summary import BenchSummary
from harness.measurement.trial_read import TrialJob
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import Profile
from harness.ranking.rank import rank
from harness.record import ModelRecord, RunRecord
from harness.spec.model import Spec, State
from harness.spec.store import SpecStore

__all__ = ["decide"]


def decide(
    record: RunRecord,
    store: SpecStore,
    wishes: Sequence[Wish],
    profiles: Sequence[Profile],
    *,
    measured: Sequence[BenchSummary] = (),
    trials: Sequence[TrialJob] = (),
) -> Decision:
    """The decision as far as the evidence carries it. `profiles` begin with the one that was asked for."""
    names = dict.fromkeys(model.group for model in record.models)
    return Decision(
        wishes=tuple(wishes),
        groups=tuple(
            _group(_Group(record=record, store=store, name=name, index=index), wishes, profiles, measured)
            for index, name in enumerate(names)
        ),
        measured=tuple(measured),
        trials=tuple(trials),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One group of a record. `index` is its place in report.json."""

    record: RunRecord
    store: SpecStore
    name: str
    index: int

    @property
    def models(self) -> tuple[tuple[int, ModelRecord], ...]:
        """Its sellers, each with its place among all endpoints."""
        return tuple((i, model) for i, model in enumerate(self.record.models) if model.group == self.name)

    @property
    def rows(self) -> Mapping[str, Row]:
        """Its rows of the matrix by key."""
        return {row.key: row for row in self.record.matrix if row.group == self.name}


def _group(
    group: _Group, wishes: Sequence[Wish], profiles: Sequence[Profile], measured: Sequence[BenchSummary]
) -> GroupDecision:
    rows = group.rows
    sheets = tuple(
        _sheet(group, rows, place, index, wishes, measured) for place, (index, _) in enumerate(group.models)
    )
    specs = [group.store.get(sheet.model) for sheet in sheets]
    vendors = [sheet.vendor for sheet in sheets]
    return GroupDecision(
        name=group.name,
        sheets=sheets,
        rankings=tuple(
            ProfileRanking(profile=profile, ranking=rank(vendors, profile.weights)) for profile in profiles
        ),
        switches=switches(specs, [fit for sheet in sheets for fit in sheet.fits]),
        questions=questions(
            [sheet.model for sheet in sheets], tuple(rows.values()), group.record.judgement.findings
        ),
    )


def _sheet(
    group: _Group,
    rows: Mapping[str, Row],
    place: int,
    index: int,
    wishes: Sequence[Wish],
    measured: Sequence[BenchSummary],
) -> Sheet:
    own = group.record.models[index]
    spec = group.store.get(own.id)
    states = completion_states(spec, rows)
    fits = tuple(fit_of(spec, wish, states) for wish in wishes)
    editions = editions_of(spec, group.store.later_revisions(spec))
    making = _Making(
        own=own,
        spec=spec,
        at=f"/decision/groups/{group.index}/vendors/{place}",
        endpoint=f"/endpoints/{index}",
        states=states,
        fits=fits,
        editions=editions,
        contradictions=sum(
            finding.kind is Kind.CONTRADICTION and finding.model == own.id
            for finding in group.record.judgement.findings
        ),
        measured=measured,
        modes=tuple(mode for wish in wishes for mode in wish.needs),
    )
    return Sheet(
        model=own.id,
        provider=own.provider,
        title=own.title,
        fits=fits,
        evidence=tuple(making.evidence(number, row.id) for number, row in enumerate(CRITERIA)),
        editions=editions,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """All that the evidence on one seller is made of. `at` and `endpoint` are pointers into report.json."""

    own: ModelRecord
    spec: Spec
    at: str
    endpoint: str
    states: Mapping[str, State]
    fits: tuple[Fit, ...]
    editions: tuple[Edition, ...]
    contradictions: int
    measured: Sequence[BenchSummary]
    modes: tuple[str, ...]

    def evidence(self, number: int, criterion: str) -> Evidence:
        """The evidence by one criterion, the `number`th."""
        source = f"{self.at}/evidence/{number}"
        match criterion:
            case "fit":
                where = [f"{self.at}/fits/{place}" for place in range(len(self.fits))]
                return fit(self.fits, source=source, where=where)
            case "completion":
                return completion(self.states, source=source, where=self.endpoint)
            case "stability":
                return stability(self.editions, source=source, where=f"{self.at}/editions")
            case "documentation":
                return documentation(
                    self.own, self.contradictions, source=source, where=f"{self.endpoint}/fact_counts"
                )
            case "conformance":
                return conformance(self.own, source=source, where=f"{self.endpoint}/messages")
            case _:
                place = place_of(self.own.id, self.measured, self.modes)
                return measured_evidence(place, criterion, source)
