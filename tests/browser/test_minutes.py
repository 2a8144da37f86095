"""Minutes that could not be saved are neither lost nor written over somebody else's: sign-ins end, lines break, two people write."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.utils.timezone import now
from playwright.sync_api import expect

from schedule.meetings import closing, minutes
from schedule.models import Presentation, Session
from schedule.planning import session_changes
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]
SESSION, ALICE = "Minutes of the session: The session", "Minutes of the session: Alice"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('minutes:')).map((key) => JSON.parse(localStorage[key]).text)"


@pytest.fixture
def session(study):
    """It has just begun; Alice presents."""
    made = make.session(make.term(study["group"]), now() - timedelta(minutes=1))
    make.presentation(made, study["alice"], paper=make.paper(study["group"], "Grad-CAM"), shared_at=now())
    return made


@pytest.fixture
def writer(open_page, live_server, session):
    """writer(membership) -> a page of their own browser, on the session."""

    def opened(who, **options):
        page = open_page(locale="en-GB", refused_scripts=True, **options)
        signed_in(page, live_server, who)
        page.goto(live_server.url + session.get_absolute_url())
        return page

    return opened


def tab(page):
    """Another tab of the same browser, on the same page."""
    other = page.context.new_page()
    other.goto(page.url)
    return other


def field(page, label=SESSION):
    box = page.get_by_label(label, exact=True)
    if not box.is_visible():
        page.locator("summary", has_text=f"· {label.partition(': ')[2]}").first.click()
    return box


def notes():
    return Session.objects.get().notes


def said(page, label=SESSION):
    return page.locator("form[data-minutes]").filter(has=page.get_by_label(label, exact=True)).locator("[data-said]")


def is_saved(page, label=SESSION):
    expect(said(page, label)).to_contain_text("saved at")


def let_go(page):
    """The sign-in ends while the page stays open, as after thirty days."""
    SignIn.objects.all().delete()
    assert page.context.cookies()


def sign_in_again(page, live_server, who):
    page.goto(live_server.url + "/accounts/login/?next=" + urlsplit(page.url).path)
    signed_in_here(page, who)


def signed_in_here(page, who):
    page.locator("input[name=login]").fill(who.member.email)
    page.locator("input[name=password]").fill(make.PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)


# ── the sign-in ends ──
def test_what_was_written_after_the_sign_in_ended_goes_out_after_the_next_one(writer, live_server, study):
    bob = writer(study["bob"])
    field(bob)
    let_go(bob)
    field(bob).fill("Written for nothing?")
    expect(said(bob)).to_contain_text("Your sign-in has ended, so nothing was saved.")
    assert (notes(), bob.evaluate(DRAFTS)) == ("", ["Written for nothing?"])
    sign_in_again(bob, live_server, study["bob"])
    is_saved(bob)
    assert (notes(), bob.evaluate(DRAFTS)) == ("Written for nothing?", [])


def test_a_sign_in_in_another_tab_is_enough_for_the_first_one_to_go_on(writer, live_server, study):
    bob = writer(study["bob"])
    field(bob)
    let_go(bob)
    field(bob).fill("Still on the page")
    with bob.context.expect_page() as opened:
        said(bob).get_by_role("link", name="Sign in again").click()
    other = opened.value
    assert other.url == f"{live_server.url}/accounts/login/?next={urlsplit(bob.url).path}"
    signed_in_here(other, study["bob"])
    assert other.url == bob.url
    assert field(other).input_value() == ""  # the first tab is there and keeps its draft
    bob.bring_to_front()
    bob.evaluate("window.dispatchEvent(new Event('focus'))")
    is_saved(bob)
    assert (notes(), bob.evaluate(DRAFTS)) == ("Still on the page", [])


def test_nobody_else_on_the_same_computer_sees_or_sends_what_one_did_not_save(writer, live_server, study):
    bob = writer(study["bob"])
    field(bob)
    let_go(bob)
    field(bob).fill("Only Bob’s")
    expect(said(bob)).to_contain_text("Your sign-in has ended")
    alice = bob.context.new_page()
    alice.goto(bob.url)
    signed_in_here(alice, study["alice"])
    assert field(alice).input_value() == ""
    field(bob).fill("Only Bob’s, still")
    expect(said(bob)).to_contain_text("Somebody else is signed in in this browser now.")
    bob.get_by_role("button", name="Save", exact=True).first.click()
    field(alice).fill("By Alice")
    is_saved(alice)
    assert (notes(), bob.evaluate(DRAFTS)) == ("By Alice", ["Only Bob’s, still"])
    bob.close()
    let_go(alice)
    sign_in_again(alice, live_server, study["bob"])
    expect(alice.get_by_text("You wrote this earlier and it was not saved")).to_be_visible()
    assert (field(alice).input_value(), notes()) == ("Only Bob’s, still", "By Alice")


# ── both sides changed ──
@pytest.fixture
def left_behind(writer, study):
    """Bob wrote “Mine” without a line and closed the page; Alice has written “Theirs” since. -> Bob's context, on the page again."""
    bob = writer(study["bob"])
    field(bob)
    bob.context.set_offline(True)
    field(bob).fill("Mine")
    expect(said(bob)).to_contain_text("No connection.")
    minutes.write(Session.objects.get(), "Theirs", seen=minutes.fingerprint(""))
    address = bob.url
    bob.goto("about:blank")
    bob.context.set_offline(False)
    bob.goto(address)
    return bob


def test_an_old_draft_asks_and_does_not_overwrite_what_others_wrote_since(left_behind):
    bob = left_behind
    expect(bob.get_by_text("You wrote this earlier and it was not saved")).to_be_visible()
    bob.wait_for_timeout(2_000)
    assert (bob.locator("form[data-minutes] pre").first.inner_text(), field(bob).input_value()) == ("Theirs", "Mine")
    assert (notes(), bob.evaluate(DRAFTS)) == ("Theirs", ["Mine"])
    bob.reload()
    assert field(bob).input_value() == "Mine"
    assert notes() == "Theirs"


def test_ones_own_is_saved_when_one_says_so_and_may_be_joined_by_hand_before(left_behind):
    bob = left_behind
    field(bob).fill("Theirs\nMine")
    bob.wait_for_timeout(2_000)
    assert notes() == "Theirs"
    bob.get_by_role("button", name="Save mine instead").click()
    is_saved(bob)
    expect(bob.get_by_role("button", name="Save mine instead")).to_be_hidden()
    assert (notes(), bob.evaluate(DRAFTS)) == ("Theirs\nMine", [])


def test_the_others_text_is_left_when_one_says_so(left_behind):
    bob = left_behind
    bob.get_by_role("button", name="Leave it as it is").click()
    bob.wait_for_timeout(2_000)
    assert (field(bob).input_value(), notes(), bob.evaluate(DRAFTS)) == ("Theirs", "Theirs", [])


def test_somebody_who_wrote_while_one_is_answering_is_asked_about_again(left_behind):
    bob = left_behind
    minutes.write(Session.objects.get(), "Theirs, longer", seen=minutes.fingerprint("Theirs"))
    bob.get_by_role("button", name="Save mine instead").click()
    expect(bob.locator("form[data-minutes] pre").first).to_have_text("Theirs, longer")
    assert (field(bob).input_value(), notes()) == ("Mine", "Theirs, longer")


def test_two_who_write_at_once_see_both_texts_side_by_side(writer, study):
    bob, alice = writer(study["bob"]), writer(study["alice"])
    field(bob), field(alice)
    field(bob).fill("By Bob")
    is_saved(bob)
    field(alice).fill("By Alice")
    expect(alice.get_by_text("Somebody changed this meanwhile.")).to_be_visible()
    theirs, mine = alice.locator("form[data-minutes] pre").first.bounding_box(), field(alice).bounding_box()
    assert theirs["x"] + theirs["width"] < mine["x"]
    alice.get_by_role("button", name="Save", exact=True).first.click()
    assert (notes(), alice.evaluate(DRAFTS)) == ("By Bob", ["By Alice"])
    alice.get_by_role("button", name="Save mine instead").click()
    is_saved(alice)
    assert notes() == "By Alice"


def test_two_tabs_keep_two_drafts_and_lose_neither(writer, study):
    one = writer(study["bob"])
    two = tab(one)
    for page, words in ((one, "From one"), (two, "From two")):
        field(page)
        one.context.set_offline(True)
        field(page).fill(words)
        expect(said(page)).to_contain_text("No connection.")
    address = one.url
    assert sorted(one.evaluate(DRAFTS)) == ["From one", "From two"]
    for page in (one, two):
        page.goto("about:blank")
    one.context.set_offline(False)
    one.goto(address)
    expect(one.get_by_text("You wrote this earlier and it was not saved")).to_be_visible()
    kept, held = notes(), field(one).input_value()  # which of them is kept first is no matter
    assert {kept, held} == {"From one", "From two"} and one.evaluate(DRAFTS) == [held]


def test_drafts_of_the_session_and_of_a_paper_are_two(writer, study):
    bob = writer(study["bob"])
    field(bob), field(bob, ALICE)
    bob.context.set_offline(True)
    field(bob).fill("Of the session")
    field(bob, ALICE).fill("Of the paper")
    for label in (SESSION, ALICE):
        expect(said(bob, label)).to_contain_text("No connection.")
    bob.context.set_offline(False)
    for label in (SESSION, ALICE):
        is_saved(bob, label)
    assert (notes(), Presentation.objects.get().minutes) == ("Of the session", "Of the paper")
    assert bob.evaluate(DRAFTS) == []


# ── answers that do not say “saved” ──
@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (500, "text/html", "<h1>Something broke</h1>"),
        (503, "text/html", "<h1>The database is away</h1>"),
        (200, "application/json", "{}"),
        (200, "application/json", json.dumps({"words": "saved", "seen": "0", "text": "another text"})),
        (200, "text/html", "<title>Sign in to this Wi-Fi</title>"),
        (404, "text/html", "<h1>Not here</h1>"),
        (410, "text/html", "<h1>Gone, says a proxy</h1>"),
    ],
)
def test_only_an_answer_that_names_the_text_ends_its_draft(writer, study, status, content_type, body):
    bob = writer(study["bob"])
    field(bob)
    bob.route(re.compile("/minutes/"), lambda route: route.fulfill(status=status, content_type=content_type, body=body))
    field(bob).fill("Not to be lost")
    failed = "The server could not save this. What you write is kept in this browser and sent later."
    gone = "What this is about is no longer here, so nothing can be saved. Copy what you wrote; it is kept in this browser."
    expect(said(bob)).to_have_text(gone if status in {404, 410} else failed)
    assert bob.evaluate(DRAFTS) == ["Not to be lost"]
    bob.unroute_all()
    is_saved(bob)
    assert (notes(), bob.evaluate(DRAFTS)) == ("Not to be lost", [])


def test_a_text_whose_answer_was_lost_is_not_taken_for_somebody_elses(writer, study):
    bob = writer(study["bob"])
    field(bob)

    def lose(route):
        route.fetch()
        route.abort()

    bob.route(re.compile("/minutes/"), lose)
    field(bob).fill("First")
    expect(said(bob)).to_contain_text("No connection.")
    assert notes() == "First"
    bob.unroute_all()
    field(bob).fill("First and second")
    is_saved(bob)
    assert (notes(), bob.evaluate(DRAFTS)) == ("First and second", [])


def test_what_is_typed_while_an_answer_is_slow_is_sent_after_it(writer, study):
    bob = writer(study["bob"])
    field(bob)
    asked = []

    def answer(route):
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    bob.route(re.compile("/minutes/"), answer)
    field(bob).fill("First")
    wait_for(bob, lambda: asked)
    field(bob).fill("First and second")
    bob.wait_for_timeout(2_000)
    assert len(asked) == 1  # one at a time
    asked[0].continue_()
    is_saved(bob)
    wait_for(bob, lambda: bob.evaluate(DRAFTS) == [])
    assert notes() == "First and second"
    assert bob.get_by_text("Somebody changed this meanwhile.").count() == 0


def wait_for(page, true):
    """Playwright's routes are served only while its page is waited for."""
    for _step in range(1000):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()


# ── the turn is taken out meanwhile ──
def test_what_was_typed_about_a_turn_that_is_taken_out_stays_to_copy(writer, session, study):
    bob = writer(study["bob"])
    field(bob, ALICE)
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=now())
    field(bob, ALICE).fill("About Alice's paper")
    expect(said(bob, ALICE)).to_have_text(
        "This turn is no longer here, so nothing can be saved about it. Copy what you wrote."
    )
    assert (field(bob, ALICE).input_value(), field(bob, ALICE).is_editable()) == ("About Alice's paper", False)
    field(bob).fill("Of the session")  # the rest of the page goes on
    is_saved(bob)
    for _visit in range(2):
        bob.reload()
        shown = bob.get_by_label("What you wrote: A turn that is gone")
        expect(shown).to_have_value("About Alice's paper")
        expect(
            bob.get_by_text("You wrote this about a turn that is no longer here, and it was not saved.")
        ).to_be_visible()
    bob.get_by_role("button", name="Throw it away").click()
    expect(shown).to_be_hidden()
    assert (notes(), bob.evaluate(DRAFTS)) == ("Of the session", [])


# ── the record is closed meanwhile ──
def test_what_came_too_late_for_a_closed_record_stays_to_copy(writer, study):
    bob = writer(study["bob"])
    field(bob)
    closing.close(Session.objects.get(), by=study["olivia"], now=now())
    field(bob).fill("Too late")
    expect(said(bob)).to_contain_text("The record of this session is closed.")
    assert (notes(), field(bob).input_value()) == ("", "Too late")
    bob.reload()
    expect(bob.get_by_label("What you wrote: The session")).to_have_value("Too late")
    expect(bob.get_by_label("What you wrote: Alice")).to_be_hidden()
    closing.reopen(Session.objects.get(), by=study["olivia"], now=now())
    bob.reload()
    is_saved(bob)
    assert (notes(), bob.evaluate(DRAFTS)) == ("Too late", [])


def test_what_came_too_late_may_be_thrown_away(writer, study):
    bob = writer(study["bob"])
    field(bob)
    closing.close(Session.objects.get(), by=study["olivia"], now=now())
    field(bob).fill("Too late")
    expect(said(bob)).to_contain_text("closed")
    bob.reload()
    bob.get_by_role("button", name="Throw it away").click()
    expect(bob.get_by_label("What you wrote: The session")).to_be_hidden()
    assert bob.evaluate(DRAFTS) == []


# ── the button, and no script at all ──
def test_the_button_saves_and_shows_the_minutes(writer, study):
    bob = writer(study["bob"])
    field(bob).fill("**Bold** words")
    bob.get_by_role("button", name="Save", exact=True).first.click()
    bob.get_by_text("The minutes are saved.").wait_for()
    expect(bob.locator(".notes .body strong")).to_have_text("Bold")
    assert (notes(), bob.evaluate(DRAFTS)) == ("**Bold** words", [])


def test_without_scripts_both_texts_are_shown_and_one_chooses(writer, study):
    bob = writer(study["bob"], java_script_enabled=False, refused=True)
    field(bob)
    minutes.write(Session.objects.get(), "Theirs", seen=minutes.fingerprint(""))
    field(bob).fill("Mine")
    bob.get_by_role("button", name="Save", exact=True).first.click()
    assert (bob.locator("pre").inner_text(), bob.get_by_label("What you wrote").input_value()) == ("Theirs", "Mine")
    bob.get_by_label("What you wrote").fill("Both")
    bob.get_by_role("button", name="Save mine instead").click()
    bob.get_by_text("The minutes are saved.").wait_for()
    assert notes() == "Both"


def test_closing_the_record_keeps_what_was_typed_the_moment_before(writer, study, session):
    page = writer(study["olivia"])
    field(page).fill("- decided at the last minute")
    page.get_by_role("button", name="Close the session").click()
    expect(page.get_by_text("The session is closed.")).to_be_visible()
    session.refresh_from_db()
    assert (session.notes, session.closed_at is not None) == ("- decided at the last minute", True)
    assert page.evaluate(DRAFTS) == []


def test_the_record_is_not_closed_over_a_text_that_somebody_else_changed(writer, study, session):
    page = writer(study["olivia"])
    Session.objects.filter(pk=session.pk).update(notes="- theirs")
    field(page).fill("- mine")
    page.get_by_role("button", name="Close the session").click()
    expect(page.get_by_text("- theirs")).to_be_visible()
    session.refresh_from_db()
    assert (session.notes, session.closed_at, field(page).input_value()) == ("- theirs", None, "- mine")
