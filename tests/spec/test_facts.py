"""A spec as a flat list of facts: nothing stated is left out, nothing silent is made up."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from harness.finding import Direction
from harness.spec.facts import CONSTRAINTS, FACETS, Address, Fact, facts, plain
from harness.spec.model import JobState, Price, Spec, State
from harness.spec.store import SpecStore
from tests.minimal import MINIMAL, minimal
from tests.shipped import REFERENCES

SPEC, REQUEST, RESPONSE = Direction.SPEC, Direction.REQUEST, Direction.RESPONSE
WEBHOOK, EVENT = Direction.WEBHOOK, Direction.EVENT
REQUEST_AT = "/operations/submit/request/schema/properties"


def table(
    spec: Spec, direction: Direction, operation: str | None = None, status: str | None = None
) -> dict[tuple[str, str], Any]:
    """(field, facet) -> value of the facts of one message; the state's word where there is no value."""
    wanted = (direction, operation, status)
    return {
        (f.address.field, f.address.facet): f.value if f.state is State.DOCUMENTED else f.state.value
        for f in facts(spec)
        if (f.address.direction, f.address.operation, f.address.status) == wanted
    }


def one(spec: Spec, **address: Any) -> Fact:
    (found,) = (f for f in facts(spec) if all(getattr(f.address, k) == v for k, v in address.items()))
    return found


class TestAddress:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            (("submit", REQUEST, None, "/duration"), "submit request /duration"),
            (("poll", RESPONSE, "200", "/status"), "poll response 200 /status"),
            ((None, RESPONSE, "404", ""), "response 404"),
            ((None, SPEC, None, "/limits/rate"), "limits/rate"),
        ],
    )
    def test_its_subject_is_in_words(self, address: Any, words: str):
        """As a person names what the fact is about."""
        operation, direction, status, field = address
        subject = Address(
            operation=operation, direction=direction, status=status, field=field, facet="type"
        ).subject

        assert subject == words


class TestPlain:
    def test_a_value_of_the_model_is_json(self):
        """No dataclasses, enums, tuples or members that are None."""
        price = Price(currency="USD", unit="video", amount=0.35, operation=None, pointer=None)

        assert plain({"price": price, "states": (JobState.FAILED,)}) == {
            "price": {"currency": "USD", "unit": "video", "amount": 0.35},
            "states": ["failed"],
        }


class TestEndpoint:
    def test_everything_around_the_messages_is_listed(self):
        """Model, server, auth, limits, times, output and price, in one of three states each."""
        assert table(minimal(), SPEC) == {
            ("/model/family", "name"): "video",
            ("/model/version", "name"): "1",
            ("/model/tier", "name"): "undocumented",
            ("/model/name", "name"): "video-1",
            ("/server", "server"): "https://api.example.com",
            ("/auth", "auth"): {"scheme": "bearer", "header": "Authorization"},
            ("/limits/rate", "rate"): {
                "requests": 100,
                "per_s": 60,
                "operation": "submit",
                "scope": "key",
            },
            ("/limits/concurrency", "concurrency"): "undocumented",
            ("/latency/page", "estimate"): {
                "kind": "estimate",
                "mode": "any",
                "min_s": 170,
                "max_s": 170,
                "open_ended": False,
                "scope": "model",
            },
            ("/latency/queue", "estimate"): {
                "kind": "range",
                "mode": "poll",
                "min_s": 60,
                "max_s": 300,
                "open_ended": False,
                "scope": "model",
            },
            ("/poll_interval/sample", "interval"): {"min_s": 5, "max_s": 5},
            ("/output/container", "container"): "mp4",
            ("/output/resolution", "resolution"): "absent",
            ("/output/url_lifetime_s", "lifetime"): 3600,
            ("/price", "price"): {"currency": "USD", "unit": "video", "amount": 0.35},
        }

    def test_silence_about_a_table_is_one_fact(self):
        """No latency, no poll interval and no webhook are said once each."""
        latency = MINIMAL[MINIMAL.index("latency:") : MINIMAL.index("\noutput:")]
        webhook = MINIMAL[MINIMAL.index("webhook:") : MINIMAL.index("\nerrors:")]
        found = table(
            minimal(
                (latency, "latency: undocumented\npoll_interval: undocumented"),
                (webhook, "webhook: undocumented"),
            ),
            SPEC,
        )

        assert {pair: found[pair] for pair in found if pair[0] in ("/latency", "/poll_interval")} == {
            ("/latency", "estimate"): "undocumented",
            ("/poll_interval", "interval"): "undocumented",
        }

    def test_an_undocumented_webhook_has_the_address_of_a_documented_one(self):
        """Whether there is a webhook is asked at one address, so that the two line up."""
        webhook = MINIMAL[MINIMAL.index("webhook:") : MINIMAL.index("\nerrors:")]
        silent = one(minimal((webhook, "webhook: undocumented")), direction=WEBHOOK, facet="presence")
        stated = one(minimal(), direction=WEBHOOK, field="", facet="presence", status=None)
        assert silent.address == stated.address
        assert (silent.state, stated.state) == (State.UNDOCUMENTED, State.DOCUMENTED)

    def test_undocumented_errors_are_one_fact(self):
        """A provider that says nothing of errors is seen to say nothing."""
        errors = MINIMAL[MINIMAL.index("\nerrors:") : MINIMAL.index("\nlimits:")]
        silent = one(minimal((errors, "\nerrors: undocumented")), field="/errors")
        assert silent.state is State.UNDOCUMENTED


class TestRequest:
    def test_every_property_is_listed_by_facet(self):
        """Stated keywords, absent ones, and the silences that a reader should see."""
        assert table(minimal(), REQUEST, "submit") == {
            ("", "presence"): True,
            ("", "method"): "POST",
            ("", "path"): "/v1/videos",
            ("", "validation"): {"at_submit": ["*"], "at_run": ["/duration"]},
            ("", "content_type"): "application/json",
            ("", "type"): "object",
            ("/prompt", "presence"): True,
            ("/prompt", "required"): True,
            ("/prompt", "type"): "string",
            ("/prompt", "default"): "undocumented",
            ("/prompt", "minLength"): 1,
            ("/prompt", "maxLength"): 500,
            ("/duration", "presence"): True,
            ("/duration", "required"): False,
            ("/duration", "type"): "integer",
            ("/duration", "default"): 5,
            ("/duration", "enum"): [5, 10],
            ("/aspect_ratio", "presence"): True,
            ("/aspect_ratio", "required"): False,
            ("/aspect_ratio", "type"): "string",
            ("/aspect_ratio", "default"): "absent",
            ("/aspect_ratio", "enum"): ["16:9", "1:1"],
            ("/guidance", "presence"): True,
            ("/guidance", "required"): False,
            ("/guidance", "type"): "number",
            ("/guidance", "default"): "undocumented",
            ("/guidance", "minimum"): 0,
            ("/guidance", "maximum"): 1,
            ("/callback_url", "presence"): True,
            ("/callback_url", "required"): False,
            ("/callback_url", "type"): "string",
            ("/callback_url", "default"): "undocumented",
            ("/callback_url", "maxLength"): "undocumented",
            ("/callback_url", "format"): "uri",
        }

    def test_absent_constraints_stand_for_each_of_them(self):
        """One word in x-absent says that there is none of six."""
        found = table(
            minimal(("maxLength: 500}", "x-absent: [constraints]}"), ("minLength: 1, ", "")),
            REQUEST,
            "submit",
        )

        assert {
            facet for (field, facet), value in found.items() if (field, value) == ("/prompt", "absent")
        } == {*CONSTRAINTS}

    @pytest.mark.parametrize(
        ("schema", "silent"),
        [
            ("{type: string}", {"default", "maxLength"}),
            ("{type: string, enum: [a]}", {"default"}),
            ("{type: boolean}", {"default"}),
            ("{type: integer, minimum: 1}", {"default", "maximum"}),
            ("{type: number, default: 1}", {"minimum", "maximum"}),
            ("{type: object}", set()),
            ("{description: whatever}", {"type", "default"}),
        ],
    )
    def test_which_silences_are_said_follows_from_the_type(self, schema: str, silent: set[str]):
        """A string has a length, a number a range, and each a default, about which a page may be silent."""
        spec = minimal(("{type: string, format: uri}", schema))
        found = table(spec, REQUEST, "submit")

        assert {
            facet
            for (field, facet), value in found.items()
            if (field, value) == ("/callback_url", "undocumented")
        } == silent

    def test_parameters_say_where_they_travel(self):
        """A path parameter and a body property of one name are two fields."""
        found = table(minimal(), REQUEST, "poll")

        assert {pair: found[pair] for pair in found if pair[0]} == {
            ("{path}/id", "presence"): True,
            ("{path}/id", "required"): True,
            ("{path}/id", "type"): "string",
        }

    def test_elements_and_branches_are_listed(self):
        """A field inside an array has a star; a branch adds what it states."""
        spec = minimal(
            (
                "{type: string, format: uri}",
                "{type: array, items: {type: object, properties: {a/b: {oneOf: [{maximum: 5}]}}}}",
            )
        )
        found = table(spec, REQUEST, "submit")

        assert found["/callback_url/*/a~1b", "presence"] is True
        assert found["/callback_url/*/a~1b", "maximum"] == 5
        assert one(spec, field="/callback_url/*/a~1b", facet="maximum").at == (
            f"{REQUEST_AT}/callback_url/items/properties/a~1b/oneOf/0/maximum"
        )

    def test_overrides_are_facts_of_the_operation(self):
        """Auth of its own, and silence about validation."""
        spec = minimal(
            (
                'validation: {at_submit: ["*"], at_run: [/duration], source: page#Create}',
                "validation: undocumented\n    auth: {scheme: api_key, header: X-Key}",
            ),
        )
        found = table(spec, REQUEST, "submit")

        assert (found["", "auth"], found["", "validation"]) == (
            {"scheme": "api_key", "header": "X-Key"},
            "undocumented",
        )


class TestResponse:
    def test_body_and_job_are_listed(self):
        """What the answer holds and where the job stands in it; silences of answers are not said."""
        found = table(minimal(), RESPONSE, "poll", "200")

        assert found["/videos/*/url", "type"] == "string"
        assert {pair: value for pair, value in found.items() if pair[1].startswith("job.")} == {
            ("", "job.id"): "/id",
            ("", "job.status"): "/status",
            ("", "job.output"): "/videos/0/url",
            ("", "job.progress_percent"): "/progress",
            ("", "job.error"): ["/error"],
            ("/waiting", "job.states"): "running",
            ("/done", "job.states"): "succeeded",
            ("/broken", "job.states"): "failed",
        }
        assert "undocumented" not in found.values()

    def test_a_word_with_a_slash_is_one_field(self):
        """Whatever a provider calls a state."""
        spec = minimal(("waiting: running", "waiting//now: running"))

        assert one(spec, facet="job.states", field="/waiting~1~1now").at == (
            "/operations/poll/responses/200/job/states/waiting~1~1now"
        )

    def test_the_rest_of_a_job_is_listed(self):
        """A state of the answer itself, times and evidence."""
        spec = minimal(
            (
                "job: {id: /id}",
                "job: {state: queued, eta_s: /e, output_ttl_s: /t, evidence: {started_at: /s}}",
            )
        )
        found = table(spec, RESPONSE, "submit", "201")

        assert {pair[1]: value for pair, value in found.items() if pair[1].startswith("job.")} == {
            "job.state": "queued",
            "job.eta_s": "/e",
            "job.output_ttl_s": "/t",
            "job.started_at": "/s",
        }

    def test_common_errors_belong_to_no_operation(self):
        """A body that is undocumented has no facts but that it is there."""
        assert table(minimal(), RESPONSE, None, "5XX") == {("", "presence"): True}
        assert table(minimal(), RESPONSE, None, "404") == {
            ("", "presence"): True,
            ("", "error_message"): "/message",
            ("", "type"): "object",
            ("/message", "presence"): True,
            ("/message", "required"): False,
            ("/message", "type"): "string",
        }


class TestWebhookAndEvents:
    def test_the_terms_of_a_webhook_are_listed(self):
        """With its payload and the words of its own vocabulary."""
        found = table(minimal(), WEBHOOK)

        assert {pair[1]: value for pair, value in found.items() if not pair[0]} == {
            "presence": True,
            "request_field": "/callback_url",
            "secret_field": "undocumented",
            "secret_header": "X-Secret",
            "answer_within_s": 30,
            "retries": {"attempts": 3, "spacing_s": 10},
            "states_without_delivery": ["cancelled"],
            "type": "object",
            "job.id": "/id",
            "job.status": "/state",
        }
        assert (found["/ok", "job.states"], found["/failed", "job.states"]) == ("succeeded", "failed")

    def test_a_stream_and_its_events_are_listed(self):
        """Each type of event is a message of its own."""
        spec = minimal(
            (
                "\nwebhook:\n",
                "  events:\n    method: GET\n    path: /e\n    source: page#E\n    responses:\n"
                '      "200":\n        stream: {buffered: false}\n'
                "        events: {job_done: {schema: {type: object}, job: {state: succeeded}}}\n\nwebhook:\n",
            )
        )

        assert table(spec, RESPONSE, "events", "200") == {
            ("", "presence"): True,
            ("", "stream"): {"buffered": False, "states_without_event": []},
        }
        assert table(spec, EVENT, "events", "job_done") == {
            ("", "presence"): True,
            ("", "type"): "object",
            ("", "job.state"): "succeeded",
        }


class TestEveryFact:
    def test_a_silence_has_no_source_and_no_value(self):
        """Undocumented is not null and rests on nothing."""
        silent = [f for f in facts(minimal()) if not f.is_stated]

        assert silent
        assert {(f.value, f.sources) for f in silent} == {(None, ())}

    def test_an_absence_is_stated_and_has_a_source(self):
        """A dash in a table is a statement."""
        fact = one(minimal(), field="/aspect_ratio", facet="default")

        assert (fact.state, fact.is_stated, fact.value) == (State.ABSENT, True, None)
        assert [str(ref) for ref in fact.sources] == ["page#Create, body"]

    def test_a_keyword_of_another_document_names_it(self):
        """`x-sources` gives one keyword a source of its own."""
        fact = one(minimal(), field="/guidance", facet="maximum")

        assert [str(ref) for ref in fact.sources] == ["forum#first answer"]

    @pytest.mark.parametrize("reference", REFERENCES)
    def test_no_two_facts_of_a_spec_have_one_address(self, store: SpecStore, reference: str):
        """An address stands for one statement, or specs could not be compared by it."""
        counted = Counter(fact.address for fact in facts(store.get(reference)))

        assert [address for address, times in counted.items() if times > 1] == []

    @pytest.mark.parametrize("reference", REFERENCES)
    def test_every_documented_fact_stands_where_it_says(self, store: SpecStore, reference: str):
        """`at` leads to the statement itself; being required and absence are said by the part around."""
        spec = store.get(reference)
        lost = [
            fact.at
            for fact in facts(spec)
            if fact.state is State.DOCUMENTED and fact.address.facet != "required"
            if spec.root.at(fact.at) is None
        ]

        assert lost == []

    def test_facets_are_named_once(self):
        """The list of facets is a table, too."""
        assert len(set(FACETS)) == len(FACETS)
