"""No key in any file, log line or report, however hostile the server.

A server on loopback plants the operator's keys wherever it can: headers, nested bodies, error messages,
redirect targets, event streams, webhook calls. Then all that was written is searched, by this file's own
search and by the package's.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import queue
import re
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from harness.cassette.scan import scan
from harness.cassette.scrub import Scrubber
from harness.cassette.secret_names import without_looks
from harness.spec.store import SpecStore
from tests.cli.calling import call
from tests.client.server import Handler, Received, Server, answer, raw, redirect, serving
from tests.shared import PROJECT
from tests.shipped import BASELINES

KEY = "sk-planted/0f+the=operator~0123456789"
OTHER = "plain-key-of-another-slot-42"  # in the environment, and not for this server
MODELS = {
    "poll": "aimlapi/klingai-video-v2-6-pro-text-to-video",
    "events": "oxen/kling-video-v2-6-pro-text-to-video",
    "webhook": "eachlabs/kling-v2-6-pro-text-to-video@2026-07-07",
}
REPORTS = ("json", "markdown", "junit", "sarif", "github", "text")


def forms(key: str) -> Iterator[str]:
    """The key as it is, URL-encoded, and in base64 wherever in a longer text it may begin."""
    yield key
    yield quote(key, safe="")
    yield quote(key, safe="").lower()
    yield quote_plus(key)
    yield quote(quote(key, safe=""), safe="")
    yield "".join(f"%{byte:02x}" for byte in key.encode())
    yield json.dumps(key)[1:-1].replace("/", "\\/")
    for before in range(3):
        for coded in (base64.b64encode, base64.urlsafe_b64encode):
            text = coded(b"\0" * before + key.encode()).decode().rstrip("=")
            yield text[-(-before * 8 // 6) : (before + len(key)) * 8 // 6]


def planted(key: str = KEY) -> dict[str, Any]:
    """Members that hold the key in every form, at several depths."""
    every = list(dict.fromkeys(forms(key)))
    return {
        "echo": {"deep": [{"deeper": every}, key], f"name-{key}": 1, "token": key},
        "log": json.dumps({"nested": {"api_key": key, "text": f"as {key} said"}}),
        "url": f"https://cdn.example.com/{key}?api_key={quote(key)}&X-Amz-Signature=abcdef#{key}",
        "basic": "Basic " + base64.b64encode(f"user:{key}".encode()).decode(),
        "bytes": base64.encodebytes(b"x" * 50 + key.encode()).decode(),
    }


def hostile(key: str = KEY) -> dict[str, str]:
    """Response headers that give the key back."""
    return {
        "X-Echo": key,
        "Set-Cookie": f"session={quote(key)}; Path=/",
        "X-Debug": f"Authorization: Bearer {key}",
        "Link": f"<https://x.example/?token={quote(key)}>; rel=next",
    }


@contextmanager
def beside(prepare: Callable[[Server], None]) -> Iterator[Server]:
    """A server in a thread of its own: the command line has an event loop for itself."""
    ready: queue.Queue[tuple[Server, Callable[[], object]]] = queue.Queue()

    async def serve() -> None:
        stop = asyncio.Event()
        async with serving() as server:
            prepare(server)
            loop = asyncio.get_running_loop()
            ready.put((server, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    server, stop = ready.get(timeout=10)
    try:
        yield server
    finally:
        stop()
        thread.join(timeout=10)


def in_turn(*handlers: Handler) -> Handler:
    """One answer after the other; the last one stays."""
    left = list(handlers)

    async def handler(request: Received) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request)

    return handler


def video_of(server: Server) -> str:
    """An address of the output with the key in its path and query."""
    return f"{server.base_url}/out/{quote(KEY, safe='')}.mp4?key={quote_plus(KEY)}&sig=0123456789abcdef"


def spite(server: Server) -> list[Handler]:
    """What every poll has to live through before it is told anything."""
    away = f"http://localhost:9/?api_key={quote(KEY)}&next={base64.b64encode(KEY.encode()).decode()}"
    return [
        redirect(away),
        answer({"message": f"invalid key {KEY}", **planted()}, status=500, headers=hostile()),
        raw(f'HTTP/1.1 200 {KEY}\r\ncontent-length: 999\r\n\r\n{{"a": "{KEY}"'.encode()),
        raw(f"{KEY} is no HTTP\r\n\r\n".encode()),
        answer(f"<html>{KEY}</html>".encode(), headers={"content-type": "text/html", **hostile()}),
    ]


def aimlapi(server: Server) -> None:
    """Polls: created, spited, done."""
    job = {"id": "job-1", "status": "queued", **planted()}
    server.on("POST", "/", answer(job, headers=hostile()))
    done = {"id": "job-1", "status": "completed", "video": {"url": video_of(server)}, **planted()}
    server.on("GET", "/", in_turn(*spite(server), answer(done, headers=hostile())))
    server.on(
        "GET",
        "/out",
        raw(
            b"HTTP/1.1 200 OK\r\nX-Echo: %b\r\ncontent-type: video/mp4\r\n\r\n\0ftyp%b"
            % (KEY.encode(), KEY.encode() * 50)
        ),
    )


def oxen(server: Server) -> None:
    """Events: a stream that says the key before it says the end."""
    generation = {"generation_id": "job-1", "status": "queued"}
    server.on("POST", "/api/ai/queue", answer({"generations": [generation], **planted()}, headers=hostile()))
    done = {
        "generation_id": "job-1",
        "status": "succeeded",
        "url": video_of(server),
        "result_url": video_of(server),
        **planted(),
    }
    lines = f": {KEY}\n\nevent: noise\nid: {KEY}\ndata: {KEY}\n\n"
    end = f"event: media_generation_completed\ndata: {json.dumps(done)}\n\n"
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nX-Echo: {KEY}\r\n\r\n"
    server.on("GET", "/api/events", raw((head + lines).encode(), 0.3, end.encode(), 1.0))
    server.on(
        "GET",
        "/api/ai/queue",
        in_turn(*spite(server), answer({**done, "result_url": video_of(server)}, headers=hostile())),
    )
    server.on("GET", "/out", raw(b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\n\r\n\0ftyp" + KEY.encode()))


def eachlabs(server: Server) -> None:
    """Webhooks: the call carries the key, and the secret that the client has made."""

    async def created(request: Received) -> None:
        body = request.json
        await answer(
            {"status": "success", "predictionID": "job-1", "message": "ok", **planted()}, headers=hostile()
        )(request)
        asyncio.get_running_loop().call_later(0.3, lambda: tasks.append(asyncio.ensure_future(called(body))))

    async def called(body: dict[str, Any]) -> None:
        done = {"exec_id": "job-1", "status": "succeeded", "output": video_of(server), **planted()}
        headers = {"X-Webhook-Secret": str(body.get("webhook_secret")), "X-Echo": KEY}
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(body["webhook_url"], json=done, headers=headers)

    tasks: list[Awaitable[None]] = []
    server.on("POST", "/", created)
    done = {"id": "job-1", "status": "success", "output": video_of(server), **planted()}
    server.on("GET", "/", in_turn(*spite(server), answer(done, headers=hostile())))
    server.on("GET", "/out", raw(b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\n\r\n\0ftyp" + KEY.encode()))


SERVERS = {"poll": aimlapi, "events": oxen, "webhook": eachlabs}


def leaks_in(directory: Path) -> list[str]:
    """Every file that holds a key in any form, by this file's own search and by the package's."""
    found = []
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            text = content.decode("utf-8", "replace")
            tight = re.sub(r"\\\n\s*\\?|\s", "", text)
            for key in (KEY, OTHER):
                found += [f"{path}: {form}" for form in forms(key) if form in text or form in tight]
            found += [f"{path}: {leak}" for leak in scan(content, [KEY, OTHER])]
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, with a key in each variable."""
    monkeypatch.chdir(tmp_path)
    for slot in {SpecStore().get(model).provider.credential for model in BASELINES}:
        monkeypatch.setenv(f"{slot.upper()}_API_KEY", OTHER)
    return tmp_path


@pytest.mark.parametrize("mode", MODELS)
def test_no_key_is_left_of_a_hostile_recording(
    mode: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    """Recorded, judged, replayed, reported in every format, listed: nothing shows it."""
    caplog.set_level(logging.INFO)
    model = MODELS[mode]
    provider = model.partition("/")[0]
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", KEY)
    body = home.parent / f"{home.name}-request.json"  # the operator's own file, which is not ours to clean
    name, prompt = SpecStore().get(model).model.name, f"a fox with {KEY}"
    nested = {"model": name, "input": {"prompt": prompt}}
    body.write_text(json.dumps(nested if provider == "eachlabs" else {"model": name, "prompt": prompt}))
    reports = [part for name in REPORTS for part in ("--report", f"{name}=out/record.{name}")]
    said = []
    with beside(SERVERS[mode]) as server:
        reach = ("--base-url", f"{provider}={server.base_url}", "--time-scale", "300")
        made = call(
            capsys, "record", model, "--to", "cassettes", "--body", body, "--mode", mode, *reach, *reports
        )
        assert "succeeded" in made.err, made.err
        assert KEY in "".join(
            r.headers.get(n, "") for r in server.requests for n in ("authorization", "x-api-key")
        )
        said.append(made)
    (cassette,) = Path("cassettes").rglob("*.yaml")
    commands: tuple[tuple[object, ...], ...] = (
        ("replay", cassette),
        ("replay", cassette, "--format", "json"),
        ("check", "traffic", "cassettes", "--format", "json"),
        ("check", "traffic", "cassettes"),
        ("run", "--traffic", "cassettes", "--output-dir", "out/run", *reports),
        ("jobs",),
        ("jobs", "--format", "json"),
        ("doctor",),
    )
    said += [call(capsys, *command) for command in commands]
    (home / "said.txt").write_text("\n".join(f"{one.code}\n{one.out}\n{one.err}" for one in said))
    (home / "log.txt").write_text(caplog.text)
    assert leaks_in(home) == []
    assert (home / "out" / "run" / "report.html").is_file()
    assert len(list((home / "out").glob("record.*"))) == len(REPORTS)


def test_a_recording_that_is_cut_short_holds_no_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """What is in the journal is as clean as a cassette, and so is what is made of it."""
    monkeypatch.setenv("AIMLAPI_API_KEY", KEY)
    with beside(aimlapi) as server:
        reach = ("--base-url", f"aimlapi={server.base_url}", "--time-scale", "300")
        monkeypatch.setattr("harness.recorder.tape.write_cassette", _interrupted)
        call(capsys, "record", MODELS["poll"], "--to", "cassettes", *reach)
    (journal,) = Path("cassettes").rglob("*.journal")
    assert leaks_in(home) == []
    recovered = call(capsys, "record", "--recover", journal)
    assert [path.suffix for path in Path("cassettes").rglob("*") if path.is_file()] == [".yaml"], (
        recovered.err
    )
    assert leaks_in(home) == []


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_spec_that_names_another_host_gets_no_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """An overlay moves the server; the key stays here, and so does the request."""
    monkeypatch.setenv("AIMLAPI_API_KEY", KEY)
    with beside(aimlapi) as server:
        overlay = home / "specs" / "elsewhere.yaml"
        overlay.parent.mkdir()
        overlay.write_text(
            f"format: 1\noverlays: {MODELS['poll']}\ntitle: elsewhere\nchanges:\n"
            f"  server: {{url: '{server.base_url}', source: 'api#x'}}\n"
        )
        made = call(capsys, "record", MODELS["poll"], "--to", "cassettes", "--specs", overlay.parent)
        assert (made.code, made.out) == (2, "")
        assert "is not bound to credential slot 'aimlapi'" in made.err
        assert server.requests == []
    overlay.unlink()
    assert leaks_in(home) == []


SHIPPED = tuple(
    path
    for path in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if not path.startswith("tests/") and (PROJECT / path).is_file()
)
LOOKS = re.compile(
    r"\bsk-[A-Za-z0-9_-]{16,}|\beyJ[A-Za-z0-9_-]{10,}\.eyJ|\bAKIA[0-9A-Z]{16}|\bgh[pousr]_[A-Za-z0-9]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]"
)


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="what is shipped is known from git alone")
def test_no_shipped_file_holds_a_key():
    """By the looks of keys, and by the values of this environment's."""
    found = []
    for path in SHIPPED:
        content = (PROJECT / path).read_bytes()
        looks = LOOKS.findall(content.decode("utf-8", "replace"))
        found += [f"{path}: {look[:6]}…" for look in looks]
        found += [f"{path}: {leak}" for leak in scan(content, [KEY, OTHER])]
    assert found == []


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="what is shipped is known from git alone")
def test_no_shipped_cassette_has_anything_to_hide():
    """Scrubbing one again changes nothing, header by header and body by body."""
    scrubber = Scrubber.of(SpecStore().all())
    for path in SHIPPED:
        if path.startswith("cassettes/"):
            for line in (PROJECT / path).read_text(encoding="utf-8").splitlines():
                assert without_looks(line, scrubber.names) == line, path
