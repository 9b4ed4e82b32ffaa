"""The guard that every test runs under is itself there."""

from __future__ import annotations

import socket

import pytest


def test_a_connection_beyond_loopback_is_refused():
    """A test cannot reach another machine by accident."""
    with (
        socket.socket() as connection,
        pytest.raises(AssertionError, match=r"a test reached for 192\.0\.2\.1:443; only loopback is there"),
    ):
        connection.connect(("192.0.2.1", 443))


def test_a_host_name_is_refused_before_it_is_looked_up():
    """A name counts as another machine, whatever it would resolve to."""
    with (
        socket.socket() as connection,
        pytest.raises(AssertionError, match=r"a test reached for api\.example\.com:443"),
    ):
        connection.connect_ex(("api.example.com", 443))


def test_a_datagram_beyond_loopback_is_refused():
    """Datagrams are guarded, too."""
    with (
        socket.socket(type=socket.SOCK_DGRAM) as connection,
        pytest.raises(AssertionError, match=r"a test reached for 192\.0\.2\.1:53"),
    ):
        connection.sendto(b"x", ("192.0.2.1", 53))


def test_loopback_is_there():
    """Servers of the tests' own are reached."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as connection:
        connection.connect(server.getsockname())
        assert connection.getpeername() == server.getsockname()
