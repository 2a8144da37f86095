"""The rest of a term is shared out again: what would change, and changing it.

Past sessions, turns with a paper or minutes and sessions arranged by hand stay. Sessions that are held or kept count through the
ledger, so that whoever joined in mid-term starts level with the others and is not made to catch up.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from members.models import Membership
from schedule.models import Change, Presentation, Session, Term
from schedule.notifications import news
from schedule.planning.changes import changing
from schedule.planning.grid import is_away
from schedule.planning.on_record import delete_turns
from schedule.planning.proof import uneven
from schedule.planning.session_changes import change_session
from schedule.planning.term_plan import turn_takers
from schedule.refusal import ChangedMeanwhile, NotPossible
from schedule.rotation import reasons, solver
from schedule.rotation.ledger import Ledger, ledger

OPEN, FEW, ANEW = "open", "few", "anew"


@dataclass(frozen=True)
class ReplanOptions:
    """What an organizer asks for. `how`: OPEN moves nobody's turn and only fills what is open, also where its
    presenter is away; FEW moves as few turns
    as evenness needs; ANEW shares all out afresh. `since`: sessions before that instant stay. `by_hand`: sessions
    arranged by hand are shared out, too. `only`: none but this session.
    """

    how: str = FEW
    since: datetime | None = None
    by_hand: bool = False
    only: int | None = None


@dataclass(frozen=True)
class Reseated:
    """A session whose presenters planning again changes."""

    session: Session
    presenters: list[Membership]
    added: list[Membership]
    removed: list[Membership]

    @property
    def turns(self) -> int:
        return max(len(self.added), len(self.removed))


@dataclass(frozen=True)
class Replanned:
    """What planning again would change, session by session, and the plan behind it."""

    sessions: list[Session]
    members: list[Membership]
    plan: solver.Plan
    world: dict
    book: Ledger

    @cached_property
    def changes(self) -> list[Reseated]:
        people = {m.pk: m for m in self.members}
        rows = zip(self.sessions, self.plan.turns, strict=True)
        found = [_difference(session, [people[pk] for pk in turn]) for session, turn in rows]
        return [one for one in found if one]

    @property
    def turns(self) -> int:
        return sum(change.turns for change in self.changes)

    @property
    def affected(self) -> list[Membership]:
        """Everybody who gets or loses a turn, in order of joining."""
        people = {m.pk: m for change in self.changes for m in [*change.added, *change.removed]}
        return sorted(people.values(), key=lambda m: (m.joined_at, m.pk))

    @property
    def uneven(self) -> list[str]:
        """What keeps people more than a turn apart, in words."""
        names = {m.pk: str(m) for m in self.members}
        return uneven(self.plan, names, [session.local_start.date() for session in self.sessions])

    @property
    def fingerprint(self) -> str:
        """Of exactly these changes: who applies them has seen them."""
        said = [
            [change.session.pk, change.session.sequence, [m.pk for m in change.presenters]] for change in self.changes
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def proposed(term: Term, wish: ReplanOptions, *, now: datetime) -> Replanned:
    """What would change. Writes nothing; the same number of queries for 1 or 52 sessions. Raises NotPossible."""
    members = turn_takers(term)
    if not members:
        raise NotPossible(_("Nobody takes turns yet. Invite members, or end somebody's pause, then plan the term."))
    sessions = list(
        term.sessions.filter(state=Session.PLANNED, starts_at__gt=now)
        .filter(starts_at__gte=wish.since or now)
        .prefetch_related("presentations__presenter__member")
    )
    for session in sessions:
        session.term = term
    book = ledger(term.group, members, sessions[0].starts_at) if sessions else Ledger()
    world = _world(term, sessions, members, wish, book)
    kept = _kept(sessions, members) if wish.how != ANEW else ()
    return Replanned(sessions, members, solver.rotate(**world, kept=kept), world, book)


def _kept(sessions: Iterable[Session], members: Sequence[Membership]) -> set:
    here = {m.pk for m in members}
    return {
        (t.presenter_id, n) for n, s in enumerate(sessions) for t in s.presentations.all() if t.presenter_id in here
    }


def _world(term: Term, sessions: Iterable[Session], members: Sequence[Membership], wish, book) -> dict:
    """The arguments of rotate(): what stays is a pinned seat."""
    here = {m.pk for m in members}
    away = {(m.pk, n) for m in members for n, s in enumerate(sessions) if is_away(m, s.local_start.date())}
    seats: list[int | None] = []
    pinned: set[tuple[int, int]] = set()
    for index, session in enumerate(sessions):
        turns = list(session.presentations.all())
        by_hand = any(turn.pinned for turn in turns) and not wish.by_hand
        outside = wish.only not in {None, session.pk}
        as_it_is = wish.how == OPEN or by_hand or outside
        stays = {turn.presenter_id for turn in turns if as_it_is or turn.paper_id or turn.minutes} & here
        if wish.how == OPEN and not (by_hand or outside):
            stays -= {
                t.presenter_id for t in turns if (t.presenter_id, index) in away and not (t.paper_id or t.minutes)
            }
        pinned |= {(pk, index) for pk in stays}
        if as_it_is and term.presenters is None or outside:
            seats.append(len(stays))
        elif by_hand:
            seats.append(len(turns))
        else:
            seats.append(None if term.presenters is None else max(term.presenters, len(stays)))
    return {
        "members": [m.pk for m in members],
        "seats": seats,
        "away": away,
        "carried": book.carried,
        "recent": book.recent,
        "pinned": pinned,
    }


def _difference(session: Session, presenters) -> Reseated | None:
    turns = {turn.presenter_id: turn for turn in session.presentations.all()}
    wanted = {p.pk for p in presenters}
    if wanted == set(turns):
        return None
    removed = [turn.presenter for pk, turn in turns.items() if pk not in wanted]
    return Reseated(session, presenters, [p for p in presenters if p.pk not in turns], removed)


def replan(
    term: Term, wish: ReplanOptions, *, by: Membership, now: datetime, seen: str | None = None
) -> tuple[Replanned, Change]:
    """Make the changes, write to those affected, and answer with them and the way back.

    `seen` is the fingerprint of the changes on the organizer's page; raises ChangedMeanwhile when they would differ now.
    """
    with changing(term, by=by, kind=Change.REPLAN, now=now) as change:
        found = proposed(term, wish, now=now)
        if seen is not None and seen != found.fingerprint:
            raise ChangedMeanwhile(term)
        reseat(found, found.changes, by=by, now=now)
    return found, change


def reseat(found: Replanned, changes: Collection[Reseated], *, by: Membership, now: datetime) -> None:
    """Give these sessions their new presenters, keeping the order of those who stay."""
    sessions = [session.pk for session in found.sessions]
    whys = dict(zip(sessions, reasons.of_turns(found.plan, found.world), strict=True))
    for one in changes:
        session = one.session
        change_session(session, None, now)
        delete_turns(session.presentations.filter(presenter__in=one.removed))
        there = len(one.presenters) - len(one.added)
        Presentation.objects.bulk_create(
            Presentation(
                session=session,
                presenter=p,
                position=there + n + 1,
                why=whys[session.pk][p.pk],
                taken_at=now,
            )
            for n, p in enumerate(one.added)
        )
        news.presenters_changed(session, added=one.added, removed=one.removed, by=by, now=now)
