"""Every rule of translation: one way that fires it, and one close by that does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from harness.finding import Finding
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.translate import GuidanceScale, translate
from harness.translate.rules import KEEP, RULES
from tests.minimal import minimal

NOVITA, AIMLAPI, EACHLABS, OXEN = "novita/kling-v2.6", "aimlapi", "eachlabs", "oxen"
PROMPT = {"prompt": "a fox"}


class Way(NamedTuple):
    """A request from one seller to another; `small` is the small spec of the tests."""

    source: str
    target: str
    body: Mapping[str, Any]
    reading: GuidanceScale | None = None
    settings: Mapping[str, Any] | None = None


def _eachlabs(**members: Any) -> dict[str, Any]:
    hook = {name: members.pop(name) for name in ("webhook_url", "version") if name in members}
    return {"model": "kling-v2-6-pro-text-to-video", "input": {**PROMPT, **members}, **hook}


HOOK = "https://example.com/hook"
CASES: Mapping[str, tuple[Way, Way]] = {
    "translate.dropped": (
        Way(NOVITA, "novita/kling-v1.6", {**PROMPT, "aspect_ratio": "1:1"}),
        Way(NOVITA, AIMLAPI, {**PROMPT, "aspect_ratio": "1:1"}),
    ),
    "translate.not-carried": (
        Way(EACHLABS, "small", _eachlabs(webhook_url=HOOK)),
        Way(EACHLABS, "small", _eachlabs(webhook_url=HOOK), settings={"/callback_url": HOOK}),
    ),
    "translate.unknown": (
        Way(NOVITA, AIMLAPI, {**PROMPT, "seed": 7}),
        Way(NOVITA, AIMLAPI, {**PROMPT, "sound": True}),
    ),
    "translate.default-pinned": (
        Way(NOVITA, EACHLABS, PROMPT),
        Way(NOVITA, EACHLABS, {**PROMPT, "duration": 5, "aspect_ratio": "1:1"}),
    ),
    "translate.default-differs": (
        Way("oxen@2026-07-01", EACHLABS, PROMPT),
        Way("oxen@2026-07-01", EACHLABS, {**PROMPT, "negative_prompt": "blur"}),
    ),
    "translate.default-unknown": (
        Way(NOVITA, AIMLAPI, {**PROMPT, "cfg_scale": 0.5}),
        Way(NOVITA, AIMLAPI, {**PROMPT, "cfg_scale": 0.5, "negative_prompt": "blur"}),
    ),
    "translate.scale-unsaid": (
        Way(NOVITA, OXEN, {**PROMPT, "cfg_scale": 0.4}),
        Way(NOVITA, OXEN, {**PROMPT, "cfg_scale": 0.4}, GuidanceScale.SAME),
    ),
    "translate.scaled": (
        Way(NOVITA, OXEN, {**PROMPT, "cfg_scale": 0.4}, GuidanceScale.PROPORTIONAL),
        Way(NOVITA, AIMLAPI, {**PROMPT, "cfg_scale": 0.4}, GuidanceScale.PROPORTIONAL),
    ),
    "translate.rounded": (
        Way(NOVITA, OXEN, {**PROMPT, "cfg_scale": 0.9023486502286517}, GuidanceScale.PROPORTIONAL),
        Way(NOVITA, OXEN, {**PROMPT, "cfg_scale": 0.902348}, GuidanceScale.PROPORTIONAL),
    ),
    "translate.outside": (
        Way(OXEN, NOVITA, {**PROMPT, "cfg_scale": 5}, GuidanceScale.SAME),
        Way(OXEN, NOVITA, {**PROMPT, "cfg_scale": 5}, GuidanceScale.PROPORTIONAL),
    ),
    "translate.limit": (
        Way(AIMLAPI, "novita/kling-v1.6", {"prompt": "x" * 2001}),
        Way(AIMLAPI, "novita/kling-v1.6", {"prompt": "x" * 2000}),
    ),
    "translate.required": (
        Way(NOVITA, "eachlabs@latest", PROMPT),
        Way(NOVITA, "eachlabs@latest", PROMPT, settings={"/version": "0.0.1"}),
    ),
    "translate.type": (
        Way(EACHLABS, NOVITA, _eachlabs(duration="5")),
        Way(OXEN, NOVITA, {**PROMPT, "duration": 5}),
    ),
    "translate.other-model": (
        Way(NOVITA, "novita/kling-v1.6", PROMPT),
        Way(NOVITA, OXEN, PROMPT),
    ),
}


def _losses(way: Way, store: SpecStore) -> tuple[Finding, ...]:
    def spec(name: str) -> Spec:
        return minimal() if name == "small" else store.get(name)

    return translate(
        spec(way.source),
        spec(way.target),
        way.body,
        guidance_scale=way.reading,
        settings=way.settings,
    ).losses


def test_every_rule_has_its_two_ways():
    """And no way is one of a rule that is gone."""
    assert list(CASES) == [rule.id for rule in RULES]
    assert {rule.area for rule in RULES} == {"translate"}
    assert set(CASES) > KEEP


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_fires(rule: str, store: SpecStore):
    """Where it should."""
    assert rule in [loss.rule.id for loss in _losses(CASES[rule][0], store)]


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_stays_silent(rule: str, store: SpecStore):
    """Where what it is about is not there."""
    assert rule not in [loss.rule.id for loss in _losses(CASES[rule][1], store)]
