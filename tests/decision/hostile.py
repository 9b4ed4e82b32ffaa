"""A decision with a stranger's text in every place that can hold one.

Its endpoints are those of `tests.report.example`, so that it stands beside the run that `with_text` gives.
"""

from __future__ import annotations

from dataclasses import replace

from harness.decision.model import (
    Decision,
    Edition,
    Evidence,
    Fit,
    GroupDecision,
    Need,
    ProfileRanking,
    Question,
    Sheet,
    Switch,
    Wish,
    WordFit,
)
from harness.finding import Finding, Impact, Kind, Location, Rule, Severity
from harness.measurement.job import Mismatch
from harness.measurement.summary import BenchSummary, ProviderSummary
from harness.measurement.trial_read import TrialJob
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import SHIPPED, Profile, shipped_profile
from harness.ranking.rank import Figure, rank
from harness.spec.model import State
from tests.report.bench_example import bench
from tests.report.example import ACME, BOLT, GROUP, OLD, OLD_GROUP, finding

__all__ = ["hostile_decision"]

LOSS = Rule(
    id="translate.enum", severity=Severity.ERROR, summary="A value is not offered.", advice="Choose another."
)
CHANGE = Rule(
    id="change.default",
    kind=Kind.DRIFT,
    severity=Severity.ERROR,
    summary="A default changed.",
    advice="Send the value.",
    impact=(Impact.BILL,),
)
_FIGURES = {
    "fit": (1.0, 0.75),
    "latency": (150.0, 300.0),
    "tail": (180.0, 500.0),
    "success": (0.99, 0.9),
    "availability": (0.999, 0.97),
    "price": (0.2, 0.05),
    "conformance": (1.0, 0.9),
    "completion": (1.0, 4.0),
    "stability": (2.0, 6.0),
}
_DOCUMENTED = ("fit", "completion", "stability")


def hostile_decision(text: str, *, group: str = GROUP, live: bool = True) -> Decision:
    """Two sellers of one model, of which the first wins where jobs are `live`, and one of another.

    By the first profile, whose title is the text, the second seller is dominated; another profile has a flip.
    """
    wishes = tuple(
        Wish(name=f"{text}{number}", words={"prompt": text, "duration_s": 5}, needs=needs, origin=text)
        for number, needs in enumerate(((), ("webhook", "events")))
    )
    return Decision(
        wishes=wishes,
        groups=(
            _group(text, group, (ACME, BOLT), wishes, live=live),
            _group(text, OLD_GROUP, (OLD,), wishes, live=live),
        ),
        measured=(_measured(text),),
        trials=(_trial(text), replace(_trial(text), low_s=None, high_s=None, video=None, note=None)),
    )


def _group(
    text: str, name: str, models: tuple[str, ...], wishes: tuple[Wish, ...], *, live: bool
) -> GroupDecision:
    sheets = tuple(_sheet(text, model, place, wishes, live=live) for place, model in enumerate(models))
    weights = {row.id: {"latency": 3.0, "success": 1.0, "fit": 1.0}.get(row.id, 0.0) for row in CRITERIA}
    own = Profile(id="own", title=text, weights=weights)
    profiles: tuple[Profile, ...] = (own, *(shipped_profile(name) for name in SHIPPED))
    vendors = [sheet.vendor for sheet in sheets]
    return GroupDecision(
        name=name,
        sheets=sheets,
        rankings=tuple(
            ProfileRanking(profile=profile, ranking=rank(vendors, profile.weights, draws=40))
            for profile in profiles
        ),
        switches=tuple(
            Switch(
                wish=wish.name, source=one, target=other, body={text: text}, losses=(_loss(text), _loss(text))
            )
            for wish in wishes
            for one in models
            for other in models
            if one != other
        ),
        questions=tuple(_question(text, model, others) for model in models for others in (True, False)),
    )


def _question(text: str, model: str, others: bool) -> Question:
    unknown = Question(
        model=model, parameter="seed", facet="default", cost_rank=1, others={BOLT: text, ACME: [text]}
    )
    contradicting = replace(
        unknown, parameter=f"/{text}", facet=text, others={}, contradiction=text, fingerprint="0123456789ab"
    )
    return unknown if others else contradicting


def _sheet(text: str, model: str, place: int, wishes: tuple[Wish, ...], *, live: bool) -> Sheet:
    baseline = Edition(model=model, ref=model, date="2026-01-08", changes=())
    later = Edition(
        model=model, ref=f"{model}@2026-07-01", date="2026-07-01", changes=(_loss(text, CHANGE),) * 2
    )
    return Sheet(
        model=model,
        provider=text,
        title=text,
        fits=tuple(_fit(text, wish, model) for wish in wishes),
        evidence=tuple(_evidence(text, row.id, place, live=live) for row in CRITERIA),
        editions=(baseline, later),
    )


def _evidence(text: str, criterion: str, place: int, *, live: bool) -> Evidence:
    values = _FIGURES.get(criterion)
    where = ("/endpoints/0/messages",)
    if values is None or not (live or criterion in _DOCUMENTED):
        return Evidence(criterion=criterion, figure=None, counts={}, why=text, where=where)
    value = values[min(place, 1)]
    figure = Figure(
        value=value,
        low=value * 0.98,
        high=min(value * 1.02, 1.0) if value <= 1 else value * 1.02,
        basis="documented" if criterion in _DOCUMENTED else "live",
        source="/decision",
    )
    return Evidence(criterion=criterion, figure=figure, counts={"mode": text}, why=text, where=where)


def _fit(text: str, wish: Wish, model: str) -> Fit:
    lost = _loss(text)
    return Fit(
        wish=wish.name,
        model=model,
        body={text: text},
        words=(
            WordFit(word="prompt", asked=text, native=f"/{text}", written=text, kept=True, loss=None),
            WordFit(word="duration_s", asked=5, native=None, written=None, kept=False, loss=lost),
        ),
        needs=tuple(Need(mode=mode, state=State.UNDOCUMENTED) for mode in wish.needs),
        others=(lost,),
    )


def _loss(text: str, rule: Rule = LOSS) -> Finding:
    where = Location(file=text, line=1, column=1, document=text)
    return finding(
        rule,
        message=text,
        expected=[text],
        observed={text: text},
        pointer=f"/{text}",
        field=f"/{text}",
        facet=text,
        source=where,
        subject=where,
        consequence=text,
    )


def _measured(text: str) -> BenchSummary:
    one = bench()
    return replace(
        one,
        runs=(text,),
        providers=tuple(_provider(text, number, line) for number, line in enumerate(one.providers)),
        comparisons=tuple(
            replace(pair, first=f"{text}0", second=f"{text}1", reason=text) for pair in one.comparisons
        ),
        mismatches=(Mismatch(parameter=text, values={f"{text}0": text}, reasons={f"{text}1": text}),),
        notes=(text,),
    )


def _provider(text: str, number: int, line: ProviderSummary) -> ProviderSummary:
    return replace(
        line,
        model=f"{text}{number}",
        mode=text,
        cost_note=text,
        estimates=tuple(replace(one, name=text, source=text) for one in line.estimates),
    )


def _trial(text: str) -> TrialJob:
    return TrialJob(
        model=text,
        provenance="live",
        made_at=text,
        outcome=text,
        low_s=140.0,
        high_s=150.0,
        video={text: text},
        findings=(text,),
        note=text,
        file=text,
    )
