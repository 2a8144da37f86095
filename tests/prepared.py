"""What many tests begin with, made once in a run by whoever asks first: a migrated database, the built files.

All workers of a run share one folder, which is named in the environment that they are started with. The migrated SQLite file is
kept for later runs, too, as long as no migration changes.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.environment import clean_environment
from tests.translatable import ROOT

FOLDER = "STUDYGROUP_TEST_RUN"
TEMPLATE = "studygroup_migrated"
KEPT = ROOT / ".pytest_cache" / "migrated"
MIGRATE = "from django.core.management import call_command as call; call('migrate', verbosity=0)"


def folder() -> Path:
    """Return the folder of this run; it goes with the process that made it."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="studygroup-run-")
        atexit.register(shutil.rmtree, os.environ[FOLDER])
    return Path(os.environ[FOLDER])


def once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the file or folder of this name; the first to ask in a run makes it, the others wait meanwhile."""
    made = folder() / name
    with made.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = made.with_name(f"{name}.new")
            make(unfinished)
            unfinished.rename(made)
    return made


def sqlite(place: Path) -> None:
    """Give this DATA_DIR a migrated database."""
    shutil.copy(_migrated_sqlite(), place)


def _migrated_sqlite() -> Path:
    def make(data):
        kept = KEPT / f"{_migrations()}.sqlite3"
        data.mkdir()
        if not kept.exists():
            manage(["shell", "--no-imports", "-v0", "-c", MIGRATE], DATA_DIR=str(data), DATABASE_URL="")
            shutil.rmtree(KEPT, ignore_errors=True)
            KEPT.mkdir(parents=True)
            whole = KEPT / f"{os.getpid()}.new"
            shutil.copy(data / "studygroup.sqlite3", whole)
            whole.rename(kept)
        shutil.copy(kept, data / "studygroup.sqlite3")

    return once("sqlite", make) / "studygroup.sqlite3"


def _migrations() -> str:
    """A digest of all migrations and of the packages that bring more; a new app's are run on the copy by whoever uses it."""
    files = [ROOT / "requirements.txt", *ROOT.glob("*/migrations/*.py")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:16]


@contextmanager
def sqlite_in_memory(name: str) -> Iterator[None]:
    """Fill the database of this name, which lives in the memory of this process while anybody is connected."""
    with closing(sqlite3.connect(name, uri=True)) as memory:
        with closing(sqlite3.connect(_migrated_sqlite())) as file:
            file.backup(memory)
        yield


def postgres_template(url: str, ask: Callable[[str], object]) -> str:
    """Return the name of a migrated database on this server; `ask` sends SQL to another database of it."""

    def make(mark):
        ask(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        ask(f"CREATE DATABASE {TEMPLATE}")
        own = urlunsplit(urlsplit(url)._replace(path=f"/{TEMPLATE}"))
        manage(["shell", "--no-imports", "-v0", "-c", MIGRATE], DATA_DIR=str(mark.parent), DATABASE_URL=own)
        mark.touch()

    once("postgresql", make)
    return TEMPLATE


def built_files() -> None:
    """Collect the static files with names made of their content, where a server without DEBUG looks for them."""

    def make(data):
        data.mkdir()
        manage(["collectstatic", "--noinput", "-v0"], DATA_DIR=str(data), DATABASE_URL="", DEBUG="0")

    once("static", make)


def manage(words: list[str], **environment: str) -> None:
    """Run a command of manage.py with these settings, whatever those of the test are."""
    subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=clean_environment(**environment), check=True, timeout=300
    )
