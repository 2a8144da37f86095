"""python3 manage.py up: the whole thing on a laptop, in one terminal."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.request import urlopen

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from studygroup.translations import compile_catalogues

GRACE = 8  # seconds between the polite word and the last one
COLOURS = {"web": "36", "worker": "33"}


class Command(BaseCommand):
    help = "Prepares the database and runs web, worker and beat in this terminal. Ctrl-C stops them all."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--empty", action="store_true", help="no demo group: ask for the first organizer instead")

    def handle(self, *, port, host, empty, **options):
        if "DEBUG" not in os.environ:
            self._again_with_debug(port)
        self._check_port(host, port)
        self._prepare(empty)
        raise SystemExit(
            run_together(self._parts(host, port), f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/")
        )

    def _again_with_debug(self, port):
        """Settings are read at start, so the same command starts again with those of a laptop."""
        os.environ["DEBUG"] = "1"
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
        os.execv(sys.executable, [sys.executable, *sys.argv])

    def _check_port(self, host, port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is not free ({error.strerror}). Try: python3 manage.py up --port {port + 1}"
                ) from error

    def _prepare(self, empty):
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        compile_catalogues()
        if self._has_members():
            return
        if empty:
            call_command("found")
        else:
            call_command("demo")

    def _has_members(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM members_member")
            return cursor.fetchone()[0] > 0

    def _parts(self, host, port):
        python = [sys.executable, "-u"]
        beat = ["-B", "-s", settings.CELERY_BEAT_SCHEDULE_FILENAME]
        return {
            "web": [*python, "manage.py", "runserver", "--noreload", f"{host}:{port}"],
            "worker": [
                *python,
                "-m",
                "celery",
                "-A",
                "studygroup",
                "worker",
                *beat,
                "--pool",
                "threads",
                "-c",
                "2",
                "-l",
                "warning",
            ],
        }

    def _say(self, words):
        self.stdout.write(words)
        self.stdout.flush()


def run_together(parts: dict[str, list[str]], url: str) -> int:
    """Run the parts until one ends or somebody stops us, then stop them all. The exit code of the one that failed."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    running = {
        name: subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        for name, command in parts.items()
    }
    for name, process in running.items():
        threading.Thread(target=_echo, args=(name, process.stdout), daemon=True).start()
    threading.Thread(target=_announce, args=(url, stopped), daemon=True).start()
    while not stopped.wait(0.2) and all(process.poll() is None for process in running.values()):
        pass
    code = _report(running) if not stopped.is_set() else 0
    _stop(running.values())
    stopped.set()
    return code


def _echo(name, lines):
    prefix = f"\033[{COLOURS[name]}m{name:>6} │\033[0m " if sys.stdout.isatty() else f"{name:>6} │ "
    for line in lines:
        print(prefix + line, end="", flush=True)


def _announce(url, stopped):
    """Say the address when somebody answers there."""
    while not stopped.wait(0.1):
        try:
            with urlopen(url + "health/", timeout=2):
                print(f"\n  Ready: {url}    (Ctrl-C stops everything)\n", flush=True)
                return
        except OSError:
            continue


def _report(running):
    name, process = next((n, p) for n, p in running.items() if p.poll() is not None)
    print(f"The {name} part ended by itself; stopping the rest. Its last words are above.", flush=True)
    return process.returncode or 1


def _stop(processes):
    for process in processes:
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal(process, signal.SIGKILL)


def _signal(process, number):
    """To the part and whatever it has started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
