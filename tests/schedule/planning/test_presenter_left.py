"""A presenter leaves before the session: organizers hear of it once, and nobody is promised that paper."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from members import membership
from members.models import Membership
from papers.library_list import Shelf
from schedule.calendars import calendar_feed, secret_links
from schedule.home import gather
from schedule.meetings import closing
from schedule.models import Notification, Presentation
from schedule.notifications import news, reminders
from schedule.planning import session_changes, turns
from schedule.reports.slides import report
from schedule.search.palette import find
from tests import make
from tests.schedule.notifications.test_reminders import MEETS, at, tick
from tests.schedule.notifications.test_reminders import session as of_alice

pytestmark = pytest.mark.django_db
session = of_alice
LEFT, SATURDAY = at(2, 20, 12), at(3, 14, 12)


def leaves(person, when=LEFT, verb="leave"):
    with time_machine.travel(when, tick=False):
        membership.change(person, verb)


@pytest.fixture
def both(study, session):
    """Alice and Bob present; Bob has left."""
    make.presentation(session, study["bob"])
    leaves(study["bob"])
    return session


def text(kind, to="Olivia"):
    return Notification.objects.get(kind=kind, recipient__member__name=to)


def bodies(smtp):
    return [message.get_body(("plain",)).get_content() for message in smtp.messages]


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────
def test_organizers_hear_of_it_once_and_it_says_where_to_find_somebody(study, both, smtp_sink):
    assert tick(LEFT) == []  # it may be undone yet
    assert [tick(LEFT + timedelta(minutes=minutes)) for minutes in (1, 2)] == [[("open_turn", "Olivia")], []]
    [body] = bodies(smtp_sink)
    for said in (
        "The turn on Tue 16 March needs somebody",
        "Bob was to present there and is no longer in the group.",
        f"{both.get_absolute_url()}#presenters",
        f"/g/study/schedule/terms/{both.term_id}/replan/?how=open",
    ):
        assert said in body


@pytest.mark.parametrize("verb", ["leave", "remove"])
def test_who_comes_back_before_it_is_said_leaves_no_mail_behind(study, session, verb):
    make.presentation(session, study["bob"])
    leaves(study["bob"], verb=verb)
    with time_machine.travel(LEFT + timedelta(seconds=5), tick=False):
        membership.enter(study["group"], study["bob"].member, Membership.MEMBER)
    assert tick(LEFT + timedelta(minutes=1)) == []


def test_who_leaves_comes_back_and_leaves_again_is_told_of_again(study, both):
    assert tick(LEFT + timedelta(minutes=1)) == [("open_turn", "Olivia")]
    with time_machine.travel(LEFT + timedelta(hours=1), tick=False):
        membership.enter(study["group"], study["bob"].member, Membership.MEMBER)
    study["bob"].refresh_from_db()
    leaves(study["bob"], LEFT + timedelta(hours=2))
    assert tick(LEFT + timedelta(hours=3)) == [("open_turn", "Olivia")]


def test_who_paused_before_leaving_is_told_of_too(study, session):
    make.presentation(session, study["bob"])
    leaves(study["bob"], at(2, 18, 9), verb="pause")
    session_changes.move_session(session, at(3, 17).date(), MEETS.time(), by=study["olivia"], now=at(2, 19, 9))
    tick(at(2, 19, 10))
    leaves(study["bob"])
    assert tick(LEFT + timedelta(minutes=1)) == [("open_turn", "Olivia")]


def test_every_organizer_hears_but_not_who_refuses_such_notifications_nor_members(study, both):
    make.organizer(study["group"], "Oscar")
    make.organizer(study["group"], "Otto").member.muted.create(topic="help")
    assert tick(LEFT + timedelta(minutes=1)) == [("open_turn", "Olivia"), ("open_turn", "Oscar")]


def test_a_notification_that_waits_is_set_aside_once_the_turn_is_given_or_its_presenter_is_back(study, both):

    reminders.queue_due(LEFT + timedelta(minutes=1))
    session_changes.set_presenters(both, [study["alice"]], by=study["olivia"], now=LEFT + timedelta(minutes=1))
    assert (text("open_turn").state, text("open_turn").reason) == ("skipped", "reassigned")
    Notification.objects.all().delete()
    make.presentation(both, study["bob"])
    reminders.queue_due(LEFT + timedelta(minutes=2))
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.ACTIVE)
    news.recheck(both, now=LEFT + timedelta(minutes=2))
    assert (text("open_turn").state, text("open_turn").reason) == ("skipped", "returned")


def test_no_mail_to_everybody_names_who_left(study, both, smtp_sink):
    for name in ("alice", "bob"):
        turn = both.presentations.get(presenter=study[name])
        Presentation.objects.filter(pk=turn.pk).update(
            paper=make.paper(study["group"], f"Paper of {name}"), shared_at=LEFT
        )
    sent = [kind for when in (at(3, 9, 20), at(3, 15, 10)) for kind, name in tick(when) if name == "Alice"]
    assert sent == ["papers_shared", "session_tomorrow"]
    to_all = [body for body in bodies(smtp_sink) if "Paper of alice" in body and "needs somebody" not in body]
    assert len(to_all) == 4
    assert [body for body in to_all if "Bob" in body or "Paper of bob" in body] == []


def test_the_others_papers_do_not_wait_for_one_of_who_left(study, both):
    turns.share(
        both.presentations.get(presenter=study["alice"]), make.paper(study["group"]), by=study["alice"], now=LEFT
    )
    sent = tick(LEFT + timedelta(minutes=1))
    assert sent == [("open_turn", "Olivia"), ("papers_shared", "Alice"), ("papers_shared", "Olivia")]


def test_where_only_who_left_had_shared_a_paper_none_is_sent_round(study, session):
    turn = session.presentations.get(presenter=study["alice"])
    turns.share(turn, make.paper(study["group"]), by=study["alice"], now=at(2, 19))
    leaves(study["alice"])
    assert [kind for kind, _name in tick(at(3, 9, 20))] == ["open_turn"]
    assert [kind for kind, _name in tick(at(3, 15, 10))] == ["session_tomorrow"] * 2
    assert text("session_tomorrow").subject == "[CV Reading Study 1] Tomorrow 10:00, Tue 16 March"


def test_minutes_still_name_who_presented_and_left_later(study, both, smtp_sink):
    both.presentations.filter(presenter=study["bob"]).update(minutes="- What Bob found")
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.ACTIVE)

    closing.close(both, by=study["olivia"], now=MEETS + timedelta(hours=2))
    leaves(study["bob"], MEETS + timedelta(hours=3))
    tick(MEETS + timedelta(hours=4))
    assert ["Bob – What Bob found" in body for body in bodies(smtp_sink)] == [True, True]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def page(sign_in, who, address, when=SATURDAY):
    with time_machine.travel(when, tick=False):
        return sign_in(who).get(address).content.decode()


def test_the_session_page_says_that_the_presenter_left_and_leads_organizers_to_somebody_else(sign_in, study, both):
    organizer, member = (page(sign_in, study[name], both.get_absolute_url()) for name in ("olivia", "alice"))
    for said in ("The presenter left", "Nobody presents this turn", "Bob is no longer in the group."):
        assert (said in organizer, said in member) == (True, True)
    assert ("Give this turn to somebody" in organizer, "Give this turn to somebody" in member) == (True, False)
    assert '<details class="more" open>' in organizer
    assert organizer.count("Five days late") == 1  # Alice's own


def test_home_and_the_term_tell_organizers_that_a_turn_is_open(sign_in, study, both):
    for address in ("/g/study/", both.term.get_absolute_url()):
        organizer, member = (page(sign_in, study[name], address) for name in ("olivia", "alice"))
        assert ("1 turn is open." in organizer, "1 turn is open." in member) == (True, False)
        assert ("The presenter left" in organizer, "The presenter left" in member) == (True, True)


def test_what_is_counted_ahead_leaves_out_the_open_turn(study, both):
    home = gather(study["group"], study["alice"], at(3, 14))
    assert [stop.turns for stop in home.timeline_items] == [1]
    assert [(str(row.membership), row.planned) for row in home.tally] == [("Olivia", 0), ("Alice", 1)]
    assert home.open_turns == [both.presentations.get(presenter=study["bob"])]


def test_calendars_slides_and_the_search_box_do_not_name_who_left(study, both):
    link = secret_links.link_of(study["alice"])
    with translation.override("en"):
        [entry] = calendar_feed.feed(link, secret_links.GROUP, at(3, 14)).entries
        assert ("Alice" in entry.description, "Bob" in entry.description) == (True, False)
        for turn in both.presentations.all():
            Presentation.objects.filter(pk=turn.pk).update(paper=make.paper(study["group"]), shared_at=LEFT)
        slides = report(both, at(3, 14)).slides
        assert {str(slide.presenter) for slide in slides if slide.presenter} == {"Alice"}
        [found] = [one for one in find(study["alice"], "16 Mar", at(3, 14)) if one.kind == "sessions"]
        assert ("Alice" in found.hits[0].detail, "Bob" in found.hits[0].detail) == (True, False)


def test_a_paper_of_who_left_is_not_called_planned(sign_in, study, both):
    paper = make.paper(study["group"], "Left behind")
    both.presentations.filter(presenter=study["bob"]).update(paper=paper, shared_at=LEFT)
    assert Shelf(study["group"], {}, at(3, 14)).counts["planned"] == 0
    assert "Bob" not in page(sign_in, study["alice"], paper.get_absolute_url()).partition("<main")[2]


def test_once_the_session_is_over_its_turns_stay_as_they_were(sign_in, study, both):
    both.presentations.filter(presenter=study["bob"]).update(paper=make.paper(study["group"]), shared_at=LEFT)
    said = page(sign_in, study["alice"], both.get_absolute_url(), MEETS + timedelta(hours=3))
    assert ("Presented" in said, "The presenter left" in said) == (True, False)


def test_who_leaves_once_the_session_has_begun_has_had_the_turn(sign_in, study, session):
    """As it is after the end: no turn is open between, and the paper stays on the card, the slides and in the search."""
    paper = make.paper(study["group"], "Brought along")
    session.presentations.update(paper=paper, shared_at=at(3, 1))
    during = MEETS + timedelta(minutes=30)
    leaves(study["alice"], during)
    shown = page(sign_in, study["olivia"], session.get_absolute_url(), during)
    assert ("Nobody presents this turn" in shown, "The presenter left" in shown) == (False, False)
    assert shown.count("Brought along") >= 2  # its card, and its minutes
    assert gather(study["group"], study["olivia"], during).open_turns == []
    assert "Alice" in page(sign_in, study["bob"], paper.get_absolute_url(), during).partition("<main")[2]
    assert Shelf(study["group"], {}, during).counts["planned"] == 1
    with translation.override("en"):
        assert "Brought along" in [str(slide.paper) for slide in report(session, during).slides if slide.paper]
        [found] = [one for one in find(study["bob"], "16 Mar", during) if one.kind == "sessions"]
    assert "Alice" in found.hits[0].detail


def test_a_turn_is_open_until_the_minute_in_which_its_session_begins(study, both):
    turn = both.presentations.get(presenter=study["bob"])
    assert [turn.is_open(MEETS - timedelta(seconds=1)), turn.is_open(MEETS)] == [True, False]
