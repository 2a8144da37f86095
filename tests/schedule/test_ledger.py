"""What earlier terms leave behind."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.ledger import Ledger, settle
from tests.make import utc

START = utc(2025, 3, 4, 1)
ALICE, BOB, CHARLIE = 1, 2, 3


def members(*joined):
    """Members 1, 2, …, who joined so many days after START."""
    return [SimpleNamespace(pk=n, joined_at=START + timedelta(days=days)) for n, days in enumerate(joined, 1)]


def turns(*presenters, term=1, start=START):
    """A term of weekly sessions: a string names the presenters of one session, A is 1, B is 2."""
    return [
        (term, start + timedelta(weeks=week), ord(letter) - 64)
        for week, session in enumerate(presenters)
        for letter in session
    ]


def test_without_history_nobody_owes_anything():
    assert settle([], members(0, 0)) == Ledger({}, {})


def test_who_presented_more_than_their_share_carries_it():
    book = settle(turns("A", "A", "B"), members(-9, -9))
    assert book == Ledger({ALICE: 0.5, BOB: -0.5}, {BOB: 1, ALICE: 2})


def test_who_was_there_and_never_presented_owes_their_share():
    assert settle(turns("A", "B"), members(-9, -9, -9)).carried == {
        ALICE: pytest.approx(1 / 3),
        BOB: pytest.approx(1 / 3),
        CHARLIE: pytest.approx(-2 / 3),
    }


def test_who_joined_after_a_term_owes_nothing_for_it():
    assert settle(turns("A", "B"), members(-9, -9, 300)).carried == {ALICE: 0, BOB: 0}


def test_terms_add_up_each_by_itself():
    second = turns("B", "B", term=2, start=START + timedelta(days=200))
    assert settle(turns("A", "A") + second, members(-9, -9)) == Ledger({ALICE: 0, BOB: 0}, {BOB: 1, ALICE: 3})


def test_who_left_counts_in_the_share_but_has_no_line():
    assert settle(turns("A", "B"), members(-9)).carried == {ALICE: 0}


@given(st.lists(st.text(alphabet="ABCD", min_size=1, max_size=3).map(lambda s: "".join(set(s))), max_size=12))
def test_the_ledger_of_people_who_were_all_there_adds_up_to_nothing(sessions):
    book = settle(turns(*sessions), members(-9, -9, -9, -9))
    assert sum(book.carried.values()) == pytest.approx(0, abs=1e-4)
