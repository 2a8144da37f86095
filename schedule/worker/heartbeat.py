"""One look at everything that is due, and how long ago the last one was: whoever watches over the server asks here.

A step, a group or a row that raises is left for the next look (members.failures), and all others have their turn.
"""

from datetime import datetime
from functools import partial

from django.db.models import Min

from members import account_notices, audit, cache, failures, form_tokens, limits
from members.models import Group, Invitation
from members.time_zones import find_zone
from schedule.models import Heartbeat, Notification, Term
from schedule.notifications import calendar_cancellations, outbox, reminders
from schedule.notifications.troubles import CALENDAR_CANCELLED, DELIVER, EXPIRE, OLD_ZIPS, REMIND, RESUME, ZONES
from schedule.planning.swaps import offers
from schedule.transfer import bundles


def tick(now: datetime, *, beat: bool = False) -> list[Notification]:
    """What Celery's beat asks for every minute, and cron's `manage.py tick`: any number of them, at any time."""
    failures.attempt(ZONES, partial(_note_unknown_zones, now), now)
    failures.attempt(EXPIRE, partial(offers.expire, now), now)
    failures.attempt(OLD_ZIPS, partial(bundles.forget_old, now), now)
    failures.attempt(RESUME, partial(outbox.requeue, now), now)
    failures.attempt(REMIND, partial(_by_group, REMIND, reminders.queue_due, now), now)
    failures.attempt(
        CALENDAR_CANCELLED, partial(_by_group, CALENDAR_CANCELLED, calendar_cancellations.queue_due, now), now
    )
    settled = failures.attempt(DELIVER, partial(outbox.deliver_due, now), now)
    failures.forget_old(now)
    form_tokens.forget_old(now)
    limits.forget_old(now)
    cache.forget_old(now)
    account_notices.forget_old(now)
    audit.forget_old(now)
    _note(Heartbeat.TICK, now)
    if beat:
        _note(Heartbeat.BEAT, now)
    return settled or []


def _by_group(step, queue_due, now):
    groups = Group.objects.filter(terms__sessions__starts_at__gt=now).order_by("pk").distinct()
    failures.by_group(step, partial(queue_due, now), lambda: groups.values_list("pk", flat=True), now)


def _note_unknown_zones(now):
    """Terms and groups with sessions to come whose zone this server does not know: they go by another clock."""
    ahead = Term.objects.filter(sessions__starts_at__gt=now).order_by()
    zones = ahead.values_list("pk", "group", "timezone", "group__timezone").distinct()
    for term, group, own, its_groups in zones:
        for row, name in ((f"term {term}", own), (f"group {group}", its_groups)):
            if find_zone(name) is None:
                failures.note(ZONES, ValueError(f"{name} is not a known time zone"), now, row=row, group=group)


def _note(name, now):
    if not Heartbeat.objects.filter(name=name).update(at=now):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now)], ignore_conflicts=True)


def report(now: datetime) -> dict:
    """Seconds and counts, nothing about anybody. None where there is nothing to count from."""
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    waiting = Notification.objects.filter(state__in=[Notification.QUEUED, Notification.SENDING], due_at__lte=now)
    return {
        "waiting_notifications": waiting.count(),
        "oldest_due_notification_seconds": _age(waiting.aggregate(at=Min("due_at"))["at"], now),
        "last_tick_seconds": _age(seen.get(Heartbeat.TICK), now),
        "last_beat_seconds": _age(seen.get(Heartbeat.BEAT), now),
        "set_aside_notifications": Notification.objects.filter(
            state__in=[Notification.FAILED, Notification.UNCERTAIN], next_try_at=None, expires_at__gt=now
        ).count(),
        "refused_mails": Notification.objects.refused_to_all().count() + Invitation.objects.refused_to_all(now).count(),
        "failures_last_hour": failures.of_late(now).count(),
    }


def _age(at, now):
    return round((now - at).total_seconds()) if at else None
