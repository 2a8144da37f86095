from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.rotation.solver import Plan, rotate
from tests.examples import examples
from tests.schedule.rotation.worlds import loads_of, squares

SEVEN = ["김민규", "이하윤", "박서준", "최지우", "정도윤", "강서연", "조은우"]


def test_the_first_turns_go_in_order_of_joining():
    assert rotate(SEVEN, [2, 2, 2]).turns == (("김민규", "이하윤"), ("박서준", "최지우"), ("정도윤", "강서연"))


def test_a_term_goes_on_where_the_last_one_ended():
    """Nobody carries anything; Alice presented in the last session, Bob in the one before, Charlie before that."""
    plan = rotate(["Alice", "Bob", "Charlie"], [1, 1, 1, 1], recent={"Alice": 1, "Bob": 2, "Charlie": 3})
    assert plan.turns == (("Charlie",), ("Bob",), ("Alice",), ("Charlie",))


def test_whoever_carries_more_presents_less():
    plan = rotate(["Alice", "Bob", "Charlie"], [1] * 4, carried={"Alice": 1, "Bob": -1, "Charlie": 0})
    assert plan.counts == {"Alice": 1, "Bob": 2, "Charlie": 1}
    assert plan.loads == {"Alice": 2, "Bob": 1, "Charlie": 1}


@pytest.mark.parametrize("people", range(2, 13))
@pytest.mark.parametrize("presenters", [1, 2, 3])
def test_when_nobody_is_away_everybody_waits_for_all_others(people, presenters):
    """Between two turns of a member lie as many sessions as the others can fill."""
    if presenters > people:
        return
    plan = rotate(range(people), [presenters] * 26)
    gaps = [
        later - earlier
        for member in range(people)
        for earlier, later in pairwise(s for s, turn in enumerate(plan.turns) if member in turn)
    ]
    assert min(gaps) >= people // presenters


def crowding(members, turns, recent):
    """The sum of 1/d² over consecutive turns, counted anew."""
    total = Fraction(0)
    for member in members:
        mine = [s for s, turn in enumerate(turns) if member in turn]
        mine = [-recent[member], *mine] if member in recent else mine
        total += sum(Fraction(1, (later - earlier) ** 2) for earlier, later in pairwise(mine))
    return total


@st.composite
def roomy_worlds(draw):
    """Terms with few absences, in which turns can move."""
    members, sessions = [*"ABCDE"[: draw(st.integers(3, 5))]], draw(st.integers(4, 7))
    places = st.tuples(st.sampled_from(members), st.integers(0, sessions - 1))
    return {
        "members": members,
        "seats": draw(st.lists(st.integers(1, 2), min_size=sessions, max_size=sessions)),
        "away": draw(st.sets(places, max_size=8)),
        "pinned": draw(st.sets(places, max_size=2)),
        "carried": draw(st.dictionaries(st.sampled_from(members), st.sampled_from([1, -1, 0.5]), max_size=2)),
        "recent": draw(st.dictionaries(st.sampled_from(members), st.integers(1, 6))),
    }


def neighbours(world, plan):
    """Every plan, as even, that differs by turns moving between two people or among three."""
    turns, even = [set(turn) for turn in plan.turns], squares(loads_of(world, plan))
    loose = [(s, m) for s, turn in enumerate(turns) for m in turn if (m, s) not in world["pinned"]]
    members = world["members"]
    moves = [[(s, a, b)] for s, a in loose for b in members]
    moves += [[(s, a, b), (t, b, c)] for (s, a), (t, b) in permutations(loose, 2) for c in members]
    moves += [
        [(s, a, b), (t, b, c), (u, c, a)] for (s, a), (t, b), (u, c) in permutations(loose, 3) if len({a, b, c}) == 3
    ]
    for move in moves:
        after = [set(turn) for turn in turns]
        for session, giver, taker in move:
            after[session] = after[session] - {giver} | {taker}
        stays = [len(turn) for turn in after] == [len(turn) for turn in turns]
        allowed = all((taker, session) not in world["away"] for session, _giver, taker in move)
        if stays and allowed and squares(loads_of(world, Plan(tuple(map(tuple, after)), {}, {}, ()))) == even:
            yield after


@settings(max_examples=examples(80), deadline=None)
@given(roomy_worlds())
def test_no_move_among_three_people_brings_turns_further_apart(world):
    plan = rotate(**world)
    here = crowding(world["members"], plan.turns, world["recent"])
    best = min((crowding(world["members"], after, world["recent"]) for after in neighbours(world, plan)), default=here)
    assert best >= here - Fraction(1, 10**9)
