"""The simulator as a process: its first line, and its life."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import httpx
import pytest

from harness.errors import TransportError
from harness.simulator.process import running
from tests.shared import PROJECT


def start(*arguments: str) -> subprocess.Popen[str]:
    """The command as a user starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "harness", "simulate", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )


def base_urls(process: subprocess.Popen[str]) -> dict[str, str]:
    """The first line."""
    assert process.stdout is not None
    found: dict[str, str] = json.loads(process.stdout.readline())["base_urls"]
    return found


class TestRunning:
    def test_it_is_there_while_it_is_needed(self):
        """Listens when the block begins, and is gone when it ends."""
        with running("oxen", "--time-scale", "1000") as urls:
            assert list(urls) == ["oxen"]
            assert httpx.get(f"{urls['oxen']}/__ledger__", trust_env=False).json()["jobs"] == []
        with pytest.raises(httpx.ConnectError):
            httpx.get(urls["oxen"], trust_env=False)

    def test_it_does_not_come_up(self):
        """The reason is in the error."""
        with pytest.raises(TransportError) as caught, running("--fault", "no-such-fault"):
            pass
        assert "it did not come up: harness: --fault no-such-fault: no fault" in str(caught.value)


class TestLife:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
    def test_it_ends_on_a_signal(self, number: signal.Signals, code: int):
        """Quietly; an interrupt has its own exit code."""
        with start("oxen") as process:
            base_urls(process)
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
            assert (process.returncode, out, err) == (code, "", "")

    def test_it_ends_with_its_input_if_asked_to(self):
        """`--until-eof`."""
        with start("oxen", "--until-eof") as process:
            base_urls(process)
            out, err = process.communicate("", timeout=10)
            assert (process.returncode, out, err) == (0, "", "")

    def test_its_input_does_not_matter_otherwise(self):
        """Without the option it outlives its input."""
        with start("oxen") as process:
            urls = base_urls(process)
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
            for _ in range(3):
                assert httpx.get(f"{urls['oxen']}/__ledger__", trust_env=False).status_code == 200
            process.terminate()
            process.communicate(timeout=10)
            assert process.returncode == 0

    def test_the_first_line_has_every_provider(self):
        """One JSON line, and nothing else on stdout; what cannot be is noted on stderr."""
        with start("--fault", "webhook-late:oxen", "--until-eof") as process:
            urls = base_urls(process)
            assert list(urls) == ["aimlapi", "eachlabs", "novita", "oxen"]
            assert all(url.startswith("http://127.0.0.1:") for url in urls.values())
            out, err = process.communicate("", timeout=10)
            assert (process.returncode, out) == (0, "")
            assert err == (
                "harness: fault webhook-late cannot strike oxen/kling-video-v2-6-pro-text-to-video:"
                " it documents no webhook\n"
            )
