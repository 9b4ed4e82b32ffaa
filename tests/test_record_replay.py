"""Recorded against the simulator over real sockets, replayed to the same result with the network blocked.

Every shipped model, in every way in which its job can be waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.cassette.cut import MARKER
from harness.cassette.replay import replaying
from harness.spec.store import SpecStore
from tests.cli.calling import Outcome, call
from tests.shipped import BASELINES
from tests.simulator.serving import Served, serving

SCALES = {"poll": 500, "blocking": 500, "events": 100, "webhook": 100}
"""How fast time may pass: what is pushed is expected within provider seconds of its job's end."""

KEY = "key-of-the-recording-test"


def modes_of(model: str) -> list[str]:
    """The ways in which a model's job can be waited for."""
    spec = SpecStore().get(model)
    has = {
        "poll": True,
        "blocking": "generate" in spec.operations,
        "events": "events" in spec.operations,
        "webhook": spec.webhook.value is not None,
    }
    return [mode for mode, there in has.items() if there]


CASES = [(model, mode) for model in BASELINES for mode in modes_of(model)]


@pytest.fixture(scope="module")
def simulators() -> Iterator[dict[int, Served]]:
    """All providers, in a hurry and in a greater one."""
    with ExitStack() as stack:
        scales = set(SCALES.values())
        yield {scale: stack.enter_context(serving(time_scale=float(scale), seed=7)) for scale in scales}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key for each provider, and a directory of the test's own."""
    for slot in {SpecStore().get(model).provider.credential for model in BASELINES}:
        monkeypatch.setenv(f"{slot.upper()}_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)


def recorded(
    capsys: pytest.CaptureFixture[str], simulators: dict[int, Served], model: str, mode: str
) -> Outcome:
    """One job, recorded."""
    provider, scale = model.partition("/")[0], SCALES[mode]
    base_url = f"{provider}={simulators[scale].base_urls[provider]}"
    options = ("--to", "cassettes", "--base-url", base_url, "--time-scale", scale, "--format", "json")
    return call(capsys, "record", model, "--mode", mode, *options)


@pytest.mark.parametrize(("model", "mode"), CASES)
def test_a_recorded_job_replays_to_the_same_result(
    capsys: pytest.CaptureFixture[str], simulators: dict[int, Served], model: str, mode: str
):
    """The same end, the same job, the same video; nothing left over, nothing more than was recorded."""
    made = recorded(capsys, simulators, model, mode)
    assert (made.code, made.json["verdict"], made.findings) == (0, "conforms", []), made.err
    recording = made.json["recording"]
    assert recording["outcome"] == "succeeded"
    assert recording["video"]["error"] is None
    (file,) = recording["files"]

    replayed = call(capsys, "replay", file, "--format", "json")
    assert (replayed.code, replayed.json["verdict"]) == (0, "conforms"), replayed.err
    replay = replayed.json["replay"]
    same = ("outcome", "job", "polls")
    assert {name: replay[name] for name in same} == {name: recording[name] for name in same}
    assert replay["video"] == {name: recording["video"][name] for name in ("size_bytes", "sha256")}
    assert (replay["unplayed"], replay["beyond"], replay["provenance"]) == (0, 0, "simulated")
    assert replayed.json["findings"] == made.json["findings"]
    base_url = simulators[SCALES[mode]].base_urls[model.partition("/")[0]]
    assert base_url not in Path(file).read_text(encoding="utf-8")
    assert [path for path in Path("cassettes").rglob("*") if path.is_file()] == [Path(file)]


@pytest.mark.parametrize("model", BASELINES)
def test_vcrpy_replays_it_to_any_client(
    capsys: pytest.CaptureFixture[str], simulators: dict[int, Served], model: str
):
    """A user's own httpx code gets each answer from the file, and the video's first bytes with a marker."""
    (file,) = recorded(capsys, simulators, model, "poll").json["recording"]["files"]
    with replaying(file) as replay, httpx.Client() as client:
        answers: list[httpx.Response] = [
            client.request(e.request.method, e.request.url, content=e.request.body)
            for e in replay.recording.exchanges
        ]
    assert replay.unplayed == ()
    *others, video = answers
    assert all(answer.is_success for answer in answers)
    assert video.headers["content-type"] == "video/mp4"
    assert MARKER in video.headers
    assert b"ftyp" in video.content[:16]
    assert not any(MARKER in answer.headers for answer in others)


def test_a_replay_keeps_the_recorded_rhythm(
    capsys: pytest.CaptureFixture[str], simulators: dict[int, Served]
):
    """By the figures that it shows: no answer is earlier than it was."""
    made = recorded(capsys, simulators, "novita/kling-v1.6-t2v", "poll")
    (file,) = made.json["recording"]["files"]
    steps: list[dict[str, Any]] = call(capsys, "replay", file, "--format", "json").json["replay"]["steps"]
    with replaying(file) as replay:
        times = [e.received_s for e in replay.recording.exchanges]
    first = replay.recording.exchanges[0].sent_s
    assert first is not None
    for step, received_s in zip(steps, times, strict=True):
        assert received_s is not None
        assert step["moment_s"] >= received_s - first - 0.001
