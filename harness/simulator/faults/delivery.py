"""Faults of what the provider sends unasked: events and webhooks."""

from __future__ import annotations

from harness.simulator.faults.fault import EventFault, Fault, WebhookFault
from harness.spec.model import Spec

__all__ = ["DELIVERY_FAULTS", "LATE_S"]

LATE_S = 600.0


def _has_events(spec: Spec) -> str | None:
    return None if "events" in spec.operations else "it documents no events"


def _has_webhook(spec: Spec) -> str | None:
    return None if spec.webhook.value is not None else "it documents no webhook"


DELIVERY_FAULTS: tuple[Fault, ...] = (
    EventFault(
        name="event-stream-cut",
        does="the stream is reset in the middle of the job's event; it is not sent again",
        sees="a job that is found by polling; the half event does not count",
        needs=_has_events,
        cuts=True,
    ),
    EventFault(
        name="event-other-job",
        does="an event of a job that is not ours precedes the job's own",
        sees="the stranger passed over, the job's own event taken",
        needs=_has_events,
        is_strange=True,
    ),
    WebhookFault(
        name="webhook-duplicated",
        does="the webhook is delivered twice",
        sees="one end; the second delivery recorded as a duplicate",
        needs=_has_webhook,
        copies=2,
    ),
    WebhookFault(
        name="webhook-late",
        does=f"the webhook comes {LATE_S:g} s after the end",
        sees="a job that is found by polling; the late delivery recorded",
        needs=_has_webhook,
        late_s=LATE_S,
    ),
    WebhookFault(
        name="webhook-forged",
        does="somebody without the secret reports success, with an output of theirs, while the job runs",
        sees="a delivery refused or not believed; the job's true end",
        needs=_has_webhook,
        is_forged=True,
    ),
    WebhookFault(
        name="webhook-never",
        does="the webhook is never called",
        sees="a job that is found by polling",
        needs=_has_webhook,
        copies=0,
    ),
)
