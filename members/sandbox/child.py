"""The process that looks into files for `process`: started as a script with `python -I`, it never meets the app.

It imports what a task needs and parses nothing itself. For every question it forks a child that limits itself, gives up
what it does not need to compute, reads the one file, which it got open, and writes what it finds piece by piece.
"""

import codecs
import heapq  # noqa: F401 (Counter imports it when it is asked, too late in a child that can open nothing)
import importlib
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 (sooner than pathlib)
sys.path.insert(0, ROOT)

from members.sandbox import Unreadable, lockdown, messages  # noqa: E402

TO_END = 2.0  # seconds for a child that has said all to be gone
NICE = 10  # whoever waits for a page goes first
MOST_INPUT = 200 * 1024 * 1024
MOST_QUESTION = 64 * 1024 * 1024
CODECS = (
    "ascii",
    "latin-1",
    "cp1252",
    "cp437",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "unicode-escape",
)


def serve(line: socket.socket) -> None:
    """Answer one question after the other, until nobody asks."""
    lockdown.hide()
    for name in CODECS:
        codecs.lookup(name)
    while message := messages.receive(line, MOST_QUESTION):
        question, (file,) = messages.unpack(message[0]), message[1]
        module, _, name = question["task"].partition(":")
        task = getattr(importlib.import_module(module), name)
        output, late, status = run(task, file, question["how"], question["limits"])
        os.close(file)
        messages.send(line, messages.pack({"late": late, "status": status}) + output)


def run(task: Callable, file: int, how: dict, limits: dict) -> tuple[bytes, bool, int]:
    """Fork, wait, end the child in time; return what it wrote, whether it was late, and how it ended."""
    source, sink = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            keep_open(file, sink)
            work(task, file, how, limits, sink)
            status = 0
        finally:
            os._exit(status)
    os.close(sink)
    output, late = collect(source, time.monotonic() + limits["seconds"], limits["output"])
    os.close(source)
    return output, late, ended(pid, 0.0 if late else TO_END)


def ended(pid: int, seconds: float) -> int:
    """Wait so long for the child, which has closed its pipe, then end it; return how it ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.001)  # no call that every system has waits for a child and for a moment
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def keep_open(*files: int) -> None:
    """Close all descriptors but these and those that lead to /dev/null: the child must not speak for its parent."""
    os.dup2(1, 0)
    edges = [2, *sorted(files), resource.getrlimit(resource.RLIMIT_NOFILE)[0]]
    for low, high in zip(edges, edges[1:], strict=False):
        os.closerange(low + 1, high)


def collect(source: int, until: float, most: int) -> tuple[bytes, bool]:
    """Return what comes out of the pipe until it is closed; late when time or room ran out first."""
    output = bytearray()
    while len(output) <= most:
        ready, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return bytes(output), True
        piece = os.read(source, 1 << 16)
        if not piece:
            return bytes(output), False
        output += piece
    return bytes(output), True


def work(task: Callable, file: int, how: dict, limits: dict, out: int) -> None:
    """In the forked child: read the file under limits, write one line for each piece."""
    limit(limits)
    prepare = getattr(sys.modules[task.__module__], "prepare", None)
    if prepare:
        how = prepare(**how)
    write(out, {"missing": lockdown.lock()})
    try:
        found = task(read(file), **how)
        for piece in (found,) if isinstance(found, dict) else found:
            write(out, piece)
        write(out, {"done": True})
    except Unreadable as refusal:
        write(out, {"error": refusal.reason})
    except MemoryError:
        write(out, {"error": "memory"})
    except Exception:  # whatever a library raised: the file is beyond it
        write(out, {"error": "broken"})


def limit(limits: dict) -> None:
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(file: int) -> bytes:
    """Return the file from its beginning, wherever somebody else stands in it."""
    return b"".join(pieces(file))


def pieces(file: int) -> Iterator[bytes]:
    at = 0
    while at < MOST_INPUT and (piece := os.pread(file, min(1 << 20, MOST_INPUT - at), at)):
        yield piece
        at += len(piece)


def write(out: int, piece: dict) -> None:
    line = messages.pack(piece)
    while line:
        line = line[os.write(out, line) :]


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
