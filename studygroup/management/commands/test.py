"""python3 manage.py test [--full] [words for pytest]: style and types, and the tests on SQLite and on a real PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.core.management.base import BaseCommand

from studygroup.translations import compile_catalogues

STYLE = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "--output-format", "concise", "."],
}
TYPES = ["mypy"]
FULL = "--full"
# many tests wait, for a browser, a server or a clock: more workers than processors, so that others compute meanwhile
CORES = os.cpu_count() or 1
WORKERS = CORES + 1
BESIDE = 1  # workers of the short run beside them
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
)  # the first has no window to draw
FINE = {0, 5}  # pytest's 5: nothing matched


class Command(BaseCommand):
    help = (
        "Runs ruff and mypy, and pytest on SQLite and on PostgreSQL. --full: every test on both, and each with all its "
        "cases. Other words after `test` go to pytest."
    )
    requires_system_checks = []

    def run_from_argv(self, argv):
        """Everything behind `test` is pytest's, so Django's own parsing is left out."""
        raise SystemExit(run(argv[2:]))


class Step:
    """A Python module in a process of its own; what it says is shown at once, or when somebody waits for its end."""

    def __init__(self, name: str, module: list[str], *, at_once: bool, **environment: str):
        self.name, self.heading = name, f"\n── {name} ──"
        self.said = None if at_once else tempfile.TemporaryFile("w+")  # noqa: SIM115 — end() closes it
        if at_once:
            print(self.heading, flush=True)
        # without kept bytecode every process that a test starts would compile the project anew
        own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [sys.executable, "-m", *module]
        output = {"stdout": self.said, "stderr": self.said}
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=own | environment, **output)

    def end(self) -> int:
        """Wait for it and return its exit code."""
        code = self.process.wait()
        if self.said:
            self.said.seek(0)
            print(self.heading, self.said.read(), sep="\n", end="", flush=True)
            self.said.close()
        return code


def run(words: list[str]) -> int:
    """0 when everything passed. Without words for pytest everything runs, side by side; a part only runs tests (`test -k mail`)."""
    from tests.servers import postgres  # tests are not part of what is deployed

    began, wrong, tally = time.monotonic(), [], Counter()
    compile_catalogues()
    if not any(map(shutil.which, BROWSERS)):
        _loud("No Chromium is on this machine: what is tested in a real browser is skipped.")
    with tempfile.TemporaryDirectory() as folder, postgres() as url:
        if url is None:
            _loud("No PostgreSQL can be started: the tests run on SQLite only.")
            wrong += ["no PostgreSQL"] if "STUDYGROUP_NO_SKIPS" in os.environ else []
        databases = {"SQLite": ""} | ({"PostgreSQL": url} if url else {})
        wrong += (_everything if set(words) <= {FULL} else _part)(words, databases, Path(folder))
        for results in Path(folder).glob("*.xml"):
            _count(results, tally)
    counts = ", ".join(f"{tally[name]} {name}" for name in ("passed", "failed", "skipped"))
    verdict = f"Not fine: {', '.join(wrong)}." if wrong else "All is well."
    print(f"\n{verdict} {counts} in {time.monotonic() - began:.0f} s", flush=True)
    return int(bool(wrong))


def _everything(words, databases, folder) -> list[str]:
    """Return what is wrong. SQLite's tests are seen at work; what runs beside them is shown afterwards."""
    from tests.on_both import files  # tests are not part of what is deployed

    wrong = [name for name, module in STYLE.items() if Step(name, module, at_once=True).end()]
    beside = {"types": Step("types", TYPES, at_once=False)}
    for database, url in databases.items():
        short = database == "PostgreSQL" and FULL not in words
        workers = ["-n", str(BESIDE if short else WORKERS), "--dist", "worksteal", *(files() if short else [])]
        beside[database] = _tests(database, url, [*words, *workers], folder, at_once=database == "SQLite")
    codes = {name: beside[name].end() for name in ("SQLite", *(name for name in beside if name != "SQLite"))}
    return wrong + [
        beside[name].name for name, code in codes.items() if code not in (FINE if name in databases else {0})
    ]


def _part(words, databases, folder) -> list[str]:
    """Return what is wrong, one database after the other, so that one can look on, or into it with --pdb."""
    steps = (_tests(database, url, words, folder, at_once=True) for database, url in databases.items())
    return [step.name for step in steps if step.end() not in FINE]


def _tests(database, url, words, folder, *, at_once) -> Step:
    own = [f"--junit-xml={folder / database}.xml"]
    if database == "PostgreSQL" and not at_once:
        # of everything, what may differ; one of two runs at the same time keeps what failed for --last-failed
        own += ["--second-database", "-p", "no:cacheprovider"]
    # what both runs begin with is made once, in this folder
    own_environment = {"DATABASE_URL": url, "STUDYGROUP_TEST_RUN": str(folder)}
    return Step(f"tests on {database}", ["pytest", *words, *own], at_once=at_once, **own_environment)


def _count(results: Path, tally: Counter) -> None:
    """Add what came of each test."""
    for suite in ElementTree.parse(results).getroot():
        total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        tally.update(passed=total - failed - skipped, failed=failed, skipped=skipped)


def _loud(words):
    print(f"\n{'!' * 3} {words} {'!' * 3}\n", flush=True)
