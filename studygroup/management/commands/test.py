"""python3 manage.py test [words for pytest]: style and types, then every test on SQLite and again on a real PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.core.management.base import BaseCommand

from studygroup.translations import compile_catalogues

STYLE = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "--output-format", "concise", "."],
    "types": ["mypy"],
}
EVERYTHING = ["-n", "2", "--dist", "worksteal"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FINE = {0, 5}  # pytest's 5: nothing matched


class Command(BaseCommand):
    help = "Runs ruff and mypy, then pytest on SQLite and on PostgreSQL. Words after `test` go to pytest."
    requires_system_checks = []

    def run_from_argv(self, argv):
        """Everything behind `test` is pytest's, so Django's own parsing is left out."""
        raise SystemExit(run(argv[2:]))


def run(words: list[str]) -> int:
    """0 when everything passed. A whole run checks style and types first; parts of it (`test -k mail`) only run tests."""
    began, tally = time.monotonic(), Counter()
    compile_catalogues()
    wrong = [name for name, command in ({} if words else STYLE).items() if _step(name, command)]
    if not any(map(shutil.which, BROWSERS)):
        _loud("No Chromium is on this machine: what is tested in a real browser is skipped.")
    for database, options, opened in _databases():
        with opened as url:
            if url is None:
                _loud("No PostgreSQL could be started: the tests ran on SQLite only.")
                wrong += ["no PostgreSQL"] if "STUDYGROUP_NO_SKIPS" in os.environ else []
            elif not _pytest(database, [*(words or EVERYTHING), *options], url, tally):
                wrong += [f"tests on {database}"]
    counts = ", ".join(f"{tally[name]} {name}" for name in ("passed", "failed", "skipped"))
    verdict = f"Not fine: {', '.join(wrong)}." if wrong else "All is well."
    print(f"\n{verdict} {counts} in {time.monotonic() - began:.0f} s", flush=True)
    return int(bool(wrong))


def _databases():
    from tests.servers import postgres  # tests are not part of what is deployed

    yield "SQLite", [], nullcontext("")
    yield "PostgreSQL", ["--database-only"], postgres()


def _pytest(database, words, url, tally) -> bool:
    """Run them, add what came of each test to the tally, and say whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        code = _step(f"tests on {database}", ["pytest", *words, f"--junit-xml={results}"], DATABASE_URL=url)
        if results.exists():
            for suite in ElementTree.parse(results).getroot():
                total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
                failed = int(suite.get("failures")) + int(suite.get("errors"))
                tally.update(passed=total - failed - skipped, failed=failed, skipped=skipped)
    return code in FINE


def _step(name, module, **environment) -> int:
    """Run a Python module in the project's folder; its exit code."""
    print(f"\n── {name} ──", flush=True)
    return subprocess.run(
        [sys.executable, "-m", *module], cwd=settings.BASE_DIR, env=os.environ | environment
    ).returncode


def _loud(words):
    print(f"\n{'!' * 3} {words} {'!' * 3}\n", flush=True)
