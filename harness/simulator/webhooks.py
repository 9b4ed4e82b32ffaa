"""Calling the webhook that a request named: on loopback only, with the documented secret and retries."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from harness.simulator.faults.fault import WebhookFault
from harness.simulator.timeline import Timeline
from harness.spec.model import Webhook

__all__ = ["Call", "WebhookCaller", "is_loopback"]

_OWN_ANSWER_WITHIN_S = 30.0  # where no document says, the simulator's own choice, as are the next two
_OWN_ATTEMPTS = 1
_OWN_SPACING_S = 10.0
_LEAST_ANSWER_REAL_S = 0.5  # a high time scale must not turn a receiver's milliseconds into a time-out
_FORGED_SECRET = "not-the-secret"  # noqa: S105 - it opens nothing, that is its use


def is_loopback(url: str) -> bool:
    """Whether a URL is plain HTTP(S) to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One delivery to be made. `record` takes what came of each attempt."""

    url: str
    body: bytes
    terms: Webhook
    secret: str | None
    record: Callable[[dict[str, Any]], None]
    is_forged: bool = False


@dataclass(slots=True, kw_only=True)
class WebhookCaller:
    """Makes deliveries. Nothing is sent beyond loopback: such a call is recorded as refused."""

    timeline: Timeline
    _client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(trust_env=False, follow_redirects=False)
    )

    async def close(self) -> None:
        """Drops the connections."""
        await self._client.aclose()

    async def deliver(self, call: Call, faults: Iterable[WebhookFault]) -> None:
        """The delivery of an end, as the documents have it, or as faults want it."""
        copies = 1
        for fault in faults:
            copies = copies if fault.is_forged else fault.copies
            await self.timeline.sleep(fault.late_s)
        for _ in range(copies):
            await self.attempts(call)

    async def attempts(self, call: Call) -> None:
        """One delivery: tried again, as often and as far apart as documented, until it is acknowledged."""
        retries = call.terms.retries.value
        attempts = retries.attempts if retries is not None and not call.is_forged else _OWN_ATTEMPTS
        spacing_s = retries.spacing_s if retries is not None else None
        for attempt in range(1, attempts + 1):
            if attempt > 1:
                await self.timeline.sleep(_OWN_SPACING_S if spacing_s is None else spacing_s)
            if await self._attempt(call, attempt):
                return

    async def _attempt(self, call: Call, attempt: int) -> bool:
        entry: dict[str, Any] = {
            "attempt": attempt,
            "sent_s": self.timeline.now_s(),
            "sent_unix_s": self.timeline.true_utc().timestamp(),
            "forged": call.is_forged,
            "status": None,
            "error": None,
        }
        call.record(entry)
        if not is_loopback(call.url):
            entry["error"] = "refused: the simulator calls webhooks on loopback only"
            return True
        within_s = call.terms.answer_within_s.value or _OWN_ANSWER_WITHIN_S
        timeout_s = max(self.timeline.real_s(within_s), _LEAST_ANSWER_REAL_S)
        try:
            response = await self._client.post(
                call.url, content=call.body, headers=self._headers(call), timeout=timeout_s
            )
        except httpx.HTTPError as error:
            entry["error"] = type(error).__name__
            return False
        entry["status"] = response.status_code
        return response.is_success

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {"content-type": "application/json"}
        header = call.terms.secret_header.value
        if header is not None and call.secret is not None:
            headers[header] = _FORGED_SECRET if call.is_forged else call.secret
        return headers
