"""Who presents when: an exact optimum, and what it proves.

The model is a min-cost flow. Every session sends one unit per seat; an arc of capacity 1 leads from a session to each
member who is free that day; from each member, arcs of rising cost lead to the sink: the n-th turn of a member who carries
`c` turns more than their share from earlier terms costs (c + n)² − (c + n − 1)². Filling the network at least cost fills
every seat that any plan could fill and makes the sum of squares of the turns smallest. As the costs are convex and no other
arc costs anything, a cheapest augmenting path is simply an alternating path to the least loaded member within reach
(an optimal semi-matching: Harvey, Ladner, Lovász and Tamir 2006). Such a plan is best for every convex measure at once:
no plan has a smaller sum of squares, a lower maximum or, where all carry the same, a smaller gap between most and fewest.

That part is exact. How far apart one member's turns lie is not a property of single arcs, so it comes second: ties go to
whoever presented longest ago, then to the order of joining, and afterwards seats are exchanged between sessions for as long
as turns move apart. An exchange leaves everybody's number of turns alone, so the first part stays exact.

n members, s sessions, k seats: s·k searches over at most s sessions, on bit sets of n members.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Id = Hashable
EXCHANGES = 20_000  # how many exchanges are tried at most for the sake of distance


@dataclass(frozen=True)
class Forced:
    """A session that keeps turns uneven: only these members are free, and all of them have many turns."""

    session: int
    free: tuple[Id, ...]


@dataclass(frozen=True)
class Plan:
    """`turns[i]` are the presenters of session i in order of joining; `counts` the turns each member got in this term."""

    turns: tuple[tuple[Id, ...], ...]
    counts: dict[Id, int]
    lacking: dict[int, int]  # session -> seats that nobody can take
    forced: tuple[Forced, ...]  # why most and fewest are more than one apart; empty when they are not
    loads: dict[Id, float] = field(default_factory=dict)  # counts plus what was carried in

    @property
    def most(self) -> int:
        return max(self.counts.values(), default=0)

    @property
    def fewest(self) -> int:
        return min(self.counts.values(), default=0)


@dataclass(frozen=True)
class Why:
    """Why a member has a turn: their load before it, who else was free, and how many sessions ago they presented."""

    turn: int  # which of the member's turns it is, from 1
    load: float  # turns at the end of the term, with what was carried in
    free: tuple[Id, ...]
    since: int | None  # sessions since the previous turn; None for the first known
    pinned: bool


def rotate(
    members: Sequence[Id],
    seats: Sequence[int | None],
    *,
    away: Collection[tuple[Id, int]] = (),
    carried: Mapping[Id, float] | None = None,
    recent: Mapping[Id, int] | None = None,
    pinned: Collection[tuple[Id, int]] = (),
) -> Plan:
    """Give every seat to a member.

    `members` in order of joining; `seats[i]` presenters in session i, None for everybody who is free; `away` pairs of
    (member, session); `carried` turns above a member's fair share so far (below: negative; new members: 0);
    `recent[m]` how many sessions before the first one m last presented (1 = the one before); `pinned` seats stay.
    """
    table = _Table(members, seats, away, carried or {}, recent or {}, pinned)
    table.fill()
    table.spread_out()
    return table.plan()


def why(plan: Plan, member: Id, session: int, *, away=(), recent=None, pinned=()) -> Why:
    """Explain one turn of a plan in the optimiser's own terms."""
    mine = [index for index, turn in enumerate(plan.turns) if member in turn]
    number = mine.index(session)
    before = mine[number - 1] if number else -(recent or {}).get(member, 0) or None
    return Why(
        turn=number + 1,
        load=plan.loads[member],
        free=tuple(m for m in plan.counts if (m, session) not in set(away)),
        since=None if before is None else session - before,
        pinned=(member, session) in set(pinned),
    )


class _Table:
    """Sessions × members while seats are being given. Sets of members are bits of an integer, by order of joining."""

    def __init__(self, members, seats, away, carried, recent, pinned):
        self.members = list(dict.fromkeys(members))
        number = {member: i for i, member in enumerate(self.members)}
        everybody = (1 << len(self.members)) - 1
        self.free = [everybody] * len(seats)
        for member, session in away:
            if member in number and 0 <= session < len(seats):
                self.free[session] &= ~(1 << number[member])
        self.fixed = [0] * len(seats)
        for member, session in pinned:
            if member in number:
                self.fixed[session] |= 1 << number[member]
        self.seated = list(self.fixed)
        self.seats = [f.bit_count() if k is None else k for f, k in zip(self.free, seats, strict=True)]
        self.load = [float(carried.get(m, 0)) for m in self.members]
        for row in self.seated:
            for i in _bits(row):
                self.load[i] += 1
        self.recent = [-recent[m] if m in recent else None for m in self.members]

    # ── the flow ──

    def fill(self):
        """One cheapest augmenting path per seat; a session without one lacks that seat."""
        for session, wanted in enumerate(self.seats):
            while self.seated[session].bit_count() < wanted and self._augment(session):
                pass

    def _augment(self, start):
        """Seat the least loaded member within reach of `start`; False when nobody is.

        A member within reach is free in a session on the path. Whoever of them sits in a further session may give that
        seat up and take this one, so that the further session is where the search goes on.
        """
        came, giver, queue, seen, best = {start: None}, {}, [start], 0, None
        for session in queue:
            new = self.free[session] & ~self.seated[session] & ~seen
            seen |= new
            best = min(filter(None, (best, self._best(new, session))), default=None)
            for further, row in enumerate(self.seated):
                giving = row & ~self.fixed[further] & new
                if giving and further not in came:
                    came[further], giver[further] = session, next(_bits(giving))
                    queue.append(further)
        if best:
            self._walk(best[-1], best[-2], came, giver)
        return best is not None

    def _best(self, choices, session):
        """(load, how long ago, order, session, member) of the least loaded; ties to who presented longest ago."""
        return min(((self.load[i], self._last(i, session), i, session, i) for i in _bits(choices)), default=None)

    def _last(self, member, session):
        """The session in which the member last presented before this one; very long ago when never."""
        bit = 1 << member
        for earlier in range(session - 1, -1, -1):
            if self.seated[earlier] & bit:
                return earlier
        return self.recent[member] if self.recent[member] is not None else -(10**6)

    def _walk(self, member, session, came, giver):
        """Seat `member` in `session`; whoever gave up the seat there is seated one step nearer to the start."""
        self.load[member] += 1
        while True:
            self.seated[session] |= 1 << member
            if came[session] is None:
                return
            member = giver[session]
            self.seated[session] &= ~(1 << member)
            session = came[session]

    # ── distance between turns, loads unchanged ──

    def spread_out(self):
        """Exchange seats while that brings turns further apart; every round must gain, so it ends."""
        tried, gained = 0, True
        while gained and tried < EXCHANGES:
            gained = False
            for one, first in self._loose():
                for other, second in self._loose():
                    if tried >= EXCHANGES:
                        return
                    if one < other and first != second:
                        tried += 1
                        if self._exchange(one, first, other, second):
                            gained = True
                            break

    def _loose(self):
        return [(s, i) for s, row in enumerate(self.seated) for i in _bits(row & ~self.fixed[s])]

    def _exchange(self, one, first, other, second):
        """`first` of session `one` and `second` of session `other` trade places, if both may and it helps."""
        a, b = 1 << first, 1 << second
        if not (self.seated[one] & a and self.seated[other] & b and self.free[one] & b and self.free[other] & a):
            return False
        if self.seated[one] & b or self.seated[other] & a:
            return False
        before = self._crowding(first) + self._crowding(second)
        self._swap(one, a, other, b)
        if self._crowding(first) + self._crowding(second) < before - 1e-9:
            return True
        self._swap(one, b, other, a)
        return False

    def _swap(self, one, out, other, back):
        self.seated[one] = self.seated[one] & ~out | back
        self.seated[other] = self.seated[other] & ~back | out

    def _crowding(self, member):
        """Sum of 1/distance² over a member's consecutive turns: near ones weigh most."""
        mine = [s for s, row in enumerate(self.seated) if row >> member & 1]
        if self.recent[member] is not None:
            mine.insert(0, self.recent[member])
        return sum(1 / (later - earlier) ** 2 for earlier, later in pairwise(mine))

    # ── what came out ──

    def plan(self):
        names = self.members
        counts = {m: sum(row >> i & 1 for row in self.seated) for i, m in enumerate(names)}
        lacking = {s: k - self.seated[s].bit_count() for s, k in enumerate(self.seats) if self.seated[s].bit_count() < k}
        return Plan(
            turns=tuple(tuple(names[i] for i in _bits(row)) for row in self.seated),
            counts=counts,
            lacking=lacking,
            forced=tuple(self._forced()),
            loads={m: self.load[i] for i, m in enumerate(names)},
        )

    def _forced(self):
        """The sessions that the most loaded members cannot give up to anybody with two turns fewer."""
        if not self.load or max(self.load) - min(self.load) < 2:
            return
        top = max(self.load)
        busy = sum(1 << i for i, load in enumerate(self.load) if load > top - 1)
        for session, row in enumerate(self.seated):
            giving = row & busy & ~self.fixed[session]
            if giving and not self.free[session] & ~row & ~busy:
                yield Forced(session, tuple(self.members[i] for i in _bits(self.free[session])))


def _bits(row):
    """The numbers of the bits set in an integer, lowest first."""
    while row:
        low = row & -row
        yield low.bit_length() - 1
        row ^= low
