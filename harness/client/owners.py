"""Which process a journal entry belongs to, and whether that process still lives.

Each process that writes to a journal holds a lock on a file of its own beside it. The operating system lets
go of the lock when the process ends, however it ends: so after `kill -9` an entry is free at once, and one
of a running process is left alone. The lock is SQLite's, which works alike on every platform.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from pathlib import Path

__all__ = ["Owner", "is_alive"]


_ATTEMPTS = 20


def _lock_file(journal: Path, token: str) -> Path:
    return journal.with_name(f"{journal.name}.owner-{token}")


class Owner:
    """The owner of journal entries that this process is, until `release`."""

    def __init__(self, journal: Path) -> None:
        for left in journal.parent.glob(f"{journal.name}.owner-*"):
            is_alive(journal, left.name.rpartition("-")[2])  # takes away what a dead process left behind
        self.token, self._lock = _claimed(journal)
        self._file = _lock_file(journal, self.token)

    def release(self) -> None:
        """Gives every entry free."""
        self._lock.close()
        with contextlib.suppress(OSError):
            self._file.unlink()


def _claimed(journal: Path) -> tuple[str, sqlite3.Connection]:
    """A token of this process's own, and the lock on its file.

    Between making the file and locking it another process may take it for a dead one's, lock it and take it
    away; then this one tries again under another name. A file that is there once it is locked stays.
    """
    for attempt in range(_ATTEMPTS):
        token = secrets.token_hex(8)
        path = _lock_file(journal, token)
        try:
            lock = _exclusive(path)
        except sqlite3.OperationalError:
            if attempt == _ATTEMPTS - 1:
                raise
            continue
        if path.exists():
            return token, lock
        lock.close()
    raise sqlite3.OperationalError(f"{journal}: no lock could be held beside it")


def _exclusive(path: Path) -> sqlite3.Connection:
    lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except BaseException:
        lock.close()
        raise
    return lock


def is_alive(journal: Path, token: str) -> bool:
    """Whether the process with this token still runs. Takes away what a dead one left behind."""
    path = _lock_file(journal, token)
    if not path.exists():
        return False
    try:
        lock = _exclusive(path)
    except sqlite3.OperationalError:
        return True
    with contextlib.suppress(OSError):
        path.unlink()  # while it is locked: whoever made it meanwhile sees that it is gone
    lock.close()
    return False
