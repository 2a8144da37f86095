"""Many people do the same in the same moment: one paper, one file, one question, and a definite answer for everybody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import prepared
from tests.papers.intake import storm

ROOT = Path(__file__).parents[3]


def storm_of(tmp_path, what, count):
    """The storm on a database that is shared: SQLite's, as tests have it, lives in memory, so that is done in a process."""
    if connection.vendor != "sqlite":
        return getattr(storm, what)(count)
    prepared.sqlite(tmp_path)
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "studygroup.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.papers.intake.storm", what, str(count)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.django_db(transaction=True)
def test_fifty_uploads_of_one_file_are_one_paper(tmp_path):
    found = storm_of(tmp_path, "same_file", 50)
    assert found == {"answers": {"True": 1, "False": 49}, "papers": 1, "files": 1, "stored": 1}


@pytest.mark.django_db(transaction=True)
def test_twelve_people_paste_the_same_numbers_and_twelve_workers_ask_once_and_slowly(tmp_path):
    found = storm_of(tmp_path, "same_number", 12)
    assert found == {"papers": 3, "lookups": 3, "asked": 3, "workers": {"[]": 12}, "too soon": 0, "due": 0}


@pytest.mark.django_db(transaction=True)
def test_fifty_uploads_at_once_do_not_pass_the_quota_of_a_group_or_of_a_member_in_two_groups(tmp_path):
    found = storm_of(tmp_path, "over_the_quota", 50)
    three = [{"kept": 3, "refused": 47}, 3]  # of 300 KB in 1 MB
    assert found == {"GROUP_QUOTA_MB": three, "MEMBER_QUOTA_MB": three, "stored": 6}
