"""Recordings that fill several files, put together again."""

from __future__ import annotations

import pytest

from harness.cassette.parts import joined
from harness.errors import OperatorError
from harness.finding import Skipped
from harness.wire.message import Provenance, Recording
from tests.cassette.messages import exchange


def part(index: int, of: int, name: str = "d/job", answer: bytes = b"") -> Recording:
    file = f"{name}.yaml" if index == 1 else f"{name}.part{index}.yaml"
    first = f"{name.rpartition('/')[2]}.yaml"
    return Recording(
        file=file, provenance=Provenance.LIVE, exchanges=(exchange(answer),), part=(index, of, first)
    )


def test_parts_become_one_where_the_first_stood():
    """In their order, whatever order they were found in; others stay as they are."""
    alone = Recording(file="d/a.yaml", provenance=Provenance.LIVE)
    skipped = Skipped(what="x", why="y")
    found = list(joined([alone, part(2, 2, answer=b"2"), part(1, 2, answer=b"1"), skipped]))
    assert [found[0], found[2]] == [alone, skipped]
    whole = found[1]
    assert isinstance(whole, Recording)
    assert [e.response.body for e in whole.exchanges if e.response] == [b"1", b"2"]
    assert (whole.file, whole.part) == ("d/job.yaml", None)


def test_recordings_of_one_name_in_two_places_stay_apart():
    """A part belongs to the first one beside it."""
    found = list(joined([part(1, 2, "a/job"), part(2, 2, "a/job"), part(1, 2, "b/job"), part(2, 2, "b/job")]))
    assert [recording.file for recording in found if isinstance(recording, Recording)] == [
        "a/job.yaml",
        "b/job.yaml",
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part(1, 3), part(3, 3)], "d/job.yaml: part 2 of 3 of this recording is missing"),
        ([part(2, 2)], "d/job.part2.yaml: part 1 of 2 of this recording is missing"),
    ],
)
def test_a_missing_part_is_refused(parts, expected):
    """Half of a job's life would be judged as the whole."""
    with pytest.raises(OperatorError) as caught:
        list(joined(parts))
    assert str(caught.value) == expected
