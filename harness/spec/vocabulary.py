"""The words that hold across providers: what a request parameter is called here, whatever its name there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from harness.spec.pointer import split

if TYPE_CHECKING:
    from harness.spec.model import Spec

__all__ = ["CANONICAL", "aliases_of"]

CANONICAL: tuple[str, ...] = (
    "model",
    "model_version",
    "prompt",
    "negative_prompt",
    "duration_s",
    "aspect_ratio",
    "audio",
    "guidance",
    "mode",
    "seed",
    "count",
    "billing_account",
    "routing",
    "webhook_url",
    "webhook_secret",
    "response_format",
)


def aliases_of(specs: Iterable[Spec]) -> dict[str, str]:
    """Native parameter name -> canonical word, over all sellers: what a name means elsewhere."""
    return {
        split(pointer)[-1]: word for spec in specs for word, pointer in spec.mapping.items() if split(pointer)
    }
