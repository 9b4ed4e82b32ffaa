"""What the loader refuses of everything around the operations, each at its place."""

from __future__ import annotations

import pytest

from tests.minimal import assert_refused


class TestRefused:
    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            ("format: 1", "format: 2", "format: ^2", "/format: expected 1, got a number, 2"),
            ("format: 1", "format: true", "format: ^true", "/format: expected 1, got a truth value, True"),
            ("format: 1", "format: '1'", "format: ^'1'", "/format: expected 1, got a string, '1'"),
            (
                "id: example/video-1-text-to-video",
                "id: Example/Video",
                "id: ^Example/Video",
                "/id: expected PROVIDER/SLUG in lower case, got 'Example/Video'",
            ),
            (
                "id: example/video-1-text-to-video",
                "id: example",
                "id: ^example\n",
                "/id: expected PROVIDER/SLUG in lower case, got 'example'",
            ),
            (
                "title: Video 1 text",
                "title: 1 #",
                "title: ^1 #",
                "/title: expected a string, got a number, 1",
            ),
            (
                "credential: example",
                "credential: EXAMPLE_KEY",
                "credential: ^EXAMPLE_KEY",
                "/provider/credential: expected a credential slot in lower case, got 'EXAMPLE_KEY'",
            ),
            (
                "credential: example",
                "credential: example, key: x",
                "^key: x",
                "/provider: unknown key 'key'; known here: credential, name",
            ),
            (
                'version: "1"',
                "version: 1",
                "version: ^1,",
                "/model/version: expected a string, got a number, 1",
            ),
            (" tier: undocumented,", "", "^model:", "/model: missing key 'tier'"),
        ],
    )
    def test_the_head(self, before: str, after: str, marked: str, message: str):
        """Format, id, title, provider and model."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                "kind: document",
                "kind: page",
                "kind: ^page",
                "/sources/page/kind: expected one of document, reported, got 'page'",
            ),
            (
                "    digest: sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
                "",
                "  ^page:\n    kind",
                "/sources/page: a document needs a digest",
            ),
            (
                "kind: reported",
                "kind: reported\n    digest: sha256:" + "a" * 64,
                "  ^forum:",
                "/sources/forum: what is reported has no digest",
            ),
            (
                "sha256:0000",
                "sha256:00",
                "digest: ^sha256:",
                "/sources/page/digest: expected sha256: and 64 hex digits, got 'sha256:" + "0" * 62 + "'",
            ),
            (
                '"2026-01-08"',
                '"8 January 2026"',
                'date: ^"8',
                "/sources/page/date: expected a date such as 2026-01-08, got '8 January 2026'",
            ),
            (
                '"2026-01-08"',
                '"2026-13-08"',
                'date: ^"2026-13',
                "/sources/page/date: expected a date such as 2026-01-08, got '2026-13-08'",
            ),
            (
                "date: undocumented",
                "date: null",
                "date: ^null",
                "/sources/forum/date: expected a string, got null",
            ),
            (
                "https://api.example.com,",
                "ftp://api.example.com,",
                "url: ^ftp:",
                "/server/url: expected a URL such as https://api.example.com, got 'ftp://api.example.com'",
            ),
            (
                "https://api.example.com,",
                '"https://api.example.com/?v=1",',
                'url: ^"https://api',
                "/server/url: expected a URL such as https://api.example.com, got 'https://api.example.com/?v=1'",
            ),
            (
                "scheme: bearer",
                "scheme: basic",
                "scheme: ^basic",
                "/auth/scheme: expected one of bearer, api_key, got 'basic'",
            ),
            (
                "source: page#Usage}\nauth",
                "source: page}\nauth",
                "source: ^page}",
                "/server/source: expected DOCUMENT#PLACE, got 'page'",
            ),
        ],
    )
    def test_sources_server_and_auth(self, before: str, after: str, marked: str, message: str):
        """Where statements stand, and where requests go."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                "request_field: /callback_url",
                "request_field: callback_url",
                "request_field: ^callback_url",
                "/webhook/request_field: expected a JSON Pointer such as /task/status, got 'callback_url'",
            ),
            (
                "secret_field: undocumented",
                "secret_field: /secret",
                "secret_field: ^/secret",
                "/webhook/secret_field: expected a mapping or the word undocumented, got a string, '/secret'",
            ),
            (
                "answer_within_s: {value: 30,",
                "answer_within_s: {value: 30 s,",
                "answer_within_s: {value: ^30 s",
                "/webhook/answer_within_s/value: expected a number, got a string, '30 s'",
            ),
            (
                "attempts: 3",
                "attempts: 2.5",
                "attempts: ^2.5",
                "/webhook/retries/attempts: expected a whole number, got 2.5",
            ),
            (
                "{value: [cancelled],",
                "{value: [canceled],",
                "{value: [^canceled],",
                "/webhook/states_without_delivery/value/0: expected one of queued, running, succeeded, "
                "failed, cancelled, got 'canceled'",
            ),
            (
                "{value: [cancelled],",
                "{value: cancelled,",
                "{value: ^cancelled,",
                "/webhook/states_without_delivery/value: expected a list, got a string, 'cancelled'",
            ),
            (
                "webhook:\n",
                "webhook:\n  retry: 3\n",
                "^retry",
                "/webhook: unknown key 'retry'; did you mean 'retries'?",
            ),
        ],
    )
    def test_the_webhook(self, before: str, after: str, marked: str, message: str):
        """The terms on which a provider calls back."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                "requests: 100,",
                "requests: 99.5,",
                "requests: ^99.5",
                "/limits/rate/requests: expected a whole number, got 99.5",
            ),
            (
                "operation: submit, scope",
                "operation: create, scope",
                "operation: ^create",
                "/limits/rate/operation: expected one of submit, generate, poll, events, cancel, model, "
                "got 'create'",
            ),
            (
                "concurrency: undocumented",
                "concurrency: 10",
                "concurrency: ^10",
                "/limits/concurrency: expected a mapping, got a number, 10",
            ),
            (
                "kind: estimate",
                "kind: guess",
                "kind: ^guess",
                "/latency/page/kind: expected one of estimate, observed_once, range, got 'guess'",
            ),
            (
                "mode: any",
                "mode: webhook",
                "mode: ^webhook",
                "/latency/page/mode: expected one of poll, blocking, events, any, got 'webhook'",
            ),
            ("value_s: 170, ", "", "^page: {kind: est", "/latency/page: missing key 'min_s'"),
            (
                "min_s: 60, max_s: 300",
                "min_s: 600, max_s: 300",
                "min_s: ^600",
                "/latency/queue: min_s 600 is above max_s 300",
            ),
            (
                "value_s: 170,",
                "value_s: 170, max_s: 200,",
                "^max_s: 200",
                "/latency/page: unknown key 'max_s'; known here: kind, mode, open_ended, scope, source, "
                "value_s",
            ),
            (
                "min_s: 5, max_s: 5",
                "min_s: 5",
                "^sample: {min_s: 5",
                "/poll_interval/sample: missing key 'max_s'",
            ),
            (
                "value: 3600",
                "value: 1 hour",
                "value: ^1 hour",
                "/output/url_lifetime_s/value: expected a number of seconds or the word limited, "
                "got a string, '1 hour'",
            ),
            (
                "value: 3600",
                "value: -1",
                "value: ^-1",
                "/output/url_lifetime_s/value: expected a number of at least 0, got -1",
            ),
            (
                "unit: video,",
                "unit: frame,",
                "unit: ^frame",
                "/price/unit: expected one of video, second, got 'frame'",
            ),
            (
                "price: {currency: USD, unit: video, amount: 0.35,",
                "price: {obtainable: {operation: model},",
                "price: {^obtainable",
                "/price/obtainable: missing key 'pointer'",
            ),
        ],
    )
    def test_limits_times_output_and_price(self, before: str, after: str, marked: str, message: str):
        """Numbers with their units."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                "  duration_s: /duration\n",
                "  duration: /duration\n",
                "^duration: /duration",
                "/mapping: unknown key 'duration'; did you mean 'duration_s'?",
            ),
            (
                "  duration_s: /duration\n",
                "  duration_s: duration\n",
                "duration_s: ^duration\n",
                "/mapping/duration_s: expected a JSON Pointer such as /task/status, got 'duration'",
            ),
            (
                "found_by: reader",
                "found_by: machine",
                "found_by: ^machine",
                "/contradictions/short-videos/found_by: expected one of example, reader, got 'machine'",
            ),
            (
                "    example: submit.request.sample\n",
                "",
                "  ^sample-duration:",
                "/contradictions/sample-duration: missing key 'example'",
            ),
            (
                "violates: [{pointer: /duration, facet: enum}]",
                "violates: []",
                "violates: ^[]",
                "/contradictions/sample-duration/violates: expected a list that is not empty, got an empty "
                "list",
            ),
            (
                "violates: [{pointer: /duration, facet: enum}]",
                "violates: [{pointer: /duration}]",
                "violates: [^{pointer",
                "/contradictions/sample-duration/violates/0: missing key 'facet'",
            ),
            (
                "violates: [{pointer: /duration, facet: enum}]",
                "violates: [{pointer: duration, facet: enum}]",
                "violates: [{pointer: ^duration",
                "/contradictions/sample-duration/violates/0/pointer: expected a JSON Pointer such as "
                "/task/status, got 'duration'",
            ),
            (
                '      - {says: "videos last five seconds", source: page#Title}\n',
                "",
                '^statements:\n      - {says: "duration is',
                "/contradictions/short-videos/statements: expected at least two statements",
            ),
            (
                '{says: "videos last five seconds", source: page#Title}',
                '{says: "videos last five seconds", source: [page#Title, page]}',
                "[page#Title, ^page]",
                "/contradictions/short-videos/statements/0/source/1: expected DOCUMENT#PLACE, got 'page'",
            ),
            (
                "found_by: reader\n",
                "found_by: reader\n    example: submit.request.sample\n",
                "found_by: reader\n    ^example",
                "/contradictions/short-videos: unknown key 'example'; known here: about, found_by, meaning, "
                "statements",
            ),
        ],
    )
    def test_mapping_and_contradictions(self, before: str, after: str, marked: str, message: str):
        """Canonical words, and statements that cannot both hold."""
        assert_refused(before, after, marked, message)
