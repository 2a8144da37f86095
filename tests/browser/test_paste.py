"""The second door as people use it: paste a link, watch it become a card, compare, take a line; and without a script."""

import pytest

from papers import processing
from papers.lookup import queue
from papers.models import Lookup, Paper
from tests import make
from tests.browser.looks import broken
from tests.browser.test_library import visit  # noqa: F401
from tests.papers.lookup import catalogue_server as sources_server
from tests.papers.lookup.catalogue_server import PAPER, Answer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def sources(settings):
    with sources_server.running() as server:
        sources_server.settle(settings, server)
        yield server


def the_worker_looks_up(page):
    """Meanwhile the page hears "nothing new": a database in memory, as tests have it, cannot be asked while it is written."""
    for asked in ("**/row/**", "**/records/**"):
        page.route(asked, lambda route: route.fulfill(status=204))
    page.wait_for_timeout(300)  # a question on its way is answered
    for paper in queue.look_up_due():
        processing.read(paper)
    for asked in ("**/row/**", "**/records/**"):
        page.unroute(asked)


def test_a_pasted_link_becomes_a_card_before_one_s_eyes(study, visit, sources):  # noqa: F811
    page = visit(study["alice"], "")
    box = page.get_by_label("Paste an arXiv link or DOI")
    box.fill("no number at all")
    box.press("Enter")
    page.get_by_text("There is no arXiv number and no DOI in this.").wait_for()
    assert box.input_value() == "no number at all"
    box.fill("https://arxiv.org/abs/2011.12100")
    page.get_by_role("button", name="Look up").click()
    row = page.locator("#files li", has_text="arXiv:2011.12100")
    row.get_by_text("asking arXiv").wait_for()
    assert box.input_value() == ""
    the_worker_looks_up(page)
    page.locator("#files li", has_text=PAPER["title"]).get_by_text("On the shelf").wait_for()
    page.locator("#shelf .title", has_text=PAPER["title"]).wait_for()
    assert broken(page) == []


def test_a_paper_page_follows_the_look_up_and_shows_what_differs(study, visit, sources):  # noqa: F811
    paper = make.paper(study["group"], PAPER["title"], authors=["M. Niemeyer"], arxiv_id="2011.12100")
    Lookup.objects.create(paper=paper, kind="arxiv", identifier="2011.12100")
    page = visit(study["alice"], f"{paper.pk}/")
    page.get_by_text("arXiv:2011.12100 is about to be looked up at arXiv.").wait_for()
    the_worker_looks_up(page)
    page.get_by_role("heading", name="What arXiv says").wait_for()
    table = page.get_by_role("table", name="The card beside the record")
    assert table.get_by_role("row").count() == 2
    assert broken(page) == []
    table.get_by_role("button", name="Take this : Authors").click()
    page.wait_for_load_state()
    assert page.get_by_role("heading", name="What arXiv says").count() == 0
    assert page.locator("p.auth").inner_text() == ", ".join(PAPER["authors"])


def test_on_a_phone_a_trouble_is_said_and_nothing_overflows(study, visit, sources):  # noqa: F811
    sources.answers["arxiv"] = Answer(status=404)
    page = visit(study["alice"], "", width=320)
    page.get_by_label("Paste an arXiv link or DOI").fill("2011.12100")
    page.get_by_role("button", name="Look up").click()
    page.locator("#files li", has_text="arXiv:2011.12100").wait_for()
    the_worker_looks_up(page)
    page.get_by_text("Nothing is known about arXiv:2011.12100 at arXiv.").wait_for()
    page.goto(f"{page.url}{Paper.objects.get().pk}/")
    page.get_by_role("button", name="Ask again now").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert broken(page) == []


def test_without_a_script_the_door_opens_as_well(study, visit, sources):  # noqa: F811
    page = visit(study["alice"], "", java_script_enabled=False)
    page.get_by_label("Paste an arXiv link or DOI").fill("arXiv:2011.12100")
    page.get_by_role("button", name="Look up").click()
    page.get_by_text("arXiv:2011.12100 is on the shelf. It is being looked up now.").wait_for()
    for paper in queue.look_up_due():
        processing.read(paper)
    page.reload()
    assert page.locator("h1").inner_text() == PAPER["title"]
