"""Wishes that are taken from one seller to another."""

from __future__ import annotations

from harness.decision.fit import fit_of
from harness.decision.model import Wish
from harness.decision.switches import switches
from harness.spec.model import State
from harness.translate import translate
from tests.decision.made import EACH, NOVITA, OXEN, shipped


def test_each_way_is_the_translation_of_the_native_request() -> None:
    """With its losses, from each seller's own request and not from the wish."""
    specs = [shipped().get(model) for model in (NOVITA, EACH, OXEN)]
    wish = Wish(name="w", words={"prompt": "a fox", "guidance": 0.4}, origin="here")
    fits = [fit_of(spec, wish, {"poll": State.DOCUMENTED}) for spec in specs]
    found = switches(specs, fits)
    assert [(one.source, one.target) for one in found] == [
        (NOVITA, EACH),
        (NOVITA, OXEN),
        (EACH, NOVITA),
        (EACH, OXEN),
        (OXEN, NOVITA),
        (OXEN, EACH),
    ]
    by_way = {(one.source, one.target): one for one in found}
    done = translate(specs[0], specs[2], fits[0].body)
    assert (by_way[NOVITA, OXEN].body, by_way[NOVITA, OXEN].losses) == (done.body, done.losses)
    assert "translate.scale-unsaid" in {loss.rule.id for loss in done.losses}
