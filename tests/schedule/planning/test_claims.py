"""Twenty people say yes to one open question in the same moment: one has the turn, nineteen are told who."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests import prepared
from tests.schedule.planning import claims
from tests.translatable import ROOT


@pytest.mark.django_db(transaction=True)
def test_of_twenty_claims_of_one_turn_one_wins_and_19_are_told(tmp_path):
    if connection.vendor == "sqlite":  # the database of the tests lives in memory; this needs one that is shared
        prepared.sqlite(tmp_path)
        own = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "studygroup.settings"}
        command = [sys.executable, "-m", "tests.schedule.planning.claims", "20"]
        environment = os.environ | own | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
    else:
        found = claims.claims(20)
    assert found == {
        "answers": {"won": 1, "told": 19},
        "state": "accepted",
        "it is the taker's": True,
        "changes": 1,
        "notifications to Alice": 1,
        "questions that would still go out": 0,
    }
