"""Whether the requests that were really sent ask the same of each provider."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from harness.measurement.job import Mismatch
from harness.spec.model import Spec
from harness.translate.canonical import effective
from harness.translate.values import UNIT_RANGE, GuidanceScale, carry, scaled_parts

__all__ = ["ASKED", "mismatches_of_pair", "unequal"]

ASKED = (
    "prompt",
    "negative_prompt",
    "duration_s",
    "aspect_ratio",
    "audio",
    "guidance",
    "mode",
    "seed",
    "count",
)
"""The canonical words that change the video, and with it how long it takes."""

NO_PARAMETER = "no parameter"
SINGLE = {"count": 1}  # who has no such parameter makes one video


def unequal(
    requests: Mapping[str, Any], specs: Mapping[str, Spec], reading: GuidanceScale | None = None
) -> tuple[Mismatch, ...]:
    """What the native requests do not ask alike, documented defaults included.

    The plan is not taken at its word: a request that was changed after the plan was made is seen here.
    `reading` is how it reads `guidance` on ranges that differ; without one, only what every reading makes the
    same of is the same.
    """
    asked = {
        model: effective(specs[model], body)
        for model, body in requests.items()
        if model in specs and isinstance(body, Mapping)
    }
    found = (_mismatch(word, asked, specs, reading) for word in ASKED)
    return tuple(mismatch for mismatch in found if mismatch is not None)


def _mismatch(
    word: str,
    asked: Mapping[str, Mapping[str, Any]],
    specs: Mapping[str, Spec],
    reading: GuidanceScale | None,
) -> Mismatch | None:
    values = {model: canonical.get(word, SINGLE.get(word)) for model, canonical in asked.items()}
    if not any(value is not None for value in values.values()):
        return None
    if len({_key(value) for value in values.values()}) == 1 or _same_guidance(word, values, reading):
        return None
    reasons = {
        model: "default undocumented" if word in specs[model].mapping else NO_PARAMETER
        for model, value in values.items()
        if value is None
    }
    return Mismatch(parameter=word, values=values, reasons=reasons)


def _key(value: Any) -> str:
    """A value as a text that equal ones share: 5 and 5.0 are one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


def _same_guidance(word: str, values: Mapping[str, Any], reading: GuidanceScale | None) -> bool:
    """Whether the ranges, read so, make one value of all."""
    if word != "guidance" or any(value is None for value in values.values()):
        return False
    carried = [carry(*scaled_parts(value), UNIT_RANGE, reading) for value in values.values()]
    return all(value is not None for value in carried) and len({float(value) for value in carried}) == 1


def mismatches_of_pair(
    declared: Sequence[Mismatch], seen: Sequence[Mismatch], first: str, second: str
) -> tuple[Mismatch, ...]:
    """Those in which two models differ, or may: what the plan declares, then what else was seen."""
    told = tuple(mismatch for mismatch in declared if _touches(mismatch, first, second))
    names = {mismatch.parameter for mismatch in told}
    more = (mismatch for mismatch in seen if mismatch.parameter not in names)
    return (*told, *(mismatch for mismatch in more if _touches(mismatch, first, second)))


def _touches(mismatch: Mismatch, first: str, second: str) -> bool:
    pair = (first, second)
    if not any(model in mismatch.values or model in mismatch.reasons for model in pair):
        return False
    one, other = (_key(mismatch.values.get(model)) for model in pair)
    if one != other:
        return True
    reasons = [mismatch.reasons.get(model) for model in pair]
    return reasons not in ([None, None], [NO_PARAMETER, NO_PARAMETER])
