"""Secrets are taken out of everything, in whatever form they stand there."""

from __future__ import annotations

import base64
import logging
from urllib.parse import quote

import pytest

from harness.client.redaction import MARK, Redactor, forms
from harness.client.rules import rule
from harness.finding import Finding, Location
from harness.wire.message import Delivery, Event, Exchange, HttpRequest, HttpResponse

SECRET = "sk-planted/0123+456=789"


def test_every_form_is_found():
    """Raw, percent-encoded, and in base64 wherever it stands in the longer text."""
    redactor = Redactor([SECRET])
    for prefix in ("", "a", "ab", "abc", "Bearer "):
        for suffix in ("", "x", "xy"):
            coded = base64.b64encode(f"{prefix}{SECRET}{suffix}".encode()).decode()
            assert MARK in redactor.text(coded), (prefix, suffix)
    assert redactor.text(f"key={quote(SECRET, safe='')}&x=1") == f"key={MARK}&x=1"
    assert redactor.text(f"not {SECRET}!") == f"not {MARK}!"
    assert redactor.content(f'{{"k": "{SECRET}"}}'.encode()) == f'{{"k": "{MARK}"}}'.encode()


def test_what_holds_none_is_left_alone():
    """Not even a near miss is touched."""
    assert Redactor([SECRET]).text("sk-planted/0123+456=788") == "sk-planted/0123+456=788"
    assert Redactor().content(b"anything") == b"anything"


def test_short_words_are_no_secrets():
    """A key of five letters would take words out of every body."""
    assert Redactor(["video"]).text("a video") == "a video"


def test_a_secret_may_be_added_later():
    """The secret of a webhook is made when the receiver starts."""
    redactor = Redactor()
    redactor.add(SECRET)
    redactor.add(SECRET)

    assert redactor.text(SECRET) == MARK
    assert repr(redactor) == "Redactor(1 secrets)"


def test_an_exchange_loses_them_everywhere():
    """URL, headers of both sides, bodies and the error; a secret header loses all of its value."""
    exchange = Exchange(
        request=HttpRequest(
            method="GET",
            url=f"https://x/?k={quote(SECRET, safe='')}",
            headers=(("X-Key", "short"), ("A", SECRET)),
            body=SECRET.encode(),
        ),
        response=HttpResponse(status=200, headers=(("Location", f"/{SECRET}"),), body=SECRET.encode()),
        subject=Location(),
        error=f"refused {SECRET}",
    )

    clean = Redactor([SECRET]).exchange(exchange, frozenset({"x-key"}))

    assert clean.request.url == f"https://x/?k={MARK}"
    assert clean.request.headers == (("X-Key", MARK), ("A", MARK))
    assert clean.request.body == MARK.encode()
    assert clean.response is not None
    assert clean.response.headers == (("Location", f"/{MARK}"),)
    assert clean.response.body == MARK.encode()
    assert clean.error == f"refused {MARK}"
    assert SECRET not in repr(clean)


def test_events_deliveries_and_findings_lose_them():
    """A provider may echo a key in any of them."""
    redactor = Redactor([SECRET])
    event = redactor.event(Event(name="x", data=SECRET, subject=Location()))
    delivery = redactor.delivery(
        Delivery(body=SECRET.encode(), subject=Location(), headers=(("X-Secret", "abc"),)),
        frozenset({"x-secret"}),
    )
    finding = redactor.finding(
        Finding(rule=rule("webhook.late"), message=SECRET, field="", observed={SECRET: [SECRET, 1]})
    )

    assert event.data == MARK
    assert (delivery.body, delivery.headers) == (MARK.encode(), (("X-Secret", MARK),))
    assert (finding.message, finding.observed) == (MARK, {MARK: [MARK, 1]})


def test_a_log_record_loses_them(caplog: pytest.LogCaptureFixture):
    """A handler with this filter writes none, not even in a traceback."""
    caplog.handler.addFilter(Redactor([SECRET]))
    logger = logging.getLogger("some.library")
    logger.warning("header %s", SECRET.encode())
    try:
        raise ValueError(f"bad key {SECRET}")
    except ValueError:
        logger.exception("it failed")

    assert SECRET not in caplog.text
    assert "ValueError: bad key REDACTED" in caplog.text


@pytest.mark.parametrize("length", range(8, 40))
def test_forms_are_never_short(length: int):
    """A form of a few letters would match by chance."""
    assert all(len(form) >= 8 for form in forms("k" * length))
