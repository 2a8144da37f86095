"""Code that runs inside the child, with everything a reader of files can be made to do, gets nowhere."""

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from members.sandbox.process import Limits, confinement, run
from tests import prepared
from tests.environment import clean_environment
from tests.servers import PATIENCE, free_port
from tests.stack import STRONG, House, running, wait_until
from tests.translatable import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines a process in this way")
ESCAPES = "tests.members.sandbox.escapes"
# a process without any privilege, which is what all of ours are on a server
PLAIN = (
    ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    if os.geteuid() == 0 and shutil.which("setpriv")
    else []
)
VICTIM = "import sys; from studygroup import settings; print('up', flush=True); sys.stdin.read()"
ASK = """
import json, sys
from members.sandbox.process import Limits, run
print(json.dumps(run(sys.argv[1], b"%PDF-", Limits(), **json.loads(sys.argv[2]))))
"""


REFUSED = """
import errno, json, sys
import django
from members.sandbox import lockdown
refuse = {sys.argv[2]: lockdown.verdict(lockdown.ERROR | errno.EOPNOTSUPP)}
assert lockdown.apply(lockdown.program(refuse, lockdown.ALLOW))  # as an older kernel would answer
django.setup()
from django.test import Client
from members.sandbox.process import Limits, run
health = lambda: Client(headers={"host": "localhost"}).get("/health/")
before = health()
answer = run(sys.argv[1], b"%PDF-", Limits(), **json.loads(sys.argv[3]))
after = health()
said = [[page.status_code, page.json()["confinement_of_file_reading"]] for page in (before, after)]
print(json.dumps(answer | {"said": said}))
"""


@pytest.fixture
def world(tmp_path):
    """What there is to be had: a database, another group's paper, the server's process, a port that answers, a folder."""
    (tmp_path / "db.sqlite3").write_bytes(b"rows")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "theirs.pdf").write_bytes(b"%PDF-")
    (tmp_path / "there").write_bytes(b"words")
    with server(tmp_path, VICTIM) as victim, socket.create_server(("127.0.0.1", 0)) as listening:
        assert victim.stdout.readline() == "up\n"
        yield {
            "paths": [str(tmp_path / "db.sqlite3"), str(tmp_path / "media" / "theirs.pdf"), "/etc/passwd"],
            "folder": str(tmp_path),
            "victim": victim.pid,
            "port": listening.getsockname()[1],
        }


@contextmanager
def server(folder: Path, code: str):
    environment = clean_environment(DATA_DIR=str(folder), SECRET_KEY=STRONG)
    process = subprocess.Popen(
        [*PLAIN, sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def printed(*command: str, **world) -> tuple[dict, str]:
    """What a process of its own answers, and what it says in the log."""
    done = subprocess.run(
        [*command, json.dumps(world)], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def got_somewhere(answer: dict) -> list[str]:
    assert len(answer["came"]) > 30
    return [name for name, came in answer["came"].items() if came not in ("EPERM", "EACCES")]


def test_each_attempt_is_a_real_one(world):
    answer, _log = printed(sys.executable, "-m", ESCAPES, **world)
    assert {name: came for name, came in answer["came"].items() if came != "done"} == {}


def test_no_attempt_gets_anywhere_from_inside_the_child(world):
    answer = run(f"{ESCAPES}:attempt", b"%PDF-", Limits(), **world)
    assert (confinement(), got_somewhere(answer)) == ("complete", [])
    assert len(answer["open"]) == 5  # /dev/null three times, the file, and where the answer goes
    folder = Path(world["folder"])
    assert [(folder / name).exists() for name in ("there", "new", "made", "here", "link")] == [True] + 4 * [False]


def test_nor_does_one_where_the_server_has_no_privileges_at_all(world):
    answer, _log = printed(*PLAIN, sys.executable, "-c", ASK, f"{ESCAPES}:attempt", **world)
    assert got_somewhere(answer) == []


@pytest.mark.parametrize(("call", "name"), [("landlock_create_ruleset", "landlock"), ("seccomp", "seccomp")])
def test_where_the_kernel_refuses_one_of_two_the_other_holds_and_operators_are_told(world, call, name, monkeypatch):
    folder = Path(world["folder"]) / "data"
    folder.mkdir()
    prepared.sqlite(folder)
    for key, value in clean_environment(DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE="studygroup.settings").items():
        monkeypatch.setenv(key, value)
    answer, log = printed(*PLAIN, sys.executable, "-c", REFUSED, f"{ESCAPES}:attempt", call, **world)
    assert answer["said"] == [[200, f"incomplete: this kernel offers no {name}"]] * 2
    assert log.count(f"The process that looks into files is confined incompletely: this kernel offers no {name}.") == 1
    got = got_somewhere(answer)
    assert [attempt for attempt in got if attempt.startswith(("read", "list", "open", "write", "start"))] == []
    assert (got == []) == (name == "landlock")


def test_no_process_of_ours_shows_its_secrets_to_another_of_the_same_user(tmp_path):
    house = House("", clean_environment(DATA_DIR=str(tmp_path / "data"), SECRET_KEY=STRONG, DEBUG="1"))
    (tmp_path / "data").mkdir()
    house.migrate()
    house.found(name="Study", email="olivia@example.org", person="Olivia")
    celery = [*PLAIN, sys.executable, "-m", "celery", "-A", "studygroup"]
    commands = {
        "web": [
            *PLAIN,
            sys.executable,
            "-m",
            "gunicorn",
            "studygroup.wsgi",
            "--config",
            "python:studygroup.gunicorn_conf",
            "--bind",
            f"127.0.0.1:{free_port()}",
        ],
        "worker": [*celery, "worker", "--pool", "threads", "--concurrency", "1", "--queues", "heavy"],
        "beat": [*celery, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", ""],
        "up": [*PLAIN, sys.executable, "manage.py", "up", "--port", str(free_port())],
    }
    with running(commands, house.environment), server(tmp_path, "import sys; sys.stdin.read()") as open_one:
        wait_until(lambda: len(started(open_one)) >= 9)  # gunicorn has a second process, `up` has four
        wait_until(lambda: not any(STRONG in environ(process.pid) for process in started(open_one)))
        assert STRONG in environ(open_one.pid)


def started(but) -> list[psutil.Process]:
    """The processes that this one has started and what they have started."""
    return [process for process in psutil.Process().children(recursive=True) if process.pid != but.pid]


def environ(pid: int) -> str:
    """The environment of a process, as another without privileges sees it; empty if it does not."""
    return subprocess.run([*PLAIN, "cat", f"/proc/{pid}/environ"], capture_output=True, text=True, check=False).stdout
