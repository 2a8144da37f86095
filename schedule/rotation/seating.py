"""Sessions × members while seats are being given: the flow behind rotation.py, on bit sets. Plain Python.

Sets of members, and sets of sessions, are the bits of an integer: members by order of joining, sessions by date.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from schedule.rotation.cost import bits, hurt

Number = int | float | Fraction
Turns = Collection[tuple[Any, int]]  # (member, session)
Best = tuple[int, int, int, int]  # (load, near, member, session)
Came = dict[int, tuple[int, int]]  # session -> (the session before it on the way, who would move there)


class Seating:
    """Who sits where, and who might. Loads are integers in millionths of a turn, so that ties are ties."""

    TURN = 10**6

    def __init__(
        self,
        members: Sequence[Any],
        seats: Sequence[int | None],
        away: Turns,
        carried: Mapping[Any, Number],
        recent: Mapping[Any, int],
        pinned: Turns,
    ) -> None:
        if any(ago < 1 for ago in recent.values()):
            raise ValueError("recent counts from 1, the session before the first one")
        self.members = list(dict.fromkeys(members))
        self.number = {member: i for i, member in enumerate(self.members)}
        self.free = [(1 << len(self.members)) - 1] * len(seats)  # session -> members who are free
        self.fixed = [0] * len(seats)  # session -> members whose turn stays
        for member, session in away:
            if member in self.number and 0 <= session < len(seats):
                self.free[session] &= ~(1 << self.number[member])
        for member, session in pinned:
            if member in self.number and 0 <= session < len(seats):
                self.fixed[session] |= 1 << self.number[member]
        rows = zip(self.free, self.fixed, seats, strict=True)
        self.seats = [(free | fixed).bit_count() if k is None else k for free, fixed, k in rows]
        self.last = [-recent[m] if m in recent else None for m in self.members]
        self.load = [round(carried.get(m, 0) * self.TURN) for m in self.members]
        self.seated = [0] * len(seats)  # session -> members who present
        self.turns = [0] * len(self.members)  # member -> sessions in which they present
        for session, row in enumerate(self.fixed):
            for member in bits(row):
                self._sit(member, session)
        self.may = [0] * len(self.members)  # member -> sessions in which they are free
        for session, row in enumerate(self.free):
            for member in bits(row):
                self.may[member] |= 1 << session

    def fill(self) -> "Seating":
        """One cheapest augmenting path per seat; a session without one lacks that seat."""
        for session, wanted in enumerate(self.seats):
            while self.seated[session].bit_count() < wanted and self._augment(session):
                pass
        return self

    def seat(self, kept: Turns) -> "Seating":
        """Begin with these (member, session) turns, as far as they are possible; they may move like all others."""
        for member, session in sorted(kept, key=lambda turn: (turn[1], self.number.get(turn[0], 0))):
            if member in self.number and 0 <= session < len(self.seats):
                i = self.number[member]
                room = self.seated[session].bit_count() < self.seats[session]
                if room and self.free[session] & ~self.seated[session] & 1 << i:
                    self._sit(i, session)
        return self

    def even_out(self) -> "Seating":
        """Pass turns on as long as that makes the sum of squares of the loads smaller; all others stay where they are.

        A plan is a cheapest one when no alternating path leads from a member to one with two turns fewer, so that where
        this ends it is as even as any.
        """
        while any(self._pass_on(member) for member in sorted(range(len(self.members)), key=lambda i: -self.load[i])):
            pass
        return self

    def _pass_on(self, member: int) -> bool:
        """Let one turn of the member end with somebody who has at least two fewer; False when none can."""
        for session in bits(self.turns[member]):
            if not self.fixed[session] >> member & 1:
                self._rise(member, session)
                found, came = self._reach(session)
                if found and found[0] < self.load[member]:
                    self._walk(found[-2], found[-1], came)
                    return True
                self._sit(member, session)
        return False

    def _augment(self, start: int) -> bool:
        """Seat the least loaded member within reach of `start`; False when nobody is."""
        best, came = self._reach(start)
        if best:
            self._walk(best[-2], best[-1], came)
        return best is not None

    def _reach(self, start: int) -> tuple[Best | None, Came]:
        """The least loaded member within reach of `start` as (load, near, member, session), and the way there.

        A member within reach is free in a session on the path. Whoever of them sits in a further session may give that
        seat up and take this one, so that the further session is where the search goes on. Every member and every
        session is met once. Ties: whom it brings least close to another turn of theirs, then the order of joining.
        """
        came: Came = {}
        best: Best | None = None
        queue, met, visited = [start], 0, 1 << start
        for session in queue:
            new = self.free[session] & ~self.seated[session] & ~met
            met |= new
            for member in bits(new):
                if best is None or self.load[member] <= best[0]:
                    near = hurt(self.turns[member], self.last[member], session)
                    here = (self.load[member], near, member, session)
                    best = here if best is None else min(best, here)
                for further in bits(self.turns[member] & ~visited):
                    if not self.fixed[further] >> member & 1:
                        visited |= 1 << further
                        came[further] = (session, member)
                        queue.append(further)
        return best, came

    def _walk(self, member: int, session: int, came: Came) -> None:
        """Seat `member` in `session`; whoever gave up the seat there is seated one step nearer to the start."""
        self._sit(member, session)
        while session in came:
            nearer, giver = came[session]
            self._rise(giver, session)
            self._sit(giver, nearer)
            session = nearer

    def _sit(self, member: int, session: int) -> None:
        self.seated[session] |= 1 << member
        self.turns[member] |= 1 << session
        self.load[member] += self.TURN

    def _rise(self, member: int, session: int) -> None:
        self.seated[session] &= ~(1 << member)
        self.turns[member] &= ~(1 << session)
        self.load[member] -= self.TURN

    def hand_over(self, session: int, giver: int, taker: int) -> None:
        self._rise(giver, session)
        self._sit(taker, session)

    # ── what no plan can change ──

    def gap(self) -> int:
        return max(self.load, default=0) - min(self.load, default=0)

    def cannot_give(self) -> int:
        """The most loaded, and everybody to whom they could pass a turn on, directly or through others."""
        top = max(self.load)
        members = sum(1 << i for i, load in enumerate(self.load) if load == top)
        return self._closed(members, self._givers, lambda s: self.free[s] & ~self.seated[s])

    def cannot_take(self) -> int:
        """The least loaded, and everybody from whom they could take a turn over, directly or through others."""
        bottom = min(self.load)
        members = sum(1 << i for i, load in enumerate(self.load) if load == bottom)
        return self._closed(members, lambda s: self.free[s] & ~self.seated[s], self._givers)

    def _givers(self, session: int) -> int:
        return self.seated[session] & ~self.fixed[session]

    def _closed(self, members: int, leaving: Callable[[int], int], reached: Callable[[int], int]) -> int:
        """`members` and all whom `reached` adds in any session where `leaving` has one of them."""
        grown = -1
        while grown != members:
            grown = members
            for session in range(len(self.seats)):
                if leaving(session) & members:
                    members |= reached(session)
        return members

    def names(self, row: int) -> tuple:
        return tuple(self.members[i] for i in bits(row))
