"""One look at everything that is due, and how long ago the last one was: whoever watches over the server asks here.

A step, a group or a row that raises is left for the next look (members.failures), and all others have their turn.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Min, Q
from django.utils.translation import gettext_noop

from members import failures
from members.clocks import find_zone
from members.models import Group, Invitation
from members.records import Failure
from schedule import outbox, reminders, swaps
from schedule.calendars import farewells
from schedule.mail.timetable import QUIET
from schedule.models import Letter, Term
from schedule.records import Pulse
from schedule.takeout import bundles

TICK, BEAT = "tick", "beat"
LATE = timedelta(minutes=10)  # by then every tick and every due letter has had its turn many times
# steps of this look whose own module does not name them
EXPIRE, RESUME, REMIND, FAREWELL, DELIVER, ZONES = "swaps", "leases", "reminders", "farewells", "delivery", "zones"
# what organizers read; steps that are not here are the operator's
IN_WORDS = {
    ZONES: gettext_noop("A time zone is unknown to this server, so times are on another clock."),
    REMIND: gettext_noop("It could not be worked out which reminders are due."),
    FAREWELL: gettext_noop("Sessions could not be taken out of the calendars of those who left."),
    QUIET: gettext_noop("The quiet hours could not be read, so letters go out in them, too."),
    RESUME: gettext_noop("Letters that were interrupted could not be taken up again."),
    DELIVER: gettext_noop("Letters could not be sent."),
    outbox.LETTERS: gettext_noop("A letter could not be written."),
    swaps.QUESTIONS: gettext_noop("An open question about a swap could not be read."),
    bundles.NEW_ZIPS: gettext_noop("A zip could not be made."),
    bundles.OLD_ZIPS: gettext_noop("An old zip could not be deleted."),
}


def tick(now: datetime, *, beat: bool = False) -> list[Letter]:
    """What Celery's beat asks for every minute, and cron's `manage.py tick`: any number of them, at any time."""
    failures.attempt(ZONES, partial(_note_unknown_zones, now), now)
    failures.attempt(EXPIRE, partial(swaps.expire, now), now)
    failures.attempt(bundles.OLD_ZIPS, partial(bundles.forget_old, now), now)
    failures.attempt(RESUME, partial(outbox.requeue, now), now)
    failures.attempt(REMIND, partial(_by_group, REMIND, reminders.queue_due, now), now)
    failures.attempt(FAREWELL, partial(_by_group, FAREWELL, farewells.queue_due, now), now)
    settled = failures.attempt(DELIVER, partial(outbox.deliver_due, now), now)
    failures.forget_old(now)
    _note(TICK, now)
    if beat:
        _note(BEAT, now)
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
        "failures_last_hour": failures.of_late(now).count(),
    }


def standing_still_since(now: datetime) -> datetime | None:
    """When the last look was, if nothing looks for due letters any more."""
    last = Pulse.objects.filter(name=TICK).values_list("at", flat=True).first()
    return last if last and last < now - LATE else None


def troubles(group: Group, now: datetime) -> Iterable[Failure]:
    """Return what failed for this group in the last hour, or for all groups, and concerns its organizers."""
    everybody = Q(group=None, row="")
    return failures.of_late(now).filter(Q(group=group) | everybody, step__in=IN_WORDS)


def _age(at, now):
    return round((now - at).total_seconds()) if at else None
