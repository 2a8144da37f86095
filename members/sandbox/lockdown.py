"""Takes from the calling process, for good, what it does not need to compute: files, network, other processes.

Landlock (landlock(7)) closes every path, seccomp (seccomp(2)) leaves the calls that are named here and answers all others
with EPERM. Neither needs a privilege. What a kernel refuses is left out, and `lock` names it. Linux on x86_64 and aarch64.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable
from typing import Any

LANDLOCK, SECCOMP = "landlock", "seccomp"

# ── numbers of calls, on x86_64 and aarch64: <asm/unistd.h>; None where there is no such call ─────────
NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66),
    "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233), "nanosleep": (35, 101), "getpid": (39, 172),
    "clone": (56, 220), "exit": (60, 93), "gettimeofday": (96, 169), "sigaltstack": (131, 132), "gettid": (186, 178),
    "time": (201, None), "futex": (202, 98), "sched_getaffinity": (204, 123), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94),
    "set_robust_list": (273, 99), "getcpu": (309, 168), "getrandom": (318, 278), "rseq": (334, 293),
    "clone3": (435, 435),
    # what a program needs besides, to be loaded and to read its files
    "open": (2, None), "stat": (4, None), "lstat": (6, None), "poll": (7, None), "ioctl": (16, 29),
    "access": (21, None), "execve": (59, 221), "uname": (63, 160), "fcntl": (72, 25), "getcwd": (79, 17),
    "readlink": (89, None), "getrlimit": (97, 163), "sysinfo": (99, 179),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173),
    "prctl": (157, 167), "arch_prctl": (158, None), "getdents64": (217, 61), "set_tid_address": (218, 96),
    "openat": (257, 56), "newfstatat": (262, 79), "readlinkat": (267, 78), "faccessat": (269, 48), "ppoll": (271, 73),
    "prlimit64": (302, 261), "statx": (332, 291), "faccessat2": (439, 439), "close_range": (436, 436),
    # what is used here itself
    "seccomp": (317, 277), "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}  # fmt: skip
# kernel's name of the machine: (column of NUMBERS, AUDIT_ARCH_… of <linux/audit.h>)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
THIS = os.uname().machine
KNOWN = sys.platform == "linux" and THIS in MACHINES

COMPUTING = (
    "read", "write", "close", "fstat", "lseek", "mmap", "mprotect", "munmap", "brk", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "pread64", "readv", "writev", "sched_yield", "mremap", "madvise", "nanosleep", "getpid", "exit",
    "gettimeofday", "sigaltstack", "gettid", "time", "futex", "sched_getaffinity", "restart_syscall", "clock_gettime",
    "clock_getres", "clock_nanosleep", "exit_group", "set_robust_list", "getcpu", "getrandom", "rseq",
)  # fmt: skip
BEING_A_PROGRAM = (
    "open", "stat", "lstat", "poll", "ioctl", "access", "execve", "uname", "fcntl", "getcwd", "readlink", "getrlimit",
    "sysinfo", "getuid", "getgid", "geteuid", "getegid", "getppid", "prctl", "arch_prctl", "getdents64", "ppoll",
    "set_tid_address", "openat", "newfstatat", "readlinkat", "faccessat", "statx", "faccessat2", "close_range",
)  # fmt: skip
# where an installed program and its libraries lie; never a folder in which somebody may have put DATA_DIR
PROGRAMS = (
    "/bin", "/lib", "/lib64", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/share", "/usr/local/bin",
    "/usr/local/lib", "/usr/local/share", "/nix/store", "/etc/ld.so.cache",
)  # fmt: skip

ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000  # SECCOMP_RET_… of <linux/seccomp.h>
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
LOAD, EQUALS, AND, RETURN = 0x20, 0x15, 0x54, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_ALU|AND|K, BPF_RET|K
CLONE_THREAD = 0x00010000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
FILTER_MODE, ACTION_ASKED = 1, 2  # SECCOMP_SET_MODE_FILTER, SECCOMP_GET_ACTION_AVAIL

EXECUTE, READ_FILE, READ_FOLDER = 1, 4, 8  # LANDLOCK_ACCESS_FS_…
RULE_BENEATH, ABI_ASKED = 1, 1  # LANDLOCK_RULE_PATH_BENEATH, LANDLOCK_CREATE_RULESET_VERSION
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # Landlock's version: how many rights on files it knows

libc = ctypes.CDLL(None, use_errno=True)


def lock() -> list[str]:
    """Give up files, network and other processes; return what the kernel does not offer, of LANDLOCK and SECCOMP."""
    if not KNOWN:
        return [LANDLOCK, SECCOMP]
    hide()
    missing = [] if close_paths() else [LANDLOCK]
    return missing if keep_calls(COMPUTING) else [*missing, SECCOMP]


def unavailable() -> list[str]:
    """Return what the kernel says that it does not offer, of LANDLOCK and SECCOMP: asked without giving anything up."""
    if not KNOWN:
        return [LANDLOCK, SECCOMP]
    missing = [] if call("landlock_create_ruleset", None, 0, ABI_ASKED) > 0 else [LANDLOCK]
    answers = ctypes.byref(ctypes.c_uint32(ERROR))
    return missing if call("seccomp", ACTION_ASKED, 0, answers) == 0 else [*missing, SECCOMP]


def hide() -> None:
    """Close /proc/<pid>/environ, /proc/<pid>/mem and ptrace of this process to others of the same user (on Linux)."""
    if sys.platform == "linux":
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with_parent(signal: int) -> None:
    """Have this process get the signal when the thread that forked it ends (on Linux)."""
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0)


# ── Landlock ─────────────────────────────────────────────────────────────────────────────────────────
def close_paths(readable: Iterable[str] = ()) -> bool:
    """Leave no path but those to read and execute; neither TCP nor, where the kernel knows, signals to others."""
    if not KNOWN:
        return False
    version = call("landlock_create_ruleset", None, 0, ABI_ASKED)
    if version < 1:
        return False
    files = 2 ** FILE_RIGHTS[min(version, max(FILE_RIGHTS))] - 1
    network, scoped = (3 if version >= 4 else 0), (3 if version >= 6 else 0)  # bind and connect; sockets and signals
    wanted = struct.pack("QQQ", files, network, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = call("landlock_create_ruleset", wanted, len(wanted), 0)
    if rules < 0:
        return False
    try:
        for path in filter(os.path.exists, readable):
            _allow(rules, path)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return call("landlock_restrict_self", rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules: int, path: str) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights = READ_FILE | EXECUTE | (READ_FOLDER if os.path.isdir(path) else 0)  # noqa: PTH112 (pathlib takes long to load)
    call("landlock_add_rule", rules, RULE_BENEATH, struct.pack("=Qi", rights, place), 0)
    os.close(place)


# ── seccomp ──────────────────────────────────────────────────────────────────────────────────────────
def keep_calls(names: Iterable[str]) -> bool:
    """Leave the calls of these names, and threads."""
    if not KNOWN:
        return False
    rules = {name: verdict(ALLOW) for name in names}
    rules["clone"] = only_if(0, CLONE_THREAD, CLONE_THREAD)
    rules["clone3"] = verdict(ERROR | errno.ENOSYS)  # its flags lie in memory: libraries then take clone
    rules["prlimit64"] = only_if(0, 0xFFFFFFFF, 0)  # one's own limits, not another's
    return apply(program(rules, ERROR | errno.EPERM))


def number(name: str) -> int | None:
    """Return the call's number on this machine."""
    return NUMBERS[name][MACHINES[THIS][0]]


def call(name: str, *arguments: Any) -> int:
    """Make a call for which libc has no function; -1 where it fails."""
    return libc.syscall(ctypes.c_long(number(name) or 0), *arguments)


def instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Return a struct sock_filter; `yes` and `no` say how many instructions a comparison skips."""
    return struct.pack("=HBBI", code, yes, no, value)


def verdict(answer: int) -> list[bytes]:
    """Return what is said to a call, whatever its arguments."""
    return [instruction(RETURN, answer)]


def only_if(argument: int, mask: int, value: int) -> list[bytes]:
    """Return: allow it if argument & mask == value, in the lower 32 bits; else EPERM."""
    return [
        instruction(LOAD, ARGUMENTS + 8 * argument),
        instruction(AND, mask),
        instruction(EQUALS, value, 0, 1),
        instruction(RETURN, ALLOW),
        instruction(RETURN, ERROR | errno.EPERM),
    ]


def program(rules: dict[str, list[bytes]], otherwise: int) -> bytes:
    """Return the BPF program that answers each call by its rule, and kills whoever calls as another machine would."""
    built = [
        instruction(LOAD, MACHINE),
        instruction(EQUALS, MACHINES[THIS][1], 1, 0),
        instruction(RETURN, KILL),
        instruction(LOAD, NUMBER),
    ]
    for name, answer in rules.items():
        if (wanted := number(name)) is not None:
            built += [instruction(EQUALS, wanted, 0, len(answer)), *answer]
    return b"".join([*built, instruction(RETURN, otherwise)])


class Filter(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]  # noqa: RUF012 (as ctypes wants it)


def apply(instructions: bytes) -> bool:
    """Filter every further call of this process and of those it starts."""
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    filter_ = Filter(len(instructions) // 8, instructions)
    return call("seccomp", FILTER_MODE, 0, ctypes.byref(filter_)) == 0
