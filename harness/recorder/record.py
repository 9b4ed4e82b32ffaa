"""One job, run by the client and recorded from its first request to its video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.check.outputs import DEAD
from harness.client.client import Client, modes_of
from harness.client.fetch import Fetched
from harness.client.results import JobResult, Mode
from harness.client.rules import RULES
from harness.client.watch import Pacing
from harness.errors import OperatorError
from harness.finding import Direction, Finding
from harness.recorder.delivered import Delivered, Viewing, fetch_parts, fetch_whole, look_inside
from harness.recorder.rules import NOT_DELIVERED
from harness.spec.model import Spec
from harness.spec.pointer import MISSING, join, resolve
from harness.wire.video import DeliveredVideo

__all__ = ["Order", "RecordedJob", "default_body", "deliver", "run_job"]

_PROMPT = "A red fox runs through fresh snow at dawn."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be recorded.

    `timeout_s` are provider seconds that the job is waited for, `pacing` says when it is polled (None: as the
    documents ask for). `viewing` says how its video is looked at (None: it is downloaded, and that is all);
    `ranges` are (first byte, length) of what a replay has of it, where that is not the whole.
    """

    spec: Spec
    body: Mapping[str, Any]
    mode: Mode
    timeout_s: float
    pacing: Pacing | None = None
    fetches: bool = True
    allow_redirected_bill: bool = False
    viewing: Viewing | None = None
    ranges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedJob:
    """What became of the job, and of its video (None: there was none, or it was not asked for)."""

    result: JobResult
    fetched: Fetched | None
    delivered: Delivered | None = None

    @property
    def videos(self) -> tuple[DeliveredVideo, ...]:
        """What is known of its video, for the recording."""
        if self.delivered is None or self.delivered.facts is None:
            return ()
        return (DeliveredVideo(job=self.result.handle.job_id, facts=self.delivered.facts),)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What only the client can say of the job: its messages, judged as they stand in a file, do not."""
        own = tuple(finding for finding in self.result.findings if finding.rule in RULES)
        if self.fetched is None or self.fetched.error is None or self.fetched.status in DEAD:
            return own  # a dead address shows in the recording
        if self.delivered is not None and self.delivered.facts is not None:
            return own  # what came was too much
        return (*own, _not_delivered(self.result, self.fetched.error))


def _not_delivered(result: JobResult, error: str) -> Finding:
    return Finding(
        rule=NOT_DELIVERED,
        message=f"the job succeeded, and its output did not come: {error}",
        field="",
        model=result.handle.spec.ref,
        operation="output",
        direction=Direction.RESPONSE,
    )


async def run_job(client: Client, order: Order) -> RecordedJob:
    """Submits the job, waits for its end, and fetches its video. The client's observer sees it all.

    Raises OperatorError for a request that cannot be sent and BudgetError for one that may not.
    """
    handle = await client.submit(
        order.spec,
        order.body,
        mode=order.mode,
        even_if_invalid=True,  # what a provider makes of a bad request is worth recording
        allow_redirected_bill=order.allow_redirected_bill,
    )
    result = await client.wait(handle, pacing=order.pacing, timeout_s=order.timeout_s)
    return await deliver(client, order, result)


async def deliver(client: Client, order: Order, result: JobResult) -> RecordedJob:
    """Fetches what a job delivered, if it did, and looks at it as the order says."""
    viewing, url = order.viewing, result.output
    if viewing is not None and result.inline is not None:
        return RecordedJob(result=result, fetched=None, delivered=await look_inside(result.inline, viewing))
    if url is None or not order.fetches:
        return RecordedJob(result=result, fetched=None)
    if viewing is not None:
        how = fetch_parts if viewing.in_ranges else fetch_whole
        delivered = await how(client, order.spec, url, viewing)
        return RecordedJob(result=result, fetched=delivered.fetched, delivered=delivered)
    fetched = None
    for start, length in order.ranges or ((0, None),):
        fetched = await client.fetch(order.spec, url, start=start, length=length)
    return RecordedJob(result=result, fetched=fetched)


def default_body(spec: Spec, mode: Mode) -> dict[str, Any]:
    """A request with no more than it must have: the required members, and a prompt.

    Of a member with documented values, the first; of the others, the default, else what a documented example
    has there. Raises OperatorError for a required member without any of these, and for a mode that is not
    documented.
    """
    if mode not in modes_of(spec):
        raise OperatorError(f"{spec.ref} documents no {mode}; it documents: {', '.join(modes_of(spec))}")
    operation = spec.operations["generate" if mode is Mode.BLOCKING else "submit"]
    body: dict[str, Any] = {}
    if operation.request is None:
        return body
    examples = [example.value for example in operation.request.examples if example.has_value]
    _fill(spec, operation.request.schema, "", body, examples)
    return body


def _fill(
    spec: Spec, schema: Mapping[str, Any], at: str, into: dict[str, Any], examples: Sequence[Any]
) -> None:
    own = {spec.mapping.get("model"): spec.model.name, spec.mapping.get("prompt"): _PROMPT}
    for name in schema.get("required", ()):
        pointer, below = f"{at}{join([name])}", schema.get("properties", {}).get(name, {})
        if below.get("type") == "object":
            into[name] = {}
            _fill(spec, below, pointer, into[name], examples)
        elif below.get("enum"):
            into[name] = below["enum"][0]
        elif pointer in own:
            into[name] = own[pointer]
        elif "default" in below:
            into[name] = below["default"]
        elif shown := [value for one in examples if (value := resolve(one, pointer)) is not MISSING]:
            into[name] = shown[0]
        else:
            raise OperatorError(
                f"{spec.ref}: {pointer} is required, and has no default; give the body (--body)"
            )
