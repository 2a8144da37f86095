"""What looks into files is loaded in the limited child alone."""

import subprocess
import sys

import pytest

from tests.environment import clean_environment
from tests.translatable import ROOT

PARSERS = {"PIL", "pillow_heif", "pptx", "lxml", "bibtexparser", "pypdf", "pypdfium2"}
WEB = "import studygroup.wsgi; from django.urls import get_resolver; get_resolver().url_patterns"
WORKER = "from studygroup.celery import app; app.loader.import_default_modules()"


@pytest.mark.parametrize("process", [WEB, WORKER], ids=["the web server", "a worker"])
def test_a_process_that_is_trusted_loads_no_library_that_reads_files(process, tmp_path):
    code = f"import sys; {process}; print(*sys.modules)"
    environment = clean_environment(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="studygroup.settings")
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "studygroup.settings" in loaded.split()
    assert PARSERS & set(loaded.split()) == set()
