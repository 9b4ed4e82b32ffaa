"""`harness drift wire` over real sockets: nothing billable, every seeded drift, no outage taken for one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from harness.simulator import metadata
from harness.spec.store import SpecStore
from tests.cli.calling import call
from tests.probe.seeds import EACHLABS, OXEN, SEEDS, overlay
from tests.probe.wiring import probe, probe_at
from tests.shipped import BASELINES
from tests.simulator.serving import serving

SEEDED = {
    "where the key travels": {"wire.key-elsewhere"},
    "that a key is needed": {"wire.key-not-needed"},
    "path of the call that creates": {"wire.path-gone"},
    "path of the call that polls": {"wire.path-gone", "wire.not-sent"},
    "method of the call that creates": {"wire.method-refused"},
    "error body of a refused key": {"response.required", "response.unknown-property"},
    "error body of an unknown job": {"response.required", "response.unknown-property"},
    "default, where metadata has the schema": {"diff.request-default"},
    "range, where metadata has the schema": {"diff.request-scale"},
    "parameter gone, where metadata has the schema": {"diff.request-property-removed"},
    "newly required, where metadata has the schema": {"diff.request-required"},
    "metadata's own form": {"response.required"},
    "what the price counts": {"response.enum", "response.unknown-property"},
}
OUTAGES = (
    *("500", "502", "503", "429", "429-no-retry-after", "html-error-page", "redirect-elsewhere"),
    *("redirect-loop", "reset-before-read", "reset-after-read", "slow-first-byte", "stalled-body"),
    "100mb-body",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    for name in ("NOVITA", "AIMLAPI", "EACHLABS", "OXEN"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)
    return tmp_path


def test_a_full_run_makes_no_job_and_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """All models, T1 and T2: every probe conforms, and the ledger shows zero jobs."""
    with serving() as served:
        reach = [x for name, url in served.base_urls.items() for x in ("--base-url", f"{name}={url}")]
        wire = ("drift", "wire", "--allow-t2", "--max-jobs", "2", "--time-scale", "100", *reach)
        outcome = call(capsys, *wire, "--format", "json")
        ledger = served.ledger()
    assert (outcome.code, outcome.findings) == (0, [])
    assert ledger["jobs"] == []
    assert outcome.json["models"] == dict.fromkeys(BASELINES, "conforms")
    assert {row["verdict"] for row in outcome.json["probes"]} == {"conforms"}
    assert [r["probe"] for r in outcome.json["probes"] if r["tier"] == "T2"] == ["invalid-request.submit"] * 2


@pytest.mark.parametrize("change", SEEDED)
def test_each_seeded_drift_is_found(change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Auth, path, error body, metadata, price: exit 1, the right rules, and no job."""
    seed = SEEDS[change]
    store = SpecStore((overlay(seed, tmp_path / "served"),))
    with serving(models=(seed.model,), store=store) as served:
        probed = probe(capsys, served, seed.model)
        assert served.ledger()["jobs"] == []
    assert (probed.outcome.code, probed.rules) == (1, SEEDED[change])


def test_a_key_that_travels_otherwise_says_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both ways stand in the finding."""
    store = SpecStore((overlay(SEEDS["where the key travels"], tmp_path / "served"),))
    with serving(models=(EACHLABS,), store=store) as served:
        (found,) = probe(capsys, served, EACHLABS).findings
    assert found["message"] == (
        "unknown-job.poll: the key is refused as api_key in X-API-Key and taken as bearer in Authorization "
        "(status 404)"
    )
    assert (found["facet"], found["kind"]) == ("auth", "drift")
    assert found["expected"] == {"scheme": "api_key", "header": "X-API-Key"}
    assert found["observed"] == {"scheme": "bearer", "header": "Authorization"}


def test_a_price_that_rises_is_found_until_it_is_accepted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every run, not only on the first; a price of another server is another price."""
    with serving(models=(OXEN,)) as served:
        assert probe(capsys, served, OXEN).rules == set()
        monkeypatch.setattr(metadata, "OWN_PRICE", 0.14)
        for _ in range(2):
            probed = probe(capsys, served, OXEN)
            assert (probed.outcome.code, probed.rules) == (1, {"diff.price"})
        assert (probed.findings[0]["expected"], probed.findings[0]["observed"]) == (
            {"amount": 0.07, "unit": "per_video_output_second"},
            {"amount": 0.14, "unit": "per_video_output_second"},
        )
        assert probe(capsys, served, OXEN, "--accept-prices").outcome.code == 1
        assert probe(capsys, served, OXEN).outcome.code == 0
    with serving(models=(OXEN,)) as served:
        assert probe(capsys, served, OXEN).rules == set()


@pytest.mark.parametrize("operation", ["poll", "model"])
@pytest.mark.parametrize("fault", OUTAGES)
def test_an_outage_is_inconclusive(fault: str, operation: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 3, nothing but inconclusive findings, and the outage kept as availability data."""
    with serving(f"{fault}.{operation}@1", models=(OXEN,), time_scale=20.0) as served:
        probed = probe(capsys, served, OXEN, scale=20.0)
        assert served.ledger()["jobs"] == []
        assert served.ledger()["elsewhere"] == []
    assert probed.outcome.code == 3
    assert {found["verdict"] for found in probed.findings} == {"inconclusive"}
    assert probed.rules <= {"wire.unavailable", "wire.not-sent"}
    name = "unknown-job.poll" if operation == "poll" else "metadata.model"
    assert probed.probes[OXEN, name]["verdict"] == "inconclusive"
    rows = [json.loads(line) for line in Path(".harness/availability.jsonl").read_text().splitlines()]
    struck = [row for row in rows if row["verdict"] == "inconclusive"]
    assert struck
    assert all(row["status"] is not None or row["error"] for row in struck)


@pytest.mark.parametrize("fault", ["503", "reset-after-read"])
def test_an_outage_of_t2_may_have_been_billed(fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Inconclusive, and said so; it is in the journal, and not sent again."""
    with serving(f"{fault}.submit@1", models=(EACHLABS,), time_scale=20.0) as served:
        probed = probe(capsys, served, EACHLABS, "--allow-t2", "--max-jobs", "1", scale=20.0)
        assert served.ledger()["jobs"] == []
    assert (probed.outcome.code, probed.rules) == (3, {"wire.unavailable", "job.possibly-billed"})
    jobs = call(capsys, "jobs", "--format", "json").json
    assert jobs["summary"]["possibly billed"] == 1


def test_a_dead_host_is_asked_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The baseline fails; what rests on it is not sent, and said so."""
    with serving(models=(OXEN,)) as served:
        base_url = served.base_urls["oxen"]
    probed = probe_at(capsys, OXEN, base_url)
    assert (probed.outcome.code, probed.rules) == (3, {"wire.unavailable", "wire.not-sent"})
    left = {row["note"] for (_, name), row in probed.probes.items() if name != "reach"}
    assert left == {"not sent: reach failed"}
    assert probed.outcome.json["models"] == {OXEN: "inconclusive"}
    rows = [json.loads(line) for line in Path(".harness/availability.jsonl").read_text().splitlines()]
    assert [(row["probe"], row["status"]) for row in rows] == [("reach", None)]


def test_a_key_that_is_refused_everywhere_is_no_drift(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have expired: exit 3. It stands in nothing that is written."""
    monkeypatch.setenv("OXEN_API_KEY", "wrong-key")  # the one that the simulator refuses
    with serving(models=(OXEN,)) as served:
        probed = probe(capsys, served, OXEN)
    assert (probed.outcome.code, probed.rules) == (3, {"wire.key-refused"})


def test_a_key_stands_in_nothing_that_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """Neither in what is kept nor in what is shown."""
    key = "sk-planted-0123456789"
    monkeypatch.setenv("OXEN_API_KEY", key)
    with serving(models=(OXEN,)) as served:
        probed = probe(capsys, served, OXEN)
    assert probed.outcome.code == 0
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if key.encode() in path.read_bytes()]
    assert key not in probed.outcome.out + probed.outcome.err


def test_availability_has_one_row_for_each_request(capsys: pytest.CaptureFixture[str]) -> None:
    """When, which probe, status, latency; runs add up."""
    with serving(models=(EACHLABS,)) as served:
        for _ in range(2):
            probe(capsys, served, EACHLABS)
        requests = served.ledger()["requests"]
    rows = [json.loads(line) for line in Path(".harness/availability.jsonl").read_text().splitlines()]
    assert len(rows) == requests
    assert {row["schema"] for row in rows} == {"harness.availability/1"}
    assert [(row["probe"], row["status"]) for row in rows[:6]] == [
        ("reach", 404),
        ("missing-key.submit", 401),
        ("missing-key.poll", 401),
        ("wrong-key.poll", 401),
        ("unknown-job.poll", 404),
        ("wrong-method.submit", 405),
    ]
    assert all(datetime.fromisoformat(row["utc"]).tzinfo is not None for row in rows)
    assert all(row["latency_ms"] > 0 for row in rows)


def test_a_dry_run_names_everything_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Tier, cost, address, whose key, and the body of what may be billed."""
    with serving(models=(EACHLABS,)) as served:
        reach = ("--base-url", f"eachlabs={served.base_urls['eachlabs']}")
        dry = ("drift", "wire", EACHLABS, "--dry-run", "--allow-t2", "--format", "json", *reach)
        outcome = call(capsys, *dry)
        assert served.ledger()["requests"] == 0
    assert outcome.code == 0
    rows = {row["probe"]: row for row in outcome.json["probes"]}
    assert {name: row["tier"] for name, row in rows.items()} == {
        "reach": "T1",
        "missing-key.submit": "T1",
        "missing-key.poll": "T1",
        "wrong-key.poll": "T1",
        "unknown-job.poll": "T1",
        "wrong-method.submit": "T1",
        "invalid-request.submit": "T2",
    }
    assert [name for name, row in rows.items() if row["body"] is not None] == ["invalid-request.submit"]
    assert rows["invalid-request.submit"]["body"]["input"]["duration"] == "harness-no-such-value"
    assert not Path(".harness").exists()


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--allow-t2",), 4, "drift wire: 1 probes of T2 may make a job each: --max-jobs 1"),
        (
            ("--allow-t2", "--max-jobs", "0"),
            4,
            "drift wire: 1 probes of T2 may make a job each: --max-jobs 1",
        ),
        (
            ("--max-jobs", "1"),
            2,
            "drift wire: a budget is for --allow-t2; without it nothing billable is sent",
        ),
    ],
)
def test_t2_needs_its_word_and_its_budget(
    options: tuple[str, ...], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is sent."""
    with serving(models=(EACHLABS,)) as served:
        reach = ("--base-url", f"eachlabs={served.base_urls['eachlabs']}")
        outcome = call(capsys, "drift", "wire", EACHLABS, *reach, *options)
        assert served.ledger()["requests"] == 0
    assert (outcome.code, outcome.out, outcome.err) == (code, "", f"harness: {words}\n")


def test_a_host_that_is_not_bound_is_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A spec cannot send probes, or a key, to a host of its own choice."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "overlay.yaml").write_text(
        f"format: 1\noverlays: {OXEN}\ntitle: another host\nchanges: {{server: {{url: https://example.com}}}}\n"
    )
    outcome = call(capsys, "drift", "wire", OXEN, "--specs", tmp_path / "specs")
    assert (outcome.code, outcome.out) == (2, "")
    assert "https://example.com:443 is not bound to credential slot 'oxen'" in outcome.err
