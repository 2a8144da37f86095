"""Several processes as one: they start together, speak into one terminal, and none outlives the others."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

GRACE = 8  # seconds between the polite word and the last one
COLOURS = ("36", "33", "35")


def run_together(parts: dict[str, list[str]], folder: Path, url: str, *, grace: float = GRACE) -> int:
    """Run the parts until one ends or somebody stops us, then stop them all; who does not listen for `grace` seconds is killed.

    0 when somebody stopped us; else the exit code of the part that ended, never 0.
    """
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # Ctrl-C, kill, a closed terminal
        signal.signal(name, lambda *_: stop.set())
    running = {name: _start(command, folder) for name, command in parts.items()}
    echoes = [
        threading.Thread(target=_echo, args=(name, process.stdout, colour), daemon=True)
        for colour, (name, process) in zip(COLOURS, running.items(), strict=False)
    ]
    for thread in (*echoes, threading.Thread(target=_announce, args=(url, stop), daemon=True)):
        thread.start()
    while not stop.wait(0.2) and all(process.poll() is None for process in running.values()):
        pass
    ended = {name: process.returncode for name, process in running.items() if process.poll() is not None}
    asked = stop.is_set()
    stop.set()
    _stop_all(running.values(), grace)
    for thread in echoes:
        thread.join(1)
    return 0 if asked else _report(ended)


def _start(command, folder):
    """In a session of its own, so that Ctrl-C reaches us alone and whatever it starts can be stopped with it."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=folder, text=True, errors="replace", start_new_session=True, **pipes)


def _echo(name, lines, colour):
    prefix = f"\033[{colour}m{name:>6} │\033[0m " if sys.stdout.isatty() else f"{name:>6} │ "
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


def _report(ended):
    name, code = next(iter(ended.items()))
    print(f"\nThe {name} part ended by itself, so everything stopped. Its last words are above.", flush=True)
    return code if code > 0 else 1


def _stop_all(processes, grace):
    for process in processes:
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + grace
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        _signal(process, signal.SIGKILL)  # whatever it had started and left behind


def _signal(process, number):
    """To the part and whatever it has started."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass
