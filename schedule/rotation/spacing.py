"""How far apart one member's turns lie, and bringing them further apart without making turns less even. Plain Python.

What near turns cost is in cost.py.

This is a local search, not an optimum: it ends where no move of turns between two people helps, and none among three
within WIDE_STEPS (enough for all of them up to some 12 members and 16 sessions). In terms small enough to try out every
plan, it finds the best spacing in 94 to 99 of 100 (benchmarks/rotation.py); the rest would take four people or more.

A move is a list of hand-overs (session, giver, taker). It either leads back to the first giver, who gets another session,
or ends with somebody who has exactly one turn fewer, so that the two change roles: the sum of squares of the loads stays.
"""

from collections.abc import Callable, Iterator

from schedule.rotation.cost import bits, hurt
from schedule.rotation.seating import Seating

HandOver = tuple[int, int, int]  # (session, giver, taker)
Moves = Iterator[tuple[int, tuple[HandOver, ...]]]
Way = Callable[[Seating, int, int], Moves]

STEPS = 400_000  # places that are tried at most for moves between two people, so that a huge term ends, too
WIDE_STEPS = 7_000  # the same for moves among three, which are many


def spread_out(seating: Seating) -> None:
    """Move turns until nothing gains or the steps are spent; wider moves only where no small one helps."""
    steps: dict[Way, int] = {_between_two: STEPS, _among_three: WIDE_STEPS}
    while _improve(seating, _between_two, steps) or _improve(seating, _among_three, steps):
        pass


def _improve(seating: Seating, moves: Way, steps: dict[Way, int]) -> bool:
    """Move every turn once to where it gains most; False when none could."""
    improved = False
    for session, row in enumerate(seating.seated):
        for member in bits(row & ~seating.fixed[session]):
            if not seating.seated[session] >> member & 1:  # moved meanwhile
                continue
            best: tuple[int, tuple[HandOver, ...]] = (0, ())
            for gain, move in moves(seating, member, session):
                steps[moves] -= 1
                if gain > best[0]:
                    best = (gain, move)
            for where, giver, taker in best[1]:
                seating.hand_over(where, giver, taker)
            improved |= best[0] > 0
            if steps[moves] < 0:
                return improved and steps[_between_two] >= 0
    return improved


def _between_two(seating: Seating, a: int, s: int) -> Moves:
    """(gain, move): another member takes turn `s` of `a`, or takes it for one of theirs."""
    here = _loss(seating, a, s)
    if not here:  # nothing near: whoever gains by an exchange with this turn finds it from their side
        return
    takers = seating.free[s] & ~seating.seated[s]
    for b in bits(takers):
        if _one_fewer(seating, b, a):
            yield here - hurt(seating.turns[b], seating.last[b], s), ((s, a, b),)
    for t in bits(seating.may[a] & ~seating.turns[a]):
        gain = _gain(seating, a, s, t)
        if gain <= 0:
            yield 0, ()
            continue
        for b in bits(seating.seated[t] & ~seating.fixed[t] & takers):
            yield gain + _gain(seating, b, t, s), ((s, a, b), (t, b, a))


def _among_three(seating: Seating, a: int, s: int) -> Moves:
    """(gain, move): b takes turn `s` of `a`, c takes one of b's, and c has a turn fewer or gives `a` one for it.

    What cannot gain any more is left early: of a round with a gain, some start has a gain after every step.
    """
    here = _loss(seating, a, s)
    takers = seating.free[s] & ~seating.seated[s]
    for b, t in _loose(seating, takers):
        gain = here + _gain(seating, b, t, s)
        yield 0, ()
        for c in bits(seating.free[t] & ~seating.seated[t] if gain > 0 else 0):
            if _one_fewer(seating, c, a):
                yield gain - hurt(seating.turns[c], seating.last[c], t), ((s, a, b), (t, b, c))
    for u in bits(seating.may[a] & ~seating.turns[a]):
        first = _gain(seating, a, s, u)
        yield 0, ()
        for c in bits(seating.seated[u] & ~seating.fixed[u] if first > 0 else 0):
            for t in bits(seating.may[c] & ~seating.turns[c] & ~(1 << s)):
                gain = first + _gain(seating, c, u, t)
                yield 0, ()
                for b in bits(seating.seated[t] & ~seating.fixed[t] & takers if gain > 0 else 0):
                    yield gain + _gain(seating, b, t, s), ((s, a, b), (u, c, a), (t, b, c))


def _loss(seating: Seating, member: int, session: int) -> int:
    """What the member's hurt falls by without this turn."""
    return hurt(seating.turns[member] ^ (1 << session), seating.last[member], session)


def _gain(seating: Seating, member: int, out: int, into: int) -> int:
    """What the member's hurt falls by with a turn in `into` for the one in `out`."""
    rest = seating.turns[member] ^ (1 << out)
    return hurt(rest, seating.last[member], out) - hurt(rest, seating.last[member], into)


def _one_fewer(seating: Seating, member: int, than: int) -> bool:
    return seating.load[than] - seating.load[member] == seating.TURN


def _loose(seating: Seating, members: int) -> Iterator[tuple[int, int]]:
    """(member, session) of every turn of these members that may move."""
    for member in bits(members):
        for session in bits(seating.turns[member]):
            if not seating.fixed[session] >> member & 1:
                yield member, session
