"""Who leaves a group takes no session along: each that stands in their calendar as an invitation is taken out by mail.

Derived at every tick from what was handed over, like reminders: nothing is planned, and asking again changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from members.models import Membership
from schedule.models import Notification
from schedule.notifications import reminders
from schedule.notifications.timeline import UNDO, Planned

HANDED_OVER = [Notification.SENT, Notification.UNCERTAIN]  # what a reader has, or may have
TAKES_AWAY = {Notification.CANCELLED, Notification.CALENDAR_CANCELLED}


def queue_due(now: datetime, groups: Iterable[int] | None = None) -> int:
    """A notification for every session to come that somebody who left was last invited to. One query while nobody left.

    `groups` are those it is about; None: all.
    """
    taken_back = _last_invitations(now, groups)
    if not taken_back:
        return 0
    known = Notification.objects.filter(kind=Notification.CALENDAR_CANCELLED, dedupe_key__in=taken_back)
    for row in known.filter(state=Notification.SKIPPED, reason="returned").select_related("session"):
        times = {"due_at": now + UNDO, "expires_at": row.session.starts_at}
        reminders.wake(Notification.objects.filter(pk=row.pk), now=now, **times)
    new = set(taken_back) - set(known.values_list("dedupe_key", flat=True))
    rows = Notification.objects.filter(pk__in=new).exclude(kind__in=TAKES_AWAY).select_related("session", "recipient")
    notifications = [_cancellation(row, now) for row in rows]
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)
    return len(notifications)


def _last_invitations(now, groups) -> list[int]:
    """Of each reader who is gone, the last word to their calendar about each session to come."""
    gone = Notification.objects.filter(recipient__state__in=[Membership.LEFT, Membership.REMOVED], invited=True)
    gone = gone if groups is None else gone.filter(recipient__group__in=groups)
    last = gone.filter(session__starts_at__gt=now, state__in=HANDED_OVER)
    return [row["last"] for row in last.order_by().values("recipient", "session").annotate(last=Max("pk"))]


def _cancellation(invitation, now) -> Notification:
    """`dedupe_key` is the invitation that it takes back: whoever comes again and leaves again hears of it again."""
    session = invitation.session
    planned = Planned(now + UNDO, session.starts_at, Notification.CALENDAR_CANCELLED, session, None, (), invitation.pk)
    return reminders.notification_of(planned, invitation.recipient, now)
