"""What earlier terms left behind: who presented more or less than their share, and how long ago."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from members.models import Membership
from schedule.models import Presentation, Session, Term


@dataclass(frozen=True)
class Ledger:
    """`carried`: turns above one's fair share, below it negative. `recent`: how many sessions ago one last presented."""

    carried: dict[int, float] = field(default_factory=dict)
    recent: dict[int, int] = field(default_factory=dict)


def ledger(term: Term, members: list[Membership], before: datetime) -> Ledger:
    """The ledger of all published terms of the group other than this one, up to an instant. One query."""
    turns = Presentation.objects.filter(session__term__group=term.group, session__starts_at__lt=before)
    turns = turns.exclude(session__term__published_at=None).exclude(session__state=Session.CANCELLED)
    turns = turns.exclude(session__term=term.pk) if term.pk else turns
    return settle(turns.values_list("session__term_id", "session__starts_at", "presenter_id"), members)


def settle(turns: Iterable[tuple[int, datetime, int]], members: list[Membership]) -> Ledger:
    """A term's turns are shared by everybody who had joined by its end: who came later owes nothing for it."""
    terms = defaultdict(list)
    sessions = defaultdict(set)
    for term, starts_at, presenter in turns:
        terms[term].append((starts_at, presenter))
        sessions[starts_at].add(presenter)
    carried = Counter()
    for rows in terms.values():
        had = Counter(presenter for _start, presenter in rows)
        end = max(start for start, _presenter in rows)
        there = set(had) | {m.pk for m in members if m.joined_at <= end}
        for pk in there:
            carried[pk] += had[pk] - len(rows) / len(there)
    recent = {}
    for ago, start in enumerate(sorted(sessions, reverse=True), 1):
        for presenter in sessions[start]:
            recent.setdefault(presenter, ago)
    here = {m.pk for m in members}
    return Ledger(
        {pk: round(turns, 6) for pk, turns in carried.items() if pk in here},
        {pk: ago for pk, ago in recent.items() if pk in here},
    )
