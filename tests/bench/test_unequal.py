"""Whether the requests that were sent ask the same."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench.unequal import mismatches_of_pair, unequal
from harness.measurement.job import Mismatch
from harness.spec.store import SpecStore
from harness.translate.values import GuidanceScale

NOVITA = "novita/kling-v2.6-pro-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
PROPORTIONAL, SAME = GuidanceScale.PROPORTIONAL, GuidanceScale.SAME
SPECS = {ref: SpecStore().get(ref) for ref in (NOVITA, OXEN, EACHLABS)}

PINNED: dict[str, Any] = {
    NOVITA: {
        "prompt": "a fox",
        "negative_prompt": "",
        "duration": "5",
        "aspect_ratio": "16:9",
        "sound": False,
        "cfg_scale": 0.5,
    },
    OXEN: {
        "model": "kling-video-v2-6-pro-text-to-video",
        "prompt": "a fox",
        "negative_prompt": "",
        "duration": 5,
        "aspect_ratio": "16:9",
        "generate_audio": False,
        "cfg_scale": 5,  # on a range from 0 to 10
    },
}


def changed(model: str, **members: Any) -> dict[str, Any]:
    return {**PINNED, model: {**PINNED[model], **members}}


def test_requests_that_ask_the_same_have_no_mismatch():
    """Though one writes 5 as a text, and each has its own names."""
    assert unequal(PINNED, SPECS, PROPORTIONAL) == ()


@pytest.mark.parametrize(
    ("member", "value", "parameter", "values"),
    [
        ("sound", True, "audio", {NOVITA: True, OXEN: False}),
        ("duration", "10", "duration_s", {NOVITA: 10, OXEN: 5}),
        ("aspect_ratio", "1:1", "aspect_ratio", {NOVITA: "1:1", OXEN: "16:9"}),
        ("prompt", "a cat", "prompt", {NOVITA: "a cat", OXEN: "a fox"}),
    ],
)
def test_what_was_changed_for_one_provider_is_seen(
    member: str, value: Any, parameter: str, values: dict[str, Any]
):
    """Whatever the plan had said."""
    found = unequal(changed(NOVITA, **{member: value}), SPECS, PROPORTIONAL)
    assert found == (Mismatch(parameter=parameter, values=values),)


def without(*members: str) -> dict[str, Any]:
    """The requests, a parameter left out of both."""
    return {model: {k: v for k, v in body.items() if k not in members} for model, body in PINNED.items()}


def test_defaults_that_differ_are_seen():
    """Left out by both, one makes sound and the other does not."""
    found = unequal(without("sound", "generate_audio"), SPECS, PROPORTIONAL)
    assert found == (Mismatch(parameter="audio", values={NOVITA: True, OXEN: False}),)


def test_a_default_that_only_one_documents_is_seen():
    """What the other does, nobody says."""
    assert unequal(without("negative_prompt"), SPECS, PROPORTIONAL) == (
        Mismatch(
            parameter="negative_prompt",
            values={NOVITA: None, OXEN: "blur, distort, and low quality"},
            reasons={NOVITA: "default undocumented"},
        ),
    )


def test_a_model_without_a_spec_is_passed_over():
    """Its words are not known."""
    assert unequal({**PINNED, "nobody/knows": {"prompt": "a dog"}}, SPECS, PROPORTIONAL) == ()


@pytest.mark.parametrize(
    ("value", "reading", "same"),
    [
        (5, PROPORTIONAL, True),
        (5, SAME, False),
        (5, None, False),
        (0.5, SAME, True),
        (0.5, PROPORTIONAL, False),
        (0.5, None, False),
        (0, None, False),
    ],
)
def test_guidance_on_another_range_is_equal_as_the_plan_reads_it(
    value: float, reading: GuidanceScale | None, same: bool
):
    """Novita has 0.5 of 0 to 1, Oxen a value of 0 to 10; without a reading, nobody knows."""
    found = unequal(changed(OXEN, cfg_scale=value), SPECS, reading)
    assert [mismatch.parameter for mismatch in found] == ([] if same else ["guidance"])


def test_the_lowest_value_is_the_lowest_on_every_range():
    """Whatever the reading."""
    bodies = {**changed(OXEN, cfg_scale=0), NOVITA: {**PINNED[NOVITA], "cfg_scale": 0}}
    assert unequal(bodies, SPECS) == ()


AUDIO = Mismatch(parameter="audio", values={NOVITA: True, OXEN: False, EACHLABS: False})
SEED = Mismatch(
    parameter="seed",
    values={NOVITA: None, OXEN: None, EACHLABS: 1},
    reasons={NOVITA: "no parameter", OXEN: "no parameter"},
)
NEGATIVE = Mismatch(
    parameter="negative_prompt",
    values={NOVITA: None, OXEN: None, EACHLABS: "blur"},
    reasons={NOVITA: "default undocumented", OXEN: "default undocumented"},
)


@pytest.mark.parametrize(
    ("first", "second", "touching"),
    [
        (NOVITA, OXEN, (AUDIO, NEGATIVE)),  # of two unknown defaults, nobody says that they are equal
        (OXEN, EACHLABS, (SEED, NEGATIVE)),
        (EACHLABS, NOVITA, (AUDIO, SEED, NEGATIVE)),
        ("a", "b", ()),
    ],
)
def test_a_pair_has_those_that_touch_it(first: str, second: str, touching: tuple[Mismatch, ...]):
    """Equal values of a pair are no mismatch of it."""
    assert mismatches_of_pair((AUDIO, SEED, NEGATIVE), (), first, second) == touching
    assert mismatches_of_pair((), (AUDIO, SEED, NEGATIVE), first, second) == touching


def test_what_the_plan_declares_is_not_said_twice():
    """Its own words stand, and what it does not name comes after."""
    told = Mismatch(parameter="audio", values={NOVITA: True, OXEN: False}, reasons={NOVITA: "asked for"})
    assert mismatches_of_pair((told,), (AUDIO, NEGATIVE), NOVITA, OXEN) == (told, NEGATIVE)


def test_what_was_seen_stands_where_the_plan_speaks_of_others():
    """A declared mismatch of another pair hides nothing of this one."""
    told = Mismatch(parameter="audio", values={NOVITA: False, OXEN: False, EACHLABS: True})
    assert mismatches_of_pair((told,), (AUDIO,), NOVITA, OXEN) == (AUDIO,)
