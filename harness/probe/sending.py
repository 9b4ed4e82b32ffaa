"""Sending probes: with no key, a wrong one, or the operator's own; never a request that could make a job."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, replace

from harness.client.answer import Answer
from harness.client.calls import Call, Endpoints, build
from harness.client.keys import Keyring
from harness.client.limits import Limits
from harness.client.transport import Transport
from harness.probe.plan import Kind, Probe
from harness.spec.model import Auth, Spec, State, Stated

__all__ = ["LIMITS", "WRONG_KEY", "Sender", "other_ways"]

WRONG_KEY = "wrong-key"
"""A key that is nobody's."""

LIMITS = Limits(
    body_bytes=2_000_000,
    connect_s=10.0,
    write_s=5.0,
    first_byte_s=20.0,
    between_bytes_s=10.0,
    whole_s=60.0,
    shortest_real_s=0.5,
    redirects=0,  # where a call is sent on to is not asked: that it is, is what was seen
)

_WAYS = (
    Auth(scheme="bearer", header="Authorization"),
    Auth(scheme="api_key", header="X-API-Key"),
    Auth(scheme="api_key", header="Authorization"),
)
_FREE_WITH_A_KEY = frozenset({"GET", "HEAD", "DELETE"})


def other_ways(spec: Spec, operation: str) -> tuple[Auth, ...]:
    """The usual ways in which a key travels, but the documented one."""
    own = spec.operations[operation].auth
    documented = (own if own is not None else spec.auth).value
    return tuple(way for way in _WAYS if way != documented)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends one probe at a time. `keyring` is the operator's; a key goes to the hosts bound there alone."""

    transport: Transport
    endpoints: Endpoints
    keyring: Keyring
    rng: random.Random

    async def send(self, probe: Probe) -> Answer:
        """The answer to a T1 probe. Raises OperatorError where the host is not bound."""
        return await self.transport.send(self._call(probe))

    async def send_otherwise(self, probe: Probe, way: Auth) -> Answer:
        """The same, with the key in another place of the request to the same host."""
        spec, name = probe.spec, probe.operation or ""
        stated = Stated(state=State.DOCUMENTED, at=spec.auth.at, value=way)
        operation = replace(spec.operations[name], auth=stated)
        altered = replace(spec, operations={**spec.operations, name: operation})
        return await self.transport.send(self._call(replace(probe, spec=altered)))

    def _call(self, probe: Probe) -> Call:
        spec = probe.spec
        if probe.with_key and (probe.tier != "T1" or probe.method not in _FREE_WITH_A_KEY):
            raise AssertionError(f"{probe.name}: {probe.method} with a key is not free")
        server = self.endpoints.server(spec)
        if probe.kind is Kind.REACH or probe.operation is None:
            self.keyring.check_host(spec, server)
            headers = (("accept", "application/json"), ("accept-encoding", "identity"))
            url = f"{server}{probe.path}"
            return Call(spec=spec, operation="submit", method="GET", url=url, headers=headers)
        keyring = self.keyring if probe.with_key else self._wrong(spec)
        call = build(
            spec, probe.operation, endpoints=self.endpoints, keyring=keyring, job_id=self._unknown_id()
        )
        call = replace(call, method=probe.method)
        return call if probe.with_key or probe.kind is Kind.WRONG_KEY else _without_key(call, keyring)

    def _wrong(self, spec: Spec) -> Keyring:
        slot = spec.provider.credential
        binding = self.keyring.binding(slot)
        return Keyring((binding,) if binding is not None else (), {slot: WRONG_KEY})

    def _unknown_id(self) -> str:
        """A job that nobody has: a random UUID."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))


def _without_key(call: Call, keyring: Keyring) -> Call:
    names = {name.lower() for name in keyring.headers_for(call.spec, call.operation, call.url)}
    return replace(call, headers=tuple(pair for pair in call.headers if pair[0].lower() not in names))
