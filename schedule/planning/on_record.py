"""Which sessions have a record already: these stay on their day, and may be brought back once their time has passed."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from schedule.models import AttendanceRecord, Photo, Presentation, Session
from schedule.refusal import NotPossible

ON_RECORD = gettext_noop(
    "Who came, or a photo, is on record already, so this session stays on its day. Cancel it if it does not take place."
)


def recorded(sessions: Collection[int]) -> set[int]:
    """Return those of these sessions in which somebody was marked or a photo was added. Two queries."""
    rows = (
        model.objects.filter(session__in=sessions).values_list("session", flat=True)
        for model in (AttendanceRecord, Photo)
    )
    return {pk for found in rows for pk in found}


def has_record(session: Session) -> bool:
    """Return whether something of it is on record: minutes, somebody who was marked, a photo. Three queries at most."""
    minuted = session.presentations.exclude(minutes="")
    return bool(session.notes) or minuted.exists() or bool(recorded([session.pk]))


def can_come_back(session: Session, now: datetime) -> bool:
    """Return whether a cancelled session can be brought back: before its end, and afterwards where it has a record."""
    return session.state == Session.CANCELLED and (not session.is_over(now) or has_record(session))


def cancelled(session: Session, now: datetime) -> str:
    """Return in words that it is cancelled, and whether that can be changed; "" where it is not cancelled."""
    if session.state != Session.CANCELLED:
        return ""
    if can_come_back(session, now):
        return _("This session is cancelled. An organizer can bring it back.")
    return _("This session is cancelled, and its time has passed.")


def delete_turns(turns: QuerySet[Presentation]) -> None:
    """Delete these turns. Raises NotPossible where minutes are written about one of them: they would go with it."""
    minuted = turns.exclude(minutes="").select_related("presenter__member").first()
    if minuted:
        raise NotPossible(in_use(minuted))
    turns.delete()


def in_use(turn: Presentation) -> str:
    """Return in words why a turn with minutes stays where it is, and the way out."""
    words = _("Minutes are written about the turn of %(name)s, so it stays. Move them elsewhere and empty them first.")
    return words % {"name": turn.presenter}
