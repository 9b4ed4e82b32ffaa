"""Requests that keep to their seller's documents, and few words for what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from harness.finding import Finding
from harness.spec.model import Spec
from harness.translate.native import put
from harness.translate.slots import Slot, slots_of

__all__ = ["FULL", "bodies", "brief"]

FULL: dict[str, Any] = {
    "prompt": "a fox",
    "negative_prompt": "blur",
    "duration_s": 10,
    "aspect_ratio": "9:16",
    "audio": False,
    "guidance": 0.4,
}
"""A canonical request that says everything that the sellers of one model share."""


def brief(losses: Iterable[Finding]) -> list[tuple[str, str | None, str]]:
    """`(rule without its area, pointer, severity)` of each loss."""
    return [(loss.rule.id.split(".")[1], loss.pointer, loss.severity.value) for loss in losses]


@st.composite
def bodies(draw: st.DrawFn, spec: Spec) -> dict[str, Any]:
    """A native request: whatever has to be, and any choice of the rest, all within the documents."""
    body: dict[str, Any] = {}
    says_all = draw(st.booleans())
    for slot in slots_of(spec, "submit").values():
        if slot.own_value is not None:
            put(body, slot.pointer, slot.own_value)
        elif slot.has_to_be or says_all or draw(st.booleans()):
            put(body, slot.pointer, draw(_values(slot)))
    return body


def _values(slot: Slot) -> st.SearchStrategy[Any]:
    schema = slot.schema
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "number":
            low, high = schema["minimum"], schema["maximum"]
            return st.one_of(
                st.integers(low, high),
                st.floats(low, high, allow_nan=False),
                st.decimals(low, high, places=2).map(float),
            )
    if schema.get("format") == "uri":
        return st.sampled_from(["https://example.com/hook", "https://example.com/a?b=c"])
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    return text.filter(lambda words: len(words) >= schema.get("minLength", 0))
