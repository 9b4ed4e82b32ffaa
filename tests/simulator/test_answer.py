"""Answers as they are written."""

from __future__ import annotations

import json

from harness.simulator.answer import OWN_HEADER, Draft, Own


def test_what_is_our_own_is_named_once():
    """In one header, in the order in which it was found out."""
    answer = Draft(status=400, document={}, own=(Own.STATUS, Own.BODY, Own.STATUS, "/a")).written()
    assert answer.headers == ((OWN_HEADER, "status, error-body, /a"),)
    assert Draft(status=200, document={}).written().headers == ()


def test_any_text_can_come_back():
    """Half a character of a request, too: the body is ASCII."""
    answer = Draft(status=200, document={"prompt": "\ud800 \u2764"}).written()
    assert json.loads(answer.body) == {"prompt": "\ud800 \u2764"}
    assert answer.body == b'{"prompt":"\\ud800 \\u2764"}'
