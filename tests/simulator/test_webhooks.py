"""Which addresses the simulator calls."""

from __future__ import annotations

import pytest

from harness.simulator.webhooks import is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://localhost/x",
        "https://127.0.0.1/x",
        "http://[::1]:80/",
        "http://127.9.9.9/",
    ],
)
def test_this_machine(url: str):
    """By any of its names."""
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "http://127.0.0.1.example.com/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://[::1",
        "http:///x",
        "",
    ],
)
def test_anything_else(url: str):
    """Is not called."""
    assert not is_loopback(url)
