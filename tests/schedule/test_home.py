"""The home page: one question per card, the same few queries for one turn or thirty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from schedule.home import gather
from schedule.models import Session
from tests import make

pytestmark = pytest.mark.django_db


def a_term(study, sessions=3):
    """A published term: a held session two weeks ago, the next in a week, everybody presenting in each."""
    term = make.term(study["group"])
    for number in range(sessions):
        session = make.session(term, now() + timedelta(days=14 * number - 7))
        for name in ("olivia", "alice", "bob"):
            make.presentation(session, study[name])
    return term


def test_home_shows_the_next_session_my_turn_and_the_balance(study):
    term = a_term(study)
    home = gather(study["group"], study["alice"], now())
    assert (home.term, home.session.number) == (term, 2)
    assert [turn.presenter for turn in home.turns] == [study["olivia"], study["alice"], study["bob"]]
    assert (home.mine.session.number, home.mine.presenter) == (2, study["alice"])
    assert [stop.kind for stop in home.timeline_items] == ["done", "now", "planned"]
    assert [(str(row.membership), row.done, row.planned, row.away) for row in home.tally] == [
        ("Olivia", 1, 2, 0),
        ("Alice", 1, 2, 0),
        ("Bob", 1, 2, 0),
    ]


def test_the_turn_that_still_needs_a_paper_comes_first(study):
    term = a_term(study)
    second = term.sessions.get(number=2).presentations.get(presenter=study["alice"])
    second.paper, second.shared_at = make.paper(study["group"]), now()
    second.save()
    assert gather(study["group"], study["alice"], now()).mine.session.number == 3


def test_cancelled_sessions_are_neither_next_nor_counted(study):
    term = a_term(study)
    term.sessions.filter(number=2).update(state=Session.CANCELLED)
    home = gather(study["group"], study["alice"], now())
    assert home.session.number == 3
    assert [stop.kind for stop in home.timeline_items] == ["done", "off", "now"]
    assert [(row.done, row.planned) for row in home.tally] == [(1, 1), (1, 1), (1, 1)]


def test_who_is_away_is_counted_as_away(study):
    term = a_term(study)
    day = term.sessions.get(number=3).local_start.date()
    study["bob"].absences.create(first_day=day, last_day=day)
    assert [row.away for row in gather(study["group"], study["alice"], now()).tally] == [0, 0, 1]


def test_of_a_large_group_home_counts_my_own_turns_and_leads_to_the_rest(study, sign_in):
    term = a_term(study)
    for nth in range(10):
        make.member(study["group"], f"Member {nth}")
    home = gather(study["group"], study["alice"], now())
    assert ([row.membership for row in home.tally], home.people) == ([study["alice"]], 13)
    page = sign_in(study["alice"]).get(study["group"].get_absolute_url()).content.decode()
    assert f'href="{term.get_absolute_url()}">The turns of all 13 members</a>' in page


def test_an_empty_group_is_told_what_to_do_next(study, sign_in):
    organizer = sign_in(study["olivia"]).get("/g/study/").content.decode()
    member = sign_in(study["alice"]).get("/g/study/").content.decode()
    assert ("Shall we plan the first term?" in organizer, "Shall we plan the first term?" in member) == (True, False)
    assert "Mark days away" in member


def test_a_draft_is_not_shown(study):
    make.session(make.term(study["group"], published=False))
    home = gather(study["group"], study["olivia"], now())
    assert (home.term, home.session, home.mails) == (None, None, [])


def test_somebody_of_another_group_finds_nothing(study, sign_in):
    a_term(study)
    assert sign_in(study["mallory"]).get("/g/study/").status_code == 404


def test_home_asks_the_database_the_same_for_one_session_and_for_thirty(study, sign_in):
    client, counts = sign_in(study["alice"]), []
    a_term(study, 1)
    client.get("/g/study/")
    for sessions in (2, 30):
        make.Term.objects.all().delete()
        a_term(study, sessions)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/g/study/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
