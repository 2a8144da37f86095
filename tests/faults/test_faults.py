"""Twenty workers die at random moments while the schedule changes: every letter arrives, none that is void."""

import json
import os
import subprocess
import sys

import pytest

from tests.stack import clean_environment
from tests.translatable import ROOT


@pytest.mark.servers
def test_letters_survive_twenty_kills():
    database = "postgres" if os.environ.get("DATABASE_URL") else "sqlite"
    command = [sys.executable, "-m", "tests.faults.run", "--kills", "20", "--db", database]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["kills"], found["due"] > 50, found["letters"] > found["due"]) == (20, True, True), found
    assert (found["lost"], found["wrong"], found["stuck"], found["extra_with_other_date"]) == (0, 0, 0, 0), found
    assert found["extra"] <= found["kills"], found
