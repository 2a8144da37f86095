"""A test that leaves a connection open is named, the next one is not troubled, and the database can be dropped."""

import os
import re
import subprocess
import sys

import pytest

from tests import servers
from tests.translatable import ROOT

CONFTEST = """
from tests import databases
from tests.browser.conftest import chromium, open_page
from tests.conftest import django_db_setup, no_connection_stays, watcher

databases.GRACE = 1
"""
TESTS = """
from threading import Event, Thread

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def in_a_thread(act):
    thread = Thread(target=act)
    thread.start()
    thread.join()


def test_closes():
    def ask():
        connection.ensure_connection()
        connection.close()

    in_a_thread(ask)


def test_leaves_one():
    connected = Event()

    def stay():
        connection.ensure_connection()
        connected.set()
        Event().wait()

    Thread(target=stay, daemon=True, name="stays").start()
    assert connected.wait(10)


def test_comes_after_it():
    connection.ensure_connection()


@pytest.mark.browser
def test_in_a_browser(open_page):
    connection.ensure_connection()
    open_page()


def test_comes_after_the_browser():
    connection.ensure_connection()
"""


@pytest.mark.servers
@pytest.mark.browser
def test_whoever_leaves_a_connection_open_is_named_and_nobody_else_is_troubled(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_some.py").write_text(TESTS)
    with servers.postgres() as url:
        if url is None:
            pytest.skip("no PostgreSQL on this machine")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", "-c", "pyproject.toml", "--no-migrations", str(tmp_path)],
            cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True,
        )  # fmt: skip
    came = re.findall(r"::(\S+) (PASSED|FAILED|ERROR)(?= +\[)", done.stdout)
    assert came == [
        ("test_closes", "PASSED"),
        ("test_leaves_one", "PASSED"),
        ("test_leaves_one", "ERROR"),
        ("test_comes_after_it", "PASSED"),
        ("test_in_a_browser", "PASSED"),
        ("test_comes_after_the_browser", "PASSED"),
    ], done.stdout
    assert "test_leaves_one leaves connections to its database:" in done.stdout
    assert re.search(r"^Threads: .*\bstays\b", done.stdout, re.MULTILINE)
    assert done.stdout.splitlines()[-1].rpartition(" in ")[0].strip("= ") == "5 passed, 1 error"
