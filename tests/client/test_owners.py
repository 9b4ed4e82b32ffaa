"""Whose an entry is, by a lock that ends with its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from harness.client.owners import Owner, is_alive
from tests.shared import PROJECT

HOLD = "import sys; from pathlib import Path; from harness.client.owners import Owner\n"
HOLD += "print(Owner(Path(sys.argv[1])).token, flush=True); sys.stdin.read()"


def test_alive_until_released(tmp_path: Path):
    """Another owner of the same journal is another one."""
    journal = tmp_path / "j.sqlite"
    one, other = Owner(journal), Owner(journal)

    assert one.token != other.token
    assert is_alive(journal, one.token)
    one.release()
    assert not is_alive(journal, one.token)
    assert is_alive(journal, other.token)
    other.release()
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_not_alive(tmp_path: Path):
    """A token that was never given out."""
    assert not is_alive(tmp_path / "j.sqlite", "0123")


def test_a_killed_process_lets_go_at_once(tmp_path: Path):
    """`kill -9` leaves a file, and no lock."""
    journal = tmp_path / "j.sqlite"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(journal)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    with holder:
        assert holder.stdout is not None
        token = holder.stdout.readline().strip()
        assert is_alive(journal, token)

        holder.send_signal(signal.SIGKILL)
        holder.wait()

        assert not is_alive(journal, token)
    assert list(tmp_path.iterdir()) == []


CLAIMS = """
import sys
from pathlib import Path
from harness.client.owners import Owner
journal = Path(sys.argv[1])
for _ in range(30):
    owner = Owner(journal)
    assert (journal.parent / f"{journal.name}.owner-{owner.token}").exists()
    owner.release()
"""


def test_processes_that_start_at_once_do_not_take_each_other_for_dead(tmp_path: Path) -> None:
    """Between making its file and locking it, a process must not lose it to another's clean-up."""
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", CLAIMS, str(tmp_path / "journal.sqlite")]
    environment = {**os.environ, "PYTHONPATH": root}
    started = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) for _ in range(6)
    ]
    assert [process.communicate(timeout=60)[1] for process in started] == [""] * 6
