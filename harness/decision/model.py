"""What a vendor is chosen by, as frozen values. No data is None, never 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.finding import Finding
from harness.measurement.summary import BenchSummary
from harness.measurement.trial_read import TrialJob
from harness.ranking.profile import Profile
from harness.ranking.rank import Figure, Ranking, Vendor
from harness.spec.model import State

__all__ = [
    "Decision",
    "Edition",
    "Evidence",
    "Fit",
    "GroupDecision",
    "Need",
    "ProfileRanking",
    "Question",
    "Sheet",
    "Switch",
    "Wish",
    "WordFit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One request that the buyer means to send, in canonical words.

    `needs` are ways in which they want to learn of the end of a job (poll, webhook, events, blocking).
    `origin` says where it comes from (`harness.yaml:12`, a file); `assumed` that nobody asked for it. `group`
    is the model version and tier that it is sent to, None where it is meant for any. Names are unique.
    """

    name: str
    words: Mapping[str, Any]
    needs: tuple[str, ...] = ()
    origin: str
    assumed: bool = False
    group: str | None = None

    def is_for(self, group: str) -> bool:
        """Whether the sellers of a group are compared for it."""
        return self.group in (None, group)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFit:
    """One word of a wish at one seller.

    `native` is the JSON Pointer of the parameter (None: there is none), `written` what is sent there.
    `kept` says that the seller documents it and takes it as asked; else `loss` is the finding that says why.
    """

    word: str
    asked: Any
    native: str | None
    written: Any
    kept: bool
    loss: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One way to learn of the end of a job that a wish needs, and what the seller documents of it."""

    mode: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One wish at one seller: the native request, and what becomes of each word. Words are in `words`."""

    wish: str
    model: str
    body: Mapping[str, Any]
    words: tuple[WordFit, ...]
    needs: tuple[Need, ...]
    others: tuple[Finding, ...] = ()  # losses of no word of the wish: what the seller demands besides

    @property
    def asked(self) -> int:
        """How many things were asked for."""
        return len(self.words) + len(self.needs)

    @property
    def kept(self) -> int:
        """How many of them the seller documents, and takes as asked."""
        return sum(word.kept for word in self.words) + self._needs(State.DOCUMENTED)

    @property
    def silent(self) -> int:
        """How many of them no document speaks of."""
        return self._needs(State.UNDOCUMENTED)

    def _needs(self, state: State) -> int:
        return sum(need.state is state for need in self.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one seller by one criterion: the figure, and what it was made of.

    `figure` is None where nothing is known; `why` is then the reason, else how the figure was made. `counts`
    are the numbers and dates that it was made of, by name. `where` are JSON Pointers into report.json of what
    it rests on.
    """

    criterion: str
    figure: Figure | None
    counts: Mapping[str, Any]
    why: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One dated edition of a seller's documents, and what changed in it since the one before.

    `ref` names the revision; the baseline comes first and changes nothing. `date` is None where unknown.
    """

    model: str
    ref: str
    date: str | None
    changes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to ask a vendor: an unknown that matters, or two of its statements that contradict.

    `parameter` and `facet` name the row of the matrix (for a contradiction: its finding's facet); `others`
    are what the other sellers document there, by model. `cost_rank` is that of the row, 0 costs most.
    `fingerprint` names the contradiction's finding.
    """

    model: str
    parameter: str
    facet: str
    cost_rank: int
    others: Mapping[str, Any]
    contradiction: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One wish, taken from one seller to another: the request here, the request there, and what is lost.

    Empty `losses`: both ask for the same, as far as the documents say.
    """

    wish: str
    source: str
    target: str
    body: Mapping[str, Any]
    losses: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that is known of one seller: one `Evidence` for each criterion, in their order."""

    model: str
    provider: str
    title: str
    fits: tuple[Fit, ...]
    evidence: tuple[Evidence, ...]
    editions: tuple[Edition, ...]

    @property
    def figures(self) -> Mapping[str, Figure]:
        """The figures by criterion; what is unknown is not there."""
        return {line.criterion: line.figure for line in self.evidence if line.figure is not None}

    @property
    def vendor(self) -> Vendor:
        """The seller, as `ranking` takes it."""
        return Vendor(id=self.model, figures=self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRanking:
    """The sellers ranked by the weights of one profile."""

    profile: Profile
    ranking: Ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDecision:
    """The sellers of one model version and tier. `rankings` begin with the profile that was asked for."""

    name: str
    sheets: tuple[Sheet, ...]
    rankings: tuple[ProfileRanking, ...]
    switches: tuple[Switch, ...]
    questions: tuple[Question, ...]  # dearest first

    @property
    def names(self) -> Mapping[str, str]:
        """A name for each model: its provider where that sells one of the group, else the model itself."""
        sold = Counter(sheet.provider for sheet in self.sheets)
        return {s.model: s.provider if sold[s.provider] == 1 else s.model for s in self.sheets}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything that the page from which a vendor is chosen shows besides the run itself."""

    wishes: tuple[Wish, ...]
    groups: tuple[GroupDecision, ...]
    measured: tuple[BenchSummary, ...]
    trials: tuple[TrialJob, ...]
