"""Prism serves the exported files, and what it answers conforms to the specs they came from.

`HARNESS_PRISM` names the binary of npm's `@stoplight/prism-cli`; without it, the one on the path is taken,
and without any the tests are skipped: or, with `HARNESS_REQUIRE_PRISM=1`, they fail.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.check.body import Judges
from harness.check.response import check_response
from harness.spec.examples import ExampleSite, example_sites
from harness.spec.json_text import parse_json
from harness.spec.lint import example_faults
from harness.spec.model import Operation, Response, Spec
from harness.spec.openapi import openapi
from tests.spec.documents import REFERENCES, REMOVED, STORE, edited

START_LIMIT_S = 60
JOB_IDS = {"path": "60ac7c34-3224-4b14-8e7d-0aa0db708325", "query": "bfb9eca8:klingai/video-v2-6-pro"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """A running Prism and the spec that it serves."""

    spec: Spec
    client: httpx.Client

    def send(
        self, operation: Operation, *, body: Any = None, prefer: str | None = None, key: str | None = "any"
    ) -> httpx.Response:
        """One request as the spec has it, with the least body unless another is given."""
        if operation.request is not None and body is None:
            body = least(operation.request.schema)
        needed = {p.name: _value(p.location, p.role) for p in operation.parameters if p.required}
        query = {p.name: needed[p.name] for p in operation.parameters if p.required and p.location == "query"}
        headers = {"Prefer": prefer} if prefer else {}
        auth = (operation.auth or self.spec.auth).value
        if auth is not None and key is not None:
            headers[auth.header] = f"Bearer {key}" if auth.scheme == "bearer" else key
        return self.client.request(
            operation.method,
            operation.path.format_map(needed),
            params=query,
            headers=headers,
            content=None if body is None else json.dumps(body),
        )

    def assert_conforms(self, operation: Operation, answer: httpx.Response) -> None:
        """Nothing to say against an answer in our own judgement, and its media type is the documented one."""
        documented = _documented(self.spec, operation, answer.status_code)
        assert answer.headers.get("content-type") == documented.content_type
        if documented.events:
            assert answer.content == b""  # Prism opens no stream; that it knows the operation is all
            return
        judged = check_response(
            self.spec,
            operation.name,
            answer.content,
            status=answer.status_code,
            file=f"{operation.name} {answer.status_code}",
            judges=Judges(),
        )
        assert [finding.message for finding in judged.findings] == []
        assert bool(answer.content) == (documented.schema is not None)


def _value(location: str, role: str | None) -> str:
    return JOB_IDS[location] if role == "job_id" else "anything"


def least(schema: Mapping[str, Any]) -> Any:
    """An instance with what is required and nothing else."""
    if schema.get("type") == "object":
        return {name: least(schema["properties"][name]) for name in schema.get("required", ())}
    return schema["enum"][0] if "enum" in schema else "a fox"


@pytest.fixture(scope="module")
def prism() -> Path:
    """The binary."""
    named = os.environ.get("HARNESS_PRISM")
    found = named or shutil.which("prism")
    if found is not None and Path(found).is_file():
        return Path(found)
    message = f"no Prism at {named}" if named else "no Prism: set HARNESS_PRISM to its binary"
    if os.environ.get("HARNESS_REQUIRE_PRISM") == "1" or named:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module", params=REFERENCES)
def mock(
    request: pytest.FixtureRequest, prism: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mock]:
    """Prism with one exported file, for all the checks of this file."""
    spec = STORE.get(request.param)
    directory = tmp_path_factory.mktemp("prism")
    file = directory / "openapi.json"
    file.write_text(json.dumps(openapi(spec)), "utf-8")
    with (
        _served(prism, file, directory / "log") as url,
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        client.headers["Content-Type"] = "application/json"
        yield Mock(spec=spec, client=client)


@contextmanager
def _served(prism: Path, file: Path, log: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [str(prism), "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(file)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            _wait_for(process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=START_LIMIT_S)


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_LIMIT_S
    while "Prism is listening" not in (said := log.read_text("utf-8")):
        assert process.poll() is None, said
        assert time.monotonic() < end, said
        time.sleep(0.05)


def _shown(spec: Spec, *, requests: bool) -> Iterator[tuple[ExampleSite, Operation, str, Any]]:
    """The valid examples of requests or answers: operation, status (or `request`), value."""
    for site in example_sites(spec):
        name, place, *_ = site.name.split(".")
        operation = spec.operations.get(name)
        if operation is None or site.is_request is not requests or any(example_faults(site)):
            continue
        if requests or place in operation.responses:
            example = site.example
            value = example.value if example.has_value else parse_json(example.text or "", "").root.plain()
            yield site, operation, place, value


def _preference(spec: Spec, operation: Operation, status: str) -> str | None:
    """How to ask Prism for an answer of this status; for a range, by a code that nothing else speaks of."""
    first = int(status[0]) * 100
    codes = (int(status),) if status.isdecimal() else range(first, first + 100)
    found = (code for code in codes if (_documented(spec, operation, code).status == status))
    return None if status == "2XX" else f"code={next(found)}"


def _documented(spec: Spec, operation: Operation, code: int) -> Response:
    documented = spec.responses_for(operation.name, code)
    assert documented is not None
    return documented


def test_every_operation_answers_as_documented(mock: Mock) -> None:
    """The least request of each operation is accepted, and the answer conforms."""
    for operation in mock.spec.operations.values():
        answer = mock.send(operation)
        assert answer.is_success, answer.text
        mock.assert_conforms(operation, answer)


def test_documented_requests_are_accepted(mock: Mock) -> None:
    """Each documented example request that its own document allows gets a success."""
    for site, operation, _, value in _shown(mock.spec, requests=True):
        answer = mock.send(operation, body=value)
        assert answer.is_success, (site.name, answer.text)


def test_documented_answers_are_served(mock: Mock) -> None:
    """Each documented example of an answer comes back as it is printed, and conforms."""
    for site, operation, status, value in _shown(mock.spec, requests=False):
        preference = _preference(mock.spec, operation, status)
        example = f"example={site.example.name}"
        answer = mock.send(operation, prefer=f"{preference}, {example}" if preference else example)
        assert answer.json() == value, site.name
        mock.assert_conforms(operation, answer)


def test_every_documented_status_conforms(mock: Mock) -> None:
    """Errors too, the common ones at every operation; what is undocumented comes without a body."""
    for operation in mock.spec.operations.values():
        for status in {**operation.responses, **(mock.spec.errors.value or {})}:
            answer = mock.send(operation, prefer=_preference(mock.spec, operation, status))
            assert str(answer.status_code).startswith(status.removesuffix("XX")), (operation.name, status)
            mock.assert_conforms(operation, answer)


@pytest.mark.parametrize(("word", "change"), [("prompt", REMOVED), ("duration_s", 7)])
def test_invalid_requests_are_refused(mock: Mock, word: str, change: Any) -> None:
    """No prompt, or a length of 7 s: the answer is 422, or 400 where the provider documents that."""
    for operation in mock.spec.operations.values():
        if operation.request is not None:
            body = edited(least(operation.request.schema), mock.spec.mapping[word], change)
            answer = mock.send(operation, body=body)
            documented = mock.spec.responses_for(operation.name, 400)
            says_400 = documented is not None and documented.status == "400"
            assert answer.status_code == (400 if says_400 else 422), answer.text


def test_a_request_without_a_key_is_refused(mock: Mock) -> None:
    """The security of each operation is taken for what it says."""
    for operation in mock.spec.operations.values():
        assert mock.send(operation, key=None).status_code == 401


def test_the_trailing_slash_is_part_of_the_path(mock: Mock) -> None:
    """A path with a slash at the end is not served without it, nor the other way round.

    405 is Oxen's: behind the slash of /api/ai/queue/ an id may follow, though not for a POST.
    """
    path = mock.spec.operations["submit"].path
    other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    assert mock.client.post(other, content="{}").status_code in (404, 405)
