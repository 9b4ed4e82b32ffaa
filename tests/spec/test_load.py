"""A spec file becomes a frozen `Spec`; whatever the format does not know is refused at its place."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import SourceError
from harness.spec.load import build, load_text
from harness.spec.model import (
    Auth,
    Concurrency,
    Contradiction,
    Latency,
    Limits,
    Model,
    Output,
    PollInterval,
    Price,
    Provider,
    Rate,
    Retries,
    Source,
    SourceRef,
    State,
    Stated,
    Statement,
)
from tests.minimal import MINIMAL, assert_refused, minimal


def documented(at: str, value: Any) -> Stated[Any]:
    return Stated(state=State.DOCUMENTED, at=at, value=value)


def undocumented(at: str) -> Stated[Any]:
    return Stated(state=State.UNDOCUMENTED, at=at)


class TestWhatIsRead:
    def test_the_head(self):
        """Id, title, provider and model as they stand."""
        spec = minimal()

        assert (spec.id, spec.revision, spec.title) == (
            "example/video-1-text-to-video",
            None,
            "Video 1 text to video, sold by Example",
        )
        assert spec.provider == Provider(name="Example", credential="example")
        assert spec.model == Model(
            family="video", version="1", tier=None, task="text-to-video", name="video-1"
        )

    def test_the_sources(self):
        """Documents by id; what is reported has no digest, what is undated no date."""
        assert dict(minimal().sources) == {
            "page": Source(
                id="page",
                kind="document",
                title="Video 1",
                date="2026-01-08",
                digest="sha256:" + "0" * 64,
                url="https://docs.example.com/video-1",
            ),
            "forum": Source(
                id="forum",
                kind="reported",
                title="An answer of the provider's staff",
                date=None,
                digest=None,
                url=None,
            ),
        }

    def test_the_server_loses_its_trailing_slash(self):
        """Paths start with one, so that the two can be joined."""
        assert minimal(("https://api.example.com,", "https://api.example.com/v1/,")).server == (
            "https://api.example.com/v1"
        )

    def test_the_auth(self):
        """A scheme and the header it travels in."""
        assert minimal().auth == documented("/auth", Auth(scheme="bearer", header="Authorization"))

    def test_the_webhook(self):
        """Its terms are facts of their own."""
        webhook = minimal().webhook.value

        assert webhook is not None
        assert webhook.request_field == "/callback_url"
        assert webhook.secret_field == undocumented("/webhook/secret_field")
        assert webhook.secret_header == documented("/webhook/secret_header", "X-Secret")
        assert webhook.answer_within_s == documented("/webhook/answer_within_s", 30)
        assert webhook.retries == documented("/webhook/retries", Retries(attempts=3, spacing_s=10))
        assert webhook.states_without_delivery == documented(
            "/webhook/states_without_delivery", ("cancelled",)
        )
        assert webhook.payload.at == "/webhook/payload"

    def test_the_limits(self):
        """A rate, and silence about concurrency."""
        assert minimal().limits == Limits(
            rate=documented("/limits/rate", Rate(requests=100, per_s=60, operation="submit", scope="key")),
            concurrency=undocumented("/limits/concurrency"),
        )

    def test_a_concurrency_limit(self):
        """Jobs for each scope; the scope may be unknown."""
        spec = minimal(("concurrency: undocumented", "concurrency: {jobs: 10, source: page#Limits}"))

        assert spec.limits.concurrency == documented("/limits/concurrency", Concurrency(jobs=10, scope=None))

    def test_the_latencies(self):
        """One figure is a range of equal ends."""
        assert minimal().latency == documented(
            "/latency",
            (
                Latency(
                    name="page",
                    kind="estimate",
                    mode="any",
                    min_s=170,
                    max_s=170,
                    open_ended=False,
                    scope="model",
                    at="/latency/page",
                ),
                Latency(
                    name="queue",
                    kind="range",
                    mode="poll",
                    min_s=60,
                    max_s=300,
                    open_ended=False,
                    scope="model",
                    at="/latency/queue",
                ),
            ),
        )

    def test_a_latency_may_be_open_and_of_all_models(self):
        """What a page says of its own figure is kept."""
        spec = minimal(("max_s: 300,", "max_s: 300, open_ended: true, scope: all_video_models,"))

        assert spec.latency.value is not None
        assert (spec.latency.value[1].open_ended, spec.latency.value[1].scope) == (True, "all_video_models")

    def test_the_poll_interval(self):
        """How far apart the samples poll."""
        assert minimal().poll_interval == documented(
            "/poll_interval", (PollInterval(name="sample", min_s=5, max_s=5, at="/poll_interval/sample"),)
        )

    def test_a_source_of_all_entries_is_no_entry(self):
        """A source may stand once for a whole block."""
        spec = minimal(("poll_interval:\n", "poll_interval:\n  source: page#Read\n"))

        assert spec.poll_interval.value is not None
        assert [entry.name for entry in spec.poll_interval.value] == ["sample"]

    def test_the_output(self):
        """Documented, documented as absent, and a lifetime."""
        assert minimal().output == Output(
            container=documented("/output/container", "mp4"),
            resolution=Stated(state=State.ABSENT, at="/output/resolution"),
            url_lifetime_s=documented("/output/url_lifetime_s", 3600),
        )

    def test_a_lifetime_may_be_known_to_be_limited_only(self):
        """A page may say that a URL expires, and not when."""
        assert minimal(("value: 3600", "value: limited")).output.url_lifetime_s.value == "limited"

    def test_a_price(self):
        """An amount for a unit."""
        assert minimal().price == documented(
            "/price", Price(currency="USD", unit="video", amount=0.35, operation=None, pointer=None)
        )

    def test_a_price_that_the_api_tells(self):
        """Where to look instead of an amount."""
        spec = minimal(
            (
                "price: {currency: USD, unit: video, amount: 0.35, source: page#Price}",
                "price: {obtainable: {operation: model, pointer: /pricing}, source: page#Price}",
            )
        )

        assert spec.price.value == Price(
            currency=None, unit=None, amount=None, operation="model", pointer="/pricing"
        )

    def test_the_mapping(self):
        """Canonical words to pointers, in the order of the vocabulary."""
        assert list(minimal().mapping.items()) == [
            ("prompt", "/prompt"),
            ("duration_s", "/duration"),
            ("aspect_ratio", "/aspect_ratio"),
            ("guidance", "/guidance"),
            ("webhook_url", "/callback_url"),
        ]

    def test_the_contradictions(self):
        """One that an example shows, one that only a reader sees."""
        assert minimal().contradictions == (
            Contradiction(
                id="sample-duration",
                found_by="example",
                meaning="The sample cannot be sent as it stands.",
                statements=(
                    Statement(
                        says="the sample sends duration 7",
                        sources=(SourceRef(document="page", place="Create, sample"),),
                    ),
                    Statement(
                        says="duration is 5 or 10",
                        sources=(SourceRef(document="page", place="Create, body"),),
                    ),
                ),
                about=None,
                example="submit.request.sample",
                violates=(("/duration", "enum"),),
                at="/contradictions/sample-duration",
            ),
            Contradiction(
                id="short-videos",
                found_by="reader",
                meaning="It is unclear whether ten seconds can be had.",
                statements=(
                    Statement(
                        says="videos last five seconds",
                        sources=(SourceRef(document="page", place="Title"),),
                    ),
                    Statement(
                        says="duration is 5 or 10",
                        sources=(SourceRef(document="page", place="Create, body"),),
                    ),
                ),
                about="/operations/submit/request/schema/properties/duration",
                example=None,
                violates=(),
                at="/contradictions/short-videos",
            ),
        )

    def test_a_contradiction_may_concern_the_whole_body(self):
        """The empty pointer is the body itself."""
        spec = minimal(("{pointer: /duration, facet: enum}", '{pointer: "", facet: json}'))

        assert spec.contradictions[0].violates == (("", "json"),)

    def test_contradictions_may_be_missing(self):
        """The only key of the top level that may."""
        assert minimal((MINIMAL[MINIMAL.index("contradictions:") :], "")).contradictions == ()

    @pytest.mark.parametrize(
        ("before", "member"),
        [
            ("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth"),
            (MINIMAL[MINIMAL.index("webhook:") : MINIMAL.index("\nerrors:")], "webhook"),
            (MINIMAL[MINIMAL.index("errors:") : MINIMAL.index("\nlimits:")], "errors"),
            (MINIMAL[MINIMAL.index("latency:") : MINIMAL.index("\npoll_interval:")], "latency"),
            (MINIMAL[MINIMAL.index("poll_interval:") : MINIMAL.index("\noutput:")], "poll_interval"),
            ("price: {currency: USD, unit: video, amount: 0.35, source: page#Price}", "price"),
        ],
    )
    def test_a_block_may_be_undocumented(self, before: str, member: str):
        """A silence is said, and is a state of its own."""
        assert getattr(minimal((before, f"{member}: undocumented")), member) == undocumented(f"/{member}")

    def test_names_with_a_slash_are_kept_whole(self):
        """A document called a/b is found under that name."""
        spec = minimal(("  forum:\n", "  a/b:\n"), ("forum#first", "a/b#first"))

        assert [source.id for source in spec.sources.values()] == ["page", "a/b"]

    def test_a_revision_is_what_the_builder_is_told(self):
        """The same document can be built as a revision."""
        assert build(minimal().root, revision="2026-02-01").ref == "example/video-1-text-to-video@2026-02-01"


class TestTopLevel:
    @pytest.mark.parametrize(
        "key",
        [
            *("format", "id", "title", "provider", "model", "sources", "server", "auth", "operations"),
            *("webhook", "errors", "limits", "latency", "poll_interval", "output", "price", "mapping"),
        ],
    )
    def test_every_key_but_contradictions_is_required(self, key: str):
        """A silence must be said: a key that is not there is a fault of the file."""
        text = MINIMAL.replace(f"\n{key}:", f"\nx-{key}:") if key != "format" else MINIMAL[10:]
        with pytest.raises(SourceError) as caught:
            load_text(text, "m.yaml")

        assert caught.value.message == f"the file: missing key '{key}'"

    def test_a_file_that_is_no_mapping_is_refused(self):
        """A list or a word is no spec."""
        with pytest.raises(SourceError) as caught:
            load_text("- format: 1\n", "m.yaml")

        assert str(caught.value) == "m.yaml:1:1: the file: expected a mapping, got a list"

    def test_an_unknown_key_is_refused_at_its_place(self):
        """With a hint where one is near."""
        assert_refused(
            "\nprice:",
            "\nprices: undocumented\nprice:",
            "\n^prices:",
            "the file: unknown key 'prices'; did you mean 'price'?",
        )
