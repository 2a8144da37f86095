"""python3 manage.py test [words for pytest]: lint, then every test on SQLite and again on a real PostgreSQL."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from studygroup.translations import compile_catalogues

# plain Python: which database is underneath makes no difference to them
WITHOUT_DATABASE = ["--ignore=tests/papers/extraction", "--ignore=tests/corpus", "--ignore=tests/test_architecture.py"]


class Command(BaseCommand):
    help = "Runs ruff, then pytest on SQLite and on PostgreSQL. Words after `test` go to pytest."
    requires_system_checks = []

    def run_from_argv(self, argv):
        """Everything behind `test` is pytest's, so Django's own parsing is left out."""
        raise SystemExit(run(argv[2:]))


def run(words: list[str]) -> int:
    """0 when everything passed. A whole run checks the style first; parts of it (`test -k mail`) only run tests."""
    compile_catalogues()
    python = [sys.executable, "-m"]
    failed = []
    if not words:
        failed += [
            _step("style", [*python, "ruff", "check", "."]),
            _step("format", [*python, "ruff", "format", "--check", "."]),
        ]
    pytest = [*python, "pytest", *(words or ["-n", "2"])]
    failed.append(_step("tests on SQLite", pytest, DATABASE_URL=""))
    with _postgres() as url:
        if url:
            failed.append(
                _step("tests on PostgreSQL", [*pytest, *([] if words else WITHOUT_DATABASE)], DATABASE_URL=url)
            )
        else:
            print("\n!!! No PostgreSQL could be started: the tests ran on SQLite only. !!!\n", flush=True)
            failed.append("STUDYGROUP_NO_SKIPS" in os.environ)
    return int(any(failed))


def _postgres():
    from tests.servers import postgres  # tests are not part of what is deployed

    return postgres()


def _step(name, command, **environment) -> bool:
    """Run it in the project's folder; True when it failed. pytest's 5 (nothing matched) is no failure."""
    print(f"\n── {name} ──", flush=True)
    code = subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | environment).returncode
    return code not in {0, 5}
