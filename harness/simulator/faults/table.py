"""Every fault, in the order in which `harness simulate --list-faults` shows them."""

from __future__ import annotations

from harness.simulator.faults.body import BODY_FAULTS
from harness.simulator.faults.delivery import DELIVERY_FAULTS
from harness.simulator.faults.fault import Fault
from harness.simulator.faults.job import JOB_FAULTS
from harness.simulator.faults.status import STATUS_FAULTS
from harness.simulator.faults.wire import WIRE_FAULTS

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *STATUS_FAULTS,
    *WIRE_FAULTS,
    *BODY_FAULTS,
    *JOB_FAULTS,
    *DELIVERY_FAULTS,
)
