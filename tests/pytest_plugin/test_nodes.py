"""Specs and recorded traffic as tests: what is collected, what passes, what fails, and in which words."""

from __future__ import annotations

import pytest

from tests.minimal import edited
from tests.pytest_plugin.projects import MODEL, NOVITA, PLACES, User, cassette_text
from tests.shared import PROJECT

SPEC = f"specs/{MODEL}.yaml"
WAIVERS = f"""format: 1
waivers:
  363e5e6ab016:
    reason: we know
    until: "2999-01-01"
    rule: request.enum
    model: {MODEL}
    operation: submit
    direction: request
    field: /duration
    facet: enum
"""
FAMILIES = ("spec", "request", "response", "job", "recordings")


def test_one_spec_and_one_directory_of_recordings_pass_and_then_fail(user: User) -> None:
    """A user's project without a line of Python: green as recorded, red once it was tampered with."""
    user.spec()
    user.recording()
    good = user.run_alone(*PLACES)
    good.assert_outcomes(passed=6)
    assert good.ret == pytest.ExitCode.OK
    tampered = cassette_text(poll={"id": "job-1", "status": "finished"})
    user.recording(tampered)
    bad = user.run_alone(*PLACES)
    bad.assert_outcomes(passed=5, failed=1)
    assert bad.ret == pytest.ExitCode.TESTS_FAILED
    bad.stdout.fnmatch_lines(
        [
            f"{MODEL}: response: 1 finding",
            'cassettes/job.yaml#1: error: /status: expected one of "waiting", "done", "broken", '
            'got "finished" *response.enum*',
            "  pointer   /status (poll response)",
            "  facet     enum",
            '  expected  *"waiting", "done", "broken"*',
            '  observed  "finished"',
            f"  source    {SPEC}:78:36 (page#Read, answer)",
            "  curl      curl -sS https://api.example.com/v1/videos/job-1 -H "
            '"Authorization: Bearer $EXAMPLE_API_KEY"',
            "  more      harness explain response.enum",
        ]
    )
    assert "Traceback" not in bad.stdout.str()


def test_what_is_collected(user: User) -> None:
    """One test for each family of rules, at the file of the model; `--co` runs none."""
    user.spec()
    user.recording()
    result = user.run("--co", "-q", *PLACES)
    names = [line for line in result.outlines if "::" in line]
    assert names == ["cassettes::matched", *(f"{SPEC}::{family}" for family in FAMILIES)]


def test_one_family_is_run_by_its_name(user: User) -> None:
    """A test of the plugin's is named on the command line as any other."""
    user.spec()
    user.recording()
    user.pytester.makeini("[pytest]\nharness_specs = specs\nharness_traffic = cassettes\n")
    user.run(f"{SPEC}::job").assert_outcomes(passed=1)


def test_the_ini_file_names_the_places(user: User) -> None:
    """As testpaths does: where the command line names other places, only those are run."""
    user.spec()
    user.recording()
    user.tests("def test_own(): pass")
    user.pytester.makeini(
        "[pytest]\ntestpaths = test_own.py\nharness_specs = specs\nharness_traffic = cassettes\n"
    )
    user.run().assert_outcomes(passed=7)
    user.run("test_own.py").assert_outcomes(passed=1)


def test_options_add_to_what_is_named(user: User) -> None:
    """A directory given as an option is collected beside the tests that are named."""
    user.spec()
    user.recording()
    user.tests("def test_own(): pass")
    user.run("test_own.py", *PLACES).assert_outcomes(passed=7)


def test_without_a_recording_nothing_is_green_but_the_spec(user: User) -> None:
    """Nothing observed is inconclusive: skipped with the reason, or failed where that was asked for."""
    user.spec()
    skipped = user.run("-rs", *PLACES[:2])
    skipped.assert_outcomes(passed=1, skipped=4)
    reason = f"nothing was observed: no recorded traffic was named for {MODEL} (--harness-traffic)"
    skipped.stdout.fnmatch_lines([f"SKIPPED * {SPEC}:1: inconclusive: {reason}"])
    user.run("--harness-inconclusive", "fail", *PLACES[:2]).assert_outcomes(passed=1, failed=4)


def test_a_family_of_which_nothing_was_recorded_is_skipped(user: User) -> None:
    """A poll alone says nothing of requests."""
    user.spec()
    of_another = cassette_text().replace('"POST"', '"GET"').replace('/v1/videos"', '/v1/videos/job-2"')
    user.recording(of_another.replace('"code": 201', '"code": 404'))
    result = user.run("-v", *PLACES)
    result.stdout.fnmatch_lines([f"{SPEC}::request SKIPPED*", f"{SPEC}::response PASSED*"])


def test_what_is_nobodys_is_not_passed_over(user: User) -> None:
    """Traffic of a server that no spec has: no model's test sees it, so one of its own says so."""
    user.spec()
    user.recording(cassette_text(server="https://api.elsewhere.example"))
    result = user.run("-rs", *PLACES)
    result.assert_outcomes(passed=1, skipped=5)
    result.stdout.fnmatch_lines(["*no spec has the server https://api.elsewhere.example*"])


def test_an_outage_is_inconclusive(user: User) -> None:
    """A 503 says nothing of the contract: neither pass nor failure."""
    user.spec()
    user.recording(cassette_text().replace('"code": 200', '"code": 503'))
    result = user.run("-v", "-rs", *PLACES)
    result.stdout.fnmatch_lines([f"{SPEC}::recordings SKIPPED*"])
    result.stdout.fnmatch_lines(["*inconclusive: poll: status 503; nothing can be said of the contract"])


def test_a_broken_spec_is_an_error_of_the_collection(user: User) -> None:
    """With the place in the file, and without a traceback."""
    user.spec("format: 1\nid: on\n")
    result = user.run(*PLACES[:2])
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"{SPEC}:2:5: *"])
    assert "Traceback" not in result.stdout.str()


def test_a_faulty_spec_fails_its_own_test(user: User) -> None:
    """What `harness lint` says of it."""
    user.spec(edited(("            default: 5", "            default: 7")))
    user.recording()
    result = user.run(*PLACES)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines([f"{MODEL}: spec: *", f"{SPEC}:*: error: *spec.default-invalid*"])


def test_a_recording_that_cannot_be_read_is_an_error_of_the_collection(user: User) -> None:
    """A cassette cut short is no pass; whoever goes on all the same sees each of its tests fail of it."""
    user.spec()
    user.recording(cassette_text()[:-20])
    result = user.run(*PLACES)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["cassettes/job.yaml:*: vcrpy cannot load this cassette: *"])
    result = user.run("--continue-on-collection-errors", *PLACES)
    result.assert_outcomes(passed=1, failed=4, errors=1)
    assert "Traceback" not in result.stdout.str()


def test_a_directory_that_is_not_there_is_bad_usage(user: User) -> None:
    """Before anything is collected."""
    result = user.run("--harness-specs", "nowhere")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --harness-specs: nowhere: no such directory"])
    result = user.run("--harness-traffic", "nowhere")
    result.stderr.fnmatch_lines(["ERROR: --harness-traffic: nowhere: no such file or directory"])


def test_an_overlay_of_a_shipped_spec_is_a_spec_of_the_users(user: User) -> None:
    """It brings the tests of the model that it patches."""
    changes = "changes: {operations: {submit: {request: {schema: {properties: {duration: {enum: [5]}}}}}}}"
    user.spec(f"format: 1\noverlays: {NOVITA}\ntitle: ours\n{changes}\n", name="ours.yaml")
    result = user.run("--co", "-q", "--harness-specs", "specs")
    names = [line for line in result.outlines if "::" in line]
    assert names == [f"specs/ours.yaml::{family}" for family in FAMILIES]


def test_traffic_of_a_shipped_model_needs_no_spec(user: User) -> None:
    """Its tests stand at the place of the traffic; a single file may be named, too."""
    recorded = PROJECT / "cassettes" / "simulated" / NOVITA / "success-poll.yaml"
    user.recording(recorded.read_text(encoding="utf-8"))
    names = [f"{NOVITA}::{family}" for family in FAMILIES[1:]]
    for place in ("cassettes", "cassettes/job.yaml"):
        result = user.run("-v", "--harness-traffic", place)
        result.assert_outcomes(passed=5)
        result.stdout.fnmatch_lines(
            [*(f"{place}::{name} PASSED*" for name in names), f"{place}::matched PASSED*"]
        )


def test_fail_on_warning(user: User) -> None:
    """The severity from which on a finding fails its test is the user's to choose."""
    user.spec()
    user.recording(cassette_text().replace("application/json", "text/plain"))
    user.run(*PLACES).assert_outcomes(passed=6)
    result = user.run("--harness-fail-on", "warning", *PLACES)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["*warning: *response.content-type*"])


def test_it_works_on_several_processes_and_without_shuffling(user: User) -> None:
    """`-n auto`, `-p no:randomly`: the same tests come to the same."""
    user.spec()
    user.recording(cassette_text(request={"prompt": "a fox", "duration": 7}))
    result = user.run_alone("-n", "auto", "-p", "no:randomly", *PLACES)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        ["*/duration: expected one of 5, 10, got 7 *request.enum*", "  curl *--data-raw*"]
    )


def test_what_was_waived_fails_nothing_and_a_waiver_without_a_finding_is_told(user: User) -> None:
    """The user's waivers.yaml counts, from both sides."""
    user.spec()
    user.recording(cassette_text(request={"prompt": "a fox", "duration": 7}))
    user.run(*PLACES).assert_outcomes(passed=5, failed=1)
    (user.home / "waivers.yaml").write_text(WAIVERS, encoding="utf-8")
    user.run(*PLACES).assert_outcomes(passed=6)
    user.recording()
    user.run(*PLACES).assert_outcomes(passed=6)
    result = user.run("--harness-fail-on", "warning", *PLACES)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["cassettes: every exchange is a model's: 1 finding", "*waiver.unused*"])


def test_a_configuration_that_is_not_there_fails_what_rests_on_it(user: User) -> None:
    """In words."""
    user.spec()
    user.recording()
    result = user.run("--harness-config", "nowhere.yaml", "--continue-on-collection-errors", *PLACES)
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["nowhere.yaml: No such file or directory"])
    assert "Traceback" not in result.stdout.str()
