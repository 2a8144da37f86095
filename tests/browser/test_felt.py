"""Speed as it is felt: little travels, nothing twice and nothing from elsewhere; nothing jumps; Back leads to what was there."""

import re
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.served import served

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.looks]
MAIN = (
    "account_login", "members:join", "members:me", "papers:library", "papers:paper",
    "schedule:home", "schedule:term", "schedule:session", "schedule:plan", "schedule:notifications",
)  # fmt: skip
WITH_COVERS = (
    "schedule:home",
    "papers:library",
    "papers:library list",
    "papers:paper",
    "schedule:session as organizer",
)
FIRST_VISIT = 100_000  # bytes, without covers
NAMED_BY_CONTENT = re.compile(r"\.[0-9a-f]{12}\.\w+$")
FOR_EVER = "max-age=315360000, public, immutable"
COVERS = "**/cover.webp*"
SHIFTS = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { moved += one.value; })).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(moved), 60);
})"""
LOOSE_COVERS = """() => [...document.querySelectorAll('.cover img')]
  .filter((one) => one.loading !== 'lazy' || !one.getAttribute('width') || !one.getAttribute('height')).map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("felt")) as running:
        yield running


class Wire:
    """What a browser page fetches: the kind, the address, the headers of each answer, and the bytes that travelled for it."""

    def __init__(self, page):
        self.answers, self.bytes, self.cached = {}, {}, set()
        line = page.context.new_cdp_session(page)
        line.on("Network.responseReceived", self._answered)
        line.on("Network.requestServedFromCache", lambda told: self.cached.add(told["requestId"]))
        line.on(
            "Network.loadingFinished", lambda told: self.bytes.update({told["requestId"]: told["encodedDataLength"]})
        )
        line.send("Network.enable")

    def _answered(self, told):
        answer = told["response"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        self.answers[told["requestId"]] = told["type"], answer["url"], headers
        if answer.get("fromDiskCache"):
            self.cached.add(told["requestId"])

    def travelled(self):
        """(kind, address, headers, bytes) of what came over the line, covers aside."""
        return [
            (*self.answers[key], size)
            for key, size in self.bytes.items()
            if key not in self.cached and "cover.webp" not in self.answers[key][1]
        ]


@pytest.fixture
def first_visit(open_page, house):
    """first_visit(name, …) -> (the page, loaded in a browser that has seen nothing; what was fetched for it)."""

    def visited(name, before=None, **options):
        page = open_page(**options)
        house.enter(page.context, name)
        wire = Wire(page)
        if before:
            before(page)
        page.goto(house.url + house.shown[name][0])
        return page, wire

    return visited


def test_a_first_visit_is_light_asks_nobody_else_and_what_it_fetches_is_kept_for_ever(first_visit, house):
    heavy, wrong = {}, []
    for name in MAIN:
        _, wire = first_visit(name)
        fetched = wire.travelled()
        assert {kind for kind, *_ in fetched} >= {"Document", "Stylesheet", "Script"}
        if (size := sum(size for *_, size in fetched)) > FIRST_VISIT:
            heavy[name] = size
        for kind, address, headers, _size in fetched:
            split = urlsplit(address)
            named = bool(NAMED_BY_CONTENT.search(split.path)) and headers.get("cache-control") == FOR_EVER
            squeezed = headers.get("content-encoding") == "gzip" or int(headers["content-length"]) < 1000
            if split.netloc != urlsplit(house.url).netloc or not squeezed or (kind != "Document" and not named):
                wrong.append((name, address, headers))
    assert (heavy, wrong) == ({}, [])


def test_the_next_page_of_the_group_is_its_words_alone(first_visit, house):
    page, wire = first_visit("schedule:home")
    page.wait_for_load_state("networkidle")  # the icon comes last
    seen = len(wire.travelled())
    for name in ("schedule:schedule", "schedule:notifications", "members:members"):
        page.goto(house.url + house.shown[name][0])
    assert [kind for kind, *_ in wire.travelled()[seen:]] == ["Document"] * 3


def hold_covers(held, page):
    page.route(COVERS, lambda route: held.append(route))


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_covers_and_after_they_come(first_visit, width):
    """They are held back until everything else is there; those below the first screen are not even asked for."""
    moved, loose = {}, {}
    for name in WITH_COVERS:
        held = []

        page, _ = first_visit(name, partial(hold_covers, held), width=width)
        page.wait_for_timeout(50)
        for _ in range(1000):  # a busy machine asks for them late
            if held:
                break
            page.wait_for_timeout(50)
        page.route(COVERS, lambda route: route.continue_())  # those that are asked for from now on are not held
        for route in held:
            route.continue_()
        page.wait_for_load_state("networkidle")
        assert held, name
        if shift := page.evaluate(SHIFTS):
            moved[name] = shift
        if found := page.evaluate(LOOSE_COVERS):
            loose[name] = found
    assert (moved, loose) == ({}, {})


def test_back_from_a_search_leads_to_the_whole_shelf_where_one_stood(first_visit):
    page, _ = first_visit("papers:library", locale="en-GB")
    books = page.locator(".book").count()
    page.locator("#lq").press_sequentially("giraffe")
    page.wait_for_url("**/papers/?q=giraffe*")
    page.locator("#shelf mark").first.wait_for()
    page.go_back()
    page.wait_for_url("**/papers/")
    expect(page.locator(".book")).to_have_count(books)
    assert page.locator("header.top, main h1, form.tools, #shelf").count() == 4
    assert page.locator("#lq").input_value() == ""
    page.go_forward()
    page.wait_for_url("**/papers/?q=giraffe*")
    page.locator("#shelf mark").first.wait_for()
    assert (page.locator("#lq").input_value(), page.locator("header.top").count()) == ("giraffe", 1)
    page.locator("#lq").fill("")  # and it still searches as one types
    expect(page.locator(".book")).to_have_count(books)


def test_back_from_a_paper_leads_to_the_same_place_of_the_same_shelf(first_visit):
    page, _ = first_visit("papers:library", locale="en-GB", height=600)
    page.get_by_role("link", name="다음" if page.locator("html").get_attribute("lang") == "ko" else "Next").click()
    page.wait_for_url("**page=2*")
    book = page.locator(".book").last
    title = book.locator(".title").inner_text()
    book.scroll_into_view_if_needed()
    stood = page.evaluate("scrollY")
    assert stood > 200
    book.click()
    page.locator("h1", has_text=title).wait_for()
    page.go_back()
    page.wait_for_url("**page=2*")
    page.wait_for_function(f"Math.abs(scrollY - {stood}) < 2")


def test_back_after_a_form_leads_to_the_form_and_does_nothing_twice(first_visit, house):
    page, wire = first_visit("members:me")
    before = page.evaluate("history.length")
    posted = []
    page.on("request", lambda asked: asked.method == "POST" and posted.append(asked.url))
    page.locator("main form[method=post]:has(input[name=name]) button").first.click()
    page.wait_for_load_state("networkidle")
    assert len(posted) == 1
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert (len(posted), page.locator("main form").count() > 0, page.evaluate("history.length") >= before) == (
        1,
        True,
        True,
    )
