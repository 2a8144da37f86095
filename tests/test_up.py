"""The one command: it comes up, says where, and leaves nothing behind when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.servers import free_port
from tests.stack import clean_environment, wait_until
from tests.translatable import ROOT

pytestmark = pytest.mark.servers
TOGETHER = """
import sys
from pathlib import Path
from studygroup.together import run_together
parts = {"short": [sys.executable, "-c", SHORT], "long": [sys.executable, "-c", LONG]}
sys.exit(run_together(parts, Path.cwd(), "http://127.0.0.1:1/", grace=GRACE))
"""


@contextmanager
def up(folder, *words):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", *words],
        cwd=ROOT,
        env=clean_environment(DATA_DIR=str(folder)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()


def said_until(process, words):
    """What it prints, up to the line with these words; all of it when it ends without them."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


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


def assert_gone(pids):
    wait_until(lambda: not any(map(is_alive, pids)), 5)  # the kernel takes a moment to bury them


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for several starts: the first fills it."""
    return tmp_path_factory.mktemp("up")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda stop: stop.name)
def test_up_serves_the_demo_group_and_stops_everything_it_started(folder, stop):
    port = free_port()
    with up(folder, "--port", str(port)) as process:
        said = said_until(process, "Ready:")
        assert f"Ready: http://localhost:{port}/" in said, said
        with urlopen(f"http://127.0.0.1:{port}/accounts/login/") as page:
            assert "김민규" in page.read().decode()
        below = children(process.pid)
        assert len(below) >= 2
        process.send_signal(stop)
        assert process.wait(20) == 0
        assert_gone(below)
        assert "Traceback" not in said + process.stdout.read()


def test_when_the_worker_dies_the_web_stops_too_and_the_exit_code_tells(folder):
    port = free_port()
    with up(folder, "--port", str(port)) as process:
        said_until(process, "Ready:")
        below = children(process.pid)
        worker = min(
            pid for pid in below if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )  # beat is its child
        os.kill(worker, signal.SIGKILL)
        assert process.wait(20) == 1
        assert_gone(below)
        assert "The worker part ended by itself, so everything stopped." in process.stdout.read()


def test_an_empty_start_asks_for_the_first_organizer_and_stops_when_nobody_answers(tmp_path):
    with up(tmp_path, "--empty", "--port", str(free_port())) as process:
        said = process.communicate(timeout=60)[0]
        assert (process.returncode, said.splitlines()[-1].removeprefix("Your e-mail: ")) == (
            1,
            "CommandError: Nothing was made. Run it again when you are ready.",
        )


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with up(tmp_path, "--port", str(port)) as process:
            said = process.communicate(timeout=60)[0]
    assert (process.returncode, said) == (
        1,
        f"CommandError: Port {port} cannot be used (Address already in use). "
        f"Try: python3 manage.py up --port {port + 1}\n",
    )


def together(short, long, grace=8):
    """Two parts, each a line of Python; (exit code, lines, seconds)."""
    code = f"SHORT, LONG, GRACE = {short!r}, {long!r}, {grace}" + TOGETHER
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.splitlines(), time.monotonic() - before


def test_the_last_words_of_a_part_are_heard_and_its_exit_code_is_ours():
    code, lines, _seconds = together("print('no disk'); raise SystemExit(7)", "import time; time.sleep(60)")
    last = "The short part ended by itself, so everything stopped. Its last words are above."
    assert (code, lines) == (7, [" short │ no disk", "", last])


def test_a_part_that_ends_well_still_stops_the_rest_and_is_no_success():
    assert together("pass", "import time; time.sleep(60)")[0] == 1


def test_a_part_that_does_not_listen_is_killed_after_a_while():
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    code, lines, seconds = together("import time; time.sleep(1); raise SystemExit(3)", deaf, grace=2)
    assert (code, lines[0], 3 < seconds < 8) == (3, "  long │ deaf", True)
