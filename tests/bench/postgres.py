"""A PostgreSQL for tests: the one that `HARNESS_POSTGRES` names, else one of this machine's own binaries."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

__all__ = ["Server", "given_url", "running", "schema_url", "skip_without"]

_STARTS_WITHIN_S = 30.0
_PASSWORD = "not-a-secret"
_SETTINGS = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "listen_addresses=127.0.0.1")


def given_url() -> str | None:
    """The server that the environment names."""
    return os.environ.get("HARNESS_POSTGRES")


def _binaries() -> Path | None:
    """Where initdb and postgres are: Debian keeps them off the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda at: int(at.parts[-3]))
    found = shutil.which("initdb")
    places = [*([Path(found).resolve()] if found else []), *reversed(versions)]
    return places[0].parent if places else None


def skip_without() -> None:
    """Skips the test, saying why, where there is no PostgreSQL and none is demanded."""
    if given_url() is None and _binaries() is None:
        if os.environ.get("HARNESS_REQUIRE_POSTGRES"):
            pytest.fail("HARNESS_REQUIRE_POSTGRES is set, and there is no PostgreSQL on this machine")
        pytest.skip(
            "needs PostgreSQL: apt-get install postgresql, or HARNESS_POSTGRES=postgresql+psycopg://…"
        )


class Server:
    """A server of our own, on a free port of loopback; it does not run as root, which it would refuse."""

    def __init__(self, directory: Path, user: str | None) -> None:
        self.directory = directory
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        """As SQLAlchemy takes it."""
        return f"postgresql+psycopg://harness:{_PASSWORD}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """The files of an empty database."""
        password = self.directory / "password"
        password.write_text(f"{_PASSWORD}\n", encoding="utf-8")
        if self._user is not None:
            for path in (self.directory, password):
                shutil.chown(path, self._user)
        words = ("-D", "data", "-U", "harness", "-A", "scram-sha-256", "--pwfile=password", "-E", "UTF8")
        done = self._start("initdb", *words, "--no-locale", "--no-sync", output=subprocess.PIPE)
        output, _ = done.communicate(timeout=60)
        assert done.returncode == 0, output.decode()

    def start(self) -> None:
        """Runs it, and waits until it answers."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        place = ("-p", str(self.port), "-k", str(self.directory))
        with (self.directory / "log").open("ab") as log:
            self._process = self._start("postgres", "-D", "data", *place, *settings, output=log.fileno())
        until = time.monotonic() + _STARTS_WITHIN_S
        while True:
            try:
                psycopg.connect(_plain(self.url), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                log_text = (self.directory / "log").read_text(encoding="utf-8")
                assert self._process.poll() is None, log_text
                assert time.monotonic() < until, log_text
                time.sleep(0.05)

    def kill(self) -> None:
        """As if the machine had gone: no goodbye to anyone, its children included."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)
        (self.directory / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """At once."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)

    def _start(self, name: str, *words: str, output: int) -> subprocess.Popen[bytes]:
        binaries = _binaries()
        assert binaries is not None
        return subprocess.Popen(
            [binaries / name, *words],
            cwd=self.directory,
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self._user,
            group=None if self._user is None else pwd.getpwnam(self._user).pw_gid,
            extra_groups=None if self._user is None else [],
        )


@contextmanager
def running() -> Iterator[Server]:
    """A server of our own for as long as the block lasts."""
    # Not below pytest's own directory: another user has to reach it.
    directory = Path(tempfile.mkdtemp(prefix="harness-postgres-", dir="/tmp"))
    server = Server(directory, _other_user() if os.geteuid() == 0 else None)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def schema_url(url: str) -> Iterator[str]:
    """A schema of one test's own in a server's database, which ends with the test."""
    name = f"harness_test_{secrets.token_hex(4)}"
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    try:
        own = make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
        yield own.render_as_string(hide_password=False)
    finally:
        with psycopg.connect(_plain(url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def _other_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _plain(url: str) -> str:
    """As psycopg itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
