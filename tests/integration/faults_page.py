"""docs/faults.md out of the played matrix: what is the same on every run, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.simulator.faults.table import FAULTS
from tests.integration.matrix import SECTIONS, STORE, Cell, Section, rows_of

__all__ = ["page", "rows"]

_INTRO = """\
# Faults

<!-- Made by scripts/make_faults.py, which plays every one of them; edit the code, not this page. -->

What the client makes of each fault of the simulator (`harness simulate --list-faults`), for each model, over
real sockets. The job is recorded as `harness record` does it; *findings*, *verdict* and *record* are what
that command says and its exit code. *traffic* is the exit code of `harness check traffic` for its cassette
alone, which cannot show what only the client sees. Where a fault is of no push, the client polls. The video
is looked at where a fault can have spoilt it; `parameter-ignored`, `wrong-aspect` and `wrong-duration` meet a
request that asks for other values than the defaults, all other faults one that leaves the defaults alone.

In every cell exactly one POST was sent, every job that the simulator made is in the client's journal (under
its id; as possibly billed; or open under another id, where that is what the provider's answer said), nothing
hung, nothing was raised, and no file that was written holds the key: not as it is, not URL-encoded, not in
base64. `tests/integration/test_faults.py` holds this page and those claims.
"""
_WORDS = {
    "succeeded": "job succeeded",
    "failed": "job failed",
    "cancelled": "job cancelled",
    "unfinished": "gave up waiting; open in the journal",
    "refused": "refused; not sent again",
    "possibly_billed": "possibly billed; not sent again",
    "unsent": "never sent",
}
_VIDEO = {"whole": "video fetched", "not to be had": "video not to be had"}


def page(played: Mapping[str, Sequence[Cell]]) -> str:
    """The whole page; `played` are the cells of each section, by its title."""
    return "\n".join(_lines(played)) + "\n"


def _lines(played: Mapping[str, Sequence[Cell]]) -> Iterator[str]:
    yield _INTRO.rstrip()
    for section in SECTIONS:
        yield from ("", f"## {section.title}", "")
        yield "| fault | models | what the client did | findings | verdict | record | traffic |"
        yield "|---|---|---|---|---|---|---|"
        for lines in rows(section, played[section.title]).values():
            yield from lines
    yield from ("", "## What each fault is", "", "| fault | what happens | what a correct client sees |")
    yield "|---|---|---|"
    yield from (f"| `{fault.name}` | {fault.does} | {fault.sees} |" for fault in FAULTS)


def rows(section: Section, cells: Sequence[Cell]) -> dict[str, list[str]]:
    """The lines of each fault of a section, by its name; models with the same result share one."""
    found: dict[str, list[str]] = {}
    for fault in section.faults():
        order = section.order(fault)
        mine = [cell for cell in cells if cell.order == order]
        found[fault.name] = [_line(cell, models) for cell, models in rows_of(mine)]
    return found


def _line(cell: Cell, models: tuple[str, ...]) -> str:
    shown = ["all" if set(models) == set(STORE.ids) else "<br>".join(models)]
    if cell.impossible is not None:
        shown += [f"cannot show it: {cell.impossible}", "", "", "", ""]
    else:
        did = [_WORDS.get(cell.outcome, cell.outcome), _VIDEO.get(cell.video)]
        shown.append(", ".join(words for words in did if words))
        shown.append("<br>".join(f"`{rule}`" for rule in cell.rules) or "none")
        shown += [cell.verdict, str(cell.exit_code), str(cell.exit_code_of_file)]
    return f"| {' | '.join([f'`{cell.order}`', *shown])} |"
