"""Users of the small spec and of the shipped ones, made by hand or out of a `harness.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.compare.changes import changes
from harness.errors import OperatorError
from harness.finding import Finding, Impact, Severity
from harness.spec.model import Spec
from harness.spec.node import Mark
from harness.spec.store import SpecStore
from harness.use.model import PriceLine, Sent, Usage, Use
from harness.use.read import read_use
from harness.use.weigh import weigh_finding
from tests.compare.drift import Edit
from tests.minimal import minimal

__all__ = [
    "EXAMPLE",
    "price",
    "sent",
    "shipped",
    "told",
    "usage",
    "use_of",
    "weighed",
    "weighed_between",
    "written",
]

EXAMPLE = "example/video-1-text-to-video"
MARK = Mark("harness.yaml", 3, 3)


def sent(name: str, body: Any, *, operation: str = "submit", per_month: float | None = None) -> Sent:
    """One request that the user sends."""
    return Sent(name=name, operation=operation, body=body, per_month=per_month, mark=MARK)


def price(amount: float, *, per: str = "second", when: Mapping[str, Any] | None = None) -> PriceLine:
    """One line of what the user pays, in US dollars."""
    return PriceLine(currency="USD", unit=per, amount=amount, when=when or {})


def usage(*requests: Sent, silent: bool = False, model: str = EXAMPLE, **members: Any) -> Usage:
    """How the model is used; `silent` where it is not said what is sent."""
    return Usage(model=model, reference=model, requests=None if silent else requests, mark=MARK, **members)


def use_of(*usages: Usage, policy: Mapping[Impact, Severity] | None = None) -> Use:
    """A `harness.yaml` with these models."""
    return Use(file="harness.yaml", models={one.model: one for one in usages}, policy=policy or {})


def weighed(findings: tuple[Finding, ...], use: Use, spec_of: Callable[[str], Spec | None]) -> list[Finding]:
    """The findings as they are to the user."""
    return [weigh_finding(finding, use, spec_of) for finding in findings]


def weighed_between(old: tuple[Edit, ...], new: tuple[Edit, ...], use: Use) -> list[Finding]:
    """What changed between two editions of the small spec, as it is to the user."""
    after = minimal(*new)
    return weighed(changes(minimal(*old), after), use, lambda _: after)


def told(finding: Finding) -> tuple[str, str | None]:
    """Severity and what it does to the user."""
    return finding.severity.value, finding.consequence


def written(tmp_path: Path, models: str, *, rest: str = "", store: SpecStore | None = None) -> Use:
    """What a `harness.yaml` with these models says."""
    path = tmp_path / "harness.yaml"
    path.write_text(f"format: 1\nmodels:\n{models}{rest}", encoding="utf-8")
    return read_use(path, store or SpecStore())


def shipped(store: SpecStore) -> Callable[[str], Spec | None]:
    """The shipped spec of a reference."""

    def spec_of(reference: str) -> Spec | None:
        try:
            return store.get(reference)
        except OperatorError:
            return None

    return spec_of
