"""What each kind of notification says: one short function per kind, in the language that is active.

A notification says what is the case now, what to do about it (one button, which only opens a page), and why one gets it.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.mail import absolute
from schedule.formatting import days_in_words
from schedule.models import Notification
from schedule.notifications.change_wording import NEWS
from schedule.notifications.context import ABSTRACTS, COVERS, TITLES, NotificationContext, Wording


# ── to the presenter, and who may help ───────────────────────────────────────────────────────────
def choose(r: NotificationContext) -> Wording:
    """Some days before the day to share, to whoever has chosen nothing yet."""
    values = {"date": r.meets, "name": r.notification.about, "day": r.share_day}
    return Wording(
        subject=_("%(date)s, %(name)s: which paper will you present?") % values,
        heading=_("%(name)s, which paper will you present?") % values,
        body=[
            _("You present on %(when)s.") % {"when": r.when_and_where},
            _("Look around in good time: the paper itself is shared by %(day)s. The wish-list of the group has ideas.")
            % values,
        ],
        button=_("Choose a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        other=_("You cannot this time? Offer a swap"),
        other_link=r.swap_link,
        why=_("You get this because you present on %(date)s and no paper is chosen yet.") % values,
    )


def share(r: NotificationContext) -> Wording:
    """Before the day to share, on it, and after it: one notification, in the words of the day on which it goes out."""
    near: dict[int | None, tuple[str, str, str]] = {
        1: (
            _("%(date)s, %(name)s: please share your paper tomorrow"),
            _("%(name)s, tomorrow is the day to share your paper"),
            _("Please share it by tomorrow, %(day)s."),
        ),
        0: (
            _("%(date)s, %(name)s: please share your paper today"),
            _("%(name)s, today is the day to share your paper"),
            _("Please share it today, %(day)s."),
        ),
    }
    if r.turn and r.turn.is_short_notice:
        near = {}
    otherwise = _missing(r) if r.days_to_share < 0 else _some_day(r)
    subject, heading, ask = near.get(r.days_to_share_for_all, otherwise)
    values = {
        "date": r.meets,
        "name": r.notification.about,
        "day": r.share_day,
        "days": days_in_words(r.days_to_session),
    }
    because = _("You get this because you present on %(date)s. Had you shared a paper already, it would not have come.")
    return Wording(
        subject=subject % values,
        heading=heading % values,
        body=[
            _("You present on %(when)s.") % {"when": r.when_and_where},
            ask % values + " " + _("A PDF file is enough, or a paper from the library."),
        ],
        button=_("Share a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        other=_("You cannot this time? Offer a swap"),
        other_link=r.swap_link,
        why=because % values,
    )


def _some_day(r):
    return (
        _("%(date)s, %(name)s: please share your paper by %(day)s"),
        _("%(name)s, please share your paper by %(day)s"),
        _("There is time until %(day)s; the earlier it is there, the more the others can read."),
    )


def _missing(r):
    left = _("Shared today, the others still have %(days)s to read it.") if r.days_to_session > 0 else ""
    asked = _("The day to share it was %(day)s.")
    if r.turn and r.turn.is_short_notice:
        asked = _("Please share it as soon as you can.")
    return (
        _("%(date)s, %(name)s: your paper is still missing"),
        _("%(name)s, your paper is not there yet"),
        f"{asked} {left}".strip(),
    )


def stuck(r: NotificationContext) -> Wording:
    values = {"date": r.meets, "name": r.notification.about, "day": r.share_day}
    return Wording(
        subject=_("%(date)s, %(name)s: a presenter may need help") % values,
        heading=_("The paper of %(name)s is not there yet") % values,
        body=[
            _("We meet on %(when)s.") % {"when": r.when_and_where},
            _("The day to share the papers for it: %(day)s.") % values,
            _("Ask how it goes; you can share a paper for this turn, or give it to somebody else."),
        ],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        other=_("Offer a swap for this turn"),
        other_link=r.swap_link,
        why=_("You get this because you organize the group."),
    )


def open_turn(r: NotificationContext) -> Wording:
    """Once, to organizers, when a presenter is gone before the session."""
    values = {"date": r.meets, "name": r.notification.about}
    replan = reverse("schedule:replan", args=[r.session.term.group.slug, r.session.term_id])
    return Wording(
        subject=_("%(date)s: a turn needs somebody, %(name)s is no longer in the group") % values,
        heading=_("The turn on %(date)s needs somebody") % values,
        body=[
            _("We meet on %(when)s.") % {"when": r.when_and_where},
            _("%(name)s was to present there and is no longer in the group.") % values,
            _("Until you give the turn to somebody, nobody presents it, and the others hear nothing of it."),
        ],
        button=_("Give this turn to somebody"),
        link=f"{r.session_link}#presenters",
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        other=_("Give them to others, fairly"),
        other_link=absolute(f"{replan}?how=open"),
        why=_("You get this because you organize the group."),
    )


# ── to everybody ─────────────────────────────────────────────────────────────────────────────────
def papers_shared(r: NotificationContext) -> Wording:
    count = sum(turn.is_shared for turn in r.turns)
    values = {"date": r.meets, "n": count}
    heading = ngettext("%(n)s paper to read for %(date)s", "%(n)s papers to read for %(date)s", count) % values
    return Wording(
        subject=f"{heading}: {r.titles(shared_only=True)}",
        heading=heading,
        body=[_("We meet on %(when)s.") % {"when": r.when_and_where}],
        button=_("Open the session"),
        link=r.session_link,
        papers=ABSTRACTS,
        why=_("You get this because you read along in this group."),
    )


def late_paper(r: NotificationContext) -> Wording:
    """After the others were sent round: this one by itself."""
    paper = r.turn.paper if r.turn and r.turn.is_shared else _("A paper follows")
    values = {"date": r.meets, "name": r.notification.about, "title": paper}
    return Wording(
        subject=_("One more paper to read for %(date)s, by %(name)s: %(title)s") % values,
        heading=_("One more paper to read for %(date)s") % values,
        body=[
            _("We meet on %(when)s. %(name)s presents it.") % {"when": r.when_and_where, "name": r.notification.about}
        ],
        button=_("Open the session"),
        link=r.session_link,
        papers=ABSTRACTS,
        why=_("You get this because you read along in this group."),
    )


def session_tomorrow(r: NotificationContext) -> Wording:
    """Sent late, it says today, or the date; so it does where the reader's calendar shows another day."""
    values = {"date": r.meets, "clock": r.at}
    near: dict[int | None, tuple[str, str]] = {
        0: (_("Today %(clock)s, %(date)s"), _("We meet today, %(clock)s")),
        1: (_("Tomorrow %(clock)s, %(date)s"), _("We meet tomorrow, %(clock)s")),
    }
    subject, heading = near.get(r.days_for_all, ("%(date)s, %(clock)s", _("We meet on %(date)s, %(clock)s")))
    return Wording(
        subject=": ".join(filter(None, [subject % values, r.titles()])),
        heading=heading % values,
        body=[r.when_and_where],
        button=_("Open the session"),
        link=r.session_link,
        papers=COVERS,
        papers_title=_("What is presented"),
        why=_("You get this because you are in this group."),
    )


WORDS = {
    Notification.CHOOSE: choose,
    Notification.SHARE_SOON: share,
    Notification.SHARE_TODAY: share,
    Notification.OVERDUE: share,
    Notification.OVERDUE_ORGANIZER: stuck,
    Notification.OPEN: open_turn,
    Notification.PAPERS: papers_shared,
    Notification.LATE: late_paper,
    Notification.TOMORROW: session_tomorrow,
    **NEWS,
}
