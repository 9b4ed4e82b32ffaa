"""One wish at one seller: what of it can be asked for there, by what the documents say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.compare.matrix import Row
from harness.decision.model import Fit, Need, Wish, WordFit
from harness.finding import Finding
from harness.spec.model import Spec, State
from harness.spec.pointer import MISSING, resolve
from harness.translate.native import to_native
from harness.translate.rules import KEEP
from harness.translate.slots import Slot, slots_of
from harness.translate.values import Translation

__all__ = ["completion_states", "fit_of"]


def completion_states(spec: Spec, rows: Mapping[str, Row]) -> dict[str, State]:
    """What a seller documents of each way to learn of the end of a job.

    `rows` are those of its group by key. A seller without a group has no rows: its own operations tell.
    """
    own = {
        "poll": "poll" in spec.operations,
        "webhook": spec.webhook.state is State.DOCUMENTED,
        "events": "events" in spec.operations,
        "blocking": "generate" in spec.operations,
    }
    found: dict[str, State] = {}
    for mode, is_there in own.items():
        row = rows.get(f"completion.{mode}")
        if row is not None and spec.ref in row.cells:
            found[mode] = row.cells[spec.ref].state
        elif mode == "webhook":
            found[mode] = spec.webhook.state
        else:
            found[mode] = State.DOCUMENTED if is_there else State.UNDOCUMENTED
    return found


def fit_of(spec: Spec, wish: Wish, states: Mapping[str, State]) -> Fit:
    """What becomes of each word and need of a wish. `states` are those of `completion_states`."""
    done = to_native(spec, wish.words)
    slots = slots_of(spec, "submit")
    lost = [loss for loss in done.losses if loss.rule.id not in KEEP]
    words = tuple(_word(word, asked, slots.get(word), done, lost) for word, asked in wish.words.items())
    told = {id(word.loss) for word in words}
    return Fit(
        wish=wish.name,
        model=spec.ref,
        body=done.body,
        words=words,
        needs=tuple(Need(mode=mode, state=states[mode]) for mode in wish.needs),
        others=tuple(_others(loss for loss in lost if id(loss) not in told)),
    )


def _word(word: str, asked: Any, slot: Slot | None, done: Translation, lost: list[Finding]) -> WordFit:
    native = None if slot is None else slot.pointer
    at = (f"/{word}",) if native is None else (native, f"/{word}")
    loss = next((one for one in lost if one.pointer in at), None)
    written = MISSING if native is None else resolve(done.body, native)
    return WordFit(
        word=word,
        asked=asked,
        native=native,
        written=None if written is MISSING else written,
        kept=loss is None and written is not MISSING,
        loss=loss,
    )


def _others(lost: Iterator[Finding]) -> Iterator[Finding]:
    """What the seller demands and no word gives; that a default is not known is said elsewhere."""
    yield from (loss for loss in lost if loss.rule.id == "translate.required")
