"""Planted keys in all places: none gets out of the client, in any form."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from harness.client.redaction import forms
from harness.client.results import JobResult
from tests.client.server import Received, answer, redirect, reset, serving
from tests.client.world import BODY, KEY, World, run, sequence, waiting, world


def echoes(request: Received) -> dict[str, Any]:
    """A poll answer that says the key in every form and place."""
    coded = base64.b64encode(f"user:{KEY}".encode()).decode()
    return {
        "id": request.path.rsplit("/", 1)[-1],
        "status": "broken",
        "error": f"invalid key {KEY} / {quote(KEY, safe='')} / {coded}",
        "nested": {"deep": [{KEY: coded}]},
        "progress": KEY,
    }


def planted(path: Path) -> tuple[JobResult, World, list[str]]:
    """A job whose provider, and whose operator, put the key everywhere."""

    async def one() -> tuple[JobResult, World, list[str]]:
        async with serving() as elsewhere, world(path) as w:
            headers = {"x-echo": KEY, "set-cookie": f"k={quote(KEY, safe='')}", f"x-{KEY[:3]}": "1"}
            w.server.on(
                "POST", "/v1/videos", answer({"id": "job-1", "key": KEY}, status=201, headers=headers)
            )
            w.server.on(
                "GET",
                "/v1/videos/",
                sequence(
                    redirect(f"{elsewhere.base_url}/?k={quote(KEY, safe='')}"),
                    answer({"message": KEY}, status=401, headers=headers),
                    reset,
                    answer(f"<html>{KEY}".encode()),
                    waiting,
                    echoes,
                ),
            )
            body = {**BODY, "prompt": f"a fox with {KEY}"}
            result = await w.client.run(w.spec, body)
            refused = []
            try:
                await w.client.submit(w.spec, {"prompt": KEY, "duration": KEY})
            except Exception as error:
                refused.append(str(error))
            assert elsewhere.requests == []
            return result, w, refused

    found: tuple[JobResult, World, list[str]] = run(one())
    return found


def test_none_gets_out(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Searched for raw, percent-encoded and in base64, in all that leaves the client."""
    caplog.set_level(logging.DEBUG)
    result, w, refused = planted(tmp_path)
    caplog.handler.addFilter(w.keyring.redactor)
    text = "\n".join(
        [
            *map(repr, w.seen),
            repr(result),
            repr(result.value),
            repr(result.findings),
            repr(w.journal.path),
            repr(w.keyring),
            *refused,
        ]
    )
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert len(result.findings) > 2
    for form in forms(KEY):
        assert form not in text, form
        assert form.encode() not in stored, form
    assert "REDACTED" in text


def test_what_is_shown_of_a_refused_body(tmp_path: Path):
    """A key in the request itself is not repeated in the message that refuses it."""
    _, _, (message,) = planted(tmp_path)
    assert KEY not in message
    assert message.startswith("example/video-1-text-to-video: not sent, the request breaks the documents: ")


def test_logs_with_the_filter(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """The libraries below log headers when they are asked to; the redactor is a filter for that."""
    caplog.set_level(logging.DEBUG)

    async def one() -> None:
        async with world(tmp_path) as w:
            caplog.handler.addFilter(w.keyring.redactor)
            w.server.on("POST", "/v1/videos", answer({"id": "j"}, status=422, headers={"x-echo": KEY}))
            await w.client.submit(w.spec, BODY)

    run(one())
    assert "x-echo" in caplog.text
    assert KEY not in caplog.text
