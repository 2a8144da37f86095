"""539 odd and hostile files: each ends in a definite state in time, and costs nobody else anything."""

import json

import pytest

from papers.extraction import UnreadablePdf, sandbox
from tests.corpus import SHARED

HOSTILE = SHARED / "hostile"
pytestmark = pytest.mark.corpus
LONGEST = 30  # seconds


def cases() -> list[dict]:
    return json.loads((HOSTILE / "manifest.json").read_text())


def wrong(some: list[dict]) -> list[tuple]:
    """Files that took too long, or were accepted or refused against what is wanted."""
    by_path = {HOSTILE / case["file"]: case for case in some}
    out = []
    for path, reading in sandbox.read_many(by_path, workers=2):
        state = "reject" if isinstance(reading, UnreadablePdf) else "accept"
        if by_path[path].get("want", state) not in (state, "any", "either"):
            out.append((by_path[path]["file"], state))
        if state == "accept" and reading.seconds > LONGEST:
            out.append((by_path[path]["file"], reading.seconds))
    return out


def test_every_fortieth_hostile_file_ends_in_a_definite_state():
    assert wrong(cases()[::40]) == []


@pytest.mark.slow
def test_every_hostile_file_ends_in_a_definite_state():
    assert wrong(cases()) == []
