"""Weights of the criteria: a profile, as a YAML file with one number for each criterion that counts.

format: 1
title: Fastest first
weights: {latency: 5, tail: 3, success: 2}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from harness.errors import OperatorError
from harness.ranking.criteria import CRITERIA
from harness.spec import yaml
from harness.spec.fields import Fields, fault, number, text
from harness.spec.load import check_format
from harness.spec.node import Node

__all__ = ["SHIPPED", "Profile", "read_profile", "shipped_profile"]

SHIPPED: tuple[str, ...] = ("fastest-first", "cheapest-integration", "safest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What matters to one buyer, and how much. A criterion that is not there weighs nothing.

    Weights are at least 0 and only their ratios count. `weights` has every criterion, in their order.
    """

    id: str
    title: str
    weights: Mapping[str, float]


def shipped_profile(name: str) -> Profile:
    """One of the profiles that come with the package. Raises OperatorError for another name."""
    if name not in SHIPPED:
        raise OperatorError(f"no profile {name!r}; shipped: {', '.join(SHIPPED)}, or a file")
    path = files("harness.ranking") / "profiles" / f"{name}.yaml"
    return read_profile(path.read_text(encoding="utf-8"), f"{name}.yaml", name=name)


def read_profile(content: str, shown: str, *, name: str) -> Profile:
    """A profile out of the text of a file. Raises SourceError with its first fault."""
    fields = Fields(yaml.parse(content, shown), "")
    fields.required("format", check_format)
    title = fields.required("title", text)
    weights = fields.required("weights", _weights)
    fields.finish()
    return Profile(id=name, title=title, weights=weights)


def _weights(node: Node, at: str) -> Mapping[str, float]:
    fields = Fields(node, at)
    found = {criterion.id: fields.optional(criterion.id, number, 0.0) for criterion in CRITERIA}
    fields.finish()
    if not any(found.values()):
        raise fault(f"{at}: expected a weight above 0 for at least one criterion", node.mark)
    return {name: float(weight) for name, weight in found.items()}
