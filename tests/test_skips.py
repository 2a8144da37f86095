"""A machine without a browser skips what needs one; where CI promises all that tests need, a skip is a failure."""

import os
import subprocess
import sys

from tests.translatable import ROOT

TEST = """
import shutil
import pytest

def test_needs_a_browser():
    if not shutil.which("no-such-browser"):
        pytest.skip("no browser here")

@pytest.mark.skipif(True, reason="no such program here")
def test_needs_a_program():
    pass

def test_needs_nothing():
    pass
"""


def outcome(path, **environment):
    """The last line of pytest over that file, by our settings."""
    clean = {name: value for name, value in os.environ.items() if name != "STUDYGROUP_NO_SKIPS"}
    command = [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True)
    return done.stdout.splitlines()[-1].rpartition(" in ")[0]


def test_a_skip_is_a_failure_only_where_skips_are_forbidden(tmp_path):
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport")
    path = tmp_path / "test_both.py"
    path.write_text(TEST)
    assert outcome(path) == "1 passed, 2 skipped"
    assert outcome(path, STUDYGROUP_NO_SKIPS="1") == "1 failed, 1 passed, 1 error"
