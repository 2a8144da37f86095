"""Who presents when: an exact optimum, and what it proves. Plain Python.

The model is a min-cost flow. Every session sends one unit per seat; an arc of capacity 1 leads from a session to each
member who is free that day; from each member, arcs of rising cost lead to the sink: the n-th turn of a member who carries
`c` turns more than their share from earlier terms costs (c + n)² − (c + n − 1)². Filling the network at least cost fills
every seat that any plan could fill and makes the sum of squares of the loads (turns and what is carried) smallest. The
costs of a member's arcs rise, so no plan gains by leaving out a cheap one; and as no other arc costs anything, a cheapest
augmenting path is simply an alternating path to the least loaded member within reach (an optimal semi-matching: Harvey,
Ladner, Lovász and Tamir 2006). A plan that no such path improves is best for every strictly convex cost at once, whatever
is carried: no plan has a smaller sum of squares, a lower highest load, a higher lowest load, so neither a smaller spread.

That part is exact, and where the spread exceeds one turn, `Proof` holds two bounds that anybody can check by counting.

How far apart one member's turns lie is not a property of single arcs, so it comes second and is not exact: ties in the
flow go to whom it brings least close to another turn, then to the order of joining, and afterwards turns move between two
and three people as long as that brings them apart (spacing.py, a local search). No move changes the sum of squares, so
the first part stays exact.

n members, s sessions, k seats: s·k searches, each meeting every member and session at most once, O(s·k·(n + s)), on bit
sets. Same input, same plan.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from schedule.rotation.cost import bits
from schedule.rotation.seating import Number, Seating, Turns
from schedule.rotation.spacing import spread_out

Id = Any  # whatever names a member, and can be hashed
AWAY, PINNED, EARLIER = "away", "pinned", "earlier"


@dataclass(frozen=True)
class Forced:
    """A session that keeps turns uneven: only these members are free, and somebody with few turns is not among them."""

    session: int
    free: tuple[Id, ...]


@dataclass(frozen=True)
class Bound:
    """What `members` together must (or can at most) take on: `turns` in `sessions`, beside those pinned and carried."""

    members: tuple[Id, ...]
    sessions: tuple[int, ...]
    turns: int
    pinned: int
    carried: Number

    @property
    def each(self) -> Number:
        """Their average load: one of them has at least (or at most) that."""
        return (self.turns + self.pinned + self.carried) / len(self.members)


@dataclass(frozen=True)
class Proof:
    """Highest and lowest load, and why no plan brings them within one turn of each other.

    `cause`: AWAY when there would be less between them if nobody were away, PINNED if no turn were fixed, EARLIER when
    the term is too short to even out earlier ones; empty (and no bounds) while the spread is one turn or less.
    `crowded`: in its sessions everybody else who is free presents already, so its members must share these turns, and no
    plan lowers `most`. `scarce`: in its sessions (no others have room while they are free) its members take all the turns
    they can, and no plan raises `fewest`. Each bound's `each` says so by counting: above most - 1, below fewest + 1.
    """

    most: Number
    fewest: Number
    cause: str = ""
    crowded: Bound | None = None
    scarce: Bound | None = None

    @property
    def spread(self) -> Number:
        return self.most - self.fewest


@dataclass(frozen=True)
class Plan:
    """`turns[i]` are the presenters of session i in order of joining; `counts` the turns each member got in this term."""

    turns: tuple[tuple[Id, ...], ...]
    counts: dict[Id, int]
    lacking: dict[int, int]  # session -> seats that nobody can take
    forced: tuple[Forced, ...]  # the sessions that keep loads more than one apart; empty when they are not
    loads: dict[Id, Number] = field(default_factory=dict)  # counts plus what was carried in
    proof: Proof = Proof(0, 0)

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
    load: Number  # turns at the end of the term, with what was carried in
    before: Number  # turns before this session, with what was carried in
    free: tuple[Id, ...]
    others: dict[Id, Number]  # those free who do not present that day -> their turns before it
    since: int | None  # sessions since the previous turn; None for the first known
    pinned: bool

    @property
    def fewest(self) -> bool:
        """Nobody who was free and does not present that day had fewer turns before it."""
        return all(self.before <= turns for turns in self.others.values())


def rotate(
    members: Sequence[Id],
    seats: Sequence[int | None],
    *,
    away: Collection[tuple[Id, int]] = (),
    carried: Mapping[Id, Number] | None = None,
    recent: Mapping[Id, int] | None = None,
    pinned: Collection[tuple[Id, int]] = (),
    kept: Collection[tuple[Id, int]] = (),
) -> Plan:
    """Give every seat to a member.

    `members` in order of joining; `seats[i]` presenters in session i, None for everybody who is free; `away` pairs of
    (member, session); `carried` turns above a member's fair share so far (below: negative; new members: 0; see
    `balance`); `recent[m]` how many sessions before the first one m last presented (1 = the one before); `pinned` seats
    stay, even of somebody who is away and beyond the number of seats; `kept` turns are those of a plan that people know:
    one of them moves only where that fills a seat or makes the plan more even, which then is as even as any, too.
    """
    carried = carried or {}
    seating = Seating(members, seats, away, carried, recent or {}, pinned)
    if kept:
        seating.seat(kept).fill().even_out()
    else:
        spread_out(seating.fill())
    names = seating.members
    counts = {m: turns.bit_count() for m, turns in zip(names, seating.turns, strict=True)}
    loads = {m: carried.get(m, 0) + counts[m] for m in names}
    rows = enumerate(zip(seating.seats, seating.seated, strict=True))
    return Plan(
        turns=tuple(seating.names(row) for row in seating.seated),
        counts=counts,
        lacking={s: k - row.bit_count() for s, (k, row) in rows if row.bit_count() < k},
        forced=_forced(seating),
        loads=loads,
        proof=_prove(seating, loads, (members, seats, away, carried, recent or {}, pinned)),
    )


def why(
    plan: Plan,
    member: Id,
    session: int,
    *,
    away: Collection[tuple[Id, int]] = (),
    recent: Mapping[Id, int] | None = None,
    pinned: Collection[tuple[Id, int]] = (),
) -> Why:
    """Explain one turn of a plan in the optimiser's own terms. ValueError when the member has no turn there."""
    found = whys(plan, away=away, recent=recent, pinned=pinned)[session]
    if member not in found:
        raise ValueError(f"{member} has no turn in session {session}")
    return found[member]


def whys(
    plan: Plan,
    *,
    away: Collection[tuple[Id, int]] = (),
    recent: Mapping[Id, int] | None = None,
    pinned: Collection[tuple[Id, int]] = (),
) -> list[dict[Id, Why]]:
    """Explain every turn of a plan, session by session."""
    away, pinned = set(away), set(pinned)
    had = {m: plan.loads[m] - plan.counts[m] for m in plan.counts}
    last = {m: -ago for m, ago in (recent or {}).items()}
    number, told = dict.fromkeys(plan.counts, 0), []
    for session, turn in enumerate(plan.turns):
        free = tuple(m for m in plan.counts if (m, session) not in away)
        others = {m: had[m] for m in free if m not in turn}
        for m in turn:
            number[m] += 1
        told.append(
            {
                m: Why(
                    turn=number[m],
                    load=plan.loads[m],
                    before=had[m],
                    free=free,
                    others=others,
                    since=session - last[m] if m in last else None,
                    pinned=(m, session) in pinned,
                )
                for m in turn
            }
        )
        for m in turn:
            had[m] += 1
            last[m] = session
    return told


def balance(sessions: Iterable[tuple[Collection[Id], Collection[Id]]]) -> dict[Id, Fraction]:
    """The ledger: turns above one's fair share, from (presenters, members on that day) of every past session.

    A session's turns are shared by everybody who was a member that day, away or not: who joins later starts at 0, level
    with the group, and is never made to catch up; who postpones a turn keeps owing it. All shares together make 0.
    """
    carried: defaultdict[Id, Fraction] = defaultdict(Fraction)
    for presenters, there in sessions:
        sharing = set(there) | set(presenters)
        for member in sharing:
            carried[member] += (member in presenters) - Fraction(len(set(presenters)), len(sharing))
    return dict(carried)


# ── what the plan proves ──


def _forced(seating: Seating) -> tuple[Forced, ...]:
    """The sessions of those who cannot pass a turn on, where somebody with few turns is away."""
    if seating.gap() <= seating.TURN:
        return ()
    top, stuck = max(seating.load), seating.cannot_give()
    few = sum(1 << i for i, load in enumerate(seating.load) if load < top - seating.TURN)
    rows = enumerate(zip(seating.seated, seating.fixed, seating.free, strict=True))
    return tuple(
        Forced(session, seating.names(free))
        for session, (row, fixed, free) in rows
        if row & ~fixed & stuck and few & ~free
    )


def _prove(seating: Seating, loads: Mapping[Id, Number], world: tuple) -> Proof:
    most, fewest = max(loads.values(), default=0), min(loads.values(), default=0)
    if seating.gap() <= seating.TURN:
        return Proof(most, fewest)
    sat = [row & ~fixed for row, fixed in zip(seating.seated, seating.fixed, strict=True)]
    could = [free & ~fixed if taken else 0 for free, fixed, taken in zip(seating.free, seating.fixed, sat, strict=True)]
    return Proof(
        most,
        fewest,
        cause=_cause(seating.gap(), *world),
        crowded=_bound(seating, loads, seating.cannot_give(), sat),
        scarce=_bound(seating, loads, seating.cannot_take(), could),
    )


def _bound(seating: Seating, loads: Mapping[Id, Number], group: int, rows: Sequence[int]) -> Bound:
    """The turns of a group in the sessions where `rows` has one of them."""
    members = seating.names(group)
    pinned = sum((fixed & group).bit_count() for fixed in seating.fixed)
    turns = sum(seating.turns[i].bit_count() for i in bits(group))
    return Bound(
        members,
        sessions=tuple(session for session, row in enumerate(rows) if row & group),
        turns=turns - pinned,
        pinned=pinned,
        carried=sum(loads[m] for m in members) - turns,
    )


def _cause(
    gap: int,
    members: Sequence[Id],
    seats: Sequence[int | None],
    away: Turns,
    carried: Mapping[Id, Number],
    recent: Mapping[Id, int],
    pinned: Turns,
) -> str:
    """What the term would have to be without for the loads to be closer: found by planning it so."""

    def closer(**without: Turns) -> bool:
        world: dict[str, Turns] = {"away": away, "pinned": pinned} | without
        return Seating(members, seats, world["away"], carried, recent, world["pinned"]).fill().gap() < gap

    if closer(away=()):
        return AWAY
    if closer(pinned=()):
        return PINNED
    return AWAY if closer(away=(), pinned=()) else EARLIER
