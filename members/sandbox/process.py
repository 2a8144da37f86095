"""Asks the process apart: `run` one question in a process of its own, `Reader` many in one that is kept."""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from members.sandbox import lockdown, messages
from members.sandbox.turns import Turns

CHILD = Path(__file__).with_name("child.py")
START_UP = 8.0  # seconds for the process to come up on a busy machine
MIB = 1024 * 1024
logger = logging.getLogger(__name__)
File = str | Path | bytes | IO[bytes]


@dataclass(frozen=True)
class Limits:
    """What one question may take: bytes of memory, seconds by the clock and of a processor, bytes of its answer."""

    memory: int = 512 * MIB
    seconds: float = 12.0
    cpu: int = 10
    output: int = 8 * MIB


class Reader:
    """A running process; each question is answered by a fresh limited child of it."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(CHILD)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )

    def ask(self, task: str, file: File, limits: Limits, **how: Any) -> dict:
        """Return what the task finds in the file, with an "error" if it ended badly; never longer than its time."""
        question = messages.pack({"task": task, "how": how, "limits": asdict(limits)})
        self.line.settimeout(limits.seconds + START_UP)
        try:
            with opened(file) as descriptor:
                messages.send(self.line, question, (descriptor,))
            message = messages.receive(self.line, limits.output + (1 << 17))
        except FileNotFoundError:
            return {"error": "missing"}
        except (OSError, ValueError) as error:
            self.kill()
            return {"error": "timeout" if isinstance(error, TimeoutError) else "crashed"}
        return answer(message[0]) if message else {"error": "crashed"}

    def kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        self.kill()
        self.process.wait()
        self.line.close()


_turns = Turns()


def run(task: str, file: File, limits: Limits, *, asker: Hashable = None, **how: Any) -> dict:
    """Ask one question of a process of its own, as `Reader.ask`.

    Whose file it is, is told by `asker`: {"error": "busy"} when it is not their turn (turns.py).
    """
    with _turns.turn(asker) if asker is not None else nullcontext(True) as has_turn:
        if not has_turn:
            return {"error": "busy"}
        with reader() as running:
            return running.ask(task, file, limits, **how)


@contextmanager
def reader() -> Iterator[Reader]:
    running = Reader()
    try:
        yield running
    finally:
        running.close()


_kept = threading.local()


def kept() -> Reader:
    """Return the reader that this thread of this process keeps between files, so that its libraries are loaded once."""
    pid, running = getattr(_kept, "reader", (None, None))
    if running is None or pid != os.getpid() or running.process.poll() is not None:
        running = Reader()
        _kept.reader = (os.getpid(), running)
    return running


@contextmanager
def opened(file: File) -> Iterator[int]:
    """Open what has a path, to be read only; what is in memory goes into a file without a name."""
    if not isinstance(file, str | Path | bytes) and hasattr(file, "temporary_file_path"):
        file = Path(file.temporary_file_path())
    if isinstance(file, str | Path):
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    with tempfile.TemporaryFile() as copy:
        if isinstance(file, bytes):
            copy.write(file)
        else:
            file.seek(0)
            shutil.copyfileobj(file, copy)
        copy.flush()
        yield copy.fileno()


def answer(body: bytes) -> dict:
    """Return the pieces that a child wrote, as one, and an "error" if it did not come to its end."""
    end, *lines = body.split(b"\n")
    ended = messages.unpack(end)
    first, *pieces = list(_pieces(lines[:-1])) or [{}]
    note_missing(first.get("missing"))  # written before the child saw the file
    found = {key: value for piece in pieces for key, value in piece.items()}
    is_whole = found.pop("done", False)
    if ended["late"] or ended["status"] or not (is_whole or "error" in found):
        killed = os.WIFSIGNALED(ended["status"]) and os.WTERMSIG(ended["status"])
        found["error"] = "timeout" if ended["late"] or killed in (signal.SIGXCPU, signal.SIGKILL) else "crashed"
    return found


def _pieces(lines: list[bytes]) -> Iterator[dict]:
    """Yield what was written whole, until something is cut off or was never ours."""
    for line in lines:
        try:
            piece = messages.unpack(line)
        except (ValueError, TypeError, RecursionError):
            return
        if not isinstance(piece, dict):
            return
        yield piece


_missing: list[str] | None = None  # None until a child has told


def note_missing(names: list[str] | None) -> None:
    """Remember what the kernel refused to the first child of this process, and say it in the log once."""
    global _missing  # noqa: PLW0603 (of the kernel there is one)
    if _missing is None and names is not None:
        _missing = names
        if names:
            logger.warning("The process that looks into files is confined incompletely: %s.", without(names))


def confinement() -> str:
    """Say to an operator how far the process that looks into files is confined."""
    names = lockdown.unavailable() if _missing is None else _missing
    return f"incomplete: {without(names)}" if names else "complete"


def without(names: list[str]) -> str:
    return f"this kernel offers no {' and no '.join(names)}"
