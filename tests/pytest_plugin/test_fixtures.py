"""The fixtures: a spec, a simulator, a client, a cassette."""

from __future__ import annotations

import socket

from tests.pytest_plugin.projects import MODEL, NOVITA, PLACES, User, cassette_text
from tests.simulator.serving import serving


def test_a_test_runs_once_for_each_model_of_the_users(user: User) -> None:
    """Without a directory, for each shipped one; with the marker, for those that it names."""
    user.tests(
        "import pytest\n"
        "def test_own(provider_spec): assert provider_spec.provider.name == 'Example'\n"
        "@pytest.mark.provider('kling-v2.6-pro-t2v', 'oxen')\n"
        "def test_named(provider_spec): assert provider_spec.model.version == '2.6'\n"
    )
    user.spec()
    result = user.run("-v", "--harness-specs", "specs", "test_own.py")
    result.stdout.fnmatch_lines_random(
        [
            f"test_own.py::test_own?{MODEL}? PASSED*",
            f"test_own.py::test_named?{NOVITA}? PASSED*",
            "test_own.py::test_named?oxen/kling-video-v2-6-pro-text-to-video? PASSED*",
        ]
    )


def test_a_model_that_is_not_there_is_an_error_of_the_collection(user: User) -> None:
    """With what is there, and without a traceback."""
    user.tests("import pytest\n@pytest.mark.provider('nobody')\ndef test_it(provider_spec): pass\n")
    result = user.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["no model 'nobody'; known: *"])
    assert "Traceback" not in result.stdout.str()
    assert "pluggy" not in result.stdout.str().split("= ERRORS =")[1]


CLIENT = f"""
import pytest

pytestmark = pytest.mark.provider("{NOVITA}")

def test_a_job(provider_client, simulator):
    result = provider_client.run(provider_client.body(duration_s=10))
    assert result.outcome == "succeeded" and not result.findings
    assert provider_client.fetch(result.output).size_bytes > 1000
    assert [job["model"] for job in simulator.jobs] == ["{NOVITA}"]

@pytest.mark.simulated("status-backwards", time_scale=100)
def test_a_fault(provider_client, simulator):
    handle = provider_client.submit()
    result = provider_client.wait(handle)
    assert [finding.rule.id for finding in result.findings] [:1] == ["job.went-backwards"]
    assert simulator.time_scale == 100

def test_a_word_that_is_not_there(provider_client):
    with pytest.raises(Exception, match="has no parameter for 'seconds'"):
        provider_client.body(seconds=5)
"""


def test_a_client_of_the_simulator(user: User) -> None:
    """A paid job's whole life, without a key, without `await`, without money."""
    user.tests(CLIENT)
    user.run().assert_outcomes(passed=3)


def test_a_live_client_makes_the_jobs_that_it_was_granted(user: User) -> None:
    """The budget of the harness refuses one more, and the jobs are in the journal of the command line."""
    user.tests(
        "import pytest\n"
        "from harness.errors import BudgetError\n"
        "pytestmark = pytest.mark.provider('kling-v2.6-pro-t2v')\n"
        "@pytest.mark.paid(max_jobs=1)\n"
        "def test_paid(provider_client):\n"
        "    assert provider_client.is_live\n"
        "    provider_client.submit()\n"
        "    with pytest.raises(BudgetError, match='1 of 1 jobs are reserved or spent'):\n"
        "        provider_client.submit()\n"
        "@pytest.mark.live\n"
        "def test_live(provider_client):\n"
        "    with pytest.raises(BudgetError, match='0 of 0 jobs are reserved or spent'):\n"
        "        provider_client.submit()\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = f"changes: {{server: {{url: 'http://127.0.0.1:{port}'}}}}"
    with serving(models=(NOVITA,), port=port) as served:
        user.spec(f"format: 1\noverlays: {NOVITA}\ntitle: here\n{server}\n", name="here.yaml")
        user.pytester.makefile(
            ".yaml",
            harness=f"format: 1\nmodels: {{{NOVITA}: {{}}}}\n"
            f"credentials: {{novita: {{variable: NOVITA_API_KEY, hosts: ['127.0.0.1:{port}']}}}}\n",
        )
        result = user.run("--harness-live", "--harness-max-jobs", "1", *PLACES[:2], "test_own.py")
        result.assert_outcomes(passed=3, skipped=4)
        assert len(served.ledger()["jobs"]) == 1
    assert (user.home / ".harness" / "journal.sqlite").exists()


PLAYED = """
import httpx, pytest

def ask(): return httpx.get("https://api.example.com/v1/videos/job-1").json()["status"]

@pytest.mark.recorded("job.yaml")
def test_named(cassette):
    assert ask() == "done"
    assert cassette.recording.exchanges[0].request.method == "POST"

def test_by_its_name(cassette): assert ask() == "done"

def test_missing(cassette): pass

@pytest.mark.recorded("job.yaml")
def test_not_held(cassette): httpx.get("https://api.example.com/v1/videos/job-2")
"""


def test_a_cassette_answers_and_nothing_else_does(user: User) -> None:
    """Record mode `none`: what is missing is an error, in words, and never a request."""
    user.tests(PLAYED)
    user.recording()
    user.recording(name="test_own/test_by_its_name.yaml")
    result = user.run("--harness-traffic", "cassettes", "test_own.py")
    outcomes = result.parseoutcomes()
    assert (outcomes["passed"], outcomes["failed"], outcomes["errors"]) == (2, 1, 1)
    result.stdout.fnmatch_lines_random(
        [
            "cassettes/test_own/test_missing.yaml: no such cassette",
            "E*cassettes/job.yaml: does not hold *",
        ]
    )


def test_once_records_what_is_missing_without_its_secrets(user: User) -> None:
    """For a live test alone; afterwards it is played, with the server gone."""
    with serving(models=(NOVITA,)) as served:
        caller = served.caller(NOVITA)
        url = f"{caller.base_url}/v3/async/task-result?task_id=none"
        user.tests(
            "import httpx, pytest\n"
            "@pytest.mark.live\n"
            "def test_it(cassette):\n"
            f"    answer = httpx.get({url!r}, headers={{'Authorization': 'Bearer sk-0123456789abcdef'}})\n"
            "    assert answer.status_code == 404\n"
        )
        none = user.run("--harness-live")
        none.assert_outcomes(errors=1)
        user.run("--harness-live", "--harness-record-mode", "once").assert_outcomes(passed=1)
    written = (user.home / "cassettes" / "test_own" / "test_it.yaml").read_text(encoding="utf-8")
    assert "sk-0123456789abcdef" not in written
    assert "REDACTED" in written
    user.run("--harness-live").assert_outcomes(passed=1)


def test_a_recording_of_a_job_is_of_use_to_both(user: User) -> None:
    """What answers a test is judged as traffic, too."""
    user.spec()
    user.tests(PLAYED.split("def test_by_its_name", maxsplit=1)[0])
    user.recording(cassette_text())
    user.run("test_own.py", *PLACES).assert_outcomes(passed=7)
