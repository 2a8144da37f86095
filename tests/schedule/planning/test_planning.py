"""Planning a term: what is written, what is refused, what stays."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError

from members.models import Membership
from schedule.models import Absence, Presentation, Session, Term
from schedule.planning import replanning, session_changes, term_plan
from schedule.planning.replanning import ANEW, FEW, OPEN, ReplanOptions
from schedule.refusal import ChangedMeanwhile, NotPossible
from tests import make

NOW = make.utc(2026, 2, 20)


def draft(group, **fields):
    defaults = {
        "name": "Spring 2026",
        "first_day": date(2026, 3, 3),
        "time": time(10),
        "timezone": "Asia/Seoul",
        "every_weeks": 2,
        "count": 6,
        "presenters": 2,
        "place": "A café near Sangdo",
    }
    return Term(group=group, **defaults | fields)


def planned(study, **fields):
    term = draft(study["group"], **fields)
    term_plan.plan_term(term, by=study["olivia"], now=NOW)
    term_plan.publish(term, by=study["olivia"], now=NOW)
    return term


def seats(term):
    """[[presenter names of the first session], …]"""
    return [[str(t.presenter) for t in s.presentations.all()] for s in term.sessions.order_by("starts_at")]


def test_a_term_becomes_sessions_at_their_wall_clock_with_turns_shared_evenly(study):
    term = planned(study, policy=Term.MOVE)
    starts = [s.local_start.strftime("%m-%d %H:%M") for s in term.sessions.all()]
    assert starts == ["03-03 10:00", "03-17 10:00", "03-31 10:00", "04-14 10:00", "04-28 10:00", "05-12 10:00"]
    assert {s.place for s in term.sessions.all()} == {"A café near Sangdo"}
    counts = [Presentation.objects.filter(presenter=study[name]).count() for name in ("olivia", "alice", "bob")]
    assert counts == [4, 4, 4]
    assert term.skipped == []


def test_a_preview_writes_nothing(study, django_assert_num_queries):
    with django_assert_num_queries(5):
        proposal = term_plan.preview(draft(study["group"]))
    assert len(proposal.meetings) == 6
    assert (Term.objects.count(), Session.objects.count(), Presentation.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("count", [1, 52])
def test_planning_takes_the_same_number_of_queries_for_one_session_and_for_52(study, django_assert_num_queries, count):
    term = draft(study["group"], count=count, every_weeks=1, with_holidays=False)
    with django_assert_num_queries(11):
        term_plan.plan_term(term, by=study["olivia"], now=NOW)
    assert term.sessions.count() == count


def test_a_holiday_is_skipped_and_its_reason_is_kept(study):
    study["group"].language = "ko"
    term = planned(study, first_day=date(2027, 2, 15), count=3)  # a Monday; 1 March 2027 is one, too
    assert [s.local_start.date() for s in term.sessions.all()] == [
        date(2027, 2, 15),
        date(2027, 3, 15),
        date(2027, 3, 29),
    ]
    assert term.skipped == [{"date": "2027-03-01", "reason": "삼일절", "to": None}]


def test_days_off_that_the_organizer_adds_move_a_session_if_told_so(study):
    off = [{"from": "2026-03-16", "to": "2026-03-20", "reason": "midterms"}]
    term = planned(study, days_off=off, policy=Term.MOVE, count=3)
    assert [s.local_start.date() for s in term.sessions.all()] == [
        date(2026, 3, 3),
        date(2026, 3, 24),
        date(2026, 3, 31),
    ]
    assert term.skipped == [{"date": "2026-03-17", "reason": "midterms", "to": "2026-03-24"}]


def test_nobody_presents_on_a_day_away(study):
    Absence.objects.create(membership=study["alice"], first_day=date(2026, 3, 1), last_day=date(2026, 4, 1))
    term = planned(study)
    away_until = date(2026, 4, 1)
    assert [
        "Alice" in names
        for names, session in zip(seats(term), term.sessions.all(), strict=True)
        if session.local_start.date() <= away_until
    ] == [False, False, False]


def test_paused_and_former_members_get_no_turns(study):
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.PAUSED)
    term = planned(study)
    assert {name for names in seats(term) for name in names} == {"Olivia", "Alice"}


def test_planning_a_draft_again_replaces_its_sessions(study):
    term = draft(study["group"])
    term_plan.plan_term(term, by=study["olivia"], now=NOW)
    term.count = 2
    term_plan.plan_term(term, by=study["olivia"], now=NOW)
    assert [s.number for s in term.sessions.all()] == [1, 2]


def test_a_published_term_is_not_planned_over(study):
    term = planned(study)
    before = seats(term)
    with pytest.raises(NotPossible):
        term_plan.plan_term(term, by=study["olivia"], now=NOW)
    assert seats(term) == before


def test_publishing_twice_publishes_once(study):
    term = draft(study["group"])
    term_plan.plan_term(term, by=study["olivia"], now=NOW)
    assert term_plan.publish(term, by=study["olivia"], now=NOW) is True
    assert term_plan.publish(term, by=study["olivia"], now=NOW + timedelta(days=1)) is False
    assert Term.objects.get().published_at == NOW


def test_a_draft_can_be_forgotten_but_a_published_term_cannot(study):
    term, published = draft(study["group"]), planned(study)
    term_plan.plan_term(term, by=study["olivia"], now=NOW)
    for one in (term, published):
        term_plan.discard(one)
    assert list(Term.objects.all()) == [published]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"presenters": 4}, "Only 3 people take turns. Choose fewer presenters per session, or all."),
        (
            {
                "days_off": [{"from": "2026-01-01", "to": "2027-01-01", "reason": ""}],
                "last_day": date(2026, 6, 1),
                "count": None,
            },
            "All of these dates fall on holidays or days off. Choose another weekday, or meet on holidays.",
        ),
        (
            {"timezone": "Europe/Berlin", "first_day": date(2026, 3, 29), "time": time(2, 30), "count": 1},
            "On Sun 29 March there is no 02:30 in Europe/Berlin: the clocks go forward. Choose another time.",
        ),
        ({"last_day": date(2026, 3, 1)}, "The last day comes before the first."),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words_and_writes_nothing(study, fields, said):
    with pytest.raises(NotPossible, match=said.replace(".", r"\.")):
        term_plan.plan_term(draft(study["group"], **fields), by=study["olivia"], now=NOW)
    assert Term.objects.count() == 0


def test_a_group_where_nobody_takes_turns_cannot_plan(study):
    Membership.objects.filter(group=study["group"]).update(state=Membership.PAUSED)
    with pytest.raises(NotPossible, match="Nobody takes turns yet"):
        term_plan.preview(draft(study["group"]))


def test_a_term_on_which_everybody_is_away_is_refused(study):
    for name in ("olivia", "alice", "bob"):
        Absence.objects.create(membership=study[name], first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    with pytest.raises(NotPossible, match="Everybody is away"):
        term_plan.preview(draft(study["group"]))


def test_ten_oclock_stays_ten_oclock_when_the_clocks_change(study):
    term = planned(study, timezone="Europe/Berlin", first_day=date(2026, 3, 17), count=3, with_holidays=False)
    assert [s.local_start.strftime("%H:%M %Z") for s in term.sessions.all()] == [
        "10:00 CET",
        "10:00 CEST",
        "10:00 CEST",
    ]


# ── what earlier terms left behind ──
def test_who_presented_less_in_the_last_term_presents_more_in_the_next(study):
    old = make.term(study["group"], first_day=date(2025, 9, 2))
    for week in range(3):
        session = make.session(old, starts_at=make.utc(2025, 9, 2 + 7 * week))
        for name in ("olivia", "alice"):
            make.presentation(session, study[name])
    Membership.objects.update(joined_at=make.utc(2025, 1, 1))
    proposal = term_plan.preview(draft(study["group"], presenters=1, count=3))
    assert proposal.plan.counts == {study["olivia"].pk: 0, study["alice"].pk: 0, study["bob"].pk: 3}


def test_a_new_member_owes_nothing_for_terms_before_they_joined(study):
    old = make.term(study["group"], first_day=date(2025, 9, 2))
    for week in range(3):
        session = make.session(old, starts_at=make.utc(2025, 9, 2 + 7 * week))
        for name in ("olivia", "alice"):
            make.presentation(session, study[name])
    Membership.objects.update(joined_at=make.utc(2025, 1, 1))
    Membership.objects.filter(pk=study["bob"].pk).update(joined_at=make.utc(2026, 1, 1))
    proposal = term_plan.preview(draft(study["group"], presenters=1, count=3))
    assert proposal.plan.counts == {study["olivia"].pk: 1, study["alice"].pk: 1, study["bob"].pk: 1}


# ── changing one session ──
def test_moving_a_session_keeps_its_turns_and_its_length_and_counts_the_change(study):
    term = planned(study)
    session = term.sessions.first()
    before = seats(term)
    assert session_changes.move_session(session, date(2026, 3, 5), time(19, 30), by=study["olivia"], now=NOW) is True
    here = Session.objects.get(pk=session.pk)
    assert (here.local_start.strftime("%Y-%m-%d %H:%M"), here.ends_at - here.starts_at, here.sequence) == (
        "2026-03-05 19:30",
        timedelta(hours=2),
        1,
    )
    assert seats(term) == before


def test_moving_to_where_it_is_changes_nothing(study):
    session = planned(study).sessions.first()
    assert session_changes.move_session(session, date(2026, 3, 3), time(10), by=study["olivia"], now=NOW) is False
    assert Session.objects.get(pk=session.pk).sequence == 0


def test_the_second_of_two_organizers_is_told_and_their_change_is_not_made(study):
    session = planned(study).sessions.first()
    theirs, mine = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    session_changes.move_session(theirs, date(2026, 3, 4), time(10), by=study["olivia"], now=NOW, seen=0)
    with pytest.raises(ChangedMeanwhile) as told:
        session_changes.move_session(mine, date(2026, 3, 6), time(10), by=study["olivia"], now=NOW, seen=0)
    assert told.value.thing.local_start.date() == date(2026, 3, 4)
    assert Session.objects.get(pk=session.pk).sequence == 1


@pytest.mark.parametrize(
    ("day", "clock", "said"),
    [
        (date(2026, 2, 1), time(10), "That moment has passed"),
        (date(2026, 3, 29), time(2, 30), "there is no 02:30 in Europe/Berlin"),
    ],
)
def test_a_session_cannot_move_to_a_moment_that_is_not_to_come(study, day, clock, said):
    session = planned(study, timezone="Europe/Berlin").sessions.first()
    with pytest.raises(NotPossible, match=said):
        session_changes.move_session(session, day, clock, by=study["olivia"], now=NOW)
    assert Session.objects.get(pk=session.pk).sequence == 0


def test_a_cancelled_session_comes_back_with_its_turns(study):
    term = planned(study)
    session, before = term.sessions.first(), seats(term)
    assert session_changes.cancel_session(session, by=study["olivia"], now=NOW) is True
    assert session_changes.cancel_session(session, by=study["olivia"], now=NOW) is False
    assert session.state == Session.CANCELLED
    assert session_changes.restore_session(session, by=study["olivia"], now=NOW) is True
    assert (session.state, session.sequence, seats(term)) == (Session.PLANNED, 2, before)


def test_what_is_over_stays_as_it_was(study):
    session = planned(study).sessions.first()
    later = session.ends_at + timedelta(minutes=1)
    for change in (
        lambda: session_changes.move_session(session, date(2026, 12, 1), time(10), by=study["olivia"], now=later),
        lambda: session_changes.cancel_session(session, by=study["olivia"], now=later),
        lambda: session_changes.change_place(session, "Elsewhere", by=study["olivia"], now=later),
        lambda: session_changes.set_presenters(session, [], by=study["olivia"], now=later),
    ):
        with pytest.raises(NotPossible, match="is over"):
            change()
    assert Session.objects.get(pk=session.pk).sequence == 0


def test_a_cancelled_session_is_not_moved(study):
    session = planned(study).sessions.first()
    session_changes.cancel_session(session, by=study["olivia"], now=NOW)
    with pytest.raises(NotPossible, match="Bring it back first"):
        session_changes.move_session(session, date(2026, 3, 5), time(10), by=study["olivia"], now=NOW)


def test_a_changed_place_is_the_sessions_own(study):
    term = planned(study)
    session = term.sessions.first()
    assert session_changes.change_place(session, "Library, room 3", by=study["olivia"], now=NOW) is True
    assert list(term.sessions.values_list("place", flat=True)[:2]) == ["Library, room 3", "A café near Sangdo"]


def test_presenters_set_by_hand_are_pinned_in_order_and_who_stays_keeps_the_paper(study):
    session = planned(study, presenters=None).sessions.first()
    paper = make.paper(study["group"])
    session.presentations.filter(presenter=study["alice"]).update(paper=paper)
    newcomer = make.member(study["group"], "Charlie")
    session_changes.set_presenters(session, [newcomer, study["alice"]], by=study["olivia"], now=NOW)
    assert list(session.presentations.values_list("presenter__member__name", "position", "paper", "pinned")) == [
        ("Charlie", 1, None, True),
        ("Alice", 2, paper.pk, True),
    ]


def test_nobody_gets_two_seats_in_one_session(study):
    session = planned(study).sessions.first()
    with pytest.raises(NotPossible, match="Nobody presents twice"):
        session_changes.set_presenters(session, [study["alice"], study["alice"]], by=study["olivia"], now=NOW)


def test_the_database_keeps_one_seat_per_member_and_session(study):
    session = make.session()
    make.presentation(session, study["alice"])
    with pytest.raises(IntegrityError):
        make.presentation(session, study["alice"])


# ── planning the rest again ──
def test_open_turns_of_who_left_are_given_to_others_and_nobody_elses_turn_moves(study):
    charlie = make.member(study["group"], "Charlie")
    term = planned(study)
    first = term.sessions.first()
    past = seats(term)[0]
    Membership.objects.filter(pk=charlie.pk).update(state=Membership.LEFT)
    after = first.ends_at + timedelta(hours=1)
    changed = replanning.replan(term, ReplanOptions(OPEN), by=study["olivia"], now=after)[0].changes
    assert seats(term)[0] == past
    assert [len(names) for names in seats(term)] == [2] * 6
    assert not any("Charlie" in names for names in seats(term)[1:])
    assert {str(p) for one in changed for p in one.removed} == {"Charlie"}


def test_planning_again_leaves_turns_with_papers_and_sessions_arranged_by_hand(study):
    term = planned(study, count=4)
    by_hand, with_paper = term.sessions.order_by("number")[1:3]
    session_changes.set_presenters(by_hand, [study["bob"]], by=study["olivia"], now=NOW)
    turn = with_paper.presentations.first()
    Presentation.objects.filter(pk=turn.pk).update(paper=make.paper(study["group"]), shared_at=NOW)
    make.member(study["group"], "Charlie")
    replanning.replan(term, ReplanOptions(FEW), by=study["olivia"], now=NOW)
    assert seats(term)[1] == ["Bob"]
    assert str(turn.presenter) in seats(term)[2]
    assert any("Charlie" in names for names in seats(term))


@pytest.mark.parametrize("how", [OPEN, FEW, ANEW])
def test_planning_again_without_any_change_changes_nothing(study, how):
    term = planned(study)
    before = seats(term)
    assert replanning.replan(term, ReplanOptions(how), by=study["olivia"], now=NOW)[0].changes == []
    assert seats(term) == before
