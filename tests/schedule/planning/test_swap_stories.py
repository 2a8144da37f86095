"""Random stories of swaps, gifts, plans and days away: nobody sits twice, and whatever is undone is as it was.

A story takes half a second, so there are few by default; --full plays a thousand changes and takes each of them back.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedule.models import Absence, Change, Presentation, Swap
from schedule.planning import changes, session_changes
from schedule.planning.swaps import offers
from schedule.refusal import NotPossible
from tests import make
from tests.examples import examples

NOW = make.utc(2026, 3, 1, 9)
NAMES = ("Alice", "Bob", "Carol", "Dora", "Emil", "Fay")
PERSON, SESSION, TURN = st.integers(0, 5), st.integers(0, 2), st.integers(0, 9)
ACTS = st.one_of(
    st.tuples(st.just("give"), TURN, PERSON),
    st.tuples(st.just("exchange"), TURN, TURN),
    st.tuples(st.just("to all"), TURN, PERSON),
    st.tuples(st.just("at once"), TURN, TURN),
    st.tuples(st.just("seat"), SESSION, st.lists(PERSON, unique=True, min_size=1, max_size=3)),
    st.tuples(st.just("share"), TURN),
    st.tuples(st.just("away"), SESSION, PERSON),
    st.tuples(st.just("undo"), st.integers(0, 5)),
)


class Story:
    """Three sessions, six people; Alice and Bob in the first, Carol in the second, Dora and Alice in the third."""

    def __init__(self):
        self.olivia = make.organizer(name="Olivia")
        group = self.olivia.group
        self.people = [make.member(group, name) for name in NAMES]
        self.term = make.term(group)
        self.sessions = [make.session(self.term, NOW + timedelta(days=9 * n)) for n in (1, 2, 3)]
        for session, seated in zip(self.sessions, ((0, 1), (2,), (3, 0)), strict=True):
            for person in seated:
                make.presentation(session, self.people[person])

    def rows(self):
        return list(Presentation.objects.filter(session__term=self.term).order_by("pk").values())

    def turn(self, number):
        """One of the turns there are."""
        found = list(Presentation.objects.filter(session__term=self.term).select_related("session__term", "presenter"))
        return found[number % len(found)]

    def play(self, act):
        """One act as far as it is possible then; the change it made."""
        before = set(Change.objects.values_list("pk", flat=True))
        try:
            getattr(self, f"_{act[0].replace(' ', '_')}")(*act[1:])
        except NotPossible:
            pass
        return Change.objects.exclude(pk__in=before).first()

    def _give(self, turn, taker):
        turn, taker = self.turn(turn), self.people[taker]
        offers.accept(offers.ask(turn, by=turn.presenter, now=NOW, taker=taker), by=taker, now=NOW)

    def _exchange(self, turn, wanted):
        turn, wanted = self.turn(turn), self.turn(wanted)
        asked = {"taker": wanted.presenter, "wanted": wanted.session}
        offers.accept(offers.ask(turn, by=turn.presenter, now=NOW, **asked), by=wanted.presenter, now=NOW)

    def _to_all(self, turn, taker):
        offers.accept(offers.ask(self.turn(turn), by=self.olivia, now=NOW), by=self.people[taker], now=NOW)

    def _at_once(self, turn, wanted):
        wanted = self.turn(wanted)
        offers.at_once(self.turn(turn), by=self.olivia, now=NOW, taker=wanted.presenter, wanted=wanted.session)

    def _seat(self, session, seated):
        self.sessions[session].refresh_from_db()
        people = [self.people[n] for n in seated]
        session_changes.set_presenters(self.sessions[session], people, by=self.olivia, now=NOW)

    def _share(self, turn):
        paper = make.paper(self.term.group)
        Presentation.objects.filter(pk=self.turn(turn).pk).update(paper=paper, shared_at=NOW)

    def _away(self, session, person):
        day = self.sessions[session].local_start.date()
        Absence.objects.create(membership=self.people[person], first_day=day, last_day=day)

    def _undo(self, nth):
        done = list(Change.objects.filter(term=self.term, undone_at=None))
        if nth < len(done):
            undo(done[nth], self.olivia)


def undo(change, by):
    verb = offers.undo if change.kind in {Change.SWAP, Change.GIVE} else changes.undo
    return verb(change, by=by, now=NOW)


def check(story):
    seats = list(Presentation.objects.filter(session__term=story.term).values_list("session", "presenter"))
    assert len(seats) == len(set(seats))
    for swap in Swap.objects.filter(state=Swap.ACCEPTED):
        assert swap.change.undone_at is None
    assert not Swap.objects.filter(state=Swap.UNDONE, change__undone_at=None).exists()


@pytest.mark.django_db
@settings(
    max_examples=examples(10, full=160),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(ACTS, min_size=6, max_size=12))
def test_whatever_is_undone_at_once_is_as_it_was_and_nobody_sits_twice(acts):
    """After every act: what it changed, undone in the same moment, leaves the same rows; done again it stands."""
    with transaction.atomic():
        story = Story()
        for act in acts:
            before = story.rows()
            with transaction.atomic():
                change = story.play(act)
                if change and act[0] != "undo":
                    assert undo(change, story.olivia) is True
                    assert story.rows() == before
                    check(story)
                transaction.set_rollback(True)
            story.play(act)
            check(story)
        transaction.set_rollback(True)
