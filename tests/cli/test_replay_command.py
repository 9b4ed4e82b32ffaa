"""`harness replay`: the life of a job, and the verdict on its recording."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.cassette.cut import cut_response
from harness.cassette.write import write_cassette
from harness.wire.message import HttpResponse, Recording
from tests.check.recorded import exchange, poll, recording, submit
from tests.cli.calling import call

NOVITA = "novita/kling-v2.6-pro-t2v"
NOW = datetime.now(UTC).replace(microsecond=0)


def job(**members: object) -> Recording:
    """A job that is polled twice."""
    given = {"timeline": "recorded", "model": NOVITA, "recorded_at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC)}
    return recording(
        submit(at=(0.0, 1.0)),
        poll("PROCESSING", at=(10.0, 10.5)),
        poll("SUCCEED", at=(20.0, 20.5)),
        exchange("GET", "https://x/", None, b"\x00", content_type="video/mp4", at=(21.0, 22.0)),
        **{**given, **members},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A cassette of it."""
    write_cassette(job(title="a fox"), tmp_path / "job.yaml")
    return tmp_path / "job.yaml"


def test_the_life_of_a_job_is_shown(capsys, file):
    """When each message came, what it said, how it ended, and the verdict."""
    shown = call(capsys, "replay", file)
    assert shown.code == 0
    assert shown.out.splitlines()[:8] == [
        f"{file}: a fox; live, recorded 2026-03-01 09:30 UTC",
        "      1.0 s  submit   200",
        "     10.5 s  poll     200 running",
        "     20.5 s  poll     200 succeeded",
        "     22.0 s  output   200 video/mp4",
        "  succeeded; took more than 9.0 s, not more than 20.5 s; 2 polls",
        "",
        "not judged:",
    ]
    assert shown.out.splitlines()[-1] == "conforms: 0 errors, 0 warnings, 0 info; judged 3 exchanges"


def test_the_same_as_json(capsys, file):
    """Beside the findings, whose shape is that of every command."""
    document = call(capsys, "replay", file, "--format", "json").json
    assert document["schema"] == "harness.findings/1"
    assert document["replay"] == {
        "file": str(file),
        "provenance": "live",
        "outcome": "succeeded",
        "job": "t",
        "output": "https://x",
        "polls": 2,
        "low_s": pytest.approx(9.0, abs=0.01),
        "high_s": pytest.approx(20.5, abs=0.01),
        "video": None,
        "unplayed": 0,
        "beyond": 0,
        "steps": [
            {"moment_s": pytest.approx(moment, abs=0.01), "operation": operation, "what": what}
            for moment, operation, what in (
                (1.0, "submit", "200"),
                (10.5, "poll", "200 running"),
                (20.5, "poll", "200 succeeded"),
                (22.0, "output", "200 video/mp4"),
            )
        ],
    }


def test_a_recording_that_violates_its_spec_fails(capsys, tmp_path):
    """The client lives through it; the judgement is on the file."""
    made = job()
    looks = (made.exchanges[0], poll("PROCESSING", at=(10.0, 10.5)), poll("QUEUED", at=(15.0, 15.5)))
    write_cassette(replace(made, exchanges=(*looks, *made.exchanges[2:])), tmp_path / "job.yaml")
    shown = call(capsys, "replay", tmp_path / "job.yaml", "--format", "json")
    assert shown.code == 1
    assert [finding["rule"] for finding in shown.json["findings"]] == ["job.went-backwards"]


@pytest.mark.parametrize(
    ("left", "code", "rules"),
    [
        (timedelta(days=-1), 1, ["cassette.expired"]),
        (timedelta(days=5), 0, ["cassette.expires-soon"]),
        (timedelta(days=50), 0, []),
    ],
)
def test_an_expired_recording_fails(capsys, tmp_path, left, code, rules):
    """It is shown all the same, and never recorded anew; `check traffic` says the same."""
    write_cassette(job(expires=NOW + left), tmp_path / "job.yaml")
    for command in (("replay",), ("check", "traffic")):
        shown = call(capsys, *command, tmp_path / "job.yaml", "--format", "json")
        assert (shown.code, [finding["rule"] for finding in shown.json["findings"]]) == (code, rules)


def test_a_missing_one_is_refused(capsys, tmp_path):
    """Nothing is sent, nothing is written."""
    shown = call(capsys, "replay", tmp_path / "gone.yaml")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err == f"harness: {tmp_path}/gone.yaml: no such cassette\n"
    assert list(tmp_path.iterdir()) == []


def test_one_that_names_no_model_is_refused(capsys, tmp_path):
    """No client can be set up for it."""
    write_cassette(job(model=None), tmp_path / "job.yaml")
    shown = call(capsys, "replay", tmp_path / "job.yaml")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err == (
        f"harness: {tmp_path}/job.yaml: does not say which model it is of, "
        "so no client can be set up for it\n"
    )


def test_a_request_that_was_not_recorded_is_refused(capsys, tmp_path):
    """The client of today asks for something else than the one that recorded."""
    made = job()
    other = poll("SUCCEED", at=(20.0, 20.5))
    moved = replace(
        other, request=replace(other.request, url=other.request.url.replace("task_id=t", "task_id=u"))
    )
    write_cassette(replace(made, exchanges=(made.exchanges[0], moved)), tmp_path / "job.yaml")
    shown = call(capsys, "replay", tmp_path / "job.yaml")
    assert (shown.code, shown.out) == (2, "")
    url = "https://api.novita.ai/v3/async/task-result?task_id=t"
    assert shown.err == f"harness: {tmp_path}/job.yaml: does not hold GET {url}\n"


def test_what_was_left_over_or_missing_is_told(capsys, tmp_path):
    """The video's size and digest, exchanges that nobody asked for, requests beyond the recording."""
    made = job()
    video = cut_response(
        HttpResponse(status=200, headers=(("Content-Type", "video/mp4"),), body=b"\x00" * 100_000)
    )
    other = exchange("GET", "https://api.novita.ai/v3/x", None, b"{}", at=(30.0, 31.0))
    pending = replace(
        made, exchanges=(*made.exchanges[:2], replace(made.exchanges[3], response=video), other)
    )
    write_cassette(pending, tmp_path / "pending.yaml")
    lines = call(capsys, "replay", tmp_path / "pending.yaml").out.splitlines()
    assert "  unfinished; took more than 9.0 s; 1 polls" in lines
    assert "  the job has not ended within 10 s; it is open in the journal" in lines
    assert "  2 recorded exchanges were not asked for" in lines
    done = replace(made, exchanges=(*made.exchanges[:3], replace(made.exchanges[3], response=video)))
    write_cassette(done, tmp_path / "done.yaml")
    lines = call(capsys, "replay", tmp_path / "done.yaml").out.splitlines()
    assert video.cut is not None
    assert (
        f"  video: 100000 bytes, sha256 {video.cut.sha256}; only its first bytes are in the cassette" in lines
    )
    failed = poll("FAILED", at=(20.0, 20.5))
    write_cassette(replace(made, exchanges=(made.exchanges[0], failed)), tmp_path / "failed.yaml")
    told = call(capsys, "replay", tmp_path / "failed.yaml", "--format", "json").json["replay"]
    assert told["outcome"] == "failed"
    beyond = [f"  {told['beyond']} requests more than were recorded"] if told["beyond"] else []
    assert set(beyond) <= set(call(capsys, "replay", tmp_path / "failed.yaml").out.splitlines())
