"""The parts of pages that HTMX exchanges stay cheap: few queries each, and no more of them with more on the shelf."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from tests import make, swapped
from tests.browser import pages
from tests.translatable import ROOT

MOST = 14  # queries of one swap, without those of the cache, which is a table here
ASKING = re.compile(r'hx-(?:get|post)="([^"]*)"')


@pytest.fixture
def world(db):
    return pages.world()


def test_every_swap_of_the_templates_is_listed(world):
    """Counted by template, because addresses are written in many ways there."""
    asking = {path.stem for path in (ROOT / "templates").rglob("*.html") if ASKING.search(path.read_text("utf8"))}
    assert asking == {
        "wishes", "share", "plan", "_preview", "_date_choice", "_bundle", "code", "replan", "_paste", "library", "_state_of_lookup", "_steps", "_panel",
        "_row", "_shelf",
    }  # fmt: skip
    names = {resolve(swap.address.partition("?")[0]).view_name for swap in swapped.swaps(world).values()}
    assert names == {
        "papers:library", "papers:row", "papers:records", "papers:paste",
        "schedule:search", "schedule:plan", "schedule:replan", "schedule:bundle", "schedule:code",
    }  # fmt: skip


def test_a_swap_asks_the_database_little_and_no_more_with_thirty_papers_more(world):
    def counts():
        return {name: queries(swap) for name, swap in swapped.swaps(world).items()}

    few = counts()
    for n in range(30):
        make.paper_file(make.paper(world.group, f"GIRAFFE {n}", by=world.mingyu))
    assert counts() == few
    assert {name: n for name, n in few.items() if n > MOST} == {}


def queries(swap) -> int:
    client = swapped.signed_in(swap.who)
    assert swap.ask(client).status_code in {200, 204}
    with CaptureQueriesContext(connection) as asked:
        swap.ask(client)
    return sum("cache" not in query["sql"] for query in asked)
