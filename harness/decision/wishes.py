"""The requests that sellers are compared for: the buyer's own, else two that are assumed and say so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.decision.model import Wish
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.translate.canonical import effective
from harness.use.model import Sent, Usage, Use

__all__ = ["ASSUMED", "MODES", "wishes_of"]

MODES: tuple[str, ...] = ("poll", "webhook", "events", "blocking")
"""The ways to learn of the end of a job."""

_OWN: frozenset[str] = frozenset(
    {
        *("model", "model_version", "billing_account", "routing"),
        *("webhook_url", "webhook_secret", "response_format"),
    }
)
"""Words that mean something at one seller, say nothing of the video, or are nobody else's to know."""

_PROMPT = "A red fox runs through fresh snow"

ASSUMED: tuple[Wish, ...] = (
    Wish(
        name="5 s, silent",
        words={"prompt": _PROMPT, "duration_s": 5, "aspect_ratio": "16:9", "audio": False},
        origin="nobody's own",
        assumed=True,
    ),
    Wish(
        name="10 s, with sound, told by webhook",
        words={"prompt": _PROMPT, "duration_s": 10, "aspect_ratio": "16:9", "audio": True},
        needs=("webhook",),
        origin="nobody's own",
        assumed=True,
    ),
)
"""Two requests for whoever gave none, far enough apart to show what a choice depends on."""


def wishes_of(use: Use | None, store: SpecStore, *, needs: Sequence[str] = ()) -> tuple[Wish, ...]:
    """The requests of `harness.yaml`, each once however many sellers it is sent to; else the assumed ones.

    What a request leaves out counts as its seller's documented default. `needs` are added to every wish; a
    model whose webhook or events are read, or whose request names a webhook, needs them too.
    """
    own = _named(tuple(_own(use, store))) if use is not None else ()
    merged: dict[str, Wish] = {}
    for wish in own or ASSUMED:
        key = json.dumps([wish.group, wish.words], sort_keys=True)
        known = merged.get(key, wish)
        wanted = {*known.needs, *wish.needs, *needs}
        merged[key] = replace(known, needs=tuple(mode for mode in MODES if mode in wanted))
    return tuple(merged.values())


def _named(wishes: Sequence[tuple[str, Wish]]) -> tuple[Wish, ...]:
    """The wishes with names of their own: one that two sellers' requests share says which seller's it is."""
    counts = Counter(wish.name for _, wish in wishes)
    return tuple(
        wish if counts[wish.name] == 1 else replace(wish, name=f"{wish.name}, {model}")
        for model, wish in wishes
    )


def _own(use: Use, store: SpecStore) -> Iterator[tuple[str, Wish]]:
    for usage in use.models.values():
        spec = store.get(usage.reference)
        for sent in usage.requests or ():
            if isinstance(sent.body, Mapping) and _makes_jobs(spec, sent):
                yield usage.model, _wish(spec, usage, sent)


def _makes_jobs(spec: Spec, sent: Sent) -> bool:
    operation = spec.operations.get(sent.operation)
    return operation is not None and operation.request is not None and bool(spec.mapping)


def _wish(spec: Spec, usage: Usage, sent: Sent) -> Wish:
    words: dict[str, Any] = effective(spec, sent.body, operation=sent.operation)
    read = usage.reads or {}
    needs = [mode for mode in ("webhook", "events") if read.get(mode)]
    needs += ["webhook"] if "webhook_url" in words else []
    needs += ["blocking"] if sent.operation == "generate" else []
    return Wish(
        name=sent.name,
        words={word: value for word, value in words.items() if word not in _OWN},
        needs=tuple(mode for mode in MODES if mode in needs),
        origin=f"{sent.mark.file}:{sent.mark.line}",
        group=spec.model.group,
    )
