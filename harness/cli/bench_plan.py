"""From the arguments of `harness bench` to a plan, and a plan to what `--dry-run` shows."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import OperatorError
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.bench.compiled import Compiled
    from harness.bench.forecast import Forecast
    from harness.bench.plan import Plan
    from harness.bench.plan_values import Values
    from harness.measurement.job import Mismatch

__all__ = ["dry_json", "dry_text", "planned", "with_budget"]

_REQUEST = {
    "prompt": "prompt",
    "negative_prompt": "negative_prompt",
    "duration": "duration_s",
    "aspect_ratio": "aspect_ratio",
    "audio": "audio",
    "guidance": "guidance",
}
_PLAIN = ("blocks", "blocks_a_night", "nights", "first_look", "equivalence_margin", "seed", "poller")
_RENAMED = {"cap": "cap_s", "interval": "interval_s", "at_once": "at_once", "fetch": "fetch"}


def planned(arguments: argparse.Namespace, store: SpecStore) -> Plan:
    """The plan of the file, if there is one, with the flags over it. Raises OperatorError."""
    from harness.bench.plan import plan_of
    from harness.bench.plan_values import Values, read_plan

    stated = Values() if arguments.plan is None else read_plan(Path(arguments.plan))
    return plan_of(_flags(arguments).over(stated), store)


def _flags(arguments: argparse.Namespace) -> Values:
    from harness.bench.plan_values import Values
    from harness.measurement.job import Design

    found: dict[str, Any] = {name: getattr(arguments, name) for name in _PLAIN}
    found |= {key: getattr(arguments, name) for name, key in _RENAMED.items()}
    found["models"] = tuple(arguments.model) or None
    found["design"] = None if arguments.design is None else Design(arguments.design)
    request = {word: _value(getattr(arguments, name)) for name, word in _REQUEST.items()}
    found["request"] = {word: value for word, value in request.items() if value is not None} or None
    found["modes"] = dict(_modes(arguments)) or None
    return Values(of={key: value for key, value in found.items() if value is not None})


def _value(given: Any) -> Any:
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _modes(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for text in arguments.mode:
        model, equals, mode = text.rpartition("=")
        if not equals or not model or not mode:
            raise OperatorError(f"--mode: expected MODEL=MODE, got {text!r}")
        yield model, mode


def with_budget(plan: Plan, arguments: argparse.Namespace) -> Plan:
    """The plan with the budget that holds: of the flags, else its own, else that of harness.yaml."""
    from harness.cli.live import use_of

    if arguments.max_jobs is not None or arguments.max_cost_usd is not None:
        return replace(plan, max_jobs=arguments.max_jobs, max_cost_usd=arguments.max_cost_usd)
    use = use_of(arguments)
    if plan.max_jobs is not None or plan.max_cost_usd is not None or use is None or use.budget is None:
        return plan
    return replace(plan, max_jobs=use.budget.max_jobs, max_cost_usd=use.budget.max_cost_usd)


def dry_json(plan: Plan, compiled: Compiled, found: Forecast) -> dict[str, Any]:
    """What would be sent, cost and take, as JSON; durations in provider seconds."""
    from harness.bench.compiled import plan_digest
    from harness.bench.plan import plan_json

    return {
        "schema": "harness.bench-plan/1",
        "plan": plan_json(plan),
        "plan_digest": plan_digest(plan, compiled),
        "jobs": found.jobs,
        "worst_cost_usd": found.cost_usd,
        "without_price": list(found.unpriced),
        "expected_s": found.expected_s,
        "longest_s": found.longest_s,
        "models": {
            seller.model: {
                "jobs": seller.jobs,
                "worst_cost_usd": seller.cost_usd,
                "expected_job_s": seller.job_s,
                "is_documented": seller.is_documented,
                "polls_per_job": seller.polls,
                "mode": plan.modes[seller.model].value,
                "request": compiled.requests[seller.model],
                "losses": [loss.message for loss in compiled.losses[seller.model]],
            }
            for seller in found.sellers
        },
        "mismatches": [
            {"parameter": one.parameter, "values": dict(one.values), "reasons": dict(one.reasons)}
            for one in compiled.mismatches
        ],
    }


def dry_text(plan: Plan, compiled: Compiled, found: Forecast) -> str:
    """The same for a person."""
    return "\n".join(_lines(plan, compiled, found)) + "\n"


def _lines(plan: Plan, compiled: Compiled, found: Forecast) -> Iterator[str]:
    from harness.report.visible import visible

    times = f"{plan.blocks} {'block' if plan.blocks == 1 else 'blocks'}"
    when = "now" if plan.design.value == "sitting" else "a night"
    yield f"{times} {when}, each with one job of {len(plan.models)} models in random order (seed {plan.seed})"
    yield f"jobs: {found.jobs}"
    yield f"worst cost: {_cost(found)}"
    yield f"time: about {_duration(found.expected_s)}, at most {_duration(found.longest_s)}"
    for seller in found.sellers:
        stated = "documented" if seller.is_documented else "nothing is documented"
        yield ""
        yield f"{seller.model} ({plan.modes[seller.model].value})"
        yield f"  {seller.jobs} jobs of about {seller.job_s:.0f} s ({stated}), {seller.polls:.1f} polls each"
        yield f"  request: {visible(json.dumps(compiled.requests[seller.model], ensure_ascii=False))}"
        yield from (f"  {visible(loss.message)}" for loss in compiled.losses[seller.model])
    yield ""
    yield from _mismatches(compiled.mismatches, plan.models)
    yield "nothing was sent"


def _cost(found: Forecast) -> str:
    if found.cost_usd is not None:
        return f"{found.cost_usd:.2f} US dollars"
    return f"no price is known for {', '.join(found.unpriced)}: a live run needs --max-jobs"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _mismatches(found: tuple[Mismatch, ...], models: tuple[str, ...]) -> Iterator[str]:
    from harness.report.visible import visible

    if not found:
        yield "every one is asked for the same" if len(models) > 1 else "one model: nothing to be made equal"
    for one in found:
        each = "; ".join(f"{model}: {_shown(one.values, one.reasons, model)}" for model in models)
        yield visible(f"not equal: {one.parameter} ({each})")


def _shown(values: Mapping[str, Any], reasons: Mapping[str, str], model: str) -> str:
    if values.get(model) is None:
        return reasons.get(model, "not asked for")
    return json.dumps(values[model], ensure_ascii=False)
