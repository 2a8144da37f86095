"""The library as people use it: dropping PDFs, watching them being read, searching while typing, settling a doubt."""

import re
from base64 import b64encode
from itertools import product

import pytest

from papers import library, processing, tagging
from papers.models import Paper
from papers.search import index
from tests import make
from tests.browser.looks import ALL_WAYS, SIDEWAYS, broken, see
from tests.papers import pdfs
from tests.papers.test_pages import XSS, shelved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]
WAYS = list(product((1280, 390, 320), ("light", "dark"))) if ALL_WAYS else [(1280, "dark"), (390, "light")]
DROP = """(files) => {
  const carried = new DataTransfer();
  for (const [name, base64] of files) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name, {type: 'application/pdf'}));
  }
  for (const kind of ['dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def visit(live_server, open_page, sign_in):
    """visit(membership, path, …) -> a page of theirs."""

    def visited(who, path, **options):
        page = open_page(**options)
        session = sign_in(who).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}/g/{who.group.slug}/papers/{path}")
        return page

    return visited


def carried(*files):

    return [[name, b64encode(data).decode()] for name, data in files]


def the_worker_reads(page):
    """Meanwhile the page hears "nothing new": a database in memory, as tests have it, cannot be asked while it is written."""
    page.route("**/row/**", lambda route: route.fulfill(status=204))
    page.wait_for_timeout(300)  # a question on its way is answered
    processing.read_waiting()
    page.unroute("**/row/**")


def test_pdfs_are_dropped_anywhere_and_read_before_one_s_eyes(study, visit):
    here = library.add_paper(pdfs.opened(pdfs.bit()), group=study["group"], by=study["bob"], name="bit.pdf").paper
    processing.read_waiting()
    page = visit(study["alice"], "")
    page.evaluate(
        DROP,
        carried(
            ("giraffe.pdf", pdfs.giraffe()), ("bit again.pdf", pdfs.bit()), ("page.pdf", b"<html>"), ("none.pdf", b"")
        ),
    )  # fmt: skip
    rows = page.locator("#files > li:not(.hint)")
    rows.nth(3).wait_for()
    page.get_by_text("This paper is already on the shelf.").wait_for()
    page.get_by_text("This is not a PDF.").wait_for()
    page.get_by_text("This file is empty.").wait_for()
    steps = page.locator("#files .steps")
    assert steps.locator(".d").all_inner_texts() == ["uploaded"]
    assert page.get_by_role("link", name="Open it").get_attribute("href").endswith(f"/{here.pk}/")
    the_worker_reads(page)
    steps.wait_for(state="detached")
    assert rows.nth(0).inner_text().split("\n")[0] == pdfs.GIRAFFE.title
    page.locator(".book", has_text=pdfs.GIRAFFE.title).wait_for()
    assert page.locator(".book .cover img").count() == 2
    assert page.evaluate("[...document.querySelectorAll('.cover img')].every((img) => img.naturalWidth || img.loading)")


def test_without_javascript_the_box_is_a_plain_form(study, visit, tmp_path):
    (tmp_path / "giraffe.pdf").write_bytes(pdfs.giraffe())
    (tmp_path / "page.pdf").write_text("<html>")
    page = visit(study["alice"], "", java_script_enabled=False)
    page.locator("#pdfs").set_input_files([tmp_path / "giraffe.pdf", tmp_path / "page.pdf"])
    page.get_by_role("button", name="Add to the shelf").click()
    assert page.get_by_role("alert").inner_text().startswith("page.pdf: This is not a PDF.")
    assert page.locator(".book .title").all_inner_texts() == ["giraffe.pdf"]
    page.get_by_label("Search papers").fill("giraf")
    page.get_by_role("button", name="Search").click()
    assert "q=giraf" in page.url


def test_the_shelf_follows_what_one_types(study, visit):
    shelved(study["group"], "ResNet in ResNet")
    shelved(study["group"], "논문을 읽는 법")
    page = visit(study["alice"], "")
    page.keyboard.press("/")
    page.keyboard.type("논문")
    page.locator("#shelf mark", has_text="논문").wait_for()
    assert page.locator(".book").count() == 1
    assert re.search(r"[?&]q=%EB%85%BC%EB%AC%B8", page.url)
    page.get_by_role("link", name="List").click()
    page.locator(".shelf.list mark").wait_for()
    page.get_by_role("link", name="Clear the search").click()
    page.wait_for_url(lambda url: "q=" not in url)
    assert page.locator(".book").count() == 2


def test_a_doubt_is_settled_beside_the_cover_and_the_citation_copied(study, visit):
    paper = shelved(study["group"], "GIRAFFE", authors=["Michael Niemeyer"], year=2020, confidences={"year": 0.3})
    page = visit(study["alice"], f"{paper.pk}/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Year").fill("2021")
    page.get_by_role("button", name="It is right").click()
    page.get_by_text("typed by Alice").wait_for()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{niemeyer2021giraffe,")
    page.get_by_role("link", name="Edit all").click()
    page.get_by_label("Venue").fill("CVPR 2021")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("@inproceedings{niemeyer2021giraffe,").wait_for()
    paper.refresh_from_db()
    assert (paper.year, paper.venue) == (2021, "CVPR 2021")


def test_a_paper_s_page_shows_its_card_as_soon_as_it_is_read(study, visit):
    paper = library.add_paper(pdfs.opened(pdfs.giraffe()), group=study["group"], by=study["bob"], name="g.pdf").paper
    page = visit(study["alice"], f"{paper.pk}/")
    page.get_by_text("This paper is being read.").wait_for()
    the_worker_reads(page)
    page.get_by_role("heading", level=1, name=pdfs.GIRAFFE.title).wait_for()
    assert page.locator(".cover.l img").count() == 1


def test_a_paper_goes_to_the_trash_and_comes_back_by_undo(study, visit):
    paper = shelved(study["group"], "GIRAFFE", by=study["alice"])
    page = visit(study["alice"], f"{paper.pk}/")
    page.get_by_role("button", name="Move to the trash").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", level=1, name="GIRAFFE").wait_for()
    assert Paper.objects.kept().count() == 1


def test_markup_in_every_field_runs_nowhere(study, visit):
    paper = shelved(study["group"], XSS, authors=[XSS], abstract=XSS, venue=XSS, doi="10.1/" + XSS, looks_like=shelved(study["group"], XSS), confidences={"title": 0.1, "authors": 0.1})  # fmt: skip
    paper.files.update(name=XSS)
    tagging.tag(paper, [XSS])
    library.wish(paper, by=study["bob"], note=XSS)
    index.index(paper, index.body_fields(XSS))
    dialogs = []
    for path in ("", "?q=script", "?view=list", f"{paper.pk}/", f"{paper.pk}/edit/"):
        page = visit(study["alice"], path)
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.wait_for_timeout(200)
        assert page.locator("img[src=x]").count() == 0
    assert dialogs == []


@pytest.mark.looks
def test_every_page_about_papers_is_accessible_and_fits(study, visit):
    make.paper(study["group"], "", state=Paper.UNREADABLE, reason="password")
    paper = shelved(study["group"], "A-very-long-word-" * 12, authors=["Michael Niemeyer"] * 9, year=2020, confidences={"year": 0.3}, abstract="An abstract.")  # fmt: skip
    tagging.tag(paper, ["NeRF", "해석 가능성"])
    library.trash(shelved(study["group"], "Thrown"), by=study["olivia"])
    for path in ("", "?q=word&view=list", f"{paper.pk}/", f"{paper.pk}/edit/", "trash/"):
        page = visit(study["olivia"], path)
        for width, theme in WAYS:
            see(page, width=width, theme=theme)
            assert (broken(page), page.evaluate(SIDEWAYS)) == ([], 0), (path, width, theme)
        see(page, width=320)
        assert page.evaluate(SIDEWAYS) == 0, path
