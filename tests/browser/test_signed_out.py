"""A sign-in ends while a page is open: the page says so, what was typed stays, and after the next sign-in one goes on."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from papers.demo_pdf import DemoPaper, write_pdf
from papers.models import Paper
from schedule.models import Presentation, Session, Term
from tests import make
from tests.browser.test_minutes import let_go, signed_in_here
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]
NOTICE = "What you typed is still on this page"
AGAIN = "What you typed is here again"


@pytest.fixture
def at(open_page, live_server):
    """at(membership, path) -> that page, opened by them."""

    def opened(who, path, **options):
        page = open_page(locale="en-GB", refused_scripts=True, **options)
        signed_in(page, live_server, who)
        page.goto(live_server.url + path)
        return page

    return opened


@pytest.fixture
def session(study):
    made = make.session(make.term(study["group"]), now() + timedelta(days=10), place="Room A")
    make.presentation(made, study["alice"])
    return made


@pytest.fixture
def pdf(tmp_path):
    path = tmp_path / "grad-cam.pdf"
    path.write_bytes(
        write_pdf(DemoPaper("Grad-CAM", ("Ramprasaath R. Selvaraju",), "We propose.", "arXiv:1610.02391v4", ""))
    )
    return path


def signs_in_elsewhere(page, who):
    """In another tab, by the link in the notice; then back in the first one."""
    with page.context.expect_page() as opened:
        page.locator("#signed-out").get_by_role("link", name="Sign in again").click()
    signed_in_here(opened.value, who)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def place(page):
    return page.get_by_role("textbox", name="Place")


# ── pages that ask while one types ──
def test_a_plan_that_was_half_made_goes_on_after_a_sign_in_in_another_tab(at, study):
    olivia = at(study["olivia"], "/g/study/schedule/plan/")
    olivia.fill("input[name=name]", "Spring")
    let_go(olivia)
    olivia.fill("input[name=count]", "5")
    expect(olivia.get_by_text(NOTICE)).to_be_visible()
    olivia.fill("input[name=count]", "4")
    olivia.wait_for_timeout(1_000)
    assert olivia.get_by_text(NOTICE).count() == 1
    signs_in_elsewhere(olivia, study["olivia"])
    olivia.fill("input[name=count]", "3")
    expect(olivia.locator("#preview").get_by_text("3 sessions, 9 turns, 3 members")).to_be_visible()
    expect(olivia.get_by_text(NOTICE)).to_have_count(0)
    olivia.get_by_role("button", name="Publish plan").click()
    olivia.get_by_role("heading", name="Spring", exact=True).wait_for()
    assert [(term.name, term.sessions.count()) for term in Term.objects.all()] == [("Spring", 3)]


def test_the_search_box_says_it_instead_of_falling_silent(at, study):
    alice = at(study["alice"], "/g/study/")
    let_go(alice)
    alice.keyboard.press("/")
    alice.keyboard.type("grad")
    expect(alice.get_by_text(NOTICE)).to_be_visible()
    expect(alice.locator("#hits")).to_be_hidden()


# ── files ──
def test_files_wait_for_the_next_sign_in_and_go_by_themselves(at, study, pdf):
    alice = at(study["alice"], "/g/study/papers/")
    let_go(alice)
    alice.set_input_files("#pdfs", pdf)
    expect(alice.get_by_text("when you are back here, this file goes by itself")).to_be_visible()
    assert not Paper.objects.exists()
    signs_in_elsewhere(alice, study["alice"])
    expect(alice.get_by_text("when you are back here, this file goes by itself")).to_have_count(0)
    expect(alice.get_by_text(NOTICE)).to_have_count(0)
    expect(alice.locator("#files").get_by_role("link", name="Open")).to_be_visible()
    assert list(Paper.objects.values_list("added_by", flat=True)) == [study["alice"].pk]


def test_a_paper_for_ones_turn_goes_by_itself_after_the_next_sign_in(at, study, session, pdf):
    turn = Presentation.objects.get()
    alice = at(study["alice"], f"/g/study/schedule/turns/{turn.pk}/share/")
    let_go(alice)
    alice.set_input_files("#file", pdf)
    expect(alice.get_by_text(NOTICE)).to_be_visible()
    expect(alice.locator(".sending").first).to_be_hidden()
    signs_in_elsewhere(alice, study["alice"])
    alice.get_by_text("Shared. Everybody can read it now.").wait_for()
    assert Presentation.objects.get().paper is not None


# ── forms ──
def test_a_form_that_was_led_to_the_sign_in_page_is_filled_in_again_on_the_way_back(at, study, session):
    olivia = at(study["olivia"], session.get_absolute_url())
    let_go(olivia)
    place(olivia).fill("The café by the lake")
    olivia.get_by_role("button", name="Change the place").click()
    signed_in_here(olivia, study["olivia"])
    expect(olivia.get_by_text(AGAIN)).to_be_visible()
    assert (place(olivia).input_value(), Session.objects.get().place) == (
        "The café by the lake",
        "Room A",
    )
    olivia.get_by_role("button", name="Change the place").click()
    olivia.get_by_text("The place is changed.").wait_for()
    assert Session.objects.get().place == "The café by the lake"
    olivia.reload()
    assert olivia.get_by_text(AGAIN).count() == 0


def test_what_others_changed_meanwhile_is_not_overwritten_by_a_form_that_is_filled_in_again(at, study, session):
    olivia = at(study["olivia"], session.get_absolute_url(), refused=True)
    let_go(olivia)
    place(olivia).fill("The café by the lake")
    olivia.get_by_role("button", name="Change the place").click()
    Session.objects.update(place="Room B", sequence=session.sequence + 1)
    signed_in_here(olivia, study["olivia"])
    expect(olivia.get_by_text(AGAIN)).to_be_visible()
    olivia.get_by_role("button", name="Change the place").click()
    olivia.get_by_text("Somebody changed this meanwhile.").first.wait_for()  # at the top, and beside the form
    assert Session.objects.get().place == "Room B"


def test_what_one_member_typed_is_not_shown_to_the_next_one(at, study, session):
    second = make.organizer(study["group"], "Second")
    olivia = at(study["olivia"], session.get_absolute_url())
    let_go(olivia)
    place(olivia).fill("Olivia’s café")
    olivia.get_by_role("button", name="Change the place").click()
    signed_in_here(olivia, second)
    assert (place(olivia).input_value(), olivia.get_by_text(AGAIN).count()) == ("Room A", 0)


def test_a_form_filled_in_before_a_sign_in_in_another_tab_is_accepted(at, live_server, study, session):
    olivia = at(study["olivia"], session.get_absolute_url())
    place(olivia).fill("Room C")
    other = olivia.context.new_page()
    let_go(olivia)
    other.goto(f"{live_server.url}/accounts/login/")
    signed_in_here(other, study["olivia"])
    olivia.get_by_role("button", name="Change the place").click()
    olivia.get_by_text("The place is changed.").wait_for()
    assert Session.objects.get().place == "Room C"


def test_a_form_of_one_member_is_not_sent_in_the_name_of_another(at, live_server, study, session):
    second = make.organizer(study["group"], "Second")
    olivia = at(study["olivia"], session.get_absolute_url(), refused=True)
    place(olivia).fill("Room C")
    other = olivia.context.new_page()
    let_go(olivia)
    other.goto(f"{live_server.url}/accounts/login/")
    signed_in_here(other, second)
    olivia.get_by_role("button", name="Change the place").click()
    expect(olivia.get_by_role("heading", name=re.compile("This was not accepted"))).to_be_visible()
    assert Session.objects.get().place == "Room A"
