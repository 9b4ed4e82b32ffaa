"""What came of one probe, and the row that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.finding import Finding, Verdict
from harness.probe.plan import Probe

__all__ = ["Result", "availability_row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One probe. `sent_utc` is None where it was not sent; `latency_s` are provider seconds.

    `is_gone`: nothing can be asked of this call, so that what rests on it is not sent. `note` says in words
    what the verdict rests on. `looked_at` are the (operation, direction, field) that were compared.
    """

    probe: Probe
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    note: str = ""
    server: str = ""
    sent_utc: datetime | None = None
    status: int | None = None
    error: str | None = None
    latency_s: float | None = None
    is_gone: bool = False
    price: Mapping[str, Any] | None = None
    looked_at: frozenset[tuple[str | None, str | None, str]] = frozenset()

    @property
    def was_sent(self) -> bool:
        """Whether a request left for the provider."""
        return self.sent_utc is not None


def availability_row(result: Result) -> dict[str, Any]:
    """The row of a probe that was sent, for `.harness/availability.jsonl`; no secret is in it."""
    probe = result.probe
    utc = result.sent_utc.isoformat().replace("+00:00", "Z") if result.sent_utc is not None else None
    return {
        "schema": "harness.availability/1",
        "utc": utc,
        "model": probe.spec.ref,
        "provider": probe.spec.provider_id,
        "server": result.server,
        "probe": probe.name,
        "tier": probe.tier,
        "status": result.status,
        "error": result.error,
        "latency_ms": None if result.latency_s is None else round(result.latency_s * 1000, 1),
        "verdict": result.verdict.value,
    }
