"""What past sessions leave behind."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from members import membership
from members.models import Membership, Pause
from schedule.rotation.ledger import Account, Ledger, Place, ledger, settle
from tests import make
from tests.examples import examples
from tests.make import utc

START = utc(2025, 3, 4, 1)
ALICE, BOB, CHARLIE, DAN = 1, 2, 3, 4
WEEK = timedelta(weeks=1)


def people(*joined, pauses=None):
    """Members 1, 2, …, who joined so many weeks after START; `pauses` by member as weeks after START."""
    at = {
        n: [(START + b * WEEK, e if e is None else START + e * WEEK) for b, e in p] for n, p in (pauses or {}).items()
    }
    return [Place(n, START + weeks * WEEK, tuple(at.get(n, ()))) for n, weeks in enumerate(joined, 1)]


def turns(*presenters, term=1, start=START):
    """A term of weekly sessions: a string names the presenters of one session, A is 1, B is 2."""
    return [
        (term, start + week * WEEK, ord(letter) - 64) for week, session in enumerate(presenters) for letter in session
    ]


def carried(rows, places):
    return settle(rows, places, [p.pk for p in places]).carried


def test_without_history_nobody_owes_anything():
    assert settle([], people(0, 0), [ALICE, BOB]) == Ledger({}, {}, {})


def test_who_presented_more_than_their_share_carries_it():
    half = Fraction(1, 2)
    assert settle(turns("A", "A", "B"), people(-9, -9), [ALICE, BOB]) == Ledger(
        {ALICE: half, BOB: -half},
        {BOB: 1, ALICE: 2},
        {ALICE: [Account(1, 2, 3 * half)], BOB: [Account(1, 1, 3 * half)]},
    )


def test_who_was_there_and_never_presented_owes_their_share():
    third = Fraction(1, 3)
    assert carried(turns("A", "B"), people(-9, -9, -9)) == {ALICE: third, BOB: third, CHARLIE: -2 * third}


def test_who_joined_after_a_term_owes_nothing_for_it():
    assert carried(turns("A", "B"), people(-9, -9, 50)) == {ALICE: 0, BOB: 0}


def test_who_joins_in_mid_term_shares_only_what_was_left_of_it():
    """Four turns before Charlie came, two after: the share of a third of two, not of six."""
    book = carried(turns("A", "B", "A", "B", "A", "B"), people(-9, -9, 4))
    assert book == {ALICE: Fraction(1, 3), BOB: Fraction(1, 3), CHARLIE: Fraction(-2, 3)}


def test_a_pause_leaves_no_debt_and_being_away_does():
    rows = turns("A", "B", "A", "B")
    paused = carried(rows, people(-9, -9, -9, pauses={CHARLIE: [(0, 4)]}))
    assert paused == {ALICE: 0, BOB: 0}
    assert carried(rows, people(-9, -9, -9))[CHARLIE] == Fraction(-4, 3)


def test_who_pauses_still_shares_nothing_since_then():
    book = carried(turns("A", "B", "A", "B"), people(-9, -9, -9, pauses={CHARLIE: [(2, None)]}))
    assert book[CHARLIE] == Fraction(-2, 3)


def test_terms_add_up_and_each_keeps_its_line():
    rows = turns("A", "A") + turns("B", "B", term=2, start=START + 30 * WEEK)
    book = settle(rows, people(-9, -9), [ALICE, BOB])
    assert (book.carried, book.recent) == ({ALICE: 0, BOB: 0}, {BOB: 1, ALICE: 3})
    assert book.accounts[ALICE] == [Account(1, 2, 1), Account(2, 0, 1)]


def test_who_left_counts_in_the_share_but_has_no_line():
    assert settle(turns("A", "B"), people(-9, -9), [ALICE]).carried == {ALICE: 0}


def test_a_postponed_turn_stays_owed():
    """Alice and Bob take turns; Bob lets Alice present in his place: he is behind, and postponing again leaves him there."""
    once = carried(turns("A", "A"), people(-9, -9))
    twice = carried(turns("A", "A", "A"), people(-9, -9))
    assert once[BOB] == -1
    assert twice[BOB] == Fraction(-3, 2)


WORLDS = st.tuples(
    st.lists(st.text(alphabet="ABCD", max_size=3).map(lambda s: "".join(set(s))), max_size=10),
    st.tuples(*[st.integers(-3, 12)] * 4),
    st.dictionaries(
        st.sampled_from([ALICE, BOB, CHARLIE, DAN]),
        st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(10, 12))).map(lambda pause: [pause]),
    ),
)


@settings(max_examples=examples(200), deadline=None)
@given(WORLDS)
def test_the_ledger_balances_whoever_joins_and_pauses(world):
    sessions, joined, pauses = world
    book = settle(turns(*sessions), people(*joined, pauses=pauses), [ALICE, BOB, CHARLIE, DAN])
    assert sum(book.carried.values()) == 0
    assert sum(account.turns for lines in book.accounts.values() for account in lines) == sum(map(len, sessions))
    for pk, lines in book.accounts.items():
        assert book.carried[pk] == sum(account.turns - account.share for account in lines)


@settings(max_examples=examples(150), deadline=None)
@given(WORLDS, st.data())
def test_handing_a_turn_to_somebody_else_never_lowers_what_one_owes(world, data):
    """One turn less for who gives it, one more for who takes it, and nothing for anybody else."""
    sessions, joined, pauses = world
    everybody = people(*[min(weeks, 0) for weeks in joined])
    open_turns = [
        (n, a, b) for n, turn in enumerate(sessions) for a in turn for b in "ABCD" if b not in turn and len(turn) > 0
    ]
    if not open_turns:
        return
    n, giver, taker = data.draw(st.sampled_from(open_turns))
    before = carried(turns(*sessions), everybody)
    after = carried(turns(*sessions[:n], sessions[n].replace(giver, taker), *sessions[n + 1 :]), everybody)
    moved = {pk: after[pk] - before[pk] for pk in after}
    assert moved == dict.fromkeys(moved, 0) | {ord(giver) - 64: -1, ord(taker) - 64: 1}


# ── from the database ────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_pauses_and_coming_back_are_remembered():
    place = make.member()
    for verb in ("pause", "leave"):
        membership.change(place, verb)
    assert [(p.membership_id, p.ended_at) for p in Pause.objects.all()] == [(place.pk, None)]
    membership.enter(place.group, place.member, Membership.MEMBER)
    assert [p.ended_at is not None for p in place.pauses.all()] == [True]
    membership.change(place, "pause")
    membership.change(place, "resume")
    assert [p.ended_at is not None for p in place.pauses.all()] == [True, True]


def test_the_ledger_reads_published_sessions_in_three_queries(study, django_assert_num_queries):
    Membership.objects.update(joined_at=START - WEEK)
    Pause.objects.create(membership=study["bob"], began_at=START + WEEK, ended_at=START + 3 * WEEK)
    term, draft = make.term(study["group"]), make.term(study["group"], published=False)
    for week in range(2):
        make.presentation(make.session(term, START + 2 * week * WEEK), study["alice"])
    make.presentation(make.session(term, START + WEEK, state="cancelled"), study["alice"])
    make.presentation(make.session(draft, START + WEEK), study["alice"])
    mine = [study["alice"], study["bob"]]
    with django_assert_num_queries(3):
        book = ledger(study["group"], mine, now())
    assert book.carried == {study["alice"].pk: 2 - Fraction(1, 3) - Fraction(1, 2), study["bob"].pk: -Fraction(1, 3)}
    assert ledger(study["group"], mine, START).carried == {}
