"""What a benchmark is to do: one request, the sellers of one model, how many jobs, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.bench.plan_values import Values
from harness.bench.terms import EQUIVALENCE_MARGIN
from harness.client.client import modes_of
from harness.client.results import Mode
from harness.errors import OperatorError
from harness.measurement.job import Design
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.stats.estimate import DEFAULT_MARGIN
from harness.stats.sequential import Spending
from harness.translate import GuidanceScale

__all__ = ["REQUEST", "Plan", "plan_json", "plan_of", "specs_of"]

REQUEST: Mapping[str, Any] = {
    "prompt": "A red fox runs through fresh snow at dawn.",
    "duration_s": 5,
    "aspect_ratio": "16:9",
    "audio": False,
}
"""What is asked of all alike where the plan does not say it: a default of 10 s here and of 5 s there would
be compared otherwise."""

_BLOCKS = {Design.SITTING: 10, Design.NIGHTLY: 2}
_CAP_S = 900.0
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One benchmark. Seconds are provider seconds.

    `models` are spec references of one version and tier, `modes` how the end of a job of each is waited for.
    `request` is in canonical words; `overrides` are laid over it for single models. `blocks` is how many one
    invocation runs, each with one job of every model; `at_once` how many of them may be under way together.
    `nights`, `first_look` and `spending` are declared before the first job. `interval_s` is that of fixed
    polling, None: as documented. The budget is what one invocation may spend.
    """

    models: tuple[str, ...]
    modes: Mapping[str, Mode]
    request: Mapping[str, Any]
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    guidance_scale: GuidanceScale | None = None
    design: Design = Design.NIGHTLY
    blocks: int = 2
    nights: int | None = None
    first_look: int | None = None
    spending: Spending = Spending.OBRIEN_FLEMING
    equivalence_margin: float = EQUIVALENCE_MARGIN
    estimate_margin: float = DEFAULT_MARGIN
    cap_s: float = _CAP_S
    poller: str = "adaptive"
    interval_s: float | None = None
    at_once: int = 1
    fetch: bool = True
    seed: int = _SEED
    max_jobs: int | None = None
    max_cost_usd: float | None = None

    def canonical_of(self, model: str) -> dict[str, Any]:
        """What one model is asked for, in canonical words."""
        return {**self.request, **self.overrides.get(model, {})}


def plan_of(values: Values, store: SpecStore) -> Plan:
    """The plan that values from a file, from flags, or from both make. Raises OperatorError."""
    specs = _specs(values, store)
    refs = tuple(spec.ref for spec in specs)
    design = Design(values.get("design", Design.SITTING if len(refs) == 1 else Design.NIGHTLY))
    _check_design(values, design)
    budget = values.get("budget", {})
    modes = _by_model(values, "modes", specs, store)
    blocks = values.get("blocks" if design is Design.SITTING else "blocks_a_night", _BLOCKS[design])
    plan = Plan(
        models=refs,
        modes={spec.ref: _mode(values, spec, modes.get(spec.ref)) for spec in specs},
        request={**REQUEST, **values.get("request", {})},
        overrides=_by_model(values, "overrides", specs, store),
        guidance_scale=values.get("guidance_scale", None),
        design=design,
        blocks=blocks,
        nights=values.get("nights", None),
        first_look=values.get("first_look", None),
        spending=Spending(values.get("spending", Spending.OBRIEN_FLEMING)),
        equivalence_margin=values.get("equivalence_margin", EQUIVALENCE_MARGIN),
        estimate_margin=values.get("estimate_margin", DEFAULT_MARGIN),
        cap_s=values.get("cap_s", _CAP_S),
        poller=values.get("poller", "adaptive"),
        interval_s=values.get("interval_s", None),
        at_once=values.get("at_once", 1),
        fetch=values.get("fetch", True),
        seed=values.get("seed", _SEED),
        max_jobs=budget.get("max_jobs"),
        max_cost_usd=budget.get("max_cost_usd"),
    )
    _check_looks(values, plan)
    return plan


def specs_of(plan: Plan, store: SpecStore) -> tuple[Spec, ...]:
    """The specs of a plan's models. Raises OperatorError."""
    return tuple(store.get(model) for model in plan.models)


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON; read again by `plan_values.read_json`, it is the same plan."""
    sitting = plan.design is Design.SITTING
    return {
        "models": list(plan.models),
        "modes": {model: mode.value for model, mode in plan.modes.items()},
        "request": dict(plan.request),
        "overrides": {model: dict(words) for model, words in plan.overrides.items()},
        "guidance_scale": None if plan.guidance_scale is None else plan.guidance_scale.value,
        "design": plan.design.value,
        "blocks": plan.blocks if sitting else None,
        "blocks_a_night": None if sitting else plan.blocks,
        "nights": plan.nights,
        "first_look": plan.first_look,
        "spending": plan.spending.value,
        "equivalence_margin": plan.equivalence_margin,
        "estimate_margin": plan.estimate_margin,
        "cap_s": plan.cap_s,
        "poller": plan.poller,
        "interval_s": plan.interval_s,
        "at_once": plan.at_once,
        "fetch": plan.fetch,
        "seed": plan.seed,
        "budget": {"max_jobs": plan.max_jobs, "max_cost_usd": plan.max_cost_usd},
    }


def _specs(values: Values, store: SpecStore) -> tuple[Spec, ...]:
    named = values.get("models", None)
    if named is None:
        return _only_group(values, store)
    found: dict[str, Spec] = {}
    for reference in named:
        spec = _known(values, "models", reference, store)
        if spec.id in found:
            raise values.fault("models", f"{spec.id} is named twice")
        found[spec.id] = spec
    specs = tuple(found.values())
    groups = {spec.ref: spec.model.group for spec in specs}
    if len(set(groups.values())) > 1:
        each = "; ".join(f"{ref} is {group}" for ref, group in groups.items())
        raise values.fault("models", f"only sellers of one version and tier are compared: {each}")
    return specs


def _known(values: Values, key: str, reference: str, store: SpecStore) -> Spec:
    try:
        return store.get(reference)
    except OperatorError as error:
        raise values.fault(key, str(error)) from None


def _only_group(values: Values, store: SpecStore) -> tuple[Spec, ...]:
    """The sellers of the one model that several sell; which one, has to be said where there are more."""
    groups: dict[str, list[Spec]] = {}
    for spec in store.all():
        groups.setdefault(spec.model.group, []).append(spec)
    several = {name: specs for name, specs in groups.items() if len(specs) > 1}
    if len(several) == 1:
        return tuple(*several.values())
    known = ", ".join(sorted(several)) or "none"
    raise values.fault("models", f"expected the models; what several sell: {known}")


def _by_model(values: Values, key: str, specs: Iterable[Spec], store: SpecStore) -> dict[str, Any]:
    """A table of the plan, by the reference of each model of it."""
    known = {spec.id: spec.ref for spec in specs}
    found: dict[str, Any] = {}
    for reference, value in values.get(key, {}).items():
        spec = _known(values, key, reference, store)
        if spec.id not in known:
            raise values.fault(key, f"{spec.id} is no model of this plan; its models: {', '.join(known)}")
        found[known[spec.id]] = value
    return found


def _mode(values: Values, spec: Spec, word: str | None) -> Mode:
    known = modes_of(spec)
    if word is None:
        return Mode.POLL
    if word not in known:
        raise values.fault("modes", f"{spec.ref} documents no {word}; it documents: {', '.join(known)}")
    return Mode(word)


def _check_design(values: Values, design: Design) -> None:
    """What belongs to the other design would be passed over without a word."""
    others = {
        Design.SITTING: ("nights", "blocks_a_night"),
        Design.NIGHTLY: ("blocks",),
    }
    for key in others[design]:
        if values.get(key, None) is not None:
            instead = "blocks" if design is Design.SITTING else "blocks_a_night"
            raise values.fault(key, f"of no meaning in the design {design}; {instead} is what it has")


def _check_looks(values: Values, plan: Plan) -> None:
    if plan.first_look is None:
        return
    of, name = (plan.blocks, "blocks") if plan.design is Design.SITTING else (plan.nights, "nights")
    if of is None or plan.first_look >= of:
        declared = f"{of} {name}" if of is not None else f"no number of {name}"
        raise values.fault("first_look", f"expected fewer than all, got {plan.first_look} of {declared}")
