"""One job of every model in every way to wait for it, from the request to the delivered video."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import av
import pytest

from harness.client.client import modes_of
from harness.client.limits import Limits
from harness.client.results import JobResult, Mode, Outcome
from harness.simulator.process import running
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.integration.world import KEY, Wish, body_of, connected, held_forms, ledger_of, run, wished

STORE = SpecStore()
SCALE = 200.0
REVISIONS = {"baseline": (), "latest": ("--revision", "latest")}


def _cases() -> list[Any]:
    found = []
    for revision in REVISIONS:
        for model in STORE.ids:
            spec = STORE.get(model if revision == "baseline" else f"{model}@latest")
            if revision == "latest" and spec.ref == model:
                continue  # it has no later revision
            for mode in modes_of(spec):
                found += [
                    pytest.param(revision, spec, mode, wish, id=f"{spec.ref}-{mode}-{wish}")
                    for wish in ("default", "other")
                ]
    return found


@pytest.fixture(scope="module")
def simulators() -> Iterator[Mapping[str, Mapping[str, str]]]:
    """Revision -> provider -> base URL: one simulator for all baselines, one for all latest revisions."""
    with ExitStack() as stack:
        yield {
            revision: stack.enter_context(running("--time-scale", str(int(SCALE)), "--seed", "7", *arguments))
            for revision, arguments in REVISIONS.items()
        }


@pytest.mark.parametrize(("revision", "spec", "mode", "kind"), _cases())
def test_from_submit_to_video(
    simulators: Mapping[str, Mapping[str, str]],
    revision: str,
    spec: Spec,
    mode: Mode,
    kind: str,
    tmp_path: Path,
) -> None:
    """The job ends within its recorded interval, the video is as asked, and nothing is found fault with."""
    base_urls = simulators[revision]
    wish = wished(spec, "generate" if mode is Mode.BLOCKING else "submit", kind)
    before = {job["id"] for job in ledger_of(base_urls)["jobs"]}
    result = run(_whole_way(base_urls, spec, mode, wish, tmp_path))
    (job,) = [job for job in ledger_of(base_urls)["jobs"] if job["id"] not in before]
    assert job["model"] == spec.ref
    assert result.outcome is Outcome.SUCCEEDED
    assert result.findings == ()
    assert result.handle.job_id in (job["id"], None if mode is Mode.BLOCKING else job["id"])
    took_s = job["ended_s"] - job["submitted_s"]
    assert result.low_s <= took_s <= result.high_s
    assert _seen_by(spec, mode) == result.seen_by
    assert (result.polls == 0) is (result.seen_by != "poll")
    _check_video(tmp_path / "video.mp4", wish)
    _check_secrets(tmp_path)


async def _whole_way(
    base_urls: Mapping[str, str], spec: Spec, mode: Mode, wish: Wish, path: Path
) -> JobResult:
    operation = "generate" if mode is Mode.BLOCKING else "submit"
    # A fallback poll may not come before the documented push, or the test would not show who told.
    limits = Limits(fallback_s=1200.0)
    async with connected(base_urls, (spec,), path / "journal.sqlite", scale=SCALE, limits=limits) as client:
        handle = await client.submit(spec, body_of(spec, operation, **wish.sent), mode=mode)
        result = await client.wait(handle)
        if result.inline is not None:
            (path / "video.mp4").write_bytes(base64.b64decode(result.inline))
        elif result.output is not None:
            fetched = await client.fetch(spec, result.output, to=path / "video.mp4")
            assert fetched.error is None
            assert fetched.content_type == "video/mp4"
        return result


def _seen_by(spec: Spec, mode: Mode) -> str:
    """A webhook call that cannot prove where it comes from only brings a poll forward."""
    webhook = spec.webhook.value
    if mode is Mode.WEBHOOK and webhook is not None and webhook.secret_header.value is None:
        return "poll"
    return mode.value


def _check_video(path: Path, wish: Wish) -> None:
    """The file by what a decoder makes of it, to the last frame."""
    with av.open(str(path)) as container:
        (picture,) = container.streams.video
        wide, high = (int(part) for part in wish.aspect_ratio.split(":"))
        assert picture.width * high == pytest.approx(picture.height * wide, rel=0.03)
        assert bool(container.streams.audio) is wish.has_audio
        frames = sum(1 for _ in container.decode(video=0))
    assert frames / float(picture.average_rate) == pytest.approx(wish.duration_s, abs=0.11)


def _check_secrets(path: Path) -> None:
    """The key stands in no file that was written."""
    for file in path.iterdir():
        assert held_forms(file.read_bytes()) == [], file.name


def test_every_model_and_mode_is_there() -> None:
    """The cases above are those of the five models, in every way in which any of them lets be waited for."""
    cases = [case.values for case in _cases()]
    assert {spec.id for _, spec, _, _ in cases} == set(STORE.ids)
    assert {mode for _, _, mode, _ in cases} == set(Mode)


def test_the_search_for_secrets_finds_them() -> None:
    """A key is found as it is, URL-encoded, and in base64 wherever it begins."""
    assert held_forms(f"x {KEY} y") == ["raw"]
    assert held_forms("q=sk-planted%2Bintegration%2F0123456789abcdef%3D%3D") == ["url"]
    for before in ("", "a", "ab", "Bearer "):
        assert held_forms(base64.b64encode(f"{before}{KEY}z".encode())) == ["base64"]
    assert held_forms("nothing") == []
