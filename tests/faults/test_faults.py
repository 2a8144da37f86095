"""Celery's processes die at random moments while the schedule changes: every notification arrives, none that is void."""

import json
import os
import subprocess
import sys

import pytest

from tests import servers
from tests.examples import examples
from tests.stack import clean_environment
from tests.translatable import ROOT

NOTHING = {"lost": 0, "wrong_recipient": 0, "stuck": 0, "extra_with_other_message_id": 0, "extra_with_other_date": 0}


@pytest.mark.servers
def test_notifications_survive_kills():
    kills = examples(6, full=20)
    stack = ["--db", "sqlite", "--broker", "filesystem"]
    if os.environ.get("DATABASE_URL"):
        stack = ["--db", "postgres", "--broker", "redis"]
        if not servers.installed():
            pytest.skip("no PostgreSQL server on this machine")
    command = [sys.executable, "-m", "tests.faults.run", "--kills", str(kills), "--days", "4", "--stalls", "2", *stack]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["kills"], found["due"] > 50, found["notifications"] > found["due"]) == (kills, True, True), found
    assert {name: found[name] for name in NOTHING} == NOTHING, found
    assert found["extra"] <= found["kills"] + found["ended_by_themselves"] + found["stalls"], found
