"""Processes that are there to be killed, and servers that go away for a while."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

from celery.bin.celery import main

from tests import servers

GROWN = 3.0  # seconds until a process is at work


class Crew:
    """Workers and beats who die young and are replaced, as a supervisor would; also when they end by themselves.

    Each is forked from a process that has imported the product already: one that imports it anew takes ten times as long.
    """

    def __init__(self, folder: Path, dice, *, workers: int, beats: int):
        self.folder, self.dice = folder, dice
        self.killed = self.ended = self.hired = 0
        self.context = get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.app", "celery.bin.celery"])
        self.members = [self._hire("worker") for _ in range(workers)] + [self._hire("beat") for _ in range(beats)]

    def _hire(self, role):
        self.hired += 1
        words = {
            "worker": ["worker", "--pool", "threads", "-c", "2", "-n", f"w{self.hired}@faults"],
            "beat": ["beat", "--pidfile", "", "-s", str(self.folder / f"beat-{self.hired}")],
        }[role]
        log = self.folder / f"{role}s.log"
        process = self.context.Process(target=celery, args=([*words, "-l", "warning"], log))
        process.start()
        return role, process, time.monotonic()

    def kill_one(self) -> None:
        """One that is old enough to be at work, at some moment of its work."""
        grown = [place for place, (_r, _p, born) in enumerate(self.members) if time.monotonic() - born > GROWN]
        if grown:
            place = self.dice.choice(grown)
            role, process, _born = self.members[place]
            process.kill()
            process.join()
            self.members[place] = self._hire(role)
            self.killed += 1

    def replace_the_ended(self) -> None:
        for place, (role, process, _born) in enumerate(self.members):
            if not process.is_alive():
                self.members[place] = self._hire(role)
                self.ended += 1

    def dismiss(self) -> None:
        for _role, process, _born in self.members:
            process.kill()
            process.join()


def celery(words: list[str], log: Path) -> None:
    """Be this program of Celery, whose output goes to the log."""
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.argv = ["celery", "-A", "tests.faults.app", *words]
    sys.exit(main())


class Postgres:
    """A real server that can be stopped and started; its rows stay."""

    def __init__(self, stack: ExitStack):
        self.url, self._running = stack.enter_context(servers.cluster())
        self._now = stack.enter_context(ExitStack())
        self.start()

    def start(self):
        self._now.enter_context(self._running())

    def stop(self):
        self._now.close()


class Sqlite:
    """A file: it is away while somebody else holds it."""

    url = ""

    def __init__(self, folder: Path):
        self._path = folder / "studygroup.sqlite3"

    def stop(self):
        self._holder = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        self._holder.execute("BEGIN EXCLUSIVE")

    def start(self):
        self._holder.rollback()
        self._holder.close()


class Redis:
    """Keeps nothing over a stop: every message is lost with it."""

    def __init__(self, stack: ExitStack):
        self._port = servers.free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        stack.callback(self.stop)
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        servers.wait_for_port(self._port)

    def stop(self):
        self._server.kill()
        self._server.wait()


class Filesystem:
    """A folder of messages: away while it bears another name, and empty afterwards."""

    url = "filesystem://"

    def __init__(self, folder: Path):
        self._folder = folder / "broker"

    def stop(self):
        self._folder.rename(self._folder.with_name("broker-away"))
        while not self._folder.is_file():  # a file in its place, so that nobody makes a new one; somebody may have
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.touch()

    def start(self):
        away = self._folder.with_name("broker-away")
        for message in (away / "messages").glob("*"):
            message.unlink()
        self._folder.unlink()
        away.rename(self._folder)


@contextmanager
def away(server, seconds: float):
    server.stop()
    try:
        time.sleep(seconds)
        yield
    finally:
        server.start()
