"""A turn and its paper: who may share, what happens when they do, and how the state reads."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from papers import library
from schedule import formatting
from schedule.meetings import closing
from schedule.models import Presentation, Session, Term
from schedule.planning import session_changes, turns
from schedule.planning.turns import TurnState
from schedule.refusal import NotPossible
from tests import make

START = make.utc(2026, 4, 14, 1)  # 10:00 in Seoul; papers by 7 April
SHARE_DAY_NOON = make.utc(2026, 4, 7, 3)


@pytest.fixture
def turn(study):
    session = make.session(make.term(study["group"], published_at=make.utc(2026, 2, 1)), starts_at=START)
    return make.presentation(session, study["alice"])


@pytest.mark.parametrize(
    ("days_before", "state", "korean"),
    [
        (15, TurnState("", "Due 7 Apr"), "4월 7일 마감"),
        (3, TurnState("", "Due in three days"), "사흘 남음"),
        (1, TurnState("warn", "Due tomorrow"), "내일 마감"),
        (0, TurnState("warn", "Due today"), "오늘 마감"),
        (-1, TurnState("warn", "One day late"), "하루 지남"),
        (-4, TurnState("late", "Four days late"), "나흘 지남"),
    ],
)
def test_a_turn_without_paper_says_when_it_is_due(turn, days_before, state, korean):
    now = SHARE_DAY_NOON - timedelta(days=days_before)
    assert turns.state(turn, now) == state
    with translation.override("ko"):
        assert turns.state(turn, now).words == korean


@pytest.mark.parametrize(
    ("days_before", "words", "korean"),
    [
        (12, "Shared 12 days early", "12일 일찍 공유"),
        (2, "Shared two days early", "이틀 일찍 공유"),
        (0, "Shared on the day", "마감일에 공유"),
        (-3, "Shared three days late", "사흘 늦게 공유"),
    ],
)
def test_a_shared_turn_says_how_early_it_was(turn, days_before, words, korean):
    turn.paper, turn.shared_at = make.paper(turn.presenter.group), SHARE_DAY_NOON - timedelta(days=days_before)
    assert turns.state(turn, START - timedelta(days=1)) == TurnState("ok", words)
    with translation.override("ko"):
        assert turns.state(turn, START - timedelta(days=1)).words == korean


def test_days_are_counted_in_the_sessions_own_zone(turn):
    # 15:30 UTC on 6 April is already the 7th in Seoul
    assert turns.state(turn, make.utc(2026, 4, 6, 15, 30)).words == "Due today"
    assert turns.state(turn, make.utc(2026, 4, 6, 14, 30)).words == "Due tomorrow"


def test_after_the_session_a_turn_was_presented_or_had_no_paper(turn):
    later = START + timedelta(hours=3)
    assert turns.state(turn, later) == TurnState("", "No paper was shared")
    turn.paper, turn.shared_at = make.paper(turn.presenter.group), SHARE_DAY_NOON
    assert turns.state(turn, later) == TurnState("ok", "Presented")


def test_a_turn_of_a_cancelled_session_asks_for_nothing(turn):
    turn.session.state = Session.CANCELLED
    assert turns.state(turn, SHARE_DAY_NOON) == TurnState("", "Cancelled")


@given(st.integers(min_value=1, max_value=400))
def test_every_number_of_days_has_words_in_both_languages(days):
    for language in ("en", "ko"):
        with translation.override(language):
            said = formatting.days_in_words(days)
            assert said and "%" not in said


def test_the_presenter_shares_replaces_and_withdraws(turn, study):
    first, second = make.paper(study["group"], "GIRAFFE"), make.paper(study["group"], "BiT")
    assert turns.share(turn, first, by=study["alice"], now=SHARE_DAY_NOON) is True
    assert turns.share(turn, second, by=study["alice"], now=START) is True
    here = Presentation.objects.get(pk=turn.pk)
    assert (here.paper, here.shared_at) == (second, START)
    assert turns.withdraw(turn, by=study["alice"], now=START) is True
    here = Presentation.objects.get(pk=turn.pk)
    assert (here.paper, here.shared_at) == (None, None)
    assert turns.withdraw(turn, by=study["alice"], now=START) is False


def test_sharing_the_same_paper_again_keeps_the_first_moment(turn, study):
    paper = make.paper(study["group"])
    turns.share(turn, paper, by=study["alice"], now=SHARE_DAY_NOON)
    assert turns.share(turn, paper, by=study["alice"], now=START) is False
    assert Presentation.objects.get(pk=turn.pk).shared_at == SHARE_DAY_NOON


def test_an_organizer_shares_on_behalf_and_nobody_else_does(turn, study):
    paper = make.paper(study["group"])
    with pytest.raises(NotPossible, match="Only the presenter or an organizer"):
        turns.share(turn, paper, by=study["bob"], now=SHARE_DAY_NOON)
    assert Presentation.objects.get(pk=turn.pk).paper is None
    assert turns.share(turn, paper, by=study["olivia"], now=SHARE_DAY_NOON) is True


def test_a_paper_of_another_group_or_from_the_trash_is_refused(turn, study):
    foreign, gone = make.paper(study["mallory"].group), make.paper(study["group"])
    library.trash(gone, by=study["olivia"])
    gone.refresh_from_db()
    for paper in (foreign, gone):
        with pytest.raises(NotPossible, match="no longer in the library"):
            turns.share(turn, paper, by=study["alice"], now=SHARE_DAY_NOON)
    assert Presentation.objects.get(pk=turn.pk).paper is None


def test_a_turn_given_to_somebody_else_meanwhile_is_not_written_on(turn, study):
    mine = Presentation.objects.get(pk=turn.pk)
    Presentation.objects.filter(pk=turn.pk).update(presenter=study["bob"])
    with pytest.raises(NotPossible, match="changed meanwhile"):
        turns.share(mine, make.paper(study["group"]), by=study["alice"], now=SHARE_DAY_NOON)
    assert Presentation.objects.get(pk=turn.pk).paper is None


def test_nothing_is_shared_for_a_cancelled_session(turn, study):
    turn.session.state = Session.CANCELLED
    with pytest.raises(NotPossible, match="is cancelled"):
        turns.share(turn, make.paper(study["group"]), by=study["alice"], now=SHARE_DAY_NOON)


def test_a_closed_record_keeps_its_paper_until_it_is_opened_again(turn, study):
    first, second, later = make.paper(study["group"], "GIRAFFE"), make.paper(study["group"], "BiT"), START
    turns.share(turn, first, by=study["alice"], now=SHARE_DAY_NOON)
    closing.close(turn.session, by=study["olivia"], now=later)
    for by in (study["alice"], study["olivia"]):
        mine = Presentation.objects.select_related("session").get(pk=turn.pk)
        with pytest.raises(NotPossible, match="The record of this session is closed."):
            turns.withdraw(mine, by=by, now=later)
        with pytest.raises(NotPossible, match="The record of this session is closed."):
            turns.share(mine, second, by=by, now=later)
    assert Presentation.objects.get(pk=turn.pk).paper == first
    closing.reopen(turn.session, by=study["olivia"], now=later)
    mine = Presentation.objects.select_related("session").get(pk=turn.pk)
    assert turns.share(mine, second, by=study["alice"], now=later) is True


def test_a_record_closed_while_the_page_to_share_was_open_keeps_its_paper(turn, study):
    first = make.paper(study["group"], "GIRAFFE")
    turns.share(turn, first, by=study["alice"], now=SHARE_DAY_NOON)
    mine = Presentation.objects.select_related("session").get(pk=turn.pk)
    closing.close(turn.session, by=study["olivia"], now=START)
    with pytest.raises(NotPossible, match="The record of this session is closed."):
        turns.withdraw(mine, by=study["alice"], now=START)
    assert Presentation.objects.get(pk=turn.pk).paper == first


# ── at short notice ──
def moved_nearer(turn, study, at):
    there = (at + timedelta(days=3)).astimezone(turn.session.zone)
    session_changes.move_session(turn.session, there.date(), there.time(), by=study["olivia"], now=at)


def published_late(turn, study, at):
    Session.objects.update(starts_at=at + timedelta(days=3), ends_at=at + timedelta(days=3, hours=2))
    Term.objects.update(published_at=at)


def given_late(turn, study, at):
    Session.objects.update(starts_at=at + timedelta(days=3), ends_at=at + timedelta(days=3, hours=2))
    session_changes.set_presenters(Session.objects.get(), [study["bob"]], by=study["olivia"], now=at)


@pytest.mark.parametrize("happens", [moved_nearer, published_late, given_late])
def test_nobody_is_late_before_the_turn_was_theirs_as_it_stands(turn, study, happens):
    at = SHARE_DAY_NOON - timedelta(days=20)
    happens(turn, study, at)
    turn = Presentation.objects.get()
    assert turns.state(turn, at + timedelta(minutes=1)) == TurnState("warn", "Due as soon as you can")
    assert turns.state(turn, at + timedelta(days=1)) == TurnState("warn", "One day late")
    turns.share(turn, make.paper(study["group"]), by=study["olivia"], now=at + timedelta(hours=1))
    assert turns.state(turn, at + timedelta(hours=2)) == TurnState("ok", "Shared on the day")
