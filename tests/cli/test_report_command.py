"""`harness report`: the page from which a vendor is chosen, as it is called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.measurement.job import Provenance
from tests.bench.measured import AIML, NOVITA
from tests.cli.calling import Outcome, call
from tests.cli.records import a_run, as_bench, as_cassettes, as_history, as_lines, as_store, as_trial

USE = """\
format: 1
models:
  novita/kling-v2.6-pro-t2v:
    requests:
      - {name: teaser, body: {prompt: a cat, duration: 10}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report, and what was said while it was made."""

    outcome: Outcome
    directory: Path

    @property
    def document(self) -> dict[str, Any]:
        """report.json."""
        read: dict[str, Any] = json.loads((self.directory / "report.json").read_bytes())
        return read

    def text(self, name: str) -> str:
        """One of its documents."""
        return (self.directory / name).read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(capsys: pytest.CaptureFixture[str], here: Path, *words: object) -> Written:
    """The command, and what it wrote."""
    outcome = call(capsys, "report", *words, "--output-dir", here / "out", "--format", "json")
    return Written(outcome=outcome, directory=here / "out")


def refused(capsys: pytest.CaptureFixture[str], here: Path, *words: object) -> str:
    """What is said of what cannot be used: one line, nothing on stdout, and no file of a report."""
    outcome = call(capsys, "report", *words, "--output-dir", here / "out")
    assert (outcome.code, outcome.out) == (2, "")
    assert not (here / "out").exists()
    assert outcome.err.count("\n") == 1
    return outcome.err


class TestRecords:
    """What a report is made of."""

    def test_without_records_it_says_that_nothing_was_measured(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Documents, data and pictures; no order of sellers."""
        report = made(capsys, here)
        assert (report.outcome.code, report.outcome.json["verdict"]) == (0, "conforms")
        assert report.outcome.err.startswith(f"wrote {here / 'out' / 'report.html'}, ")
        assert report.outcome.err.count("\n") == 1
        for name in ("report.html", "report.md"):
            assert "no API was measured" in report.text(name)
        assert "No run of a benchmark was given." in report.text("report.md")
        assert (report.document["since"], report.document["decision"]["measured"]) == (None, [])
        statuses = {r["status"] for g in report.document["decision"]["groups"] for r in g["rankings"]}
        assert statuses == {"no live data"}
        figures = {path.name for path in (here / "out" / "figures").iterdir()}
        assert {"estimates.svg", "estimates.png", "conformance.svg", "conformance.png"} <= figures
        assert {name[:-4] for name in figures if name.endswith(".svg")} == {
            name[:-4] for name in figures if name.endswith(".png")
        }

    def test_records_of_every_kind_are_read_together(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A run that stands in several of them counts once; what is wrong in the traffic is found."""
        runs = [a_run(name) for name in ("one", "two", "three", "four")]
        url = as_store(here / "history.sqlite", runs[3])
        records = (
            as_bench(here / "run.json", runs[0]),
            as_history(here / "history.json", *runs[:2]),
            as_lines(here / "run.jsonl", runs[2]),
            url,
            as_trial(here / "trial.json"),
            as_cassettes(here / "cassettes"),
        )
        report = made(capsys, here, *records)
        assert report.outcome.code == 1
        assert (NOVITA, "response.required", "/task_id") in report.outcome.findings
        decision = report.document["decision"]
        (measured,) = decision["measured"]
        assert set(measured["runs"]) == {"one", "two", "three", "four"}
        assert {line["jobs"] for line in measured["providers"]} == {24}
        assert [(job["model"], job["file"]) for job in decision["trials"]] == [
            (NOVITA, str(here / "trial.json"))
        ]
        statuses = {r["status"] for r in decision["groups"][0]["rankings"]}
        assert statuses == {"simulated figures"}
        assert "concluding from 4 runs with 72 jobs\n" in report.outcome.err
        assert "| Novita | poll | simulated |" in report.text("report.md")

    def test_live_jobs_are_figures_with_their_place(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Each names the member of report.json that it rests on."""
        path = as_bench(here / "run.json", a_run("live", provenance=Provenance.LIVE, blocks=20))
        document = made(capsys, here, path).document
        vendors = {one["model"]: one for one in document["decision"]["groups"][0]["vendors"]}
        latency = next(line for line in vendors[NOVITA]["evidence"] if line["criterion"] == "latency")
        assert latency["basis"] == "live"
        assert latency["low"] < latency["value"] < latency["high"]
        assert latency["where"][0].startswith("/decision/measured/0/providers/")


class TestRefusals:
    """What cannot be used is refused before anything is written."""

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            (
                "report.json",
                '{"schema": "harness.run/1"}',
                "this is a report, not a record; --against holds this one against it",
            ),
            (
                "bench.json",
                '{"schema": "harness.bench/1"}',
                "this is what was concluded from runs; give the runs themselves, each a file beside it",
            ),
            ("missing.json", None, "no such file or directory"),
            ("missing", None, "no such file or directory"),
            (
                "other.json",
                "{}",
                "it has neither 'log' nor 'interactions', so it is neither HAR nor cassette",
            ),
        ],
    )
    def test_a_file_that_is_no_record(
        self, here: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | None, message: str
    ) -> None:
        """One line says which, and why."""
        if content is not None:
            (here / name).write_text(content, encoding="utf-8")
        assert refused(capsys, here, here / name) == f"harness: {here / name}: {message}\n"

    @pytest.mark.parametrize(
        ("content", "place"),
        [
            ('{"schema": "harness.bench-record/1",\n "id": }', "2:8: not JSON: Expecting value"),
            ('{"schema": "harness.bench-record/1"', "1:36: not JSON: Expecting ',' delimiter"),
            (
                '{"schema": "harness.bench-record/1",\n "id": 7}',
                "2:8: id: expected a string, got 7",
            ),
            (
                '{"schema": "harness.trial/1",\n "messages": {}, "created_at": NaN}',
                "2:32: not strict JSON: not-finite, got 'NaN'",
            ),
        ],
    )
    def test_a_record_that_is_broken_is_located(
        self, here: Path, capsys: pytest.CaptureFixture[str], content: str, place: str
    ) -> None:
        """File, line and column."""
        (here / "run.json").write_text(content, encoding="utf-8")
        assert refused(capsys, here, here / "run.json").startswith(f"harness: {here / 'run.json'}:{place}")

    def test_a_history_that_is_not_there(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """None is made, either."""
        url = f"sqlite:///{here}/none.sqlite"
        assert refused(capsys, here, url) == (f"harness: no history at {url}: nothing was measured into it\n")
        assert not list(here.iterdir())

    def test_a_fault_leaves_an_older_report_as_it_was(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Nothing of it is replaced by half of a new one."""
        (here / "out").mkdir()
        (here / "out" / "report.json").write_text("old", encoding="utf-8")
        outcome = call(capsys, "report", here / "none.json", "--output-dir", here / "out")
        assert outcome.code == 2
        assert [(path.name, path.read_text()) for path in (here / "out").iterdir()] == [
            ("report.json", "old")
        ]

    @pytest.mark.parametrize(
        ("library", "what"), [("numpy", "a run of a benchmark"), ("sqlalchemy", "a history")]
    )
    def test_without_a_library_its_extra_is_named(
        self,
        here: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        library: str,
        what: str,
    ) -> None:
        """Instead of a traceback."""
        run = a_run("one", blocks=1)
        record = (
            as_bench(here / "run.json", run) if library == "numpy" else as_store(here / "history.sqlite", run)
        )
        monkeypatch.setattr("harness.cli.records.find_spec", lambda name: None if name == library else name)
        assert refused(capsys, here, record) == (
            f"harness: report: {what} needs {library}: pip install 'video-api-harness[bench]'\n"
        )

    def test_a_place_that_cannot_be_written(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing on stdout."""
        (here / "file").write_text("")
        outcome = call(capsys, "report", "--output-dir", here / "file")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err in (
            f"harness: {here / 'file'}: {why}\n" for why in ("File exists", "Not a directory")
        )


class TestWishes:
    """What the sellers are compared for."""

    def test_a_request_and_a_need_of_ones_own(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """They take the place of what is assumed, and of harness.yaml."""
        (here / "harness.yaml").write_text(USE, encoding="utf-8")
        (here / "fox.json").write_text('{"prompt": "a fox", "duration_s": 5}', encoding="utf-8")
        report = made(capsys, here, "--request", here / "fox.json", "--needs", "webhook", "--needs", "poll")
        (wish,) = report.document["decision"]["wishes"]
        assert wish == {
            **wish,
            "name": "fox",
            "words": {"prompt": "a fox", "duration_s": 5},
            "needs": ["poll", "webhook"],
            "origin": str(here / "fox.json"),
            "assumed": False,
        }
        text = report.text("report.md")
        assert 'prompt "a fox", duration (s) 5; the end told by poll and webhook\n' in text
        assert "No request of your own" not in text

    def test_files_of_one_name_are_told_apart(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """By their directories; one that is given twice counts once. A profile may be named like ours."""
        files = [here / name / "fox.json" for name in ("a", "b")]
        for number, file in enumerate(files, start=1):
            file.parent.mkdir()
            file.write_text(json.dumps({"prompt": "a fox", "duration_s": 5 * number}), encoding="utf-8")
        profile = here / "safest.yaml"
        profile.write_text("format: 1\ntitle: Mine\nweights: {latency: 5}\n", encoding="utf-8")
        asked = [word for file in (*files, files[0]) for word in ("--request", file)]
        decision = made(capsys, here, *asked, "--profile", profile).document["decision"]
        assert [wish["name"] for wish in decision["wishes"]] == [str(file) for file in files]
        ids = [ranking["profile"] for ranking in decision["groups"][0]["rankings"]]
        assert ids == [str(profile), "fastest-first", "cheapest-integration", "safest"]

    def test_requests_of_the_user_are_the_wishes(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Those of harness.yaml, with its line; a profile of one's own ranks first."""
        (here / "harness.yaml").write_text(USE, encoding="utf-8")
        (here / "mine.yaml").write_text("format: 1\ntitle: Mine\nweights: {latency: 5}\n", encoding="utf-8")
        decision = made(capsys, here, "--profile", here / "mine.yaml").document["decision"]
        (wish,) = decision["wishes"]
        assert (wish["name"], wish["words"]["duration_s"], wish["assumed"]) == ("teaser", 10, False)
        assert wish["origin"].endswith("harness.yaml:5")
        assert [r["profile"] for r in decision["groups"][0]["rankings"]] == [
            *("mine", "fastest-first", "cheapest-integration", "safest"),
        ]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ('{"prompt": "a", "duration": 5}', ": /duration: no canonical word; did you mean duration_s?"),
            ('{"prompt": "a",\n "prompt": "b"}', ":2:2: /prompt: duplicate key"),
            ("[1]", ": expected an object of canonical words, got array"),
            ('{"duration_s": "5"}', ": /duration_s: expected a number, got string"),
            ('{"prompt": }', ":1:12: not JSON: expected a value, got '}'"),
        ],
    )
    def test_a_request_that_is_not_canonical(
        self, here: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
    ) -> None:
        """Which word, and what was meant."""
        (here / "fox.json").write_text(content, encoding="utf-8")
        told = refused(capsys, here, "--request", here / "fox.json")
        assert told == f"harness: {here / 'fox.json'}{message}\n"

    def test_a_way_that_there_is_not(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Usage."""
        assert refused(capsys, here, "--needs", "carrier").startswith(
            "harness report: argument --needs: invalid choice: 'carrier'"
        )


class TestProfiles:
    """Whose weights rank first."""

    def test_one_that_is_not_known(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Those that are, are named."""
        assert refused(capsys, here, "--profile", "nobody") == (
            "harness: no profile 'nobody'; shipped: fastest-first, cheapest-integration, safest, or a file\n"
        )
        assert refused(capsys, here, "--profile", here / "none.yaml") == (
            f"harness: {here / 'none.yaml'}: No such file or directory\n"
        )

    @pytest.mark.parametrize(
        ("weights", "fault"),
        [
            ("{latency: 5, beauty: 1}", "3:23: /weights: unknown key 'beauty'; known here: availability, "),
            ("{latency: 0}", "3:10: /weights: expected a weight above 0 for at least one criterion\n"),
        ],
    )
    def test_a_fault_in_one_is_located(
        self, here: Path, capsys: pytest.CaptureFixture[str], weights: str, fault: str
    ) -> None:
        """File, line and column."""
        path = here / "mine.yaml"
        path.write_text(f"format: 1\ntitle: Mine\nweights: {weights}\n", encoding="utf-8")
        assert refused(capsys, here, "--profile", path).startswith(f"harness: {path}:{fault}")


class TestAgainst:
    """`--against`."""

    def test_what_changed_since_an_earlier_report(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The earlier one may be the one that is replaced."""
        first = made(capsys, here)
        document = first.document
        document["endpoints"][0]["facts"][3]["value"] = "something else"
        document["endpoints"].pop(2)
        old = here / "out" / "report.json"
        old.write_text(json.dumps(document), encoding="utf-8")
        second = made(capsys, here, "--against", old)
        since = second.document["since"]
        assert second.outcome.code == 0
        assert (since["unchanged"], since["decided"], len(since["came"])) == (False, True, 1)
        (fact,) = since["facts"]
        assert (fact["model"], fact["then"]["value"]) == (AIML, "something else")
        for name in ("report.html", "report.md"):
            assert "1 endpoint came and 1 fact changed." in second.text(name)

    def test_nothing_changed(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A report of `harness run` will do; so will one of a release that knew of no decision."""
        call(capsys, "run", "--output-dir", here / "old")
        old = here / "old" / "report.json"
        document = json.loads(old.read_bytes())
        del document["decision"]
        old.write_text(json.dumps(document), encoding="utf-8")
        report = made(capsys, here, "--against", old)
        assert report.document["since"]["unchanged"] is True
        for name in ("report.html", "report.md"):
            assert "Nothing changed since the report that was made " in report.text(name)
            assert "so figures and rankings are not compared." in report.text(name)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (
                '{"schema": "harness.bench/1"}',
                ":1:12: schema: expected 'harness.run/1' (a report.json of harness run or harness report), "
                "got 'harness.bench/1'",
            ),
            ('{"schema": }', ":1:12: not JSON: expected a value, got '}'"),
            (None, ": No such file or directory"),
        ],
    )
    def test_what_is_no_report_is_refused(
        self, here: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
    ) -> None:
        """With its place, what was expected and what was there."""
        path = here / "old.json"
        if content is not None:
            path.write_text(content, encoding="utf-8")
        assert refused(capsys, here, "--against", path) == f"harness: {path}{message}\n"
