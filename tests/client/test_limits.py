"""Time-outs of the network do not shrink with the clock."""

from __future__ import annotations

from harness.client.limits import Limits
from tests.client.world import clock


def test_real_seconds():
    """Scaled, but never below what a socket needs; and never longer than asked for."""
    limits = Limits(shortest_real_s=2.0)

    assert limits.real(60.0, clock(1.0)) == 60.0
    assert limits.real(60.0, clock(10.0)) == 6.0
    assert limits.real(60.0, clock(1000.0)) == 2.0
    assert limits.real(1.0, clock(1000.0)) == 1.0
