"""Which tests everyday runs have on both databases: those of on_both.txt."""

from functools import cache
from pathlib import Path

LISTED = Path(__file__).with_name("on_both.txt")


@cache
def listed() -> frozenset[str]:
    """Files, tests, and single cases of tests."""
    lines = (line.partition("#")[0].strip() for line in LISTED.read_text("utf8").splitlines())
    return frozenset(filter(None, lines))


def files() -> list[str]:
    """Where what is listed stands."""
    return sorted({line.partition("::")[0] for line in listed()})


def runs_on_both(test: str) -> bool:
    """Whether this test is listed, or its file, or all cases of it."""
    return not listed().isdisjoint({test, test.partition("[")[0], test.partition("::")[0]})
