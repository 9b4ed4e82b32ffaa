"""The canonical request of a plan in the words of each seller, every documented default written out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

from harness.bench.plan import Plan, plan_json
from harness.bench.unequal import unequal
from harness.client.results import Mode
from harness.errors import OperatorError
from harness.finding import Finding, Severity
from harness.measurement.job import Mismatch
from harness.spec.model import Spec
from harness.translate import pinned
from harness.translate.rules import LIMIT, OUTSIDE, REQUIRED

__all__ = ["Compiled", "compile_plan", "operation_of", "plan_digest"]

_REFUSED = frozenset({LIMIT.id, OUTSIDE.id, REQUIRED.id})
_MACHINE = frozenset({"budget", "seed", "at_once"})
"""What of a plan says nothing of what is measured: runs that differ in it alone are joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What is sent to each model, and what could not be made equal.

    `asked_s` is the length of the video that each request asks for, in seconds, None where it does not say.
    """

    requests: Mapping[str, dict[str, Any]]
    losses: Mapping[str, tuple[Finding, ...]]
    mismatches: tuple[Mismatch, ...]
    asked_s: Mapping[str, float | None]


def operation_of(mode: Mode) -> str:
    """The operation that makes a job in a mode."""
    return "generate" if mode is Mode.BLOCKING else "submit"


def compile_plan(plan: Plan, specs: Sequence[Spec]) -> Compiled:
    """The native requests of a plan.

    Raises OperatorError for one that breaks its seller's documents: it would be refused, or measure a fault.
    """
    requests: dict[str, dict[str, Any]] = {}
    losses: dict[str, tuple[Finding, ...]] = {}
    asked_s: dict[str, float | None] = {}
    for spec in specs:
        made = pinned(
            spec,
            plan.canonical_of(spec.ref),
            operation=operation_of(plan.modes[spec.ref]),
            guidance_scale=plan.guidance_scale,
        )
        _refuse(spec, made.losses)
        requests[spec.ref], losses[spec.ref] = made.body, made.losses
        duration_s = made.canonical.get("duration_s")
        is_number = isinstance(duration_s, (int, float)) and not isinstance(duration_s, bool)
        asked_s[spec.ref] = float(duration_s) if is_number and duration_s is not None else None
    return Compiled(
        requests=requests,
        losses=losses,
        mismatches=unequal(requests, {spec.ref: spec for spec in specs}),
        asked_s=asked_s,
    )


def _refuse(spec: Spec, losses: Sequence[Finding]) -> None:
    broken = [loss.message for loss in losses if loss.rule.id in _REFUSED and loss.severity is Severity.ERROR]
    if broken:
        raise OperatorError(f"{spec.ref}: the request breaks the documents: {'; '.join(broken)}")


def plan_digest(plan: Plan, compiled: Compiled) -> str:
    """What makes runs joinable: SHA-256 of the plan and of the requests that came of it, as canonical JSON.

    Budget, seed and pace are left out.
    """
    stated = {key: value for key, value in plan_json(plan).items() if key not in _MACHINE}
    document = _plain({"plan": stated, "requests": dict(compiled.requests)})
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def _plain(value: Any) -> Any:
    """Whole numbers beyond 2**53 as text: canonical JSON has no such numbers."""
    if isinstance(value, Mapping):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    is_large = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53
    return str(value) if is_large else value
