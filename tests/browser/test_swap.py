"""A swap from both sides: asked on a page, answered from the mail without signing in, seen by both, undone."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from schedule.models import Notification, Swap
from schedule.notifications import outbox
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def term(study, live_server, settings):
    """Alice presents in two weeks with a paper, Bob in four; links in mails lead to this server."""
    settings.SITE_URL = live_server.url
    term = make.term(study["group"])
    for name, weeks in (("alice", 2), ("bob", 4)):
        session = make.session(term, now() + timedelta(weeks=weeks))
        make.presentation(session, study[name])
    paper = make.paper(study["group"], "Grad-CAM")
    term.sessions.first().presentations.update(paper=paper, shared_at=now())
    return term


def seats(term):
    return [[(str(t.presenter), t.paper and str(t.paper)) for t in s.presentations.all()] for s in term.sessions.all()]


def mailed(sink, address) -> list[str]:
    """Let the time of Undo pass; the subjects that arrived for this address, all in all."""
    outbox.deliver_due(now() + timedelta(seconds=30))
    return [str(message["Subject"]).removeprefix("[CV Reading Study 1] ") for message in sink.to(address)]


def link_of(message) -> str:
    return re.search(r"http://\S+/answer/\S+/", message.get_body(("plain",)).get_content())[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_the_question_to_the_answer_and_back(open_page, live_server, smtp_sink, study, term, scripts):
    alice = open_page(locale="en-GB", java_script_enabled=scripts)
    signed_in(alice, live_server, study["alice"])
    alice.goto(f"{live_server.url}/g/study/schedule/turns/")
    alice.get_by_role("link", name="Swap this turn").click()
    alice.locator("label", has_text="Bob").first.click()
    alice.get_by_label("A few words with it").fill("I am at a wedding.")
    alice.get_by_role("button", name="Ask", exact=True).click()
    alice.get_by_text("Asked. Bob gets a notification").wait_for()

    (subject,) = mailed(smtp_sink, study["bob"].member.email)
    assert subject.startswith("Alice asks: ")
    before = seats(term)
    bob = open_page(width=390, height=800, locale="en-GB", java_script_enabled=scripts)  # not signed in
    bob.goto(link_of(smtp_sink.messages[0]))
    bob.get_by_text("I am at a wedding.").wait_for()
    assert seats(term) == before == [[("Alice", "Grad-CAM")], [("Bob", None)]]
    bob.get_by_role("button", name="Yes, exchange").click()
    bob.get_by_text("Done: the turns are changed.").wait_for()
    assert bob.evaluate("document.documentElement.scrollWidth") <= 390
    assert seats(term) == [[("Bob", None)], [("Alice", "Grad-CAM")]]
    assert [session.sequence for session in term.sessions.all()] == [1, 1]  # what calendars go by

    (subject,) = mailed(smtp_sink, study["alice"].member.email)
    assert subject.endswith("Alice: you present, your turns are swapped")
    alice.goto(f"{live_server.url}/g/study/schedule/turns/")
    expect(alice.locator(".asks")).to_contain_text("Swapped:")
    alice.get_by_role("link", name="See it, or undo it").click()
    alice.get_by_role("button", name="Undo").click()
    alice.get_by_text("Undone: everything is as it was before.").wait_for()
    assert seats(term) == before
    assert mailed(smtp_sink, study["bob"].member.email)[1:] == [
        f"{subject.partition(',')[0]}, Bob: you present after all"
    ]
    assert Swap.objects.get().state == Swap.UNDONE
    assert {notification.state for notification in Notification.objects.all()} == {Notification.SENT}


def test_on_a_phone_the_group_is_asked_and_the_first_has_the_turn(open_page, live_server, smtp_sink, study, term):
    alice = open_page(width=390, height=800, locale="en-GB")
    signed_in(alice, live_server, study["alice"])
    alice.goto(f"{live_server.url}{term.sessions.first().get_absolute_url()}")
    alice.get_by_role("link", name="Swap this turn").click()
    alice.get_by_text("Ask the group").click()
    alice.get_by_role("button", name="Ask", exact=True).click()
    alice.get_by_text("Asked. Everybody who is free that day gets a notification.").wait_for()
    assert alice.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("bob", "olivia"):
        (subject,) = mailed(smtp_sink, study[name].member.email)
        assert subject.endswith("who can present instead of Alice?")
    links = {message.envelope_to[0]: link_of(message) for message in smtp_sink.messages}
    pages = {}
    for name in ("olivia", "bob"):
        pages[name] = open_page(width=390, height=800, locale="en-GB")
        pages[name].goto(links[study[name].member.email])
    for name, said in (("olivia", "Done: the turns are changed."), ("bob", "Olivia was faster: this turn is taken.")):
        pages[name].get_by_role("button", name="Yes, I take it").click()
        pages[name].get_by_text(said).wait_for()
    assert seats(term)[0] == [("Olivia", "Grad-CAM")]
