"""A key goes to the hosts that the operator bound, and is shown to nobody."""

from __future__ import annotations

import pytest

from harness.client.keys import (
    PLACEHOLDER,
    Binding,
    Keyring,
    default_bindings,
    default_variable,
    is_loopback,
    origin,
)
from harness.errors import OperatorError
from harness.spec.store import SpecStore
from tests.minimal import minimal

KEY = "sk-planted-0123456789"
BINDING = Binding(slot="example", variable="EXAMPLE_API_KEY", hosts=("api.example.com",))


def keyring(*bindings: Binding, key: str = KEY) -> Keyring:
    """A keyring with the key set."""
    return Keyring.from_environment({"EXAMPLE_API_KEY": key}, bindings or (BINDING,))


def refusal(url: str, *bindings: Binding) -> str:
    """Why no key goes to a URL."""
    with pytest.raises(OperatorError) as caught:
        keyring(*bindings).headers_for(minimal(), "submit", url)
    return str(caught.value)


class TestHeaders:
    def test_a_bearer_key(self):
        """`Authorization: Bearer KEY`."""
        headers = keyring().headers_for(minimal(), "submit", "https://api.example.com/v1/videos")

        assert headers == {"Authorization": f"Bearer {KEY}"}

    def test_a_key_in_a_header_of_its_own(self):
        """The key itself, in the documented header."""
        spec = minimal(("{scheme: bearer, header: Authorization,", "{scheme: api_key, header: X-Key,"))

        assert keyring().headers_for(spec, "poll", "https://api.example.com/v1/videos/1") == {"X-Key": KEY}

    def test_an_operation_may_take_it_otherwise(self):
        """The operation's own statement goes before the endpoint's; its silence does not."""
        own = (
            "    source: page#Create\n    validation",
            "    source: page#Create\n    auth: {}\n    validation",
        )
        for text, expected in (
            ("{scheme: api_key, header: X-Key, source: page#Create}", {"X-Key": KEY}),
            ("{absent: true, source: page#Create}", {}),
            ("undocumented", {"Authorization": f"Bearer {KEY}"}),
        ):
            spec = minimal((own[0], own[1].replace("{}", text)))
            assert keyring().headers_for(spec, "submit", "https://api.example.com/") == expected


class TestHosts:
    def test_another_host_gets_none(self):
        """Whatever a spec, a redirect or an answer says."""
        assert refusal("https://evil.example/v1") == (
            "example/video-1-text-to-video: https://evil.example:443 is not bound to credential slot "
            "'example' (bound: api.example.com); nothing is sent there"
        )

    @pytest.mark.parametrize(
        "url",
        [
            "http://api.example.com/",
            "https://api.example.com:8443/",
            "https://api.example.com.evil.example/",
            "https://evil.example/api.example.com",
            "https://xapi.example.com/",
            "https://evil.example/?@api.example.com",
            "https://evil.example#@api.example.com",
            "https://api.example.com./",
        ],
    )
    def test_near_misses(self, url: str):
        """Another scheme, port, suffix, prefix, or a host that only looks bound."""
        assert "is not bound to credential slot" in refusal(url)

    def test_a_password_in_the_url(self):
        """It would be sent; and the name before it is a common trick."""
        assert refusal("https://api.example.com:x@evil.example/") == (
            "a URL of host evil.example carries a user name or password; take it out"
        )

    def test_a_spec_file_cannot_bind(self):
        """One whose server is elsewhere gets no key, whatever slot it names."""
        spec = minimal(("url: https://api.example.com,", "url: https://collect.example,"))
        with pytest.raises(OperatorError, match=r"collect\.example:443 is not bound"):
            keyring().headers_for(spec, "submit", f"{spec.server}/v1/videos")

    def test_a_slot_without_binding(self):
        """A new provider's slot is the operator's to bind."""
        with pytest.raises(OperatorError) as caught:
            Keyring.from_environment({}, ()).headers_for(minimal(), "submit", "https://api.example.com/")
        assert str(caught.value) == (
            "example/video-1-text-to-video: credential slot 'example' is bound to no variable and no host; "
            "nothing is sent"
        )

    def test_ports(self):
        """A bound port is that one alone."""
        bound = Binding(slot="example", variable="EXAMPLE_API_KEY", hosts=("api.example.com:8443",))

        assert keyring(bound).headers_for(minimal(), "submit", "https://api.example.com:8443/x")
        assert "is not bound" in refusal("https://api.example.com/x", bound)

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.0.0.9"])
    def test_this_machine(self, host: str):
        """HTTP is enough on loopback, at any port, where the host is bound; else nothing goes there."""
        bound = BINDING.also(host)

        assert keyring(bound).headers_for(minimal(), "submit", f"http://{host}:4000/v1")
        assert "is not bound" in refusal(f"http://{host}:4000/v1")

    def test_without_a_key_this_machine_gets_a_placeholder(self):
        """A simulator needs no key, and a host out there no placeholder."""
        empty = Keyring.from_environment({}, (BINDING.also("127.0.0.1"),))

        headers = empty.headers_for(minimal(), "submit", "http://127.0.0.1:4000/")
        assert headers == {"Authorization": f"Bearer {PLACEHOLDER}"}
        with pytest.raises(OperatorError) as caught:
            empty.headers_for(minimal(), "submit", "https://api.example.com/")
        assert str(caught.value) == (
            "example/video-1-text-to-video: no key for credential slot 'example': set EXAMPLE_API_KEY"
        )


class TestEnvironment:
    @pytest.mark.parametrize("key", ["a key", "key\n", "schlüssel", "\tkey"])
    def test_what_no_header_carries(self, key: str):
        """The variable is named, its value is not."""
        with pytest.raises(OperatorError) as caught:
            keyring(key=key)
        assert str(caught.value) == (
            "EXAMPLE_API_KEY: holds spaces, line ends or letters beyond ASCII; no key has those"
        )

    def test_an_empty_variable_is_none(self):
        """As if it were not set."""
        assert not keyring(key="").has_key("example")
        assert keyring().has_key("example")

    def test_nothing_shows_a_key(self):
        """Neither repr nor str."""
        ring = keyring()

        assert repr(ring) == "Keyring(slots: example)"
        assert KEY not in f"{ring} {ring!r} {ring.redactor!r} {ring.binding('example')!r}"
        assert ring.redactor.text(f"x {KEY}") == "x REDACTED"


def test_default_bindings_are_of_the_shipped_specs():
    """Each provider's slot, its variable, and the host of its base URL."""
    bindings = {binding.slot: binding for binding in default_bindings(SpecStore().all())}

    assert {slot: (b.variable, b.hosts) for slot, b in bindings.items()} == {
        "aimlapi": ("AIMLAPI_API_KEY", ("api.aimlapi.com",)),
        "eachlabs": ("EACHLABS_API_KEY", ("api.eachlabs.ai",)),
        "novita": ("NOVITA_API_KEY", ("api.novita.ai",)),
        "oxen": ("OXEN_API_KEY", ("hub.oxen.ai",)),
    }
    assert default_variable("my-slot") == "MY_SLOT_API_KEY"


def test_secret_headers_are_those_of_every_operation():
    """Whatever travels there is taken out of what is recorded."""
    spec = minimal(("{scheme: bearer, header: Authorization,", "{scheme: api_key, header: X-Key,"))

    assert keyring().secret_headers(spec) == {"authorization", "x-key"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://API.Example.com/x", ("https", "api.example.com", 443)),
        ("http://[::1]:80/", ("http", "::1", 80)),
        ("http://localhost", ("http", "localhost", 80)),
    ],
)
def test_origin(url: str, expected: tuple[str, str, int]):
    """As the connection will be made."""
    assert origin(url) == expected


@pytest.mark.parametrize("url", ["ftp://x/", "/path", "https://", "mailto:a@b", "https://x:99999/"])
def test_what_has_no_origin(url: str):
    """It is refused before anything is sent."""
    with pytest.raises(OperatorError):
        origin(url)


def test_loopback():
    """Addresses of this machine, and its name."""
    assert [
        is_loopback(host) for host in ("localhost", "127.1.2.3", "::1", "10.0.0.1", "localhost.evil")
    ] == [
        *(True, True, True),
        *(False, False),
    ]
