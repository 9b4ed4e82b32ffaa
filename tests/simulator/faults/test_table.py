"""The table of faults: complete, and each row readable."""

from __future__ import annotations

import pytest

from harness.simulator.faults.fault import OPERATIONS, Fault
from harness.simulator.faults.table import FAULTS

# What the simulator has to be able to do, in the words of its task, each with the rows that do it.
DEMANDED = {
    "401": ["401"],
    "402": ["402"],
    "404 after create": ["404-after-create"],
    "409": ["409"],
    "422": ["422"],
    "429 with and without Retry-After": ["429", "429-no-retry-after"],
    "500/502/503": ["500", "502", "503"],
    "slow first byte": ["slow-first-byte"],
    "stalled body": ["stalled-body"],
    "reset before and after the request was read": ["reset-before-read", "reset-after-read"],
    "truncated JSON": ["truncated-json"],
    "wrong content type": ["wrong-content-type"],
    "HTML error page": ["html-error-page"],
    "invalid UTF-8": ["invalid-utf8"],
    "duplicate keys": ["duplicate-keys"],
    "NaN": ["nan"],
    "100 MB body": ["100mb-body"],
    "header flood": ["header-flood"],
    "redirect to another host": ["redirect-elsewhere"],
    "redirect loop": ["redirect-loop"],
    "unknown status": ["unknown-status"],
    "status going backwards": ["status-backwards"],
    "terminal state that changes": ["terminal-changes"],
    "id that changes": ["id-changes"],
    "missing field": ["missing-field"],
    "null field": ["null-field"],
    "wrong type": ["wrong-type"],
    "extra field": ["extra-field"],
    "success without URL": ["success-without-url"],
    "dead URL": ["dead-url"],
    "expired URL": ["expired-url"],
    "wrong video": ["wrong-duration", "wrong-aspect", "no-audio", "not-a-video"],
    "event stream cut": ["event-stream-cut"],
    "event for another job": ["event-other-job"],
    "webhook duplicated, late, forged, never": [
        "webhook-duplicated",
        "webhook-late",
        "webhook-forged",
        "webhook-never",
    ],
    "clock skew": ["clock-skew"],
    "default changed silently": ["default-changed"],
    "parameter ignored silently": ["parameter-ignored"],
}
BEYOND = {"job-failed", "job-stuck", "progress-backwards"}


def test_every_fault_that_is_demanded_is_there():
    """No more and no less than the list, and the few that go beyond it."""
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))
    assert set(names) == {name for rows in DEMANDED.values() for name in rows} | BEYOND


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_row_can_be_read(fault: Fault):
    """A name for the command line, its stage, what it does and what should be seen of it."""
    assert fault.name.replace("-", "").isalnum()
    assert fault.name == fault.name.lower()
    assert fault.stage
    assert len(fault.does) > 20
    assert len(fault.sees) > 20
    assert set(fault.operations) <= set(fault.reach) <= set(OPERATIONS)
    assert bool(fault.operations) is bool(fault.reach)
    assert fault.nth is None or fault.operations
