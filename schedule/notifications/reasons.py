"""Why a letter was not sent, or not yet, in words, and what helps."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from members.templatetags.formatting import clock, moment
from schedule.models import Letter
from schedule.notifications.timetable import Rule, waits_until

# codes of timeline.unwanted and of the outbox
REASONS = {
    "gone": gettext_noop("This person is no longer in the group."),
    "returned": gettext_noop("This person is in the group again."),
    "muted": gettext_noop("This person does not want letters of this kind."),
    "unpublished": gettext_noop("The term is not published."),
    "expired": gettext_noop("By the time it could go out, it was of no use any more."),
    "moved": gettext_noop("The session moved."),
    "cancelled": gettext_noop("The session is cancelled."),
    "restored": gettext_noop("The session takes place after all."),
    "chosen": gettext_noop("A paper was chosen before."),
    "rescheduled": gettext_noop("The times of the letters were changed."),
    "shared": gettext_noop("The paper was shared before."),
    "nothing_shared": gettext_noop("No paper is shared any more."),
    "reassigned": gettext_noop("The turn is somebody else’s now."),
    "answered": gettext_noop("The question was answered, or taken back, before."),
    "reopened": gettext_noop("The record of the session was opened again."),
    "brought_in": gettext_noop("It was due before the group came to this server."),
    "superseded": gettext_noop("A later change took its place."),
}
# why a letter goes out at all
WHY = {
    Letter.CHOOSE: gettext_noop("no paper is chosen yet"),
    Letter.SHARE_SOON: gettext_noop("the paper is not shared yet"),
    Letter.SHARE_TODAY: gettext_noop("the paper is not shared yet"),
    Letter.OVERDUE: gettext_noop("the day to share has passed"),
    Letter.STUCK: gettext_noop("a paper is still missing"),
    Letter.OPEN: gettext_noop("this person is no longer in the group"),
    Letter.PAPERS: gettext_noop("so that everybody has time to read"),
    Letter.LATE: gettext_noop("it came after the others were sent round"),
    Letter.TOMORROW: gettext_noop("so that nobody forgets"),
    Letter.MOVED: gettext_noop("the session moved"),
    Letter.PLACE: gettext_noop("the place changed"),
    Letter.CANCELLED: gettext_noop("the session was cancelled"),
    Letter.RESTORED: gettext_noop("the session was brought back"),
    Letter.ASSIGNED: gettext_noop("the turns changed"),
    Letter.RELIEVED: gettext_noop("the turns changed"),
    Letter.PUBLISHED: gettext_noop("the term was published"),
    Letter.MINUTES: gettext_noop("the session was closed"),
    Letter.FAREWELL: gettext_noop("this person is no longer in the group"),
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
    if kind in {Letter.CHOOSE, Letter.SHARE_SOON}:
        said = ngettext("%(n)s day before the day to share", "%(n)s days before the day to share", rule.days)
    elif kind == Letter.OVERDUE:
        said = ngettext("%(n)s day long after the day to share", "%(n)s days long after the day to share", rule.days)
    elif kind == Letter.STUCK:
        said = ngettext("%(n)s day after the day to share", "%(n)s days after the day to share", rule.days)
    elif kind == Letter.TOMORROW and rule.days:
        said = ngettext("%(n)s day before the session", "%(n)s days before the session", rule.days)
    elif kind == Letter.TOMORROW:
        said = _("on the day of the session")
    elif kind == Letter.PAPERS:
        said = _("on the day to share, or as soon as all papers are there")
    else:
        said = _("on the day to share")
    return said % days


def in_words(letter: Letter, now: datetime) -> str:
    """'' when there is nothing to say: it went out, or goes out in a moment."""
    if letter.state == Letter.UNCERTAIN:
        return f"{_uncertain(letter)} {_next(letter)}"
    if letter.state == Letter.FAILED and letter.reason == "address":
        return _(
            "The mail server does not know the address of %(name)s, so no letter is tried. Ask %(name)s for another one: "
            "what waits then goes out by itself."
        ) % {"name": letter.recipient}
    if letter.state == Letter.FAILED:
        return f"{_answer(letter.reason)} {_next(letter)}"
    if letter.state in {Letter.SKIPPED, Letter.EXPIRED}:
        return _(REASONS.get(letter.reason, REASONS["expired"]))
    if letter.state == Letter.QUEUED and (wakes := waits_until(letter.session, now)):
        return _("It waits until %(clock)s: these are the group’s quiet hours.") % {"clock": clock(localtime(wakes))}
    if letter.state == Letter.QUEUED and letter.reason:
        waits = _("It waits for the mail server, which said: %(words)s") % {"words": letter.reason}
        return f"{waits} {_again(letter)}" if letter.next_try_at else waits
    return ""


def server_words(letter: Letter) -> str:
    """What the mail server itself said of a letter that did not get through; "" where it said nothing."""
    if letter.state not in {Letter.FAILED, Letter.UNCERTAIN} or letter.reason == "stopped":
        return ""
    return letter.recipient.member.refused_words if letter.reason == "address" else letter.reason


def _answer(reason):
    said = reason.lower()
    words = next((words for marks, words in ANSWERS if any(mark in said for mark in marks)), None)
    return _(words) if words else _("The mail server did not take it.")


def _uncertain(letter):
    if letter.reason == "stopped":
        return _("Sending it stopped half way, again and again.")
    return _("It was handed over, but the mail server’s answer was lost: perhaps it arrived.")


def _next(letter):
    tried = (
        ngettext("Tried %(n)s time.", "Tried %(n)s times.", letter.tries) % {"n": letter.tries} if letter.tries else ""
    )
    if letter.next_try_at and letter.state == Letter.UNCERTAIN:
        return (
            f"{tried} {_again(letter, _('The next try is on %(at)s; a second copy would be the same mail.'))}".strip()
        )
    if letter.next_try_at:
        return f"{tried} {_again(letter)}"
    return f"{tried} " + _("It is set aside. Ask %(name)s for another address, or try again.") % {
        "name": letter.recipient
    }


def _again(letter, words=""):
    words = words or _("The next try is on %(at)s.")
    return words % {"at": moment(localtime(letter.next_try_at))}
