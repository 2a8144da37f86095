"""What goes to whom about one session, when, and why: the notifications that went out, and those that will."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from members.models import Membership
from schedule.access import may_read_all_notifications
from schedule.models import Notification, Session
from schedule.notifications import reminders
from schedule.notifications.reasons import WHY

TONES = {Notification.SENT: "ok", Notification.FAILED: "late", Notification.UNCERTAIN: "warn"}
UNSEEN = {
    Notification.SKIPPED,
    Notification.EXPIRED,
}  # they stand, with their reasons, on the page of all notifications


@dataclass(frozen=True)
class SessionNotification:
    when: datetime  # where the group meets
    label: str
    why: str
    readers: list[Membership]
    tone: str
    state: str


def session_notifications(session: Session, me: Membership, now: datetime) -> list[SessionNotification]:
    """In order. Organizers see every notification, members what they themselves got and will get. Six queries."""
    asked = session.notifications.select_related("recipient__member", "about__member").order_by("due_at", "pk")
    rows = list(asked.only(*reminders.ROW, "recipient__member", "about__member", "recipient__colour"))
    lines = [*_written(row for row in rows if row.state not in UNSEEN), *_planned(session, rows, now)]
    everything = may_read_all_notifications(me)
    mine = [line for line in _together(lines) if everything or me in line.readers]
    return sorted(mine, key=lambda line: line.when)


def _together(lines) -> list[SessionNotification]:
    """What says the same at the same time, each to its own presenter, is one line."""
    found: dict[tuple, SessionNotification] = {}
    for line in lines:
        key = (line.when, line.label, line.why, line.tone, line.state)
        if key in found:
            found[key].readers.extend(reader for reader in line.readers if reader not in found[key].readers)
        else:
            found[key] = line
    return list(found.values())


def _written(rows):
    """Notifications that say the same and fared the same are one line."""
    together: dict[tuple, list[Notification]] = {}
    for row in rows:
        together.setdefault((row.kind, row.about_id, row.dedupe_key, row.starts_at, row.state), []).append(row)
    for same in together.values():
        row = same[0]
        at = (row.settled_at or row.due_at).astimezone(row.session.zone)
        readers = [one.recipient for one in same]
        yield SessionNotification(
            at, row.get_kind_display(), _why(row.kind), readers, TONES.get(row.state, "info"), row.get_state_display()
        )


def _planned(session: Session, rows, now: datetime):
    for one in reminders.about(session, rows, now):
        yield SessionNotification(one.when, one.label, _why(one.kind), list(one.recipients), "", _("planned"))


def _why(kind: str):
    return _(WHY[kind]) if kind in WHY else ""
