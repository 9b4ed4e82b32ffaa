"""One way from one seller to another: whose request becomes whose, and what the operator said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.spec.model import Request, Spec
from harness.translate.losses import Teller
from harness.translate.slots import Slot, request_at
from harness.translate.values import GuidanceScale

__all__ = ["Way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From `source`, whose parameters are `before`, to the target of `teller`, whose are `after`.

    `settings` are values by JSON Pointer that the result has whatever the request says.
    """

    source: Spec
    source_operation: str
    teller: Teller
    before: Mapping[str, Slot]
    after: Mapping[str, Slot]
    reading: GuidanceScale | None
    settings: dict[str, Any]

    @property
    def target(self) -> Spec:
        """Whose words are written."""
        return self.teller.target

    @property
    def request(self) -> Request:
        """The request body that is documented there."""
        return request_at(self.target, self.teller.operation)

    @property
    def chosen(self) -> frozenset[str]:
        """The canonical words that the settings give anew."""
        return frozenset(word for word, slot in self.after.items() if slot.pointer in self.settings)
