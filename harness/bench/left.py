"""What an earlier process left of a run: which of its jobs the journal knows, and which were never sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.bench.schedule import Slot
from harness.client.entry import Entry, EntryState
from harness.measurement.job import MeasuredJob

__all__ = ["Left", "left_of"]

_NEVER_SENT = frozenset({EntryState.RESERVED, EntryState.ABANDONED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is to be done: `sent` jobs are waited for or recalled, `unsent` slots are sent.

    `never_sent` are entries of requests that never left the machine: they are given up, and their slots are
    among the unsent.
    """

    sent: tuple[tuple[Slot, Entry], ...]
    unsent: tuple[Slot, ...]
    never_sent: tuple[Entry, ...]


def left_of(slots: Sequence[Slot], entries: Iterable[Entry], kept: Iterable[MeasuredJob]) -> Left:
    """What is left of a run's slots, of which `kept` are measured. `entries` are the journal's of its scope.

    The jobs of a model are sent one after the other in the order of its slots, so the n-th entry that is not
    of a kept job belongs to the n-th slot that has none.
    """
    done = list(kept)
    ids, places = {job.id for job in done}, {(job.block, job.model) for job in done}
    open_slots: dict[str, list[Slot]] = {}
    for slot in slots:
        if (slot.block, slot.model) not in places:
            open_slots.setdefault(slot.model, []).append(slot)
    sent: list[tuple[Slot, Entry]] = []
    never_sent: list[Entry] = []
    for entry in _firsts(entries):
        waiting = open_slots.get(entry.model, [])
        if entry.id in ids:
            continue
        if entry.state in _NEVER_SENT and entry.job_id is None:
            never_sent += [entry] if entry.state is EntryState.RESERVED else []
        elif waiting:
            sent.append((waiting.pop(0), entry))
    rest = {slot for waiting in open_slots.values() for slot in waiting}
    return Left(
        sent=tuple(sent),
        unsent=tuple(slot for slot in slots if slot in rest),
        never_sent=tuple(never_sent),
    )


def _firsts(entries: Iterable[Entry]) -> Iterable[Entry]:
    """One entry of each request: further jobs that it made have its times, and come after it."""
    seen: set[tuple[str, str, str | None]] = set()
    for entry in entries:
        key = (entry.model, entry.reserved_utc, entry.sent_utc)
        if entry.sent_utc is None or key not in seen:
            yield entry
        seen.add(key)
