"""Which term is the current one: while a term runs, the next one may be published, and every page speaks of the same."""

from datetime import date, timedelta

import pytest
import time_machine

from schedule.home import gather
from schedule.models import Session, Term
from schedule.reports.slides import report, term_report
from schedule.search.outline import outline
from schedule.search.palette import find
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.utc(2026, 3, 10, 3)
DAY = timedelta(days=1)


def a_term(study, name, first_day, *days, presenter="alice", **fields):
    """A term whose sessions are so many days from NOW; `presenter` presents in each."""
    term = make.term(study["group"], name, first_day=date.fromisoformat(first_day), **fields)
    for days_ahead in days:
        make.presentation(make.session(term, NOW + days_ahead * DAY), study[presenter])
    return term


@pytest.fixture
def running(study):
    return a_term(study, "Spring", "2026-02-24", -14, -1, 13)


@pytest.fixture
def following(study):
    return a_term(study, "Summer", "2026-06-01", 80, 94, presenter="bob")


def current(study, now=NOW):
    return str(study["group"].terms.current(now))


def test_a_published_next_term_does_not_take_the_place_of_the_running_one(study, running, following):
    moments = [NOW + days * DAY for days in (-100, -14, 0, 12, 13, 14, 80, 94, 95, 400)]
    said = [current(study, moment) for moment in moments]
    assert said == ["Spring"] * 5 + ["Summer"] * 5


def test_between_two_terms_with_nothing_to_come_the_one_that_met_last_is_current(study, running):
    a_term(study, "Cancelled in full", "2026-09-01", 30)
    Session.objects.filter(term__name="Cancelled in full").update(state=Session.CANCELLED)
    a_term(study, "A draft", "2026-10-01", 40, published=False)
    assert (current(study), current(study, NOW + 20 * DAY)) == ("Spring", "Spring")


def test_a_group_without_a_published_term_has_no_current_one(study):
    a_term(study, "A draft", "2026-10-01", 40, published=False)
    assert study["group"].terms.current(NOW) is None


def test_a_term_without_a_session_is_current_only_where_there_is_no_other(study):
    make.term(study["group"], "Bare", first_day="2026-12-01")
    assert current(study) == "Bare"
    a_term(study, "Winter", "2025-12-01", -60)
    assert current(study) == "Winter"


def test_a_session_closed_before_its_end_is_no_longer_to_come(study, running, following):
    running.sessions.filter(number=3).update(state=Session.HELD)
    assert current(study, running.sessions.get(number=3).starts_at) == "Summer"


def test_home_the_schedule_and_the_search_box_agree(sign_in, study, running, following):
    with time_machine.travel(NOW, tick=False):
        home, client = gather(study["group"], study["alice"], NOW), sign_in(study["alice"])
        assert (home.term, home.session.term, home.session.number) == (running, running, 3)
        assert "<h1>Spring</h1>" in client.get("/g/study/schedule/").content.decode()
        seen = outline(study["alice"], NOW)
        assert (seen.term, seen.next, seen.last.number) == (running, home.session, 2)
        page = client.get("/g/study/").content.decode()
        assert "You present on" not in page and "No turn of yours is planned" not in page


def test_my_turn_is_the_nearest_of_all_published_terms(study, running, following):
    assert gather(study["group"], study["alice"], NOW).mine.session.term == running
    assert gather(study["group"], study["bob"], NOW).mine.session == following.sessions.get(number=1)
    assert gather(study["group"], study["olivia"], NOW).mine is None


def test_the_nearest_session_may_belong_to_a_term_that_began_later(study, running):
    extra = a_term(study, "Extra", "2026-03-09", 2, 60)
    home = gather(study["group"], study["alice"], NOW)
    assert (home.term, home.session) == (extra, extra.sessions.get(number=1))
    assert gather(study["group"], study["alice"], NOW + 3 * DAY).term == running


@pytest.mark.parametrize(("name", "dots"), [("Spring", ["done", "done", "now"]), ("Summer", ["planned", "planned"])])
def test_only_the_session_in_which_the_group_meets_next_is_called_next(sign_in, study, running, following, name, dots):
    with time_machine.travel(NOW, tick=False):
        response = sign_in(study["alice"]).get(Term.objects.get(name=name).get_absolute_url())
    assert [stop.kind for stop in response.context["page"].timeline_items] == dots


def test_the_report_of_the_last_session_leads_on_to_the_next_term(study, running, following):
    said = [report(running.sessions.get(number=3), NOW).slides[-1], term_report(running, NOW + 20 * DAY).slides[-1]]
    assert [slide.title for slide in said] == ["Fri 29 May, 12:00"] * 2


def test_a_term_is_planned_after_all_that_are_there(sign_in, study, running, following):
    with time_machine.travel(NOW, tick=False):
        page = sign_in(study["olivia"]).get(f"/g/study/schedule/plan/?from={running.pk}")
    last = following.sessions.get(number=2).local_start.date()
    assert page.context["form"].instance.first_day > last


def test_what_was_closed_stands_behind_what_is_to_come_in_the_search_box(study, running):
    running.sessions.filter(number=2).update(state=Session.HELD, ends_at=NOW + DAY)
    found = next(one for one in find(study["alice"], "spring", NOW) if one.kind == "sessions")
    assert [hit.detail.split(" · ")[0] for hit in found.hits] == ["no. 3", "no. 2", "no. 1"]
