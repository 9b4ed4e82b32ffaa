"""The clock of this machine, and the wait of its event loop."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from harness.wire.clock import Clock

__all__ = ["system_clock"]


def system_clock() -> Clock:
    """Real time."""
    return Clock(monotonic=time.monotonic, utc_now=lambda: datetime.now(UTC), sleep=asyncio.sleep)
