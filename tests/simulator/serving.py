"""A simulator beside the test, in a thread of its own, and a plain HTTP caller that knows a spec's places."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from harness.check.body import Judges
from harness.check.response import response_findings
from harness.cli.clock import system_clock
from harness.finding import Finding, Location
from harness.simulator.drafts import success_of
from harness.simulator.options import Options
from harness.simulator.server import Simulator
from harness.simulator.shape import put
from harness.spec.model import Operation, Spec
from harness.spec.store import SpecStore
from harness.wire.job import JobView, job_views
from harness.wire.lifecycle import TERMINAL

__all__ = ["KEY", "STORE", "Caller", "Served", "drain", "serving"]

KEY = "a-key-of-the-tests"
STORE = SpecStore()
_JUDGES = Judges()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A simulator that listens."""

    base_urls: Mapping[str, str]
    specs: tuple[Spec, ...]
    notes: tuple[str, ...]
    client: httpx.Client

    def caller(self, part: str = "", *, key: str = KEY) -> Caller:
        """A caller of the one model whose id has this part."""
        (spec,) = [spec for spec in self.specs if part in spec.id]
        return Caller(spec=spec, base_url=self.base_urls[spec.provider_id], client=self.client, key=key)

    def wait_for_all(self, models: Iterable[str]) -> dict[str, list[httpx.Response]]:
        """One job of each model, polled in turns to its end: model -> its answers, as `Caller.wait` gives."""
        callers = {model: self.caller(model) for model in models}
        ids = {model: caller.submit() for model, caller in callers.items()}
        answers: dict[str, list[httpx.Response]] = {model: [] for model in callers}
        limit = time.monotonic() + 20
        while ids and time.monotonic() < limit:
            for model, job_id in list(ids.items()):
                if callers[model].look(job_id, answers[model]):
                    del ids[model]
            time.sleep(0.005)
        assert not ids, f"did not end: {ids}"
        return answers

    def ledger(self) -> dict[str, Any]:
        """What truly happened."""
        base_url = next(iter(self.base_urls.values()))
        found: dict[str, Any] = self.client.get(f"{base_url}/__ledger__").json()
        return found


@contextmanager
def serving(
    *faults: str, models: tuple[str, ...] = (), store: SpecStore = STORE, **options: Any
) -> Iterator[Served]:
    """A simulator with some faults; 2,000 provider seconds pass in one unless said otherwise."""
    chosen = Options(**{"time_scale": 2000.0, "faults": faults, "models": models, **options})
    ready: queue.Queue[Any] = queue.Queue()
    client = httpx.Client(trust_env=False, timeout=20)

    async def serve() -> None:
        stop = asyncio.Event()
        async with Simulator(store, chosen, clock=system_clock()) as simulator:
            loop = asyncio.get_running_loop()
            served = Served(
                base_urls=dict(simulator.base_urls),
                specs=simulator.specs,
                notes=tuple(simulator.notes),
                client=client,
            )
            ready.put((served, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    def work() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            ready.put(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    found = ready.get(timeout=30)
    if isinstance(found, BaseException):
        client.close()
        raise found
    served, stop = found
    try:
        yield served
    finally:
        client.close()
        stop()
        thread.join(timeout=30)
        assert not thread.is_alive(), "the simulator did not end"


@dataclass(slots=True, kw_only=True)
class Caller:
    """Plain httpx with the paths, headers and names of one spec filled in; it judges nothing by itself."""

    spec: Spec
    base_url: str
    client: httpx.Client
    key: str = KEY

    def headers(self, operation: str) -> dict[str, str]:
        """The key as the spec wants it, and the type of the body."""
        found = self.spec.operations[operation].auth or self.spec.auth
        headers = {"Content-Type": "application/json"}
        if found.value is not None and self.key:
            value = f"Bearer {self.key}" if found.value.scheme == "bearer" else self.key
            headers[found.value.header] = value
        return headers

    def body(self, **canonical: Any) -> dict[str, Any]:
        """A valid request: the model, a prompt, and more by canonical words."""
        wanted = {"prompt": "A red balloon", **canonical}
        if "model" in self.spec.mapping:
            wanted.setdefault("model", self.spec.model.name)
        request = self.spec.operations["submit"].request
        assert request is not None
        if "version" in request.schema.get("required", ()):
            wanted.setdefault("model_version", "0.0.1")
        body: dict[str, Any] = {}
        for word, value in wanted.items():
            put(body, self.spec.mapping[word], value)
        return body

    def call(self, operation: str, *, job_id: str = "", **more: Any) -> httpx.Response:
        """One request to an operation; `more` goes to httpx."""
        described = self.spec.operations[operation]
        path, query = described.path, dict[str, str]()
        for parameter in described.parameters:
            value = job_id if parameter.role == "job_id" else self.spec.model.name
            if parameter.location == "path":
                path = path.replace(
                    f"{{{parameter.name}}}", httpx.URL("/").copy_with(path=value).raw_path.decode()
                )
                path = path.replace("//", "/")
            elif parameter.location == "query" and parameter.required:
                query[parameter.name] = value
        headers = {**self.headers(operation), **more.pop("headers", {})}
        return self.client.request(
            described.method,
            self.base_url + path,
            params=query or None,
            headers=headers,
            **more,
        )

    def submit(self, **canonical: Any) -> str:
        """Creates a job and gives its id."""
        response = self.call("submit", json=self.body(**canonical))
        assert response.status_code == success_of(self.operation("submit"))[0], response.text
        return self.view("submit", response).id or ""

    def poll(self, job_id: str) -> httpx.Response:
        """One look at a job."""
        return self.call("poll", job_id=job_id)

    def view(self, operation: str, response: httpx.Response) -> JobView:
        """What an answer says of its (first) job."""
        documented = success_of(self.operation(operation))[1]
        assert documented is not None
        assert documented.job is not None
        return next(job_views(documented.job, response.json()))

    def operation(self, name: str) -> Operation:
        """One operation of the spec."""
        return self.spec.operations[name]

    def wait(self, job_id: str, *, within_s: float = 20.0) -> list[httpx.Response]:
        """Polls until a good answer shows the end; every answer on the way.

        A connection that breaks, and an answer that cannot be read, is a reason to poll once more.
        """
        answers: list[httpx.Response] = []
        limit = time.monotonic() + within_s
        while time.monotonic() < limit:
            if self.look(job_id, answers):
                return answers
            time.sleep(0.005)
        raise AssertionError(f"job {job_id} did not end: {[answer.text[:200] for answer in answers[-2:]]}")

    def look(self, job_id: str, answers: list[httpx.Response]) -> bool:
        """One more poll, added to the answers where there is one; whether it shows the end."""
        try:
            answers.append(self.poll(job_id))
            is_good = answers[-1].status_code == 200
            return is_good and self.view("poll", answers[-1]).state in TERMINAL
        except (httpx.TransportError, ValueError):
            return False

    def findings(self, operation: str, response: httpx.Response) -> list[Finding]:
        """What the checker says of an answer."""
        return list(
            response_findings(
                self.spec,
                operation,
                response.status_code,
                response.content,
                subject=Location(file="answer"),
                judges=_JUDGES,
                content_type=response.headers.get("content-type"),
            )
        )


def drain(stream: httpx.Response, received: list[bytes]) -> None:
    """Takes every chunk of a stream into the list, until the stream ends or breaks."""
    for chunk in stream.iter_bytes():
        received.append(chunk)  # noqa: PERF402 - what came before it breaks must be there
