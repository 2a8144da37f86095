"""Fifty organizers change one session in the same moment: exactly one wins, 49 are told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import prepared
from tests.schedule.planning import crowd

ROOT = Path(__file__).parents[3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["move", "presenters"])
def test_of_fifty_edits_of_one_session_one_wins_and_49_are_told(tmp_path, kind):
    if connection.vendor == "sqlite":  # the database of the tests lives in memory; this needs one that is shared
        prepared.sqlite(tmp_path)
        environment = os.environ | {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "studygroup.settings",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.schedule.planning.crowd", kind, "50"],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
    else:
        found = crowd.edits(kind, 50)
    assert found == {
        "answers": {"won": 1, "told": 49},
        "sequence": 1,
        "changes": 1,
        "seats": 1,
        "another": True,
        "people": 1,
    }
