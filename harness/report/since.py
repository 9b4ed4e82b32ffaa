"""What changed between two reports: a pure function of two `harness.run/1` documents.

A finding is the same as long as its fingerprint is, a fact as long as its endpoint, subject and facet are.
When and by which version a report was made is told, and is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = [
    "FactChange",
    "FigureChange",
    "FindingLine",
    "Known",
    "Made",
    "Placed",
    "RankingChange",
    "Since",
    "Stated",
    "since",
]

K = TypeVar("K", bound=tuple[Any, ...])
V = TypeVar("V")
RANKED = "ranked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One of the two reports: when it was made (ISO 8601), by which version, and what it came to.

    `messages` are the recorded messages by provenance.
    """

    created_at: str
    version: str
    verdict: str
    messages: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """A finding that only one of the two reports has."""

    fingerprint: str
    rule: str
    severity: str
    model: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a fact was: documented (with a value), absent or undocumented."""

    state: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact of one endpoint that changed; None where the report does not have it."""

    model: str
    subject: str
    facet: str
    then: Stated | None
    now: Stated | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A figure with its interval and its basis, in the unit of its criterion."""

    value: float
    low: float
    high: float
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A figure of one seller by one criterion that changed; None where it is unknown."""

    model: str
    criterion: str
    then: Known | None
    now: Known | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What a ranking came to; `first` is None where nothing is ranked."""

    status: str
    first: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingChange:
    """A ranking that both reports have, and whose status or first place changed.

    `other_weights` says that the profile's weights are not those that they were.
    """

    group: str
    profile: str
    then: Placed
    now: Placed
    other_weights: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed from one report, `then`, to another, `now`.

    Facts and figures are those of endpoints that both have; `came` and `went` are the others. `decided` says
    that both hold a decision: else figures and rankings cannot be compared. `other_wishes` says that the
    sellers were not compared for the same requests.
    """

    then: Made
    now: Made
    new: tuple[FindingLine, ...]
    gone: tuple[FindingLine, ...]
    facts: tuple[FactChange, ...]
    figures: tuple[FigureChange, ...]
    rankings: tuple[RankingChange, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]
    decided: bool
    other_wishes: bool

    @property
    def is_unchanged(self) -> bool:
        """Whether both say the same, apart from when and by what they were made."""
        lists = (self.new, self.gone, self.facts, self.figures, self.rankings, self.came, self.went)
        same = (self.then.verdict, self.then.messages) == (self.now.verdict, self.now.messages)
        return same and not any(lists)


def since(old: Mapping[str, Any], new: Mapping[str, Any]) -> Since:
    """What changed. Both are documents as `record_json` gives them; `decision` may be missing or null."""
    models_then, models_now = _by(old["endpoints"], "id"), _by(new["endpoints"], "id")
    kept = [model for model in models_now if model in models_then]
    both = [one["decision"] for one in (old, new) if one.get("decision") is not None]
    decided = len(both) == 2
    return Since(
        then=_made(old),
        now=_made(new),
        new=tuple(_findings(new, old)),
        gone=tuple(_findings(old, new)),
        facts=tuple(change for model in kept for change in _facts(models_then[model], models_now[model])),
        figures=tuple(_figures(both[0], both[1], kept)) if decided else (),
        rankings=tuple(_rankings(both[0], both[1])) if decided else (),
        came=tuple(model for model in models_now if model not in models_then),
        went=tuple(model for model in models_then if model not in models_now),
        decided=decided,
        other_wishes=decided and _asked(both[0]) != _asked(both[1]),
    )


def _by(members: Iterable[Mapping[str, Any]], name: str) -> dict[Any, Mapping[str, Any]]:
    return {member[name]: member for member in members}


def _made(document: Mapping[str, Any]) -> Made:
    return Made(
        created_at=document["created_at"],
        version=document["version"],
        verdict=document["verdict"],
        messages=dict(document["messages"]),
    )


def _findings(of: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[FindingLine]:
    """The findings of one report that the other does not have, each fingerprint once."""
    known = {finding["fingerprint"] for finding in other["findings"]}
    for finding in of["findings"]:
        if finding["fingerprint"] not in known:
            known.add(finding["fingerprint"])
            yield FindingLine(
                **{name: finding[name] for name in ("fingerprint", "rule", "severity", "model", "message")}
            )


# --- facts


def _facts(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[FactChange]:
    for (subject, facet, _), before, after in _changes(_stated(then), _stated(now)):
        yield FactChange(model=now["id"], subject=subject, facet=facet, then=before, now=after)


def _stated(endpoint: Mapping[str, Any]) -> dict[tuple[str, str, int], Stated]:
    """Facts by subject, facet, and how many of the same name stand before it."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str, int], Stated] = {}
    for fact in endpoint["facts"]:
        name = (fact["subject"], fact["facet"])
        found[(*name, seen[name])] = Stated(state=fact["state"], value=fact["value"])
        seen[name] += 1
    return found


def _changes(then: Mapping[K, V], now: Mapping[K, V]) -> Iterator[tuple[K, V | None, V | None]]:
    """What differs by key, in the order of the keys."""
    for key in sorted({*then, *now}):
        before, after = then.get(key), now.get(key)
        if before != after:
            yield key, before, after


# --- figures and rankings


def _figures(then: Mapping[str, Any], now: Mapping[str, Any], kept: Iterable[str]) -> Iterator[FigureChange]:
    among = set(kept)
    for (model, criterion), before, after in _changes(_known(then), _known(now)):
        if model in among:
            yield FigureChange(model=model, criterion=criterion, then=before, now=after)


def _known(decision: Mapping[str, Any]) -> dict[tuple[str, str], Known]:
    return {
        (vendor["model"], line["criterion"]): Known(
            value=line["value"], low=line["low"], high=line["high"], basis=line["basis"]
        )
        for group in decision["groups"]
        for vendor in group["vendors"]
        for line in vendor["evidence"]
        if line["value"] is not None
    }


def _rankings(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[RankingChange]:
    before, after = _placed(then), _placed(now)
    for key, (placed, weights) in after.items():
        if key in before and before[key][0] != placed:
            was, weighed = before[key]
            yield RankingChange(
                group=key[0], profile=key[1], then=was, now=placed, other_weights=weighed != weights
            )


def _placed(decision: Mapping[str, Any]) -> dict[tuple[str, str], tuple[Placed, Any]]:
    return {
        (group["name"], ranking["profile"]): (_place(ranking), ranking["weights"])
        for group in decision["groups"]
        for ranking in group["rankings"]
    }


def _place(ranking: Mapping[str, Any]) -> Placed:
    standings = ranking["standings"] if ranking["status"] == RANKED else ()
    return Placed(status=ranking["status"], first=standings[0]["model"] if standings else None)


def _asked(decision: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """What the sellers were compared for, whatever its name."""
    return [(wish["words"], wish["needs"]) for wish in decision["wishes"]]
