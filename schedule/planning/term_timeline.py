"""The term as a line of dots: its sessions and the dates that fell out, in order."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Prefetch

from members.models import Group
from schedule.models import Presentation, Session, Term


@dataclass(frozen=True)
class TimelineItem:
    """One dot. `kind` is done, now, planned or off; a skipped date has no session but a reason.

    `turns` counts the papers that were presented once the session is over, before that those who present.
    """

    day: date
    kind: str
    session: Session | None = None
    turns: int = 0
    reason: str = ""


def with_turns(sessions: models.QuerySet, group: Group) -> list[Session]:
    """Return sessions of the group with everything that a page says about their turns, in three queries."""
    turns = Presentation.objects.select_related("presenter__member", "paper").prefetch_related("paper__files")
    found = list(sessions.select_related("term").prefetch_related(Prefetch("presentations", turns)))
    for session in found:
        session.term.group = group
        for turn in session.presentations.all():
            turn.session = session
            if turn.paper:
                turn.paper.group = group
    return found


def timeline(term: Term, sessions: list[Session], nearest: Session | None, now: datetime) -> list[TimelineItem]:
    """Return every session of the term and every date that was skipped, in order. No queries.

    `nearest` is the session in which the group meets next, which may be one of another term.
    """
    timeline_items = [
        TimelineItem(date.fromisoformat(skip["date"]), "off", reason=skip["reason"]) for skip in term.skipped
    ]
    for session in sessions:
        given = session.given(now)
        turns = sum(turn.is_shared for turn in given) if session.is_over(now) else len(given)
        timeline_items.append(TimelineItem(session.local_start.date(), _kind(session, nearest, now), session, turns))
    return sorted(timeline_items, key=lambda stop: stop.day)


def _kind(session, nearest, now):
    if session.state == Session.CANCELLED:
        return "off"
    if session.is_over(now):
        return "done"
    return "now" if session == nearest else "planned"
