"""Which key may go to which host. The operator says so; a spec never does.

A spec names a credential slot. A `Binding` ties the slot to a variable of the environment and to the hosts
that its key may be sent to. A spec that names any other host gets no key, and no request either.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import httpx

from harness.client.redaction import Redactor
from harness.errors import OperatorError
from harness.spec.model import Auth, Spec

__all__ = ["Binding", "Keyring", "default_bindings", "default_variable", "is_loopback", "origin"]

PLACEHOLDER = "no-key-needed-on-loopback"
"""What a simulator on this machine gets where no key is set: it is no secret."""

_PORTS = {"http": 80, "https": 443}
_SENDABLE = re.compile(r"[\x21-\x7e]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One credential slot: the variable that holds its key, and the hosts that the key may be sent to.

    A host is `name` (its scheme's own port; any port on loopback) or `name:port`.
    """

    slot: str
    variable: str
    hosts: tuple[str, ...]

    def allows(self, scheme: str, host: str, port: int) -> bool:
        """Whether the key may go there: over HTTPS only, but for this machine itself."""
        local = is_loopback(host)
        if scheme != "https" and not (scheme == "http" and local):
            return False
        named = {host, f"[{host}]"}
        exact = any(f"{name}:{port}" in self.hosts for name in named)
        return exact or (bool(named & set(self.hosts)) and (local or port == _PORTS[scheme]))

    def also(self, *hosts: str) -> Binding:
        """The same slot with more hosts."""
        return replace(self, hosts=(*self.hosts, *hosts))


def default_variable(slot: str) -> str:
    """`example` -> `EXAMPLE_API_KEY`."""
    return f"{slot.upper().replace('-', '_')}_API_KEY"


def default_bindings(shipped: Iterable[Spec]) -> tuple[Binding, ...]:
    """The slots of the shipped specs, each bound to its default variable and the hosts of its base URLs.

    Only specs that come with this package may be given here: what a user's directory says binds nothing.
    """
    hosts: dict[str, dict[str, None]] = {}
    for spec in shipped:
        scheme, host, port = origin(spec.server)
        name = host if port == _PORTS[scheme] else f"{host}:{port}"
        hosts.setdefault(spec.provider.credential, {})[name] = None
    return tuple(
        Binding(slot=slot, variable=default_variable(slot), hosts=tuple(names))
        for slot, names in sorted(hosts.items())
    )


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port as the connection will be made. Raises OperatorError for what has none."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise OperatorError(f"not a URL: {error}") from None
    host = parsed.raw_host.decode("ascii").lower().removeprefix("[").removesuffix("]")
    if parsed.scheme not in _PORTS or not host:
        raise OperatorError(f"expected an absolute http or https URL, got one of scheme {parsed.scheme!r}")
    if not 0 < (parsed.port or 1) <= 65535:
        raise OperatorError(f"a URL of host {host} has no port {parsed.port}")
    if parsed.userinfo:
        raise OperatorError(f"a URL of host {host} carries a user name or password; take it out")
    return parsed.scheme, host, parsed.port or _PORTS[parsed.scheme]


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Keyring:
    """The keys at hand. It shows none of them: not in its repr, not in an error."""

    def __init__(self, bindings: Iterable[Binding], keys: Mapping[str, str]) -> None:
        self._bindings = {binding.slot: binding for binding in bindings}
        self._keys = dict(keys)
        self.redactor = Redactor(self._keys.values())

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], bindings: Iterable[Binding]) -> Keyring:
        """The keys that are set. Raises OperatorError for one that no header can carry."""
        bindings = tuple(bindings)
        keys: dict[str, str] = {}
        for binding in bindings:
            key = environ.get(binding.variable, "")
            if key and not _SENDABLE.match(key):
                raise OperatorError(
                    f"{binding.variable}: holds spaces, line ends or letters beyond ASCII; no key has those"
                )
            if key:
                keys[binding.slot] = key
        return cls(bindings, keys)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys themselves, for whoever must see that no file holds one."""
        return tuple(self._keys.values())

    def has_key(self, slot: str) -> bool:
        """Whether a key is set for a slot."""
        return slot in self._keys

    def binding(self, slot: str) -> Binding | None:
        """What the operator bound a slot to."""
        return self._bindings.get(slot)

    def check_host(self, spec: Spec, url: str) -> None:
        """Raises OperatorError unless the operator bound the spec's slot to the URL's host."""
        slot = spec.provider.credential
        scheme, host, port = origin(url)
        binding = self._bindings.get(slot)
        if binding is None:
            raise OperatorError(
                f"{spec.ref}: credential slot {slot!r} is bound to no variable and no host; nothing is sent"
            )
        if not binding.allows(scheme, host, port):
            bound = ", ".join(binding.hosts) or "none"
            raise OperatorError(
                f"{spec.ref}: {scheme}://{host}:{port} is not bound to credential slot {slot!r} "
                f"(bound: {bound}); nothing is sent there"
            )

    def headers_for(self, spec: Spec, operation: str, url: str) -> dict[str, str]:
        """The headers that authenticate one call; none where the documents say that none is needed.

        Raises OperatorError when the URL's host is not bound (over HTTPS, or on this machine), or no key is
        set for a host that is not this machine.
        """
        self.check_host(spec, url)
        auth = _auth(spec, operation)
        if auth is None:
            return {}
        key = self._key(spec, url)
        return {auth.header: f"Bearer {key}" if auth.scheme == "bearer" else key}

    def _key(self, spec: Spec, url: str) -> str:
        slot = spec.provider.credential
        key = self._keys.get(slot)
        if key is not None:
            return key
        if is_loopback(origin(url)[1]):
            return PLACEHOLDER
        raise OperatorError(
            f"{spec.ref}: no key for credential slot {slot!r}: set {self._bindings[slot].variable}"
        )

    def secret_headers(self, spec: Spec) -> frozenset[str]:
        """The names, in lower case, of the headers in which a key of this provider travels."""
        every = (spec.auth.value, *(_auth(spec, operation) for operation in spec.operations))
        return frozenset({"authorization", *(auth.header.lower() for auth in every if auth is not None)})

    def __repr__(self) -> str:
        return f"Keyring(slots: {', '.join(sorted(self._bindings)) or 'none'})"


def _auth(spec: Spec, operation: str) -> Auth | None:
    """How the key travels in one call; where its documents are silent, as in the provider's other calls."""
    own = spec.operations[operation].auth
    if own is not None and own.value is not None:
        return own.value
    if own is not None and own.state.value == "absent":
        return None
    return spec.auth.value
