"""discrepancies.yaml: the differences between sellers, with what each means to a buyer who switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.compare.cells import FACET_ORDER, PARAMETERS
from harness.finding import Impact
from harness.spec import yaml
from harness.spec.fields import Fields, fault, kind_of, one_of, text
from harness.spec.load import check_format
from harness.spec.node import Mark, Node
from harness.spec.store import DISCREPANCIES, SpecStore, read_text

__all__ = ["Encoded", "Encoding", "load_encoding", "read_encoding"]

EntryKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One entry. `values` holds a value, or the word `undocumented` or `absent`, for each seller by id."""

    group: str
    key: str
    impact: tuple[Impact, ...]
    means: str
    values: Mapping[str, Any]
    mark: Mark
    value_marks: Mapping[str, Mark]

    def mark_of(self, model: str) -> Mark:
        """The place of a seller's value, or of the entry where it has none."""
        return self.value_marks.get(model, self.mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """All entries, by group and `parameter.facet`; `groups` holds the place of each group's name."""

    entries: Mapping[EntryKey, Encoded]
    groups: Mapping[str, Mark]
    mark: Mark

    def mark_of(self, group: str) -> Mark:
        """Where an entry that is missing would have to stand."""
        return self.groups.get(group, self.mark)

    def __or__(self, later: Encoding) -> Encoding:
        """Both, the later one's entry where both have one."""
        return Encoding(
            entries={**self.entries, **later.entries}, groups={**self.groups, **later.groups}, mark=self.mark
        )


def load_encoding(store: SpecStore) -> Encoding:
    """What the shipped file and those of the user's directories say. Raises OperatorError or SourceError."""
    found = Encoding(entries={}, groups={}, mark=Mark(f"specs/{DISCREPANCIES}", 1, 1))
    for file in store.discrepancy_files:
        found |= read_encoding(read_text(file.path, file.shown), file.shown)
    return found


def read_encoding(content: str, file: str) -> Encoding:
    """The entries in a YAML text. Raises SourceError, with the first fault."""
    root = yaml.parse(content, file)
    fields = Fields(root, "")
    fields.required("format", check_format)
    groups = fields.required("groups", _mapping)
    fields.finish()
    entries = {
        (group, key): _entry(entry, f"/groups/{group}/{key}", group, key)
        for group, node in groups.items()
        for key, entry in _mapping(node, f"/groups/{group}").items()
    }
    marks = {group: node.name_mark for group, node in groups.items()}
    return Encoding(entries=entries, groups=marks, mark=root.mark)


def _entry(node: Node, at: str, group: str, key: str) -> Encoded:
    parameter, _, facet = key.partition(".")
    if parameter not in PARAMETERS or facet not in FACET_ORDER:
        raise fault(f"{at}: expected PARAMETER.FACET such as guidance.maximum, got {key!r}", node.name_mark)
    fields = Fields(node, at)
    values = fields.required("values", _mapping)
    encoded = Encoded(
        group=group,
        key=key,
        impact=fields.required("impact", _impact),
        means=fields.required("means", text),
        values={model: child.plain() for model, child in values.items()},
        mark=node.name_mark,
        value_marks={model: child.mark for model, child in values.items()},
    )
    fields.finish()
    return encoded


def _impact(node: Node, at: str) -> tuple[Impact, ...]:
    if not isinstance(node.value, tuple):
        raise fault(f"{at}: expected a list, got {kind_of(node)}", node.mark)
    read = one_of([impact.value for impact in Impact])
    return tuple(Impact(read(child, f"{at}/{index}")) for index, child in enumerate(node.value))


def _mapping(node: Node, at: str) -> Mapping[str, Node]:
    if not isinstance(node.value, Mapping):
        raise fault(f"{at}: expected a mapping, got {kind_of(node)}", node.mark)
    return node.value
