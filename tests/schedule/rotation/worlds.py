"""Small terms to try everything out on, and every plan there is for them, found without any flow."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, product

from hypothesis import strategies as st


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
        found = {
            tuple(x + (m in turn) for m, x in zip(members, loads, strict=True)) for loads in found for turn in turns
        }
    return found


def squares(loads):
    return sum(load**2 for load in loads)


def spread(loads):
    return max(loads) - min(loads)


def loads_of(world, plan):
    had = Counter(m for turn in plan.turns for m in turn)
    return tuple(Fraction(world["carried"].get(m, 0)) + had[m] for m in world["members"])
