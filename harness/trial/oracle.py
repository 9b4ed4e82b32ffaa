"""One canonical request at all sellers of one model: where what they made of it differs.

Each seller is the other's oracle: nobody has to know what is right to see that two of them differ. For each
difference, the documented discrepancies between these very sellers that it can come from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.check.video import ASPECT_TOLERANCE, DURATION_TOLERANCE_S
from harness.compare.encoded import Encoded, Encoding
from harness.compare.values import form
from harness.finding import Finding, Severity
from harness.measurement.trial import Difference, Explanation
from harness.spec.model import Spec
from harness.trial.rules import ORACLE
from harness.wire.video import VideoFacts

__all__ = ["Seen", "differences", "oracle_findings"]

_FRAME_RATE_TOLERANCE = 0.01
_MADE = frozenset({"succeeded", "failed", "cancelled", "unfinished"})
_ENDS = frozenset({"succeeded", "failed", "cancelled"})
_WORD_OF = {"duration": "duration_s", "aspect-ratio": "aspect_ratio", "audio": "audio"}
_OUTPUT_KEYS = {"size": ("output.resolution",), "container": ("output.container",), "frame-rate": ()}
_OF_REFUSALS = (
    *("presence", "required", "type", "enum", "minimum", "maximum"),
    *("minLength", "maxLength", "pattern", "format"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one seller made of the request. `sent` are the canonical words that it was sent.

    `status` is that of a refusal. `faulty_words` are those that its documents do not allow as they were sent,
    `ignored_words` those of which it made the default instead. `echoes` are canonical words with what the
    answers repeat of them: `(what was sent, what was repeated)`.
    """

    spec: Spec
    outcome: str
    sent: frozenset[str]
    status: int | None = None
    is_allowed: bool = True
    faulty_words: frozenset[str] = frozenset()
    ignored_words: frozenset[str] = frozenset()
    video: VideoFacts | None = None
    echoes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def facts(self) -> VideoFacts | None:
        """Those of the video, where it is one."""
        return self.video if self.video is not None and self.video.problem is None else None


def differences(seen: Sequence[Seen], encoding: Encoding) -> Iterator[Difference]:
    """Where the sellers of each group differ, with what the documents say of it."""
    groups: dict[str, list[Seen]] = {}
    for one in seen:
        groups.setdefault(one.spec.model.group, []).append(one)
    for group, members in groups.items():
        for what, values in _rows(members):
            yield Difference(
                group=group,
                what=what,
                values=values,
                explained=tuple(_explanations(group, what, values, members, encoding)),
            )


def oracle_findings(found: Iterable[Difference]) -> Iterator[Finding]:
    """One finding for each difference: a warning where no document explains it."""
    for difference in found:
        told = _by_value(difference.values)
        keys = ", ".join(explanation.key for explanation in difference.explained)
        words = f"documented: {keys}" if keys else "none documented"
        name, _, word = difference.what.partition(":")
        yield Finding(
            rule=ORACLE[name],
            message=f"{difference.group}: {difference.what.replace(':', ' of ')}: {told} ({words})",
            field=f"/{name}" + (f"/{word}" if word else ""),
            direction=ORACLE[name].direction,
            facet=name,
            expected=[explanation.key for explanation in difference.explained] or None,
            observed=dict(difference.values),
            severity_override=Severity.INFO if difference.explained else None,
        )


def _by_value(values: Mapping[str, str]) -> str:
    """`5 s at a and b; 3 s at c`."""
    models: dict[str, list[str]] = {}
    for model, value in values.items():
        models.setdefault(value, []).append(model)
    return "; ".join(f"{value} at {' and '.join(names)}" for value, names in models.items())


def _rows(members: Sequence[Seen]) -> Iterator[tuple[str, dict[str, str]]]:
    """`(what, value by model)` of everything in which at least two of the sellers differ."""
    rows: dict[str, dict[str, str | None]] = {
        "acceptance": {one.spec.ref: _acceptance(one) for one in members},
        "end": {one.spec.ref: one.outcome for one in members if one.outcome in _ENDS},
    }
    for what, values in rows.items():
        known = {model: value for model, value in values.items() if value is not None}
        if len(set(known.values())) > 1:
            yield what, known
    yield from _echoes(members)
    yield from _videos({one.spec.ref: facts for one in members if (facts := one.facts) is not None})


def _acceptance(one: Seen) -> str | None:
    if one.outcome in _MADE:
        return "accepted"
    if one.outcome == "refused":
        return f"refused with {one.status}" if one.status else "refused"
    return "not sent: outside its documents" if one.outcome == "not_sent" and not one.is_allowed else None


def _echoes(members: Sequence[Seen]) -> Iterator[tuple[str, dict[str, str]]]:
    for word in dict.fromkeys(word for one in members for word in one.echoes):
        told = {
            one.spec.ref: "as sent"
            if form(sent) == form(repeated)
            else f"{_shown(repeated)} for {_shown(sent)}"
            for one in members
            if word in one.echoes
            for sent, repeated in [one.echoes[word]]
        }
        if any(value != "as sent" for value in told.values()):
            yield f"echo:{word}", told


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _videos(facts: Mapping[str, VideoFacts]) -> Iterator[tuple[str, dict[str, str]]]:
    lengths = {model: one.duration_s for model, one in facts.items() if one.duration_s is not None}
    if lengths and max(lengths.values()) - min(lengths.values()) > DURATION_TOLERANCE_S:
        yield "duration", {model: f"{length:g} s" for model, length in lengths.items()}
    sizes = {m: (one.width, one.height) for m, one in facts.items() if one.width and one.height}
    shapes = [width / height for width, height in sizes.values()]
    shown = {model: f"{width}x{height}" for model, (width, height) in sizes.items()}
    if shapes and max(shapes) > min(shapes) * (1 + ASPECT_TOLERANCE):
        yield "aspect-ratio", shown
    elif len(set(shown.values())) > 1:
        yield "size", shown
    rates = {model: one.fps for model, one in facts.items() if one.fps is not None}
    if rates and max(rates.values()) - min(rates.values()) > _FRAME_RATE_TOLERANCE:
        yield "frame-rate", {model: f"{rate:g} frames a second" for model, rate in rates.items()}
    sounds = {m: one.has_audio for m, one in facts.items() if one.has_audio is not None}
    if len(set(sounds.values())) > 1:
        yield "audio", {model: "with sound" if has else "without" for model, has in sounds.items()}
    kinds = {model: one.container for model, one in facts.items() if one.container is not None}
    if len(set(kinds.values())) > 1:
        yield "container", {model: str(kind) for model, kind in kinds.items()}


def _explanations(
    group: str, what: str, values: Mapping[str, str], members: Sequence[Seen], encoding: Encoding
) -> Iterator[Explanation]:
    for key in _keys(what, members):
        entry = encoding.entries.get((group, key))
        if entry is not None and _tells_apart(entry, values):
            yield Explanation(key=key, means=entry.means.strip())


def _keys(what: str, members: Sequence[Seen]) -> Iterator[str]:
    """The documented differences that this one can come from, and no others: of a word that everybody was
    sent, and nobody ignored, the default does not matter; and each was sent it under its own name.
    """
    if what == "acceptance":
        words = dict.fromkeys(word for one in members for word in sorted(one.faulty_words))
        yield from (f"{word}.{facet}" for word in words for facet in _OF_REFUSALS)
    elif what == "end":
        yield "validation.time"
    elif what in _WORD_OF:
        word = _WORD_OF[what]
        if not all(word in one.sent and word not in one.ignored_words for one in members):
            yield from (f"{word}.{facet}" for facet in ("default", "presence"))
        yield from (f"{word}.{facet}" for facet in ("type", "enum", "minimum", "maximum"))
    else:
        yield from _OUTPUT_KEYS.get(what, ())


def _tells_apart(entry: Encoded, values: Mapping[str, str]) -> bool:
    """Whether two sellers that differ here document different things there."""
    known = [
        (value, form(entry.values[model.partition("@")[0]]))
        for model, value in values.items()
        if model.partition("@")[0] in entry.values
    ]
    return any(a[0] != b[0] and a[1] != b[1] for a in known for b in known)
