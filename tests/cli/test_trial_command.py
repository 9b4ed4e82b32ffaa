"""`harness trial`: one job at each seller, every check on it, and never a second one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.cassette.read import read_recordings
from harness.cli.main import main
from harness.wire.message import Provenance, Recording
from tests.cli.calling import HARNESS, Outcome, call
from tests.shared import PROJECT
from tests.simulator.serving import Served, serving

NOVITA = "novita/kling-v2.6-pro-t2v"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
AIML = "aimlapi/klingai-video-v2-6-pro-text-to-video"
ALL = (AIML, EACHLABS, NOVITA, OXEN)
KEYS = ("NOVITA_API_KEY", "OXEN_API_KEY", "EACHLABS_API_KEY", "AIMLAPI_API_KEY")
FAULTS = (f"wrong-duration:{NOVITA}", f"no-audio:{OXEN}", f"422.submit:{EACHLABS}")
SCALE = 300.0


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    return tmp_path


def reach(served: Served, scale: float = SCALE) -> tuple[str, ...]:
    """The options that lead to the simulator."""
    bases = [f"--base-url={provider}={url}" for provider, url in served.base_urls.items()]
    return (*bases, "--time-scale", str(scale))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One whole trial of four sellers, of which three have a fault, and what truly happened."""

    code: int
    document: dict[str, Any]
    directory: Path
    ledger: dict[str, Any]

    def rules(self, model: str | None) -> set[str]:
        """The rules that fired for a model, but for information."""
        found = self.document["findings"]
        return {f["rule"] for f in found if f["model"] == model and f["severity"] != "info"}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Played once, through the command line."""
    directory = tmp_path_factory.mktemp("trial")
    with serving(*FAULTS, time_scale=SCALE, seed=3) as served:
        code = main(
            [
                "trial",
                *("--to", str(directory / "cassettes"), "--output-dir", str(directory / "reports")),
                *("--journal", str(directory / "journal.sqlite"), "--title", "a trial"),
                *(
                    "--report",
                    f"json={directory / 'findings.json'}",
                    "--report",
                    f"junit={directory / 'j.xml'}",
                ),
                *("--max-jobs", "4", *reach(served)),
            ]
        )
        ledger = served.ledger()
    document = json.loads((directory / "findings.json").read_text(encoding="utf-8"))
    return Tried(code=code, document=document, directory=directory, ledger=ledger)


def test_exactly_one_job_at_each(tried: Tried):
    """By the simulator's own ledger; the seller that refused has none."""
    assert sorted(job["model"] for job in tried.ledger["jobs"]) == [AIML, NOVITA, OXEN]
    outcomes = {job["model"]: job["outcome"] for job in tried.document["trial"]["jobs"]}
    assert outcomes == {AIML: "succeeded", EACHLABS: "refused", NOVITA: "succeeded", OXEN: "succeeded"}


def test_every_fault_is_found_where_it_is(tried: Tried):
    """And nothing at the seller that has none."""
    assert tried.code == 1
    assert tried.rules(AIML) == set()
    assert tried.rules(NOVITA) == {"video.duration"}
    assert tried.rules(OXEN) == {"video.parameter-ignored"}
    assert tried.rules(None) == {"oracle.acceptance", "oracle.duration"}


def test_differences_are_told_with_what_is_documented_of_them(tried: Tried):
    """Oxen.ai made its own default of what it was sent; nobody documents the rest."""
    told = {one["what"]: one for one in tried.document["trial"]["differences"]}
    assert set(told) == {"acceptance", "duration", "audio"}
    assert told["audio"]["explained_by"] == ["audio.default"]
    assert told["audio"]["values"] == {AIML: "with sound", NOVITA: "with sound", OXEN: "without"}
    assert told["duration"]["explained_by"] == []
    assert told["acceptance"]["values"][EACHLABS] == "refused with 422"


def test_times_are_intervals_that_hold_the_truth(tried: Tried):
    """Each job's true time lies in its interval, a slow machine's delay of the requests allowed for."""
    truth = {job["model"]: job["ended_s"] - job["submitted_s"] for job in tried.ledger["jobs"]}
    for line in tried.document["trial"]["jobs"]:
        if line["model"] in truth:
            assert line["low_s"] <= truth[line["model"]] + 1.0
            assert line["high_s"] is not None
            assert line["high_s"] >= truth[line["model"]] - 1.0


def test_each_job_is_a_cassette_ready_to_commit(tried: Tried):
    """Scrubbed, addressed as at the provider, with what was read of the video, which came in ranges."""
    for model in ALL:
        (found,) = read_recordings(tried.directory / "cassettes" / f"{model}.trial.yaml")
        assert isinstance(found, Recording)
        assert (found.provenance, found.model, found.title) == (Provenance.SIMULATED, model, "a trial")
        assert "127.0.0.1" not in "".join(exchange.request.url for exchange in found.exchanges)
        if model == EACHLABS:
            assert found.videos == ()
            continue
        outputs = [e for e in found.exchanges if e.response is not None and e.response.status == 206]
        assert [e.request.header("range") for e in outputs] == ["bytes=0-262143"]
        (video,) = found.videos
        assert (video.facts.container, video.facts.width) == ("mp4", 128)
    left = [path.name for path in (tried.directory / "cassettes").rglob("*") if path.is_file()]
    assert sorted(left) == sorted(f"{model.split('/')[1]}.trial.yaml" for model in ALL)


def test_pushes_and_polls_are_both_seen(tried: Tried):
    """One job: the events of Oxen.ai, and what its poll says of the end."""
    (found,) = read_recordings(tried.directory / "cassettes" / f"{OXEN}.trial.yaml")
    assert isinstance(found, Recording)
    bodies = [exchange.response.body for exchange in found.exchanges if exchange.response is not None]
    assert any(b"media_generation_completed" in body for body in bodies)
    polls = [e for e in found.exchanges if "/queue/" in e.request.url and e.request.method == "GET"]
    assert polls[-1].response is not None
    assert b"succeeded" in polls[-1].response.body


def test_the_report_is_that_of_the_main_job_and_a_page_of_its_own(tried: Tried):
    """Pictures as data, each with its words; nothing is loaded."""
    directory = tried.directory / "reports"
    names = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
    assert {"report.html", "report.md", "report.json", "trial.html", "trial.json"} <= names
    page = (directory / "trial.html").read_text(encoding="utf-8")
    assert page.count('<img src="data:image/png;base64,') == 3
    assert page.count('alt="First picture of the video from ') == 3
    assert "No picture: status 422; whether it is billed is not documented" in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert json.loads((directory / "trial.json").read_text()) == tried.document["trial"]
    report = json.loads((directory / "report.json").read_text())
    assert any("trial.yaml" in line["file"] for line in report["recordings"])


def test_a_cassette_of_a_trial_is_judged_and_played_again(tried: Tried, capsys: pytest.CaptureFixture[str]):
    """The video's fault is found offline; a replay asks for the same ranges."""
    path = tried.directory / "cassettes" / f"{NOVITA}.trial.yaml"
    checked = call(capsys, "check", "traffic", path, "--format", "json")
    assert (checked.code, [rule for _, rule, _ in checked.findings]) == (1, ["video.duration"])
    replayed = call(capsys, "replay", path, "--format", "json")
    assert replayed.code == 1
    told = replayed.json["replay"]
    assert (told["outcome"], told["unplayed"], told["beyond"]) == ("succeeded", 0, 0)


def test_what_is_there_is_not_tried_again_unasked(tried: Tried, capsys: pytest.CaptureFixture[str]):
    """It is said before anything is sent."""
    made = call(
        capsys,
        "trial",
        NOVITA,
        "--to",
        tried.directory / "cassettes",
        "--base-url",
        "novita=http://127.0.0.1:9",
    )
    path = tried.directory / "cassettes" / f"{NOVITA}.trial.yaml"
    assert (made.code, made.out) == (2, "")
    assert made.err == f"harness: {path}: is there already; --overwrite records it anew\n"


def test_a_dry_run_sends_nothing(capsys: pytest.CaptureFixture[str]):
    """It needs no key, and no budget."""
    made = call(
        capsys, "trial", "--dry-run", "--format", "json", "--set", "duration_s=10", "--set", "audio=false"
    )
    assert made.code == 0
    jobs = made.json["jobs"]
    assert [job["model"] for job in jobs] == list(ALL)
    assert jobs[2]["request"] == {
        "prompt": "A red fox runs through fresh snow at dawn.",
        "duration": 10,
        "aspect_ratio": "16:9",
        "sound": False,
    }
    assert jobs[2]["server"] == "https://api.novita.ai"
    assert {job["jobs"] for job in jobs} == {1}
    assert list(Path().iterdir()) == []


def test_the_request_of_harness_yaml_is_what_everybody_is_asked_for(capsys: pytest.CaptureFixture[str]):
    """In the words of each; options go before it."""
    Path("harness.yaml").write_text(
        "format: 1\n"
        "models:\n"
        f"  {NOVITA}:\n"
        "    requests: [{body: {prompt: a harbour, duration: 10, sound: false}}]\n"
        "    prices: [{per: second, amount: 0.1}]\n"
        f"  {EACHLABS}: {{}}\n"
    )
    made = call(capsys, "trial", "--dry-run", "--format", "json", "--set", "aspect_ratio=9:16")
    novita, eachlabs = made.json["jobs"]
    expected = {"prompt": "a harbour", "duration": 10, "aspect_ratio": "9:16", "sound": False}
    assert novita["request"] == expected
    assert novita["worst_case_usd"] == 1.0
    sent = eachlabs["request"]["input"]
    assert (sent["prompt"], sent["duration"], sent["generate_audio"]) == ("a harbour", "10", False)
    assert sent["aspect_ratio"] == "9:16"
    assert eachlabs["worst_case_usd"] is None


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ((NOVITA,), 2, f"{NOVITA}: a job there costs money; say that it may (--live)"),
        (
            (NOVITA, "--live"),
            4,
            f"{NOVITA}: a job there costs money; give --max-jobs or --max-cost-usd",
        ),
        (
            (NOVITA, "--live", "--max-cost-usd", "1"),
            4,
            f"{NOVITA}: no price is documented or configured, so its cost cannot be bounded: "
            "a budget in jobs is required",
        ),
        (
            (AIML, NOVITA, "--live", "--max-jobs", "1"),
            4,
            f"{NOVITA}: the budget does not cover the worst case: 1 of 1 jobs are reserved or spent, "
            "and this request may make 1",
        ),
        (
            (NOVITA, "--set", "duration_s=7"),
            2,
            "trial: no seller documents such a request: /duration: expected one of 5, 10, got 7",
        ),
        ((NOVITA, "--set", "speed"), 2, "--set: expected WORD=VALUE, got 'speed'"),
        ((NOVITA, "--request", "none.json"), 2, "none.json: No such file or directory"),
    ],
)
def test_what_is_in_the_way_is_said_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: Any, code: int, message: str
):
    """To nobody, if it is in the way of one; and no plan of a trial is left of it."""
    for key in KEYS:
        monkeypatch.setenv(key, "key-of-the-test-0123")
    made = call(capsys, "trial", *options)
    assert (made.code, made.out, made.err) == (code, "", f"harness: {message}\n")
    assert not list(Path().rglob("*.yaml*"))
    assert not list(Path().rglob(".trial/*"))


def test_a_key_that_is_missing_stops_all_of_them(capsys: pytest.CaptureFixture[str], monkeypatch):
    """Half a trial costs as much as a whole one, and says less."""
    monkeypatch.setenv("AIMLAPI_API_KEY", "key-of-the-test-0123")
    made = call(capsys, "trial", AIML, NOVITA, "--live", "--max-jobs", 2)
    assert (made.code, made.out) == (2, "")
    assert "NOVITA_API_KEY" in made.err
    assert not list(Path().rglob(".trial/*"))


def test_a_seller_whose_documents_do_not_allow_it_is_not_sent_to(capsys: pytest.CaptureFixture[str]):
    """The other is tried; that this one was not is said, and explained by what the two document."""
    with serving(time_scale=2000.0, models=(NOVITA, OXEN)) as served:
        options = ("--set", f"prompt={'x' * 2501}", "--format", "json", *reach(served, 2000.0))
        made = call(capsys, "trial", NOVITA, OXEN, *options)
        models = [job["model"] for job in served.ledger()["jobs"]]
    assert models == [OXEN]
    assert made.code == 1
    found = {rule: model for model, rule, _ in made.findings}
    assert found["trial.not-tried"] == found["request.max-length"] == NOVITA
    (difference,) = made.json["trial"]["differences"]
    assert difference["values"] == {NOVITA: "not sent: outside its documents", OXEN: "accepted"}
    assert difference["explained_by"] == ["prompt.maxLength"]
    assert made.json["models"][NOVITA] == "violates"


def _until_all_are_made(served: Served, count: int) -> None:
    limit = time.monotonic() + 60
    while len(served.ledger()["jobs"]) < count:
        assert time.monotonic() < limit, "no job was made"
        time.sleep(0.05)


def _started(served: Served, home: Path, scale: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*HARNESS, "trial", NOVITA, OXEN, "--format", "json", *reach(served, scale)],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def slow() -> Iterator[Served]:
    """Two sellers, slow enough to be interrupted."""
    with serving(models=(NOVITA, OXEN), time_scale=25.0, seed=3) as served:
        yield served


def test_no_second_job_after_an_interruption_and_a_crash(
    slow: Served, home: Path, capsys: pytest.CaptureFixture[str]
):
    """Ctrl-C says what is left; killed, the trial is gone on with; the whole job is in the cassette."""
    first = _started(slow, home, 25.0)
    _until_all_are_made(slow, 2)
    time.sleep(0.3)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=60)
    assert (first.returncode, out) == (130, "")
    assert "2 of 2 jobs were made, 2 of them are open; the same command goes on" in err
    assert err.count("harness: open at ") == 2

    seen = slow.ledger()["requests"]
    second = _started(slow, home, 25.0)
    while slow.ledger()["requests"] < seen + 3 and second.poll() is None:
        time.sleep(0.05)  # the ledger itself is none of them
    second.kill()
    second.communicate(timeout=60)

    made = call(capsys, "trial", "--format", "json", *reach(slow, 25.0))
    assert made.code == 0, made.out
    _check_whole(made, slow.ledger())
    assert not Path("cassettes/.trial").exists()


def _check_whole(made: Outcome, ledger: dict[str, Any]) -> None:
    truth = {job["model"]: job for job in ledger["jobs"]}
    assert sorted(truth) == [NOVITA, OXEN]
    assert len(ledger["jobs"]) == 2
    for line in made.json["trial"]["jobs"]:
        job = truth[line["model"]]
        assert (line["outcome"], line["job"]) == ("succeeded", job["id"])
        true_s = job["ended_s"] - job["submitted_s"]
        assert line["low_s"] - 5.0 <= true_s <= line["high_s"] + 5.0
        assert line["video"]["container"] == "mp4"
        (found,) = read_recordings(Path(line["cassette"]))
        assert isinstance(found, Recording)
        assert sum(exchange.request.method == "POST" for exchange in found.exchanges) == 1
