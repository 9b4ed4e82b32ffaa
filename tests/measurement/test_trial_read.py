"""A trial's own record, read back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.errors import SourceError
from harness.measurement.trial import trial_json
from harness.measurement.trial_read import TrialJob, read_trial
from harness.report.visible import as_json
from tests.report.test_trial import RECORD

NOVITA = "novita/kling-v2.6-pro-t2v"


def document(**members: Any) -> dict[str, Any]:
    """A trial with one job."""
    job = {
        "model": NOVITA,
        "outcome": "succeeded",
        "low_s": 140,
        "high_s": 150.5,
        "video": {"width": 1280},
        "findings": ["video.duration"],
        "note": None,
        "later": "a member of a later release",
    }
    return {
        "schema": "harness.trial/1",
        "created_at": "2026-11-20T12:00:00+00:00",
        "messages": {"live": 3, "simulated": 0},
        "jobs": [job],
        **members,
    }


def test_a_job_is_told_as_it_stands_there() -> None:
    """With the file that it stands in; what a later release adds is passed over."""
    (job,) = read_trial(json.dumps(document()), "trial.json")
    assert job == TrialJob(
        model=NOVITA,
        provenance="live",
        made_at="2026-11-20T12:00:00+00:00",
        outcome="succeeded",
        low_s=140,
        high_s=150.5,
        video={"width": 1280},
        findings=("video.duration",),
        note=None,
        file="trial.json",
    )


@pytest.mark.parametrize("messages", [{"simulated": 9}, {"live": 0, "simulated": 9}, {}])
def test_what_was_not_live_is_simulated(messages: dict[str, int]) -> None:
    """A trial of which no live message was recorded measured nobody."""
    (job,) = read_trial(json.dumps(document(messages=messages)), "trial.json")
    assert job.provenance == "simulated"


def test_what_the_command_writes_is_read() -> None:
    """Every job of it, in its order."""
    jobs = read_trial(as_json(trial_json(RECORD)), "trial.json")
    assert [job.model for job in jobs] == [line.model for line in RECORD.lines]
    assert [job.outcome for job in jobs] == [line.outcome for line in RECORD.lines]
    assert [job.low_s for job in jobs] == [line.interval and line.interval.low_s for line in RECORD.lines]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "trial.json:1:1: expected an object, got []"),
        (
            '{"schema": "harness.run/1"}',
            "trial.json:1:12: schema: expected harness.trial/1, got 'harness.run/1'",
        ),
        ("{}", "trial.json:1:1: schema: expected harness.trial/1, got None"),
        ('{"a": 1, "a": 2}', "trial.json:1:10: not strict JSON: duplicate-key, got 'a'"),
        ('{\n"a": }', "trial.json:2:6: not JSON: expected a value, got '}'"),
        (
            json.dumps(document(jobs={})),
            "trial.json:1:123: jobs: expected an array, got {}",
        ),
        (
            json.dumps({"schema": "harness.trial/1", "messages": {}, "created_at": "x"}),
            "trial.json:1:1: expected a member 'jobs', got none",
        ),
    ],
)
def test_what_is_no_trial_is_refused_with_its_place(text: str, message: str) -> None:
    """And with what was expected."""
    with pytest.raises(SourceError) as raised:
        read_trial(text, "trial.json")
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("member", "value", "fault"),
    [
        ("model", None, "jobs[0].model: expected a string, got None"),
        ("low_s", "140", "jobs[0].low_s: expected a number, got '140'"),
        ("video", [], "jobs[0].video: expected an object, got []"),
        ("findings", [1], "jobs[0].findings[0]: expected a string, got 1"),
        ("note", 5, "jobs[0].note: expected a string, got 5"),
    ],
)
def test_a_member_of_another_type_is_named_and_located(member: str, value: Any, fault: str) -> None:
    """Nothing of such a record is used."""
    given = document()
    given["jobs"][0][member] = value
    with pytest.raises(SourceError) as raised:
        read_trial(json.dumps(given, indent=1), "trial.json")
    assert raised.value.message == fault
    assert raised.value.line > 6


@pytest.mark.parametrize("member", ["model", "outcome", "low_s", "high_s", "video", "findings", "note"])
def test_a_member_that_is_missing_is_named(member: str) -> None:
    """A half of a record is none."""
    given = document()
    del given["jobs"][0][member]
    with pytest.raises(SourceError) as raised:
        read_trial(json.dumps(given), "trial.json")
    assert raised.value.message == f"jobs[0]: expected a member {member!r}, got none"
