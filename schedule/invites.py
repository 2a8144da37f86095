"""A session as an invitation inside a letter (RFC 6047), for those who asked for it: calendars that are slow with feeds
take it in at once.

The UID is the feed's; a move is the same event with a higher SEQUENCE, a cancelled session takes it away again.
"""

from email.utils import parseaddr

from django.conf import settings
from icalendar import vCalAddress

from members.mail import one_line
from schedule import calendar_feed
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


def invitation(letter: Letter) -> tuple[str, str] | None:
    """(text, type) of the part to add to this letter, in the language that is active; None where none is wanted."""
    link = getattr(letter.recipient, "calendar_link", None)
    if link is None or not link.invites or letter.kind not in WITH_DATE:
        return None
    method = CANCEL if letter.session.state == Session.CANCELLED else REQUEST
    entry = calendar_feed.entry_of(letter.session, letter.recipient, link.alarm)
    made = calendar_feed.calendar(str(letter.session.term.group), [entry], method)
    [event] = made.walk("VEVENT")
    # the letter's own moment, so that a second copy is the same to the byte
    event["dtstamp"].dt = max(entry.changed_at, letter.created_at.replace(microsecond=0))
    event.add("organizer", _organizer(letter.session.term.group))
    event.add("attendee", _attendee(letter.recipient.member))
    return made.to_ical().decode().replace("\r\n", "\n"), f"text/calendar; method={method}"


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
