"""The one command: it comes up, says where, and leaves nothing behind when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from studygroup.management.commands import up as up_command
from studygroup.processes import Part
from tests.servers import PATIENCE, free_port
from tests.stack import clean_environment, wait_until
from tests.translatable import ROOT

pytestmark = pytest.mark.servers
FOR_EVER = 2 * PATIENCE
LONG = f"import time; time.sleep({FOR_EVER})"
TOGETHER = """
import sys
from pathlib import Path
from studygroup import processes
processes.WINDOW = 600  # on a busy machine five ends may take more than a minute
parts = {"short": [sys.executable, "-c", SHORT], "long": [sys.executable, "-c", LONG]}
sys.exit(processes.run_processes(parts, Path.cwd(), "http://127.0.0.1:1/", grace=GRACE, pause=PAUSE))
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
    wait_until(lambda: not any(map(is_alive, pids)))  # the kernel takes a moment to bury them


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for several starts: the first fills it."""
    return tmp_path_factory.mktemp("up")


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(signal.SIGINT, id="SIGINT"),
        *(pytest.param(stop, id=stop.name, marks=pytest.mark.slow) for stop in (signal.SIGTERM, signal.SIGHUP)),
    ],
)
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
        assert process.wait(PATIENCE) == 0
        assert_gone(below)
        assert "Traceback" not in said + process.stdout.read()


PARTS = {"runserver": "runserver", "mail": "mail@%h", "heavy": "heavy@%h", "beat": "beat"}  # a word of each


def parts_of(pid):
    """{"runserver": its process, "mail": …, "heavy": …, "beat": …} below `up`, or None while one is missing."""
    found = {}
    for below in sorted(children(pid), reverse=True):  # the oldest last: what a part has started has its words, too
        words = Path(f"/proc/{below}/cmdline").read_bytes().split(b"\0")
        found |= {part: below for part, word in PARTS.items() if word.encode() in words}
    return found if len(found) == len(PARTS) else None


def test_a_part_that_is_killed_is_said_and_starts_again_beside_the_others(folder):
    port = free_port()
    with up(folder, "--port", str(port)) as process:
        said_until(process, "Ready:")
        before = wait_until(lambda: parts_of(process.pid))
        for part, name in (("mail", "mail"), ("heavy", "heavy"), ("beat", "beat"), ("runserver", "web")):
            os.kill(before[part], signal.SIGKILL)
            line = f"The {name} part ended by itself (SIGKILL). It starts again in 1 s."
            assert line in said_until(process, "ended by itself")
            after = wait_until(lambda: parts_of(process.pid))
            assert {name for name in before if after[name] != before[name]} == {part}
            before = after
        wait_until(lambda: urlopen(f"http://127.0.0.1:{port}/health/", timeout=2).status == 200)
        below = children(process.pid)
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert_gone(below)


def test_an_empty_start_asks_for_the_first_organizer_and_stops_when_nobody_answers(tmp_path):
    with up(tmp_path, "--empty", "--port", str(free_port())) as process:
        said = process.communicate(timeout=PATIENCE)[0]
        assert (process.returncode, said.splitlines()[-1].removeprefix("Your e-mail: ")) == (
            1,
            "CommandError: Nothing was made. Run it again when you are ready.",
        )


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with up(tmp_path, "--port", str(port)) as process:
            said = process.communicate(timeout=PATIENCE)[0]
    assert (process.returncode, said) == (
        1,
        f"CommandError: Port {port} cannot be used (Address already in use). "
        f"Try: python3 manage.py up --port {port + 1}\n",
    )


def together(short, long, grace=8.0, pause=0.1):
    """Two parts, each a line of Python; (exit code, lines, seconds)."""
    code = f"SHORT, LONG, GRACE, PAUSE = {short!r}, {long!r}, {grace}, {pause}" + TOGETHER
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stderr == ""
    return done.returncode, [line for line in done.stdout.splitlines() if line], time.monotonic() - before


def again(seconds, how="exit code 7"):
    return f"The short part ended by itself ({how}). It starts again in {seconds:g} s."


def gave_up(how="exit code 7"):
    return f"The short part ended by itself 5 times within a minute ({how}), so everything stopped. Its last words are above."


def test_a_part_that_keeps_ending_is_given_up_after_five_times_and_its_exit_code_is_ours():
    code, lines, seconds = together("print('no disk'); raise SystemExit(7)", LONG)
    said = [line for pause in (0.1, 0.2, 0.4, 0.8) for line in (" short │ no disk", again(pause))]
    assert (code, lines) == (7, [*said, " short │ no disk", gave_up()])
    assert seconds > 1.5  # the pauses were made


def test_a_part_that_ends_well_is_started_again_too_and_is_no_success():
    code, lines, _seconds = together("pass", LONG)
    assert (code, lines[0], lines[-1]) == (1, again(0.1, "exit code 0"), gave_up("exit code 0"))


def test_a_part_that_is_killed_five_times_is_no_success_either():
    code, lines, _seconds = together("import os; os.kill(os.getpid(), 9)", LONG)
    assert (code, lines[-1]) == (1, gave_up("SIGKILL"))


def test_what_a_part_has_started_is_gone_before_the_part_starts_again(tmp_path):
    """A beat that outlives its worker would be a second one."""
    child = f"import time; time.sleep({FOR_EVER}); open({str(tmp_path / 'late')!r}, 'w')"
    short = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {child!r}]).pid)"
    _code, lines, _seconds = together(short, LONG)
    started = [int(line.split()[-1]) for line in lines if "│" in line]
    assert len(started) == 5
    assert_gone(started)


def test_old_ends_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("studygroup.processes.WINDOW", 0.5)
    part = Part("short", [sys.executable, "-c", "import time; time.sleep(0.15)"], tmp_path, "36", 0.01)
    end = time.monotonic() + 2
    while time.monotonic() < end:
        assert part.tend()  # some eight ends in two seconds, but never five in half a one
        time.sleep(0.02)
    part.send(signal.SIGKILL)
    part.process.wait()
    part.echo.join()
    assert 0 < len(part.ends) < 5


def test_a_part_that_does_not_listen_is_killed_after_a_while():
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {LONG}"
    code, lines, seconds = together("import time; time.sleep(0.2); raise SystemExit(3)", deaf, grace=2)
    assert (code, "  long │ deaf" in lines, 3 < seconds < FOR_EVER) == (3, True, True)


def test_the_first_organizer_is_told_the_address_that_is_served(monkeypatch, settings):
    monkeypatch.setenv("SITE_URL", "http://wrong")  # so that it is put back afterwards
    monkeypatch.delenv("SITE_URL")
    monkeypatch.setattr(up_command.Command, "_prepare", lambda *args: print(settings.SITE_URL))
    monkeypatch.setattr(up_command, "run_processes", lambda *args: 0)
    port = free_port()
    said = StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit):
        call_command("up", "--empty", port=port)
    assert said.getvalue().splitlines()[0] == f"http://localhost:{port}"
