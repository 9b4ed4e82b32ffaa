"""`harness doctor`: what is there to work with. It shows no key and spends nothing."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from harness.cli.commands.doctor import EXTRAS
from harness.spec.store import SpecStore
from tests.cli.calling import Outcome, call
from tests.shipped import BASELINES

KEY = "key-of-the-doctor-0123"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, and no keys."""
    monkeypatch.chdir(tmp_path)
    for slot in {SpecStore().get(model).provider.credential for model in BASELINES}:
        monkeypatch.delenv(f"{slot.upper()}_API_KEY", raising=False)
    return tmp_path


def checks(outcome: Outcome) -> dict[tuple[str, str], tuple[str, str]]:
    """(area, name) -> (status, detail)."""
    rows: list[dict[str, Any]] = outcome.json["checks"]
    return {(row["area"], row["name"]): (row["status"], row["detail"]) for row in rows}


def test_without_a_key_everything_else_works(capsys):
    """Exit 0; the simulator is what to run next; nothing is written."""
    seen = call(capsys, "doctor", "--format", "json")
    assert (seen.code, seen.json["schema"]) == (0, "harness.doctor/1")
    found = checks(seen)
    assert found["key", "novita"] == ("missing", "NOVITA_API_KEY is not set")
    assert found["host", "api.novita.ai"] == ("not tried", "say --online to connect to it; nothing is sent")
    assert found["specs", "specs"] == ("ok", "5 models of 4 providers")
    assert found["place", "journal"] == ("ok", ".harness/journal.sqlite is not there yet and can be written")
    assert "harness simulate" in seen.json["next"]
    assert list(Path().iterdir()) == []


def test_a_key_is_told_and_never_shown(capsys, monkeypatch):
    """Where it goes, and the command that uses it."""
    monkeypatch.setenv("NOVITA_API_KEY", KEY)
    for form in ("text", "json"):
        seen = call(capsys, "doctor", "--format", form)
        assert seen.code == 0
        assert KEY not in seen.out + seen.err
    assert checks(seen)["key", "novita"] == ("ok", "NOVITA_API_KEY is set; it goes to api.novita.ai alone")
    assert seen.json["next"][-1] == (
        "harness record novita/kling-v1.6-t2v --to cassettes --live --max-jobs 1"
    )


@pytest.mark.parametrize(
    ("key", "status", "detail"),
    [
        ("a key", "failed", "NOVITA_API_KEY holds spaces or characters that no key has"),
        ("key\n", "failed", "NOVITA_API_KEY holds spaces or characters that no key has"),
        (
            "short",
            "ok",
            "NOVITA_API_KEY is set; it goes to api.novita.ai alone; it is too short to be told from other "
            "text, so recordings hide it by name alone",
        ),
    ],
)
def test_a_key_that_cannot_be_one_is_told(capsys, monkeypatch, key, status, detail):
    """A line end that came along with a copy is a common fault."""
    monkeypatch.setenv("NOVITA_API_KEY", key)
    seen = call(capsys, "doctor", "--format", "json")
    assert checks(seen)["key", "novita"] == (status, detail)
    assert seen.code == (3 if status == "failed" else 0)


def test_hosts_are_reached_when_asked(capsys, monkeypatch):
    """By a connection that is opened and closed; one that is not reached makes it inconclusive."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        Path("harness.yaml").write_text(
            "format: 1\nmodels: {novita/kling-v2.6-pro-t2v: {}}\ncredentials:\n"
            + "".join(
                f"  {slot}: {{variable: X_{slot.upper()}, hosts: ['127.0.0.1:{port}']}}\n"
                for slot in ("aimlapi", "eachlabs", "novita", "oxen")
            )
        )
        seen = call(capsys, "doctor", "--online", "--format", "json")
        assert (seen.code, seen.err) == (0, "")
        assert checks(seen)["host", f"127.0.0.1:{port}"] == ("ok", "reached at 127.0.0.1")
        assert checks(seen)["key", "oxen"] == ("missing", "X_OXEN is not set")
    seen = call(capsys, "doctor", "--online", "--format", "json")
    assert seen.code == 3
    assert checks(seen)["host", f"127.0.0.1:{port}"] == ("failed", "not reached: Connection refused")


def test_a_missing_extra_says_which_install_brings_it(capsys, monkeypatch):
    """And that is what to run first."""
    monkeypatch.setattr("harness.cli.commands.doctor.find_spec", lambda name: None if name == "av" else name)
    seen = call(capsys, "doctor", "--format", "json")
    assert checks(seen)["extra", "simulator"] == (
        "missing",
        "av not found: pip install 'video-api-harness[simulator]'",
    )
    assert checks(seen)["extra", "live"][0] == "ok"
    assert seen.json["next"][0] == "pip install 'video-api-harness[simulator]'"


def test_the_extras_are_those_of_the_package():
    """What is looked for is what an install brings."""
    import tomllib

    from tests.shared import PROJECT

    with (PROJECT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    assert set(EXTRAS) == set(extras) - {"test", "dev"}
    for name, modules in EXTRAS.items():
        required = {requirement.split(">=")[0].split("[")[0] for requirement in extras[name]}
        assert required - {"video-api-harness"} == set(modules.values())


def test_an_extra_for_few_is_told_and_not_pressed_upon_all(capsys, monkeypatch):
    """It is named where it is missing, and is no next step."""
    monkeypatch.setattr(
        "harness.cli.commands.doctor.find_spec", lambda name: None if name == "pyarrow" else name
    )
    seen = call(capsys, "doctor", "--format", "json")
    assert checks(seen)["extra", "parquet"] == (
        "missing",
        "pyarrow not found: pip install 'video-api-harness[parquet]'",
    )
    assert "pip install 'video-api-harness[parquet]'" not in seen.json["next"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_is_told_by_its_rights(capsys, tmp_path):
    """Before a job is paid for."""
    tmp_path.chmod(0o500)
    seen = call(capsys, "doctor", "--format", "json")
    tmp_path.chmod(0o700)
    assert (seen.code, checks(seen)["place", "journal"][0]) == (3, "failed")


def test_a_place_that_is_no_directory_is_told(capsys):
    """Before a job is paid for."""
    Path(".harness").write_text("")
    seen = call(capsys, "doctor", "--format", "json")
    assert seen.code == 3
    assert checks(seen)["place", "journal"] == ("failed", ".harness/journal.sqlite: Not a directory")


def test_open_jobs_come_first(capsys):
    """Where there is a journal, it is looked at before anything new is paid for."""
    Path(".harness").mkdir()
    Path(".harness/journal.sqlite").touch()
    seen = call(capsys, "doctor", "--format", "json")
    assert seen.json["next"][:2] == ["harness jobs", "harness resume"]
    assert checks(seen)["place", "journal"][1] == ".harness/journal.sqlite is there and can be written"


def test_broken_specs_are_told(capsys, tmp_path):
    """The place of the fault is in the detail."""
    (tmp_path / "specs" / "a").mkdir(parents=True)
    (tmp_path / "specs" / "a" / "b.yaml").write_text("format: 1\n")
    seen = call(capsys, "doctor", "--specs", "specs", "--format", "json")
    assert seen.code == 3
    status, detail = checks(seen)["specs", "specs"]
    assert (status, detail.startswith("specs/a/b.yaml:1:1: ")) == ("failed", True)


def test_as_text_it_is_one_line_each(capsys):
    """And the commands to run next below."""
    seen = call(capsys, "doctor")
    lines = seen.out.splitlines()
    assert "missing    key      novita: NOVITA_API_KEY is not set" in lines
    assert lines[lines.index("next:") + 1] == "  harness run"
