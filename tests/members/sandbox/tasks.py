"""Tasks for the process apart, good and bad: plain Python, as all tasks are."""

import os
import time
from collections.abc import Iterator

from members.sandbox import Unreadable


def describe(data: bytes, **how) -> dict:
    return {"data": data, "length": len(data)} | how


def refuse(data: bytes) -> Iterator[dict]:
    yield {"begun": True}
    raise Unreadable("too_round", "It is too round.")


def stumble(data: bytes) -> dict:
    raise KeyError(data)


def sleep(data: bytes) -> Iterator[dict]:
    yield {"begun": True}
    time.sleep(60)


def grow(data: bytes) -> dict:
    return {"length": len(bytearray(2**30))}


def compute(data: bytes) -> dict:
    while True:
        pass


def talk(data: bytes) -> Iterator[dict]:
    while True:
        yield {"words": "x" * 100_000}


def mumble(data: bytes) -> Iterator[dict]:
    """What a child in wrong hands may write: not lines of ours."""
    yield {"begun": True}
    for descriptor in range(3, 10):
        try:
            os.write(descriptor, data)
        except OSError:
            continue


def crash(data: bytes) -> Iterator[dict]:
    import ctypes

    yield {"begun": True}
    ctypes.string_at(0)


def leave(data):
    """End as if all were said."""
    yield {"begun": True}
    os._exit(0)


def linger(data):
    """Close the pipe of the answer, and stay."""
    os.closerange(3, 64)
    time.sleep(60)
