"""Until when a change can be taken back: for a day, and as long as what happened in its sessions allows it."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from schedule.models import Change, Presentation, Session, Term
from schedule.planning.on_record import ON_RECORD, recorded

TOO_LATE = gettext_noop("This can be undone for one day only. Change it again instead.")


class Seen:
    """A term's sessions, where its turns are, and which sessions have a record. Four queries, however many changes."""

    def __init__(self, term: Term):
        self.sessions = {session.pk: session for session in term.sessions.all()}
        turns = Presentation.objects.filter(session__term=term).annotate(minuted=~Q(minutes=""))
        rows = list(turns.values_list("pk", "session_id", "minuted"))
        self.turns = {pk: session for pk, session, _minuted in rows}
        self.recorded = recorded(self.sessions)
        noted = {session.pk for session in self.sessions.values() if session.notes}
        self.with_record = self.recorded | noted | {session for _pk, session, minuted in rows if minuted}


def obstacle(change: Change, now: datetime, seen: Seen | None = None) -> str:
    """Return why time, or what happened since, keeps this change from being undone, in words; "" when nothing does.

    Whether its rows are still as it left them is asked only when it is undone.
    """
    if now >= change.until:
        return _(TOO_LATE)
    if not change.term.published_at:
        return ""
    seen = seen or Seen(change.term)
    sessions = [seen.sessions[pk] for pk in session_pks(change, seen.turns) if pk in seen.sessions]
    if change.kind in Change.SETTLED_AT_START and any(session.starts_at <= now for session in sessions):
        return _("The session has begun: what happened stays as it was.")
    if any(session.is_over(now) and not _is_open_afterwards(change, session, seen) for session in sessions):
        return _("This session is over: what happened stays as it was.")
    elsewhere = _put_elsewhere(change)
    if any(ends_at and ends_at <= now for ends_at in elsewhere.values()):
        return _("The time that this session had before has passed. Choose another one instead.")
    return _(ON_RECORD) if seen.recorded & elsewhere.keys() else ""


def _is_open_afterwards(change: Change, session: Session, seen: Seen) -> bool:
    """A session with a record that was cancelled may be brought back after its end, and what is done then is undone."""
    if change.kind == Change.RESTORE:
        return session.state == Session.PLANNED and session.ends_at <= change.at
    return change.kind == Change.CANCEL and session.state == Session.CANCELLED and session.pk in seen.with_record


def _put_elsewhere(change: Change) -> dict[int, datetime | None]:
    """{a session that undoing moves: its end then; None for one that undoing removes}."""
    rows = {int(pk): old for pk, (old, _new) in change.rows.get("session", {}).items()}
    removed = {pk: None for pk, old in rows.items() if old is None}
    return removed | {
        pk: datetime.fromisoformat(old["ends_at"]) for pk, old in rows.items() if old and "ends_at" in old
    }


def session_pks(change: Change, turns: Mapping[int, int] | None = None) -> set[int]:
    """Return the sessions it touched; `turns` says in which session each turn is now, where that is known already."""
    touched = change.rows.get("presentation", {})
    named = {row["session_id"] for pair in touched.values() for row in pair if row and "session_id" in row}
    if turns is None:
        turns = dict(Presentation.objects.filter(pk__in=touched).values_list("pk", "session_id"))
    there = {turns[int(pk)] for pk in touched if int(pk) in turns}
    return named | there | set(map(int, change.rows.get("session", {})))
