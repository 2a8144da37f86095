"""However many beats look for due notifications at once, every notification goes out once."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests import prepared
from tests.faults.beats import beats
from tests.translatable import ROOT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "count, minutes", [(4, 8), *(pytest.param(*one, marks=pytest.mark.slow) for one in [(2, 20), (10, 8)])]
)
def test_beats_that_tick_at_once_double_nothing_and_miss_nothing(smtp_sink, tmp_path, count, minutes):
    if connection.vendor == "sqlite":  # the database of the tests lives in memory; this needs one that is shared
        prepared.sqlite(tmp_path)
        environment = os.environ | {
            "DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "studygroup.settings",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.beats", str(count), str(minutes)],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout.splitlines()[-1])
    else:
        found = beats(smtp_sink.messages, count, minutes)
    due = found["due"]
    assert due > 100
    assert found == {
        "answers": {"ticked": count},
        "due": due,
        "notifications": due,
        "states": ["sent 1"],
        "arrived": due,
        "doubles": 0,
    }
