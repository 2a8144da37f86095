"""One look at everything that is due, and how long ago the last one was: whoever watches over the server asks here."""

from datetime import datetime, timedelta

from django.db.models import Min

from members.models import Invitation
from schedule import outbox, reminders, swaps
from schedule.calendars import farewells
from schedule.models import Letter
from schedule.records import Pulse
from schedule.takeout import bundles

TICK, BEAT = "tick", "beat"
LATE = timedelta(minutes=10)  # by then every tick and every due letter has had its turn many times


def tick(now: datetime, *, beat: bool = False) -> list[Letter]:
    """What Celery's beat asks for every minute, and cron's `manage.py tick`: any number of them, at any time."""
    _note(TICK, now)
    if beat:
        _note(BEAT, now)
    swaps.expire(now)
    bundles.forget_old(now)
    outbox.requeue(now)
    reminders.queue_due(now)
    farewells.queue_due(now)
    return outbox.deliver_due(now)


def _note(name, now):
    if not Pulse.objects.filter(name=name).update(at=now):
        Pulse.objects.bulk_create([Pulse(name=name, at=now)], ignore_conflicts=True)


def report(now: datetime) -> dict:
    """Seconds and counts, nothing about anybody. None where there is nothing to count from."""
    seen = dict(Pulse.objects.values_list("name", "at"))
    waiting = Letter.objects.filter(state__in=[Letter.QUEUED, Letter.SENDING], due_at__lte=now)
    return {
        "waiting_letters": waiting.count(),
        "oldest_due_letter_seconds": _age(waiting.aggregate(at=Min("due_at"))["at"], now),
        "last_tick_seconds": _age(seen.get(TICK), now),
        "last_beat_seconds": _age(seen.get(BEAT), now),
        "set_aside_letters": Letter.objects.filter(
            state__in=[Letter.FAILED, Letter.UNCERTAIN], next_try_at=None, expires_at__gt=now
        ).count(),
        "refused_mails": Letter.objects.refused_to_all().count() + Invitation.objects.refused_to_all(now).count(),
    }


def standing_still_since(now: datetime) -> datetime | None:
    """When the last look was, if nothing looks for due letters any more."""
    last = Pulse.objects.filter(name=TICK).values_list("at", flat=True).first()
    return last if last and last < now - LATE else None


def _age(at, now):
    return round((now - at).total_seconds()) if at else None
