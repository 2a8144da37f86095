"""The tables and programs that are given to the kernel; what they do is seen in test_escape.py."""

import os
import re
import struct
from pathlib import Path

import pytest

from members.sandbox import lockdown

HEADERS = {
    "x86_64": [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")],
    "aarch64": [Path("/usr/include/asm-generic/unistd.h")],
}


def numbers(machine: str) -> dict[str, int]:
    """{call: number} of the kernel's header; empty where it is not installed."""
    text = next((path.read_text() for path in HEADERS[machine] if path.exists()), "")
    found = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    return {"newfstatat": found["fstatat"]} | found if "fstatat" in found else found


@pytest.mark.parametrize("machine", lockdown.MACHINES)
def test_the_numbers_of_calls_are_the_kernels(machine):
    column, known = lockdown.MACHINES[machine][0], numbers(machine)
    ours = {name: both[column] for name, both in lockdown.NUMBERS.items()}
    assert {name: ours[name] for name in ours if known and ours[name] != known.get(name)} == {}
    assert len({number for number in ours.values() if number is not None}) == sum(n is not None for n in ours.values())


def test_every_call_that_is_named_has_a_number():
    assert {*lockdown.COMPUTING, *lockdown.BEING_A_PROGRAM} - lockdown.NUMBERS.keys() == set()


def test_nothing_to_compute_with_opens_reaches_or_starts_anything():
    gone = {
        "open",
        "openat",
        "socket",
        "connect",
        "execve",
        "fork",
        "vfork",
        "clone",
        "kill",
        "tgkill",
        "ptrace",
        "prctl",
    }
    assert gone & {*lockdown.COMPUTING} == set()


def test_a_program_asks_for_the_machine_first_and_answers_each_call_by_its_rule():
    built = lockdown.program({"read": lockdown.verdict(lockdown.ALLOW)}, lockdown.ERROR | 1)
    column, machine = lockdown.MACHINES[os.uname().machine]
    assert list(struct.iter_unpack("=HBBI", built)) == [
        (0x20, 0, 0, 4),
        (0x15, 1, 0, machine),
        (0x06, 0, 0, 0x80000000),  # kill: the numbers mean something else there
        (0x20, 0, 0, 0),
        (0x15, 0, 1, lockdown.NUMBERS["read"][column]),
        (0x06, 0, 0, 0x7FFF0000),
        (0x06, 0, 0, 0x00050001),
    ]


def test_on_a_machine_that_is_not_known_nothing_is_given_up_and_that_is_said(monkeypatch):
    monkeypatch.setattr(lockdown, "KNOWN", False)
    assert lockdown.lock() == lockdown.unavailable() == ["landlock", "seccomp"]
    assert not lockdown.keep_calls(lockdown.COMPUTING)
    assert not lockdown.close_paths()
