# ruff: noqa: PTH101, PTH102, PTH104, PTH107, PTH116, PTH123, PTH208, PTH211
"""What code in wrong hands would try from inside the child: each attempt is one call, made for real.

`attempt` is a task for the sandbox. The same attempts in a plain process, as this file's own program, show that each of them works.
"""

import ctypes
import errno
import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE = 0x4206
BUFFER = ctypes.create_string_buffer(8)
PROCESS_VM_READV, IO_URING_SETUP, PIDFD_OPEN, ADD_KEY = {
    "x86_64": (310, 425, 434, 248),
    "aarch64": (270, 425, 434, 217),
}[os.uname().machine]


def attempt(data: bytes, *, paths: list[str], folder: str, victim: int, port: int) -> dict:
    """Return {attempt: what came of it}: "done", or the name of the error."""
    tries: dict[str, Callable] = {f"read {path}": lambda path=path: read(path) for path in paths}
    tries |= reads(victim) | writes(folder) | starts() | reaches(victim, port)
    return {"came": {name: outcome(act) for name, act in tries.items()}, "open": descriptors()}


def reads(victim: int) -> dict[str, Callable]:
    return {
        "list /": lambda: os.listdir("/"),
        "look for /etc/passwd": lambda: os.stat("/etc/passwd"),
        "read the environment of another process": lambda: read(f"/proc/{victim}/environ"),
        "open the memory of another process": lambda: os.close(os.open(f"/proc/{victim}/mem", os.O_RDONLY)),
        "read our own environment": lambda: read("/proc/self/environ"),
        "open our own memory": lambda: os.close(os.open("/proc/self/mem", os.O_RDWR)),
        "list our own descriptors": lambda: os.listdir("/proc/self/fd"),
    }


def writes(folder: str) -> dict[str, Callable]:
    return {
        "write a file": lambda: os.close(os.open(f"{folder}/new", os.O_WRONLY | os.O_CREAT, 0o600)),
        "make a folder": lambda: os.mkdir(f"{folder}/made"),
        "rename a file": lambda: os.rename(f"{folder}/there", f"{folder}/here"),
        "link a file": lambda: os.symlink(f"{folder}/here", f"{folder}/link"),
        "cut a file": lambda: os.truncate(f"{folder}/here", 0),
        "change a file's mode": lambda: os.chmod(f"{folder}/here", 0o644),
        "remove a file": lambda: os.remove(f"{folder}/here"),
    }


def starts() -> dict[str, Callable]:
    return {
        "fork": fork,
        "start a program": lambda: subprocess.run(["/bin/true"], check=True),
        "become a program that is not there": lambda: expecting(errno.ENOENT, lambda: os.execv("/bin/nothing", ["x"])),
        "make a program in memory": lambda: os.close(os.memfd_create("program")),
    }


def reaches(victim: int, port: int) -> dict[str, Callable]:
    here, there = (ctypes.c_size_t * 2)(ctypes.addressof(BUFFER), 8), (ctypes.c_size_t * 2)(8, 8)  # struct iovec
    return {
        "make a socket": lambda: socket.socket(socket.AF_INET).close(),
        "make a local socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "make a pair of sockets": lambda: [end.close() for end in socket.socketpair()],
        "connect": lambda: connect(port),
        "connect by a descriptor that is there": lambda: expecting(
            errno.ENOTSOCK, lambda: checked(libc.connect(0, 0, 0))
        ),
        "signal another process": lambda: os.kill(victim, 0),
        "signal everything": lambda: os.killpg(os.getpgid(victim), 0),
        "take hold of another process": lambda: os.close(call(PIDFD_OPEN, victim, 0)),
        "trace another process": lambda: checked(libc.ptrace(PTRACE_SEIZE, victim, 0, 0)),
        "read another process": lambda: expecting(
            errno.EFAULT, lambda: call(PROCESS_VM_READV, victim, here, 1, there, 1, 0)
        ),
        "limit another process": lambda: resource.prlimit(victim, resource.RLIMIT_CORE),
        "change our niceness": lambda: os.nice(1),
        "make a ring for calls": lambda: expecting(errno.EFAULT, lambda: call(IO_URING_SETUP, 1, 0)),
        "add a key": lambda: expecting(errno.EFAULT, lambda: call(ADD_KEY, 0, 0, 0, 0, 0)),
        "be traced again": lambda: checked(libc.prctl(4, 1, 0, 0, 0)),
        "make a pipe": lambda: [os.close(end) for end in os.pipe()],
    }


def outcome(act: Callable) -> str:
    try:
        act()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    except Exception as error:  # nothing we know
        return type(error).__name__
    return "done"


def expecting(code: int, act: Callable) -> None:
    """The call got as far as it can with what it was given."""
    try:
        act()
    except OSError as error:
        if error.errno != code:
            raise


def call(number: int, *arguments) -> int:
    return checked(libc.syscall(number, *arguments))


def checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(100)


def connect(port: int) -> None:
    with socket.socket() as line:
        line.connect(("127.0.0.1", port))


def fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def descriptors() -> list[int]:
    """Return the descriptors that are open."""
    return [
        number for number in range(64) if outcome(lambda number=number: os.lseek(number, 0, os.SEEK_CUR)) != "EBADF"
    ]


if __name__ == "__main__":
    print(json.dumps(attempt(b"", **json.loads(sys.argv[1]))))
