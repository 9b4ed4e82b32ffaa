"""What changed since an earlier report, in words. Plain text; each format escapes it as its syntax needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from harness.decision.model import Evidence
from harness.ranking.criteria import BY_ID
from harness.ranking.rank import Figure
from harness.report.decision_words import criterion_title, figure_range, figure_text
from harness.report.since import FactChange, Known, Made, Placed, RankingChange, Since, Stated
from harness.report.values import fact_text, value_text
from harness.report.visible import visible
from harness.report.words import PROVENANCES, counted, joined
from harness.spec.pointer import join

__all__ = [
    "change_text",
    "criterion_name",
    "fact_name",
    "known_text",
    "made_text",
    "message_pointer",
    "moment_text",
    "placed_text",
    "provenances",
    "ranking_name",
    "since_notes",
    "since_sentence",
    "stated_text",
]


def since_sentence(since: Since) -> str:
    """That nothing changed since when, or how much of what did."""
    earlier = f"the report that was made {made_text(since.then)}"
    if since.is_unchanged:
        return f"Nothing changed since {earlier}."
    return f"Since {earlier}: {joined(list(_counts(since)))}."


def _counts(since: Since) -> Iterator[str]:
    if since.then.verdict != since.now.verdict:
        yield f"the verdict is {visible(since.now.verdict)}, and was {visible(since.then.verdict)}"
    if since.then.messages != since.now.messages:
        yield "other messages were judged"
    for number, noun, more in (
        (len(since.came), "endpoint", "came"),
        (len(since.went), "endpoint", "went"),
        (len(since.new), "new finding", ""),
        (len(since.gone), "finding", "gone"),
        (len(since.facts), "fact", "changed"),
        (len(since.figures), "figure", "changed"),
        (len(since.rankings), "ranking", "changed"),
    ):
        if number:
            yield f"{counted(number, noun)} {more}".rstrip()


def made_text(made: Made) -> str:
    """`2026-11-20 12:00 UTC by harness 0.1.0`."""
    return f"{moment_text(made.created_at)} by harness {visible(made.version)}"


def moment_text(text: str) -> str:
    """`2026-11-20 12:00 UTC`; what is no moment stays as it is."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return visible(text)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def message_pointer(which: str, provenance: str) -> str:
    """Where the number of messages stands in report.json; `which` is `then` or `now`."""
    return join(("since", which, "messages", provenance))


def since_notes(since: Since) -> tuple[str, ...]:
    """What has to be known to read the changes."""
    notes = []
    if not since.decided:
        notes.append("One of the two reports holds no decision, so figures and rankings are not compared.")
    if since.other_wishes:
        notes.append("The sellers were compared for other requests then, so what fits them may differ.")
    if since.then.version != since.now.version:
        notes.append("The two were made by different versions of harness, which may judge differently.")
    return tuple(notes)


def provenances(since: Since) -> tuple[str, ...]:
    """The provenances of which either report has messages, in the order in which evidence weighs."""
    there = [name for made in (since.then, since.now) for name, number in made.messages.items() if number]
    return tuple(dict.fromkeys((*PROVENANCES, *sorted(there))))


def fact_name(change: FactChange) -> str:
    """`submit request /prompt: maxLength`."""
    return f"{visible(change.subject)}: {fact_text(change.facet)}"


def stated_text(stated: Stated | None) -> str:
    """The value, or the state in words; `not there` where the report has no such fact."""
    if stated is None:
        return "not there"
    if stated.state == "documented":
        return value_text(stated.value)
    return "documented as absent" if stated.state == "absent" else visible(stated.state)


def change_text(change: FactChange) -> str:
    """What became of a fact, in a word."""
    if change.then is None:
        return "appeared"
    return "went" if change.now is None else "changed"


def criterion_name(criterion: str) -> str:
    """The title of a criterion; its id where this release does not know it."""
    return criterion_title(criterion) if criterion in BY_ID else visible(criterion)


def known_text(criterion: str, known: Known | None) -> str:
    """`152 s (140 s to 165 s; live)`; `unknown`."""
    if known is None:
        return "unknown"
    if criterion not in BY_ID:
        return f"{known.value:g} ({known.low:g} to {known.high:g}; {visible(known.basis)})"
    figure = Figure(value=known.value, low=known.low, high=known.high, basis=known.basis, source="")
    line = Evidence(criterion=criterion, figure=figure, counts={}, why="", where=())
    rests = [part for part in (figure_range(line), visible(known.basis)) if part]
    return f"{figure_text(line)} ({'; '.join(rests)})"


def placed_text(placed: Placed) -> str:
    """`acme/clip-2 first`; the status where nothing is ranked."""
    return visible(placed.status) if placed.first is None else f"{visible(placed.first)} first"


def ranking_name(change: RankingChange) -> str:
    """The profile, and that it weighs otherwise now."""
    other = " (its weights changed)" if change.other_weights else ""
    return f"{visible(change.profile)}{other}"
