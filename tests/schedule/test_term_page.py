"""The schedule and the term: what members see, what organizers may do, and how many queries it takes."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from members.models import Membership
from schedule.models import Session, Term
from tests import make


def term_with(group, members, sessions=3):
    """A published term; session n is given by member n, with a paper."""
    term = make.term(group)
    for n in range(sessions):
        session = make.session(term, starts_at=now() + timedelta(days=7 * n + 3))
        presenter = members[n % len(members)]
        make.presentation(session, presenter, paper=make.paper(group, f"Paper {n}", by=presenter))
    return term


def test_without_a_term_members_are_told_what_to_do_next(sign_in, study):
    page = sign_in(study["alice"]).get("/g/study/schedule/").content.decode()
    assert "No session is planned yet" in page and "/g/study/schedule/turns/" in page
    assert "/g/study/schedule/plan/" not in page
    assert "/g/study/schedule/plan/" in sign_in(study["olivia"]).get("/g/study/schedule/").content.decode()


def test_the_schedule_shows_the_newest_published_term(sign_in, study):
    make.term(study["group"], name="Last spring", first_day="2025-03-01")
    term = make.term(study["group"], name="This spring", first_day="2026-03-01")
    make.session(term)
    make.term(study["group"], name="Secret plans", first_day="2027-03-01", published=False)
    page = sign_in(study["alice"]).get("/g/study/schedule/").content.decode()
    assert "<h1>This spring</h1>" in page and "Last spring" in page and "Secret plans" not in page
    assert "Secret plans" in sign_in(study["olivia"]).get("/g/study/schedule/").content.decode()


def test_the_term_shows_who_presents_what_and_the_balance(sign_in, study):
    term = term_with(study["group"], [study["alice"], study["bob"]])
    page = sign_in(study["bob"]).get(term.get_absolute_url()).content.decode()
    for said in ("Paper 0", "Paper 2", "Alice", "Bob", "1st", "2nd"):
        assert said in page
    assert page.count('<td class="on">') == 3


def test_who_left_keeps_a_place_in_the_past_and_their_open_turns_are_offered(sign_in, study):
    term = term_with(study["group"], [study["alice"], study["bob"]])
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.LEFT)
    page = sign_in(study["olivia"]).get(term.get_absolute_url()).content.decode()
    assert "1 turn is open." in page and "Bob" in page
    assert "turn is open" not in sign_in(study["alice"]).get(term.get_absolute_url()).content.decode()
    Term.objects.update(presenters=1)
    sign_in(study["olivia"]).post(f"{term.get_absolute_url()}replan/", {"only_open": "1"})
    assert [str(s.presentations.get().presenter) for s in term.sessions.all()] == ["Alice", "Olivia", "Alice"]


def test_a_draft_is_published_with_one_press_and_once(sign_in, study):
    term = make.term(study["group"], published=False)
    client = sign_in(study["olivia"])
    client.post(f"{term.get_absolute_url()}publish/")
    first = Term.objects.get().published_at
    client.post(f"{term.get_absolute_url()}publish/")
    assert Term.objects.get().published_at == first is not None


def test_a_draft_is_deleted_but_a_published_term_is_not(sign_in, study):
    draft, term = make.term(study["group"], published=False), make.term(study["group"])
    client = sign_in(study["olivia"])
    assert client.post(f"{draft.get_absolute_url()}delete/").status_code == 302
    assert client.post(f"{term.get_absolute_url()}delete/").status_code == 404
    assert list(Term.objects.all()) == [term]


def test_planning_the_rest_again_says_how_many_sessions_changed(sign_in, study):
    term = term_with(study["group"], [study["alice"]], sessions=4)
    Term.objects.update(presenters=1)
    for session in term.sessions.all():
        session.presentations.update(paper=None)
    page = sign_in(study["olivia"]).post(f"{term.get_absolute_url()}replan/", follow=True).content.decode()
    assert "The presenters of 2 sessions changed." in page or "The presenters of 3 sessions changed." in page
    assert {str(s.presentations.get().presenter) for s in term.sessions.all()} == {"Olivia", "Alice", "Bob"}


@pytest.mark.parametrize("who", ["olivia", "alice"])
def test_the_term_page_takes_the_same_eight_queries_for_one_session_and_for_thirty(
    sign_in, study, django_assert_num_queries, who
):
    client = sign_in(study[who])
    term = term_with(study["group"], [study["alice"]], sessions=1)
    client.get(term.get_absolute_url())  # the first visit remembers the group in the session
    with django_assert_num_queries(8):
        client.get(term.get_absolute_url())
    members = [make.member(study["group"], f"Member {n}") for n in range(27)]
    for n in range(29):
        session = make.session(term, starts_at=now() + timedelta(days=30 + n), state=Session.PLANNED)
        make.presentation(session, members[n % 27], paper=make.paper(study["group"], f"More {n}"))
    make.term(study["group"], name="Another", first_day="2020-01-01")
    with django_assert_num_queries(8):
        client.get(term.get_absolute_url())
