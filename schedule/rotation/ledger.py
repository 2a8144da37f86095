"""What past sessions left behind: who presented more or less than their share, and how long ago.

A session's turns are shared by everybody who took turns that day, away or not (`rotation.balance`). Who joins in mid-term
starts level with the group; for a pause nobody owes turns; who postpones a turn keeps owing it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from members.models import Group, Membership
from schedule.models import Presentation, Session
from schedule.rotation.solver import balance


@dataclass(frozen=True)
class Place:
    """Since when somebody belongs to the group, and when they took no turns: (from, until or None for still)."""

    pk: int
    joined_at: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()

    def takes_turns(self, at: datetime) -> bool:
        return self.joined_at <= at and not any(
            began <= at and (ended is None or at < ended) for began, ended in self.pauses
        )


@dataclass(frozen=True)
class Account:
    """One member's line of one term: turns had, and what their share of all turns was."""

    term: int
    turns: int
    share: Fraction

    @property
    def above(self) -> Fraction:
        return self.turns - self.share


@dataclass(frozen=True)
class Ledger:
    """`carried`: turns above one's fair share, below it negative. `recent`: how many sessions ago one last presented.

    `accounts`: what is carried, term by term.
    """

    carried: dict[int, Fraction] = field(default_factory=dict)
    recent: dict[int, int] = field(default_factory=dict)
    accounts: dict[int, list[Account]] = field(default_factory=dict)


def ledger(group: Group, members: list[Membership], before: datetime) -> Ledger:
    """The lines of these members after all published sessions of the group up to an instant. Three queries."""
    turns = Presentation.objects.filter(session__term__group=group, session__starts_at__lt=before)
    turns = turns.exclude(session__term__published_at=None).exclude(session__state=Session.CANCELLED)
    turns = turns.order_by("session__starts_at")
    rows = turns.values_list("session__term_id", "session__starts_at", "presenter_id")
    return settle(rows, places(group), [m.pk for m in members])


def places(group: Group) -> list[Place]:
    """Everybody who ever belonged to the group. Two queries."""
    everybody = group.memberships.only("group", "joined_at").prefetch_related("pauses")
    return [Place(m.pk, m.joined_at, tuple((p.began_at, p.ended_at) for p in m.pauses.all())) for m in everybody]


def settle(turns: Iterable[tuple[int, datetime, int]], places: list[Place], members: Iterable[int]) -> Ledger:
    """The ledger of (term, start, presenter) rows in order of time; `members` are those whose lines are wanted."""
    terms: defaultdict[int, defaultdict[datetime, set[int]]] = defaultdict(lambda: defaultdict(set))
    for term, start, presenter in turns:
        terms[term][start].add(presenter)
    wanted = set(members)
    accounts: defaultdict[int, list[Account]] = defaultdict(list)
    for term, sessions in terms.items():
        had = Counter(presenter for presenters in sessions.values() for presenter in presenters)
        there = ((who, {p.pk for p in places if p.takes_turns(start)}) for start, who in sessions.items())
        for pk, above in balance(there).items():
            if pk in wanted:
                accounts[pk].append(Account(term, had[pk], had[pk] - above))
    carried = {pk: sum((account.above for account in lines), Fraction()) for pk, lines in accounts.items()}
    return Ledger(carried, _recent(terms, wanted), dict(accounts))


def _recent(terms: Mapping[int, Mapping[datetime, set[int]]], wanted: set[int]) -> dict[int, int]:
    """Sessions since each last presented, 1 for the last session of all."""
    sessions: defaultdict[datetime, set[int]] = defaultdict(set)
    for term in terms.values():
        for start, presenters in term.items():
            sessions[start] |= presenters
    recent: dict[int, int] = {}
    for ago, start in enumerate(sorted(sessions, reverse=True), 1):
        for presenter in sessions[start] & wanted:
            recent.setdefault(presenter, ago)
    return recent
