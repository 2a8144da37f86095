"""The search box by keyboard alone, in Chromium: `/`, letters, arrows, Enter; Korean half typed; and without JavaScript."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from papers.search import index
from tests import make
from tests.browser.looks import SIDEWAYS, broken, see
from tests.browser.test_reach import RULES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]
CHOSEN = "[role=option][aria-selected=true]"
WHERE = "() => document.activeElement.id || document.activeElement.tagName"


def as_member(page, live_server, membership):
    client = Client()
    client.force_login(membership.member, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


@pytest.fixture
def home(study, live_server):
    """The group's home, with papers to find, Bob's session and Alice's turn."""
    for title in ("Grad-CAM", "Gradient flow", "설명 가능한 인공지능"):
        index.index(make.paper(study["group"], title))
    term = make.term(study["group"])
    make.presentation(make.session(term), study["alice"])
    make.presentation(make.session(term), study["bob"])
    return f"{live_server.url}/g/study/"


def chosen(page):
    """What the reader of the screen hears is chosen: the field points at it."""
    option = page.locator(CHOSEN)
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    return option.locator("b").inner_text()


def test_slash_notifications_arrows_and_enter(open_page, live_server, study, home):
    page = as_member(open_page(), live_server, study["alice"])
    page.goto(home)
    page.keyboard.press("/")
    field, status = page.get_by_role("combobox"), page.locator("form[data-search-palette] [role=status]")
    expect(field).to_be_focused()
    expect(page.get_by_role("option").first).to_contain_text("Share a paper for my next turn")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert page.locator(CHOSEN).count() == 0
    page.keyboard.type("grad")
    expect(status).to_have_text("2 hits")
    assert page.get_by_role("listbox").get_by_role("group", name="Papers").get_by_role("option").count() == 2
    first, second = page.locator("[role=option] b").all_inner_texts()
    assert chosen(page) == first
    page.keyboard.press("ArrowDown")
    assert chosen(page) == second
    page.keyboard.press("End")
    assert "All papers with these words" in page.locator(CHOSEN).inner_text()
    page.keyboard.press("ArrowDown")  # and round
    assert chosen(page) == first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == second
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/g/study/papers/\d+/$"))
    assert page.locator("h1").inner_text() == second
    page.go_back()
    expect(page.locator("#hits")).to_be_hidden()


def test_enter_right_after_the_last_notification_waits_for_its_answer(open_page, live_server, study, home):
    page = as_member(open_page(), live_server, study["alice"])
    page.goto(home)
    page.keyboard.press("Control+k")
    page.keyboard.type("grad")
    expect(page.locator(CHOSEN)).to_contain_text("Grad")
    page.keyboard.press("Control+a")
    page.keyboard.type("bob")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/g/study/members/#member-{study['bob'].pk}$"))


def test_an_older_answer_never_takes_the_place_of_a_newer_one(open_page, live_server, study, home):
    """The answer to the first notifications is held back until that to the last ones is shown."""
    page = as_member(open_page(), live_server, study["alice"])
    held = []
    page.route(re.compile(r"search/\?q=gra$"), lambda route: held.append(route))
    page.goto(home)
    page.keyboard.press("/")
    with page.expect_request(re.compile(r"q=gra$")):
        page.keyboard.type("gra")
    page.keyboard.type("d-cam")
    expect(page.locator("[role=option]").first).to_contain_text("Grad-CAM")
    shown = page.locator("#hits").inner_text()
    held[0].continue_()
    page.wait_for_timeout(400)
    assert page.locator("#hits").inner_text() == shown


def test_escape_closes_and_puts_everything_back(open_page, live_server, study, home):
    page = as_member(open_page(), live_server, study["alice"])
    page.goto(home)
    link = page.get_by_role("link", name="See the schedule")
    link.focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("zebra")
    expect(page.locator("form[data-search-palette] [role=status]")).to_have_text("Nothing here has these words.")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    expect(page.locator("#hits")).to_be_hidden()
    assert page.get_by_role("combobox").input_value() == ""
    page.keyboard.press("/")
    page.keyboard.type("gr/ad")  # a slash is a notification in a field
    assert page.get_by_role("combobox").input_value() == "gr/ad"
    page.keyboard.press("Tab")
    expect(page.locator("#hits")).to_be_hidden()


def test_enter_while_a_korean_syllable_is_composed_belongs_to_the_input_method(open_page, live_server, study, home):
    page = as_member(open_page(), live_server, study["alice"])
    page.goto(home)
    page.keyboard.press("/")
    page.evaluate(
        "() => { window.keys = []; addEventListener('keydown', (e) => keys.push([e.key, e.isComposing]), true); }"
    )
    typing = page.context.new_cdp_session(page)
    for text in ("ㅅ", "서", "설"):
        typing.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})
    expect(page.locator(CHOSEN)).to_contain_text("설명 가능한 인공지능")
    page.keyboard.press("Enter")
    assert page.evaluate("keys") == [["Enter", True]]
    page.wait_for_timeout(300)
    assert page.url == home
    typing.send("Input.insertText", {"text": "설"})
    expect(page.locator(CHOSEN)).to_contain_text("설명 가능한 인공지능")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("설명 가능한 인공지능")


def test_axe_finds_nothing_in_the_open_list_and_nothing_runs_over(open_page, live_server, study, home):
    page = as_member(open_page(reduced_motion="reduce"), live_server, study["olivia"])
    status = page.locator("form[data-search-palette] [role=status]")
    for where, notifications, said in (
        (home, "", "5 hits"),
        (home, "a", re.compile(r"\d+ hits")),
        (home + "papers/", "zzz", re.compile("Nothing")),
    ):
        page.goto(where)
        page.keyboard.press("Control+k")
        page.keyboard.type(notifications)
        expect(status).to_have_text(said)
        for width, theme in ((780, "dark"), (1280, "light")):
            see(page, width=width, theme=theme)
            assert page.locator("#hits").is_visible()
            assert (notifications, broken(page, RULES)) == (notifications, [])
            box = page.locator("#hits").bounding_box()
            assert (page.evaluate(SIDEWAYS), box["x"] >= 0, box["x"] + box["width"] <= width) == (0, True, True)


def test_a_click_goes_there_too(open_page, live_server, study, home):
    page = as_member(open_page(), live_server, study["alice"])
    page.goto(home)
    page.get_by_role("combobox").click()
    page.keyboard.type("calendar")
    page.get_by_role("option", name="In my calendar").click()
    expect(page).to_have_url(home + "calendar/")


def test_in_the_library_slash_is_its_own_search_and_control_k_the_box(open_page, live_server, study, home):
    page = as_member(open_page(), live_server, study["alice"])
    page.goto(home + "papers/")
    page.keyboard.press("/")
    assert page.evaluate(WHERE) == "lq"
    assert page.locator("form.find").evaluate("(form) => getComputedStyle(form).opacity") == "0"
    page.keyboard.press("Control+k")
    assert page.evaluate(WHERE) == "find"
    assert page.locator("form.find").evaluate("(form) => getComputedStyle(form).opacity") == "1"
    page.keyboard.type("bob")
    expect(page.locator(CHOSEN)).to_have_text(re.compile("Bob"))
    page.keyboard.press("Escape")
    assert page.evaluate(WHERE) == "lq"


def test_who_was_signed_out_meanwhile_is_led_to_the_door_and_back(open_page, live_server, study, home):
    page = as_member(open_page(refused_scripts=True), live_server, study["alice"])
    page.goto(home)
    page.context.clear_cookies()
    page.keyboard.press("/")
    page.keyboard.type("grad")
    page.wait_for_timeout(400)
    expect(page.locator("#hits")).to_be_hidden()  # never the sign-in page as hits
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/g/study/search/%3Fq%3Dgrad$"))


def test_on_a_phone_the_word_opens_a_page_that_asks_while_one_types(open_page, live_server, study, home):
    page = as_member(open_page(width=390), live_server, study["alice"])
    page.goto(home)
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page).to_have_url(home + "search/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("link", name="Share a paper for my next turn")).to_be_visible()
    page.keyboard.type("gradient")
    expect(page.locator("[data-status]")).to_have_text("1 hit")
    expect(page).to_have_url(home + "search/?q=gradient")
    page.get_by_role("link", name="Gradient flow").click()
    expect(page.locator("h1")).to_have_text("Gradient flow")
    page.go_back()
    expect(page.get_by_role("link", name="Gradient flow")).to_be_visible()
    page.goto(home)
    page.keyboard.press("Control+k")
    expect(page).to_have_url(home + "search/")


def test_without_javascript_the_box_leads_to_a_page_of_links(open_page, live_server, study, home):
    page = as_member(open_page(java_script_enabled=False), live_server, study["alice"])
    page.goto(home)
    page.get_by_label("Papers, sessions, people, and what you can do").fill("bob")
    page.keyboard.press("Enter")
    expect(page).to_have_url(home + "search/?q=bob")
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["People", "Sessions"]
    page.get_by_role("searchbox").fill("grad")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="All papers with these words").click()
    expect(page).to_have_url(home + "papers/?q=grad")
