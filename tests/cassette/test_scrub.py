"""Secrets out of whole messages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cassette.read import read_recordings
from harness.cassette.scrub import Scrubber
from harness.finding import Location
from harness.spec.store import SpecStore, shipped_directory
from harness.wire.message import Delivery, Event, Recording
from tests.cassette.messages import exchange
from tests.minimal import minimal

KEY = "k3y-0f-th3-operator"
SCRUBBER = Scrubber.of((), [KEY])
HERE = Location(file="x")


def test_every_part_of_an_exchange_is_scrubbed():
    """Address, headers and bodies both ways, and the words of an error."""
    found = SCRUBBER.exchange(
        exchange(
            f'{{"error": "no access for {KEY}"}}'.encode(),
            url=f"https://u:p@a.example/{KEY}/x?a=1&api_key=q&b={KEY}",
            headers=(("Authorization", "Bearer q"), ("X-Trace", KEY), (f"X-{KEY}", "1")),
            body=f'{{"prompt": "a fox, {KEY}", "webhook_secret": "q"}}'.encode(),
            response_headers=(("Set-Cookie", "a=q; Path=/; Secure, b=r"), ("Location", f"/?token={KEY}")),
            error=f"broke off at {KEY}",
        )
    )
    assert found.request.url == "https://REDACTED@a.example/REDACTED/x?a=1&api_key=REDACTED&b=REDACTED"
    assert found.request.headers == (
        ("Authorization", "Bearer REDACTED"),
        ("X-Trace", "REDACTED"),
        ("X-REDACTED", "1"),
    )
    assert found.request.body == b'{"prompt": "a fox, REDACTED", "webhook_secret": "REDACTED"}'
    assert found.response is not None
    assert found.response.headers == (
        ("Set-Cookie", "a=REDACTED; Path=/; Secure, b=REDACTED"),
        ("Location", "/?token=REDACTED"),
    )
    assert found.response.body == b'{"error": "no access for REDACTED"}'
    assert found.error == "broke off at REDACTED"
    assert SCRUBBER.exchange(found) == found


def test_a_request_without_an_answer_is_scrubbed_too():
    """There is nothing to scrub in the answer that is not there."""
    assert SCRUBBER.exchange(exchange(None, error=KEY)).error == "REDACTED"


def test_webhook_calls_and_events_are_scrubbed():
    """They come unasked, with secrets all the same."""
    delivery = Delivery(
        headers=(("Content-Type", "application/json"), ("X-Webhook-Secret", "q")),
        body=f'{{"token": "q", "url": "https://x/?sig=q&n={KEY}"}}'.encode(),
        subject=HERE,
    )
    found = SCRUBBER.delivery(delivery)
    assert found.headers == (("Content-Type", "application/json"), ("X-Webhook-Secret", "REDACTED"))
    assert found.body == b'{"token": "REDACTED", "url": "https://x/?sig=REDACTED&n=REDACTED"}'
    event = SCRUBBER.event(Event(name=KEY, data=f'{{"secret": 5, "id": "{KEY}"}}', subject=HERE))
    assert (event.name, event.data) == ("REDACTED", '{"secret": 0, "id": "REDACTED"}')


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/x-www-form-urlencoded", "prompt=a+fox&api_key=q%20r", "prompt=a+fox&api_key=REDACTED"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nq\r\n--b\r\n'
            'Content-Disposition: form-data; name="prompt"\r\n\r\nfox\r\n--b--',
            '--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nREDACTED\r\n--b\r\n'
            'Content-Disposition: form-data; name="prompt"\r\n\r\nfox\r\n--b--',
        ),
        (
            "text/event-stream",
            'event: a\ndata: {"token": "q"}\n\n',
            'event: a\ndata: {"token": "REDACTED"}\n\n',
        ),
        ("text/html", f"<p>no {KEY}</p>", "<p>no REDACTED</p>"),
        (
            None,
            json.dumps({"log": json.dumps({"secret": "q"})}),
            json.dumps({"log": '{"secret": "REDACTED"}'}),
        ),
    ],
)
def test_a_body_is_scrubbed_as_what_it_is(content_type, body, expected):
    """Forms, events, pages, and JSON in JSON."""
    assert SCRUBBER.body(body.encode(), content_type).decode() == expected
    assert SCRUBBER.body(expected.encode(), content_type).decode() == expected


def test_bytes_that_are_no_text_are_scrubbed_by_value():
    """A key inside binary data is a key."""
    assert SCRUBBER.body(b"\xff\x00" + KEY.encode() + b"\xfe") == b"\xff\x00REDACTED\xfe"
    assert SCRUBBER.body(b"\xff\x00\xfe") == b"\xff\x00\xfe"


def test_the_names_that_a_spec_gives_are_secret():
    """The header of its key, the header and the member of its webhook's secret."""
    spec = minimal(
        ("auth: {scheme: bearer, header: Authorization,", "auth: {scheme: api_key, header: X-Door,"),
    )
    scrubber = Scrubber.of([spec])
    assert scrubber.headers((("x-door", "q"), ("x-window", "q"))) == (
        ("x-door", "REDACTED"),
        ("x-window", "q"),
    )
    eachlabs = Scrubber.of([SpecStore().get("eachlabs@2026-07-07")])
    assert {"xapikey", "xwebhooksecret", "webhooksecret"} & eachlabs.names


def test_a_scrubber_does_not_show_its_secrets():
    """Not in a traceback either."""
    assert KEY not in repr(SCRUBBER)


@pytest.mark.parametrize(
    "recording", tuple(read_recordings(shipped_directory("cassettes"))), ids=lambda r: r.file
)
def test_what_is_shipped_has_nothing_to_scrub(recording):
    """No prompt, id or address of a documented exchange is mistaken for a secret."""
    assert isinstance(recording, Recording)
    scrubber = Scrubber.of(SpecStore().all())
    assert tuple(scrubber.exchange(e) for e in recording.exchanges) == recording.exchanges
    assert tuple(scrubber.delivery(d) for d in recording.deliveries) == recording.deliveries
    assert tuple(scrubber.event(e) for e in recording.events) == recording.events


def test_vcr_can_run_it_on_saving_and_on_loading(tmp_path: Path):
    """Its hooks run both ways, so twice on each message: nothing changes the second time."""
    first = SCRUBBER.exchange(exchange(f'{{"a": "{KEY}"}}'.encode(), url=f"https://a.example/?sig={KEY}"))
    again = SCRUBBER.exchange(replace(first))
    assert again == first
