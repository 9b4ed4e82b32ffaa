"""What was read of a video, in the metadata of a cassette."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.cassette.metadata import read_metadata
from harness.cassette.read import read_recordings
from harness.cassette.write import MAX_INTERACTIONS, write_cassette
from harness.errors import OperatorError
from harness.wire.message import Provenance, Recording
from harness.wire.video import DeliveredVideo, VideoFacts, VideoProblem
from tests.cassette.messages import exchange, recording

VIDEOS = (
    DeliveredVideo(
        job="7", facts=VideoFacts(size_bytes=9, container="mp4", duration_s=5.04, has_audio=False)
    ),
    DeliveredVideo(job=None, facts=VideoFacts(problem=VideoProblem.TRUNCATED, note="it ends\x00 early")),
)


@pytest.mark.parametrize("count", [1, MAX_INTERACTIONS + 1])
def test_it_comes_back_from_a_file(tmp_path: Path, count: int):
    """Once, however many files the recording fills."""
    made = recording(*(exchange(b"{}") for _ in range(count)), provenance=Provenance.SIMULATED)
    files = write_cassette(replace(made, videos=VIDEOS), tmp_path / "c.yaml")
    assert len(files) == (1 if count == 1 else 2)
    (found,) = read_recordings(tmp_path)
    assert isinstance(found, Recording)
    assert found.videos == VIDEOS


def test_without_one_nothing_is_written(tmp_path: Path):
    """Cassettes of before stay as they were."""
    made = recording(exchange(b"{}"), provenance=Provenance.SIMULATED)
    (file,) = write_cassette(made, tmp_path / "c.yaml")
    assert "videos" not in file.read_text()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"size": 3}, "c.yaml: metadata.harness.videos[0]: unknown member 'size'"),
        ({"width": "wide"}, "c.yaml: metadata.harness.videos[0]: width: got 'wide'"),
        ({"job": 7}, "c.yaml: metadata.harness.videos[0].job: expected a string, got 7"),
    ],
)
def test_what_is_none_is_refused(entry: dict[str, object], message: str):
    """With its place."""
    metadata = {"harness": {"format": 1, "provenance": "live", "videos": [entry]}}
    with pytest.raises(OperatorError) as caught:
        read_metadata(metadata, file="c.yaml", exchanges=0)
    assert str(caught.value) == message
