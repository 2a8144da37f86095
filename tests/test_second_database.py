"""The second database is asked what tests/on_both.txt names; with --full, everything."""

import subprocess
import sys

import pytest

from tests.on_both import listed
from tests.statements import compared, shape
from tests.translatable import ROOT

CONFTEST = """
from pathlib import Path
from tests import on_both
from tests.conftest import pytest_addoption, pytest_collection_modifyitems, pytest_configure

on_both.LISTED = Path(__file__).with_name("on_both.txt")
"""
LISTED = """# two of them
test_some.py::test_a_query
test_some.py::test_a_rule
"""
TESTS = """
import pytest
from tests.examples import examples

@pytest.mark.django_db
@pytest.mark.parametrize("cases", [examples(40)])
def test_a_query(cases):
    pass

@pytest.mark.django_db
def test_a_query_that_another_test_asks_too():
    pass

@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
def test_a_page_as_it_is_seen():
    pass

@pytest.mark.slow
def test_what_takes_long():
    pass

def test_a_rule():
    pass
"""
ONCE = {"test_a_query_that_another_test_asks_too", "test_a_page_as_it_is_seen", "test_a_rule"}


@pytest.mark.parametrize(
    ("options", "collected"),
    [
        ([], {"test_a_query[40]", *ONCE}),
        (["--second-database"], {"test_a_query[10]"}),
        (["--second-database", "--full"], {"test_a_query[160]", "test_what_takes_long", *ONCE}),
    ],
)
def test_it_is_asked_what_is_listed_as_far_as_it_asks_a_database(tmp_path, options, collected):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "on_both.txt").write_text(LISTED)
    (tmp_path / "test_some.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-c", "pyproject.toml", str(tmp_path), *options],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert {line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line} == collected, done.stdout


def test_what_is_listed_is_there():
    """After a test was renamed, its line is, too."""
    gone = []
    for line in sorted(listed()):
        path, _, test = line.partition("::")
        source = (ROOT / path).read_text("utf8") if (ROOT / path).exists() else ""
        if not source or f"def {test.partition('[')[0]}(" not in (source if test else "def ("):
            gone.append(line)
    assert gone == []


@pytest.mark.parametrize(
    ("sql", "bare"),
    [
        ("SELECT a FROM b WHERE c IN (%s, %s, %s)\n LIMIT 21", "SELECT a FROM b WHERE c IN (…) LIMIT N"),
        ("INSERT INTO a VALUES (%s, NULL), (%s, NULL)", "INSERT INTO a VALUES (…)"),
        ('SAVEPOINT "s1234_x5"', "SAVEPOINT NAME"),
    ],
)
def test_the_shape_of_a_statement_is_without_its_values(sql, bare):
    assert shape(sql) == bare


def test_a_statement_that_everyday_runs_do_not_send_to_both_is_told_with_the_test_that_sends_it():
    on_both = next(line for line in sorted(listed()) if "::" in line)
    asked = {on_both: {"SELECT a", "SELECT b"}, "test_x.py::test_c": {"SELECT b", "SELECT c"}}
    said, enough = compared(asked)
    assert (enough, said.splitlines()[2:]) == (False, ["test_x.py::test_c"])
    assert compared({on_both: asked[on_both], "test_x.py::test_b": {"SELECT b"}})[1]
