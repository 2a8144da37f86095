"""The one command: it comes up, says where, and leaves nothing behind when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from tests.servers import free_port, wait_for_port
from tests.translatable import ROOT

pytestmark = pytest.mark.servers


def up(tmp_path, *words):
    clean = {k: v for k, v in os.environ.items() if k not in {"DEBUG", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", *words],
        cwd=ROOT,
        env=clean | {"DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def children(pid):
    """Process ids below `pid`."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True).stdout.split()[2:]
    parent = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    below = {pid}
    for _round in range(5):
        below |= {child for child, above in parent.items() if above in below}
    return below - {pid}


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_up_serves_the_demo_group_and_stops_everything_it_started(tmp_path, stop):
    port = free_port()
    process = up(tmp_path, "--port", str(port))
    assert wait_for_port(port, 90)
    with urlopen(f"http://127.0.0.1:{port}/accounts/login/") as page:
        assert "김민규" in page.read().decode()
    below = children(process.pid)
    assert len(below) >= 2
    process.send_signal(stop)
    assert process.wait(20) == 0
    deadline = time.monotonic() + 5
    while any(map(is_alive, below)) and time.monotonic() < deadline:
        time.sleep(0.1)  # the kernel takes a moment to bury them
    assert [pid for pid in below if is_alive(pid)] == []
    said = process.stdout.read()
    assert f"Ready: http://localhost:{port}/" in said
    assert "Traceback" not in said


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = up(tmp_path, "--port", str(port))
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert said.strip().splitlines()[-1] == (
        f"CommandError: Port {port} is not free (Address already in use). Try: python3 manage.py up --port {port + 1}"
    )
