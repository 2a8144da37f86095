"""python3 manage.py up: the whole thing on a laptop, in one terminal."""

import os
import socket
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from studygroup.processes import run_processes
from studygroup.translations import compile_catalogues

LOOPBACK = {"127.0.0.1", "localhost"}


class Command(BaseCommand):
    help = "Prepares the database and runs web, two workers and beat in this terminal. Ctrl-C stops them all; one that ends by itself is started again."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines of your network in")
        parser.add_argument("--empty", action="store_true", help="no demo group: ask for the first organizer instead")

    def handle(self, *, port, host, empty, **options):
        self._check_port(host, port)
        url = f"http://{'localhost' if host in LOOPBACK else host}:{port}"
        settings.SITE_URL = os.environ.setdefault("SITE_URL", url)  # for what is said here, and for the parts
        self._prepare(empty)
        if host not in LOOPBACK:
            os.environ.setdefault("ALLOWED_HOSTS", "*")
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        self._say("Starting web, workers and beat …")
        raise SystemExit(run_processes(self._parts(host, port), settings.BASE_DIR, f"{url}/"))

    def _check_port(self, host, port):
        try:
            socket.create_server((host, port)).close()
        except (OSError, OverflowError) as error:
            reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
            raise CommandError(
                f"Port {port} cannot be used ({reason}). Try: python3 manage.py up --port {port % 60000 + 1}"
            ) from error

    def _prepare(self, empty):
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        compile_catalogues()
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
        if not get_user_model().objects.exists():
            call_command("found" if empty else "demo")

    def _parts(self, host, port):
        """runserver without its reloader: the workers would not reload either."""
        python = [sys.executable, "-u"]
        web = f"manage.py runserver --noreload --skip-checks {host}:{port}"
        celery = "-m celery -q -A studygroup"
        worker = f"{celery} worker --pool threads -l warning"
        return {
            "web": [*python, *web.split()],
            "mail": [*python, *f"{worker} -c 2 -n mail@%h -Q mail,celery".split()],
            "heavy": [*python, *f"{worker} -c 3 -n heavy@%h -Q heavy".split()],
            # not inside the worker: there it would end unnoticed
            "beat": [
                *python,
                *f"{celery} beat -l warning --pidfile= -s".split(),
                settings.CELERY_BEAT_SCHEDULE_FILENAME,
            ],
        }

    def _say(self, words):
        self.stdout.write(words)
        self.stdout.flush()
