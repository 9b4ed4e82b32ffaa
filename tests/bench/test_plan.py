"""What a plan says, and what it may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.bench.plan import REQUEST, Plan, plan_json, plan_of, specs_of
from harness.bench.plan_values import Values, read_json, read_plan
from harness.client.results import Mode
from harness.errors import OperatorError
from harness.measurement.job import Design
from harness.spec.store import SpecStore
from harness.stats.sequential import Spending
from harness.translate import GuidanceScale

STORE = SpecStore()
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
NOVITA = "novita/kling-v2.6-pro-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
FULL = """\
format: 1
models: [kling-v2.6-pro-t2v, oxen@latest]
request: {prompt: a fox, duration_s: 10, guidance: 0.5}
overrides: {oxen: {audio: true}}
modes: {oxen: events}
guidance_scale: proportional
design: nightly
blocks_a_night: 3
nights: 20
first_look: 10
spending: pocock
equivalence_margin: 0.05
estimate_margin: 0.25
cap_s: 1200
poller: fixed
interval_s: 7.5
at_once: 2
fetch: false
seed: 9
budget: {max_jobs: 6, max_cost_usd: 2.5}
"""


def read(tmp_path: Path, text: str) -> Plan:
    """The plan of a file with this text."""
    path = tmp_path / "plan.yaml"
    path.write_text(text)
    return plan_of(read_plan(path), STORE)


def refusal(tmp_path: Path, text: str) -> str:
    """What is said of a file, after its path."""
    with pytest.raises(OperatorError) as caught:
        read(tmp_path, f"format: 1\n{text}")
    return str(caught.value).replace(f"{tmp_path}/", "")


class TestFiles:
    def test_everything_that_can_be_said(self, tmp_path: Path):
        """Each key has its place in the plan."""
        ref = STORE.get("oxen@latest").ref
        assert read(tmp_path, FULL) == Plan(
            models=(NOVITA, ref),
            modes={NOVITA: Mode.POLL, ref: Mode.EVENTS},
            request={**REQUEST, "prompt": "a fox", "duration_s": 10, "guidance": 0.5},
            overrides={ref: {"audio": True}},
            guidance_scale=GuidanceScale.PROPORTIONAL,
            design=Design.NIGHTLY,
            blocks=3,
            nights=20,
            first_look=10,
            spending=Spending.POCOCK,
            equivalence_margin=0.05,
            estimate_margin=0.25,
            cap_s=1200.0,
            poller="fixed",
            interval_s=7.5,
            at_once=2,
            fetch=False,
            seed=9,
            max_jobs=6,
            max_cost_usd=2.5,
        )

    def test_a_plan_comes_back_from_its_record(self, tmp_path: Path):
        """As JSON, and read again, it is the same."""
        for plan in (read(tmp_path, FULL), read(tmp_path, "format: 1\n")):
            assert plan_of(read_json(plan_json(plan), "a record"), STORE) == plan

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("blocs: 3\n", "plan.yaml:2:1: the file: unknown key 'blocs'; did you mean 'blocks'?"),
            ("blocks: 0\n", "plan.yaml:2:9: /blocks: expected a whole number from 1, got 0"),
            ("blocks: many\n", "plan.yaml:2:9: /blocks: expected a number, got a string, 'many'"),
            ("cap_s: 0\n", "plan.yaml:2:8: /cap_s: expected seconds above 0, got 0"),
            (
                "equivalence_margin: 1\n",
                "plan.yaml:2:21: /equivalence_margin: expected a number from 0, below 1, got 1",
            ),
            (
                "poller: often\n",
                "plan.yaml:2:9: /poller: expected one of adaptive, fixed, backoff, got 'often'",
            ),
            ("design: daily\n", "plan.yaml:2:9: /design: expected one of sitting, nightly, got 'daily'"),
            ("models: []\n", "plan.yaml:2:9: /models: expected at least one model"),
            (
                "models: [sora]\n",
                "plan.yaml:2:1: /models: no model 'sora'; known: "
                f"{AIMLAPI}, {EACHLABS}, novita/kling-v1.6-t2v, {NOVITA}, {OXEN}",
            ),
            ("models: [oxen, oxen@latest]\n", f"plan.yaml:2:1: /models: {OXEN} is named twice"),
            (
                "models: [oxen, v1.6]\n",
                "plan.yaml:2:1: /models: only sellers of one version and tier are compared: "
                f"{OXEN} is kling 2.6 pro text-to-video; "
                "novita/kling-v1.6-t2v is kling 1.6 standard text-to-video",
            ),
            (
                "request: {durations: 5}\n",
                "plan.yaml:2:11: /request/durations: no canonical word; did you mean duration_s?",
            ),
            (
                "request:\n  audio: loud\n",
                "plan.yaml:3:3: /request/audio: expected true or false, got string",
            ),
            (
                "request: fox\n",
                "plan.yaml:2:10: /request: expected a mapping of canonical words, got a string, 'fox'",
            ),
            (
                "models: [oxen]\noverrides: {eachlabs: {audio: true}}\n",
                f"plan.yaml:3:1: /overrides: {EACHLABS} is no model of this plan; its models: {OXEN}",
            ),
            (
                "modes: {novita/kling-v2: events}\n",
                f"plan.yaml:2:1: /modes: {NOVITA} documents no events; it documents: poll",
            ),
            (
                "modes: {oxen: loudly}\n",
                "plan.yaml:2:15: /modes/oxen: expected one of poll, blocking, events, webhook, got 'loudly'",
            ),
            (
                "design: nightly\nblocks: 3\n",
                "plan.yaml:3:1: /blocks: of no meaning in the design nightly; blocks_a_night is what it has",
            ),
            (
                "design: sitting\nnights: 3\n",
                "plan.yaml:3:1: /nights: of no meaning in the design sitting; blocks is what it has",
            ),
            (
                "first_look: 3\n",
                "plan.yaml:2:1: /first_look: expected fewer than all, got 3 of no number of nights",
            ),
            (
                "design: sitting\nblocks: 3\nfirst_look: 3\n",
                "plan.yaml:4:1: /first_look: expected fewer than all, got 3 of 3 blocks",
            ),
            ("budget: {jobs: 3}\n", "plan.yaml:2:10: /budget: unknown key 'jobs'; did you mean 'max_jobs'?"),
        ],
    )
    def test_what_cannot_be(self, tmp_path: Path, text: str, said: str):
        """Is refused with its place."""
        assert refusal(tmp_path, text) == said

    def test_a_format_of_the_future(self, tmp_path: Path):
        """Is none that this release reads."""
        with pytest.raises(OperatorError):
            read(tmp_path, "format: 2\n")
        with pytest.raises(OperatorError, match="missing key 'format'"):
            read(tmp_path, "seed: 1\n")


class TestDefaults:
    def test_the_one_model_that_several_sell(self):
        """All its sellers, a few jobs a night."""
        plan = plan_of(Values(), STORE)

        assert plan.models == (AIMLAPI, EACHLABS, NOVITA, OXEN)
        assert (plan.design, plan.blocks, plan.poller) == (Design.NIGHTLY, 2, "adaptive")
        assert plan.request == REQUEST
        assert [spec.ref for spec in specs_of(plan, STORE)] == list(plan.models)

    def test_one_model_is_measured_now(self):
        """There is nothing to compare it with."""
        plan = plan_of(Values(of={"models": ("oxen",)}), STORE)
        assert (plan.models, plan.design, plan.blocks) == ((OXEN,), Design.SITTING, 10)

    def test_flags_go_before_the_file(self, tmp_path: Path):
        """Of a request and a budget, word by word; what is wrong with a flag has no place in a file."""
        path = tmp_path / "plan.yaml"
        path.write_text(FULL)
        flags = Values(of={"request": {"prompt": "a crow"}, "seed": 3, "budget": {"max_jobs": 7}})
        plan = plan_of(flags.over(read_plan(path)), STORE)

        assert plan.request["prompt"] == "a crow"
        assert plan.request["guidance"] == 0.5
        assert (plan.seed, plan.max_jobs, plan.max_cost_usd) == (3, 7, 2.5)
        with pytest.raises(OperatorError, match=r"^bench: models: no model 'sora'"):
            plan_of(Values(of={"models": ("sora",)}).over(read_plan(path)), STORE)

    def test_what_one_model_is_asked_for(self):
        """The request, and its own words over it."""
        values: dict[str, Any] = {"models": ("oxen",), "overrides": {"oxen": {"audio": True}}}
        assert plan_of(Values(of=values), STORE).canonical_of(OXEN) == {**REQUEST, "audio": True}
