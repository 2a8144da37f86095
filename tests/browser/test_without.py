"""The main stories, each twice: without any script, and by the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from members import invitations, preferences
from papers import processing
from papers.demo_pdf import DemoPaper, write_pdf
from papers.models import Paper
from schedule.models import AttendanceRecord, Presentation, Session, Swap, Term
from tests import make
from tests.browser.hands import Keys, Mouse
from tests.stack import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=[Mouse, Keys], ids=["without scripts", "by keyboard"])
def at_work(request, open_page, live_server, settings):
    """at_work(who, path) -> the hands of somebody who has that page open; None is a newcomer."""
    settings.SITE_URL = live_server.url

    def sat_down(who, path):
        page = open_page(java_script_enabled=request.param.scripts, locale="en-GB")
        hands = request.param(page)
        if who:
            page.goto(f"{live_server.url}/accounts/login/?next={path}")
            hands.type("E-mail", who.member.email)
            hands.type("Password", make.PASSWORD)
            hands.press("Sign in")
            page.wait_for_url(f"**{path}")
        else:
            page.goto(live_server.url + path)
        return hands

    return sat_down


@pytest.fixture
def term(study):
    """Alice presents in two weeks, Bob in four."""
    term = make.term(study["group"])
    for name, weeks in (("alice", 2), ("bob", 4)):
        make.presentation(make.session(term, now() + timedelta(weeks=weeks)), study[name])
    return term


def refreshed(member):
    member.refresh_from_db()
    return member


def test_join_from_an_invitation(at_work, study):
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    dora = at_work(None, f"/join/{token}/")
    dora.type("Your name, as the group writes it", "Dora")
    dora.type("E-mail", "dora@example.org")
    dora.type("Password", make.PASSWORD)
    dora.press("Join")
    dora.page.wait_for_url("**/accounts/login/**")  # without a mail server the next page is the same for everybody
    dora.type("E-mail", "dora@example.org")
    dora.type("Password", make.PASSWORD)
    dora.press("Sign in")
    dora.page.wait_for_url(f"**/join/{token}/")
    dora.press("Join")
    dora.page.wait_for_url("**/g/study/")
    assert study["group"].memberships.current().filter(member__name="Dora").count() == 1


def test_a_paper_goes_on_the_shelf_is_mended_and_comes_back_from_the_trash(at_work, study, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(
        write_pdf(DemoPaper("Reading Together", ("Ada Lovelace",), "We study how a group reads. " * 8, "", ""))
    )
    alice = at_work(study["alice"], "/g/study/papers/")
    alice.bring("Choose files", path)
    if not alice.scripts:
        alice.press("Add to the shelf")
    alice.page.get_by_text("paper.pdf").first.wait_for()
    wait_until(Paper.objects.exists)
    processing.read_waiting()
    alice.page.goto(f"{alice.page.url.partition('/g/')[0]}/g/study/papers/")
    alice.press("Reading Together", "link")
    alice.press("Edit all", "link")
    alice.type("Title", "Reading Together, Again")
    alice.press("Save")
    alice.page.get_by_role("heading", name="Reading Together, Again").wait_for()
    alice.press("Move to the trash")
    alice.press("Undo")
    alice.page.get_by_role("heading", name="Reading Together, Again").wait_for()
    assert list(Paper.objects.values_list("title", "deleted_at")) == [("Reading Together, Again", None)]


def test_a_term_is_planned_and_published(at_work, study):
    olivia = at_work(study["olivia"], "/g/study/schedule/plan/")
    olivia.type("Term", "Spring")
    olivia.type("Number of sessions", "4")
    olivia.press("Preview")
    olivia.page.get_by_text("4 sessions, 12 turns, 3 members").wait_for()
    olivia.press("Publish plan")
    olivia.page.wait_for_url("**/schedule/terms/*/")
    assert [(term.name, term.sessions.count(), bool(term.published_at)) for term in Term.objects.all()] == [
        ("Spring", 4, True)
    ]


def test_a_paper_is_chosen_for_my_turn(at_work, study, term):
    make.paper(study["group"], "Grad-CAM")
    alice = at_work(study["alice"], "/g/study/")
    alice.press("Share a paper", "link")
    alice.press("Choose Grad-CAM")
    alice.page.get_by_text("Shared. Everybody can read it now.").wait_for()
    assert [str(turn.paper) for turn in Presentation.objects.filter(presenter=study["alice"])] == ["Grad-CAM"]


def test_a_change_is_made_and_taken_back(at_work, study, term):
    session = term.sessions.first()
    olivia = at_work(study["olivia"], session.get_absolute_url())
    olivia.type("Place", "Room 7")
    olivia.press("Change the place")
    olivia.page.get_by_text("Room 7").first.wait_for()
    assert Session.objects.get(pk=session.pk).place == "Room 7"
    olivia.press("Undo")
    wait_until(lambda: Session.objects.get(pk=session.pk).place == session.place)


def test_a_turn_is_swapped_from_both_sides(at_work, study, term):
    alice = at_work(study["alice"], "/g/study/schedule/turns/")
    alice.press("Swap this turn", "link")
    alice.choose("Bob")
    alice.press("Ask")
    alice.page.get_by_text("Asked. Bob gets a notification").wait_for()
    bob = at_work(study["bob"], "/g/study/")
    bob.press("Answer", "link")
    bob.press("Yes")
    wait_until(lambda: Swap.objects.get().state == "accepted")
    assert (Swap.objects.get().state, [str(s.presentations.get().presenter) for s in term.sessions.all()]) == (
        "accepted",
        ["Bob", "Alice"],
    )


def test_the_record_of_a_meeting_is_kept_and_becomes_slides(at_work, study):
    session = make.session(make.term(study["group"]), now() - timedelta(minutes=1))
    make.presentation(session, study["alice"], paper=make.paper(study["group"], "Grad-CAM"), shared_at=now())
    olivia = at_work(study["olivia"], session.get_absolute_url())
    olivia.press("late")
    olivia.page.get_by_text("1 of 3 marked").wait_for()
    olivia.open("Write something down")
    olivia.type("Minutes of the session", "We met, and began with maps.")
    olivia.press("Save")
    olivia.page.get_by_text("We met, and began with maps.").first.wait_for()
    olivia.press("Close the session")
    olivia.page.get_by_text("closed").first.wait_for()
    olivia.press("Report", "link")
    with olivia.page.expect_download() as download:
        olivia.press("Get the slides", "link")
    assert (AttendanceRecord.objects.get().state, download.value.suggested_filename[-5:]) == ("late", ".pptx")


def test_somebody_chooses_language_and_notifications(at_work, study):
    alice = at_work(study["alice"], "/me/")
    alice.choose("The papers to read before a session")
    alice.press("Save my choice")
    member = study["alice"].member
    wait_until(lambda: not preferences.wants(refreshed(member), preferences.PAPERS))
    alice.press("한국어")
    alice.page.get_by_role("heading", name="내 계정").wait_for()
    assert refreshed(member).language == "ko"
