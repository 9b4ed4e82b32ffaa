"""What a trial is to do, from options, harness.yaml and what an earlier call left; and that in words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.live import endpoints_of, prices_of, use_of
from harness.cli.output import read_input
from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.client.calls import Endpoints
    from harness.trial.plan import Errand
    from harness.trial.state import TrialState
    from harness.use.model import Use

__all__ = ["Plan", "is_local", "plan_json", "plan_lines", "plan_of"]

_OWN = frozenset({"model_version", "webhook_url", "webhook_secret", "billing_account", "routing"})
"""Words whose values mean nothing, or must not be known, at another seller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done. `left` is the trial that is gone on with, None where it is a new one."""

    errands: tuple[Errand, ...]
    canonical: Mapping[str, Mapping[str, Any]]
    left: TrialState | None
    endpoints: Endpoints
    use: Use | None

    @property
    def specs(self) -> tuple[Spec, ...]:
        """The models, in order."""
        return tuple(errand.spec for errand in self.errands)


def plan_of(arguments: argparse.Namespace, store: SpecStore, left: TrialState | None) -> Plan:
    """The plan. Raises OperatorError and BudgetError for what cannot be tried at all."""
    from harness.trial.plan import chosen, mode_of, planned

    use, endpoints = use_of(arguments), endpoints_of(arguments)
    specs = chosen(_named(arguments, store, use, left), store.all())
    canonical = _canonical(arguments, specs, use, store) if left is None else left.canonical
    errands = tuple(
        planned(
            spec,
            canonical[spec.model.group],
            mode=mode_of(spec, can_be_called=_can_be_called(arguments, endpoints, spec)),
            directory=Path(arguments.to),
            prices=prices_of(use),
        )
        for spec in specs
    )
    return Plan(errands=errands, canonical=canonical, left=left, endpoints=endpoints, use=use)


def _named(
    arguments: argparse.Namespace, store: SpecStore, use: Use | None, left: TrialState | None
) -> list[Spec]:
    named = [store.get(model) for model in arguments.models]
    if left is not None:
        if named and {spec.ref for spec in named} != set(left.models):
            raise OperatorError(
                f"{left.directory}: a trial of {', '.join(left.models)} was not finished here; run it to its "
                "end without MODEL, or delete that directory to give it up"
            )
        return [store.get(model) for model in left.models]
    if not named and use is not None:
        return [store.get(usage.reference) for usage in use.models.values()]
    return named


def _canonical(
    arguments: argparse.Namespace, specs: Sequence[Spec], use: Use | None, store: SpecStore
) -> dict[str, dict[str, Any]]:
    """What to ask for, by group: the options, else the first request of harness.yaml, else what is usual."""
    from harness.trial.plan import common_words

    given = _given(arguments)
    found: dict[str, dict[str, Any]] = {}
    for group in dict.fromkeys(spec.model.group for spec in specs):
        members = [spec for spec in specs if spec.model.group == group]
        used = _used(members, use) if arguments.request is None else {}
        found[group] = common_words(members, {**used, **given})
    return found


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    from harness.translate import read_canonical

    words: dict[str, Any] = {}
    if arguments.request is not None:
        content, shown = read_input(arguments.request)
        try:
            document = json.loads(content)
        except (ValueError, RecursionError):
            raise OperatorError(f"{shown}: not JSON") from None
        words = read_canonical(document, shown)
    for text in arguments.set:
        word, equals, value = text.partition("=")
        if not equals:
            raise OperatorError(f"--set: expected WORD=VALUE, got {text!r}")
        words |= read_canonical({word: _value(value)}, "--set")
    return words


def _value(text: str) -> Any:
    """JSON where it is that, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _used(members: Sequence[Spec], use: Use | None) -> dict[str, Any]:
    """The first request that the user's harness.yaml has of these sellers, in canonical words."""
    from harness.translate import effective

    for spec in members:
        usage = use.models.get(spec.id) if use is not None else None
        for sent in (usage.requests or ()) if usage is not None else ():
            if sent.operation == "submit":
                words = effective(spec, sent.body)
                return {word: value for word, value in words.items() if word not in _OWN}
    return {}


def _can_be_called(arguments: argparse.Namespace, endpoints: Endpoints, spec: Spec) -> bool:
    return arguments.public_url is not None or is_local(endpoints, spec)


def is_local(endpoints: Endpoints, spec: Spec) -> bool:
    """Whether a seller is reached on this machine, where nothing costs money."""
    from harness.client.keys import is_loopback, origin

    return is_loopback(origin(endpoints.server(spec))[1])


def _told(errand: Errand, plan: Plan) -> dict[str, Any]:
    cost = errand.worst.cost_microusd
    return {
        "model": errand.spec.ref,
        "server": plan.endpoints.server(errand.spec),
        "mode": errand.mode.value,
        "request": dict(errand.body),
        "jobs": errand.worst.jobs,
        "worst_case_usd": None if cost is None else cost / 1e6,
        "cassette": str(errand.path),
        "allowed": errand.is_allowed,
        "losses": [loss.message for loss in errand.losses],
        "faults": [fault.message for fault in errand.faults],
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """What would be sent, as JSON."""
    return {"schema": "harness.trial-plan/1", "jobs": [_told(errand, plan) for errand in plan.errands]}


def plan_lines(plan: Plan) -> list[str]:
    """What would be sent, for a person."""
    from harness.report.visible import visible

    lines = []
    for errand in plan.errands:
        told = _told(errand, plan)
        cost = (
            "price not known"
            if told["worst_case_usd"] is None
            else f"at most {told['worst_case_usd']:.2f} USD"
        )
        lines += [
            f"{told['model']} at {told['server']}: 1 job, {cost}; its end by {told['mode']}",
            f"  {visible(json.dumps(told['request'], ensure_ascii=False))}",
            f"  -> {told['cassette']}",
            *(f"  not allowed: {visible(words)}" for words in told["faults"]),
            *(f"  note: {visible(words)}" for words in told["losses"]),
        ]
    jobs = sum(errand.worst.jobs for errand in plan.errands if errand.is_allowed)
    return [*lines, f"nothing was sent; {jobs} jobs would be made at most"]
