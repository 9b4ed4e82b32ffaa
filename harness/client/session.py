"""What everything in this room works with, made once for each client."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from harness.client.book import Book
from harness.client.budget import Budget
from harness.client.calls import Call, Endpoints, build
from harness.client.checking import Checker
from harness.client.keys import Keyring
from harness.client.limits import Limits
from harness.client.throttle import Throttle
from harness.client.transport import Transport
from harness.spec.model import Spec
from harness.wire.clock import Clock

__all__ = ["Session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The parts of one client. `live` says that the operator allows spending at hosts beyond this machine,
    `keeps_sightings` that each job remembers every message about it.
    """

    transport: Transport
    endpoints: Endpoints
    keyring: Keyring
    book: Book
    budget: Budget | None
    clock: Clock
    limits: Limits
    rng: random.Random
    live: bool
    keeps_sightings: bool = False
    checker: Checker = field(default_factory=Checker)
    throttle: Throttle = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "throttle", Throttle(self.clock))

    def call(self, spec: Spec, operation: str, *, job_id: str | None = None, body: bytes = b"") -> Call:
        """The request of one operation, with its key. Raises OperatorError."""
        return build(
            spec, operation, endpoints=self.endpoints, keyring=self.keyring, job_id=job_id, body=body
        )
