"""What organizers read about regular work that failed; steps without words are the operator's."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from members import failures
from members.models import Group
from members.records import Failure
from schedule.notifications.outbox import NOTIFICATIONS
from schedule.notifications.timetable import QUIET

EXPIRE, RESUME, REMIND, CALENDAR_CANCELLED, DELIVER, ZONES = (
    "swaps",
    "leases",
    "reminders",
    "calendar_cancellations",
    "delivery",
    "zones",
)
QUESTIONS, NEW_ZIPS, OLD_ZIPS = "swap questions", "new zips", "old zips"
WORDS = {
    ZONES: gettext_noop("A time zone is unknown to this server, so times are on another clock."),
    REMIND: gettext_noop("It could not be worked out which reminders are due."),
    CALENDAR_CANCELLED: gettext_noop("Sessions could not be taken out of the calendars of those who left."),
    QUIET: gettext_noop("The quiet hours could not be read, so notifications go out in them, too."),
    RESUME: gettext_noop("Notifications that were interrupted could not be taken up again."),
    DELIVER: gettext_noop("Notifications could not be sent."),
    NOTIFICATIONS: gettext_noop("A notification could not be written."),
    QUESTIONS: gettext_noop("An open question about a swap could not be read."),
    NEW_ZIPS: gettext_noop("A zip could not be made."),
    OLD_ZIPS: gettext_noop("An old zip could not be deleted."),
}


def of_group(group: Group, now: datetime) -> Iterable[Failure]:
    """Return what failed for this group in the last hour, or for all groups, and concerns its organizers."""
    everybody = Q(group=None, row="")
    return failures.of_late(now).filter(Q(group=group) | everybody, step__in=WORDS)
