"""The zip of a term in processes of their own: one that is killed on the way, and a web server that stays small."""

import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from tests import servers
from tests.servers import PATIENCE
from tests.stack import House, clean_environment, compose, wait_until
from tests.test_outage import signed_in
from tests.translatable import ROOT

pytestmark = pytest.mark.servers
FOUND = "from tests import make; make.organizer(make.group()); "
HELD = "from members.models import *; from tests import on_record; term = on_record.held(Group.objects.get(), {})"
ASK = "; from schedule.transfer import bundles; print(bundles.ask('term', group=term.group, by=term.group.memberships.first(), language='ko', term=term).pk)"  # fmt: skip

KILLED_AFTER_THREE = """
import os, signal
from django.db import connection
from schedule.transfer import bundles

def kills(execute, sql, params, many, context):
    answer = execute(sql, params, many, context)
    if sql.startswith('UPDATE "schedule_bundle" SET "done" = ') and params[0] == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

with connection.execute_wrapper(kills):
    bundles.make({})
"""


def shell(house, words) -> str:
    return house.manage("shell", "--no-imports", "-v0", "-c", words)


def test_a_zip_whose_maker_is_killed_is_made_by_the_next_tick_and_once(tmp_path):
    house = House("http://localhost", clean_environment(DATA_DIR=str(tmp_path)))
    house.migrate()
    pk = int(shell(house, FOUND + HELD.format("sessions=6, photos=1") + ASK))
    maker = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", KILLED_AFTER_THREE.format(pk)],
        cwd=ROOT, env=house.environment, timeout=PATIENCE,
    )  # fmt: skip
    assert maker.returncode == -signal.SIGKILL
    database = next(tmp_path.glob("*.sqlite3"))

    def told(fields):
        with closing(sqlite3.connect(database, timeout=PATIENCE)) as connection:
            return connection.execute(f"SELECT {fields} FROM schedule_bundle").fetchone()

    assert told("state, tries, done") == ("new", 1, 3)
    house.manage("tick")  # the dead one's lease has not run out
    assert told("state, tries") == ("new", 1)
    with closing(sqlite3.connect(database, timeout=PATIENCE)) as connection, connection:
        connection.execute("UPDATE schedule_bundle SET leased_until = '2020-01-01 00:00:00'")
    house.manage("tick")
    assert told("state, tries, done, total") == ("ready", 2, 7, 7)
    (made,) = tmp_path.glob("media/*/bundles/*")
    assert str(made.relative_to(tmp_path / "media")) == told("file")[0]
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.endswith(".pptx")]) == 6


def test_a_large_zip_passes_through_a_web_server_that_stays_small(tmp_path, smtp_sink):
    """PostgreSQL, Redis, gunicorn and a Celery worker, as they are deployed."""
    if not servers.installed() or not Path("/proc/self/clear_refs").exists():
        pytest.skip("no PostgreSQL and Redis, or no Linux, on this machine")
    with compose(tmp_path, smtp_sink) as house:
        shell(house, HELD.format("sessions=6, papers=2, photos=12"))
        browser = signed_in(house)
        (path,) = re.findall(r'action="(/g/[^"]+/bundle/)"', browser.get(f"{house.url}/g/study/schedule/").text)
        token = browser.cookies.get("csrftoken") or browser.cookies.get("csrf")
        asked = browser.post(f"{house.url}{path}", {"csrfmiddlewaretoken": token})
        assert "progress" in asked.text
        page = wait_until(lambda: (page := browser.get(asked.url).text) and "/file/" in page and page)
        (file,) = re.findall(r'href="(/g/[^"]+/file/)"', page)
        before = peaks(house, anew=True)
        answer = browser.get(f"{house.url}{file}")
        after = peaks(house)
        assert zipfile.ZipFile(BytesIO(answer.content)).testzip() is None
        assert len(answer.content) > 80_000_000  # a server that reads it whole would be seen
        assert max(after[process] - before[process] for process in before) < 50_000_000


def peaks(house, *, anew=False) -> dict[str, int]:
    """Bytes: the most that each of the web processes has had so far; `anew` counts from now on."""
    address, found = house.url.removeprefix("http://").replace("localhost", "127.0.0.1").encode(), {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if address in (process / "cmdline").read_bytes():
                if anew:
                    (process / "clear_refs").write_text("5")
                found[process.name] = int(re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())[1]) * 1024
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
    assert len(found) == 3  # gunicorn and its two workers
    return found
