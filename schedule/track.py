"""The term as a line of dots: its sessions and the dates that fell out, in order."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Prefetch

from schedule.models import Presentation, Session, Term


@dataclass(frozen=True)
class Stop:
    """One dot. `kind` is done, now, planned or off; a skipped date has no session but a reason."""

    day: date
    kind: str
    session: Session | None = None
    turns: int = 0
    reason: str = ""


def with_turns(term: Term) -> models.QuerySet:
    """A term's sessions with everything that a page says about their turns, in three queries."""
    turns = Presentation.objects.select_related("presenter__member", "paper").prefetch_related("paper__files")
    sessions = term.sessions.prefetch_related(Prefetch("presentations", turns))
    for session in sessions:
        session.term = term
        for turn in session.presentations.all():
            turn.session = session
            if turn.paper:
                turn.paper.group = term.group
    return sessions


def track(term: Term, sessions: list[Session], now: datetime) -> list[Stop]:
    """Every session of the term and every date that was skipped. `now` marks the next one. No queries."""
    stops = [Stop(date.fromisoformat(skip["date"]), "off", reason=skip["reason"]) for skip in term.skipped]
    upcoming = [s for s in sessions if s.state == Session.PLANNED and s.ends_at > now]
    nearest = min(upcoming, key=lambda s: s.starts_at, default=None)
    for session in sessions:
        turns = len(session.presentations.all())
        stops.append(Stop(session.local_start.date(), _kind(session, nearest, now), session, turns))
    return sorted(stops, key=lambda stop: stop.day)


def _kind(session, nearest, now):
    if session.state == Session.CANCELLED:
        return "off"
    if session.state == Session.HELD or session.ends_at <= now:
        return "done"
    return "now" if session is nearest else "planned"
