"""A change is kept as the difference it made, and taken back exactly or not at all."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from schedule.access import may_undo
from schedule.models import Change, Notification, Presentation, Session, Swap, Term
from schedule.planning import changes
from schedule.planning.changes import changing, undo
from schedule.planning.swaps import offers
from schedule.refusal import ChangedMeanwhile, NotPossible
from tests import make

NOW = make.utc(2026, 3, 1, 9)
FIRST, SECOND = make.utc(2026, 3, 10, 1), make.utc(2026, 3, 24, 1)


@pytest.fixture
def term(study):
    """Two sessions: Alice in the first with a paper, Bob in the second."""
    term = make.term(study["group"])
    first, second = make.session(term, FIRST), make.session(term, SECOND)
    make.presentation(first, study["alice"], paper=make.paper(study["group"]), shared_at=NOW)
    make.presentation(second, study["bob"])
    return term


def rows(term):
    """Everything that a change may touch; counters only grow."""
    counters = {"sequence", "changed_at"}
    sessions = [{k: v for k, v in row.items() if k not in counters} for row in term.sessions.order_by("pk").values()]
    turns = list(Presentation.objects.filter(session__term=term).order_by("pk").values())
    return sessions, turns, list(Term.objects.filter(pk=term.pk).values())


def everything_at_once(term, study):
    """Moves and renames the first session, throws its turn away, makes a third session, passes Bob's turn to Olivia."""
    first, second = term.sessions.all()
    with changing(term, by=study["olivia"], kind=Change.PLAN, now=NOW) as change:
        later = FIRST + timedelta(days=1)
        term.sessions.filter(pk=first.pk).update(starts_at=later, ends_at=later + timedelta(hours=3), place="Library")
        first.presentations.all().delete()
        second.presentations.update(presenter=study["olivia"], why={"for": 1, "because": "even"})
        make.presentation(make.session(term, SECOND + timedelta(days=14)), study["alice"])
        Term.objects.filter(pk=term.pk).update(skipped=[{"date": "2026-03-01", "reason": "삼일절"}])
    return change


def test_everything_that_was_changed_comes_back_as_it_was(study, term):
    before = rows(term)
    change = everything_at_once(term, study)
    assert change.made
    assert rows(term) != before
    assert undo(change, by=study["olivia"], now=NOW + timedelta(hours=23)) is True
    assert rows(term) == before
    assert Change.objects.get().undone_by == study["olivia"]


def test_only_what_changed_is_written_down(study, term):
    session = term.sessions.first()
    with changing(term, by=study["olivia"], kind=Change.PLACE, now=NOW) as change:
        Session.objects.filter(pk=session.pk).update(place="Library", sequence=7, changed_at=NOW)
    assert change.rows == {"session": {str(session.pk): [{"place": "A café near Sangdo"}, {"place": "Library"}]}}


def test_what_changes_nothing_is_not_written_down(study, term):
    with changing(term, by=study["olivia"], kind=Change.PLACE, now=NOW) as change:
        term.sessions.update(place="A café near Sangdo")
    assert (change.made, Change.objects.count()) == (False, 0)


def test_a_change_that_fails_leaves_nothing(study, term):
    before = rows(term)
    with pytest.raises(NotPossible), changing(term, by=study["olivia"], kind=Change.PLACE, now=NOW):
        term.sessions.update(place="Library")
        raise NotPossible("No.")
    assert (rows(term), Change.objects.count()) == (before, 0)


def test_undoing_twice_undoes_once(study, term):
    change = everything_at_once(term, study)
    assert undo(change, by=study["olivia"], now=NOW) is True
    after = rows(term)
    assert undo(change, by=study["olivia"], now=NOW) is False
    assert rows(term) == after


def test_after_a_day_it_is_history(study, term):
    change = everything_at_once(term, study)
    after = rows(term)
    with pytest.raises(NotPossible):
        undo(change, by=study["olivia"], now=NOW + timedelta(hours=24))
    assert (rows(term), Change.objects.get().undone_at) == (after, None)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda first, second, study: Session.objects.filter(pk=first.pk).update(place="At home"),
        lambda first, second, study: second.presentations.update(presenter=study["bob"]),
        lambda first, second, study: second.presentations.all().delete(),
        lambda first, second, study: Presentation.objects.filter(presenter=study["alice"]).update(position=9),
        lambda first, second, study: make.presentation(second, study["bob"]),  # he would sit there twice
    ],
)
def test_what_somebody_has_changed_since_is_not_undone(study, term, meanwhile):
    first, second = term.sessions.all()
    change = everything_at_once(term, study)
    meanwhile(first, second, study)
    after = rows(term)
    with pytest.raises(ChangedMeanwhile):
        undo(change, by=study["olivia"], now=NOW)
    assert (rows(term), Change.objects.get().undone_at) == (after, None)


def test_what_else_happened_to_a_row_stays(study, term):
    """A turn that was passed on and passed back keeps the paper it got in between."""
    turn, paper = term.sessions.last().presentations.get(), make.paper(study["group"])
    with changing(term, by=study["olivia"], kind=Change.GIVE, now=NOW) as change:
        Presentation.objects.filter(pk=turn.pk).update(presenter=study["alice"])
    Presentation.objects.filter(pk=turn.pk).update(paper=paper)
    undo(change, by=study["olivia"], now=NOW)
    turn.refresh_from_db()
    assert (turn.presenter, turn.paper) == (study["bob"], paper)


def test_a_turn_comes_back_without_a_paper_that_is_gone_for_good(study, term):
    first = term.sessions.first()
    with changing(term, by=study["olivia"], kind=Change.PRESENTERS, now=NOW) as change:
        first.presentations.all().delete()
    study["group"].papers.all().delete()
    undo(change, by=study["olivia"], now=NOW)
    assert list(first.presentations.values_list("presenter", "paper")) == [(study["alice"].pk, None)]


def test_a_turn_does_not_come_back_to_somebody_who_left(study, term):
    first = term.sessions.first()
    with changing(term, by=study["olivia"], kind=Change.PRESENTERS, now=NOW) as change:
        first.presentations.all().delete()
    study["group"].memberships.filter(pk=study["alice"].pk).update(state="left")
    with pytest.raises(NotPossible):
        undo(change, by=study["olivia"], now=NOW)
    assert not first.presentations.exists()


@pytest.mark.parametrize(
    ("kind", "until", "said"),
    [
        (Change.PRESENTERS, FIRST + timedelta(hours=2), "This session is over"),
        (Change.REPLAN, FIRST, "The session has begun"),
        (Change.PLAN, FIRST, "The session has begun"),
    ],
)
def test_who_presents_is_changed_back_until_it_is_settled_and_only_then_offered(study, term, kind, until, said):
    first = term.sessions.first()
    with changing(term, by=study["olivia"], kind=kind, now=FIRST - timedelta(hours=1)) as change:
        first.presentations.all().delete()
    assert changes.recent(term, study["olivia"], until - timedelta(minutes=1)) == [change]
    assert changes.recent(term, study["olivia"], until) == []
    with pytest.raises(NotPossible, match=said):
        undo(change, by=study["olivia"], now=until)
    assert not first.presentations.exists()
    assert undo(change, by=study["olivia"], now=until - timedelta(minutes=1)) is True
    assert first.presentations.exists()


def test_what_can_be_undone_takes_the_same_queries_for_one_change_and_for_thirty(
    study, term, django_assert_num_queries
):
    for changed in (1, 29):
        for n in range(changed):
            with changing(term, by=study["olivia"], kind=Change.PLACE, now=NOW):
                term.sessions.update(place=f"Room {changed}-{n}")
        with django_assert_num_queries(5):
            assert changes.recent(term, study["olivia"], NOW + timedelta(hours=1)) != []


def test_who_may_undo(study, term):
    def may(kind, by):
        with changing(term, by=study["alice"], kind=kind, now=NOW) as change:
            second = term.sessions.last().presentations
            second.update(presenter=study["olivia"])
        asked = [name for name in ("olivia", "alice", "bob") if may_undo(study[name], change)]
        second.update(presenter=study["bob"])
        return asked

    assert may(Change.GIVE, study["alice"]) == ["olivia", "alice", "bob"]  # Bob had the turn
    assert may(Change.PRESENTERS, study["alice"]) == ["olivia"]  # Alice was an organizer then


def test_notifications_and_calendars_hear_of_it(study, term):
    first, second = term.sessions.all()
    change = everything_at_once(term, study)
    undo(change, by=study["olivia"], now=NOW + timedelta(minutes=1))
    told = Notification.objects.order_by("kind", "recipient").values_list("kind", "session", "recipient", "about")
    alice, bob = study["alice"].pk, study["bob"].pk
    assert list(told) == [
        ("assigned", first.pk, alice, alice),
        ("assigned", second.pk, bob, bob),
        ("moved", first.pk, alice, None),
        ("moved", first.pk, bob, None),
        ("place", first.pk, alice, None),
        ("place", first.pk, bob, None),
    ]
    assert [session.sequence for session in term.sessions.all()] == [1, 1]


def test_reminders_that_the_change_set_aside_wait_again(study, term):
    first = term.sessions.first()
    aside = make.notification(
        first, study["alice"], Notification.OVERDUE, about=study["alice"], state=Notification.SKIPPED
    )
    other = make.notification(
        first, study["alice"], Notification.OVERDUE, about=study["alice"], state=Notification.SKIPPED, dedupe_key=2
    )
    Notification.objects.filter(pk=aside.pk).update(settled_at=NOW, reason="reassigned")
    Notification.objects.filter(pk=other.pk).update(settled_at=NOW - timedelta(days=1), reason="reassigned")
    first.presentations.update(paper=None, shared_at=None)
    turn = first.presentations.get()
    with changing(term, by=study["olivia"], kind=Change.GIVE, now=NOW) as change:
        Presentation.objects.filter(pk=turn.pk).update(presenter=study["bob"])
    undo(change, by=study["olivia"], now=NOW + timedelta(hours=1))
    states = dict(Notification.objects.filter(kind=Notification.OVERDUE).values_list("dedupe_key", "state"))
    assert states == {0: Notification.QUEUED, 2: Notification.SKIPPED}


def test_a_change_takes_the_same_number_of_queries_for_one_session_and_for_52(study, django_assert_num_queries):
    for count in (1, 52):
        term = make.term(study["group"])
        for n in range(count):
            make.presentation(make.session(term, FIRST + timedelta(days=n)), study["alice"])
        queries = django_assert_num_queries(12)  # a savepoint, two locks, three questions before and after, one row
        with queries, changing(term, by=study["olivia"], kind=Change.PLACE, now=NOW):
            term.sessions.update(place="Library")


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def presenters_changed_on_the_page(client, session, **asked):
    """Press a button of the list of presenters; the address of the Undo that the next page offers."""
    answer = client.post(f"{session.get_absolute_url()}presenters/", {"seen": session.sequence} | asked, follow=True)
    return next(str(message.extra_tags) for message in answer.context["messages"])


def test_changed_presenters_are_one_press_away_from_what_they_were(sign_in, study):
    session = make.session(make.term(study["group"]))
    turn = make.presentation(session, study["alice"], paper=make.paper(study["group"]), shared_at=now())
    client = sign_in(study["olivia"])
    undo = presenters_changed_on_the_page(
        client, session, do="change", presenter=study["alice"].pk, other=study["bob"].pk
    )
    assert list(session.presentations.values_list("presenter", "paper")) == [(study["bob"].pk, None)]
    page = client.post(undo, follow=True, headers={"referer": f"http://testserver{session.get_absolute_url()}"})
    assert page.redirect_chain == [(f"http://testserver{session.get_absolute_url()}", 302)]
    assert "Undone: everything is as it was before." in page.text
    assert list(session.presentations.values_list("pk", "presenter", "paper")) == [
        (turn.pk, study["alice"].pk, turn.paper_id)
    ]


def test_undo_leads_nowhere_else(sign_in, study):
    session = make.session(make.term(study["group"]))
    client = sign_in(study["olivia"])
    undo = presenters_changed_on_the_page(client, session, do="add", presenter=study["bob"].pk)
    answer = client.post(undo, headers={"referer": "https://elsewhere.example.org/trap"})
    assert answer.headers["Location"] == session.term.get_absolute_url()


def test_a_change_that_cannot_be_undone_any_more_says_so(sign_in, study):
    session = make.session(make.term(study["group"]))
    client = sign_in(study["olivia"])
    undo = presenters_changed_on_the_page(client, session, do="add", presenter=study["bob"].pk)
    session.presentations.update(presenter=study["alice"])
    page = client.post(undo, follow=True)
    assert "Somebody changed this meanwhile." in page.text
    assert list(session.presentations.values_list("presenter", flat=True)) == [study["alice"].pk]


def test_a_server_operator_looks_at_changes_and_swaps_and_alters_none(sign_in, study, term):
    offers.at_once(term.sessions.last().presentations.get(), by=study["olivia"], now=NOW, taker=study["alice"])
    operator = sign_in(make.person("Staff", is_staff=True, is_superuser=True))
    for name, row in (("change", Change.objects.get()), ("swap", Swap.objects.get())):
        assert str(row) in operator.get(f"/admin/schedule/{name}/{row.pk}/change/").text
        assert operator.get(f"/admin/schedule/{name}/").status_code == 200
        assert operator.post(f"/admin/schedule/{name}/{row.pk}/change/", {"state": "open"}).status_code == 403
        assert operator.get(f"/admin/schedule/{name}/add/").status_code == 403
