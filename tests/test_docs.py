"""What README and docs name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# `schedule/dates.py`, `notifications/snapshot.py` (of schedule/), `tests/schedule/`
PLACES = re.compile(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?)`")


def missing(text: str) -> list[str]:
    """The places a text names that are neither in the house nor in a room of schedule/."""
    return [
        place
        for place in PLACES.findall(text)
        if not any((home / place).exists() for home in (ROOT, ROOT / "schedule"))
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    assert missing(page.read_text("utf8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_a_place_that_is_gone_is_named():
    assert missing("see `schedule/dates.py`, `notifications/snapshot.py` and `schedule/nowhere.py`") == [
        "schedule/nowhere.py"
    ]


def test_the_readmes_table_names_every_variable_that_is_read_and_no_other():
    readers = (ROOT / "studygroup" / name for name in ("settings.py", "environment.py"))
    read = {
        name
        for path in readers
        for name in re.findall(r'\benv(?:_bool|_int|_zone)?\(\s*"([A-Z_]+)"', path.read_text("utf8"))
    }
    sites = (ROOT / "studygroup" / "other_sites.py").read_text("utf8")
    read |= set(re.findall(r'"([A-Z]+_(?:NAME|SERVER|SECRET|CLIENT_ID|TEAM_ID|KEY_ID|PRIVATE_KEY))"', sites))
    table = (ROOT / "README.md").read_text("utf8").partition("## Environment")[2].partition("\n## ")[0]
    named = {name for row in re.findall(r"^\| (`.+?) \|", table, re.M) for name in re.findall(r"`([A-Z_]+)`", row)}
    assert read == named
