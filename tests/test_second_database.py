"""The second database is asked what it may answer differently; with --full, everything."""

import subprocess
import sys

import pytest

from tests.translatable import ROOT

CONFTEST = "from tests.conftest import pytest_addoption, pytest_collection_modifyitems, pytest_configure"
TESTS = """
import pytest
from tests.examples import examples

@pytest.mark.django_db
@pytest.mark.parametrize("cases", [examples(40)])
def test_a_query(cases):
    pass

@pytest.mark.django_db
@pytest.mark.once
def test_what_a_database_cannot_change():
    pass

@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
def test_a_page_as_it_is_seen():
    pass

def test_a_rule():
    pass
"""
NOT_AGAIN = {"test_what_a_database_cannot_change", "test_a_page_as_it_is_seen", "test_a_rule"}


@pytest.mark.parametrize(
    ("options", "collected"),
    [
        ([], {"test_a_query[40]", *NOT_AGAIN}),
        (["--second-database"], {"test_a_query[10]"}),
        (["--second-database", "--full"], {"test_a_query[160]", *NOT_AGAIN}),
    ],
)
def test_it_is_asked_what_it_may_answer_differently(tmp_path, options, collected):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_some.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-c", "pyproject.toml", str(tmp_path), *options],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert {line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line} == collected, done.stdout
