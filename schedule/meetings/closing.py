"""Closing a session: it was held, and what was written down stays; opening it again leaves a trace."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Membership
from schedule.access import may_close_record
from schedule.models import Change, Session
from schedule.notifications import news
from schedule.planning.changes import changing
from schedule.planning.on_record import cancelled
from schedule.refusal import NotPossible


def close(session: Session, *, by: Membership, now: datetime) -> Change:
    """The session took place: its record is complete, its code ends, and everybody gets the minutes."""
    with transaction.atomic():
        change = _settle(session, by, now, kind=Change.CLOSE, state=Session.HELD, closed_at=now)
        if change.made:
            news.session_closed(session, by=by, now=now)
    return change


def reopen(session: Session, *, by: Membership, now: datetime) -> Change:
    """Something is still to be written down. Who opened it, and when, is kept."""
    with transaction.atomic():
        change = _settle(session, by, now, kind=Change.REOPEN, state=Session.PLANNED, closed_at=None)
        if change.made:
            session.refresh_from_db(fields=["state", "closed_at", "starts_at", "ends_at"])
            news.session_reopened(session, now=now)
    return change


def trace(session: Session) -> list[Change]:
    """When the record of this session was closed and opened again, and by whom, the newest first. One query."""
    made = Change.objects.filter(term=session.term_id, kind__in=Change.FINAL).select_related("by__member")
    return [change for change in made if str(session.pk) in change.rows.get("session", {})]


def _settle(session: Session, by: Membership, now: datetime, *, kind: str, **fields) -> Change:
    if not may_close_record(by, session):
        raise NotPossible(_("Only organizers close a session or open it again."))
    with changing(session.term, by=by, kind=kind, now=now) as change:
        here = Session.objects.get(pk=session.pk)
        if words := cancelled(here, now):
            raise NotPossible(words)
        if here.starts_at > now:
            raise NotPossible(_("This session has not begun yet. It can be closed once it has."))
        if bool(here.closed_at) != bool(fields["closed_at"]):
            Session.objects.filter(pk=session.pk).update(code_key="", **fields)
    return change
