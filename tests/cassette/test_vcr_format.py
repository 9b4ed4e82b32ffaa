"""Reading vcrpy cassettes."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from harness.cassette.members import NotARecordingError
from harness.cassette.vcr_format import is_cassette_name, read_cassette, serializer_name
from harness.errors import OperatorError, SourceError
from harness.finding import Location
from harness.wire.message import Exchange, HttpRequest, HttpResponse, Provenance, Recording

REQUEST = {"method": "POST", "uri": "https://a.example/v1", "body": '{"a": 1}', "headers": {"X-A": ["1"]}}
RESPONSE = {
    "status": {"code": 200, "message": "OK"},
    "headers": {"Set-Cookie": ["a", "b"]},
    "body": {"string": "ä"},
}


def cassette(request: Any = None, response: Any = None, **top: Any) -> str:
    """A cassette as JSON text, which is YAML as well."""
    interaction = {"request": request or REQUEST, "response": response or RESPONSE}
    return json.dumps({"version": 1, "interactions": [interaction], **top})


def only(text: str, file: str = "c.yaml") -> Exchange:
    (exchange,) = read_cassette(text, file).exchanges
    return exchange


def refusal(text: str, file: str = "c.yaml") -> str:
    with pytest.raises(OperatorError) as caught:
        read_cassette(text, file)
    return str(caught.value)


@pytest.mark.parametrize("file", ["c.yaml", "c.json"])
def test_a_cassette_is_read_by_either_serialiser(file):
    """Method, address, headers and bodies arrive; without metadata of ours the provenance is unknown."""
    assert read_cassette(cassette(), file) == Recording(
        file=file,
        provenance=Provenance.UNKNOWN,
        exchanges=(
            Exchange(
                request=HttpRequest(
                    method="POST", url="https://a.example/v1", headers=(("X-A", "1"),), body=b'{"a": 1}'
                ),
                response=HttpResponse(
                    status=200, headers=(("Set-Cookie", "a"), ("Set-Cookie", "b")), body="ä".encode()
                ),
                subject=Location(file=file, index=0),
            ),
        ),
    )


def test_metadata_of_ours_arrives():
    """Provenance, model and times come from the top-level metadata, which is kept as a whole."""
    harness = {
        "format": 1,
        "provenance": "live",
        "model": "a/b",
        "title": "t",
        "source": "s#p",
        "substituted": ["0/status"],
        "timeline": {"kind": "recorded", "exchanges": [{"sent_s": 1, "received_s": 2}]},
        "deliveries": [{"body": "{}"}],
        "events": [{"name": "n", "data": "d"}],
    }
    found = read_cassette(cassette(metadata={"harness": harness, "other": 1}), "c.yaml")
    assert (found.provenance, found.model, found.other_model, found.title, found.source) == (
        Provenance.LIVE,
        "a/b",
        None,
        "t",
        "s#p",
    )
    assert (found.substituted, found.timeline, found.message_count) == (("0/status",), "recorded", 3)
    assert (found.exchanges[0].sent_s, found.exchanges[0].received_s) == (1.0, 2.0)
    assert found.metadata == {"harness": harness, "other": 1}


def test_coded_bodies_are_decoded():
    """Httpx records the bytes of the wire."""
    text = (
        "interactions:\n- request: {method: get, uri: https://a.example, body: null, headers: {}}\n"
        "  response:\n    status: {code: 200, message: OK}\n    headers: {content-encoding: [gzip]}\n"
        "    body: {string: !!binary "
    )
    from base64 import b64encode

    coded = b64encode(gzip.compress(b"{}", mtime=0)).decode()
    exchange = only(f'{text}"{coded}"}}\n')
    assert exchange.response == HttpResponse(status=200, headers=(("content-encoding", "gzip"),), body=b"{}")
    assert exchange.request == HttpRequest(method="GET", url="https://a.example")


def test_a_body_that_cannot_be_decoded_is_no_answer():
    """Nothing is judged that could not be read, and the reason is kept."""
    exchange = only(cassette(response={**RESPONSE, "headers": {"Content-Encoding": ["br"]}}))
    assert exchange.response is None
    assert exchange.error == "the body is coded as 'br', which is not read here"


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (
            {**RESPONSE, "headers": {"A": "1"}},
            HttpResponse(status=200, headers=(("A", "1"),), body="ä".encode()),
        ),
        ({**RESPONSE, "headers": None, "body": None}, HttpResponse(status=200)),
        ({**RESPONSE, "headers": {}, "body": {"string": None}}, HttpResponse(status=200)),
        ({"status_code": 201, "headers": {}, "content": "x"}, HttpResponse(status=201, body=b"x")),
    ],
)
def test_other_forms_of_an_answer_are_read(response, expected):
    """Single header values, absent bodies, and what vcrpy wrote for httpx before its version 6."""
    assert only(cassette(response=response)).response == expected


@pytest.mark.parametrize(
    ("tag", "body"),
    [
        ("!!python/object/apply:builtins.iter {args: [[!!binary YQ==, !!binary Yg==]]}", b"ab"),
        ("!!python/object/new:_io.BytesIO {state: [!!binary YWI=, 0, null]}", b"ab"),
    ],
)
def test_streamed_request_bodies_are_read(tag, body):
    """What a client sent in pieces is one body."""
    text = (
        "interactions:\n- request: {method: POST, uri: 'https://a.example', headers: {A: [!!binary /w==]},\n"
        f"    body: {tag}}}\n"
        "  response: {status: {code: 200, message: OK}, headers: {}, body: {string: ''}}\n"
    )
    request = only(text).request
    assert (request.body, request.header("A")) == (body, "ÿ")


@pytest.mark.parametrize("text", ["services: {}", "[1, 2]", "just words", "[]", "[{}]"])
def test_other_yaml_is_no_recording(text):
    """A file that is well-formed and something else is not broken."""
    with pytest.raises(NotARecordingError, match=r"^it has no 'interactions', so it is no vcrpy cassette$"):
        read_cassette(text, "c.yaml")


@pytest.mark.parametrize(
    ("text", "file", "expected"),
    [
        (
            "interactions:\n  - {",
            "c.yaml",
            "c.yaml:2:6: vcrpy cannot load this cassette: did not find expected node content",
        ),
        (
            '{"a": }',
            "c.json",
            "c.json:1:7: vcrpy cannot load this cassette: Expecting value",
        ),
        (
            "interactions: [{request: {}, response: !!python/object:os.x {}}]",
            "c.yaml",
            "c.yaml:1:40: vcrpy cannot load this cassette: "
            "could not determine a constructor for the tag 'tag:yaml.org,2002:python/object:os.x'",
        ),
        (
            "- request: {}",
            "c.yaml",
            "c.yaml: vcrpy cannot load this cassette: Your cassette files were generated in an older version "
            "of VCR. Delete your cassettes or run the migration script.",
        ),
        (
            "interactions: [{response: {}}]",
            "c.yaml",
            "c.yaml: interactions[0]: vcrpy cannot load this cassette: missing member 'request'",
        ),
        (
            "a: \0",
            "c.yaml",
            "c.yaml: vcrpy cannot load this cassette: unacceptable character #x0000: "
            'control characters are not allowed in "<unicode string>", position 3',
        ),
        (
            "interactions: 5",
            "c.yaml",
            "c.yaml: vcrpy cannot load this cassette: 'int' object is not iterable",
        ),
    ],
)
def test_what_vcrpy_cannot_load_is_refused(text, file, expected):
    """The file, the place where the parser gives one, and vcrpy's reason."""
    assert refusal(text, file) == expected


def test_places_of_syntax_faults_are_members_of_the_exception():
    """Editors and CI read them from there."""
    with pytest.raises(SourceError) as caught:
        read_cassette("a: [", "c.yaml")
    assert (caught.value.file, caught.value.line, caught.value.column) == ("c.yaml", 1, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            cassette(request={**REQUEST, "uri": 5}),
            "c.yaml: interactions[0]: vcrpy cannot load this cassette: "
            "'int' object has no attribute 'decode'",
        ),
        (
            cassette(request={**REQUEST, "method": 5}),
            "c.yaml: interactions[0].request: expected method and uri to be strings",
        ),
        (
            cassette(request={**REQUEST, "body": {"a": 1}}),
            "c.yaml: interactions[0].request.body: expected a string, got {'a': 1}; put quotes around it",
        ),
        (
            cassette(response={**RESPONSE, "body": {"string": 12}}),
            "c.yaml: interactions[0]: vcrpy cannot load this cassette: "
            "'int' object has no attribute 'encode'",
        ),
        (
            cassette(response={"status_code": 200, "headers": {}, "content": 12}),
            "c.yaml: interactions[0].response.body.string: expected a string, got 12; put quotes around it",
        ),
        (
            cassette(response={**RESPONSE, "status": {"code": "200"}}),
            "c.yaml: interactions[0].response.status.code: expected a whole number, got '200'",
        ),
        (
            cassette(response={**RESPONSE, "status": {"code": True}}),
            "c.yaml: interactions[0].response.status.code: expected a whole number, got True",
        ),
        (cassette(response={"a": 1}), "c.yaml: interactions[0].response: expected status, headers and body"),
        (
            cassette(response={**RESPONSE, "headers": ["a"]}),
            "c.yaml: interactions[0].response: expected status, headers and body",
        ),
        (cassette(metadata=[1]), "c.yaml: metadata: expected an object, got [1]"),
        (
            cassette(metadata={"harness": {"format": 3}}),
            "c.yaml: metadata.harness.format: expected 1, got 3",
        ),
    ],
)
def test_interactions_of_another_shape_are_refused(text, expected):
    """What vcrpy would hand on unread is said here."""
    assert refusal(text) == expected


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000, "? " * 50_000])
def test_nesting_that_would_crash_the_parser_is_refused(text):
    """A file of 50 kB takes a process down that hands it to libyaml."""
    assert refusal(text) == "c.yaml: nested more than 1000 deep; no cassette is"


def test_brackets_in_bodies_do_not_count_as_nesting():
    """A body full of closed brackets is nothing out of the ordinary."""
    body = "[]{}" * 5000 + ")]}" * 5000
    assert only(cassette(response={**RESPONSE, "body": {"string": body}})).response is not None


def test_serialisers_go_by_the_name_of_the_file():
    """`.json` is vcrpy's other format."""
    assert [serializer_name(name) for name in ("a.yaml", "a.yml", "a.JSON")] == ["yaml", "yaml", "json"]
    assert [is_cassette_name(name) for name in ("a.YAML", "a.yml", "a.json", "a.har")] == [True] * 3 + [False]
