"""The shipped simulated cassettes: all scenarios of all models, current, judged, replayable."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from harness.cassette.read import read_recordings
from harness.cassette.write import MAX_INTERACTIONS, spec_digest
from harness.check.body import Judges
from harness.check.traffic import check_recording
from harness.cli.clock import system_clock
from harness.client.results import Outcome
from harness.finding import Severity, Verdict
from harness.recorder.replay import replay
from harness.spec.model import JobState
from harness.spec.store import SpecStore, shipped_directory
from harness.wire.message import Provenance, Recording
from tests.shared import PROJECT
from tests.shipped import BASELINES

DIRECTORY = shipped_directory("cassettes") / "simulated"
FILES = tuple(sorted(DIRECTORY.rglob("*.yaml")))
ENDS = {
    "success-poll": JobState.SUCCEEDED,
    "success-blocking": JobState.SUCCEEDED,
    "success-events": JobState.SUCCEEDED,
    "success-webhook": JobState.SUCCEEDED,
    "failure": JobState.FAILED,
    "rate-limited-then-success": JobState.SUCCEEDED,
}
OUTCOMES = {
    **{name: Outcome(state.value) for name, state in ENDS.items()},
    "time-out": Outcome.UNFINISHED,
    "unauthorised": Outcome.REFUSED,
    "unknown-job": None,
}


def read(path: Path) -> Recording:
    (found,) = read_recordings(path)
    assert isinstance(found, Recording)
    return found


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """scripts/make_cassettes.py, which made them."""
    source = PROJECT / "scripts" / "make_cassettes.py"
    loaded = importlib.util.spec_from_file_location("make_cassettes", source)
    assert loaded is not None
    assert loaded.loader is not None
    module = importlib.util.module_from_spec(loaded)
    sys.modules["make_cassettes"] = module
    loaded.loader.exec_module(module)
    return module


def test_every_model_has_every_scenario(script: ModuleType):
    """A full success, a failure, a time-out, a 401, 429 then success, an unknown job; each way of waiting."""
    store = SpecStore()
    expected = {
        script.path_of(store.get(model), scenario, DIRECTORY)
        for model in BASELINES
        for scenario in script.scenarios_of(store.get(model))
    }
    assert set(FILES) == expected
    for model in BASELINES:
        names = {path.stem for path in (DIRECTORY / model).iterdir()}
        assert set(OUTCOMES) - {"success-blocking", "success-events", "success-webhook"} <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_is_labelled_and_current(path: Path):
    """As simulated, with its model, in the state of its spec, in one file, without an end."""
    found = read(path)
    assert found.model is not None
    assert found.provenance is Provenance.SIMULATED
    assert f"{found.model}/{path.stem}" == path.relative_to(DIRECTORY).with_suffix("").as_posix()
    assert "simulated" in (found.title or "")
    assert found.timeline == "recorded"
    assert found.spec_digest == spec_digest(SpecStore().get(found.model)), "run scripts/make_cassettes.py"
    assert len(found.exchanges) <= MAX_INTERACTIONS
    assert (found.part, found.expires) == (None, None)
    assert found.shows_outage == (path.stem == "unauthorised")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_conforms_and_shows_what_it_is_named_for(path: Path):
    """An outage that is meant to be there leaves nothing open; a job that does not end is seen to go on."""
    found = read(path)
    assert found.model is not None
    check = check_recording(found, [SpecStore().get(found.model)], Judges())
    assert check.judgement.verdict is Verdict.CONFORMS
    assert all(finding.severity is Severity.INFO for finding in check.judgement.findings)
    statuses = [e.response.status for e in found.exchanges if e.response is not None]
    states = [job.trace.state for job in check.jobs]
    if path.stem in ENDS:
        assert states == [ENDS[path.stem]]
        assert (429 in statuses) == (path.stem == "rate-limited-then-success")
    elif path.stem == "time-out":
        assert states == [JobState.RUNNING]
        assert check.jobs[0].trace.high_s is None
    else:
        assert statuses == [401 if path.stem == "unauthorised" else 404]
        assert not any(job.trace.submit_sent_s is not None for job in check.jobs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_replays_to_what_it_is_named_for(path: Path, tmp_path: Path):
    """Through the client, with the network blocked; nothing is left over."""
    found = read(path)
    assert found.model is not None
    spec = SpecStore().get(found.model)
    replayed = asyncio.run(replay(path, spec, rhythm="at_once", real=system_clock(), directory=tmp_path))
    outcome = replayed.result.outcome if replayed.result is not None else None
    assert outcome == OUTCOMES[path.stem]
    assert (replayed.unplayed, replayed.beyond) == ((), 0)


@pytest.mark.parametrize("model", BASELINES)
def test_they_are_what_the_script_makes(script: ModuleType, tmp_path: Path, model: str):
    """The same seed, the same ids and moments; only the video's bytes depend on the encoder's version."""
    store = SpecStore()
    asyncio.run(script.make_all(store, (store.get(model),), tmp_path))
    for made in sorted(tmp_path.rglob("*.yaml")):
        kept = DIRECTORY / made.relative_to(tmp_path)
        assert without_video(read(made)) == without_video(read(kept)), "run scripts/make_cassettes.py"


def without_video(recording: Recording) -> Recording:
    """What does not depend on how a video is encoded."""
    exchanges = []
    for exchange in recording.exchanges:
        response = exchange.response
        if response is not None and response.cut is not None:
            response = replace(response, cut=None, body=b"", headers=())
        exchanges.append(replace(exchange, response=response, subject=replace(exchange.subject, file=None)))
    deliveries = (replace(d, subject=replace(d.subject, file=None)) for d in recording.deliveries)
    return replace(recording, file="", exchanges=tuple(exchanges), deliveries=tuple(deliveries), metadata={})
