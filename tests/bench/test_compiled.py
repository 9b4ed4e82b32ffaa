"""One request in the words of each seller, and what could not be made equal."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench.compiled import Compiled, compile_plan, operation_of, plan_digest
from harness.bench.plan import Plan, plan_of, specs_of
from harness.bench.plan_values import Values
from harness.client.results import Mode
from harness.errors import OperatorError
from harness.measurement.job import Mismatch
from harness.spec.store import SpecStore

STORE = SpecStore()
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
NOVITA = "novita/kling-v2.6-pro-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"


def compiled(**values: Any) -> tuple[Plan, Compiled]:
    """A plan with these values, and what comes of it."""
    plan = plan_of(Values(of=values), STORE)
    return plan, compile_plan(plan, specs_of(plan, STORE))


def test_every_documented_default_is_written_out():
    """And the length of the video is that of the plan, in each seller's own type."""
    _, found = compiled(models=("eachlabs", "oxen"), request={"prompt": "a fox"})

    assert found.requests[EACHLABS]["input"] == {
        "prompt": "a fox",
        "negative_prompt": "blur, distort, and low quality",
        "duration": "5",
        "aspect_ratio": "16:9",
        "generate_audio": False,
        "cfg_scale": 0.5,
    }
    assert found.requests[OXEN]["duration"] == 5
    assert found.requests[OXEN]["num_generations"] == 1
    assert found.asked_s == {EACHLABS: 5.0, OXEN: 5.0}


def test_what_is_left_to_an_undocumented_default_is_said():
    """Beside what the others are asked for."""
    _, found = compiled(models=("eachlabs", "novita/kling-v2"))

    assert (
        Mismatch(
            parameter="guidance",
            values={EACHLABS: 0.5, NOVITA: None},
            reasons={NOVITA: "default undocumented"},
        )
        in found.mismatches
    )
    assert not [one for one in found.mismatches if one.parameter in ("duration_s", "audio", "prompt")]


def test_one_provider_with_audio_is_not_equal():
    """An override for one model is a mismatch between it and the others."""
    _, found = compiled(models=("eachlabs", "oxen"), overrides={"oxen": {"audio": True}})

    assert found.mismatches[0] == Mismatch(
        parameter="audio", values={EACHLABS: False, OXEN: True}, reasons={}
    )


def test_what_would_be_refused_is_not_sent():
    """It would measure a refusal, or a fault."""
    with pytest.raises(OperatorError) as caught:
        compiled(models=("oxen",), request={"duration_s": 7})
    assert str(caught.value) == (
        f"{OXEN}: the request breaks the documents: /duration: 7 is not what {OXEN} documents (enum [5, 10])"
    )


def test_each_mode_has_its_operation():
    """A blocking call is another request."""
    assert operation_of(Mode.BLOCKING) == "generate"
    assert {operation_of(mode) for mode in Mode if mode is not Mode.BLOCKING} == {"submit"}
    _, found = compiled(models=("oxen",), modes={"oxen": "blocking"})
    assert found.requests[OXEN]["prompt"]


class TestDigest:
    def test_what_says_nothing_of_what_is_measured(self):
        """Budget, seed and pace leave the digest as it is."""
        base = plan_digest(*compiled())
        assert len(base) == 64
        assert plan_digest(*compiled(budget={"max_jobs": 3}, seed=8, at_once=4)) == base

    @pytest.mark.parametrize(
        "values",
        [
            {"request": {"prompt": "a crow"}},
            {"overrides": {"oxen": {"audio": True}}},
            {"cap_s": 100.0},
            {"poller": "fixed"},
            {"nights": 4},
        ],
    )
    def test_what_does(self, values: dict[str, Any]):
        """Makes another plan of it."""
        assert plan_digest(*compiled(**values)) != plan_digest(*compiled())

    def test_numbers_that_canonical_json_has_not(self):
        """Are taken as text."""
        assert len(plan_digest(*compiled(nights=2**60))) == 64
