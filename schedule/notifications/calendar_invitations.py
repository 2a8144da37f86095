"""A session as an invitation inside a letter (RFC 6047), for those who asked for it: calendars that are slow with feeds
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
from schedule.models import Letter, Session

REQUEST, CANCEL = "REQUEST", "CANCEL"
# letters that tell a reader when and where one session is; those of a whole term would be many events in one mail,
# which mail programs do not take
WITH_DATE = {
    Letter.ASSIGNED,
    Letter.RELIEVED,
    Letter.MOVED,
    Letter.PLACE,
    Letter.RESTORED,
    Letter.CANCELLED,
    Letter.PAPERS,
    Letter.TOMORROW,
}
# what a calendar has to hear of a session that stands in it, also when its owner wants no more of them
CHANGES = {Letter.MOVED, Letter.PLACE, Letter.CANCELLED, Letter.RESTORED, Letter.FAREWELL}
TYPE = "text/calendar"


def invitation(letter: Letter, now: datetime) -> tuple[str, str] | None:
    """(text, type) of the part to add to this letter, in the language that is active; None where none is wanted."""
    link = getattr(letter.recipient, "calendar_link", None)
    asked_for = link is not None and link.invites and letter.kind in WITH_DATE
    if not asked_for and not (letter.stands and letter.kind in CHANGES):
        return None
    farewell = letter.kind == Letter.FAREWELL
    method = CANCEL if farewell or letter.session.state == Session.CANCELLED else REQUEST
    alarm = link.alarm if link and method == REQUEST else 0
    entry = calendar_feed.entry_of(letter.session, now, letter.recipient, alarm)
    made = calendar_feed.calendar(str(letter.session.term.group), [entry], method)
    [event] = made.walk("VEVENT")
    # the letter's own moment, so that a second copy is the same to the byte
    event["dtstamp"].dt = max(entry.changed_at, letter.created_at.replace(microsecond=0))
    if farewell:  # the session takes place, only not for this reader
        del event["status"]
    event.add("organizer", _organizer(letter.session.term.group))
    event.add("attendee", _attendee(letter.recipient.member))
    return made.to_ical().decode().replace("\r\n", "\n"), f"{TYPE}; method={method}"


def is_in(message: EmailMultiAlternatives) -> bool:
    """Does this mail change its reader's calendar?"""
    return any(part.mimetype.startswith(TYPE) for part in message.alternatives)


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
