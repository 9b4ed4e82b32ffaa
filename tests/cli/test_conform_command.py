"""`harness conform` against the simulator, over real sockets: what it finds, makes and refuses."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.spec.store import SpecStore
from tests.cli.calling import Outcome, call
from tests.minimal import overlay, write_specs
from tests.simulator.serving import Served, serving

EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
NOVITA = "novita/kling-v1.6-t2v"
SCALE = "500"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    for slot in ("NOVITA", "EACHLABS", "OXEN"):
        monkeypatch.delenv(f"{slot}_API_KEY", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def simulator() -> Iterator[Served]:
    """Three providers, in a hurry."""
    with serving(models=(EACHLABS, OXEN, NOVITA), time_scale=float(SCALE), seed=3) as served:
        yield served


def conform(capsys: pytest.CaptureFixture[str], served: Served, model: str, *options: object) -> Outcome:
    """One run against a simulator, few examples, findings as JSON."""
    target = served.base_urls[model.split("/", maxsplit=1)[0]]
    fixed = ("--time-scale", SCALE, "--examples", "5", "--format", "json")
    return call(capsys, "conform", model, "--target", target, *fixed, *options)


def tiers(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {row["tier"]: row for row in outcome.json["conform"]["tiers"]}


def jobs(served: Served, model: str) -> int:
    return sum(job["model"] == model for job in served.ledger()["jobs"])


def schema_overlay(directory: Path, changes: str, model: str = EACHLABS) -> Path:
    """A directory with other words on the request body of one model."""
    schema = f"{{operations: {{submit: {{request: {{schema: {{properties: {changes}}}}}}}}}}}"
    return write_specs(directory, {"ours": overlay(model, schema)})


def rules(outcome: Outcome) -> set[str]:
    return {rule for _, rule, _ in outcome.findings}


def test_without_a_target_nothing_is_sent(capsys):
    """T0 alone, in process; that nothing is sent is said, and the directory stays tidy."""
    outcome = call(capsys, "conform", NOVITA, "--examples", "5", "--format", "json")
    assert outcome.code == 0
    assert set(tiers(outcome)) == {"T0"}
    assert tiers(outcome)["T0"]["verdict"] == "conforms"
    assert outcome.json["observed"]["exchanges"] == 0
    assert outcome.json["observed"]["skipped"] == [
        {"what": f"{NOVITA} T1, T2, T3", "why": "nothing is sent without --target"}
    ]
    assert outcome.err == f"T0, offline: {NOVITA}: every small request, and 5 drawn of each kind\n"
    assert {path.name for path in Path().iterdir()} <= {".harness"}


def test_a_provider_that_judges_at_submit_makes_no_more_than_twelve_jobs(capsys, simulator):
    """Every negative is refused, every valid request makes its job, and nothing is found."""
    before = jobs(simulator, EACHLABS)
    outcome = conform(capsys, simulator, EACHLABS, "--max-jobs", "100")
    found = tiers(outcome)
    assert outcome.code == 0, outcome.out
    assert outcome.json["findings"] == []
    assert {tier: row["verdict"] for tier, row in found.items()} == dict.fromkeys(
        ("T0", "T1", "T2", "T3"), "conforms"
    )
    assert found["T2"]["refused"] == found["T2"]["planned"] > 30
    assert found["T2"]["jobs"] == 0
    assert found["T3"]["jobs"] == 10
    assert jobs(simulator, EACHLABS) - before == 10
    assert "T3, paid: 10 valid requests, each a job; T2, may be billed:" in outcome.err
    assert "it stops at 12 jobs made" in outcome.err


def test_what_the_documents_say_otherwise_is_found_with_the_smallest_request(capsys, simulator, tmp_path):
    """Our spec allows more guidance and fewer webhooks than the provider: one refused, others accepted."""
    changes = (
        "{input: {properties: {cfg_scale: {maximum: 5}, prompt: {maxLength: 60}}},"
        " webhook_secret: {maxLength: 3}}"
    )
    ours = schema_overlay(tmp_path / "ours", changes)
    before = jobs(simulator, EACHLABS)
    outcome = conform(capsys, simulator, EACHLABS, "--max-jobs", "100", "--specs", ours)
    assert outcome.code == 1
    found = {finding["rule"] + finding["pointer"]: finding for finding in outcome.json["findings"]}
    assert set(found) == {
        "conform.valid-refused/input/cfg_scale",
        "conform.invalid-accepted/input/prompt",
        "conform.invalid-accepted/webhook_secret",
    }
    refused = found["conform.valid-refused/input/cfg_scale"]
    assert (refused["expected"], refused["observed"], refused["impact"]) == (5, 400, ["breaks"])
    example = outcome.json["conform"]["examples"][refused["fingerprint"]]
    body = json.loads(example["body"])
    assert body["input"].pop("cfg_scale") == 5
    assert set(body["input"]) == {"prompt"}
    assert '-H "X-API-Key: $EACHLABS_API_KEY"' in example["curl"]
    assert refused["message"].startswith(
        "/input/cfg_scale: the documents allow it; status 400: /input/cfg_scale: expected at most 1, got 5; "
        "whether it is billed is not documented; curl -sS "
    )
    accepted = found["conform.invalid-accepted/webhook_secret"]
    assert (accepted["expected"], accepted["observed"], accepted["impact"]) == (3, 4, ["bill"])
    assert accepted["message"].startswith(
        "/webhook_secret: expected at most 3 characters, got 4; it made the job "
    )
    assert accepted["source"]["line"] > 0
    assert jobs(simulator, EACHLABS) - before <= 12


def test_a_provider_that_refuses_little_makes_no_more_than_twelve_jobs(capsys, tmp_path):
    """It knows no limits: what it accepts is found, and the sending ends with the twelfth job."""
    free = (
        "{model: {enum: null}, webhook_url: {format: null}, input: {required: null, properties: {"
        "duration: {enum: null}, aspect_ratio: {enum: null}, cfg_scale: {minimum: null, maximum: null}}}}"
    )
    theirs = schema_overlay(tmp_path / "theirs", free)
    with serving(models=(EACHLABS,), time_scale=float(SCALE), store=SpecStore((theirs,))) as served:
        outcome = conform(capsys, served, EACHLABS, "--max-jobs", "100")
        made = jobs(served, EACHLABS)
    found = tiers(outcome)
    assert outcome.code == 1
    assert rules(outcome) == {"conform.invalid-accepted"}
    assert {"/input/prompt", "/input/duration"} <= {pointer for _, _, pointer in outcome.findings}
    assert made == found["T2"]["jobs"] + found["T3"]["jobs"] == 12
    why = "12 jobs were made, and no more than 12 are meant to be"
    assert why in {each["why"] for each in outcome.json["observed"]["skipped"]}


def test_negatives_that_run_are_judged_by_their_end(capsys, simulator):
    """Where a request is judged when its job runs, its failure is what the documents say."""
    before = jobs(simulator, OXEN)
    outcome = conform(capsys, simulator, OXEN, "--max-jobs", "8", "--send-negatives")
    assert outcome.code == 0, outcome.out
    assert tiers(outcome)["T2"]["sent"] == 4
    assert tiers(outcome)["T2"]["jobs"] > 0
    assert jobs(simulator, OXEN) - before == tiers(outcome)["T2"]["jobs"] + tiers(outcome)["T3"]["jobs"]
    assert "it stops at the budget alone" in outcome.err


def test_what_is_judged_late_and_still_succeeds_was_accepted(capsys, simulator, tmp_path):
    """Our spec has a limit that the provider does not know: the job succeeds, and that is found."""
    ours = schema_overlay(tmp_path / "ours", "{prompt: {maxLength: 60}}", OXEN)
    outcome = conform(capsys, simulator, OXEN, "--max-jobs", "40", "--send-negatives", "--specs", ours)
    (found,) = [each for each in outcome.json["findings"] if each["severity"] == "error"]
    assert (found["rule"], found["pointer"]) == ("conform.invalid-accepted", "/prompt")
    assert ", which succeeded; curl -sS " in found["message"]


def test_a_property_that_nobody_documents_is_information_when_it_is_taken(capsys, tmp_path):
    """The simulator's spec knows a property that ours does not."""
    theirs = write_specs(
        tmp_path / "theirs",
        {
            "theirs": overlay(
                NOVITA,
                "{operations: {submit: {request: {schema: {properties: {harness_unknown:"
                " {type: boolean, x-source: seed#Request Body}}}}}}}",
            )
        },
    )
    with serving(models=(NOVITA,), time_scale=float(SCALE), store=SpecStore((theirs,))) as served:
        outcome = conform(capsys, served, NOVITA, "--max-jobs", "40", "--send-negatives")
    assert outcome.code == 0
    assert rules(outcome) == {"conform.unknown-accepted", "response.status-undocumented"}
    (found,) = [each for each in outcome.json["findings"] if each["rule"] == "conform.unknown-accepted"]
    assert (found["pointer"], found["severity"]) == ("/harness_unknown", "info")
    assert found["message"].startswith(
        "/harness_unknown: the documents name no such property; it made the job "
    )


def test_a_job_that_nobody_wanted_is_cancelled_and_what_that_costs_is_not_guessed(capsys, tmp_path):
    """The simulator knows one more model name; the request with it makes a job that is cancelled."""
    names = "[kling-video-v2-6-pro-text-to-video, harness-no-such-value]"
    theirs = schema_overlay(tmp_path / "theirs", f"{{model: {{enum: {names}}}}}", OXEN)
    with serving(models=(OXEN,), time_scale=50.0, store=SpecStore((theirs,))) as served:
        outcome = conform(capsys, served, OXEN, "--max-jobs", "15", "--time-scale", "50")
    (found,) = [each for each in outcome.json["findings"] if each["rule"] == "conform.invalid-accepted"]
    assert "; to cancel it was accepted, and whether it is billed is not documented; curl" in found["message"]


def test_a_failed_job_of_a_valid_request_is_a_warning(capsys):
    """It may be a refusal that came late, or a fault of this one job."""
    with serving("job-failed", models=(NOVITA,), time_scale=float(SCALE)) as served:
        outcome = conform(capsys, served, NOVITA, "--max-jobs", "2")
    assert outcome.code == 0
    (found,) = outcome.json["findings"]
    assert (found["rule"], found["severity"]) == ("conform.valid-failed", "warning")
    assert found["message"].startswith("minimal: the job ")


def test_an_answer_that_breaks_the_documents_is_found_with_its_request(capsys):
    """A poll that shows a job queued again."""
    with serving("status-backwards", models=(NOVITA,), time_scale=100.0) as served:
        outcome = conform(capsys, served, NOVITA, "--max-jobs", "1", "--time-scale", "100")
    assert outcome.code == 1
    (found,) = [each for each in outcome.json["findings"] if each["rule"] == "job.went-backwards"]
    example = outcome.json["conform"]["examples"][found["fingerprint"]]
    assert json.loads(example["body"]) == {"prompt": "A red fox runs through fresh snow at dawn."}
    assert tiers(outcome)["T3"]["verdict"] == "violates"


def test_without_a_budget_only_free_probes_are_sent(capsys, simulator):
    """T1 is judged; that T2 and T3 need a budget is said; no job is made."""
    before = jobs(simulator, NOVITA)
    outcome = conform(capsys, simulator, NOVITA)
    assert outcome.code == 0
    assert set(tiers(outcome)) == {"T0", "T1"}
    assert tiers(outcome)["T1"]["answered"] > 0
    assert {"what": f"{NOVITA} T2, T3", "why": "they may be billed: they need a budget"} in outcome.json[
        "observed"
    ]["skipped"]
    assert jobs(simulator, NOVITA) == before


def test_no_credit_is_inconclusive_and_ends_the_sending(capsys):
    """402 twice in a row: nothing more is risked, and nothing is said of the contract."""
    with serving("402.submit", models=(EACHLABS,), time_scale=float(SCALE)) as served:
        outcome = conform(capsys, served, EACHLABS, "--max-jobs", "100")
    assert outcome.code == 3
    assert rules(outcome) == {
        "conform.unavailable",
        "conform.nothing-sent",
        "response.status-undocumented",
    }
    assert tiers(outcome)["T2"]["verdict"] == tiers(outcome)["T3"]["verdict"] == "inconclusive"
    assert tiers(outcome)["T2"]["sent"] + tiers(outcome)["T3"]["sent"] == 2
    skipped = outcome.json["observed"]["skipped"]
    assert any(each["why"] == "2 requests in a row were not served" for each in skipped)


def test_an_answer_that_is_lost_is_inconclusive(capsys):
    """A request that was read and not answered may be billed, and is counted so."""
    with serving("reset-after-read.submit@1", models=(NOVITA,), time_scale=float(SCALE)) as served:
        outcome = conform(capsys, served, NOVITA, "--max-jobs", "1")
    assert outcome.code == 3
    assert "job.possibly-billed" in rules(outcome)
    assert tiers(outcome)["T3"]["jobs"] == 1


def test_nobody_there_is_inconclusive(capsys):
    """A port on which nobody listens: every tier but T0."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        target = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcome = call(
            capsys,
            "conform",
            NOVITA,
            *("--target", target, "--max-jobs", "5", "--examples", "1"),
            *("--time-scale", "1000", "--format", "json"),
        )
    assert outcome.code == 3
    assert {"wire.unavailable", "traffic.no-answer", "conform.nothing-sent"} <= rules(outcome)
    assert {tier: row["verdict"] for tier, row in tiers(outcome).items()} == {
        "T0": "conforms",
        "T1": "inconclusive",
        "T3": "inconclusive",
        "T2": "inconclusive",
    }
    assert outcome.json["models"] == {NOVITA: "inconclusive"}


def test_a_dry_run_names_every_request_and_sends_none(capsys, tmp_path):
    """The plan, what is left out and why, and the worst case; no journal is begun."""
    text = call(capsys, "conform", OXEN, "--dry-run", "--max-jobs", "12")
    assert text.code == 0
    assert text.out.startswith("T3  minimal\nT2  /model: it is required, and left out\n")
    assert text.out.endswith("\n12 requests, 12 jobs at worst; nothing was sent\n")
    document = call(capsys, "conform", OXEN, "--dry-run", "--format", "json").json
    assert document["schema"] == "harness.conform-plan/1"
    assert {row["tier"] for row in document["requests"]} == {"T2", "T3"}
    assert not (tmp_path / ".harness").exists()


def test_where_the_documents_show_no_request_it_is_asked_for(capsys, tmp_path):
    """A required member without a value in any document: the operator's request has it."""
    model = f"{EACHLABS}@latest"
    refused = call(capsys, "conform", model, "--dry-run")
    assert refused.code == 2
    assert refused.err == (
        f"harness: {EACHLABS}@2026-08-17: /version is required, and has no default; give the body (--body)\n"
    )
    body = {"model": "kling-v2-6-pro-text-to-video", "version": "0.0.1", "input": {"prompt": "a fox"}}
    file = tmp_path / "body.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    shown = call(capsys, "conform", model, "--dry-run", "--format", "json", "--body", file).json["requests"]
    assert shown[0]["body"] == body
    assert {row["tier"] for row in shown} == {"T2", "T3"}
    file.write_text("[]", encoding="utf-8")
    refused = call(capsys, "conform", model, "--dry-run", "--body", file)
    assert (refused.code, refused.err) == (2, f"harness: {file}: expected a JSON object\n")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--target", "novita"), 2, "harness: --target: expected simulator or a URL, got 'novita'\n"),
        (
            ("--target", "http://127.0.0.1:1", "--send-negatives"),
            2,
            "harness: conform: --send-negatives needs a budget: --max-jobs N\n",
        ),
        (
            ("--target", "http://127.0.0.1:1", "--max-jobs", "0"),
            4,
            "harness: conform: the budget does not cover the worst case: 0 of 0 jobs are reserved or spent, "
            "and this request may make 1\n",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(capsys, options, code, message):
    """Before anything is generated or sent; nothing on stdout."""
    outcome = call(capsys, "conform", NOVITA, *options)
    assert (outcome.code, outcome.out, outcome.err) == (code, "", message)


def test_beyond_this_machine_live_has_to_be_said(capsys, monkeypatch):
    """A budget alone is not the word; nothing was sent."""
    monkeypatch.setenv("NOVITA_API_KEY", "sk-of-the-tests")
    outcome = call(capsys, "conform", NOVITA, "--target", "https://api.example.com", "--max-jobs", "2")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "harness: novita/kling-v1.6-t2v: jobs at api.example.com cost money; say that they may (--live)\n"
    )


def test_a_simulator_of_its_own(capsys):
    """Started, asked without a budget because nothing costs anything there, and ended."""
    outcome = call(capsys, "conform", "kling-v1.6", "--target", "simulator", "--examples", "1")
    assert outcome.code == 0, outcome.err
    assert "conforms: 0 errors" in outcome.out
    assert "T3, paid: 10 valid requests" in outcome.err
