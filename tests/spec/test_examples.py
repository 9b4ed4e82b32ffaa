"""The examples of a spec, each with the name that a contradiction calls it by."""

from __future__ import annotations

from harness.spec.examples import example_sites
from harness.spec.model import Spec
from tests.minimal import MINIMAL, minimal

WITH_MORE = (
    (
        "\nwebhook:\n",
        "  events:\n    method: GET\n    path: /e\n    source: page#E\n    responses:\n"
        '      "200":\n        events:\n'
        "          job_done: {schema: {type: object}, examples: {sample: {value: {}, source: page#E}}}\n"
        "          ping: {schema: undocumented, examples: {sample: {value: {}, source: page#E}}}\n"
        "\nwebhook:\n",
    ),
    (
        "    job: {id: /id, status: /state,",
        "    examples: {paid: {value: {id: a}, source: page#W}}\n    job: {id: /id, status: /state,",
    ),
    (
        "    error_message: /message\n",
        "    error_message: /message\n    examples: {body: {value: {message: gone}, source: page#E}}\n",
    ),
)


def names(spec: Spec) -> list[str]:
    return [site.name for site in example_sites(spec)]


def test_every_example_with_a_schema_has_a_name():
    """By operation, error or webhook; where there is no schema there is nothing to judge."""
    assert names(minimal(*WITH_MORE)) == [
        "submit.request.minimal",
        "submit.request.sample",
        "submit.201.sample",
        "poll.200.done",
        "events.job_done.sample",
        "errors.404.body",
        "webhook.paid",
    ]


def test_names_are_unique():
    """A contradiction means one example."""
    found = names(minimal(*WITH_MORE))

    assert len(set(found)) == len(found)


def test_a_site_knows_its_schema_and_direction():
    """Only examples of requests are judged for unknown properties."""
    sites = {site.name: site for site in example_sites(minimal())}

    assert sites["submit.request.sample"].is_request
    assert "duration" in sites["submit.request.sample"].schema["properties"]
    assert not sites["poll.200.done"].is_request
    assert sites["poll.200.done"].example.value["status"] == "done"


def test_without_errors_and_webhook_there_are_fewer():
    """Silence has no examples."""
    webhook = MINIMAL[MINIMAL.index("webhook:") : MINIMAL.index("\nlimits:")]
    spec = minimal((webhook, "webhook: undocumented\nerrors: undocumented\n"))

    assert [name for name in names(spec) if name.startswith(("errors", "webhook"))] == []
