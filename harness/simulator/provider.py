"""One provider on one port: every request on its way from the socket to the operation and back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.simulator.access import owner_of
from harness.simulator.answer import OWN_HEADER, Answer, Draft, Own
from harness.simulator.chance import drawn_for
from harness.simulator.connection import Connection, Connections
from harness.simulator.drafts import Drafts, success_of
from harness.simulator.events import Hub, event_response
from harness.simulator.faults.fault import OutputFault, ReadFault, StatusFault, WireFault
from harness.simulator.job import SimulatedJob
from harness.simulator.operations import Asked, Operations, refused
from harness.simulator.output import OUTPUT_PREFIX, Outputs, lifetime_of
from harness.simulator.transmission import transmit
from harness.spec.model import Spec
from harness.wire.match import Match, Mismatch, NoMatch, match
from harness.wire.message import HttpRequest

__all__ = ["ELSEWHERE_PREFIX", "Provider"]

ELSEWHERE_PREFIX = "/__elsewhere__"
"""Where the fault `redirect-elsewhere` leads, under another host name; the ledger counts who comes."""

_MOST_BODY_BYTES = 10 * 1024 * 1024
_GATEWAY_PAGE = (
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)


@dataclass(slots=True, kw_only=True)
class Provider:
    """The ASGI application of one provider. `elsewhere` counts the requests that followed a redirect."""

    specs: tuple[Spec, ...]
    base_url: str
    drafts: Drafts
    hub: Hub
    outputs: Outputs
    operations: Operations
    connections: Connections
    seed: int
    requests: int = 0
    elsewhere: list[dict[str, object]] = field(default_factory=list)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self.requests += 1
        request, connection = Request(scope, receive), self.connections.of(scope)
        if connection is None:
            return
        try:
            reply = await self._reply(request, connection)
        except ClientDisconnect:
            return
        if isinstance(reply, Answer):
            await transmit(reply, connection, self.operations.timeline, receive, send)
        elif reply is not None:
            await reply(scope, receive, send)

    async def _reply(self, request: Request, connection: Connection) -> Answer | ASGIApp | None:
        """What is to be sent; None where the connection was reset."""
        path = _raw_path(request)
        if path.startswith(OUTPUT_PREFIX):
            return await self._output(request, connection, path)
        if path.startswith(ELSEWHERE_PREFIX):
            return self._strayed(request, path)
        candidate = self._match(request, b"", any_model=True)
        if isinstance(candidate, Match) and self._reset_unread(candidate, connection):
            return None
        body = await _read(request)
        if body is None:
            return self.drafts.error(None, "", 413, "the body is larger than 10 MB").written()
        found = self._match(request, body)
        if isinstance(found, NoMatch):
            return self._unmatched(request, found, candidate).written()
        return await self._matched(request, connection, found, body)

    def _match(self, request: Request, body: bytes, *, any_model: bool = False) -> Match | NoMatch:
        """Against each server that the provider's specs name; the base URL stands in place of all."""
        query = f"?{request.url.query}" if request.url.query else ""
        found: Match | NoMatch | None = None
        for origin in dict.fromkeys(_origin(spec.server) for spec in self.specs):
            incoming = HttpRequest(
                method=request.method,
                url=f"{origin}{_raw_path(request)}{query}",
                headers=tuple(request.headers.items()),
                body=body,
            )
            found = match(self.specs, incoming, any_model=any_model)
            if isinstance(found, Match):
                return found
        return found or NoMatch(reason="nothing is served here", cause=Mismatch.SERVER)

    def _job(self, found: Match) -> SimulatedJob | None:
        """The job that a request names, if it is one of the models that the request may belong to."""
        job = self.operations.book.get(found.job_id)
        return job if job is not None and job.spec in found.specs else None

    def _reset_unread(self, found: Match, connection: Connection) -> bool:
        job = self._job(found)
        spec = job.spec if job is not None else found.spec
        nth = self._counts[self._count_key(spec, found.operation, job)] + 1
        subject = str(job.ordinal) if job is not None else ""
        faults = self.operations.faults.striking(
            ReadFault, spec, operation=found.operation, nth=nth, subject=subject
        )
        if faults:
            self._count(spec, found.operation, job)
            connection.reset()
        return bool(faults)

    def _count_key(self, spec: Spec, operation: str, job: SimulatedJob | None) -> tuple[str, str]:
        return operation, job.id if job is not None else spec.id

    def _count(self, spec: Spec, operation: str, job: SimulatedJob | None) -> int:
        """Which request of this operation, of this job, this is."""
        key = self._count_key(spec, operation, job)
        self._counts[key] += 1
        if operation == "poll" and job is not None:
            job.polls += 1
        return self._counts[key]

    def _unmatched(self, request: Request, found: NoMatch, candidate: Match | NoMatch) -> Draft:
        if found.cause is Mismatch.MODEL and isinstance(candidate, Match):
            spec, operation = candidate.spec, candidate.operation
            if owner_of(spec, operation, request.headers) is None:
                return self.drafts.error(spec, operation, 401, "missing or invalid key")
            return self.drafts.error(spec, operation, 404, found.reason)
        status = 405 if found.cause is Mismatch.METHOD else 404
        return self.drafts.error(None, "", status, found.reason)

    async def _matched(
        self, request: Request, connection: Connection, found: Match, body: bytes
    ) -> Answer | ASGIApp:
        job = self._job(found)
        spec, operation = (job.spec if job is not None else found.spec), found.operation
        nth = self._count(spec, operation, job)
        owner = owner_of(spec, operation, request.headers)
        asked = Asked(
            spec=spec,
            operation=operation,
            path_parameters=found.path_parameters,
            query=found.query_parameters,
            headers=request.headers,
            body=body,
            owner=owner or "",
            job=job,
            nth=nth,
        )
        if owner is None:
            draft = self.drafts.error(spec, operation, 401, "missing or invalid key")
            return self._dated(draft.written(), spec)
        answer = self._struck(request, spec, operation, nth, asked.subject)
        if answer is None:
            now_s = self.operations.timeline.now_s()
            over = self.operations.limiter.rate(spec, operation, owner, now_s)
            if over is not None:
                answer = refused(self.drafts, spec, operation, over).written()
            elif operation == "events":
                return self._listen(asked, connection)
            else:
                answer = (await self.operations.answer(asked)).written()
        return self._dated(self._sent(answer, spec, operation, nth, asked.subject), spec)

    def _struck(self, request: Request, spec: Spec, operation: str, nth: int, subject: str) -> Answer | None:
        """The answer of a fault that stands in place of the right one: of several, the first."""
        faults = self.operations.faults.striking(
            StatusFault, spec, operation=operation, nth=nth, subject=subject
        )
        if not faults:
            return None
        fault = faults[0]
        if fault.html:
            return Answer(status=fault.status, body=_GATEWAY_PAGE, content_type="text/html")
        if fault.redirect is not None:
            location = _raw_path(request) + (f"?{request.url.query}" if request.url.query else "")
            if fault.redirect == "elsewhere":
                location = f"http://localhost:{urlsplit(self.base_url).port}{ELSEWHERE_PREFIX}{location}"
            return Answer(status=fault.status, headers=(("location", location),))
        name = operation if operation in spec.operations else ""
        draft = self.drafts.error(spec if name else None, name, fault.status, f"fault {fault.name}")
        if fault.retry_after_s is not None:
            draft.headers = (("retry-after", str(fault.retry_after_s)),)
        return draft.written()

    def _sent(self, answer: Answer, spec: Spec, operation: str, nth: int, subject: str) -> Answer:
        """The answer as faults of sending have it."""
        for fault in self.operations.faults.striking(
            WireFault, spec, operation=operation, nth=nth, subject=subject
        ):
            answer = fault.apply(answer)
        return answer

    def _dated(self, answer: Answer, spec: Spec) -> Answer:
        """The answer with a Date header of its own where the provider's clock is off."""
        skew_s = self.operations.skew_s(spec)
        if not skew_s:
            return answer
        when = self.operations.timeline.utc_now() + timedelta(seconds=skew_s)
        return answer.but(headers=(*answer.headers, ("date", format_datetime(when, usegmt=True))))

    def _listen(self, asked: Asked, connection: Connection) -> ASGIApp:
        response = success_of(asked.spec.operations["events"])[1]
        stream = response.stream if response is not None else None
        random = drawn_for(self.seed, "events", asked.spec.provider_id, asked.nth)
        return event_response(self.hub, asked.owner, stream, connection, self.operations.timeline, random)

    async def _output(self, request: Request, connection: Connection, path: str) -> Answer | ASGIApp | None:
        job = self.operations.book.by_output(path.removeprefix(OUTPUT_PREFIX).partition("/")[0])
        if job is None or request.method not in ("GET", "HEAD"):
            status = 404 if job is None else 405
            return self.drafts.error(None, "", status, "no such output").written()
        spec, subject = job.spec, str(job.ordinal)
        nth = self._count(spec, "output", job)
        job.downloads += 1
        faults = self.operations.faults
        if faults.striking(ReadFault, spec, operation="output", nth=nth, subject=subject):
            connection.reset()
            return None
        answer = self._struck(request, spec, "output", nth, subject) or self._withheld(job)
        if answer is not None:
            return answer
        if faults.striking(WireFault, spec, operation="output", nth=nth, subject=subject):
            file = await self.outputs.file(job)
            whole = Answer(status=200, body=file.read_bytes(), content_type="video/mp4")
            return self._sent(whole, spec, "output", nth, subject)
        return await self.outputs.response(job, request)

    def _withheld(self, job: SimulatedJob) -> Answer | None:
        """The refusal of an output that is not there, not yet there, or no longer there."""
        now_s = self.operations.timeline.now_s()
        lifetime_s, is_own = lifetime_of(job.spec)
        dead = self.operations.faults.striking(OutputFault, job.spec, subject=str(job.ordinal))
        if now_s < job.plan.ended_s or any(not fault.is_expired for fault in dead):
            return self.drafts.error(None, "", 404, "no such output").written()
        if dead or (lifetime_s is not None and now_s >= job.plan.ended_s + lifetime_s):
            draft = self.drafts.error(None, "", 403, "the address has expired")
            draft.own = (*draft.own, Own.EXPIRY) if is_own else draft.own
            return draft.written()
        return None

    def _strayed(self, request: Request, path: str) -> Answer:
        """A client that followed a redirect to another host; what it carried is noted."""
        keyed = {header for spec in self.specs if spec.auth.value for header in [spec.auth.value.header]}
        self.elsewhere.append(
            {
                "method": request.method,
                "path": path.removeprefix(ELSEWHERE_PREFIX),
                "host": request.headers.get("host", ""),
                "has_key": any(name in request.headers for name in (*keyed, "authorization")),
            }
        )
        return Answer(
            status=200, body=b"{}", content_type="application/json", headers=((OWN_HEADER, Own.BODY),)
        )


def _raw_path(request: Request) -> str:
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.decode("latin-1")


def _origin(server: str) -> str:
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}"


async def _read(request: Request) -> bytes | None:
    """The body; None for one that is too large."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _MOST_BODY_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
