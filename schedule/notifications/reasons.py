"""Why a notification was not sent, or not yet, in words, and what helps."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from members.templatetags.formatting import clock, moment
from schedule.models import Notification
from schedule.notifications.timetable import Rule, waits_until

# codes of timeline.unwanted and of the outbox
REASONS = {
    "gone": gettext_noop("This person is no longer in the group."),
    "returned": gettext_noop("This person is in the group again."),
    "muted": gettext_noop("This person does not want notifications of this kind."),
    "unpublished": gettext_noop("The term is not published."),
    "expired": gettext_noop("By the time it could go out, it was of no use any more."),
    "moved": gettext_noop("The session moved."),
    "cancelled": gettext_noop("The session is cancelled."),
    "restored": gettext_noop("The session takes place after all."),
    "chosen": gettext_noop("A paper was chosen before."),
    "rescheduled": gettext_noop("The times of the notifications were changed."),
    "shared": gettext_noop("The paper was shared before."),
    "nothing_shared": gettext_noop("No paper is shared any more."),
    "reassigned": gettext_noop("The turn is somebody else’s now."),
    "answered": gettext_noop("The question was answered, or taken back, before."),
    "closed": gettext_noop("The session was closed."),
    "reopened": gettext_noop("The record of the session was opened again."),
    "brought_in": gettext_noop("It was due before the group came to this server."),
    "superseded": gettext_noop("A later change took its place."),
}
# why a notification goes out at all
WHY = {
    Notification.CHOOSE: gettext_noop("no paper is chosen yet"),
    Notification.SHARE_SOON: gettext_noop("the paper is not shared yet"),
    Notification.SHARE_TODAY: gettext_noop("the paper is not shared yet"),
    Notification.OVERDUE: gettext_noop("the day to share has passed"),
    Notification.OVERDUE_ORGANIZER: gettext_noop("a paper is still missing"),
    Notification.OPEN: gettext_noop("this person is no longer in the group"),
    Notification.PAPERS: gettext_noop("so that everybody has time to read"),
    Notification.LATE: gettext_noop("it came after the others were sent round"),
    Notification.TOMORROW: gettext_noop("so that nobody forgets"),
    Notification.MOVED: gettext_noop("the session moved"),
    Notification.PLACE: gettext_noop("the place changed"),
    Notification.CANCELLED: gettext_noop("the session was cancelled"),
    Notification.RESTORED: gettext_noop("the session was brought back"),
    Notification.ASSIGNED: gettext_noop("the turns changed"),
    Notification.RELIEVED: gettext_noop("the turns changed"),
    Notification.PUBLISHED: gettext_noop("the term was published"),
    Notification.MINUTES: gettext_noop("the session was closed"),
    Notification.CALENDAR_CANCELLED: gettext_noop("this person is no longer in the group"),
}
# what the answers of mail servers mean, by the first of these marks they contain
ANSWERS = (
    (("5.2.2", "552", "quota", "full"), gettext_noop("The mailbox is full.")),
    (("5.1.1", "5.1.0", "5.1.10", "no such", "unknown", "not found"), gettext_noop("The mail server does not know this address.")),
    (("450", "451", "452", "4.2", "4.7"), gettext_noop("The mail server asked us to come back later.")),
)  # fmt: skip


def when_in_words(kind: str, rule: Rule) -> str:
    """'2 days after the day to share'."""
    days = {"n": rule.days}
    if kind in {Notification.CHOOSE, Notification.SHARE_SOON}:
        said = ngettext("%(n)s day before the day to share", "%(n)s days before the day to share", rule.days)
    elif kind == Notification.OVERDUE:
        said = ngettext("%(n)s day long after the day to share", "%(n)s days long after the day to share", rule.days)
    elif kind == Notification.OVERDUE_ORGANIZER:
        said = ngettext("%(n)s day after the day to share", "%(n)s days after the day to share", rule.days)
    elif kind == Notification.TOMORROW and rule.days:
        said = ngettext("%(n)s day before the session", "%(n)s days before the session", rule.days)
    elif kind == Notification.TOMORROW:
        said = _("on the day of the session")
    elif kind == Notification.PAPERS:
        said = _("on the day to share, or as soon as all papers are there")
    else:
        said = _("on the day to share")
    return said % days


def in_words(notification: Notification, now: datetime) -> str:
    """'' when there is nothing to say: it went out, or goes out in a moment."""
    if notification.state == Notification.UNCERTAIN:
        return f"{_uncertain(notification)} {_next(notification)}"
    if notification.state == Notification.FAILED and notification.reason == "address":
        return _(
            "The mail server does not know the address of %(name)s, so no notification is tried. Ask %(name)s for another one: "
            "what waits then goes out by itself."
        ) % {"name": notification.recipient}
    if notification.state == Notification.FAILED:
        return f"{_answer(notification.reason)} {_next(notification)}"
    if notification.state in {Notification.SKIPPED, Notification.EXPIRED}:
        return _(REASONS.get(notification.reason, REASONS["expired"]))
    if notification.state == Notification.QUEUED and (wakes := waits_until(notification.session, now)):
        return _("It waits until %(clock)s: these are the group’s quiet hours.") % {"clock": clock(localtime(wakes))}
    if notification.state == Notification.QUEUED and notification.reason:
        waits = _("It waits for the mail server, which said: %(words)s") % {"words": notification.reason}
        return f"{waits} {_again(notification)}" if notification.next_try_at else waits
    return ""


def server_words(notification: Notification) -> str:
    """What the mail server itself said of a notification that did not get through; "" where it said nothing."""
    if notification.state not in {Notification.FAILED, Notification.UNCERTAIN} or notification.reason == "stopped":
        return ""
    return notification.recipient.member.refused_words if notification.reason == "address" else notification.reason


def _answer(reason):
    said = reason.lower()
    words = next((words for marks, words in ANSWERS if any(mark in said for mark in marks)), None)
    return _(words) if words else _("The mail server did not take it.")


def _uncertain(notification):
    if notification.reason == "stopped":
        return _("Sending it stopped half way, again and again.")
    return _("It was handed over, but the mail server’s answer was lost: perhaps it arrived.")


def _next(notification):
    tried = (
        ngettext("Tried %(n)s time.", "Tried %(n)s times.", notification.tries) % {"n": notification.tries}
        if notification.tries
        else ""
    )
    if notification.next_try_at and notification.state == Notification.UNCERTAIN:
        return f"{tried} {_again(notification, _('The next try is on %(at)s; a second copy would be the same mail.'))}".strip()
    if notification.next_try_at:
        return f"{tried} {_again(notification)}"
    return f"{tried} " + _("It is set aside. Ask %(name)s for another address, or try again.") % {
        "name": notification.recipient
    }


def _again(notification, words=""):
    words = words or _("The next try is on %(at)s.")
    return words % {"at": moment(localtime(notification.next_try_at))}
