"""A session as an invitation inside a notification (RFC 6047), for those who asked for it: calendars that are slow with feeds
take it in at once.

The UID is the feed's; a move is the same event with a higher SEQUENCE, a cancelled session takes it away again.
"""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from icalendar import vCalAddress

from members.mail import one_line
from schedule.calendars import calendar_feed
from schedule.models import Notification, Session

REQUEST, CANCEL = "REQUEST", "CANCEL"
# notifications that tell a reader when and where one session is; those of a whole term would be many events in one mail,
# which mail programs do not take
WITH_DATE = {
    Notification.ASSIGNED,
    Notification.RELIEVED,
    Notification.MOVED,
    Notification.PLACE,
    Notification.RESTORED,
    Notification.CANCELLED,
    Notification.PAPERS,
    Notification.TOMORROW,
}
# what a calendar has to hear of a session that stands in it, also when its owner wants no more of them
CHANGES = {
    Notification.MOVED,
    Notification.PLACE,
    Notification.CANCELLED,
    Notification.RESTORED,
    Notification.CALENDAR_CANCELLED,
}
TYPE = "text/calendar"


def invitation(notification: Notification, now: datetime) -> tuple[str, str] | None:
    """(text, type) of the part to add to this notification, in the language that is active; None where none is wanted."""
    link = getattr(notification.recipient, "calendar_link", None)
    asked_for = link is not None and link.invites and notification.kind in WITH_DATE
    if not asked_for and not (notification.in_calendar and notification.kind in CHANGES):
        return None
    calendar_cancelled = notification.kind == Notification.CALENDAR_CANCELLED
    method = CANCEL if calendar_cancelled or notification.session.state == Session.CANCELLED else REQUEST
    alarm = link.alarm if link and method == REQUEST else 0
    entry = calendar_feed.entry_of(notification.session, now, notification.recipient, alarm)
    made = calendar_feed.calendar(str(notification.session.term.group), [entry], method)
    [event] = made.walk("VEVENT")
    # the notification's own moment, so that a second copy is the same to the byte
    event.DTSTAMP = max(entry.changed_at, notification.created_at.replace(microsecond=0))
    if calendar_cancelled:  # the session takes place, only not for this reader
        del event["status"]
    event.add("organizer", _organizer(notification.session.term.group))
    event.add("attendee", _attendee(notification.recipient.member))
    return made.to_ical().decode().replace("\r\n", "\n"), f"{TYPE}; method={method}"


def is_in(message: EmailMultiAlternatives) -> bool:
    """Does this mail change its reader's calendar?"""
    return any(mimetype.startswith(TYPE) for _content, mimetype in message.alternatives)


def _organizer(group) -> vCalAddress:
    return _person(group, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _attendee(member) -> vCalAddress:
    """Nobody reads answers at the server's address, so none is asked for."""
    made = _person(member, member.email)
    made.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    return made


def _person(who, email) -> vCalAddress:
    made = vCalAddress(f"mailto:{email}")
    made.params["CN"] = one_line(who).replace('"', "'")
    return made
