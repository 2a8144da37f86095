"""Several processes as one: they start together, speak into one terminal, and none outlives the others.

A part that ends by itself is started again, after a pause that grows; one that keeps ending stops everything.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import cycle
from pathlib import Path
from urllib.request import urlopen

GRACE = 8.0  # seconds between the polite word and the last one
PAUSE = 1.0  # seconds until a part that ended starts again; twice as long after each further end within WINDOW
WINDOW, TOO_OFTEN = 60.0, 5  # a part that ended so often in so many seconds is given up
COLOURS = ("36", "33", "35", "32")  # of the parts, over and over


class Part:
    """A process that is started again when it ends by itself."""

    def __init__(self, name: str, command: list[str], folder: Path, colour: str, pause: float):
        self.name, self.command, self.folder, self.colour, self.pause = name, command, folder, colour, pause
        self.ends: list[float] = []
        self.start()

    def start(self):
        """In a session of its own, so that Ctrl-C reaches us alone and whatever it starts can be stopped with it."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, text=True, errors="replace", start_new_session=True, **pipes
        )
        self.again_at = None
        self.echo = threading.Thread(target=_echo, args=(self.name, self.process.stdout, self.colour), daemon=True)
        self.echo.start()

    def tend(self) -> bool:
        """Start the part again if it ended and its pause is over; return False if it ended too often for that."""
        now = time.monotonic()
        if self.again_at is not None:
            if now >= self.again_at:
                self.start()
        elif self.process.poll() is not None:
            self.send(signal.SIGKILL)  # whatever it had started and left behind
            self.echo.join(1)  # its last words come before ours
            self.ends = [end for end in self.ends if end > now - WINDOW] + [now]
            if len(self.ends) >= TOO_OFTEN:
                return False
            pause = self.pause * 2 ** (len(self.ends) - 1)
            print(
                f"\nThe {self.name} part ended by itself ({self._how()}). It starts again in {pause:g} s.\n", flush=True
            )
            self.again_at = now + pause
        return True

    def _how(self):
        code = self.process.returncode
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name

    def give_up(self) -> int:
        """Say so; the exit code of the part, never 0."""
        print(f"\nThe {self.name} part ended by itself {TOO_OFTEN} times within a minute ({self._how()}), ", end="")
        print("so everything stopped. Its last words are above.", flush=True)
        return max(self.process.returncode, 1)

    def send(self, number):
        """To the part and whatever it has started."""
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def run_processes(
    commands: dict[str, list[str]], folder: Path, url: str, *, grace: float = GRACE, pause: float = PAUSE
) -> int:
    """Run the parts until somebody stops us or one ends too often; who does not listen for `grace` seconds is killed.

    0 when somebody stopped us; else the exit code of the part that was given up, never 0.
    """
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # Ctrl-C, kill, a closed terminal
        signal.signal(name, lambda *_: stop.set())
    parts: list[Part] = []
    try:
        for colour, (name, command) in zip(cycle(COLOURS), commands.items(), strict=False):
            parts.append(Part(name, command, folder, colour, pause))
        threading.Thread(target=_announce, args=(url, stop), daemon=True).start()
        given_up = None
        while given_up is None and not stop.wait(0.2):
            given_up = next((part for part in parts if not part.tend()), None)
    finally:  # also when a part cannot be started
        stop.set()
        _stop_all(parts, grace)
    return given_up.give_up() if given_up else 0


def _echo(name, lines, colour):
    prefix = f"\033[{colour}m{name:>6} │\033[0m " if sys.stdout.isatty() else f"{name:>6} │ "
    with lines:
        for line in lines:
            print(prefix + line, end="", flush=True)


def _announce(url, stop):
    """Say the address when somebody answers there."""
    while not stop.wait(0.1):
        try:
            with urlopen(f"{url}health/", timeout=2):
                print(f"\n  Ready: {url}    (Ctrl-C stops everything)\n", flush=True)
                return
        except OSError:
            continue


def _stop_all(parts, grace):
    for part in parts:
        part.send(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for part in parts:
        try:
            part.process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        part.send(signal.SIGKILL)  # whatever it had started and left behind
    for part in parts:
        part.echo.join(1)
