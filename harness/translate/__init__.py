"""One request, another seller: canonical request -> native request, native -> native, with the losses."""

from __future__ import annotations

from harness.translate.canonical import effective, read_canonical, to_canonical
from harness.translate.native import pinned, to_native
from harness.translate.rules import RULES
from harness.translate.switch import translate
from harness.translate.values import Canonical, GuidanceScale, Translation

__all__ = [
    "RULES",
    "Canonical",
    "GuidanceScale",
    "Translation",
    "effective",
    "pinned",
    "read_canonical",
    "to_canonical",
    "to_native",
    "translate",
]
