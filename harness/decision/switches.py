"""Each wish from each seller to each other: what is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from harness.decision.model import Fit, Switch
from harness.spec.model import Spec
from harness.translate.switch import translate

__all__ = ["switches"]


def switches(specs: Sequence[Spec], fits: Sequence[Fit]) -> tuple[Switch, ...]:
    """Every ordered pair of the sellers of one group, for every wish. `fits` hold the native requests."""
    by_model = {spec.ref: spec for spec in specs}
    return tuple(switch for fit in fits for switch in _from(fit, by_model[fit.model], specs))


def _from(fit: Fit, source: Spec, specs: Sequence[Spec]) -> Iterator[Switch]:
    for one, target in permutations(specs, 2):
        if one is source:
            done = translate(source, target, fit.body)
            yield Switch(
                wish=fit.wish, source=source.ref, target=target.ref, body=done.body, losses=done.losses
            )
