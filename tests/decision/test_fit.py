"""What of a wish can be asked for at a seller."""

from __future__ import annotations

from typing import Any

import pytest

from harness.compare.matrix import Row
from harness.decision.fit import completion_states, fit_of
from harness.decision.model import Fit, Need, Wish
from harness.spec.model import State
from tests.decision.made import EACH, NOVITA, OLD, OXEN, run_record, shipped

D, U = State.DOCUMENTED, State.UNDOCUMENTED


def rows(model: str) -> dict[str, Row]:
    return {row.key: row for row in run_record().matrix if model in row.cells}


def fit(model: str, needs: tuple[str, ...] = (), **words: Any) -> Fit:
    spec = shipped().get(model)
    wish = Wish(name="wish", words={"prompt": "a fox", **words}, needs=needs, origin="here")
    return fit_of(spec, wish, completion_states(spec, rows(model)))


@pytest.mark.parametrize(
    ("model", "states"),
    [
        (EACH, {"poll": D, "webhook": D, "events": U, "blocking": U}),
        (OXEN, {"poll": D, "webhook": U, "events": D, "blocking": D}),
        (OLD, {"poll": D, "webhook": U, "events": U, "blocking": U}),
    ],
)
def test_ways_to_learn_of_the_end(model: str, states: dict[str, State]) -> None:
    """By the rows of the comparison where there are any, by the spec alone for a seller without company."""
    assert completion_states(shipped().get(model), rows(model)) == states


def test_what_a_seller_takes_as_asked_is_kept() -> None:
    """Another name and another type are no loss."""
    found = fit(EACH, duration_s=5, audio=False)
    assert (found.kept, found.asked, found.others) == (3, 3, ())
    assert found.body["input"] == {"prompt": "a fox", "duration": "5", "generate_audio": False}
    duration = found.words[1]
    assert (duration.word, duration.native, duration.written) == ("duration_s", "/input/duration", "5")


@pytest.mark.parametrize(
    ("model", "words", "rule"),
    [
        (OLD, {"audio": True}, "translate.dropped"),
        (NOVITA, {"duration_s": 7}, "translate.outside"),
        (NOVITA, {"negative_prompt": "x" * 2501}, "translate.limit"),
        (OXEN, {"guidance": 0.4}, "translate.scale-unsaid"),
    ],
)
def test_what_is_lost_says_by_which_rule(model: str, words: dict[str, Any], rule: str) -> None:
    """A word that is refused, dropped or left out is not kept, whatever stands in the body."""
    found = fit(model, **words)
    (lost,) = [word for word in found.words if not word.kept]
    assert lost.word == next(iter(words))
    assert lost.loss is not None
    assert lost.loss.rule.id == rule
    assert (found.kept, found.asked) == (1, 2)


def test_silence_about_a_need_is_not_a_no() -> None:
    """It is counted apart from what is kept."""
    found = fit(NOVITA, needs=("poll", "webhook"))
    assert found.needs == (Need(mode="poll", state=D), Need(mode="webhook", state=U))
    assert (found.kept, found.silent, found.asked) == (2, 1, 3)


def test_what_a_seller_demands_besides_is_told() -> None:
    """A revision may require what no word of a wish gives."""
    found = fit("eachlabs@latest")
    assert [loss.rule.id for loss in found.others] == ["translate.required"]
    assert found.kept == 1
