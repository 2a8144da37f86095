import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.rotation import AWAY, EARLIER, PINNED, Forced, Plan, Proof, balance, rotate, why

SEVEN = ["김민규", "이하윤", "박서준", "최지우", "정도윤", "강서연", "조은우"]


# ── every plan there is, found without any flow ──────────────────────────────────────────────────


@st.composite
def worlds(draw, most_members=5, most_sessions=5, carrying=True, pinning=True):
    """Arguments of rotate(): small enough to try out everything."""
    members = [*"ABCDE"[: draw(st.integers(1, most_members))]]
    seats = draw(st.lists(st.sampled_from([1, 2, 2, 3, 0, None]), max_size=most_sessions))
    places = list(product(members, range(len(seats))))
    some = st.sets(st.sampled_from(places)) if places else st.just(set())
    few = st.sets(st.sampled_from(places), max_size=3) if places and pinning else st.just(set())
    loads = st.sampled_from([0, 0, 1, -1, 2, Fraction(1, 3), Fraction(-2, 3), 0.5])
    return {
        "members": members,
        "seats": seats,
        "away": draw(some),
        "pinned": draw(few),
        "carried": draw(st.dictionaries(st.sampled_from(members), loads)) if carrying else {},
        "recent": draw(st.dictionaries(st.sampled_from(members), st.integers(1, 6))),
    }


def open_seats(world):
    """Per session: those pinned, those who might be chosen, and how many of them are wanted and can be had."""
    for session, wanted in enumerate(world["seats"]):
        fixed = {m for m, index in world["pinned"] if index == session}
        choice = [m for m in world["members"] if m not in fixed and (m, session) not in world["away"]]
        wanted = len(choice) if wanted is None else max(0, wanted - len(fixed))
        yield fixed, choice, wanted, min(wanted, len(choice))


def reachable_loads(world):
    """The loads of every plan that fills every seat it can, members in order."""
    members = world["members"]
    found = {tuple(Fraction(world["carried"].get(m, 0)) for m in members)}
    for fixed, choice, _wanted, possible in open_seats(world):
        turns = [fixed | set(chosen) for chosen in combinations(choice, possible)]
        found = {tuple(x + (m in turn) for m, x in zip(members, loads, strict=True)) for loads in found for turn in turns}
    return found


def squares(loads):
    return sum(load**2 for load in loads)


def spread(loads):
    return max(loads) - min(loads)


def loads_of(world, plan):
    had = Counter(m for turn in plan.turns for m in turn)
    return tuple(Fraction(world["carried"].get(m, 0)) + had[m] for m in world["members"])


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_no_plan_is_more_even(world):
    mine, every = loads_of(world, rotate(**world)), reachable_loads(world)
    assert mine in every
    assert squares(mine) == min(map(squares, every))
    assert spread(mine) == min(map(spread, every))
    assert max(mine) == min(map(max, every))
    assert min(mine) == max(map(min, every))


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_every_seat_is_filled_by_somebody_free_who_sits_once_and_pinned_turns_never_move(world):
    plan = rotate(**world)
    lacking = {}
    for session, (fixed, choice, wanted, possible) in enumerate(open_seats(world)):
        turn = plan.turns[session]
        assert len(turn) == len(set(turn)) == len(fixed) + possible
        assert fixed <= set(turn) <= fixed | set(choice)
        assert list(turn) == [m for m in world["members"] if m in turn]
        if wanted > possible:
            lacking[session] = wanted - possible
    assert plan.lacking == lacking
    assert plan.counts == {m: sum(m in turn for turn in plan.turns) for m in world["members"]}


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_what_the_proof_claims_is_found_by_counting(world):
    """Its bounds are counted anew from the dates alone: they leave no room for a smaller highest or a greater lowest load."""
    plan = rotate(**world)
    loads, proof = loads_of(world, plan), plan.proof
    assert (proof.most, proof.fewest) == pytest.approx((float(max(loads)), float(min(loads))))
    if spread(loads) <= 1:
        assert (proof.cause, proof.crowded, proof.scarce, plan.forced) == ("", None, None, ())
        return
    crowded, scarce = set(proof.crowded.members), set(proof.scarce.members)
    must, can = {}, {}
    for session, (_fixed, choice, _wanted, possible) in enumerate(open_seats(world)):
        must[session] = max(0, possible - len(set(choice) - crowded))
        can[session] = min(possible, len(set(choice) & scarce))
    assert proof.crowded.turns == sum(must.values())
    assert proof.scarce.turns == sum(can.values())
    assert set(proof.crowded.sessions) >= {s for s, turns in must.items() if turns}
    assert set(proof.scarce.sessions) == {s for s, turns in can.items() if turns}
    for bound in proof.crowded, proof.scarce:
        assert bound.pinned == sum(m in bound.members for m, _session in world["pinned"])
        assert bound.carried == pytest.approx(float(sum(Fraction(world["carried"].get(m, 0)) for m in bound.members)))
    assert proof.crowded.each > max(loads) - 1
    assert proof.scarce.each < min(loads) + 1


@settings(max_examples=150, deadline=None)
@given(worlds(carrying=False, pinning=False))
def test_dates_that_force_more_are_named_with_who_is_free(world):
    plan = rotate(**world)
    free = [tuple(m for m in world["members"] if (m, s) not in world["away"]) for s in range(len(world["seats"]))]
    forced = plan.most - plan.fewest > 1
    assert plan.proof.cause == (AWAY if forced else "")
    assert bool(plan.forced) == forced
    for one in plan.forced:
        assert one.free == free[one.session]
        assert set(plan.turns[one.session]) & {m for m, turns in plan.counts.items() if turns >= plan.most - 1}
        assert {m for m, turns in plan.counts.items() if turns < plan.most - 1} - set(one.free)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 12), st.lists(st.integers(0, 12), max_size=30), st.integers(-3, 3))
def test_turns_differ_by_at_most_one_when_nobody_is_away(people, seats, carried):
    plan = rotate(range(people), seats, carried=dict.fromkeys(range(people), carried))
    assert plan.most - plan.fewest <= 1
    assert sum(plan.counts.values()) == sum(min(k, people) for k in seats)
    assert (plan.proof.cause, plan.forced) == ("", ())


@settings(max_examples=50, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_same_input_gives_the_same_plan_in_whatever_order_it_is_told(world, random):
    told = {key: random.sample(sorted(world[key]), len(world[key])) for key in ("away", "pinned")}
    told |= {key: dict(random.sample(list(world[key].items()), len(world[key]))) for key in ("carried", "recent")}
    assert rotate(**world | told) == rotate(**world)


def test_another_interpreter_gives_the_same_plan():
    code = (
        "from schedule.rotation import rotate\n"
        "import sys\n"
        "print(rotate(list('ABCDEFG'), [2] * 8, away={(m, ord(m) * 7 % 8) for m in 'ABCDEF'}).turns)\n"
        "assert 'django' not in sys.modules\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


# ── order and distance ───────────────────────────────────────────────────────────────────────────


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
    moves += [[(s, a, b), (t, b, c), (u, c, a)] for (s, a), (t, b), (u, c) in permutations(loose, 3) if len({a, b, c}) == 3]
    for move in moves:
        after = [set(turn) for turn in turns]
        for session, giver, taker in move:
            after[session] = after[session] - {giver} | {taker}
        stays = [len(turn) for turn in after] == [len(turn) for turn in turns]
        allowed = all((taker, session) not in world["away"] for session, _giver, taker in move)
        if stays and allowed and squares(loads_of(world, Plan(tuple(map(tuple, after)), {}, {}, ()))) == even:
            yield after


@settings(max_examples=80, deadline=None)
@given(roomy_worlds())
def test_no_move_among_three_people_brings_turns_further_apart(world):
    plan = rotate(**world)
    here = crowding(world["members"], plan.turns, world["recent"])
    best = min((crowding(world["members"], after, world["recent"]) for after in neighbours(world, plan)), default=here)
    assert best >= here - Fraction(1, 10**9)


# ── worked examples ──────────────────────────────────────────────────────────────────────────────


def test_everybody_who_is_free_presents_when_all_do():
    plan = rotate(["Alice", "Bob", "Charlie"], [None, None], away={("Bob", 1)})
    assert plan.turns == (("Alice", "Bob", "Charlie"), ("Alice", "Charlie"))
    assert plan.lacking == {}


def test_a_pinned_turn_of_somebody_away_leaves_everybody_else_theirs():
    plan = rotate(["Alice", "Bob"], [None], away={("Alice", 0)}, pinned={("Alice", 0)})
    assert plan.turns == (("Alice", "Bob"),)


def test_a_session_says_how_many_it_lacks():
    plan = rotate(["Alice", "Bob", "Charlie"], [3, 2], away={("Alice", 0), ("Bob", 0)})
    assert plan.lacking == {0: 2}
    assert plan.turns[0] == ("Charlie",)


def test_a_turn_is_passed_on_through_others():
    """Fewest-first would seat Alice on the first day and leave the second to Alice again: Bob is free only on the first."""
    plan = rotate(["Alice", "Bob"], [1, 1], away={("Bob", 1)})
    assert plan.turns == (("Bob",), ("Alice",))


def test_somebody_away_most_of_the_term_is_named_as_the_reason():
    """Seven people, two of them in each session; Bob is here on the last day only."""
    people = [*"ABCDEFG"]
    plan = rotate(people, [2] * 8, away={("B", n) for n in range(7)})
    assert plan.counts == {"A": 3, "B": 1, "C": 3, "D": 3, "E": 2, "F": 2, "G": 2}
    scarce = plan.proof.scarce
    assert (plan.proof.most, plan.proof.fewest, plan.proof.spread, plan.proof.cause) == (3, 1, 2, AWAY)
    assert (scarce.members, scarce.sessions, scarce.turns, scarce.each) == (("B",), (7,), 1, 1)
    assert plan.forced == tuple(Forced(n, tuple("ACDEFG")) for n in range(7))


def test_two_who_are_alone_on_some_dates_are_named_as_the_reason():
    others = ["박서준", "최지우", "정도윤"]
    people = ["김민규", "이하윤", *others]
    plan = rotate(people, [1] * 6, away={(m, n) for m in others for n in range(6)})
    assert plan.counts == {"김민규": 3, "이하윤": 3, "박서준": 0, "최지우": 0, "정도윤": 0}
    crowded = plan.proof.crowded
    assert (crowded.members, crowded.sessions, crowded.turns, crowded.each) == (("김민규", "이하윤"), tuple(range(6)), 6, 3)
    assert plan.forced == tuple(Forced(n, ("김민규", "이하윤")) for n in range(6))


def test_a_date_on_which_only_somebody_with_enough_turns_is_away_is_not_named():
    """Alice, away on the first day, has two turns as it is; Bob, away on the others, has one."""
    plan = rotate(["Alice", "Bob", "Charlie"], [2, 2, 2], away={("Alice", 0), ("Bob", 1), ("Bob", 2)})
    assert plan.counts == {"Alice": 2, "Bob": 1, "Charlie": 3}
    assert plan.forced == (Forced(1, ("Alice", "Charlie")), Forced(2, ("Alice", "Charlie")))


def test_a_date_that_nobody_with_many_turns_has_to_take_is_not_named():
    """Charlie is never there; on the second day Bob takes the turn, and two for Alice are forced by the other days."""
    away = {("Bob", 0), ("Bob", 2)} | {("Charlie", n) for n in range(3)}
    plan = rotate(["Alice", "Bob", "Charlie"], [1, 1, 1], away=away)
    assert plan.counts == {"Alice": 2, "Bob": 1, "Charlie": 0}
    assert plan.forced == (Forced(0, ("Alice",)), Forced(2, ("Alice",)))
    assert (plan.proof.scarce.members, plan.proof.scarce.sessions) == (("Charlie",), ())


def test_absences_are_the_reason_even_where_turns_are_set_by_hand_besides():
    plan = rotate(["Alice", "Bob"], [1, 1], away={("Bob", 0), ("Bob", 1)}, pinned={("Alice", 0), ("Alice", 1)})
    assert (plan.counts, plan.proof.cause) == ({"Alice": 2, "Bob": 0}, AWAY)


def test_turns_set_by_hand_are_named_as_the_reason():
    plan = rotate(["Alice", "Bob", "Charlie"], [1, 1, 1], pinned={("Alice", n) for n in range(3)})
    assert plan.counts == {"Alice": 3, "Bob": 0, "Charlie": 0}
    assert plan.proof.cause == PINNED
    assert plan.proof.crowded.members == ("Alice",)
    assert (plan.proof.crowded.turns, plan.proof.crowded.pinned) == (0, 3)


def test_a_term_too_short_to_even_out_earlier_ones_says_so():
    plan = rotate(["Alice", "Bob"], [1, 1], carried={"Alice": 5, "Bob": -5})
    assert plan.counts == {"Alice": 0, "Bob": 2}
    assert (plan.proof.cause, plan.proof.spread, plan.forced) == (EARLIER, 8, ())
    assert (plan.proof.scarce.members, plan.proof.scarce.turns, plan.proof.scarce.carried) == (("Bob",), 2, -5)


def test_nobody_and_nothing_give_an_empty_plan():
    assert rotate([], [2]) == Plan(turns=((),), counts={}, lacking={0: 2}, forced=(), loads={}, proof=Proof(0, 0))
    assert rotate(["Alice"], []).counts == {"Alice": 0}


def test_pins_and_absences_of_people_or_sessions_that_are_gone_change_nothing():
    world = {("Zoe", 0), ("Alice", 7), ("Alice", -1)}
    assert rotate(["Alice", "Bob"], [1, 1], pinned=world, away=world) == rotate(["Alice", "Bob"], [1, 1])


# ── why me? ──────────────────────────────────────────────────────────────────────────────────────


def test_a_turn_is_explained_by_who_was_free_and_what_they_had():
    away = {("Charlie", 1)}
    plan = rotate(["Alice", "Bob", "Charlie"], [1, 1, 1, 1], away=away, carried={"Charlie": 1}, recent={"Alice": 3})
    assert plan.turns == (("Bob",), ("Alice",), ("Charlie",), ("Bob",))
    one = why(plan, "Alice", 1, away=away, recent={"Alice": 3})
    assert (one.turn, one.load, one.before, one.since, one.pinned) == (1, 1, 0, 4, False)
    assert (one.free, one.others, one.fewest) == (("Alice", "Bob"), {"Bob": 1}, True)
    assert why(plan, "Bob", 3).since == 3
    assert why(plan, "Bob", 0).since is None


def test_a_turn_set_by_hand_is_explained_as_such():
    pinned = {("Alice", 1)}
    plan = rotate(["Alice", "Bob"], [1, 1], pinned=pinned)
    assert why(plan, "Alice", 1, pinned=pinned).pinned is True
    with pytest.raises(ValueError):
        why(plan, "Alice", 0)


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────


def test_a_newcomer_starts_level_and_a_postponed_turn_stays_owed():
    """Alice and Bob shared two sessions; Charlie came to the third, which Alice presented in Bob's place."""
    held = [(["Alice"], ["Alice", "Bob"]), (["Bob"], ["Alice", "Bob"]), (["Alice"], ["Alice", "Bob", "Charlie"])]
    assert balance(held) == {"Alice": Fraction(2, 3), "Bob": Fraction(-1, 3), "Charlie": Fraction(-1, 3)}
    assert balance(held[:2]) == {"Alice": 0, "Bob": 0}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sets(st.sampled_from("ABCDE")), st.sets(st.sampled_from("ABCDE")))))
def test_the_ledger_balances(held):
    assert sum(balance(held).values()) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sets(st.sampled_from([*range(7)]), max_size=4), min_size=2, max_size=6), st.integers(1, 3))
def test_term_after_term_debts_never_grow_when_everybody_is_there(absences, presenters):
    """After a term with absences, one in which nobody is away brings the group within one turn again, if it is long enough."""
    away = {(m, n) for n, gone in enumerate(absences) for m in gone}
    first = rotate(range(7), [min(presenters, 3)] * len(absences), away=away)
    book = balance((turn, range(7)) for turn in first.turns)
    second = rotate(range(7), [presenters] * 30, carried=book)
    assert spread(second.loads.values()) <= 1
    assert sum(book.values()) == 0


# ── speed ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("people", "sessions", "presenters", "seconds"), [(12, 26, 3, 0.05), (500, 52, 10, 3)])
def test_a_plan_is_quick(people, sessions, presenters, seconds):
    away = {(m, n) for m in range(people) for n in range(sessions) if (m * 31 + n * 17) % 4 == 0}
    tries = []
    for _try in range(3):  # the machine may be busy: the best of three
        started = time.process_time()
        rotate(range(people), [presenters] * sessions, away=away)
        tries.append(time.process_time() - started)
    assert min(tries) <= seconds
