"""Evidence and weights -> an order of vendors, with how far it can be believed.

A vendor's score is the weighted mean of its scores by criterion. Each of these is a range: of a figure, its
interval; of what is unknown, everything from 0 to 1. So missing data is never zero, and never the average: it
widens the range of the whole. The page draws the same numbers with `report/templates/ranking.js`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from harness.ranking.chance import mulberry32
from harness.ranking.criteria import BY_ID, CRITERIA

__all__ = [
    "DRAWS",
    "LIKELY",
    "SEED",
    "Figure",
    "Flip",
    "Ranking",
    "Standing",
    "Status",
    "Vendor",
    "rank",
]

DRAWS = 2000
SEED = 20_26
LIKELY = 0.8
"""There is an order where one vendor comes first in at least this share of the draws, and whatever is unknown
could not put another there."""
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is known of one vendor by one criterion, in its unit: a value and the interval it lies in.

    `basis` is live, documented, declared (by the buyer) or simulated; `source` names the record that the
    figure stands in.
    """

    value: float
    low: float
    high: float
    basis: str
    source: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} does not lie in {self.low} to {self.high}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One seller with its figures by criterion; a criterion that is not there is unknown."""

    id: str
    figures: Mapping[str, Figure]

    def scores(self, criterion: str) -> tuple[float, float, float]:
        """The lowest, middle and highest score by one criterion."""
        figure = self.figures.get(criterion)
        if figure is None:
            return 0.0, _HALF, 1.0
        score = BY_ID[criterion].score
        ends = sorted((score(figure.low), score(figure.high)))
        return ends[0], score(figure.value), ends[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One vendor's place: its score and range, and in what share of draws it comes first.

    `first` draws the unknown and the uncertain alone, at the profile's weights; `first_any_weights` draws the
    weights as well, each set of them as likely as any other. `dominated_by` are vendors that are at least as
    good by every criterion that weighs, whatever the unknowns are, and better by one.
    """

    vendor: str
    score: float
    low: float
    high: float
    first: float
    first_any_weights: float
    dominated_by: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """What would put another vendor first: a weight, or its own figure by one criterion."""

    vendor: str
    criterion: str
    kind: str  # weight or figure
    now: float | None  # None: unknown today
    then: float


class Status(StrEnum):
    """Whether there is an order."""

    RANKED = "ranked"
    UNKNOWNS = "unknowns decide"
    CLOSE = "too close"
    NO_LIVE_DATA = "no live data"
    SIMULATED = "simulated figures"
    ONE_VENDOR = "one vendor"

    @property
    def has_scores(self) -> bool:
        """Whether the scores may be shown: elsewhere they would be an order of guesses."""
        return self in (Status.RANKED, Status.CLOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Standings, best first where `status` is ranked; else in the order of the vendors' names.

    `deciding` are the criteria whose unknown values decide who is first, most deciding first.
    """

    status: Status
    standings: tuple[Standing, ...]
    flips: tuple[Flip, ...]
    deciding: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The scores of all vendors by the criteria that weigh, and their weights."""

    vendors: tuple[Vendor, ...]
    criteria: tuple[str, ...]
    weights: tuple[float, ...]
    scores: tuple[tuple[tuple[float, float, float], ...], ...]  # by vendor, then criterion: low, middle, high

    def total(self, vendor: int, which: int) -> float:
        """A vendor's weighted mean of its low (0), middle (1) or high (2) scores."""
        own = self.scores[vendor]
        return sum(w * s[which] for w, s in zip(self.weights, own, strict=True)) / sum(self.weights)


def rank(vendors: Sequence[Vendor], weights: Mapping[str, float], *, draws: int = DRAWS) -> Ranking:
    """The ranking of the sellers of one model. Raises ValueError where no criterion weighs."""
    table = _table(vendors, weights)
    shares = _first_shares(table, draws, any_weights=False)
    any_weights = _first_shares(table, draws, any_weights=True)
    standings = [
        _standing(table, index, shares[index], any_weights[index]) for index in range(len(table.vendors))
    ]
    status = _status(table, shares)
    deciding = _deciding(table) if status is Status.UNKNOWNS else ()
    if status.has_scores:
        standings.sort(key=lambda standing: (-standing.score, standing.vendor))
    flips = _flips(table) if status is Status.RANKED else ()
    return Ranking(status=status, standings=tuple(standings), flips=flips, deciding=deciding)


def _table(vendors: Sequence[Vendor], weights: Mapping[str, float]) -> _Table:
    criteria = tuple(criterion.id for criterion in CRITERIA if weights.get(criterion.id, 0.0) > 0)
    if not criteria:
        raise ValueError("no criterion weighs anything")
    ordered = tuple(sorted(vendors, key=lambda vendor: vendor.id))
    return _Table(
        vendors=ordered,
        criteria=criteria,
        weights=tuple(float(weights[criterion]) for criterion in criteria),
        scores=tuple(tuple(vendor.scores(criterion) for criterion in criteria) for vendor in ordered),
    )


def _standing(table: _Table, index: int, first: float, any_weights: float) -> Standing:
    vendor = table.vendors[index]
    return Standing(
        vendor=vendor.id,
        score=table.total(index, 1),
        low=table.total(index, 0),
        high=table.total(index, 2),
        first=first,
        first_any_weights=any_weights,
        dominated_by=tuple(
            other.id for place, other in enumerate(table.vendors) if _dominates(table, place, index)
        ),
        unknown=tuple(criterion for criterion in table.criteria if criterion not in vendor.figures),
    )


def _dominates(table: _Table, one: int, other: int) -> bool:
    if one == other:
        return False
    pairs = list(zip(table.scores[one], table.scores[other], strict=True))
    return all(a[0] >= b[2] for a, b in pairs) and any(a[0] > b[2] for a, b in pairs)


def _first_shares(table: _Table, draws: int, *, any_weights: bool) -> list[float]:
    """In what share of the draws each vendor has the highest score; a draw that is tied is shared."""
    draw = mulberry32(SEED)
    won = [0.0] * len(table.vendors)
    for _ in range(draws):
        weights = [-log(1.0 - draw()) for _ in table.weights] if any_weights else table.weights
        totals = [
            sum(w * (s[0] + (s[2] - s[0]) * draw()) for w, s in zip(weights, own, strict=True))
            for own in table.scores
        ]
        best = max(totals, default=0.0)
        leaders = [index for index, total in enumerate(totals) if total == best]
        for index in leaders:
            won[index] += 1.0 / len(leaders)
    return [count / draws for count in won]


def _status(table: _Table, shares: Sequence[float]) -> Status:
    bases = {figure.basis for vendor in table.vendors for figure in vendor.figures.values()}
    if "simulated" in bases:
        return Status.SIMULATED
    if "live" not in bases:
        return Status.NO_LIVE_DATA
    if len(table.vendors) < 2:
        return Status.ONE_VENDOR
    if _unknowns_decide(table):
        return Status.UNKNOWNS
    return Status.RANKED if max(shares) >= LIKELY else Status.CLOSE


def _unknowns_decide(table: _Table) -> bool:
    """Whether some values of what is unknown would put another vendor first, all figures at their middle."""
    first = max(range(len(table.vendors)), key=lambda index: table.total(index, 1))
    return any(_worst_lead(table, first, rival) < 0 for rival in range(len(table.vendors)) if rival != first)


def _worst_lead(table: _Table, first: int, rival: int) -> float:
    """By how much the first leads where its unknowns score 0 and those of its rival score 1."""
    lead = 0.0
    for place, (criterion, weight) in enumerate(zip(table.criteria, table.weights, strict=True)):
        own = table.scores[first][place][1] if criterion in table.vendors[first].figures else 0.0
        other = table.scores[rival][place][1] if criterion in table.vendors[rival].figures else 1.0
        lead += weight * (own - other)
    return lead


def _deciding(table: _Table) -> tuple[str, ...]:
    """Criteria of which some vendor has no figure, by how far their unknowns can move a score."""
    found = {
        criterion: weight
        for criterion, weight in zip(table.criteria, table.weights, strict=True)
        if any(criterion not in vendor.figures for vendor in table.vendors)
    }
    return tuple(sorted(found, key=lambda criterion: (-found[criterion], criterion)))


def _flips(table: _Table) -> tuple[Flip, ...]:
    """For each rival and criterion, the weight and the figure with which it would be level with the first.

    One thing is changed at a time; the other weights and figures stay, all at their middle values.
    """
    order = sorted(range(len(table.vendors)), key=lambda index: -table.total(index, 1))
    first, found = order[0], []
    for rival in order[1:]:
        for place, criterion in enumerate(table.criteria):
            gaps = [a[1] - b[1] for a, b in zip(table.scores[first], table.scores[rival], strict=True)]
            found += _weight_flip(table, rival, place, criterion, gaps)
            found += _figure_flip(table, rival, place, criterion, gaps)
    return tuple(found)


def _weight_flip(table: _Table, rival: int, place: int, criterion: str, gaps: Sequence[float]) -> list[Flip]:
    rest = sum(w * gap for i, (w, gap) in enumerate(zip(table.weights, gaps, strict=True)) if i != place)
    if gaps[place] == 0:
        return []
    then = -rest / gaps[place]
    if then < 0:
        return []
    vendor = table.vendors[rival].id
    return [Flip(vendor=vendor, criterion=criterion, kind="weight", now=table.weights[place], then=then)]


def _figure_flip(table: _Table, rival: int, place: int, criterion: str, gaps: Sequence[float]) -> list[Flip]:
    lead = sum(w * gap for w, gap in zip(table.weights, gaps, strict=True))
    score = table.scores[rival][place][1] + lead / table.weights[place]
    if score > 1.0:
        return []
    row, vendor = BY_ID[criterion], table.vendors[rival]
    figure = vendor.figures.get(criterion)
    then = row.worst + score * (row.best - row.worst)
    now = None if figure is None else figure.value
    return [Flip(vendor=vendor.id, criterion=criterion, kind="figure", now=now, then=then)]
