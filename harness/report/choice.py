"""A decision, arranged for the page: the sellers of one model side by side, each figure with its record.

Every value names by JSON Pointer what of report.json it shows (`at`), and where on the page that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness.compare.matrix import Row
from harness.decision.model import Decision, Evidence, GroupDecision, Sheet, Wish
from harness.measurement.job import Provenance
from harness.ranking.criteria import BY_ID
from harness.ranking.rank import Status
from harness.record import RunRecord
from harness.report.anchors import anchor
from harness.report.decision_words import (
    decision_evidence,
    figure_range,
    figure_text,
    headline,
    lacks_text,
)
from harness.report.page import slug
from harness.report.values import cell_text, facet_text, parameter_text
from harness.report.visible import visible
from harness.report.words import counted, estimate_text, joined, statement_text
from harness.spec.model import State

__all__ = ["ORDERED", "Choice", "ChoiceGroup", "Extra", "Line", "SellerCell", "choice_of"]

ORDERED = (Status.RANKED, Status.CLOSE, Status.UNKNOWNS)
"""Where some weights make an order, or could: there are live figures, and two sellers."""
_MEASURED = ("tail", "success", "availability", "conformance")
_DOCUMENTED_PRICE = "price.price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A second line of a cell: what the documents say beside what was measured."""

    text: str
    at: str
    href: str
    label: str = ""


Extras = Callable[[Sheet], Iterable[Extra]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerCell:
    """One seller's value in one line. `basis` is that of a `Figure`; empty for the unknown."""

    text: str
    at: str
    href: str = ""
    span: str = ""
    basis: str = ""
    why: str = ""
    is_known: bool = True
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the comparison of the sellers, with a cell for each."""

    id: str
    title: str
    note: str
    at: str
    cells: tuple[SellerCell, ...]

    @property
    def basis(self) -> str:
        """What all figures of the line rest on; empty where they rest on several things, or on nothing."""
        found = {cell.basis for cell in self.cells if cell.basis}
        return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """The sellers of one model version and tier. `at` is its pointer; of `unknown` nobody has a figure."""

    at: str
    slug: str
    group: GroupDecision
    names: Mapping[str, str]
    wishes: tuple[tuple[int, Wish], ...]  # those that are for it, each with its place in report.json
    lines: tuple[Line, ...]
    unknown: tuple[Line, ...]

    @property
    def has_declared(self) -> bool:
        """Whether the buyer stated any of the figures."""
        return any(cell.basis == "declared" for line in self.lines for cell in line.cells)

    @property
    def is_ordered(self) -> bool:
        """Whether weights can be moved to some purpose."""
        return bool(self.group.rankings) and self.group.rankings[0].ranking.status in ORDERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Everything about choosing that the page shows."""

    decision: Decision
    headline: str
    evidence: str
    is_measured: bool  # jobs ran live, whether or not they were recorded
    groups: tuple[ChoiceGroup, ...]

    @property
    def contested(self) -> tuple[ChoiceGroup, ...]:
        """The groups in which there is something to choose."""
        return tuple(group for group in self.groups if len(group.group.sheets) > 1)


def choice_of(record: RunRecord, decision: Decision) -> Choice:
    """The decision, arranged."""
    return Choice(
        decision=decision,
        headline=headline(decision),
        evidence=decision_evidence(decision),
        is_measured=_is_measured(decision),
        groups=tuple(
            _group(_Making(record=record, decision=decision, index=index, group=group))
            for index, group in enumerate(decision.groups)
        ),
    )


def _is_measured(decision: Decision) -> bool:
    live = Provenance.LIVE
    return any(one.provenance is live for one in decision.measured) or any(
        job.provenance == live.value for job in decision.trials
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """One group with all that its lines are made of."""

    record: RunRecord
    decision: Decision
    index: int
    group: GroupDecision

    @property
    def at(self) -> str:
        return f"/decision/groups/{self.index}"

    @property
    def wishes(self) -> tuple[tuple[int, Wish], ...]:
        """The wishes that its sellers are compared for, each with its place among all."""
        numbered = enumerate(self.decision.wishes)
        return tuple((number, wish) for number, wish in numbered if wish.is_for(self.group.name))

    def endpoint(self, model: str) -> str:
        """The pointer of a seller's endpoint."""
        index = next(i for i, one in enumerate(self.record.models) if one.id == model)
        return f"/endpoints/{index}"

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Its rows of the matrix, each with its place in report.json."""
        for index, row in enumerate(self.record.matrix):
            if row.group == self.group.name:
                yield index, row

    def cells(self) -> Iterator[tuple[str, Sheet]]:
        """Its sellers, each with its pointer."""
        for place, sheet in enumerate(self.group.sheets):
            yield f"{self.at}/vendors/{place}", sheet


def _group(making: _Making) -> ChoiceGroup:
    lines = tuple(_lines(making))
    silent = tuple(line for line in lines if _is_silent(line))
    return ChoiceGroup(
        at=making.at,
        slug=slug(making.group.name),
        group=making.group,
        names=making.group.names,
        wishes=making.wishes,
        lines=tuple(line for line in lines if line not in silent),
        unknown=silent,
    )


def _is_silent(line: Line) -> bool:
    """Whether nobody has a figure, of something that only measuring tells."""
    return line.id in _MEASURED and not any(cell.is_known for cell in line.cells)


def _lines(making: _Making) -> Iterator[Line]:
    for place, (number, wish) in enumerate(making.wishes):
        yield Line(
            id=f"fit-{place}",
            title=f"Fit: {wish.name}",
            note="of what it asks for, documented and taken as asked",
            at=f"/decision/wishes/{number}",
            cells=tuple(_fit(at, sheet, place) for at, sheet in making.cells()),
        )
    yield _criterion(making, "completion", lambda sheet: _ways(making, sheet))
    yield _features(making)
    yield _criterion(making, "latency", lambda sheet: (*_times(making, sheet), *_held(making, sheet)))
    for criterion in _MEASURED[:3]:
        yield _criterion(making, criterion)
    yield _criterion(making, "price", lambda sheet: _price(making, sheet))
    for criterion in ("conformance", "stability", "documentation"):
        yield _criterion(making, criterion)
    yield _unknowns(making)
    if making.group.rankings and making.group.rankings[0].ranking.status in ORDERED:
        yield _dominated(making)


def _fit(at: str, sheet: Sheet, place: int) -> SellerCell:
    fit, here = sheet.fits[place], f"{at}/fits/{place}"
    return SellerCell(
        text=f"{fit.kept} of {fit.asked}",
        at=here,
        href=anchor(here),
        basis="documented",
        why=lacks_text(fit),
        is_known=not fit.silent,
    )


def _nothing(_: Sheet) -> tuple[Extra, ...]:
    return ()


def _criterion(making: _Making, criterion: str, extras: Extras = _nothing) -> Line:
    row = BY_ID[criterion]
    number = list(BY_ID).index(criterion)
    return Line(
        id=criterion,
        title=row.title,
        note=row.meaning if row.unit == "s" else row.unit,
        at=f"/decision/criteria/{number}",
        cells=tuple(
            _figure(f"{at}/evidence/{number}", sheet.evidence[number], tuple(extras(sheet)))
            for at, sheet in making.cells()
        ),
    )


def _figure(at: str, line: Evidence, extras: tuple[Extra, ...]) -> SellerCell:
    return SellerCell(
        text=figure_text(line),
        at=at,
        href=anchor(at),
        span=figure_range(line),
        basis=line.figure.basis if line.figure else "",
        why="" if line.figure else line.why,
        is_known=line.figure is not None,
        extras=extras,
    )


def _ways(making: _Making, sheet: Sheet) -> Iterator[Extra]:
    yield from _listed(making, sheet, lambda row: row.parameter == "completion")


def _features(making: _Making) -> Line:
    def is_feature(row: Row) -> bool:
        return row.discrepant and (row.facet == "presence" or row.key == "job.cancel")

    cells = []
    for at, sheet in making.cells():
        told = tuple(_listed(making, sheet, is_feature))
        cells.append(SellerCell(text="", at=at, extras=told, is_known=bool(told)))
    note = "documented by some sellers, and not by all"
    return Line(id="features", title="Features that differ", note=note, at=making.at, cells=tuple(cells))


def _listed(making: _Making, sheet: Sheet, wanted: Callable[[Row], bool]) -> Iterator[Extra]:
    """The rows of the matrix that are wanted, by what one seller's documents say: has it, has not, silent."""
    names: dict[State, list[str]] = {state: [] for state in State}
    for _, row in making.rows():
        if wanted(row) and sheet.model in row.cells:
            cell = row.cells[sheet.model]
            is_no = cell.state is State.DOCUMENTED and cell.value is False
            names[State.ABSENT if is_no else cell.state].append(_name(row))
    for state, label in _SAID.items():
        if names[state]:
            text = joined(names[state])
            yield Extra(text=text, at=making.at, href="", label=label)


_SAID: Mapping[State, str] = {
    State.DOCUMENTED: "",
    State.ABSENT: "documented as not there",
    State.UNDOCUMENTED: "undocumented",
}


def _name(row: Row) -> str:
    if row.parameter == "completion":
        return facet_text(row.parameter, row.facet)
    return "cancelling a job" if row.key == "job.cancel" else parameter_text(row.parameter)


def _times(making: _Making, sheet: Sheet) -> Iterator[Extra]:
    """What the documents say of how long a job takes, each statement once."""
    seen = set()
    for index, line in enumerate(making.record.estimates):
        stated = (line.min_s, line.max_s, line.open_ended, line.kind, line.mode)
        if line.model == sheet.model and line.min_s is not None and stated not in seen:
            seen.add(stated)
            at = f"/estimates/{index}"
            kind = statement_text(line.kind, line.mode)
            told = f"{estimate_text(line.min_s, line.max_s, open_ended=line.open_ended)} ({kind})"
            yield Extra(text=told, at=at, href=anchor(at), label="documented")
    if not seen:
        yield Extra(text="no time", at=making.at, href="times", label="documented")


def _held(making: _Making, sheet: Sheet) -> Iterator[Extra]:
    """How the measured times stand to what is documented."""
    for index, summary in enumerate(making.decision.measured):
        for place, provider in enumerate(summary.providers):
            if provider.model.partition("@")[0] != sheet.model:
                continue
            for number, estimate in enumerate(provider.estimates):
                if estimate.min_s is not None:
                    at = f"/decision/measured/{index}/providers/{place}/estimates/{number}"
                    span = estimate_text(estimate.min_s, estimate.max_s, open_ended=estimate.max_s is None)
                    text = f"{estimate.verdict.value} with {span}"
                    yield Extra(text=text, at=at, href=anchor(at), label=summary.provenance.value)


def _price(making: _Making, sheet: Sheet) -> Iterator[Extra]:
    for index, row in making.rows():
        if row.key == _DOCUMENTED_PRICE and sheet.model in row.cells:
            cell = row.cells[sheet.model]
            if cell.state is State.DOCUMENTED:
                text = cell_text(row.parameter, row.facet, cell.value)
            else:
                text = "none" if cell.state is State.ABSENT else "no price"
            here = f"{slug(row.group)}.{row.key}"
            yield Extra(text=text, at=f"/matrix/{index}", href=here, label="documented")


def _unknowns(making: _Making) -> Line:
    cells = []
    models = {model.id: model for model in making.record.models}
    for at, sheet in making.cells():
        counts = models[sheet.model].fact_counts
        questions = sum(one.model == sheet.model for one in making.group.questions)
        told = counted(questions, "question")
        asked = Extra(text=f"{told} to ask", at=at, href=f"questions-{slug(sheet.model)}")
        here = f"{making.endpoint(sheet.model)}/fact_counts"
        number = counts.get(State.UNDOCUMENTED.value, 0)
        text = f"{number:,} undocumented"
        cells.append(SellerCell(text=text, at=here, href=anchor(here), basis="documented", extras=(asked,)))
    note = "facts that were looked for and found in no document"
    return Line(id="unknowns", title="Unknowns", note=note, at=making.at, cells=tuple(cells))


def _dominated(making: _Making) -> Line:
    chosen = making.group.rankings[0]
    names = making.group.names
    by = {one.vendor: one.dominated_by for one in chosen.ranking.standings}
    cells = []
    for at, sheet in making.cells():
        betters = [visible(names[model]) for model in by[sheet.model]]
        cells.append(SellerCell(text=f"by {joined(betters)}" if betters else "by nobody", at=at))
    note = "at least as good by everything that weighs, whatever the unknowns are"
    return Line(id="dominated", title="Dominated", note=note, at=making.at, cells=tuple(cells))
