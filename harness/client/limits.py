"""What the client allows a provider to do to it: sizes, times, and how much is in flight at once."""

from __future__ import annotations

from dataclasses import dataclass

from harness.wire.clock import Clock

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every bound of the client. Seconds are provider seconds.

    Sockets do not get faster with a scaled clock, so the time-outs of the network (`connect_s` to `whole_s`)
    never fall below `shortest_real_s` of real time; see `real`.
    """

    body_bytes: int = 8_000_000
    output_bytes: int = 2_000_000_000
    header_count: int = 100
    header_bytes: int = 65_536
    event_line_bytes: int = 262_144
    delivery_bytes: int = 262_144

    connect_s: float = 10.0
    write_s: float = 30.0
    first_byte_s: float = 60.0
    between_bytes_s: float = 30.0
    whole_s: float = 120.0
    download_s: float = 1800.0
    shortest_real_s: float = 2.0

    in_flight: int = 20  # short requests; held ones (streams, blocking calls) and downloads have their own
    held: int = 200
    downloads: int = 4

    redirects: int = 5
    post_attempts: int = 4  # of a POST that certainly did not reach the provider
    backoff_s: float = 1.0
    backoff_max_s: float = 120.0
    retry_after_max_s: float = 300.0

    poll_s: float | None = None  # None: what the documents ask for, else 10 s
    job_s: float = 3600.0  # how long a job is waited for
    fallback_s: float = 60.0  # without an event or a webhook call for so long, the job is polled
    output_polls: int = 3  # further looks at a job that succeeded without saying where its output is

    def real(self, seconds: float, clock: Clock) -> float:
        """A network time-out in real seconds."""
        return max(clock.real_seconds(seconds), min(seconds, self.shortest_real_s))
