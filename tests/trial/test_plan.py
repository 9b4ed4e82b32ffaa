"""Who is tried, and with what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.client.billing import Prices, UserPrice
from harness.client.results import Mode
from harness.errors import OperatorError
from harness.finding import Severity
from harness.spec.store import SpecStore
from harness.trial.plan import Errand, chosen, common_words, mode_of, planned

GROUP = (
    "aimlapi/klingai-video-v2-6-pro-text-to-video",
    "eachlabs/kling-v2-6-pro-text-to-video",
    "novita/kling-v2.6-pro-t2v",
    "oxen/kling-video-v2-6-pro-text-to-video",
)


def plan(store: SpecStore, model: str, prices: Prices | None = None, **words: object) -> Errand:
    spec = store.get(model)
    group = [one for one in store.all() if one.model.group == spec.model.group]
    return planned(
        spec,
        common_words(group, words),
        mode=mode_of(spec, can_be_called=True),
        directory=Path("c"),
        prices=prices or Prices(),
    )


def test_of_each_provider_the_model_that_most_others_sell(store: SpecStore):
    """One each, so that there is something to compare."""
    assert tuple(spec.ref for spec in chosen((), store.all())) == GROUP


def test_two_models_of_one_provider_are_two_jobs(store: SpecStore):
    """A trial makes one at each."""
    both = [store.get("novita/kling-v1.6-t2v"), store.get("novita/kling-v2.6-pro-t2v")]
    expected = (
        "trial: novita/kling-v1.6-t2v and novita/kling-v2.6-pro-t2v are both of novita; "
        "a trial makes one job at each provider: name one of them"
    )
    with pytest.raises(OperatorError, match=f"^{re.escape(expected)}$"):
        chosen(both, store.all())


def test_what_everybody_is_asked_for(store: SpecStore):
    """The shortest documented default length, and of the rest what most have as their default."""
    words = common_words([store.get(model) for model in GROUP], {})
    assert words == {
        "prompt": "A red fox runs through fresh snow at dawn.",
        "duration_s": 5,
        "aspect_ratio": "16:9",
        "audio": True,
    }
    assert common_words([store.get(GROUP[0])], {"audio": False, "seed": 3})["audio"] is False


@pytest.mark.parametrize("model", GROUP)
def test_each_request_is_valid_makes_one_job_and_pins_the_defaults(store: SpecStore, model: str):
    """Nothing is left to the provider that a document names."""
    errand = plan(store, model)
    assert errand.is_allowed
    assert errand.worst.jobs == 1
    assert {"prompt", "duration_s", "aspect_ratio", "audio"} <= set(errand.canonical)
    assert all(loss.severity is Severity.INFO for loss in errand.losses)
    assert errand.path == Path("c") / f"{model}.trial.yaml"


def test_the_end_is_waited_for_as_documented(store: SpecStore):
    """Events, else a webhook where the provider can call, else polls alone."""
    modes = [mode_of(store.get(model), can_be_called=True) for model in GROUP]
    assert modes == [Mode.POLL, Mode.WEBHOOK, Mode.POLL, Mode.EVENTS]
    assert mode_of(store.get(GROUP[1]), can_be_called=False) is Mode.POLL


def test_what_the_documents_do_not_allow_is_a_fault(store: SpecStore):
    """It is there to be told; nothing is cut or replaced."""
    errand = plan(store, GROUP[2], duration_s=7)
    assert not errand.is_allowed
    assert [fault.rule.id for fault in errand.faults] == ["request.enum"]
    assert errand.body["duration"] == 7


def test_what_a_seller_cannot_say_is_a_warning(store: SpecStore):
    """No fault of the seller's."""
    errand = plan(store, GROUP[2], seed=3)
    (loss,) = [loss for loss in errand.losses if loss.rule.id == "translate.dropped"]
    assert loss.severity is Severity.WARNING


def test_the_worst_case_has_a_price_where_there_is_one(store: SpecStore):
    """The operator's, where no document states any."""
    prices = Prices(by_model={GROUP[2]: UserPrice(unit="second", amount_usd=0.1)})
    assert plan(store, GROUP[2], prices).worst.cost_microusd == 500_000


def test_more_than_one_job_is_refused(store: SpecStore):
    """Whatever the parameter that multiplies them."""
    with pytest.raises(OperatorError, match=r"^oxen/.*: the request makes 2 jobs; a trial makes one$"):
        plan(store, GROUP[3], count=2)
