"""The values of a plan as they were given: in a YAML file, by flags over it, or in a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from harness.client.results import Mode
from harness.errors import OperatorError
from harness.measurement.job import Design
from harness.spec import yaml
from harness.spec.fields import Fields, Reader, boolean, count, fault, kind_of, number, one_of, strings, table
from harness.spec.load import check_format
from harness.spec.node import Mark, Node
from harness.spec.pointer import join
from harness.spec.store import read_text
from harness.stats.sequential import Spending
from harness.translate import GuidanceScale, read_canonical

__all__ = ["POLLERS", "Values", "read_json", "read_plan"]

POLLERS: tuple[str, ...] = ("adaptive", "fixed", "backoff")
T = TypeVar("T", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values by key, and where in a file each stands (none: it was a flag, named after the key)."""

    of: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def get(self, key: str, default: Any) -> Any:
        """The value, or the default where there is none."""
        found = self.of.get(key)
        return default if found is None else found

    def fault(self, key: str, message: str) -> OperatorError:
        """An error about one value, with its place."""
        mark = self.marks.get(key)
        return (
            OperatorError(f"bench: {key}: {message}") if mark is None else fault(f"/{key}: {message}", mark)
        )

    def over(self, other: Values) -> Values:
        """These values over others; of two requests or budgets, member by member."""
        merged = dict(other.of)
        for key, value in self.of.items():
            below = merged.get(key)
            is_table = isinstance(value, Mapping) and isinstance(below, Mapping)
            merged[key] = {**below, **value} if is_table else value  # type: ignore[dict-item]
        kept = {key: mark for key, mark in other.marks.items() if key not in self.of}
        return Values(of=merged, marks={**kept, **self.marks})


def read_plan(path: Path) -> Values:
    """The values in a plan file. Raises OperatorError, SourceError with the place of the first fault."""
    shown = str(path)
    return _read(yaml.parse(read_text(path, shown), shown), with_format=True)


def read_json(document: Mapping[str, Any], shown: str) -> Values:
    """The values in a plan as a record has it. Raises SourceError."""
    return _read(_node(dict(document), Mark(file=shown, line=1, column=1)), with_format=False)


def _node(value: Any, mark: Mark) -> Node:
    if isinstance(value, dict):
        members = {name: _node(one, mark) for name, one in value.items() if one is not None}
        return Node(members, mark, mark)
    if isinstance(value, (list, tuple)):
        return Node(tuple(_node(one, mark) for one in value), mark, mark)
    return Node(value, mark, mark)


def _read(root: Node, *, with_format: bool) -> Values:
    fields = Fields(root, "")
    if with_format:
        fields.required("format", check_format)
    found: dict[str, Any] = {}
    for key, read in _READERS.items():
        value = fields.maybe(key, read)
        if value is not None:
            found[key] = value
    fields.finish()
    marks = {key: root.mapping[key].name_mark for key in found}
    return Values(of=found, marks=marks)


def _word(kind: type[T]) -> Reader[T]:
    def read(node: Node, at: str) -> T:
        return kind(one_of([member.value for member in kind])(node, at))

    return read


def _request(node: Node, at: str) -> dict[str, Any]:
    """Canonical words; each fault at its own word."""
    if not isinstance(node.value, dict):
        raise fault(f"{at}: expected a mapping of canonical words, got {kind_of(node)}", node.mark)
    for word, child in node.mapping.items():
        try:
            read_canonical({word: child.plain()}, "")
        except OperatorError as error:
            words = str(error).removeprefix(f": /{word}: ")
            raise fault(f"{join([word], at)}: {words}", child.name_mark) from None
    found: dict[str, Any] = node.plain()
    return found


def _models(node: Node, at: str) -> tuple[str, ...]:
    found = strings(node, at)
    if not found:
        raise fault(f"{at}: expected at least one model", node.mark)
    return found


def _from(least: int) -> Reader[int]:
    def read(node: Node, at: str) -> int:
        found = count(node, at)
        if found < least:
            raise fault(f"{at}: expected a whole number from {least}, got {found}", node.mark)
        return found

    return read


def _margin(node: Node, at: str) -> float:
    found = number(node, at)
    if not found < 1:
        raise fault(f"{at}: expected a number from 0, below 1, got {found}", node.mark)
    return float(found)


def _seconds(node: Node, at: str) -> float:
    found = number(node, at)
    if found <= 0:
        raise fault(f"{at}: expected seconds above 0, got {found}", node.mark)
    return float(found)


def _modes(node: Node, at: str) -> dict[str, str]:
    return table(node, at, one_of([mode.value for mode in Mode]))


def _overrides(node: Node, at: str) -> dict[str, dict[str, Any]]:
    return table(node, at, _request)


def _budget(node: Node, at: str) -> dict[str, Any]:
    fields = Fields(node, at)
    found = {
        "max_jobs": fields.maybe("max_jobs", count),
        "max_cost_usd": fields.maybe("max_cost_usd", number),
    }
    fields.finish()
    return {name: value for name, value in found.items() if value is not None}


_READERS: Mapping[str, Reader[Any]] = {
    "models": _models,
    "request": _request,
    "overrides": _overrides,
    "modes": _modes,
    "guidance_scale": _word(GuidanceScale),
    "design": _word(Design),
    "blocks": _from(1),
    "blocks_a_night": _from(1),
    "nights": _from(1),
    "first_look": _from(1),
    "spending": _word(Spending),
    "equivalence_margin": _margin,
    "estimate_margin": _margin,
    "cap_s": _seconds,
    "poller": one_of(POLLERS),
    "interval_s": _seconds,
    "at_once": _from(1),
    "fetch": boolean,
    "seed": count,
    "budget": _budget,
}
