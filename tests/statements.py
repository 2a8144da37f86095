"""Which statements the product sends to its database in which test: asked with --second-database --full.

The tests that run on both databases in everyday runs (tests/on_both.txt) must send nearly all of them; else the run fails and says
which tests to add.
"""

import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db.backends.signals import connection_created

from tests import prepared
from tests.on_both import runs_on_both
from tests.translatable import ROOT

ENOUGH = 0.99  # of all statements: some depend on what a property tries
PRODUCT, OURS = {"members", "papers", "schedule", "studygroup"}, f"{ROOT}{os.sep}"
NAMES = re.compile(r'"?(?:s\d+_x\d+|_django_curs_\w+)"?')
VALUE = r"(?:%s|N|S|NULL|DEFAULT)"
LIST = re.compile(rf"\({VALUE}(?:, ?{VALUE})+\)(?:, ?\({VALUE}(?:, ?{VALUE})+\))*")


def shape(sql: str) -> str:
    """The statement without its values, however many there are."""
    bare = re.sub(r"\b\d+\b", "N", NAMES.sub("NAME", re.sub(r"'[^']*'", "S", " ".join(sql.split()))))
    return LIST.sub("(…)", bare)


class Statements:
    """A plugin of pytest: notes what each test has the product ask, and compares at the end of a run of everything."""

    def __init__(self):
        self.asked: dict[str, list[str]] = {}
        self.now: set[str] = set()

    def pytest_configure(self):
        connection_created.connect(self._listen)

    def _listen(self, connection, **_kwargs):
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.insert(0, self._note)

    def _note(self, execute, sql, params, many, context):
        if isinstance(sql, str) and _is_of_the_product():
            self.now.add(shape(sql))
        return execute(sql, params, many, context)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.now = set()
        yield
        self.asked[item.nodeid] = sorted(self.now)
        return True

    def pytest_sessionfinish(self, session):
        folder = prepared.folder() / "statements"
        folder.mkdir(exist_ok=True)
        (folder / f"{os.getpid()}.json").write_text(json.dumps(self.asked))
        everything = session.config.args_source == session.config.ArgsSource.TESTPATHS
        if not hasattr(session.config, "workerinput") and everything and not session.config.getoption("keyword"):
            said, enough = compared(_together(folder))
            session.config.get_terminal_writer().line(f"\n{said}")
            session.exitstatus = session.exitstatus if enough else pytest.ExitCode.TESTS_FAILED


def _is_of_the_product() -> bool:
    """Whether the innermost frame of ours is the product's, not a test's."""
    frame = sys._getframe(2)
    while frame:
        if frame.f_code.co_filename.startswith(OURS):
            package = frame.f_code.co_filename.removeprefix(OURS).partition(os.sep)[0]
            if package == "tests" or package in PRODUCT:
                return package in PRODUCT
        frame = frame.f_back
    return False


def _together(folder: Path) -> dict[str, set[str]]:
    """{test: statements} of all workers."""
    found: dict[str, set[str]] = {}
    for one in folder.glob("*.json"):
        for test, statements in json.loads(one.read_text()).items():
            found.setdefault(test.partition("[")[0], set()).update(statements)
            found.setdefault(test, set()).update(statements)
    return found


def compared(asked: dict[str, set[str]]) -> tuple[str, bool]:
    """(what is to be said, whether the tests that run on both databases send enough of all statements)."""
    every = set().union(*asked.values())
    missing = every.difference(*(asked[test] for test in asked if runs_on_both(test)))
    share = 1 - len(missing) / max(len(every), 1)
    said = f"Of {len(every)} statements of the product, everyday runs send {share:.1%} to the second database, too."
    if share >= ENOUGH:
        return said, True
    return "\n".join([said, "These lines in tests/on_both.txt would add the rest:", *_cover(missing, asked)]), False


def _cover(missing: set[str], asked: dict[str, set[str]]) -> Iterable[str]:
    """Few tests that send what is missing: each time the one that sends most of what is left."""
    left = set(missing)
    while left:
        test = max(sorted(asked), key=lambda one: len(asked[one] & left))
        left -= asked[test]
        yield test
