"""What truly happened: every job with its true times, for tests of those who can only poll."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from typing import Any

from harness.simulator.job import SimulatedJob
from harness.simulator.output import lifetime_of
from harness.simulator.provider import Provider
from harness.simulator.shape import put
from harness.simulator.timing import SIGMA, median_of
from harness.spec.model import Spec, State
from harness.spec.pointer import MISSING, resolve

__all__ = ["LEDGER_PATH", "ledger"]

LEDGER_PATH = "/__ledger__"
_MASK = "***"


def ledger(providers: Iterable[Provider]) -> dict[str, Any]:
    """All jobs of all providers in the order of their creation; times in provider seconds since the start.

    `own` says for each model what the simulator chose because no document says it.
    """
    served = list(providers)
    jobs = [(provider, job) for provider in served for job in provider.operations.book]
    jobs.sort(key=lambda pair: pair[1].plan.submitted_s)
    return {
        "schema": "harness.ledger/1",
        "jobs": [_entry(provider, job) for provider, job in jobs],
        "requests": sum(provider.requests for provider in served),
        "elsewhere": [visit for provider in served for visit in provider.elsewhere],
        "own": {spec.ref: _own(spec) for provider in served for spec in provider.specs},
    }


def _entry(provider: Provider, job: SimulatedJob) -> dict[str, Any]:
    now_s = provider.operations.timeline.now_s()
    plan = job.plan
    return {
        "id": job.id,
        "provider": job.spec.provider_id,
        "model": job.spec.ref,
        "operation": job.operation,
        "submitted_utc": job.submitted_utc,
        "submitted_s": plan.submitted_s,
        "started_s": plan.started_s if now_s >= plan.started_s else None,
        "ended_s": plan.ended_s if now_s >= plan.ended_s else None,
        "due_s": plan.ended_s if math.isfinite(plan.ended_s) else None,
        "state": plan.state_at(now_s).value,
        "request": _masked(job),
        "billed": True,
        "polls": job.polls,
        "downloads": job.downloads,
        "events_sent": list(job.events_sent),
        "webhooks": [dict(entry) for entry in job.webhooks],
    }


def _masked(job: SimulatedJob) -> Any:
    """The request as it was sent, without the secret in it."""
    request = copy.deepcopy(dict(job.request))
    terms = job.spec.webhook.value
    pointer = terms.secret_field.value if terms is not None else None
    if pointer is not None and resolve(request, pointer) is not MISSING:
        return put(request, pointer, _MASK)
    return request


def _own(spec: Spec) -> dict[str, Any]:
    modes = {"poll": "submit", "blocking": "generate"}
    found: dict[str, Any] = {"job_time_sigma": SIGMA}
    for mode, operation in modes.items():
        median = median_of(spec, mode)
        if operation in spec.operations and median.source is None:
            found[f"job_time_s.{mode}"] = median.seconds
    seconds, is_own = lifetime_of(spec)
    if is_own:
        found["output_lifetime_s"] = seconds
    undecided = [
        name
        for name, operation in spec.operations.items()
        if operation.request is not None
        and (operation.validation is None or operation.validation.state is not State.DOCUMENTED)
    ]
    if undecided:
        found["validated_at_submit"] = undecided
    return found
