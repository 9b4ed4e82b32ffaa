"""Whether a recording may still be relied on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from harness.check.rules import rule
from harness.finding import Finding, Location
from harness.wire.message import Recording

__all__ = ["WARNING_TIME", "expiry_findings"]

WARNING_TIME = timedelta(days=14)
"""How long before its end a recording says that it is near."""


def expiry_findings(recording: Recording, now: datetime) -> Iterator[Finding]:
    """That a recording has expired, or will soon. `now` is UTC; without an end there is nothing to say."""
    if recording.expires is None or now < recording.expires - WARNING_TIME:
        return
    day = recording.expires.date().isoformat()
    expired = now >= recording.expires
    yield Finding(
        rule=rule("cassette.expired" if expired else "cassette.expires-soon"),
        message=f"the recording {'expired' if expired else 'expires'} on {day}",
        field="",
        facet="expires",
        expected=recording.expires.isoformat(),
        observed=now.isoformat(timespec="seconds"),
        subject=Location(file=recording.file),
    )
