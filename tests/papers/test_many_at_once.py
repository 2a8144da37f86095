"""Fifty people upload the same PDF in the same moment: one paper, one file, fifty definite answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.papers import storm

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db(transaction=True)
def test_fifty_uploads_of_one_file_are_one_paper(tmp_path):
    if connection.vendor == "sqlite":  # the database of the tests lives in memory; this needs one that is shared
        environment = os.environ | {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "studygroup.settings",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.papers.storm", "50"],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
    else:
        found = storm.same_file(50)
    assert found == {"answers": {"True": 1, "False": 49}, "papers": 1, "files": 1, "stored": 1}
