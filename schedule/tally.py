"""Who has had how many turns in a term: counted, never stored."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from members.models import Membership
from schedule.models import Session, Term


@dataclass(frozen=True)
class Row:
    """One member's turns: given already, still to come, and sessions missed for being away."""

    membership: Membership
    done: int
    planned: int
    away: int

    @property
    def total(self) -> int:
        return self.done + self.planned


def tally(term: Term, sessions: list[Session], now: datetime) -> list[Row]:
    """A row for everybody who takes turns or took one this term, in order of joining.

    `sessions` come with their presentations prefetched; cancelled ones count for nobody. Two queries.
    """
    done, planned = Counter(), Counter()
    live = [session for session in sessions if session.state != Session.CANCELLED]
    for session in live:
        past = session.state == Session.HELD or session.ends_at <= now
        for turn in session.presentations.all():
            (done if past else planned)[turn.presenter_id] += 1
    days = [session.local_start.date() for session in live]
    members = term.group.memberships.in_order().prefetch_related("absences")
    return [
        Row(m, done[m.pk], planned[m.pk], sum(_is_away(m, day) for day in days))
        for m in members
        if m.state == Membership.ACTIVE or done[m.pk] or planned[m.pk]
    ]


def _is_away(membership, day):
    return any(absence.first_day <= day <= absence.last_day for absence in membership.absences.all())
